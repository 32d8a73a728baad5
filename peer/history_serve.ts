/**
 * The answering half of history: pages of what a neighbour has asked for, read from the
 * store only when the link has room for them, newest first within each range.
 *
 * Besides, it remembers which logs a neighbour must be told of again: those whose posts
 * were left out of its gossip, and those that have come to us as history.
 */

import type { RoomId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import type { WantedRange } from "../wire/message.ts";
import type { SignedPost } from "../wire/post.ts";
import type { ConnectionId } from "./input.ts";
import type { LogKey } from "./log_key.ts";
import type { PostReader } from "./ports.ts";

interface Answer {
  readonly room: RoomId;
  readonly request: number;
  readonly ranges: WantedRange[];
  bytesLeft: number;
}

/** One page on its way. */
export interface Page {
  readonly room: RoomId;
  readonly request: number;
  readonly posts: readonly SignedPost[];
  readonly last: boolean;
}

interface Neighbour {
  answer: Answer | null;
  /** Logs to state again, by room; `null` if there are too many to name, so all of them. */
  readonly dirty: Map<RoomId, Set<LogKey> | null>;
  /** When the next statement may be made, on the monotonic clock. */
  stateMs: number;
}

/** Logs per neighbour and room that are named one by one before all are stated again. */
const dirtyLogsMax = 256;

/** All answers of one peer. */
export class HistoryServe {
  readonly #limits: Limits;
  readonly #reader: PostReader;
  readonly #neighbours = new Map<ConnectionId, Neighbour>();

  constructor(limits: Limits, reader: PostReader) {
    this.#limits = limits;
    this.#reader = reader;
  }

  /** When a statement is due, on the monotonic clock. */
  get deadlineMs(): number {
    let earliest = Infinity;
    for (const neighbour of this.#neighbours.values()) {
      if (neighbour.dirty.size > 0) earliest = Math.min(earliest, neighbour.stateMs);
    }
    return earliest;
  }

  /** A neighbour asks; an earlier request of it is given up. */
  onWant(
    connection: ConnectionId,
    room: RoomId,
    request: number,
    ranges: readonly WantedRange[],
  ): void {
    this.#neighbour(connection).answer = {
      room,
      request,
      ranges: [...ranges],
      bytesLeft: this.#limits.wantBytesMax,
    };
  }

  /** A neighbour has closed a room, or we have. */
  onRoomClosed(connection: ConnectionId, room: RoomId): void {
    const neighbour = this.#neighbours.get(connection);
    if (neighbour === undefined) return;
    neighbour.dirty.delete(room);
    if (neighbour.answer?.room === room) neighbour.answer = null;
  }

  /** A link is gone. */
  onLinkLost(connection: ConnectionId): void {
    this.#neighbours.delete(connection);
  }

  /** Whether pages are owed to a neighbour. */
  isServing(connection: ConnectionId): boolean {
    return this.#neighbours.get(connection)?.answer != null;
  }

  /** Reads the next page for a neighbour; `null` if nothing is owed. */
  nextPage(connection: ConnectionId): Page | null {
    const neighbour = this.#neighbours.get(connection);
    const answer = neighbour?.answer;
    if (neighbour === undefined || answer == null) return null;
    const { room, request, ranges } = answer;
    const posts: SignedPost[] = [];
    let space = Math.min(this.#limits.pageBytesMax, answer.bytesLeft);
    for (let range; (range = ranges[0]) !== undefined && space > 0;) {
      const { author, log, from, to } = range;
      const read = this.#reader.range(room, author, log, from, to, space);
      const bytes = read.reduce((sum, post) => sum + sizeOf(post), 0);
      if (posts.length > 0 && bytes > space) break;
      posts.push(...read);
      space -= bytes;
      answer.bytesLeft -= bytes;
      const lowest = read.at(-1)?.seq ?? from;
      if (lowest <= from) ranges.shift();
      else ranges[0] = { author, log, from, to: lowest - 1 };
    }
    const last = ranges.length === 0 || answer.bytesLeft <= 0;
    if (last) neighbour.answer = null;
    return { room, request, posts, last };
  }

  /** Some logs must be stated again to a neighbour. */
  onDirty(connection: ConnectionId, room: RoomId, keys: Iterable<LogKey>): void {
    const neighbour = this.#neighbour(connection);
    let dirty = neighbour.dirty.get(room);
    if (dirty === null) return;
    if (dirty === undefined) neighbour.dirty.set(room, dirty = new Set());
    for (const key of keys) dirty.add(key);
    if (dirty.size > dirtyLogsMax) neighbour.dirty.set(room, null);
  }

  /**
   * The logs to state again to a neighbour now, by room; `null` for all of a room.
   * Empty until the time has come.
   */
  takeDirty(connection: ConnectionId, nowMs: number): [RoomId, ReadonlySet<LogKey> | null][] {
    const neighbour = this.#neighbours.get(connection);
    if (neighbour === undefined || neighbour.dirty.size === 0 || nowMs < neighbour.stateMs) {
      return [];
    }
    const dirty = [...neighbour.dirty];
    neighbour.dirty.clear();
    neighbour.stateMs = nowMs + this.#limits.frontierMs;
    return dirty;
  }

  #neighbour(connection: ConnectionId): Neighbour {
    let neighbour = this.#neighbours.get(connection);
    if (neighbour === undefined) {
      this.#neighbours.set(connection, neighbour = { answer: null, dirty: new Map(), stateMs: 0 });
    }
    return neighbour;
  }
}

/** Bytes of a post in a page: itself and at most 8 of framing. */
function sizeOf(post: SignedPost): number {
  return post.signed.length + post.signature.length + 8;
}
