/** One peer's part of a broadcast tree, with the posts that come and go in it. */

import { type Acceptance, Accepted } from "../../peer/accepted.ts";
import { Plumtree, type Push } from "../../peer/plumtree.ts";
import type { PostId } from "../../wire/ids.ts";
import { defaultLimits, type Limits } from "../../wire/limits.ts";
import { markOf } from "../../wire/mark.ts";
import { seededRng } from "../rng.ts";
import { sampleId } from "../samples.ts";

const rng = seededRng(306);

/** The id of a post that nobody has seen. */
export const newId = () => sampleId<PostId>(rng);

/** A link whose other end is a neighbour no longer. */
const gone = 99;

/** A tree with neighbours 1 to `count`, and the memory that it shares with others. */
export class Tree {
  readonly accepted = new Accepted(1_000);
  readonly tree: Plumtree;

  /** @param yielding Neighbours that are given time to announce first. */
  constructor(
    count: number,
    changes: Partial<Limits> = {},
    readonly yielding: readonly number[] = [],
  ) {
    this.tree = new Plumtree({ ...defaultLimits, ...changes }, this.accepted);
    for (let connection = 1; connection <= count; connection++) {
      this.tree.onNeighbourUp(connection, this.yielding.includes(connection));
    }
  }

  /** A post is stored, from somebody else unless it is said; says how it goes on. */
  take(post: Partial<Acceptance> = {}, nowMs = 0): Push & { readonly id: PostId } {
    const acceptance = { id: newId(), source: gone, hops: 1, wide: false, ...post };
    this.accepted.add(acceptance);
    this.tree.onHeld(acceptance.id, acceptance.source, nowMs);
    return { id: acceptance.id, ...this.tree.push(acceptance, nowMs) };
  }

  /** A post of this peer's own person is stored. */
  own(nowMs = 0): Push & { readonly id: PostId } {
    return this.take({ source: null, hops: 0 }, nowMs);
  }

  /** A neighbour sends what has come from another already; says whether it is pruned at once. */
  copy(connection: number, first: Partial<Acceptance> = {}, nowMs = 0): boolean {
    const acceptance = { id: newId(), source: gone, hops: 1, wide: false, ...first };
    return this.tree.onCopy(connection, acceptance, nowMs);
  }

  /** A neighbour announces a post. */
  hear(connection: number, id: PostId, nowMs = 0): void {
    this.tree.onAnnounced(connection, [markOf(id)], nowMs);
  }

  /** Who is asked now, and for how many posts. */
  grafts(nowMs: number): [connection: number, marks: number][] {
    return this.tree.takeDue(nowMs).grafts.map(({ connection, marks }) => [
      connection,
      marks.length,
    ]);
  }
}
