/**
 * Tells which posts of history slip in above what was seen in a room, where nobody would look
 * for them: above what was stored when the room was opened, or, of posts made since then, above
 * what has been said since. Who comes to a room for the first time has missed nothing.
 */

import type { CryptoSuite } from "../wire/crypto_suite.ts";
import type { RoomId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import { comparePosts, decodePost, type Post, postKind } from "../wire/post.ts";
import type { ShownPost } from "./notice.ts";
import type { PostReader } from "./ports.ts";

/** A place in the one order. */
type Place = Pick<Post, "time" | "id">;

/** What was seen of one open room. */
export class Seen {
  readonly #stored: Place | null;
  readonly #openedMs: number;
  #said: Place | null = null;

  /**
   * Nothing was said yet.
   *
   * @param stored The newest that was shown before.
   * @param openedMs When the room was opened, by the wall clock.
   */
  constructor(stored: Place | null, openedMs: number) {
    this.#stored = stored;
    this.#openedMs = openedMs;
  }

  /** Takes in a post that is shown; says whether it comes late. */
  isLate(post: Place, origin: ShownPost["origin"]): boolean {
    if (origin !== "history") {
      if (this.#said === null || comparePosts(this.#said, post) < 0) this.#said = post;
      return false;
    }
    if (this.#stored !== null && comparePosts(post, this.#stored) < 0) return true;
    const isOfNow = post.time.ms >= this.#openedMs;
    return isOfNow && this.#said !== null && comparePosts(post, this.#said) < 0;
  }
}

const shownKinds: readonly number[] = [
  postKind.text,
  postKind.action,
  postKind.announcement,
  postKind.topic,
];

/** The newest stored post of a room that stands on a screen, unless many others came after it. */
export function newestShown(
  { reader, limits, crypto }: {
    readonly reader: PostReader;
    readonly limits: Limits;
    readonly crypto: CryptoSuite;
  },
  room: RoomId,
): Place | null {
  for (const envelope of reader.newest(room, limits.headCandidatesMax)) {
    const post = decodePost(envelope, crypto);
    if (shownKinds.includes(post.kind)) return { time: post.time, id: post.id };
  }
  return null;
}
