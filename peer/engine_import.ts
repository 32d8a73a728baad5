/**
 * Posts of an export, taken in while the engine runs, like history that nobody was asked for. The
 * limits on what is held of a key are those for posts of neighbours, in rooms that are not open
 * too; only how much may come at once is not limited, for a person has asked for all of it.
 */

import type { RoomId } from "../wire/ids.ts";
import type { Post } from "../wire/post.ts";
import type { Charge } from "./charge.ts";
import { loadCharge } from "./engine_charge.ts";
import { openSealed } from "./engine_direct.ts";
import { isPruned, placeProblem } from "./engine_intake.ts";
import { startLog } from "./engine_post.ts";
import type { EngineState } from "./engine_state.ts";
import { Forks } from "./forks.ts";
import { HeldLogs } from "./held_logs.ts";
import type { Now } from "./input.ts";
import { logKey } from "./log_key.ts";

/** A room that posts of a file are for. */
interface Shelf {
  readonly held: HeldLogs;
  readonly forks: () => Forks;
  /** Whom the acts of a private room name, those of the batch included; `null` for other rooms. */
  readonly charge: Charge | null;
}

/**
 * Puts into the batch what is not held yet and may be.
 *
 * @param state The engine.
 * @param posts Their signatures have been verified.
 * @param now Both clocks.
 * @returns Whether there is anything to store.
 */
export function importPosts(state: EngineState, posts: readonly Post[], now: Now): boolean {
  const shelves = new Map<RoomId, Shelf>();
  const shelfOf = (room: RoomId) => {
    let shelf = shelves.get(room);
    if (shelf === undefined) shelves.set(room, shelf = shelfFor(state, room));
    return shelf;
  };
  let any = false;
  // Whoever is named by an act of this batch may come before it.
  for (let left = posts; left.length > 0;) {
    const unnamed: Post[] = [];
    for (const post of left) {
      const shelf = shelfOf(post.room);
      if (!isByMember(state, shelf, post)) unnamed.push(post);
      else if (take(state, shelf, post, now)) any = true;
    }
    left = unnamed.length < left.length ? unnamed : [];
  }
  // It may have been read before there was anything of the room.
  if (any) state.closedCharge = null;
  return any;
}

function shelfFor(state: EngineState, id: RoomId): Shelf {
  const charge = state.private?.has(id) ? loadCharge(state, id) : null;
  const open = state.rooms.get(id);
  if (open !== undefined) return { held: open.room.held, forks: () => open.forks, charge };
  const { reader, crypto, limits } = state;
  const held = new HeldLogs(id);
  for (const holding of reader.frontier(id)) held.load(holding);
  // Read when somebody asks, for a file rarely has any.
  let forks: Forks | null = null;
  const readForks = () => {
    const read = new Forks(id, reader, crypto, limits);
    read.reload();
    return read;
  };
  return { held, forks: () => forks ??= readForks(), charge };
}

function isByMember(state: EngineState, { charge }: Shelf, post: Post): boolean {
  return charge === null || (state.private?.isByMember(post, charge.officers) ?? false);
}

/** Whether the post goes into the batch. */
function take(state: EngineState, { held, forks, charge }: Shelf, post: Post, now: Now): boolean {
  const { batch } = state;
  if (batch.has(post) || state.reader.has(post.id)) return false;
  if (isPruned(state, post, logKey(post.author, post.log))) return false;
  // Whoever takes in a file has named all whose posts are in it: what came of a key that was known
  // elsewhere must come in whole.
  if (placeProblem(state, held, forks, post, true) !== null) return false;
  // An own post that we lack: this log was written elsewhere, as after a restored backup.
  if (post.author === state.me && post.log === state.log) startLog(state, "restored");
  charge?.take(post);
  const kept = openSealed(state, post, now);
  batch.add({ post, origin: "history", ...kept === undefined ? {} : { kept } }, null, null);
  return true;
}
