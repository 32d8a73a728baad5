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
  #fruitful = false;
  #cameElsewhere = false;
  /** From then on others may be asked for the same; `-Infinity` if they may. */
  #aloneUntilMs = Infinity;
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
    return this.#fruitful;
  }

  /** Whether nothing has come of it, not even what others were quicker with. */
  get isSilent(): boolean {
    return !this.#fruitful && !this.#cameElsewhere;
  }

  /**
   * Whether nobody else is asked for the same. Most answers begin within a round trip: who is so
   * late may never send anything, and among many of those nobody should have to wait for each.
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
    this.#aloneUntilMs = nowMs + wantAloneMs;
    this.#deadlineMs = nowMs + pageMs;
    this.#endMs = nowMs + requestPagesMax * pageMs;
  }

  /** Something new has come of it. */
  onFruit(nowMs: number): void {
    this.#fruitful = true;
    this.#aloneUntilMs = Infinity;
    this.#deadlineMs = Math.min(nowMs + this.#limits.pageMs, this.#endMs);
  }

  /** Something known has come of it: perhaps others were quicker, who were asked for the same. */
  onKnown(): void {
    this.#cameElsewhere ||= !this.isAlone;
  }

  /** Looks at the clock; says whether it counts as unanswered. */
  onTime(nowMs: number): boolean {
    if (this.#aloneUntilMs <= nowMs) this.#aloneUntilMs = -Infinity;
    return this.#deadlineMs <= nowMs;
  }
}
