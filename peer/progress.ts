/**
 * How far the history of one room has come in, for people to see: as many posts as have come
 * and as many as neighbours are known to hold beyond. A little of it is over before anybody
 * could read how far it is.
 */

import type { Limits } from "../wire/limits.ts";

/** What people are shown. */
export interface Fetched {
  readonly fetched: number;
  readonly total: number;
}

/** The progress of one room. */
export class Progress {
  readonly #limits: Limits;
  #fetched = 0;
  #shown = false;
  /** What had been fetched at the last look: nobody waits for what stands still. */
  #seen = 0;
  #dueMs = Infinity;

  /** @param limits The table of limits. */
  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** When people are to be told anew, on the monotonic clock. */
  get dueMs(): number {
    return this.#dueMs;
  }

  /** A post of history has been stored. */
  onFetched(nowMs: number): void {
    this.#fetched++;
    if (this.#dueMs === Infinity) this.#dueMs = nowMs + this.#limits.progressMs;
  }

  /**
   * What to tell now, if anything.
   *
   * @param lacking Posts that neighbours hold and that may be had, and we lack.
   */
  onTime(lacking: number, nowMs: number): Fetched | null {
    const fetched = this.#fetched;
    const total = fetched + lacking;
    const worth = this.#shown || total >= this.#limits.progressMin;
    if (lacking > 0) {
      const stands = fetched === this.#seen;
      this.#seen = fetched;
      this.#dueMs = stands ? Infinity : nowMs + this.#limits.progressMs;
      if (stands) return null;
      this.#shown ||= worth;
      return worth ? { fetched, total } : null;
    }
    this.#dueMs = Infinity;
    this.#fetched = this.#seen = 0;
    this.#shown = false;
    return worth ? { fetched, total } : null;
  }
}
