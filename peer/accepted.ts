/**
 * The posts that were stored lately and need no second look: copies are recognised here before
 * the store is asked, and announcements are held against it.
 *
 * An id enters only when its post is stored: a copy with a spoilt signature must not keep the
 * good one out.
 */

import type { PostId } from "../wire/ids.ts";
import { markOf, type PostMark } from "../wire/mark.ts";
import type { ConnectionId } from "./input.ts";

/** How a post came. */
export interface Acceptance {
  readonly id: PostId;
  /** The link that brought it; `null` for an own one and for one of a file. */
  readonly source: ConnectionId | null;
  /** Links that it has come over as gossip, 0 for an own one; `null` if it came as history. */
  readonly hops: number | null;
  /** It came to go to all neighbours. */
  readonly wide: boolean;
}

/** Posts accepted lately, in two generations: forgetting half at once is cheaper than one by one. */
export class Accepted {
  readonly #max: number;
  #young = new Map<PostMark, Acceptance>();
  #old = new Map<PostMark, Acceptance>();

  /** @param max Posts that are remembered. */
  constructor(max: number) {
    this.#max = max;
  }

  /** How many are remembered. */
  get size(): number {
    return this.#young.size + this.#old.size;
  }

  /** Whether a post has been accepted lately. */
  has(id: PostId): boolean {
    const known = this.get(markOf(id));
    if (known?.id !== id) return false;
    this.add(known);
    return true;
  }

  /** The post of a mark, if it has been accepted lately. */
  get(mark: PostMark): Acceptance | undefined {
    return this.#young.get(mark) ?? this.#old.get(mark);
  }

  /** A post has been stored. */
  add(acceptance: Acceptance): void {
    this.#young.set(markOf(acceptance.id), acceptance);
    if (this.#young.size * 2 < this.#max) return;
    this.#old = this.#young;
    this.#young = new Map();
  }
}
