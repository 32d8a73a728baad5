/** Of whom people have been told that posts are held back: once, until they ask for more. */

import type { PeerId } from "../wire/ids.ts";

/** Authors that are remembered; of more, people are told again. */
const toldMax = 64;

/** What people know of one room. */
export class HeldBack {
  readonly #told = new Set<PeerId>();

  /** Whether people are to be told of an author. */
  tellOnce(author: PeerId): boolean {
    if (this.#told.has(author)) return false;
    this.#told.add(author);
    if (this.#told.size > toldMax) this.#told.delete(this.#told.values().next().value!);
    return true;
  }

  /** They have asked for more. */
  clear(): void {
    this.#told.clear();
  }
}
