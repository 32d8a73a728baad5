/**
 * What a stored post says about its log: that two posts stand in one place, that a branch is
 * missing, that there is a gap or none any more.
 */

import type { PostId } from "../wire/ids.ts";
import { type Post, previousOf } from "../wire/post.ts";
import type { Held } from "./chains.ts";
import { touch } from "./engine_say.ts";
import type { EngineState, OpenRoom } from "./engine_state.ts";
import type { ConnectionId, Now } from "./input.ts";
import { type LogKey, logKey, splitLogKey } from "./log_key.ts";

/**
 * A post is on disk and counts as held.
 *
 * @param joins Whether another post was held in its place before.
 */
export function onLogGrown(
  state: EngineState,
  open: OpenRoom,
  post: Post,
  joins: boolean,
  now: Now,
): void {
  const { room, forks, chains, gaps } = open;
  state.seek.onStored(post.id);
  open.digest.onChanged(logKey(post.author, post.log));
  const ids = forks.onStored(post, joins);
  if (ids !== null) tellFork(state, open, post, ids);
  for (const id of chains.onStored(post, new HeldIn(state, open))) seek(state, open, id);
  if (room.hasGaps || gaps.size > 0) gaps.onChanged(now.monoMs);
}

function tellFork(state: EngineState, open: OpenRoom, post: Post, ids: readonly PostId[]): void {
  if (!open.forks.tellOnce(logKey(post.author, post.log))) return;
  const { author: from, seq } = post;
  const [first, second] = ids as [PostId, PostId];
  const name = state.nameOf(from);
  state.notify({ type: "fork", room: open.room.name, from, name, seq, ids: [first, second] });
}

/** A neighbour says to hold a post that is not held here: it is asked for it. */
export function seekFrom(
  state: EngineState,
  open: OpenRoom,
  id: PostId,
  holder: ConnectionId,
): void {
  state.seek.onMissing(open.room.id, id, holder);
  touch(state, holder);
}

/**
 * A neighbour says that a branch ends in a post that is held here, too. What goes on from the same
 * place by another branch is looked at, since after a start only the newest posts of a room are:
 * the post before one of these may be lacking.
 */
export function seekBeside(
  state: EngineState,
  open: OpenRoom,
  key: LogKey,
  seq: number,
  holder: ConnectionId,
): void {
  if (isBelow(state, open, key, seq)) return;
  for (const id of namedBefore(state, open.room.id, key, seq + 1)) {
    if (!state.reader.has(id)) seekFrom(state, open, id, holder);
  }
}

/** A post must exist that is not held: the next neighbour that has time is asked for it. */
function seek(state: EngineState, open: OpenRoom, id: PostId): void {
  state.seek.onMissing(open.room.id, id);
  for (const connection of state.broadcast.targets(open.room.id, null)) touch(state, connection);
}

/**
 * Reads from the store which logs have forked, and whether the newest posts hang together.
 *
 * @param newest Those, oldest first.
 */
export function reloadForks(state: EngineState, open: OpenRoom, newest: readonly Post[]): void {
  const { forks, chains, room } = open;
  forks.reload();
  open.digest.clear();
  for (const key of room.logs) open.digest.onChanged(key);
  chains.clear();
  const held = new HeldWith(state, open, newest);
  for (const post of newest) {
    for (const id of chains.onStored(post, held)) seek(state, open, id);
  }
}

/** Whether a place counts as held although what stood there was removed on purpose. */
export function isBelow(state: EngineState, { room }: OpenRoom, key: LogKey, seq: number): boolean {
  return seq <= (state.reader.floor(room.id, key)?.seq ?? 0);
}

/** What chains ask; no closures, for one is made for each post. */
class HeldIn implements Held {
  readonly #state: EngineState;
  readonly #open: OpenRoom;

  constructor(state: EngineState, open: OpenRoom) {
    this.#state = state;
    this.#open = open;
  }

  holds(key: LogKey, seq: number): boolean {
    return this.#open.room.held.mayHold(key, seq) && !isBelow(this.#state, this.#open, key, seq);
  }

  has(id: PostId): boolean {
    return this.#state.reader.has(id);
  }

  previousOf(key: LogKey, seq: number): PostId[] {
    return namedBefore(this.#state, this.#open.room.id, key, seq);
  }
}

/** The same where some posts have been read already, which are not read again. */
class HeldWith extends HeldIn {
  readonly #previous = new Map<string, PostId[]>();

  constructor(state: EngineState, open: OpenRoom, read: readonly Post[]) {
    super(state, open);
    for (const { author, log, seq, previous } of read) {
      if (previous === null) continue;
      const place = `${logKey(author, log)} ${seq}`;
      this.#previous.set(place, [...this.#previous.get(place) ?? [], previous]);
    }
  }

  override previousOf(key: LogKey, seq: number): PostId[] {
    return this.#previous.get(`${key} ${seq}`) ?? super.previousOf(key, seq);
  }
}

function namedBefore(
  state: EngineState,
  room: Post["room"],
  key: LogKey,
  seq: number,
): PostId[] {
  const { author, log } = splitLogKey(key);
  return state.reader.range(room, author, log, seq, seq, Infinity)
    .flatMap((stored) => previousOf(stored) ?? []);
}

/** Tells people of gaps that stay and of those that have healed. */
export function onGapTime(state: EngineState, now: Now): void {
  for (const { room, gaps } of state.rooms.values()) {
    if (gaps.dueMs > now.monoMs) continue;
    const lacking = room.missing((key) => state.fetch.isOffered(room.id, key, state.held));
    for (const { from, missing } of gaps.onTime(lacking, now.monoMs)) {
      const asked = missing === 0 ? null : state.fetch.askedFor(room.id, from);
      const peer = asked === null ? undefined : state.links.session(asked)?.peer;
      const asking = peer === undefined ? "" : state.nameOf(peer);
      const name = state.nameOf(from);
      state.notify({ type: "gap", room: room.name, from, name, missing, asking });
    }
  }
}
