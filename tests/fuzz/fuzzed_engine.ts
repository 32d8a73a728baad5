/**
 * A real engine between a liar and an honest neighbour, on a store in memory and links in the
 * clear. An input is the plaintext of the liar's next frame. Watched from outside: nothing is
 * thrown, the order of the actions holds, nothing is stored and nothing is passed on that was
 * not signed by its author in earnest, and every frame to the honest neighbour can be read.
 */

import { assert } from "@std/assert";
import type { Action } from "../../peer/action.ts";
import { Engine } from "../../peer/engine.ts";
import type { ConnectionId, Input, Now } from "../../peer/input.ts";
import { OrderCheck } from "../../peer/order_check.ts";
import { MalformedError } from "../../wire/cbor.ts";
import { plaintextBytesMax, type SecureChannel } from "../../wire/channel.ts";
import type { CryptoSuite, KeyPair } from "../../wire/crypto_suite.ts";
import { type LogId, type PeerId, type RoomId, toId } from "../../wire/ids.ts";
import { defaultLimits, type Limits } from "../../wire/limits.ts";
import { decodeMessages, encodeMessage, type Message } from "../../wire/message.ts";
import { decodePost, type Post } from "../../wire/post.ts";
import { decodePresence, verifyPresence } from "../../wire/presence.ts";
import { plainChannels } from "../plain_channel.ts";
import { seededRng } from "../rng.ts";
import { MemoryStore } from "../unit/memory_store.ts";

/** When it all happens: some days after the release date that the clock knows. */
export const fuzzEpochMs = 1_795_651_200_000;

/** How much time passes after every 16 inputs: requests run out and presence is renewed. */
const pauseMs = 2_000;
/** The honest neighbour is the first. */
const honestConnection = 1;
const nothing = new Uint8Array(0);

/** What an engine under fire begins with. */
export interface FuzzedSetting {
  readonly crypto: CryptoSuite;
  readonly identity: KeyPair;
  readonly room: RoomId;
  /** Posts that are stored at first. */
  readonly stored: readonly Post[];
  /** Whether somebody has signed this post in earnest; the engine's own are recognised here. */
  readonly isGenuine: (post: Post) => boolean;
  readonly limits?: Partial<Limits>;
}

/** The other end of a link to the engine. */
interface Neighbour {
  readonly connection: ConnectionId;
  readonly channel: SecureChannel;
}

/** An engine under fire. */
export class FuzzedEngine {
  readonly #setting: FuzzedSetting;
  readonly #engine: Engine;
  readonly #me: PeerId;
  readonly #store = new MemoryStore();
  readonly #order = new OrderCheck();
  /** What the other ends do with bytes: their answers. */
  readonly #ends = new Map<ConnectionId, (bytes: Uint8Array) => Uint8Array>();
  #liar: Neighbour;
  #links = 0;
  #refs = 0;
  #nowMs = 0;
  /** What the last input brought about. */
  #stored: Post[] = [];
  #passedOn: Post[] = [];
  #words: string[] = [];

  constructor(setting: FuzzedSetting) {
    const { crypto, identity, stored } = setting;
    this.#setting = setting;
    this.#me = toId<PeerId>(identity.publicKey);
    this.#store.append(stored.map((post) => ({ post, origin: "live" })), null, fuzzEpochMs);
    const random = seededRng(1);
    this.#engine = new Engine({
      identity: { peer: this.#me, secretKey: identity.secretKey },
      name: "Tested",
      log: toId<LogId>(new Uint8Array(8).fill(1)),
      channels: plainChannels(this.#me, (length) => new Uint8Array(length).fill(1)),
      crypto,
      rng: random,
      reader: this.#store,
      limits: { ...defaultLimits, ...setting.limits },
    });
    this.#step({ type: "command", ref: ++this.#refs, command: { type: "join", room: "lobby" } });
    this.#link((frame) => this.#onHonestFrame(frame));
    this.#liar = this.#link(() => nothing);
  }

  /** Posts that the last input has brought into the store, in order. */
  get stored(): readonly Post[] {
    return this.#stored;
  }

  /** Posts that the honest neighbour was told because of the last input. */
  get passedOn(): readonly Post[] {
    return this.#passedOn;
  }

  /**
   * Takes a frame of the liar.
   *
   * @param plaintext Its messages, whatever they are; what fits no frame is cut.
   * @returns What came of it, in a few words.
   */
  feed(plaintext: Uint8Array): string {
    this.#stored = [];
    this.#passedOn = [];
    this.#words = [];
    const { connection, channel } = this.#liar;
    const messages = plaintext.slice(0, plaintextBytesMax);
    this.#nowMs += 1;
    this.#step({ type: "received", connection, bytes: channel.seal(messages) });
    if (this.#nowMs % 16 === 0) {
      this.#nowMs += pauseMs;
      this.#step({ type: "wake" });
    }
    const words = [...new Set(this.#words)].slice(0, 6).join(", ");
    // Under another name, for this one may be banned.
    if (!this.#ends.has(connection)) this.#liar = this.#link(() => nothing);
    else if (endsWithRekey(messages)) channel.rekeySending();
    return words;
  }

  get #now(): Now {
    return { monoMs: this.#nowMs, wallMs: fuzzEpochMs + this.#nowMs };
  }

  /** Gives the engine an input and does what it wants, until it wants nothing more. */
  #step(input: Input): void {
    let inputs: readonly Input[] = [input];
    while (inputs.length > 0) {
      const actions = this.#engine.step(inputs, this.#now);
      this.#order.check(inputs, actions);
      const answers = actions.flatMap((action) => this.#perform(action));
      // The answer to an append comes first, whatever was written before it.
      const appended = answers.filter(({ type }) => type === "appended");
      inputs = [...appended, ...answers.filter(({ type }) => type !== "appended")];
    }
  }

  #perform(action: Action): Input[] {
    switch (action.type) {
      case "append": {
        const { arrivals, newLog } = action;
        for (const { post } of arrivals) this.#onStored(post);
        this.#store.append(arrivals, newLog, this.#now.wallMs);
        return [{ type: "appended" }];
      }
      case "write": {
        const { connection, bytes } = action;
        this.#words.push(`answer of ${Math.ceil(Math.log2(bytes.length))} bits`);
        const answer = this.#ends.get(connection)!(bytes);
        const drained: Input = { type: "drained", connection };
        if (answer.length === 0) return [drained];
        return [drained, { type: "received", connection, bytes: answer }];
      }
      case "close":
        assert(action.connection !== honestConnection, `honest: ${action.reason}`);
        this.#words.push(action.reason);
        this.#ends.delete(action.connection);
        return [];
      case "acknowledge":
        assert(action.outcome.ok, "own commands succeed");
        return [];
      case "notify": {
        const { notice } = action;
        this.#words.push(notice.type === "notice" ? notice.code : notice.type);
        return [];
      }
      default:
        return [];
    }
  }

  #onStored(post: Post): void {
    const again = decodePost(post, this.#setting.crypto);
    assert(again.id === post.id && !this.#store.has(post.id), "stored twice");
    assert(post.author === this.#me || this.#setting.isGenuine(post), `forged: ${post.id}`);
    this.#stored.push(post);
    this.#words.push(`stored a post of kind ${post.kind}`);
  }

  /** What the honest neighbour hears; it answers pings. */
  #onHonestFrame(frame: Uint8Array): Uint8Array {
    const messages = decodeMessages(frame);
    assert(messages.length > 0, "an empty frame");
    const answers = messages.flatMap((message) => this.#onHonestMessage(message));
    return Uint8Array.from(answers.flatMap((answer) => [...encodeMessage(answer)]));
  }

  #onHonestMessage(message: Message): Message[] {
    const { crypto } = this.#setting;
    switch (message.type) {
      case "ping":
        return [{ type: "pong", nonce: message.nonce }];
      case "posts":
      case "page":
        for (const envelope of message.posts) {
          const post = decodePost(envelope, crypto);
          assert(this.#store.has(post.id), "passed on and not stored");
          this.#passedOn.push(post);
        }
        return [];
      case "presence":
        for (const envelope of message.presences) {
          assert(verifyPresence(decodePresence(envelope), crypto), "a forged presence");
        }
        return [];
      default:
        return [];
    }
  }

  /** Opens a link by a peer of its own, which has the room open. */
  #link(onFrame: (frame: Uint8Array) => Uint8Array): Neighbour {
    const connection = ++this.#links;
    const id = new Uint8Array(32).fill(2);
    new DataView(id.buffer).setUint32(0, connection);
    const ends = plainChannels(toId<PeerId>(id), (length) => id.slice(0, length));
    const handshake = ends.initiate();
    let channel: SecureChannel | null = null;
    this.#ends.set(connection, (bytes) => {
      if (channel === null) {
        const step = handshake.receive(bytes);
        channel = step.channel;
        return step.write;
      }
      channel.push(bytes);
      const answers: Uint8Array[] = [];
      for (let frame; (frame = channel.read()) !== null;) {
        if (endsWithRekey(frame)) channel.rekeyReceiving();
        answers.push(onFrame(frame));
      }
      const answer = Uint8Array.from(answers.flatMap((part) => [...part]));
      return answer.length === 0 ? nothing : channel.seal(answer);
    });
    this.#step({ type: "connected", connection, direction: "in", address: "10.0.0.5:40000" });
    this.#step({ type: "received", connection, bytes: handshake.opening });
    if (channel === null) throw new Error("The handshake does not end");
    const ready: SecureChannel = channel;
    const join = encodeMessage({ type: "join", room: this.#setting.room });
    this.#step({ type: "received", connection, bytes: ready.seal(join) });
    return { connection, channel: ready };
  }
}

function endsWithRekey(messages: Uint8Array): boolean {
  try {
    return decodeMessages(messages).at(-1)?.type === "rekey";
  } catch (error) {
    if (error instanceof MalformedError) return false;
    throw error;
  }
}
