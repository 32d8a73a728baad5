/** Posts of an export, taken in while the engine runs, like history that nobody was asked for. */

import type { Post } from "../wire/post.ts";
import { startLog } from "./engine_commit.ts";
import type { EngineState } from "./engine_state.ts";
import { logKey } from "./log_key.ts";

/**
 * Puts into the batch what is not held yet.
 *
 * @param state The engine.
 * @param posts Their signatures have been verified.
 * @returns Whether there is anything to store.
 */
export function importPosts(state: EngineState, posts: readonly Post[]): boolean {
  const { batch } = state;
  let any = false;
  for (const post of posts) {
    if (batch.ids.has(post.id) || state.reader.has(post.id)) continue;
    const open = state.rooms.get(post.room);
    if (open?.room.admits(logKey(post.author, post.log), post.seq) === false) continue;
    // An own post that we lack: this log was written elsewhere, as after a restored backup.
    if (post.author === state.me && post.log === state.log) startLog(state, "restored");
    batch.arrivals.push({ post, origin: "history" });
    batch.sources.push(null);
    batch.ids.add(post.id);
    any = true;
  }
  return any;
}
