/**
 * The answering half of history: pages of what a neighbour has asked for, read from the
 * store only when the link has room for them, newest first within each range.
 */

import type { RoomId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import { envelopeBytes, type WantedRange } from "../wire/message_entries.ts";
import type { SignedPost } from "../wire/post.ts";
import type { ConnectionId } from "./input.ts";
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
  /** The ranges that its posts are from. */
  readonly given: readonly WantedRange[];
}

/** All answers of one peer. */
export class HistoryServe {
  readonly #limits: Limits;
  readonly #reader: PostReader;
  /** What each neighbour is owed, in order. */
  readonly #answers = new Map<ConnectionId, Answer[]>();

  constructor(limits: Limits, reader: PostReader) {
    this.#limits = limits;
    this.#reader = reader;
  }

  /** A neighbour asks; an earlier request of it is given up, unless both are small. */
  onWant(
    connection: ConnectionId,
    room: RoomId,
    request: number,
    ranges: readonly WantedRange[],
  ): void {
    const { wantBytesMax, wantPostsAheadMax } = this.#limits;
    const answer = { room, request, ranges: [...ranges], bytesLeft: wantBytesMax };
    const [first, second] = this.#answers.get(connection) ?? [];
    const isAhead = first !== undefined && second === undefined &&
      countOf(first.ranges) + countOf(ranges) <= wantPostsAheadMax;
    this.#answers.set(connection, isAhead ? [first, answer] : [answer]);
  }

  /** A neighbour has closed a room, or we have. */
  onRoomClosed(connection: ConnectionId, room: RoomId): void {
    const left = this.#answers.get(connection)?.filter((answer) => answer.room !== room) ?? [];
    if (left.length > 0) this.#answers.set(connection, left);
    else this.#answers.delete(connection);
  }

  /** A link is gone. */
  onLinkLost(connection: ConnectionId): void {
    this.#answers.delete(connection);
  }

  /** Reads the next page for a neighbour; `null` if nothing is owed. */
  nextPage(connection: ConnectionId): Page | null {
    const answers = this.#answers.get(connection);
    const answer = answers?.[0];
    if (answers === undefined || answer === undefined) return null;
    const { room, request, ranges } = answer;
    const posts: SignedPost[] = [];
    const given: WantedRange[] = [];
    let space = Math.min(this.#limits.pageBytesMax, answer.bytesLeft);
    for (let range; (range = ranges[0]) !== undefined && space > 0;) {
      const { author, log, from, to } = range;
      const read = this.#reader.range(room, author, log, from, to, space);
      const bytes = read.reduce((sum, post) => sum + envelopeBytes(post), 0);
      if (posts.length > 0 && bytes > space) break;
      posts.push(...read);
      space -= bytes;
      answer.bytesLeft -= bytes;
      const lowest = read.at(-1)?.seq ?? from;
      if (read.length > 0) given.push({ author, log, from: lowest, to: read[0]!.seq });
      if (lowest <= from) ranges.shift();
      else ranges[0] = { author, log, from, to: lowest - 1 };
    }
    const last = ranges.length === 0 || answer.bytesLeft <= 0;
    if (last) answers.shift();
    if (answers.length === 0) this.#answers.delete(connection);
    return { room, request, posts, last, given };
  }
}

function countOf(ranges: readonly WantedRange[]): number {
  return ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);
}
