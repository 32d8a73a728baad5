/**
 * A real engine between a liar and an honest neighbour. An input is the plaintext of the
 * liar's next frame. Watched from outside: nothing is thrown, the order of the actions holds,
 * nothing is stored and nothing passed on that was not signed by its author in earnest, every
 * frame to the honest neighbour can be read, and every collection stays within its limit.
 */

import { assert, assertLessOrEqual } from "@std/assert";
import type { Action } from "../../peer/action.ts";
import { MalformedError } from "../../wire/cbor.ts";
import { plaintextBytesMax } from "../../wire/channel.ts";
import type { CryptoSuite } from "../../wire/crypto_suite.ts";
import type { RoomId } from "../../wire/ids.ts";
import { defaultLimits, type Limits } from "../../wire/limits.ts";
import type { Message } from "../../wire/message.ts";
import { decodeMessages } from "../../wire/message_decode.ts";
import { decodePost, type Post } from "../../wire/post.ts";
import { decodePresence, verifyPresence } from "../../wire/presence.ts";
import { LoneEngine, type LoneSetting, type TestNeighbour } from "../lone_engine.ts";

/** Some time passes after so many inputs: requests run out and presence is renewed. */
const inputsPerPause = 16;
const pauseMs = 2_000;

/** What an engine under fire begins with. */
export interface FuzzedSetting extends Omit<LoneSetting, "watch"> {
  readonly room: RoomId;
  /** Whether somebody has signed this post in earnest; the engine's own are recognised here. */
  readonly isGenuine: (post: Post) => boolean;
}

/** An engine under fire. */
export class FuzzedEngine {
  readonly #crypto: CryptoSuite;
  readonly #room: RoomId;
  readonly #isGenuine: (post: Post) => boolean;
  readonly #limits: Limits;
  readonly #lone: LoneEngine;
  readonly #honest: TestNeighbour;
  #liar: TestNeighbour;
  #inputs = 0;
  /** What the last input brought about. */
  #stored: Post[] = [];
  #passedOn: Post[] = [];
  #words = new Set<string>();

  constructor(setting: FuzzedSetting) {
    this.#crypto = setting.crypto;
    this.#room = setting.room;
    this.#isGenuine = setting.isGenuine;
    this.#limits = { ...defaultLimits, ...setting.limits };
    this.#lone = new LoneEngine({ ...setting, watch: (action) => this.#watch(action) });
    this.#lone.command({ type: "join", room: "lobby" });
    this.#honest = this.#lone.link({ onFrame: (messages) => this.#onHonestFrame(messages) });
    this.#honest.enter(this.#room);
    this.#liar = this.#newLiar();
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
    this.#words.clear();
    const messages = plaintext.slice(0, plaintextBytesMax);
    this.#lone.advance(1);
    this.#liar.sayBytes(messages);
    if (++this.#inputs % inputsPerPause === 0) {
      this.#lone.pass(pauseMs);
      this.#checkSizes();
    }
    const words = [...this.#words].slice(0, 6).join(", ");
    assert(this.#honest.closed === null, `honest: ${this.#honest.closed}`);
    // Under another name, for this one may be banned.
    if (this.#liar.closed !== null) this.#liar = this.#newLiar();
    else if (endsWithRekey(messages)) this.#liar.channel?.rekeySending();
    return words;
  }

  #newLiar(): TestNeighbour {
    const liar = this.#lone.link({ onFrame: () => {} });
    liar.enter(this.#room);
    return liar;
  }

  #checkSizes(): void {
    for (const [name, size] of Object.entries(this.#lone.engine.sizes)) {
      assertLessOrEqual(size, this.#limits[name as keyof Limits] as number, name);
    }
  }

  #watch(action: Action): void {
    switch (action.type) {
      case "append":
        for (const { post } of action.arrivals) this.#onStored(post);
        return;
      case "write":
        this.#words.add(`answer of ${Math.ceil(Math.log2(action.bytes.length))} bits`);
        return;
      case "close":
        this.#words.add(action.reason);
        return;
      case "acknowledge":
        return assert(action.outcome.ok, "own commands succeed");
      case "notify":
        this.#words.add(action.notice.type === "notice" ? action.notice.code : action.notice.type);
        return;
    }
  }

  #onStored(post: Post): void {
    const again = decodePost(post, this.#crypto);
    assert(again.id === post.id && !this.#lone.store.has(post.id), "stored twice");
    assert(post.author === this.#lone.me || this.#isGenuine(post), `forged: ${post.id}`);
    this.#stored.push(post);
    this.#words.add(`stored a post of kind ${post.kind}`);
  }

  #onHonestFrame(messages: readonly Message[]): void {
    assert(messages.length > 0, "an empty frame");
    for (const message of messages) {
      if (message.type === "posts" || message.type === "page") {
        for (const envelope of message.posts) {
          const post = decodePost(envelope, this.#crypto);
          assert(this.#lone.store.has(post.id), "passed on and not stored");
          this.#passedOn.push(post);
        }
      } else if (message.type === "presence") {
        for (const envelope of message.presences) {
          assert(verifyPresence(decodePresence(envelope), this.#crypto), "a forged presence");
        }
      }
    }
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
