/** All that direct messages need of state: own and others' keys, letters, and chats that are open. */

import type { CryptoSuite, KeyPair } from "../wire/crypto_suite.ts";
import type { PeerId, PostId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import type { Words } from "../wire/sealed.ts";
import type { LetterReader, SealingKey } from "./letter.ts";
import { Sealer } from "./sealer.ts";
import { SealingKeys } from "./sealing_keys.ts";
import { Seen } from "./seen.ts";

/** What a peer needs to write and read direct messages. */
export interface DirectOptions {
  /** Never renewed. */
  readonly hint: KeyPair;
  /** Own sealing keys as they were kept, the newest last; empty at the first start. */
  readonly sealing: readonly SealingKey[];
  /** The sealing key of the first start. */
  readonly firstSealing: SealingKey;
  /** Stored letters. */
  readonly letters: LetterReader;
}

/** Words to somebody whose key is not known yet. */
export interface WaitingWords {
  /** The command to answer. */
  readonly ref: number;
  readonly to: PeerId;
  readonly words: Words;
  /** Until when the key may come, on the monotonic clock. */
  readonly untilMs: number;
}

/** The state of direct messages. */
export class Direct {
  readonly keys: SealingKeys;
  readonly sealer: Sealer;
  readonly letters: LetterReader;
  /** With whom a chat is open, the latest last. */
  readonly chats = new Set<PeerId>();
  /** When the age of keys is looked at next, on the monotonic clock. */
  lookMs = 0;
  /** Words to people whose keys have not come yet, the longest waiting first. */
  waiting: readonly WaitingWords[] = [];
  readonly #limits: Limits;
  /** To whom own letters of this run went, oldest first. */
  readonly #recipients = new Map<PostId, PeerId>();
  /** What was seen of each chat; the longest silent are forgotten. */
  readonly #seen = new Map<PeerId, Seen>();
  /** Letters that were asked for or sent a second time in this run, by peer. */
  readonly #resends = new Map<PeerId, Set<string>>();

  /**
   * @param me Whose letters these are.
   * @param isKnown Whether a person has named a key: strangers are forgotten before.
   */
  constructor(
    me: PeerId,
    options: DirectOptions,
    crypto: CryptoSuite,
    limits: Limits,
    isKnown: (peer: PeerId) => boolean,
  ) {
    this.#limits = limits;
    this.keys = new SealingKeys(options.sealing, options.firstSealing, limits);
    this.sealer = new Sealer(me, options.hint, this.keys, crypto, limits, isKnown);
    this.letters = options.letters;
  }

  /** When something is to be done, on the monotonic clock. */
  get deadlineMs(): number {
    return Math.min(this.lookMs, this.waiting[0]?.untilMs ?? Infinity);
  }

  /** How full its collections are. */
  get sizes(): {
    readonly chats: number;
    readonly recipients: number;
    readonly resends: number;
    readonly seen: number;
  } {
    let resends = this.#resends.size;
    for (const asked of this.#resends.values()) resends = Math.max(resends, asked.size);
    return {
      chats: this.chats.size,
      seen: this.#seen.size,
      recipients: this.#recipients.size,
      resends,
    };
  }

  /** A chat with somebody goes on. */
  openChat(peer: PeerId): void {
    this.chats.delete(peer);
    this.chats.add(peer);
    if (this.chats.size > this.#limits.directChatsMax) forgetOldest(this.chats);
  }

  /**
   * What was seen of a chat. Asked for before a letter is stored, so that the newest of what was
   * there before is known; it is looked up once.
   */
  seenOf(peer: PeerId, wallMs: number): Seen {
    let seen = this.#seen.get(peer);
    this.#seen.delete(peer);
    seen ??= new Seen(this.letters.letters(peer, null, 1).rows[0] ?? null, wallMs);
    this.#seen.set(peer, seen);
    if (this.#seen.size > this.#limits.directChatsMax) forgetOldest(this.#seen);
    return seen;
  }

  /** An own letter is stored. */
  onSent(id: PostId, to: PeerId): void {
    this.#recipients.set(id, to);
    if (this.#recipients.size > this.#limits.receiptsMax) forgetOldest(this.#recipients);
  }

  /** To whom an own letter of this run went. */
  recipientOf(id: PostId): PeerId | undefined {
    return this.#recipients.get(id);
  }

  /**
   * Whether a letter may be asked for, or sent, a second time: once each, and only so many with
   * one person, so that nobody makes us write without end.
   */
  mayResend(peer: PeerId, what: string): boolean {
    let done = this.#resends.get(peer);
    if (done === undefined) {
      this.#resends.set(peer, done = new Set());
      if (this.#resends.size > this.#limits.resendsMax) forgetOldest(this.#resends);
    }
    if (done.has(what) || done.size >= this.#limits.resendsMax) return false;
    done.add(what);
    return true;
  }
}

function forgetOldest<K>(collection: Map<K, unknown> | Set<K>): void {
  collection.delete(collection.keys().next().value!);
}
