/**
 * Inputs and actions of engines in words, with names in place of ids: what the transcripts
 * consist of and what the simulator prints with `--trace`. A post is called by its author
 * and its sequence, `ann#3`; in an author's second log `ann'#3`.
 */

import type { Action, Outcome, ReceiptChange } from "../peer/action.ts";
import type { Command, ConnectionId, Input } from "../peer/input.ts";
import type { Notice } from "../peer/notice.ts";
import { MalformedError } from "../wire/cbor.ts";
import type { CryptoSuite } from "../wire/crypto_suite.ts";
import type { Id, LogId, PeerId, PostId, RoomId } from "../wire/ids.ts";
import type { PostMark } from "../wire/mark.ts";
import { decodePost, type Post, postKind, type SignedPost, verifyPost } from "../wire/post.ts";
import { decodeBody } from "../wire/post_body.ts";
import { type LogMark, logMark } from "../wire/receipt.ts";
import type { ChannelWatcher } from "./watched_channel.ts";
import { MessageWords } from "./message_words.ts";

/** The names of everything in one network. */
export class EngineWords {
  readonly #crypto: CryptoSuite;
  readonly #names = new Map<Id, string>();
  readonly #logs = new Map<PeerId, LogId[]>();
  readonly #greetings = new WeakSet<Uint8Array>();
  readonly #frames = new WeakMap<Uint8Array, Uint8Array>();
  readonly #messages = new MessageWords(this);

  /** @param crypto For the ids of posts. */
  constructor(crypto: CryptoSuite) {
    this.#crypto = crypto;
  }

  /** Names a peer or a room. */
  call(id: PeerId | RoomId, name: string): void {
    this.#names.set(id, name);
  }

  /** The name of anything; the start of its id if it has none. */
  nameOf(id: Id): string {
    return this.#names.get(id) ?? `${id.slice(0, 6)}…`;
  }

  /** The name of the log that a mark stands for. */
  logCalled(mark: LogMark): string {
    for (const [author, logs] of this.#logs) {
      const log = logs.find((each) => logMark(author, each, this.#crypto) === mark);
      if (log !== undefined) return this.log(author, log);
    }
    return `${mark.slice(0, 6)}…`;
  }

  /** The name of the post that a mark stands for. */
  markName(mark: PostMark): string {
    for (const [id, name] of this.#names) if (id.startsWith(mark)) return name;
    return `${mark.slice(0, 6)}…`;
  }

  /** The post of a name that has been given. */
  postCalled(name: string): PostId {
    for (const [id, given] of this.#names) if (given === name) return id as PostId;
    throw new Error(`No post ${name} has been seen`);
  }

  /** Remembers what is in the frames that a peer seals, so that its writes can be read. */
  readonly watcher: ChannelWatcher = {
    greeted: (bytes) => this.#greetings.add(bytes),
    sealed: (_to, messages, frame) => this.#frames.set(frame, messages),
    opened: () => {},
  };

  /** A log: its author, with a mark for each log before. */
  log(author: PeerId, log: LogId): string {
    let logs = this.#logs.get(author);
    if (logs === undefined) this.#logs.set(author, logs = []);
    if (!logs.includes(log)) logs.push(log);
    return this.nameOf(author) + "'".repeat(logs.indexOf(log));
  }

  /** A post by its place; it is called so from then on. */
  place(post: Post): string {
    const name = `${this.log(post.author, post.log)}#${post.seq}`;
    this.#names.set(post.id, name);
    return name;
  }

  /** A post with what it says. */
  post(post: Post): string {
    return `${this.place(post)} ${bodyWords(this, post)}`;
  }

  /** A post as it travels, and what is wrong with it. */
  envelope(envelope: SignedPost, room: RoomId): string {
    const post = decodePost(envelope, this.#crypto);
    const elsewhere = post.room === room ? "" : ` (of ${this.nameOf(post.room)})`;
    const forged = verifyPost(post, this.#crypto) ? "" : " (wrong signature)";
    return `${this.post(post)}${elsewhere}${forged}`;
  }

  /** What bytes on a link say: the messages of a sealed frame, or their number in pieces of one. */
  bytes(bytes: Uint8Array): string {
    const messages = this.#frames.get(bytes);
    if (messages !== undefined) return this.messages(messages);
    return this.#greetings.has(bytes) ? "handshake" : `${bytes.length} bytes`;
  }

  /** The messages of a frame. */
  messages(plaintext: Uint8Array): string {
    return this.#messages.all(plaintext);
  }

  /** One input. */
  input(input: Input, linkName: (connection: ConnectionId) => string): string {
    switch (input.type) {
      case "command":
        return `command ${input.ref}: ${commandWords(this, input.command)}`;
      case "connected":
        return `connected ${linkName(input.connection)}, ${input.direction}, ${input.address}`;
      case "received":
        return `received ${linkName(input.connection)}: ${this.bytes(input.bytes)}`;
      case "drained":
        return `drained ${linkName(input.connection)}`;
      case "disconnected":
        return `disconnected ${linkName(input.connection)}: ${input.reason}`;
      case "dialFailed":
        return `dial of ${input.address} failed: ${input.reason}`;
      case "listening":
        return `listening on ${[input.port, ...input.addresses].join(" ")}`;
      case "found":
        return `found ${input.address} by ${input.finder}`;
      case "appendFailed":
        return `append failed: ${input.code}, ${input.detail}`;
      case "pruned":
        return `pruned ${input.rooms.map((room) => this.nameOf(room)).join(", ")}`;
      case "networkChanged":
      case "appended":
      case "wake":
        return input.type;
    }
  }

  /** One action. */
  action(action: Action, linkName: (connection: ConnectionId) => string): string {
    switch (action.type) {
      case "append": {
        const posts = action.arrivals.map(({ post, origin }) => `${origin} ${this.post(post)}`);
        const newLog = action.newLog === null ? [] : ["from now on under a new log"];
        return `append ${[...posts, ...newLog].join(", ") || "nothing, as a probe"}`;
      }
      case "acknowledge":
        return `acknowledge ${action.ref}: ${this.#outcome(action.outcome)}`;
      case "write":
        return `write ${linkName(action.connection)}: ${this.bytes(action.bytes)}`;
      case "close":
        return `close ${linkName(action.connection)}: ${action.reason}`;
      case "dial":
      case "unreachable":
      case "forget":
        return `${action.type} ${action.address}`;
      case "remember":
        return `remember ${action.address} for ${this.nameOf(action.peer)}`;
      case "rememberName":
        return `remember name ${action.name}`;
      case "rememberPerson":
        return `remember what was decided about ${this.nameOf(action.peer)}`;
      case "rememberKeys":
        return `remember ${action.keys.length} sealing keys`;
      case "keepReceipts":
        return `keep in ${this.nameOf(action.room)}: ${this.#receiptChange(action.change)}`;
      case "keepRoom":
      case "keepEpoch":
        return `${action.type} of ${this.nameOf(action.room)}`;
      case "notify":
        return `notify ${this.#notice(action.notice)}`;
    }
  }

  #receiptChange({ words, gone, holders }: ReceiptChange): string {
    return [
      ...words.map(({ author }) => `receipt of ${this.nameOf(author)}`),
      ...gone.map((author) => `none of ${this.nameOf(author)}`),
      ...holders.map(({ peer, ranges }) => {
        const text = ranges.map(([from, to]) => from === to ? `${from}` : `${from}-${to}`).join();
        return `${this.nameOf(peer)} holds ${text || "nothing"}`;
      }),
    ].join("; ");
  }

  #outcome(outcome: Outcome): string {
    if (!outcome.ok) return `refused, ${outcome.code}`;
    return outcome.id === null ? "done" : `done, ${this.nameOf(outcome.id)}`;
  }

  #notice(notice: Notice): string {
    switch (notice.type) {
      case "message": {
        const { id, room, text, origin, clockAhead, late, withdrawn } = notice.post;
        const marks = [
          clockAhead ? ", clock ahead" : "",
          late ? ", late" : "",
          withdrawn ? ", withdrawn" : "",
        ].join("");
        return `message #${room}: ${this.nameOf(id)} ${quote(text)} (${origin}${marks})`;
      }
      case "peer": {
        const why = notice.reason === null ? "" : `: ${notice.reason}`;
        return `peer ${notice.event}: ${this.nameOf(notice.peer)} ${notice.direction}${why}`;
      }
      case "presence":
        return `${notice.event} #${notice.room}: ${this.nameOf(notice.from)}`;
      case "charge":
        return `charge #${notice.room}`;
      case "away": {
        const why = notice.reason === null ? "here" : `away ${quote(notice.reason)}`;
        return `away #${notice.room}: ${this.nameOf(notice.from)} is ${why}`;
      }
      case "renamed":
        return `renamed #${notice.room}: ${notice.before} is now ${notice.name}`;
      case "receipt":
        return `receipt #${notice.room}: ${
          this.nameOf(notice.id)
        } is held by ${notice.have} of ${notice.members}`;
      case "delivery": {
        const why = notice.reason === null ? "" : `, ${notice.reason}`;
        return `delivery #${notice.room}: ${this.nameOf(notice.id)} is ${notice.state}${why}`;
      }
      case "room":
        return `room ${notice.event}: #${notice.room}`;
      case "withdrawn":
        return `withdrawn #${notice.room}: ${this.nameOf(notice.id)}`;
      case "read":
        return `read #${notice.room}: up to ${this.nameOf(notice.upTo)}`;
      case "gap":
        return `gap #${notice.room}: ${notice.missing} of ${this.nameOf(notice.from)} missing` +
          (notice.asking === "" ? "" : `, asking ${notice.asking}`);
      case "fork":
        return `fork #${notice.room}: ${notice.ids.map((id) => this.nameOf(id)).join(" and ")}`;
      case "progress":
        return `progress #${notice.room}: ${notice.fetched} of ${notice.total}`;
      case "request":
        return `request of ${this.nameOf(notice.from)}: ${quote(notice.text)}`;
      case "notice": {
        const { type: _type, room: _room, code, ...values } = notice;
        const shown = Object.entries(values).map(([key, value]) =>
          `${key} ${key === "peer" ? this.nameOf(value as PeerId) : value}`
        );
        return [`notice ${code}`, ...shown].join(", ");
      }
    }
  }
}

/** A text, cut to what fits a line. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}

function bodyWords(words: EngineWords, post: Post): string {
  const kind = Object.entries(postKind).find(([, value]) => value === post.kind)?.[0] ??
    `kind ${post.kind}`;
  try {
    const body = decodeBody(post.kind, post.body);
    if (body === null) return `(${kind})`;
    if (body.kind === "profile") return `(name ${quote(body.name)})`;
    if (body.kind === "tombstone") return `(takes back ${words.nameOf(body.target)})`;
    return body.kind === "text" ? quote(body.text) : `(${kind} ${quote(body.text)})`;
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    return `(${kind} that cannot be read)`;
  }
}

function commandWords(words: EngineWords, command: Command): string {
  switch (command.type) {
    case "say": {
      const kind = command.kind === "text" ? "say" : command.kind;
      const reply = command.reply === null ? "" : ` in reply to ${words.nameOf(command.reply)}`;
      return `${kind} #${command.room} ${quote(command.text)}${reply}`;
    }
    case "direct":
      return `direct to ${words.nameOf(command.to)} ${quote(command.text)}`;
    case "accept":
      return `accept ${words.nameOf(command.peer)}`;
    case "block":
      return `${command.on ? "block" : "unblock"} ${words.nameOf(command.peer)}`;
    case "verify":
      return `${command.on ? "verify" : "no longer verify"} ${words.nameOf(command.peer)}`;
    case "petname":
      return `call ${words.nameOf(command.peer)} ${command.name ?? "by its own name"}`;
    case "withdraw":
      return `withdraw ${words.nameOf(command.id as PostId)}`;
    case "join":
    case "leave":
    case "more":
      return `${command.type} #${command.room}`;
    case "found":
      return `found ${command.name}`;
    case "add-member":
      return `add ${words.nameOf(command.guest.peer)}`;
    case "make-invite":
      return `invite to ${words.nameOf(command.room)}`;
    case "revoke-invite":
      return `take back ${words.nameOf(command.invite)}`;
    case "adopt":
      return `adopt a room of ${words.nameOf(command.secret.founder)}`;
    case "power": {
      const { deed } = command;
      const about = "peer" in deed ? ` ${words.nameOf(deed.peer)}` : "";
      return `${deed.act}${about} in #${command.room}`;
    }
    case "rename":
      return `rename to ${command.name}`;
    case "away":
      return command.reason === null ? "here again" : `away: ${command.reason}`;
    case "connect":
      return `connect ${command.address}`;
    case "accept-invite":
      return `takes an invite of ${words.nameOf(command.peer)}: ${command.addresses.join(", ")}`;
    case "disconnect":
    case "reconnect":
      return `${command.type} ${command.target ?? "all"}`;
    case "import":
      return `import ${command.posts.map((post) => words.post(post)).join(", ")}`;
    case "quit":
      return "quit";
  }
}
