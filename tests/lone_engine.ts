/**
 * One real engine, on a store in memory and links in the clear; all others are played by the
 * test. It does what the engine wants at once, checks the order of the actions all the while,
 * and keeps what the engine said: to each neighbour, to the screens and in answer to commands.
 */

import type { Action, Outcome } from "../peer/action.ts";
import type { DirectOptions } from "../peer/direct.ts";
import { Engine } from "../peer/engine.ts";
import type { Command, ConnectionId, Input, Now } from "../peer/input.ts";
import type { Notice } from "../peer/notice.ts";
import { OrderCheck } from "../peer/order_check.ts";
import type { SecureChannel } from "../wire/channel.ts";
import type { CryptoSuite, KeyPair } from "../wire/crypto_suite.ts";
import { type LogId, type PeerId, type RoomId, toId } from "../wire/ids.ts";
import { defaultLimits, type Limits } from "../wire/limits.ts";
import type { Message } from "../wire/message.ts";
import { decodeMessages } from "../wire/message_decode.ts";
import { encodeMessage } from "../wire/message_encode.ts";
import { decodePost, type Post } from "../wire/post.ts";
import { decodeBody } from "../wire/post_body.ts";
import type { SealingKeys } from "../wire/sealed.ts";
import { BriefEars } from "./brief_ears.ts";
import { plainChannels } from "./plain_channel.ts";
import { seededRng } from "./rng.ts";
import { MemoryStore } from "./unit/memory_store.ts";

/** When it all begins: some days after the release date that the clock knows. */
export const loneEpochMs = 1_795_651_200_000;

const nothing = new Uint8Array(0);

/** What an engine begins with. */
export interface LoneSetting {
  readonly crypto: CryptoSuite;
  readonly identity: KeyPair;
  readonly limits?: Partial<Limits>;
  /** Whether it has keys for direct messages. */
  readonly direct?: boolean;
  /** What an earlier run has left; an empty one if none did. */
  readonly store?: MemoryStore;
  /** Posts that are stored at first. */
  readonly stored?: readonly Post[];
  /** How long it says nothing of itself. */
  readonly silentMs?: number;
  /** Called before an action is performed. */
  readonly watch?: (action: Action) => void;
}

/** Who a neighbour is, and how it behaves. */
export interface NeighbourWishes {
  /** Another for each link, if none is given. */
  readonly peer?: PeerId;
  readonly direction?: "in" | "out";
  readonly address?: string;
  /** Whether it takes what is written to it. */
  readonly reads?: boolean;
  /** Whether it answers pings. */
  readonly answersPings?: boolean;
  /** Sees every frame, in place of `heard`. */
  readonly onFrame?: (messages: readonly Message[]) => void;
}

/** The other end of a link, played by the test. */
export class TestNeighbour {
  readonly connection: ConnectionId;
  readonly peer: PeerId;
  /** All that it was told, oldest first; brief posts are written out. */
  readonly heard: Message[] = [];
  /** The same as it came. */
  readonly raw: Message[] = [];
  readonly ears = new BriefEars();
  /** Why the engine has closed the link; `null` as long as it has not. */
  closed: string | null = null;
  /** Bytes written to it and not yet read. */
  unread = 0;
  channel: SecureChannel | null = null;
  readonly #engine: LoneEngine;

  constructor(engine: LoneEngine, connection: ConnectionId, peer: PeerId) {
    this.#engine = engine;
    this.connection = connection;
    this.peer = peer;
  }

  /** Says some messages in one frame; returns what the engine did. */
  say(...messages: readonly Message[]): Action[] {
    this.ears.said(messages);
    return this.sayBytes(Uint8Array.from(messages.flatMap((each) => [...encodeMessage(each)])));
  }

  /** Opens a room and becomes a neighbour in it, one that has hardly any other. */
  enter(room: RoomId): Action[] {
    return this.say({ type: "join", room }, { type: "neighbour", room, others: 0 });
  }

  /** Sends a frame with any plaintext. */
  sayBytes(plaintext: Uint8Array): Action[] {
    if (this.channel === null) throw new Error("The handshake has not ended");
    return this.sendRaw(this.channel.seal(plaintext));
  }

  /** Sends bytes as they are. */
  sendRaw(bytes: Uint8Array): Action[] {
    return this.#engine.give({ type: "received", connection: this.connection, bytes });
  }

  /** Messages of one type that it has heard, oldest first. */
  heardOf<T extends Message["type"]>(type: T): Extract<Message, { type: T }>[] {
    return this.heard.filter((each): each is Extract<Message, { type: T }> => each.type === type);
  }
}

/** An engine with its world. */
export class LoneEngine {
  readonly engine: Engine;
  readonly me: PeerId;
  readonly store: MemoryStore;
  /** All that the screens were told, oldest first. */
  readonly notices: Notice[] = [];
  /** While set, nothing can be stored. */
  diskFails = false;
  #nowMs = 0;
  #wallOffsetMs = 0;
  #refs = 0;
  #connections = 0;
  readonly #watch: (action: Action) => void;
  readonly #order = new OrderCheck();
  readonly #outcomes = new Map<number, Outcome>();
  readonly #neighbours = new Map<ConnectionId, TestNeighbour>();
  readonly #ends = new Map<ConnectionId, (bytes: Uint8Array) => Input[]>();

  readonly #crypto: CryptoSuite;

  constructor(setting: LoneSetting) {
    const { crypto, identity, limits = {}, direct = false, stored = [], watch = () => {} } =
      setting;
    this.#crypto = crypto;
    this.me = toId<PeerId>(identity.publicKey);
    this.#watch = watch;
    this.store = setting.store ?? new MemoryStore();
    if (stored.length > 0) {
      this.store.append(stored.map((post) => ({ post, origin: "live" })), null, loneEpochMs);
    }
    this.engine = new Engine({
      identity: { peer: this.me, secretKey: identity.secretKey },
      name: "Tested",
      log: toId<LogId>(new Uint8Array(8).fill(1)),
      channels: plainChannels(this.me, (length) => new Uint8Array(length).fill(1)),
      crypto,
      rng: seededRng(1),
      reader: this.store,
      limits: { ...defaultLimits, ...limits },
      ...direct ? { direct: this.#directOptions() } : {},
      ...setting.silentMs === undefined ? {} : { silentUntilMs: setting.silentMs },
    });
  }

  #directOptions(): DirectOptions {
    const firstSealing = { ...this.#crypto.generateX25519(), madeMs: loneEpochMs, agedMs: 0 };
    const hint = this.#crypto.generateX25519();
    return { hint, sealing: [], firstSealing, letters: this.store };
  }

  /** What its newest stored profile in a room tells others to seal to. */
  profileKeys(room: RoomId): SealingKeys {
    for (const stored of this.store.profiles(room)) {
      const { author, kind, body } = decodePost(stored, this.#crypto);
      const profile = author === this.me ? decodeBody(kind, body) : null;
      if (profile?.kind === "profile" && profile.keys !== undefined) return profile.keys;
    }
    throw new Error("It has told no keys");
  }

  /** The sealing key among them. */
  sealingKey(room: RoomId): Uint8Array {
    return this.profileKeys(room).sealing;
  }

  /** Both clocks. */
  get now(): Now {
    return { monoMs: this.#nowMs, wallMs: loneEpochMs + this.#nowMs + this.#wallOffsetMs };
  }

  /** Lets time pass without telling the engine. */
  advance(ms: number): void {
    this.#nowMs += ms;
  }

  /** Sets the wall clock forward or back, and wakes the engine. */
  jump(ms: number): Action[] {
    this.#wallOffsetMs += ms;
    return this.give({ type: "wake" });
  }

  /** Lets time pass and wakes the engine. */
  pass(ms: number): Action[] {
    this.advance(ms);
    return this.give({ type: "wake" });
  }

  /** Gives a command; returns its answer. */
  command(command: Command): Outcome {
    const ref = ++this.#refs;
    this.give({ type: "command", ref, command });
    const outcome = this.#outcomes.get(ref);
    if (outcome === undefined) throw new Error(`No answer to ${command.type}`);
    return outcome;
  }

  /** Gives an input and performs what follows from it; returns all that was done, in order. */
  give(...inputs: readonly Input[]): Action[] {
    const done: Action[] = [];
    for (let next: readonly Input[] = inputs; next.length > 0;) {
      const actions = this.engine.step(next, this.now);
      this.#order.check(next, actions);
      const answers = actions.flatMap((action) => this.#perform(action));
      done.push(...actions);
      // The answer to an append comes first, whatever was written before it.
      const isAnswer = ({ type }: Input) => type === "appended" || type === "appendFailed";
      next = [...answers.filter(isAnswer), ...answers.filter((input) => !isAnswer(input))];
    }
    return done;
  }

  #perform(action: Action): Input[] {
    this.#watch(action);
    switch (action.type) {
      case "append":
        if (this.diskFails) return [{ type: "appendFailed", code: "disk-full", detail: "full" }];
        this.store.append(action.arrivals, action.newLog, this.now.wallMs);
        return [{ type: "appended" }];
      case "write":
        return this.#ends.get(action.connection)?.(action.bytes) ?? [];
      case "close": {
        const neighbour = this.#neighbours.get(action.connection);
        if (neighbour !== undefined) neighbour.closed = action.reason;
        this.#ends.delete(action.connection);
        return [];
      }
      case "acknowledge":
        this.#outcomes.set(action.ref, action.outcome);
        return [];
      case "keepReceipts":
        if (!this.diskFails) this.store.keepReceipts(action.room, action.change);
        return [];
      case "notify":
        this.notices.push(action.notice);
        return [];
      default:
        return [];
    }
  }

  /** Opens a link and shakes hands. */
  link(wishes: NeighbourWishes = {}): TestNeighbour {
    const neighbour = this.connect(wishes);
    if (neighbour.channel === null) throw new Error("The handshake did not end");
    return neighbour;
  }

  /** Opens a link, whatever becomes of the handshake. */
  connect(wishes: NeighbourWishes = {}): TestNeighbour {
    const connection = ++this.#connections;
    const { direction = "in", address = `10.0.0.5:${40_000 + connection % 20_000}` } = wishes;
    const peer = wishes.peer ?? numberedPeer(connection);
    const neighbour = new TestNeighbour(this, connection, peer);
    this.#neighbours.set(connection, neighbour);
    const nonce = new Uint8Array(16).fill(connection);
    const ends = plainChannels(peer, (length) => nonce.slice(0, length));
    const handshake = direction === "in" ? ends.initiate() : ends.respond();
    this.#ends.set(connection, (bytes) => {
      const answers: Input[] = wishes.reads === false ? [] : [{ type: "drained", connection }];
      let answer = nothing as Uint8Array;
      if (neighbour.channel === null) {
        const step = handshake.receive(bytes);
        neighbour.channel = step.channel;
        answer = step.write;
      } else {
        neighbour.channel.push(bytes);
      }
      answer = answer.length > 0 ? answer : this.#listen(neighbour, wishes);
      if (wishes.reads === false) neighbour.unread += bytes.length;
      if (answer.length > 0) answers.push({ type: "received", connection, bytes: answer });
      return answers;
    });
    this.give({ type: "connected", connection, direction, address });
    if (handshake.opening.length > 0) neighbour.sendRaw(handshake.opening);
    return neighbour;
  }

  /** Reads all frames that have come; returns what is to be said at once. */
  #listen(neighbour: TestNeighbour, wishes: NeighbourWishes): Uint8Array {
    const { channel } = neighbour;
    const answers: Message[] = [];
    for (let frame; (frame = channel?.read() ?? null) !== null;) {
      const raw = decodeMessages(frame);
      const messages = neighbour.ears.heard(raw);
      neighbour.raw.push(...raw);
      if (messages.at(-1)?.type === "rekey") channel?.rekeyReceiving();
      if (wishes.onFrame === undefined) neighbour.heard.push(...messages);
      else wishes.onFrame(messages);
      for (const message of wishes.answersPings === false ? [] : messages) {
        if (message.type === "ping") answers.push({ type: "pong", nonce: message.nonce });
      }
    }
    if (answers.length === 0 || channel === null) return nothing;
    return channel.seal(Uint8Array.from(answers.flatMap((each) => [...encodeMessage(each)])));
  }
}

/** A peer id that begins with a number. */
export function numberedPeer(number: number): PeerId {
  const id = new Uint8Array(32).fill(2);
  new DataView(id.buffer).setUint32(0, number);
  return toId<PeerId>(id);
}
