/**
 * Puts one peer together: data folder, cryptography, engine, shell, listener and dialler
 * behind one `Chat` handle, rooms open and dials begun.
 */

import type { Chat, Imported } from "../peer/chat.ts";
import { Engine } from "../peer/engine.ts";
import { ChatError } from "../peer/errors.ts";
import { refusal } from "../peer/refusal.ts";
import type { CryptoSuite } from "../wire/crypto_suite.ts";
import { defaultLimits, type Limits } from "../wire/limits.ts";
import { noiseChannels } from "../wire/noise_channel.ts";
import { checkName } from "../wire/text.ts";
import { ChatHandle } from "./chat_handle.ts";
import { nodeCrypto } from "./crypto.ts";
import { type DataFolder, takeData, type TakenData } from "./data_folder.ts";
import { Dialer } from "./dialer.ts";
import { LanSearch } from "./finders/lan_search.ts";
import type { Identity } from "./identity.ts";
import { Listening } from "./listening.ts";
import { loginName, variable } from "./login_name.ts";
import { NetworkWatch } from "./network_watch.ts";
import { NoticeStream } from "./notice_stream.ts";
import { Retention } from "./retention.ts";
import { type Checker, Shell } from "./shell.ts";
import { noteDamage } from "./store/rescue.ts";
import { StoreError } from "./store/store_error.ts";
import { type CaredStore, StoreCare } from "./store_care.ts";
import { VerifyTogether } from "./verify_together.ts";

/** How to open a chat. All of it may be left out. */
export interface ChatOptions {
  /**
   * A folder where one identity and its history live; made if need be. Without `data`,
   * `profile` and `ephemeral` a profile of this computer is chosen: a free one whose
   * remembered name is `name`, else, without `name`, the first free one, else a new one.
   */
  readonly data?: string | undefined;
  /** The name of an identity of this computer; made if need be. */
  readonly profile?: string | undefined;
  /** Keeps nothing on disk. */
  readonly ephemeral?: boolean | undefined;
  /** The name to be called: 1 to 64 bytes. By default the remembered one, else the login name. */
  readonly name?: string | undefined;
  /** Asked if there is neither a name nor a remembered one; `null` means the suggestion. */
  readonly askName?: ((suggestion: string) => Promise<string | null>) | undefined;
  /**
   * Where to accept peers. `false`: nowhere. `host` is an address of this machine, all of
   * them by default; `port` is 0 for any, `null` for 9797 or the next free one. By default
   * all addresses and `null`.
   */
  readonly listen?:
    | false
    | { readonly host?: string | undefined; readonly port: number | null }
    | undefined;
  /**
   * Finds and is found on the local network, by multicast DNS. Everybody there can see then that
   * a Starling runs here, but not whose. Off by default.
   */
  readonly lan?: boolean | undefined;
  /**
   * Addresses to dial, as in `10.0.0.5:9797`, `[::1]:9797` or `host.lan:9797`, and invites to take,
   * whose rooms are opened beside `rooms`.
   */
  readonly peers?: readonly string[] | undefined;
  /** Public rooms to open, with or without `#`; `lobby` by default. */
  readonly rooms?: readonly string[] | undefined;
  /** An export to take in before anybody is dialled. */
  readonly import?: string | undefined;
  /** Who to become in a data folder that has no identity yet. */
  readonly identity?: Identity | undefined;
  /**
   * Asked for the passphrase of the identity file, `present` or `new`; without it a protected
   * identity cannot be opened (`passphrase-wanted`).
   */
  readonly passphrase?: ((which: "present" | "new", path: string) => Promise<string>) | undefined;
  /** Puts the identity file under a passphrase, if it is not; changes it; or takes it away. */
  readonly protect?: "protect" | "change" | "remove" | undefined;
  /** What differs from the default limits. */
  readonly limits?: Partial<Limits> | undefined;
  /** Takes lines of diagnostics; by default they are dropped. */
  readonly log?: ((line: string) => void) | undefined;
  /** Checks the engine's order of actions; by default if `STARLING_DEBUG` is 1. */
  readonly debug?: boolean | undefined;
}

/** An open chat, and what a start tells a person about it. */
export interface StartedChat {
  readonly chat: Chat;
  /** The profile's name; `null` for a named folder, and for one that keeps nothing. */
  readonly profile: string | null;
  /** It is the first start of this identity here; one that failed or was broken off is none. */
  readonly fresh: boolean;
  /** The system has no file modes, so others on this machine may be able to read the key. */
  readonly lacksModes: boolean;
  /** What became of the protection of the identity file; `null`: nothing was changed. */
  readonly protection: "protected" | "changed" | "removed" | null;
  /** Says that the same program serves something else at a port; it is never dialled then. */
  readonly serves: (port: number) => void;
  /** What became of `import`. */
  readonly imported: Imported | null;
}

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
  const data = taken.open({ present, fresh });
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

/** Everything is made here and told of everything else; nothing happens on the network yet. */
async function assemble(
  data: DataFolder,
  name: string,
  options: ChatOptions,
  limits: Limits,
): Promise<ChatHandle> {
  const log = options.log ?? (() => {});
  const alone = nodeCrypto();
  const together = new VerifyTogether(alone);
  const crypto: CryptoSuite = {
    ...alone,
    verifyAll: (count, item) => together.verifyAll(count, item),
  };
  const { identity, store } = data;
  const { peer, signing, link } = identity;
  const engine = new Engine({
    identity: { peer, secretKey: signing.secretKey },
    name,
    log: data.log,
    channels: noiseChannels({ peer, link, binding: link.binding }, crypto),
    crypto,
    rng: { next: () => Math.random() },
    reader: store,
    limits,
    people: store.correspondence.people(),
    direct: {
      hint: identity.hint,
      sealing: store.correspondence.sealingKeys(),
      firstSealing: { ...identity.sealing, madeMs: Date.now(), agedMs: 0 },
      letters: store.correspondence,
    },
  });
  const dialer = new Dialer(limits);
  const notices = new NoticeStream(limits.noticesMax, () => shell.readOn());
  const shell: Shell = new Shell(
    engine,
    {
      append: (arrivals, newLog, wallMs) => {
        store.append(arrivals, newLog, wallMs);
        care.poke();
      },
      remember: (address, peer, wallMs) => store.kept.rememberAddress(address, peer, wallMs),
      unreachable: (address) => store.kept.failedAddress(address),
      forget: (address) => store.kept.forgetAddress(address),
      rememberName: (name) => data.rememberName(name),
      rememberPerson: (peer, person) => store.correspondence.rememberPerson(peer, person),
      rememberKeys: (keys) => store.correspondence.rememberKeys(keys),
      keepReceipts: (room, change) => store.keepReceipts(room, change),
      keepRoom: (room, secret) => store.kept.keepRoom(room, secret),
      keepEpoch: (room, epoch, secret) => store.kept.keepEpoch(room, epoch, secret),
      dial: (address) => dialer.dial(address),
      notify: (notice) => notices.push(notice),
      holds: () => notices.full,
      turned: () => listening.poke(),
      log,
      failed: (error) => chat.fail(failure(error, log)),
    },
    limits,
    await checker(options),
  );
  const host = options.listen === false ? undefined : options.listen?.host;
  const listening = new Listening(shell, host, log);
  const watch = new NetworkWatch(limits, {
    changed: () => {
      listening.refresh();
      shell.networkChanged();
    },
  });
  const care = new StoreCare(caredStore(data, engine, shell, limits), limits, log);
  // What was stored last may not have been taken care of when this peer ended.
  care.poke();
  const chat: ChatHandle = new ChatHandle({
    me: peer,
    engine,
    shell,
    store,
    crypto,
    dialer,
    listening,
    lan: new LanSearch(),
    notices,
    limits,
    release: () => {
      together.close();
      watch.close();
      care.close();
      data.close();
    },
    log,
  });
  return chat;
}

/** What is kept in order, and by which rules. */
function caredStore(
  { store, identity }: DataFolder,
  engine: Engine,
  shell: Shell,
  limits: Limits,
): CaredStore {
  const retention = new Retention(limits, (key) => store.kept.setting(key));
  return {
    index: (postsMax) => store.index(postsMax),
    isTooLarge: () => store.bytesUsed > retention.folderBytesMax,
    prune: () => {
      const { wallMs } = shell.now;
      return store.prune({
        ruleOf: (room, name) => retention.ruleOf(room, name, wallMs),
        bytesMax: retention.folderBytesMax,
        me: identity.peer,
        isKnown: (peer) => engine.isKnown(peer),
        wallMs,
      });
    },
    pruned: (rooms) => shell.pruned(rooms),
  };
}

async function checker(options: ChatOptions): Promise<Checker | null> {
  if (!(options.debug ?? variable("STARLING_DEBUG") === "1")) return null;
  const { OrderCheck } = await import("../peer/order_check.ts");
  return new OrderCheck();
}

/** The one line about a peer that could not go on. */
function failure(error: unknown, log: (line: string) => void): ChatError {
  if (error instanceof StoreError) {
    noteDamage(error);
    return new ChatError("disk-error", error.message);
  }
  const stack = error instanceof Error ? error.stack ?? error.message : String(error);
  log(`bug: ${stack}`);
  const [first = ""] = String(error).split("\n");
  return new ChatError("closed", `This peer has stopped because of a fault in Starling: ${first}`);
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
