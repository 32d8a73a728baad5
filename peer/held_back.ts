/** Of whom people have been told that posts are held back: once, until they ask for more. */

import type { PeerId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";

/** What people know of one room. */
export class HeldBack {
  readonly #limits: Limits;
  readonly #told = new Set<PeerId>();

  /** @param limits The table of limits. */
  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Whether people are to be told of an author. */
  tellOnce(author: PeerId): boolean {
    if (this.#told.has(author)) return false;
    this.#told.add(author);
    if (this.#told.size > this.#limits.heldBackToldMax) {
      this.#told.delete(this.#told.values().next().value!);
    }
    return true;
  }

  /** They have asked for more. */
  clear(): void {
    this.#told.clear();
  }
}
