/**
 * This peer's own sealing keys: a new one each week, and the old ones for as long as somebody may
 * still use them.
 *
 * An old key is dropped 30 days after it was replaced, of time in which this peer was linked to
 * somebody: its successor has been with neighbours for as long, and whoever was away has had that
 * time to hear of it. Time of a machine that is off or alone does not count. What was sealed to a
 * key that is gone is asked for again.
 */

import type { KeyPair } from "../wire/crypto_suite.ts";
import type { Limits } from "../wire/limits.ts";
import type { SealingKey } from "./letter.ts";

/** Own sealing keys. */
export class SealingKeys {
  readonly #limits: Limits;
  #keys: readonly SealingKey[];
  /** The keys are not on disk as they are here. */
  #isUnsaved: boolean;
  #lookedMs: number | null = null;

  /**
   * @param kept As they were kept; empty at the first start.
   * @param first The key of the first start.
   */
  constructor(kept: readonly SealingKey[], first: SealingKey, limits: Limits) {
    this.#limits = limits;
    this.#keys = kept.length > 0 ? kept : [first];
    this.#isUnsaved = kept.length === 0;
  }

  /** The newest last. */
  get all(): readonly SealingKey[] {
    return this.#keys;
  }

  /** What others seal to. */
  get newest(): SealingKey {
    return this.#keys.at(-1)!;
  }

  /** The keys, if they have to be stored together with the profile that tells the newest. */
  get unsaved(): readonly SealingKey[] | null {
    return this.#isUnsaved ? this.#keys : null;
  }

  /** The keys are on disk. */
  onSaved(keys: readonly SealingKey[]): void {
    if (keys === this.#keys) this.#isUnsaved = false;
  }

  /** Whether it is time for a new key. */
  isDue(wallMs: number): boolean {
    return wallMs - this.newest.madeMs >= this.#limits.sealingKeyMs;
  }

  /** Takes a new key; the caller stores it with the profile that tells it. */
  renew(pair: KeyPair, wallMs: number): void {
    const next = { ...pair, madeMs: wallMs, agedMs: 0 };
    this.#keys = [...this.#keys, next].slice(-this.#limits.sealingKeysMax);
    this.#isUnsaved = true;
  }

  /**
   * Time has passed.
   *
   * @param monoMs The monotonic clock.
   * @param isLinked Somebody is linked, and has been so far as it matters.
   * @param isWhole All history that neighbours have told of is here.
   * @returns Whether what is kept has changed.
   */
  onTime(monoMs: number, isLinked: boolean, isWhole: boolean): boolean {
    const passedMs = monoMs - (this.#lookedMs ?? monoMs);
    this.#lookedMs = monoMs;
    if (!isLinked || passedMs === 0 || this.#keys.length === 1) return false;
    const newest = this.newest;
    const aged = this.#keys.map((key) =>
      key === newest ? key : { ...key, agedMs: key.agedMs + passedMs }
    );
    this.#keys = aged.filter((key) => !isWhole || key.agedMs < this.#limits.sealingKeptMs);
    return true;
  }
}
