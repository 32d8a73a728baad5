/**
 * A table in shared memory at which several threads verify signatures (verify_together.ts).
 *
 * One side lays a round of items out and opens it; everybody, this side included, takes the
 * next that nobody has taken, until there is none. Nobody waits for anybody: whoever laid the
 * round out does again what another has taken and not finished. That works without a lock
 * because a verdict bears the number of its round, and nothing of a round is changed before
 * the next is laid out: a verdict that comes late, or over bytes that are being replaced, bears
 * another number than the one that is asked for.
 */

import type { CryptoSuite, Signed } from "../wire/crypto_suite.ts";

/** A message of 64 KiB with posts of one letter has fewer. */
export const slotsMax = 512;
/** Holds a message of 64 KiB with all keys, and any single post. */
const dataBytes = 128 * 1024;

const keyBytes = 32, signatureBytes = 64;

/** Places of the head; a negative round is the end. */
const round = 0, next = 1, count = 2, headWords = 3;
/** Words of a slot: verdict, where its bytes begin, and how many they are. */
const slotWords = 3;
/** Rounds are counted up to here, so that a number and a bit fit a word. */
const roundsMax = 2 ** 29;

/** The table, as one thread sees it. */
export class Desk {
  /** What another thread makes its own {@linkcode Desk} of. */
  readonly memory: SharedArrayBuffer;
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #data: Uint8Array<SharedArrayBuffer>;
  #filled = 0;
  #laid = 0;
  /** Where a taken item is copied to: the runtime verifies nothing that others could change. */
  readonly #own = new Uint8Array(dataBytes);

  /** @param memory Of another thread's table; by default a new one. */
  constructor(memory?: SharedArrayBuffer) {
    const wordBytes = (headWords + slotsMax * slotWords) * 4;
    this.memory = memory ?? new SharedArrayBuffer(wordBytes + dataBytes);
    this.#words = new Int32Array(this.memory, 0, wordBytes / 4);
    this.#data = new Uint8Array(this.memory, wordBytes);
  }

  /** Lays an item on the table for the next round; `false` if it does not fit any more. */
  lay({ publicKey, message, signature }: Signed): boolean {
    const length = keyBytes + signatureBytes + message.length;
    if (this.#laid >= slotsMax || this.#filled + length > dataBytes) return false;
    const slot = slotAt(this.#laid++);
    this.#words[slot + 1] = this.#filled;
    this.#words[slot + 2] = length;
    this.#data.set(publicKey, this.#filled);
    this.#data.set(signature, this.#filled + keyBytes);
    this.#data.set(message, this.#filled + keyBytes + signatureBytes);
    this.#filled += length;
    return true;
  }

  /** Opens the round of all that was laid out since the last, and wakes whoever waits for one. */
  open(): void {
    const number = (Atomics.load(this.#words, round) + 1) % roundsMax;
    // In this order: whoever takes an item after this finds it, and its number, complete.
    Atomics.store(this.#words, round, number);
    Atomics.store(this.#words, count, this.#laid);
    Atomics.store(this.#words, next, 0);
    Atomics.notify(this.#words, round);
    this.#filled = 0;
    this.#laid = 0;
  }

  /** Takes the next item that nobody has taken: its index, or `null` if there is none. */
  take(): number | null {
    const index = Atomics.add(this.#words, next, 1);
    return index < Atomics.load(this.#words, count) ? index : null;
  }

  /** Whether another thread has found the signature of an item of the open round right. */
  isRight(index: number): boolean {
    const verdict = Atomics.load(this.#words, slotAt(index));
    return verdict === Atomics.load(this.#words, round) * 2 + 1;
  }

  /**
   * Verifies for another thread until it says that this is the end.
   *
   * @param verify Of a suite of this thread.
   */
  serve(verify: CryptoSuite["verify"]): void {
    for (let seen = 0; seen >= 0;) {
      for (let index; (index = this.take()) !== null;) {
        const number = Atomics.load(this.#words, round);
        const right = this.#verify(slotAt(index), verify);
        Atomics.store(this.#words, slotAt(index), number * 2 + (right ? 1 : 0));
      }
      Atomics.wait(this.#words, round, seen);
      seen = Atomics.load(this.#words, round);
    }
  }

  #verify(slot: number, verify: CryptoSuite["verify"]): boolean {
    const [start = 0, length = 0] = [this.#words[slot + 1], this.#words[slot + 2]];
    // Of a round that has just been replaced they may be anything.
    if (start + length > dataBytes || length < keyBytes + signatureBytes) return false;
    this.#own.set(this.#data.subarray(start, start + length));
    return verify(
      this.#own.subarray(0, keyBytes),
      this.#own.subarray(keyBytes + signatureBytes, length),
      this.#own.subarray(keyBytes, keyBytes + signatureBytes),
    );
  }

  /** Tells those who serve that this is the end. */
  end(): void {
    Atomics.store(this.#words, round, -1);
    Atomics.notify(this.#words, round);
  }
}

function slotAt(index: number): number {
  return headWords + index * slotWords;
}
