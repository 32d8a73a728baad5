/**
 * Gossip of all rooms: one tree each (peer/plumtree.ts), and one memory of what was accepted.
 * A post that has been accepted once is never processed again.
 */

import type { RoomId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import { Accepted } from "./accepted.ts";
import type { ConnectionId } from "./input.ts";
import { Plumtree } from "./plumtree.ts";

/** The trees of the open rooms, and the posts that need no second look. */
export class Broadcast {
  readonly accepted: Accepted;
  readonly #limits: Limits;
  readonly #trees = new Map<RoomId, Plumtree>();

  /** @param limits The table of limits. */
  constructor(limits: Limits) {
    this.#limits = limits;
    this.accepted = new Accepted(limits.dedupMax);
  }

  /** The tree of an open room; made at the first call. */
  tree(room: RoomId): Plumtree {
    let tree = this.#trees.get(room);
    if (tree === undefined) {
      this.#trees.set(room, tree = new Plumtree(this.#limits, this.accepted));
    }
    return tree;
  }

  /** A room is closed. */
  onRoomClosed(room: RoomId): void {
    this.#trees.delete(room);
  }

  /** All trees. */
  get trees(): Iterable<readonly [RoomId, Plumtree]> {
    return this.#trees;
  }

  /** Whether a link carries a room. */
  isNeighbour(room: RoomId, connection: ConnectionId): boolean {
    return this.#trees.get(room)?.has(connection) ?? false;
  }

  /** The links that carry a room, without the one that something came over. */
  targets(room: RoomId, source: ConnectionId | null): ConnectionId[] {
    const tree = this.#trees.get(room);
    return tree === undefined ? [] : [...tree.neighbours].filter((each) => each !== source);
  }
}
