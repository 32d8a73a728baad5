/**
 * Gossip by flooding: what is new goes to every neighbour in the room but the one it came
 * from, and an id that has been accepted once is never processed again.
 *
 * An id enters the memory of copies only when its post is stored: a copy with a spoilt
 * signature must not keep the good one out.
 */

import type { PostId, RoomId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import type { ConnectionId } from "./input.ts";

/** The neighbours of every room, and the posts that need no second look. */
export class Broadcast {
  readonly #limits: Limits;
  readonly #neighbours = new Map<RoomId, Set<ConnectionId>>();
  /** Accepted ids in two generations: forgetting half at once is cheaper than one by one. */
  #young = new Set<PostId>();
  #old = new Set<PostId>();

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Both ends of a link have a room open. */
  onNeighbourUp(room: RoomId, connection: ConnectionId): void {
    let neighbours = this.#neighbours.get(room);
    if (neighbours === undefined) this.#neighbours.set(room, neighbours = new Set());
    neighbours.add(connection);
  }

  /** One end of a link has closed a room, or the link is gone. */
  onNeighbourDown(room: RoomId, connection: ConnectionId): void {
    const neighbours = this.#neighbours.get(room);
    if (neighbours?.delete(connection) && neighbours.size === 0) this.#neighbours.delete(room);
  }

  /** Whether a link carries a room. */
  isNeighbour(room: RoomId, connection: ConnectionId): boolean {
    return this.#neighbours.get(room)?.has(connection) ?? false;
  }

  /** The links that carry a room, without the one that something came over. */
  targets(room: RoomId, source: ConnectionId | null): ConnectionId[] {
    return [...this.#neighbours.get(room) ?? []].filter((connection) => connection !== source);
  }

  /** Ids in the memory of copies. */
  get remembered(): number {
    return this.#young.size + this.#old.size;
  }

  /** Whether a post has been accepted lately. */
  isCopy(id: PostId): boolean {
    if (this.#young.has(id)) return true;
    if (!this.#old.has(id)) return false;
    this.onAccepted(id);
    return true;
  }

  /** A post has been stored. */
  onAccepted(id: PostId): void {
    this.#young.add(id);
    if (this.#young.size * 2 < this.#limits.dedupMax) return;
    this.#old = this.#young;
    this.#young = new Set();
  }
}
