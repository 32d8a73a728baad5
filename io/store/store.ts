/**
 * What a store of posts offers beyond the port that the engine reads through: writing, and
 * the answers that only a screen or an export asks for. `SqliteStore` is one, the memory
 * store of the tests the other; one test body runs over both.
 */

import type { Arrival, ReceiptChange } from "../../peer/action.ts";
import type { LetterReader } from "../../peer/letter.ts";
import type { PostReader } from "../../peer/ports.ts";
import type { LogId, PostId, RoomId } from "../../wire/ids.ts";
import { type Post, postKind } from "../../wire/post.ts";

/** A post with what only this machine knows of it. */
export interface StoredPost {
  /** As it was signed. */
  readonly post: Post;
  /** When it was stored here, in milliseconds since 1970. */
  readonly arrivedMs: number;
  /** How it came. */
  readonly origin: Arrival["origin"];
  /** A tombstone of its author is held, so that its text is to be shown nowhere. */
  readonly withdrawn: boolean;
}

/** A slice of what a room shows. */
export interface StoredPage {
  /** Oldest first, in the one order: time, counter, id. */
  readonly rows: readonly StoredPost[];
  /** Whether there are older ones, or newer ones where that was the way. */
  readonly more: boolean;
}

/** What a search has found. */
export interface FoundPage extends StoredPage {
  /** Posts that it did not look through, because they are not indexed yet. */
  readonly unsearched: number;
}

/** Keeps posts. */
export interface PostStore extends PostReader {
  /** The letters in them. */
  readonly correspondence: LetterReader;
  /**
   * Stores posts in one transaction; those already held are left as they are. When it
   * returns, own posts are on the disk, and what others wrote is safe from a crash of this
   * program. Without posts and without a new log it probes whether the disk takes writes.
   *
   * @param arrivals Posts whose signatures have been verified.
   * @param newLog The log under which this peer numbers from now on, if it has changed.
   * @param wallMs Now, in milliseconds since 1970: when the posts arrived.
   * @throws {StoreError} If it failed; nothing of it is held then.
   */
  append(arrivals: readonly Arrival[], newLog: LogId | null, wallMs: number): void;
  /**
   * Keeps who holds what in a room, as far as it has changed. It survives a crash of this
   * program, and of a room of which nothing is stored nothing is kept.
   */
  keepReceipts(room: RoomId, change: ReceiptChange): void;
  /** A post with all that is known of it, or `null`. */
  stored(id: PostId): StoredPost | null;
  /**
   * Posts that a screen shows (texts, actions, announcements, topics), withdrawn ones included.
   *
   * @param before The page ends before this post; `null` for the newest. If it is not held
   * in this room the page is empty.
   * @param limit Most posts wanted.
   */
  timeline(room: RoomId, before: PostId | null, limit: number): StoredPage;
  /**
   * The same, going the other way: the first posts after one. `more` tells of newer ones then.
   *
   * @param after If it is not held in this room the page is empty.
   * @param limit Most posts wanted.
   */
  timelineAfter(room: RoomId, after: PostId, limit: number): StoredPage;
}

/** Whether posts of this kind stand on a screen. */
export function isShown(kind: number): boolean {
  return kind === postKind.text || kind === postKind.action || kind === postKind.topic ||
    kind === postKind.announcement;
}
