/**
 * Opens one peer: its data folder, under a passphrase if need be, its name, its parts
 * (assemble_chat.ts), then its port and rooms, and dials at last.
 */

import type { Chat } from "../peer/chat.ts";
import { ChatError } from "../peer/errors.ts";
import { refusal } from "../peer/refusal.ts";
import { defaultLimits, type Limits } from "../wire/limits.ts";
import { checkName } from "../wire/text.ts";
import { assemble } from "./assemble_chat.ts";
import type { ChatHandle } from "./chat_handle.ts";
import type { ChatOptions, StartedChat } from "./chat_options.ts";
import { nodeCrypto } from "./crypto.ts";
import { type DataFolder, takeData, type TakenData } from "./data_folder.ts";
import { loginName } from "./login_name.ts";
import type { NoticeStream } from "./notice_stream.ts";

/**
 * Opens a chat: one peer with its identity, history, listener and dials.
 *
 * Its notices wait for one reader at a time. A reader that is slow is waited for: when 1,024
 * notices wait (`limits.noticesMax`), nothing more is read from the network until it has
 * caught up. While nobody reads, only the newest 1,024 are kept.
 *
 * @param options All have defaults.
 * @returns The running peer, its rooms open and its dials begun.
 * @throws {ChatError} For a room or address that cannot be, a port that is taken (`port-taken`)
 * or an import that is damaged (`file`).
 * @throws {DataError} If the data folder cannot be used; its message says why and what to do.
 *
 * @example Two peers of one program talk.
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const local = { host: "127.0.0.1", port: 0 };
 * await using ann = await openChat({ ephemeral: true, name: "ann", listen: local });
 * await using bo = await openChat({
 *   ephemeral: true,
 *   name: "bo",
 *   listen: false,
 *   peers: ann.listen,
 * });
 * await ann.say("lobby", "hello");
 * for await (const notice of bo.notices) {
 *   if (notice.type !== "message") continue;
 *   assertEquals([notice.post.name, notice.post.text], ["ann", "hello"]);
 *   break;
 * }
 * ```
 */
export async function openChat(options: ChatOptions = {}): Promise<Chat> {
  return (await startChat(options)).chat;
}

/**
 * Opens a chat like {@linkcode openChat} and tells more of it.
 *
 * @param options All have defaults.
 * @throws {ChatError} As for `openChat`.
 * @throws {DataError} As for `openChat`.
 */
export async function startChat(options: ChatOptions = {}): Promise<StartedChat> {
  const limits: Limits = { ...defaultLimits, ...options.limits };
  const crypto = nodeCrypto();
  const { data: dir, profile, ephemeral, name, identity } = options;
  if (name !== undefined) requireName(name);
  const taken = takeData({ dir, profile, ephemeral, name, identity }, crypto, limits);
  const { data, protection } = await openProtected(taken, options);
  let chat: ChatHandle;
  try {
    chat = await assemble(data, await nameFor(data, options), options, limits);
  } catch (error) {
    data.close();
    throw error;
  }
  try {
    const imported = await begin(chat, data, options);
    return {
      chat,
      profile: data.profile,
      fresh: data.fresh,
      lacksModes: data.lacksModes,
      serves: (port) => chat.parts.listening.serves(port),
      protection,
      imported,
    };
  } catch (error) {
    await chat.close();
    throw error;
  }
}

/** Opens what is taken, with passphrases as they are needed; none is asked for in vain. */
async function openProtected(
  taken: TakenData,
  { passphrase: ask, protect }: ChatOptions,
): Promise<{ readonly data: DataFolder; readonly protection: StartedChat["protection"] }> {
  const { protectedFile, freshFile } = taken;
  const wants = protect === "protect" || protect === "change";
  let present: string | undefined, fresh: string | undefined;
  try {
    if (protectedFile !== null) present = await ask?.("present", protectedFile);
    if (freshFile !== null && wants) fresh = await ask?.("new", freshFile);
  } catch (error) {
    taken.release();
    throw error;
  }
  const data = await taken.open({ present, fresh });
  try {
    if (fresh !== undefined) return { data, protection: "protected" };
    if (protectedFile !== null && protect === "remove") {
      data.protect(null);
      return { data, protection: "removed" };
    }
    const path = data.folder;
    const changes = protectedFile === null ? wants : protect === "change";
    const other = changes && path !== null ? await ask?.("new", path) : undefined;
    if (other === undefined) return { data, protection: null };
    data.protect(other);
    return { data, protection: protectedFile === null ? "protected" : "changed" };
  } catch (error) {
    data.close();
    throw error;
  }
}

async function nameFor(data: DataFolder, options: ChatOptions): Promise<string> {
  if (data.name !== null) return data.name;
  const suggestion = loginName();
  const name = await options.askName?.(suggestion) ?? suggestion;
  requireName(name);
  data.rememberName(name);
  return name;
}

function requireName(name: string): void {
  const problem = checkName(name);
  if (problem !== null) throw refusal("name", problem, name);
}

/** Opens the doors: port, history of a file, rooms, and dials at last. */
async function begin(
  chat: ChatHandle,
  data: DataFolder,
  options: ChatOptions,
): Promise<StartedChat["imported"]> {
  const { listen, rooms = ["lobby"], peers = [] } = options;
  if (listen !== false) chat.parts.listening.open(listen?.port ?? null);
  const kept = data.store.kept.openRooms();
  if (data.store.kept.privateRooms().length > 0) await chat.withPrivate();
  // What an import brings is history, not news: no room is open that would tell of it.
  const imported = options.import === undefined ? null : await chat.importFrom(options.import);
  await Promise.all(
    [...rooms, ...kept.map((room) => `~${room}`)].map((room) => chat.openRoom(room)),
  );
  const { shell, notices, listening } = chat.parts;
  const say = (notice: Parameters<NoticeStream["push"]>[0]) => notices.push(notice);
  if (data.rescue !== null) {
    const { aside, posts } = data.rescue;
    say({ type: "notice", room: null, code: "history-damaged", aside, posts });
  }
  if (data.newLogReason !== null) {
    say({ type: "notice", room: null, code: "new-log", reason: data.newLogReason });
  }
  if (options.lan) await searchLan(chat);
  const book = data.store.kept.addresses();
  for (const { address } of book) shell.found(address, "book");
  for (const address of peers) {
    try {
      await chat.connect(address);
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      // A list of peers that several people share may well name this one.
      if (error.code === "own-invite") say({ type: "notice", room: null, code: "own-invite" });
      else if (error.code !== "own-address") throw error;
      else say({ type: "notice", room: null, code: "dialled-self", address });
    }
  }
  if (listening.port !== null && book.length + peers.length === 0) {
    say({ type: "notice", room: null, code: "waiting", port: String(listening.port) });
  }
  return imported;
}

async function searchLan(
  { parts: { lan, listening, shell, notices, log } }: ChatHandle,
): Promise<void> {
  const reason = await lan.open({
    bound: () => listening.bound,
    found: (address) => shell.found(address, "lan"),
    log,
  });
  if (reason !== null) notices.push({ type: "notice", room: null, code: "lan-failed", reason });
}
