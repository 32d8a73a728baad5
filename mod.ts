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

import "./io/peer_modules.ts";
import type { StartedChat } from "./io/chat_options.ts";
import { DataError } from "./io/data_error.ts";
import { openDiagnostics } from "./io/diagnostics.ts";
import { systemWords } from "./io/file_error.ts";
import type { Identity } from "./io/identity.ts";
import { startChat } from "./io/open_chat.ts";
import type { Chat as ChatFace } from "./peer/chat.ts";
import { ChatError } from "./peer/errors.ts";
import type { Catalogue } from "./ui/catalogue.ts";
import type { Options } from "./ui/options.ts";
import type { Preferences } from "./ui/preferences.ts";
import type { Terminal } from "./ui/terminal.ts";

export type { ChatOptions } from "./io/chat_options.ts";
export { openChat } from "./io/open_chat.ts";
export { DataError, type DataErrorCode } from "./io/data_error.ts";
export type { BoundKey, Identity } from "./io/identity.ts";
export type { StoreErrorCode } from "./io/store/store_error.ts";
export type {
  Acquaintance,
  Chat,
  FoundPage,
  Imported,
  PostInfo,
  TimelinePage,
} from "./peer/chat.ts";
export { ChatError, type ErrorCode } from "./peer/errors.ts";
export type { InviteEnd, InviteFailure, InviteInfo } from "./peer/invites.ts";
export type { DropReason, NetReport, RoomNet } from "./peer/net_report.ts";
export type {
  NamedPeer,
  OpenRoom,
  PeerState,
  Person,
  RoomAct,
  RoomStanding,
  RoomSummary,
} from "./peer/listing.ts";
export type {
  ActOnPerson,
  DeliveryState,
  MessageRequest,
  Notice,
  NoticeCode,
  RoomName,
  ShownPost,
  UndeliveredReason,
} from "./peer/notice.ts";
export type { KeyPair } from "./wire/crypto_suite.ts";
export type { Id, LogId, PeerId, PostId, RoomId } from "./wire/ids.ts";
export {
  defaultLimits,
  type GossipLimits,
  type HistoryLimits,
  type Limits,
  type LinkLimits,
  type MachineLimits,
  type PeopleLimits,
  type RoomLimits,
  type WireLimits,
} from "./wire/limits.ts";
export type { InviteRefusal } from "./wire/message.ts";
export type { LogicalTime } from "./wire/post.ts";

/** Runs the program; resolves with its exit code, of which ui/run_face.ts has the list. */
async function main(args: readonly string[]): Promise<number> {
  const {
    denoTerminal,
    environmentVariable: variable,
    errorText,
    loadCatalogues,
    parseArguments,
    Preferences,
  } = await import("./ui/program.ts");
  const invocation = await parseArguments(args);
  if (invocation.type === "print") return tell(Deno.stdout, invocation.text, 0);
  if (invocation.type === "refuse") return tell(Deno.stderr, `${invocation.message}\n`, 2);
  const surroundings = { variable, language: navigator.language };
  const preferences = new Preferences(invocation.options, surroundings);
  await loadCatalogues(preferences.get("lang"));
  try {
    return await run(invocation.options, preferences, await denoTerminal());
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error.name === "UsageError") return tell(Deno.stderr, `${error.message}\n`, 2);
    if (!(error instanceof ChatError || error instanceof DataError)) {
      return tell(Deno.stderr, `${error.stack}\n`, 1);
    }
    const { inertLine } = await import("./ui/sanitize.ts");
    // Paths stand in it as they were typed.
    const line = inertLine(errorText(error, preferences.words.catalogue));
    return tell(Deno.stderr, `${line}\n`, 1);
  }
}

/** Writes all of a text and gives `code`, or 1 if it could not; nobody reading is no failure. */
async function tell(stream: typeof Deno.stdout, text: string, code: number): Promise<number> {
  const bytes = new TextEncoder().encode(text);
  try {
    for (let written = 0; written < bytes.length;) {
      written += stream.writeSync(bytes.subarray(written));
    }
    return code;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error instanceof Deno.errors.BrokenPipe) return code;
    // Without a standard error there is nobody left to tell.
    if (stream === Deno.stderr) return 1;
    const { catalogueOf, environmentLanguage, loadCatalogues } = await import("./ui/program.ts");
    await loadCatalogues(environmentLanguage());
    const catalogue = catalogueOf(environmentLanguage());
    return tell(
      Deno.stderr,
      `${catalogue.outputFailed(catalogue.reason(systemWords(error)))}\n`,
      1,
    );
  }
}

/** Opens the chat that the options ask for and shows it until it is left. */
async function run(
  given: Options,
  preferences: Preferences,
  terminal: Terminal,
): Promise<number> {
  const { catalogue } = preferences.words;
  let options = given;
  if (options.exportIdentity !== null) {
    const line = await exportTo(options.exportIdentity, options, terminal, catalogue);
    return tell(Deno.stdout, `${line}\n`, 0);
  }
  if (options.ui === "full" && terminal.screen === null) {
    return tell(Deno.stderr, `${catalogue.fullNeedsTerminal}\n`, 2);
  }
  const identity = options.importIdentity === null
    ? undefined
    : await importFrom(options.importIdentity, terminal, catalogue);
  const { isFullScreen, loadCatalogues, runFace } = await import("./ui/program.ts");
  const isPerson = terminal.stdinIsTerminal && terminal.stdoutIsTerminal && options.ui !== "json";
  // Loaded when there is something to ask.
  const ask = () => import("./ui/ask.ts");
  if (options.peerFromStdin) {
    const typed = await (await ask()).readPeer(terminal, catalogue);
    const { withPeer } = await import("./ui/options.ts");
    options = await withPeer(options, typed);
  }
  // Whom nobody has named yet the page asks for name and room, and nothing is said before.
  const mayAskOnPage = options.web !== null && options.name === null && options.ui !== "json";
  const { chat, imported, ...start } = await startChat({
    data: options.data ?? undefined,
    profile: options.profile ?? undefined,
    ephemeral: options.ephemeral,
    name: options.name ?? undefined,
    askName: isPerson && !mayAskOnPage
      ? async (suggestion) => (await ask()).askName(terminal, catalogue, suggestion)
      : undefined,
    listen: options.listen === null ? false : {
      host: options.listen.host ?? undefined,
      port: options.listen.exact ? options.listen.port : null,
    },
    lan: options.lan,
    peers: options.peers,
    rooms: mayAskOnPage ? [] : options.rooms,
    import: options.import ?? undefined,
    identity,
    // From a pipe only where it was said that the first line is one.
    passphrase: terminal.stdinIsTerminal || options.passphrase !== null
      ? async (which) => (await ask()).askPassphrase(terminal, catalogue, which)
      : undefined,
    protect: options.passphrase ?? undefined,
    limits: options.limits,
    // A screen that is drawn upon must not be written to by anybody else.
    log: options.log === null && isFullScreen(options, terminal)
      ? () => {}
      : openDiagnostics(options.log),
  });
  preferences.load((key) => chat.setting(`set.${key}`));
  await loadCatalogues(preferences.get("lang"));
  const { catalogue: chosen } = preferences.words;
  // A program reads no welcome.
  const welcome = options.ui === "json" ? [] : await welcomeTo(chat, start, chosen);
  if (start.protection !== null) welcome.push(chosen.passphraseNow[start.protection]);
  if (options.lan) welcome.push(chosen.onLan);
  if (options.importIdentity !== null) {
    welcome.unshift(chosen.identityImported(options.importIdentity));
  }
  if (imported !== null) {
    welcome.push(chosen.imported(imported.added, imported.known, options.import ?? ""));
    if (imported.refused > 0) welcome.push(chosen.importRefused(imported.refused));
  }
  if (options.web === null) return await runFace(chat, options, terminal, preferences, welcome);
  const unnamed = mayAskOnPage && start.fresh;
  const page = await servePage(chat, start.serves, options, catalogue, unnamed);
  welcome.push(catalogue.pageAt(page.link), ...page.problems);
  try {
    const rooms = unnamed ? [] : options.rooms;
    const chosen = { ...options, rooms };
    return await runFace(chat, chosen, terminal, preferences, welcome, page.link);
  } finally {
    await page.close();
  }
}

/** The lines that begin a start. */
async function welcomeTo(
  chat: ChatFace,
  start: Pick<StartedChat, "profile" | "fresh" | "lacksModes">,
  catalogue: Catalogue,
): Promise<string[]> {
  const { findSurroundings, startLines } = await import("./ui/first_start.ts");
  const rooms = chat.rooms().filter(({ kind }) => kind === "public").map(({ room }) => room);
  const surroundings = await findSurroundings();
  const { me, name, listen: addresses } = chat;
  const [room] = rooms;
  const invite = start.fresh && addresses.length > 0 && room !== undefined
    ? await chat.invite(room)
    : null;
  const facts = { ...start, first: start.fresh, name, me, addresses, invite, rooms, surroundings };
  return startLines(facts, catalogue);
}

/** A page that is served. */
interface Page {
  readonly link: string;
  /** What a person should know of it. */
  readonly problems: readonly string[];
  close(): Promise<void>;
}

/** Serves the page; joins the server of io to the sessions of ui. */
async function servePage(
  chat: ChatFace,
  serves: (port: number) => void,
  { web, webOpen, log }: Options,
  catalogue: Catalogue,
  unnamed: boolean,
): Promise<Page> {
  const { PageServer } = await import("./io/web/page_server.ts");
  const { pageLimits } = await import("./io/web/page_limits.ts");
  const { PageToken } = await import("./io/web/page_token.ts");
  const { loadCatalogues } = await import("./ui/program.ts");
  // Each page says which it wants.
  await loadCatalogues();
  const { pageFiles } = await import("./ui/web/page_files.ts");
  const { PageHub } = await import("./ui/web/page_hub.ts");
  const onFault = (error: unknown) => {
    throw error;
  };
  const server: InstanceType<typeof PageServer> = new PageServer({
    token: new PageToken(),
    files: pageFiles,
    limits: pageLimits,
    opened: (socket) => hub.attach(socket),
    log: openDiagnostics(log),
  });
  try {
    server.listen(web?.port ?? null);
  } catch (error) {
    await chat.close();
    throw error;
  }
  serves(server.port);
  const { link } = server;
  const hub = new PageHub({ chat, language: catalogue.language, unnamed, link, onFault });
  const running = hub.run();
  const problems: string[] = [];
  let forgetBrowser = () => {};
  if (webOpen) {
    const { openBrowser } = await import("./io/web/open_browser.ts");
    const { reason, forget } = await openBrowser(link);
    forgetBrowser = forget;
    if (reason !== null) problems.push(catalogue.browserFailed(reason));
  }
  return {
    link,
    problems,
    close: async () => {
      forgetBrowser();
      await running;
      await server.close();
    },
  };
}

/** Writes an identity of this machine to a file; resolves with the line that says whose. */
async function exportTo(
  path: string,
  options: Options,
  terminal: Terminal,
  catalogue: Catalogue,
): Promise<string> {
  const { askPassphrase } = await import("./ui/ask.ts");
  const { findIdentity, protectedFile, writeIdentity } = await import("./io/identity_move.ts");
  const { keyTag } = await import("./ui/names.ts");
  const { inertLine } = await import("./ui/sanitize.ts");
  const { identity, name, profile } = await findIdentity(
    options,
    protectedFile(options) === null
      ? undefined
      : await askPassphrase(terminal, catalogue, "present"),
  );
  writeIdentity(path, identity, await askPassphrase(terminal, catalogue, "new"));
  return inertLine(catalogue.identityExported(path, name, profile, keyTag(identity.peer)));
}

/** Reads an exported identity, under a passphrase that is asked for. */
async function importFrom(
  path: string,
  terminal: Terminal,
  catalogue: Catalogue,
): Promise<Identity> {
  const { askPassphrase } = await import("./ui/ask.ts");
  const { readIdentity } = await import("./io/identity_move.ts");
  return await readIdentity(path, await askPassphrase(terminal, catalogue, "present"));
}

if (import.meta.main) Deno.exit(await main(Deno.args));
