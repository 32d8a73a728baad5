/**
 * The receipts of one room: the newest word of each member, which is shown to neighbours that
 * come later, and when our own is to be said anew. Whose word it is does not matter here: a
 * receipt of somebody who has left long ago is still true.
 */

import type { LogId, PeerId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import type { LogicalTime } from "../wire/post.ts";
import type { LogMark, SignedReceipt } from "../wire/receipt.ts";
import { firstToForget } from "./strangers_first.ts";

/** Words of one author that are closer than this by its own clock were not said by this program. */
const apartMs = 1_000;

/** The receipts of one room. */
export class ReceiptRows {
  /** Our own logs in the room by their marks: what others hold of them is our receipt. */
  readonly ownLogs = new Map<LogMark, LogId>();
  /** Our own last word. */
  own: SignedReceipt | null = null;
  readonly #limits: Limits;
  readonly #rows = new Map<PeerId, SignedReceipt>();
  /** The times of more words than are kept, so that none goes round the room twice. */
  readonly #times = new Map<PeerId, LogicalTime>();
  /** No word of an author that is forgotten was later. */
  #forgottenMs = -Infinity;
  /** Nor of one whose key a person has named; strangers may have been a minute ahead. */
  #forgottenKnownMs = -Infinity;
  #saidMs = -Infinity;
  #dueMs = Infinity;
  /** Words of others that were news, each fading in `receiptMs`, and when that was reckoned. */
  #heard = 0;
  #heardMs = -Infinity;
  /** How often our word was put off. */
  #waited = 0;
  #repeats = false;
  /** Whether what is on the disk was read. */
  isRead = false;
  /** When what has changed is to be written, on the monotonic clock; `Infinity` if nothing has. */
  keepMs = Infinity;
  /** The words that are on the disk. */
  #kept: ReadonlyMap<PeerId, SignedReceipt> = new Map();

  /** @param limits The table of limits. */
  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** The newest words of others. */
  get rows(): Iterable<SignedReceipt> {
    return this.#rows.values();
  }

  /** How many words are kept, and of how many authors the last time is known. */
  get sizes(): { readonly rows: number; readonly times: number } {
    return { rows: this.#rows.size, times: this.#times.size };
  }

  /** When our own word is to be said, on the monotonic clock; `Infinity` if it is up to date. */
  get dueMs(): number {
    return this.#dueMs;
  }

  /** Whether what we hold has changed since our last word. */
  get isStale(): boolean {
    return this.#dueMs !== Infinity && !this.#repeats;
  }

  /** How often each of so many members may say anew what it holds. */
  periodMs(members: number): number {
    const { receiptMs, receiptManyMs, receiptHoldersMax } = this.#limits;
    return members <= receiptHoldersMax ? receiptMs : receiptManyMs * members / receiptHoldersMax;
  }

  /**
   * What we hold has changed.
   *
   * @param members How many are in the room.
   * @param random Gives 0 to 1: those who got one post at one time must not answer in step.
   * @param nowMs The monotonic clock.
   */
  onChanged(members: number, random: () => number, nowMs: number): void {
    if (this.isStale) return;
    const gatherMs = this.#limits.receiptGatherMs * (0.5 + random() / 2);
    this.#dueMs = Math.max(nowMs + gatherMs, this.#saidMs + this.periodMs(members));
    this.#repeats = false;
  }

  /**
   * Our own word goes out; it is said once more later, for those that it missed.
   *
   * @param members How many are in the room.
   */
  onSaid(own: SignedReceipt, members: number, nowMs: number): void {
    this.own = own;
    this.#saidMs = nowMs;
    this.#waited = 0;
    const waitMs = Math.max(this.#limits.receiptRepeatMs, this.periodMs(members));
    this.#dueMs = this.#repeats ? Infinity : nowMs + waitMs;
    this.#repeats = !this.#repeats;
  }

  /** A word of somebody else has come by gossip and was news. */
  onHeard(nowMs: number): void {
    this.#heard = this.#fading(nowMs) + 1;
    this.#heardMs = nowMs;
  }

  /**
   * Puts off our own word that is due, if the room hears as many words as it shall: each goes to
   * all, and how many there are to speak is not known while many come at once. That is what
   * Trickle (RFC 6206) calls polite gossip. Whoever makes up words to silence others wins only
   * `receiptWaitsMax` times.
   *
   * @param members How many are in the room, as far as is known.
   * @param random Gives 0 to 1.
   * @param nowMs The monotonic clock.
   */
  waits(members: number, random: () => number, nowMs: number): boolean {
    const { receiptMs, receiptManyMs, receiptHoldersMax, receiptWaitsMax } = this.#limits;
    const everyMs = members <= receiptHoldersMax ? receiptMs : receiptManyMs;
    const enough = receiptHoldersMax * receiptMs / everyMs;
    if (this.#waited >= receiptWaitsMax || this.#fading(nowMs) <= enough) return false;
    this.#waited++;
    this.#dueMs = nowMs + this.periodMs(members) * (0.5 + random());
    return true;
  }

  #fading(nowMs: number): number {
    if (this.#heard === 0) return 0;
    return this.#heard * Math.exp(-(nowMs - this.#heardMs) / this.#limits.receiptMs);
  }

  /** The words that are not on the disk yet, and whose are there for nothing; now they count as kept. */
  takeChanged(): { readonly words: SignedReceipt[]; readonly gone: PeerId[] } {
    const words = [...this.#rows.values()].filter((word) => this.#kept.get(word.author) !== word);
    const gone = [...this.#kept.keys()].filter((author) => !this.#rows.has(author));
    this.#kept = new Map(this.#rows);
    return { words, gone };
  }

  /** Nobody is there to hear it. */
  onUnheard(): void {
    this.own = null;
    this.#waited = 0;
    this.#dueMs = Infinity;
    this.#repeats = false;
  }

  /**
   * Whether a word is newer than the last of its author.
   *
   * @param networkMs What others' clocks show, as far as we can tell.
   * @param isKnown Whether a person has named a key: strangers make room for it.
   */
  isNews(
    { author, time }: SignedReceipt,
    networkMs: number,
    isKnown: (peer: PeerId) => boolean,
  ): boolean {
    if (time.ms > networkMs + this.#limits.clockAdvanceMs) return false;
    const last = this.#times.get(author);
    if (last !== undefined) {
      return last.ms > networkMs + this.#limits.clockAdvanceMs || time.ms >= last.ms + apartMs;
    }
    // A word of somebody who is forgotten must not be news a second time: it would go round the
    // room for ever.
    const known = isKnown(author);
    if (time.ms <= (known ? this.#forgottenKnownMs : this.#forgottenMs)) return false;
    if (this.#times.size < this.#limits.presentMax || known) return true;
    // More than that would be too many words for a room; but who speaks no more makes room, or a
    // minute of made-up keys would keep everybody else out for good.
    const out = this.#times.get(firstToForget(this.#times.keys(), isKnown))!;
    return out.ms < networkMs - this.#limits.receiptForgetMs;
  }

  /**
   * Takes a verified word that is news.
   *
   * @param isKnown Whether a person has named a key: strangers' words make room for theirs.
   */
  onWord(word: SignedReceipt, isKnown: (peer: PeerId) => boolean): void {
    const { author, time } = word;
    this.#times.delete(author);
    this.#times.set(author, time);
    if (this.#times.size > this.#limits.presentMax) {
      const out = firstToForget(this.#times.keys(), isKnown);
      const { ms } = this.#times.get(out)!;
      this.#forgottenMs = Math.max(this.#forgottenMs, ms);
      if (isKnown(out)) this.#forgottenKnownMs = Math.max(this.#forgottenKnownMs, ms);
      this.#times.delete(out);
    }
    this.#rows.delete(author);
    this.#rows.set(author, word);
    if (this.#rows.size > this.#limits.receiptHoldersMax) {
      this.#rows.delete(firstToForget(this.#rows.keys(), isKnown));
    }
  }
}
