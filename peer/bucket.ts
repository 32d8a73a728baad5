/** Token buckets: how much of something may come at once, and how fast it may come on. */

/** One bucket; full at first. */
export class Bucket {
  readonly #burst: number;
  readonly #perSecond: number;
  #left: number;
  #filledMs = -Infinity;

  /**
   * @param burst How much may come at once.
   * @param perSecond How much may come in the long run.
   */
  constructor(burst: number, perSecond: number) {
    this.#burst = this.#left = burst;
    this.#perSecond = perSecond;
  }

  /** Whether `count` could be taken. */
  has(count: number, nowMs: number): boolean {
    this.#fill(nowMs);
    return this.#left >= count;
  }

  /** Takes `count` if there is so much; says whether there was. */
  take(count: number, nowMs: number): boolean {
    if (!this.has(count, nowMs)) return false;
    this.#left -= count;
    return true;
  }

  /** Takes `count` even if there is less: what is owed is waited for. */
  drain(count: number, nowMs: number): void {
    this.#fill(nowMs);
    this.#left -= count;
  }

  #fill(nowMs: number): void {
    if (nowMs === this.#filledMs) return;
    if (this.#filledMs !== -Infinity) {
      const gained = ((nowMs - this.#filledMs) / 1_000) * this.#perSecond;
      this.#left = Math.min(this.#burst, this.#left + gained);
    }
    this.#filledMs = nowMs;
  }
}
