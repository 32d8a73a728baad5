/**
 * The narrow, synchronous ports through which the engine reaches stored posts and
 * randomness. Writes leave as actions (peer/action.ts).
 */

import type { LogId, PeerId, PostId, RoomId } from "../wire/ids.ts";
import type { LogicalTime, SignedPost } from "../wire/post.ts";
import type { LogKey } from "./log_key.ts";

/** What is held of one log: one entry of a frontier. */
export interface Holding {
  readonly author: PeerId;
  readonly log: LogId;
  /** All of 1 to `top` are held; 0 if the first is missing. */
  readonly top: number;
  /** The id of the post with sequence `top`; `null` if `top` is 0. */
  readonly topId: PostId | null;
  /** Ranges held above `top + 1`, ascending, both ends included. */
  readonly above: readonly (readonly [from: number, to: number])[];
  /** The latest time of its posts, in milliseconds since 1970. */
  readonly latestMs: number;
}

/** A post's bytes together with its place in its log. */
export interface SequencedPost extends SignedPost {
  readonly seq: number;
}

/** Up to where a log has been pruned. */
export interface Floor {
  /** All posts up to this sequence are gone but for those in `kept`, and count as held. */
  readonly seq: number;
  /** The id of the post that stood there. */
  readonly id: PostId;
  /** What is still stored at or below it, ascending; kinds that are never removed. */
  readonly kept: readonly (readonly [from: number, to: number])[];
}

/** What one member was known to hold of a log of ours. */
export interface KeptHolder {
  readonly log: LogId;
  readonly peer: PeerId;
  /** Ascending; none takes away what was kept of it. */
  readonly ranges: readonly (readonly [from: number, to: number])[];
}

/** What is kept of who holds what in a room. */
export interface KeptReceipts {
  /** The newest words of others, as they were signed. */
  readonly words: readonly SignedPost[];
  /** Who holds what of ours, whoever said so. */
  readonly holders: readonly KeptHolder[];
}

/** Reads stored posts. Both the SQLite store and the memory store of the tests are one. */
export interface PostReader {
  /** Whether the post is stored. */
  has(id: PostId): boolean;
  /** Whether a stored post has been taken back by its author. */
  isWithdrawn(id: PostId): boolean;
  /** A stored post's bytes, or `null`. */
  get(id: PostId): SignedPost | null;
  /**
   * Posts of one log, newest first.
   *
   * @param from Lowest sequence wanted.
   * @param to Highest sequence wanted.
   * @param bytesMax Stops before the sum of the posts' bytes exceeds this, but gives at
   * least one post if there is any.
   */
  range(
    room: RoomId,
    author: PeerId,
    log: LogId,
    from: number,
    to: number,
    bytesMax: number,
  ): SequencedPost[];
  /** Places in logs of a room at which more than one post stands. */
  forks(room: RoomId): { readonly author: PeerId; readonly log: LogId; readonly seq: number }[];
  /** All that is held of a room. Two posts with one sequence (a fork) count once. */
  frontier(room: RoomId): Holding[];
  /** Up to where a log was pruned, or `null`; asked for every post, so it is answered from memory. */
  floor(room: RoomId, key: LogKey): Floor | null;
  /** The newest posts of a room by logical time and id, newest first, of all kinds. */
  newest(room: RoomId, count: number): SignedPost[];
  /** The newest profile post of each author in a room that has not been taken back. */
  profiles(room: RoomId): SignedPost[];
  /** The newest topic post of a room that has not been taken back, or `null`. */
  topic(room: RoomId): SignedPost | null;
  /**
   * Posts by which something is done in a room with a founder: memberships, epochs, invites,
   * closings, topics, announcements and tombstones of one author; with `null` the first posts of logs that may have founded it.
   */
  acts(room: RoomId, author: PeerId | null): Iterable<SignedPost>;
  /** What is kept of who holds what; neither signatures nor the peers' places are checked. */
  receipts(room: RoomId): KeptReceipts;
  /** The newest posts of kind invite in a room, at most so many, in any order. */
  inviteDeeds(room: RoomId, count: number): SignedPost[];
  /** The latest logical time of any post by `author`, in any room; `null` if there is none. */
  lastTime(author: PeerId): LogicalTime | null;
}

/** Seeded pseudo-randomness for the protocol's choices, never for keys. */
export interface Rng {
  /** A number from 0 up to but not including 1. */
  next(): number;
}
