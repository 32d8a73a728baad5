/** Posts of an export, taken in while the engine runs, like history that nobody was asked for. */

import type { Post } from "../wire/post.ts";
import { openSealed } from "./engine_direct.ts";
import { isPruned } from "./engine_intake.ts";
import { startLog } from "./engine_post.ts";
import type { EngineState } from "./engine_state.ts";
import type { Now } from "./input.ts";
import { logKey } from "./log_key.ts";

/**
 * Puts into the batch what is not held yet.
 *
 * @param state The engine.
 * @param posts Their signatures have been verified.
 * @param now Both clocks.
 * @returns Whether there is anything to store.
 */
export function importPosts(state: EngineState, posts: readonly Post[], now: Now): boolean {
  const { batch } = state;
  let any = false;
  for (const post of posts) {
    if (batch.has(post.id) || state.reader.has(post.id)) continue;
    const room = state.rooms.get(post.room)?.room ?? null;
    const key = logKey(post.author, post.log);
    if (isPruned(state, post, key)) continue;
    if (!batch.reserve(post.room, room, key, post.seq, state.rangesMax(post.room))) continue;
    // An own post that we lack: this log was written elsewhere, as after a restored backup.
    if (post.author === state.me && post.log === state.log) startLog(state, "restored");
    const kept = openSealed(state, post, now);
    batch.add({ post, origin: "history", ...kept === undefined ? {} : { kept } }, null, null);
    any = true;
  }
  return any;
}
