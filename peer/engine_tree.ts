/**
 * What goes on to whom: posts that were stored go to the eager neighbours of their room and are
 * announced to the lazy ones (peer/plumtree.ts); logs that have grown by history are told of.
 */

import type { OutgoingPost } from "../wire/brief_link.ts";
import type { PostId, RoomId } from "../wire/ids.ts";
import { markOf } from "../wire/mark.ts";
import type { Message } from "../wire/message.ts";
import { encodeMessage } from "../wire/message_encode.ts";
import { type Post, readPost } from "../wire/post.ts";
import type { Batch } from "./batch.ts";
import { onHanded } from "./engine_deliveries.ts";
import { askAnew, portions, say, touch } from "./engine_say.ts";
import type { EngineState } from "./engine_state.ts";
import type { ConnectionId, Now } from "./input.ts";
import { type LogKey, logKey } from "./log_key.ts";
import { nextHops } from "./plumtree.ts";
import type { Session } from "./session.ts";

/** Posts for one neighbour, with the logs that they belong to. */
interface Parcel {
  readonly room: RoomId;
  readonly posts: OutgoingPost[];
  readonly keys: LogKey[];
}

/** Passes on what has been stored. */
export function passOn(state: EngineState, batch: Batch, now: Now): void {
  const parcels = new Map<string, Parcel & { readonly targets: readonly ConnectionId[] }>();
  const grown = new Map<string, { source: ConnectionId | null; room: RoomId; keys: Set<LogKey> }>();
  const oldMs = state.clock.networkMs(now.wallMs) - state.limits.dedupHistoryMs;
  for (const [i, { post }] of batch.arrivals.entries()) {
    const acceptance = batch.acceptances[i]!;
    const key = logKey(post.author, post.log);
    // What was said long ago nobody announces any more, and a copy of it is found in the store.
    if (acceptance.hops !== null || post.time.ms >= oldMs) {
      state.broadcast.accepted.add(acceptance);
    }
    if (!state.rooms.has(post.room)) continue;
    const tree = state.broadcast.tree(post.room);
    tree.onHeld(post.id, acceptance.source, now.monoMs);
    if (acceptance.hops === null || (acceptance.source === null && !mayGossip(state, post, now))) {
      const { source } = acceptance;
      const name = `${source} ${post.room}`;
      const group = grown.get(name) ?? { source, room: post.room, keys: new Set() };
      grown.set(name, group);
      group.keys.add(key);
      continue;
    }
    const { targets, wide, graft } = tree.push(acceptance, now.monoMs);
    if (graft !== null) say(state, graft, { type: "graft", room: post.room, marks: [] });
    if (targets.length === 0) continue;
    const name = `${post.room} ${targets.join()}`;
    const parcel = parcels.get(name) ?? { room: post.room, targets, posts: [], keys: [] };
    parcels.set(name, parcel);
    parcel.posts.push({ post, hops: nextHops(acceptance), wide });
    parcel.keys.push(key);
  }
  for (const parcel of parcels.values()) send(state, parcel, parcel.targets, now);
  for (const { source, room, keys } of grown.values()) {
    for (const connection of state.broadcast.targets(room, source)) {
      tellOf(state, connection, room, keys);
    }
  }
}

/**
 * Whether an own post goes out at once. Others take no more of us as it comes, so that the rest
 * is left to history from the beginning.
 */
function mayGossip(state: EngineState, { room, signed }: Post, now: Now): boolean {
  const { budgets, me } = state;
  if (budgets.allows(room, me, true, signed.length, now.monoMs)) {
    budgets.spend(room, me, true, signed.length, now.monoMs);
    return true;
  }
  if (state.pacedToldMs <= now.monoMs) {
    state.pacedToldMs = now.monoMs + state.limits.pacedNoticeMs;
    state.notify({ type: "notice", room: state.rooms.get(room)?.room.name ?? null, code: "paced" });
  }
  return false;
}

/** Sends posts; logs of those that find no room are told of later, so that history brings them. */
function send(
  state: EngineState,
  parcel: Parcel,
  targets: readonly ConnectionId[],
  now: Now,
): void {
  const { room, posts, keys } = parcel;
  let sent = 0;
  for (const portion of portions(posts, briefBytesMax(state), ({ post }) => post)) {
    const portionKeys = keys.slice(sent, sent += portion.length);
    for (const connection of targets) {
      const session = state.links.session(connection);
      if (session === undefined) continue;
      if (!session.sendBrief(portion)) {
        tellOf(state, connection, room, new Set(portionKeys));
        continue;
      }
      state.links.touch(session);
      for (const { post: { author, log, seq } } of portion) {
        onHanded(state, connection, room, { author, log, from: seq, to: seq }, now);
      }
    }
  }
}

/** What is left out is never less than what a brief post has beside, but for odd ones. */
function briefBytesMax({ limits }: EngineState): number {
  return limits.pageBytesMax - limits.pageBytesMax / 16;
}

function tellOf(
  state: EngineState,
  connection: ConnectionId,
  room: RoomId,
  keys: ReadonlySet<LogKey> | "all",
): void {
  state.tell.onNews(connection, room, keys);
  touch(state, connection);
}

/** Takes a neighbour's word about the tree of a room. */
export function onTree(
  state: EngineState,
  session: Session,
  message: Extract<Message, { type: "ihave" | "graft" | "prune" }>,
  now: Now,
): void {
  const { connection } = session.link;
  const { room } = message;
  if (!state.broadcast.isNeighbour(room, connection)) return;
  const tree = state.broadcast.tree(room);
  switch (message.type) {
    case "prune":
      return tree.onPrune(connection);
    case "graft":
      return sendGrafted(state, session, room, tree.onGraft(connection, message.marks, now.monoMs));
    case "ihave":
      return tree.onAnnounced(connection, message.marks, now.monoMs);
  }
}

/** Sends what was asked for, from the store: it may be long out of memory. */
function sendGrafted(
  state: EngineState,
  session: Session,
  room: RoomId,
  ids: readonly PostId[],
): void {
  const posts: OutgoingPost[] = [];
  for (const id of ids) {
    const stored = state.reader.get(id);
    if (stored === null) continue;
    posts.push({ post: readPost(stored, id), hops: hopsOf(state, id), wide: false });
  }
  for (const portion of portions(posts, briefBytesMax(state), ({ post }) => post)) {
    if (session.sendBrief(portion)) continue;
    return tellOf(state, session.link.connection, room, "all");
  }
}

/** Links that a stored post will have come over at the next peer. */
function hopsOf(state: EngineState, id: PostId): number {
  const acceptance = state.broadcast.accepted.get(markOf(id));
  return acceptance === undefined ? 1 : nextHops(acceptance);
}

/** A neighbour could not read a brief post: it gets the whole, and what follows begins anew. */
export function onAgain(state: EngineState, session: Session, number: number, now: Now): void {
  const { sent } = session.brief;
  const id = sent.idOf(number);
  const stored = id === null || !session.quotas.repeats.take(1, now.monoMs)
    ? null
    : state.reader.get(id);
  sent.restart();
  const { connection } = session.link;
  const rooms = [...state.broadcast.trees].filter(([, tree]) => tree.has(connection));
  if (id !== null && stored !== null) {
    const { room } = readPost(stored, id);
    if (!state.broadcast.isNeighbour(room, connection)) return;
    const posts = [{ ...stored, hops: hopsOf(state, id) }];
    if (session.sendGossip(encodeMessage({ type: "posts", room, posts }))) return;
  }
  // It is forgotten, or finds no room: history brings it.
  for (const [room] of rooms) tellOf(state, connection, room, "all");
}

/** Announces what was gathered and asks for what has not come by itself. */
export function onTreeTime(state: EngineState, now: Now): void {
  for (const [room, tree] of state.broadcast.trees) {
    if (tree.deadlineMs > now.monoMs) continue;
    const { announcements, prunes, grafts, unheard, silent } = tree.takeDue(now.monoMs);
    for (const { connection, marks } of announcements) {
      const session = state.links.session(connection);
      if (session === undefined) continue;
      state.links.touch(session);
      const message = encodeMessage({ type: "ihave", room, marks });
      if (!session.sendGossip(message)) tellOf(state, connection, room, "all");
    }
    for (const connection of prunes) say(state, connection, { type: "prune", room });
    for (const { connection, marks } of grafts) {
      say(state, connection, { type: "graft", room, marks });
    }
    for (const connection of unheard) {
      const session = state.links.session(connection);
      if (session !== undefined) askAnew(state, session, room);
    }
    for (const connection of silent) {
      state.rooms.get(room)?.members.onSilent(connection, now.monoMs);
    }
  }
}

/**
 * A neighbour says that it holds posts, and has answered nothing when it was asked for them:
 * another gets its place, unless there are hardly any.
 */
export function onSilence(
  state: EngineState,
  connection: ConnectionId,
  room: RoomId,
  now: Now,
): void {
  if (state.broadcast.targets(room, null).length <= state.limits.floodMax) return;
  state.rooms.get(room)?.members.onSilent(connection, now.monoMs);
}
