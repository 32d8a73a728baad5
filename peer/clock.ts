/**
 * The clock that stamps posts: a hybrid logical clock (Kulkarni, Demirbas, Madappa, Avva,
 * Leone 2014) over a wall clock that may be wrong.
 *
 * A post that claims a time far ahead does not drag us along: only times at most a minute
 * ahead advance the clock. A wall clock that disagrees with those we dialled is corrected for
 * stamping. Nothing here hides or refuses a post because of its time.
 */

import type { Limits } from "../wire/limits.ts";
import { compareTimes, type LogicalTime } from "../wire/post.ts";

/** 2026-11-20 in milliseconds since 1970: no clock that is right shows less than the first release. */
const releasedMs = 1_795_132_800_000;

/** A century is more than any machine that runs this program will see. */
const lastMs = releasedMs + 100 * 365 * 86_400_000;

/** Whether a clock may show this: a dead battery's 1970 must not drag others along. */
function isPossible(ms: number): boolean {
  return ms >= releasedMs && ms < lastMs;
}

const never: LogicalTime = { ms: 0, counter: 0 };

/** Stamps posts and judges the times of others. */
export class Clock {
  readonly #limits: Limits;
  #last = never;
  #presenceLast = never;
  #receiptLast = never;
  #offsetMs = 0;
  #estimateMs = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** What is added to the wall clock for stamping; 0 while it is believed. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  /** The wall clock as corrected. */
  correctedMs(wallMs: number): number {
    return wallMs + this.#offsetMs;
  }

  /** The best guess at what others' clocks show: for presence, which must be fresh for them. */
  networkMs(wallMs: number): number {
    return wallMs + this.#estimateMs;
  }

  /**
   * Compares our wall clock with those of others.
   *
   * @param offsetsMs Others' clocks less ours, of those that we dialled.
   * @param only Whether the one neighbour is all there is.
   * @returns Whether the correction has changed, so that its owner must be told.
   */
  compare(wallMs: number, offsetsMs: readonly number[], only: boolean): boolean {
    const sorted = offsetsMs.filter((offsetMs) => isPossible(wallMs + offsetMs))
      .sort((a, b) => a - b);
    const median = sorted[sorted.length >> 1];
    if (median === undefined) return false;
    this.#estimateMs = median;
    if (sorted.length < 3 && !only) return false;
    const wrong = Math.abs(median) > this.#limits.clockSkewMs || wallMs < releasedMs;
    const offset = wrong ? median : 0;
    const changed = Math.abs(offset - this.#offsetMs) > this.#limits.clockAdvanceMs;
    if (changed) this.#offsetMs = offset;
    return changed;
  }

  /**
   * Drops what no neighbour bears out any more: its clock, not ours, may have been the wrong one.
   *
   * @param offsetsMs Others' clocks less ours, of all neighbours that have told.
   * @returns Whether the correction has changed, so that its owner must be told.
   */
  review(offsetsMs: readonly number[]): boolean {
    const { clockSkewMs, clockAdvanceMs } = this.#limits;
    const isBorneOut = (ms: number, toleranceMs: number) =>
      ms === 0 || offsetsMs.length === 0 ||
      offsetsMs.some((offsetMs) => Math.abs(offsetMs - ms) <= toleranceMs);
    if (!isBorneOut(this.#estimateMs, clockAdvanceMs)) this.#estimateMs = 0;
    if (isBorneOut(this.#offsetMs, clockSkewMs)) return false;
    this.#offsetMs = 0;
    return true;
  }

  /** The wall clock was set: it is believed until it is compared again. */
  onJump(): void {
    this.#offsetMs = 0;
    this.#estimateMs = 0;
  }

  /** Takes notice of a stored post's time. */
  observe(time: LogicalTime, wallMs: number): void {
    if (time.ms > this.correctedMs(wallMs) + this.#limits.clockAdvanceMs) return;
    if (compareTimes(time, this.#last) > 0) this.#last = time;
  }

  /** Takes up an own post's time after a restart, however far ahead it is. */
  resume(time: LogicalTime): void {
    if (compareTimes(time, this.#last) > 0) this.#last = time;
  }

  /** Whether our own last time is so far ahead that a log under it can not go on. */
  runsAhead(wallMs: number): boolean {
    return this.#last.ms > this.correctedMs(wallMs) + this.#limits.clockAdvanceMs;
  }

  /** Goes on from the wall clock; the caller takes a new log. */
  restart(): void {
    this.#last = never;
  }

  /** The time of the next own post: later than every one observed. */
  stamp(wallMs: number): LogicalTime {
    this.#last = after(this.#last, this.correctedMs(wallMs));
    return this.#last;
  }

  /** The time of the next own presence: later than the one before, unless that was far ahead. */
  stampPresence(wallMs: number): LogicalTime {
    const networkMs = this.networkMs(wallMs);
    const ahead = this.#presenceLast.ms > networkMs + this.#limits.presenceMaxAgeMs;
    this.#presenceLast = after(ahead ? never : this.#presenceLast, networkMs);
    return this.#presenceLast;
  }

  /** The time of our next receipt: later than the one before, unless that was far ahead. */
  stampReceipt(wallMs: number): LogicalTime {
    const networkMs = this.networkMs(wallMs);
    const ahead = this.#receiptLast.ms > networkMs + this.#limits.clockAdvanceMs;
    this.#receiptLast = after(ahead ? never : this.#receiptLast, networkMs);
    return this.#receiptLast;
  }

  /** Whether a post is marked "clock ahead". */
  isAhead(time: LogicalTime, wallMs: number): boolean {
    return time.ms > this.correctedMs(wallMs) + this.#limits.clockAheadMs;
  }
}

function after(last: LogicalTime, wallMs: number): LogicalTime {
  if (wallMs > last.ms) return { ms: Math.min(wallMs, 2 ** 48 - 1), counter: 0 };
  if (last.counter < 65_535) return { ms: last.ms, counter: last.counter + 1 };
  return { ms: last.ms + 1, counter: 0 };
}
