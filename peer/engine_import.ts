/**
 * Posts of an export, taken in while the engine runs, like history that nobody was asked for. The
 * limits on what is held of a key are those for posts of neighbours, in rooms that are not open
 * too; only how much may come at once is not limited, for a person has asked for all of it.
 */

import type { CryptoSuite } from "../wire/crypto_suite.ts";
import type { PeerId, RoomId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import type { Post } from "../wire/post.ts";
import type { HeldRoom } from "./batch.ts";
import type { Charge } from "./charge.ts";
import { loadCharge } from "./engine_charge.ts";
import { openSealed } from "./engine_direct.ts";
import { isPruned, placeProblem } from "./engine_intake.ts";
import { startLog } from "./engine_post.ts";
import type { EngineState } from "./engine_state.ts";
import { Forks } from "./forks.ts";
import type { Now } from "./input.ts";
import { type LogKey, logKey } from "./log_key.ts";
import type { PostReader } from "./ports.ts";
import { type Range, RangeSet } from "./ranges.ts";

/** A room that posts of a file are for. */
interface Shelf {
  readonly room: HeldRoom;
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
  if (open !== undefined) return { room: open.room, forks: () => open.forks, charge };
  const closed = new ClosedRoom(id, state.reader, state.crypto, state.limits);
  return { room: closed, forks: () => closed.forks, charge };
}

function isByMember(state: EngineState, { charge }: Shelf, post: Post): boolean {
  return charge === null || (state.private?.isByMember(post, charge.officers) ?? false);
}

/** Whether the post goes into the batch. */
function take(state: EngineState, { room, forks, charge }: Shelf, post: Post, now: Now): boolean {
  const { batch } = state;
  if (batch.has(post.id) || state.reader.has(post.id)) return false;
  if (isPruned(state, post, logKey(post.author, post.log))) return false;
  // Whoever takes in a file has named all whose posts are in it: what came of a key that was known
  // elsewhere must come in whole.
  if (placeProblem(state, room, forks, post, true) !== null) return false;
  // An own post that we lack: this log was written elsewhere, as after a restored backup.
  if (post.author === state.me && post.log === state.log) startLog(state, "restored");
  charge?.take(post);
  const kept = openSealed(state, post, now);
  batch.add({ post, origin: "history", ...kept === undefined ? {} : { kept } }, null, null);
  return true;
}

const nothing: readonly Range[] = [];

/** What is held of a room that is not open, as it was stored when it was read. */
class ClosedRoom implements HeldRoom {
  readonly id: RoomId;
  readonly #held = new Map<LogKey, RangeSet>();
  readonly #logCounts = new Map<PeerId, number>();
  readonly #readForks: () => Forks;
  #forks: Forks | null = null;

  /** Reads what is stored now. */
  constructor(id: RoomId, reader: PostReader, crypto: CryptoSuite, limits: Limits) {
    this.id = id;
    this.#readForks = () => {
      const forks = new Forks(id, reader, crypto, limits);
      forks.reload();
      return forks;
    };
    for (const { author, log, top, above } of reader.frontier(id)) {
      const held = new RangeSet();
      if (top > 0) held.add(1, top);
      for (const [from, to] of above) held.add(from, to);
      this.#held.set(logKey(author, log), held);
      this.#logCounts.set(author, this.logCount(author) + 1);
    }
  }

  /** Places at which two posts stand; read when somebody asks, for a file rarely has any. */
  get forks(): Forks {
    return this.#forks ??= this.#readForks();
  }

  held(key: LogKey): readonly Range[] {
    return this.#held.get(key)?.ranges ?? nothing;
  }

  mayHold(key: LogKey, seq: number): boolean {
    return this.#held.get(key)?.has(seq) ?? false;
  }

  extends(key: LogKey, seq: number): boolean {
    const held = this.#held.get(key);
    return held !== undefined && (held.has(seq - 1) || held.has(seq + 1) || held.has(seq));
  }

  rangesOf(key: LogKey): number {
    return this.held(key).length;
  }

  logCount(author: PeerId): number {
    return this.#logCounts.get(author) ?? 0;
  }
}
