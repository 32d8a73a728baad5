/** From a stored post to what a person reads of it. */

import type { Post } from "../wire/post.ts";
import type { PostBody } from "../wire/post_body.ts";
import type { ShownPost } from "./notice.ts";

/** What a post does not say itself. */
export interface Showing {
  /** How the room is called. */
  readonly room: string;
  /** How the author is called. */
  readonly name: string;
  readonly origin: ShownPost["origin"];
  readonly withdrawn: boolean;
  readonly clockAhead: boolean;
  readonly late: boolean;
  /** It stands in a private room. */
  readonly isPrivate: boolean;
}

/**
 * What a person reads of a post.
 *
 * @param post The post.
 * @param body Its decoded body.
 * @param showing The names and marks around it.
 * @returns `null` for the kinds that are not shown as a line.
 */
export function showPost(post: Post, body: PostBody, showing: Showing): ShownPost | null {
  if (body.kind === "profile" || body.kind === "tombstone") return null;
  return {
    id: post.id,
    kind: body.kind,
    room: showing.room,
    from: post.author,
    name: showing.name,
    text: showing.withdrawn ? "" : body.text,
    time: post.time,
    seq: post.seq,
    origin: showing.origin,
    reply: body.kind === "topic" ? null : body.reply,
    withdrawn: showing.withdrawn,
    clockAhead: showing.clockAhead,
    private: showing.isPrivate,
    late: showing.late,
  };
}
