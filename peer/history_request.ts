/** One request for history that is in flight, and how long it may take. */

import type { RoomId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import { countOf } from "./history_choice.ts";
import type { LogKey } from "./log_key.ts";
import type { Range } from "./ranges.ts";

/** Times `pageMs` that a request may take in all: longer ones are asked anew, perhaps of others. */
const requestPagesMax = 6;

/** A request that has not been answered in full. */
export class HistoryRequest {
  /** Posts that it names. */
  readonly posts: number;
  readonly #limits: Limits;
  /** Logs of which something has come that was asked for. */
  readonly #answered = new Set<LogKey>();
  /** Bytes that have come of it, and of them those of new posts. */
  #bytes = 0;
  #newBytes = 0;
  #cameElsewhere = false;
  /** From then on others may be asked for the same; `-Infinity` if they may. */
  #aloneUntilMs = Infinity;
  #expectedMs = 0;
  /** When it counts as unanswered; only what is new puts it off, and never beyond `#endMs`. */
  #deadlineMs = Infinity;
  #endMs = Infinity;

  constructor(
    readonly number: number,
    readonly room: RoomId,
    readonly ranges: ReadonlyMap<LogKey, readonly Range[]>,
    limits: Limits,
  ) {
    this.#limits = limits;
    this.posts = [...ranges.values()].reduce((sum, portion) => sum + countOf(portion), 0);
  }

  /** Whether any new post has come of it. */
  get fruitful(): boolean {
    return this.#newBytes > 0;
  }

  /**
   * Logs of which nothing has come; none of them if an answer ends here because it is as long as
   * one may be.
   */
  get unanswered(): LogKey[] {
    if (this.#bytes > this.#limits.wantBytesMax / 2) return [];
    return [...this.ranges.keys()].filter((key) => !this.#answered.has(key));
  }

  /** Whether nothing has come of it, not even what others were quicker with. */
  get isSilent(): boolean {
    return !this.fruitful && !this.#cameElsewhere;
  }

  /**
   * Whether nobody else is asked for the same. Most answers begin within a round trip: who is so
   * late may never send anything, and among many of those nobody should have to wait for each. Nor
   * for one that sends a post of its own now and then, so that it counts as answering.
   */
  get isAlone(): boolean {
    return this.#aloneUntilMs !== -Infinity;
  }

  /** When {@linkcode HistoryRequest.onTime} changes something, on the monotonic clock. */
  get dueMs(): number {
    return this.isAlone ? Math.min(this.#aloneUntilMs, this.#deadlineMs) : this.#deadlineMs;
  }

  /** It is the one that is being answered from now on. */
  expect(nowMs: number): void {
    if (this.#deadlineMs !== Infinity) return;
    const { pageMs, wantAloneMs } = this.#limits;
    this.#expectedMs = nowMs;
    this.#aloneUntilMs = nowMs + wantAloneMs;
    this.#deadlineMs = nowMs + pageMs;
    this.#endMs = nowMs + requestPagesMax * pageMs;
  }

  /** A post of a log has come that it names, whatever becomes of it. */
  onCame(key: LogKey, bytes: number): void {
    this.#answered.add(key);
    this.#bytes += bytes;
    // Perhaps others were quicker, who were asked for the same.
    this.#cameElsewhere ||= !this.isAlone;
  }

  /**
   * Something new has come of it: it is left alone for as long as it comes at least at the pace of
   * a page in `pageMs`.
   *
   * @param bytes Of new posts.
   */
  onFruit(bytes: number, nowMs: number): void {
    const { pageMs, pageBytesMax, wantAloneMs } = this.#limits;
    this.#newBytes += bytes;
    const aloneMs = wantAloneMs + this.#newBytes * pageMs / pageBytesMax;
    this.#aloneUntilMs = Math.max(this.#aloneUntilMs, this.#expectedMs + aloneMs);
    this.#deadlineMs = Math.min(nowMs + pageMs, this.#endMs);
  }

  /** Looks at the clock; says whether it counts as unanswered. */
  onTime(nowMs: number): boolean {
    if (this.#aloneUntilMs <= nowMs) this.#aloneUntilMs = -Infinity;
    return this.#deadlineMs <= nowMs;
  }
}
