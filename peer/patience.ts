/**
 * How long an announced post may take to come by itself before it is asked for. Where peers or
 * links are busy a fixed time is too short for all at once: every post is asked for everywhere,
 * the answers make the busy ones busier, and the tree falls apart. So it grows while posts come
 * by themselves after they were asked for, and shrinks while asking brings them.
 */

import type { Limits } from "../wire/limits.ts";

/** The patience of one tree. */
export class Patience {
  readonly #limits: Limits;
  #ms: number;
  #changedMs = -Infinity;
  #tooSoonMs = -Infinity;

  /** @param limits For the least and the most. */
  constructor(limits: Limits) {
    this.#limits = limits;
    this.#ms = limits.graftMs;
  }

  /** How long to wait. */
  get ms(): number {
    return this.#ms;
  }

  /** A post came by itself though it had been asked for. */
  onTooSoon(nowMs: number): void {
    this.#tooSoonMs = nowMs;
    // Posts that were asked for together say the same thing.
    if (nowMs - this.#changedMs < this.#limits.graftMs) return;
    this.#changedMs = nowMs;
    this.#ms = Math.min(this.#limits.graftMsMax, this.#ms * 2);
  }

  /** A post came because it was asked for. */
  onNeeded(nowMs: number): void {
    const { graftMs } = this.#limits;
    if (nowMs - this.#changedMs < graftMs || nowMs - this.#tooSoonMs < 4 * graftMs) return;
    this.#changedMs = nowMs;
    this.#ms = Math.max(graftMs, this.#ms * 0.75);
  }
}
