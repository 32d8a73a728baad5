/**
 * Starling: chat without a server. As a program it is a peer for a person or a pipe; as a
 * library it gives programs the same peer.
 *
 * @example Somebody alone says something and reads it again.
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * await using chat = await openChat({ ephemeral: true, name: "ann", listen: false });
 * const id = await chat.say("lobby", "hello");
 * assertEquals(chat.timeline("lobby").posts.map((post) => [post.id, post.text]), [[id, "hello"]]);
 * ```
 *
 * @module
 */

import { DataError } from "./io/data_error.ts";
import type { Identity } from "./io/identity.ts";
import { startChat } from "./io/open_chat.ts";
import { ChatError } from "./peer/errors.ts";
import type { Options } from "./ui/options.ts";
import type { Terminal } from "./ui/terminal.ts";

export { type ChatOptions, openChat } from "./io/open_chat.ts";
export { DataError, type DataErrorCode } from "./io/data_error.ts";
export type { BoundKey, Identity } from "./io/identity.ts";
export type { StoreErrorCode } from "./io/store/store_error.ts";
export type { Acquaintance, Chat, PostInfo, TimelinePage } from "./peer/chat.ts";
export { ChatError, type ErrorCode } from "./peer/errors.ts";
export type {
  Notice,
  NoticeCode,
  PeerState,
  Person,
  RoomName,
  RoomSummary,
  ShownPost,
} from "./peer/notice.ts";
export type { KeyPair } from "./wire/crypto_suite.ts";
export type { Id, LogId, PeerId, PostId, RoomId } from "./wire/ids.ts";
export { defaultLimits, type Limits } from "./wire/limits.ts";
export type { LogicalTime } from "./wire/post.ts";

/** Runs the program; resolves with its exit code, of which ui/run_face.ts has the list. */
async function main(args: readonly string[]): Promise<number> {
  const { parseArguments } = await import("./ui/arguments.ts");
  const invocation = await parseArguments(args);
  if (invocation.type === "print") return tell(Deno.stdout, invocation.text, 0);
  if (invocation.type === "refuse") return tell(Deno.stderr, `${invocation.message}\n`, 2);
  try {
    const { denoTerminal } = await import("./ui/terminal.ts");
    return await run(invocation.options, denoTerminal());
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error.name === "UsageError") return tell(Deno.stderr, `${error.message}\n`, 2);
    const expected = error instanceof ChatError || error instanceof DataError;
    return tell(Deno.stderr, `${expected ? error.message : error.stack}\n`, 1);
  }
}

function tell(stream: typeof Deno.stdout, text: string, code: number): number {
  stream.writeSync(new TextEncoder().encode(text));
  return code;
}

/** Opens the chat that the options ask for and shows it until it is left. */
async function run(options: Options, terminal: Terminal): Promise<number> {
  const { catalogueOf } = await import("./ui/catalogue.ts");
  const words = catalogueOf("en");
  if (options.exportIdentity !== null) {
    await moveIdentity(options, terminal);
    return tell(Deno.stdout, `${words.identityExported(options.exportIdentity)}\n`, 0);
  }
  const identity = options.importIdentity === null
    ? undefined
    : await moveIdentity(options, terminal);
  const { openDiagnostics } = await import("./io/diagnostics.ts");
  const ask = await import("./ui/ask.ts");
  const isPerson = terminal.stdinIsTerminal && terminal.stdoutIsTerminal && options.ui !== "json";
  const typed = options.peerFromStdin ? [await ask.readPeer(terminal)] : [];
  const { chat, imported, ...start } = await startChat({
    data: options.data ?? undefined,
    profile: options.profile ?? undefined,
    ephemeral: options.ephemeral,
    name: options.name ?? undefined,
    askName: isPerson ? (suggestion) => ask.askName(terminal, suggestion) : undefined,
    listen: options.listen === null ? false : {
      host: options.listen.host ?? undefined,
      port: options.listen.exact ? options.listen.port : null,
    },
    peers: [...options.peers, ...typed],
    rooms: options.rooms,
    import: options.import ?? undefined,
    identity,
    limits: options.limits,
    log: openDiagnostics(options.log),
  });
  const { findSurroundings, startLines } = await import("./ui/first_start.ts");
  const { runFace } = await import("./ui/run_face.ts");
  const rooms = chat.rooms().map(({ room }) => room);
  const surroundings = await findSurroundings();
  const { me, name, listen: addresses } = chat;
  const welcome = startLines({
    ...start,
    first: start.fresh,
    name,
    me,
    addresses,
    rooms,
    surroundings,
  });
  if (identity !== undefined) welcome.unshift(words.identityImported(name, me.slice(0, 4)));
  if (imported !== null) {
    welcome.push(words.imported(imported.added, imported.known, options.import ?? ""));
  }
  return await runFace(chat, options, terminal, welcome);
}

/** Writes or reads the identity file that `options` name, under a passphrase that is asked for. */
async function moveIdentity(options: Options, terminal: Terminal): Promise<Identity> {
  const { askPassphrase } = await import("./ui/ask.ts");
  const { readIdentity, writeIdentity } = await import("./io/identity_move.ts");
  const passphrase = await askPassphrase(terminal, options.exportIdentity !== null);
  return options.exportIdentity !== null
    ? writeIdentity(options.exportIdentity, options, passphrase)
    : readIdentity(options.importIdentity ?? "", passphrase);
}

if (import.meta.main) Deno.exit(await main(Deno.args));
