/** Choices of the simulator, all drawn from one seed. */

import type { Rng } from "../../peer/ports.ts";
import { seededRng } from "../rng.ts";

/** A stream of choices; each part of the simulator has its own. */
export class Dice implements Rng {
  readonly #rng: Rng;

  /** @param seed Equal seeds make equal choices. */
  constructor(seed: number) {
    this.#rng = seededRng(seed);
  }

  /** From 0 up to but not including 1. */
  next(): number {
    return this.#rng.next();
  }

  /** Whether something of this probability happens. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** A whole number from 0 up to but not including `bound`. */
  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  /** A number between two others, small and large ones as often in proportion. */
  between(low: number, high: number): number {
    return low * (high / low) ** this.next();
  }

  /** A whole number from `low` to `high`, both included. */
  count(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** How long until the next of events that come this often on average. */
  wait(meanMs: number): number {
    return -Math.log(1 - this.next()) * meanMs;
  }

  /** One of them. */
  pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }

  /** All of them in any order. */
  shuffle<T>(items: readonly T[]): T[] {
    const shuffled = [...items];
    for (let i = shuffled.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!];
    }
    return shuffled;
  }
}
