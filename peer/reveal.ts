/** Shows what has come encrypted under an epoch whose secret is known only now. */

import { decodePost, type Post } from "../wire/post.ts";
import { decodeShown } from "./engine_charge.ts";
import { readProfiles, readTopic } from "./engine_commit.ts";
import type { EngineState, OpenRoom } from "./engine_state.ts";
import type { Now } from "./input.ts";

/**
 * Reads names and topic of a room anew, and shows posts in their places.
 *
 * @param isReadable Whether a post can be read from now on.
 */
export function reveal(
  state: EngineState,
  open: OpenRoom,
  isReadable: (post: Post) => boolean,
  now: Now,
): void {
  readProfiles(state, open);
  readTopic(state, open);
  const ruling = open.charge?.ruling ?? null;
  for (const stored of state.reader.newest(open.room.id, state.limits.actsReviewedMax).reverse()) {
    const post = decodePost(stored, state.crypto);
    if (!isReadable(post) || ruling?.counts(post) !== true) continue;
    const body = decodeShown(state, post);
    if (body === null || state.decided.of(post.author).blocked) continue;
    const withdrawn = state.reader.isWithdrawn(post.id) || ruling.hides(post);
    const shown = state.show(post, body, { origin: "history", withdrawn, late: true }, now);
    if (shown !== null) state.notify({ type: "message", post: shown });
  }
}
