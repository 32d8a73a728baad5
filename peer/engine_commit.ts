/**
 * Posts on their way in: what is checked before they go to the disk, and what follows once
 * they are there. Nothing of the second half happens before the store has said `appended`.
 */

import { MalformedError } from "../wire/cbor.ts";
import {
  type LogId,
  logIdBytes,
  type PeerId,
  type PostId,
  type RoomId,
  toId,
} from "../wire/ids.ts";
import { encodeMessage } from "../wire/message.ts";
import {
  comparePosts,
  decodePost,
  NewerFormatError,
  type Post,
  postKind,
  type SignedPost,
  verifyPost,
} from "../wire/post.ts";
import { decodeBody, type PostBody } from "../wire/post_body.ts";
import { checkName } from "../wire/text.ts";
import type { Arrival } from "./action.ts";
import { Batch } from "./batch.ts";
import type { EngineState, OpenRoom } from "./engine_state.ts";
import type { ConnectionId, Now } from "./input.ts";
import { type LogKey, logKey } from "./log_key.ts";
import type { Range } from "./ranges.ts";
import { RangeSet } from "./ranges.ts";
import type { Session } from "./session.ts";

/** What became of a post that a neighbour sent. */
export type Verdict = "new" | "copy" | "invalid" | "refused";

/**
 * Judges a post that a neighbour sent and, if it is new, puts it into the batch.
 *
 * @param state The engine.
 * @param session Who sent it.
 * @param open The room it was sent for.
 * @param envelope Its bytes.
 * @param origin Whether it came as gossip or in a page.
 * @param asked Refuses what was not asked for.
 * @throws {MalformedError} If the bytes are no post, which costs the sender its link.
 */
export function intake(
  state: EngineState,
  session: Session,
  open: OpenRoom,
  envelope: SignedPost,
  origin: "live" | "history",
  asked: (post: Post, key: LogKey) => boolean,
): Verdict {
  let post: Post;
  try {
    post = decodePost(envelope, state.crypto);
  } catch (error) {
    if (error instanceof NewerFormatError) return "refused";
    throw error;
  }
  if (post.room !== open.room.id) throw new MalformedError("post of another room");
  const { broadcast, batch } = state;
  if (batch.has(post.id) || broadcast.isCopy(post.id)) return copy(state, session, post);
  const key = logKey(post.author, post.log);
  if (!asked(post, key)) return "refused";
  if (open.room.mayHold(key, post.seq) && state.reader.has(post.id)) {
    return copy(state, session, post);
  }
  if (state.probeMs !== null) return "refused";
  if (!verifyPost(post, state.crypto)) return "invalid";
  if (!batch.reserve(open.room, key, post.seq, state.limits.rangesPerLogMax)) {
    // Gossip comes once: the neighbour has to say later that it holds this.
    if (origin === "live") state.fetch.onLeft(session.link.connection, open.room.id);
    return "refused";
  }
  if (post.author === state.me && post.log === state.log) startLog(state, "restored");
  batch.add({ post, origin }, session.link.connection);
  return "new";
}

/** Numbers own posts anew in every room, under a fresh log id. */
export function startLog(state: EngineState, reason: "restored" | "clock"): void {
  state.log = toId<LogId>(state.crypto.randomBytes(logIdBytes));
  state.batch.newLog = state.log;
  for (const { room } of state.rooms.values()) room.startLog(state.log);
  state.notify({ type: "notice", room: null, code: "new-log", reason });
}

/** The author may not know yet that we hold what it sends a second time. */
function copy(state: EngineState, session: Session, post: Post): Verdict {
  if (post.author === session.peer && !state.batch.has(post.id)) {
    const ranges: Range[] = [[post.seq, post.seq]];
    session.send({ type: "have", room: post.room, log: post.log, ranges });
  }
  return "copy";
}

/** The batch is on disk: everybody may hear of it. */
export function onAppended(state: EngineState, now: Now): void {
  const { batch } = state;
  state.batch = new Batch();
  if (state.probeMs !== null) onDiskRecovered(state);
  for (const { ref, post } of batch.refs) {
    state.act({ type: "acknowledge", ref, outcome: { ok: true, id: post?.id ?? null } });
  }
  for (const arrival of inReadingOrder(batch.arrivals)) onStored(state, arrival, now);
  forward(state, batch);
  sendHaves(state, batch);
  // What was not asked for while the posts were on their way is asked for now.
  for (const source of new Set(batch.sources)) if (source !== null) touch(state, source);
  for (const idle of state.fetch.idle) touch(state, idle);
}

/** History comes newest first; people read what came together oldest first. */
function inReadingOrder(arrivals: readonly Arrival[]): Arrival[] {
  const history = arrivals.filter(({ origin }) => origin === "history");
  const others = arrivals.filter(({ origin }) => origin !== "history");
  return [...history.sort((a, b) => comparePosts(a.post, b.post)), ...others];
}

function onStored(state: EngineState, { post, origin }: Arrival, now: Now): void {
  state.broadcast.onAccepted(post.id);
  state.clock.observe(post.time, now.wallMs);
  const open = state.rooms.get(post.room);
  if (open === undefined) return;
  open.room.onStored(post, state.clock.networkMs(now.wallMs));
  const body = readBody(post);
  if (body === null) return;
  if (origin === "own" && body.kind !== "profile") {
    state.receipts.onOwnPost(post);
  }
  if (body.kind === "profile") {
    if (post.author === state.me) open.called = body.name;
    onName(state, open, post.author, body.name, post);
  } else if (body.kind === "tombstone") {
    onTombstone(state, open, post, body.target);
  } else {
    // History brings the newest first: what takes a post back often comes before it.
    const late = origin === "history" || open.room.hasTombstones;
    const withdrawn = late && state.reader.isWithdrawn(post.id);
    if (body.kind === "topic" && !withdrawn) open.room.onTopic(post, body.text);
    const shown = state.show(post, body, { origin, withdrawn }, now);
    if (shown !== null) state.notify({ type: "message", post: shown });
  }
}

/** A body that cannot be read is carried like one of an unknown kind. */
export function readBody(post: Post): PostBody | null {
  try {
    return decodeBody(post.kind, post.body);
  } catch (error) {
    if (error instanceof MalformedError) return null;
    throw error;
  }
}

/** Rebuilds a room from the store: what it holds, what it is about and who is called what. */
export function reloadRoom(state: EngineState, open: OpenRoom): void {
  open.called = null;
  open.room.reload(state.log);
  // A room that is left and opened again within a step has places that the disk knows nothing of.
  for (const { post, origin } of state.batch.arrivals) {
    const placed = origin === "own" && post.log === state.log && post.room === open.room.id;
    if (placed) open.room.onPlaced(post);
  }
  readTopic(state, open);
  for (const envelope of state.reader.profiles(open.room.id)) {
    const post = decodePost(envelope, state.crypto);
    const body = readBody(post);
    if (body?.kind !== "profile") continue;
    state.people.onName(post.author, body.name, post.time);
    if (post.author === state.me) open.called = body.name;
  }
}

/** Takes the topic of a room from the store. */
function readTopic(state: EngineState, open: OpenRoom): void {
  open.room.forgetTopic();
  const stored = state.reader.topic(open.room.id);
  if (stored === null) return;
  const post = decodePost(stored, state.crypto);
  const body = readBody(post);
  if (body?.kind === "topic") open.room.onTopic(post, body.text);
}

/** Takes a name that somebody has signed; tells the room if it is another than before. */
export function onName(
  state: EngineState,
  open: OpenRoom,
  peer: PeerId,
  name: string,
  signed: { readonly time: Post["time"] },
): void {
  // What one would not be called here oneself stands for nothing on a screen.
  if (checkName(name) !== null) return;
  const before = state.people.onName(peer, name, signed.time);
  if (before === null || peer === state.me || !open.presence.has(peer)) return;
  state.notify({ type: "renamed", room: open.room.name, from: peer, before, name });
}

/** A post is taken back, if it is stored, in the same room and by the same author. */
function onTombstone(
  state: EngineState,
  open: OpenRoom,
  tombstone: Post,
  target: PostId,
): void {
  const { room } = open;
  room.hasTombstones = true;
  const stored = state.reader.get(target);
  if (stored === null) return;
  const post = decodePost(stored, state.crypto);
  if (post.author !== tombstone.author || post.room !== tombstone.room) return;
  if (post.kind === postKind.topic) readTopic(state, open);
  state.notify({ type: "withdrawn", id: target, room: room.name, from: post.author });
}

/** Passes gossip on, and tells the other neighbours of logs that have grown by history. */
function forward(state: EngineState, batch: Batch): void {
  const groups = new Map<string, { source: ConnectionId | null; room: RoomId; posts: Post[] }>();
  const grown = new Map<string, { source: ConnectionId | null; room: RoomId; keys: Set<LogKey> }>();
  for (const [i, { post, origin }] of batch.arrivals.entries()) {
    const source = batch.sources[i] ?? null;
    const name = `${source} ${post.room}`;
    if (origin === "history") {
      const group = grown.get(name) ?? { source, room: post.room, keys: new Set() };
      grown.set(name, group);
      group.keys.add(logKey(post.author, post.log));
    } else {
      const group = groups.get(name) ?? { source, room: post.room, posts: [] };
      groups.set(name, group);
      group.posts.push(post);
    }
  }
  for (const { source, room, posts } of groups.values()) gossip(state, room, posts, source);
  for (const { source, room, keys } of grown.values()) {
    for (const connection of state.broadcast.targets(room, source)) {
      state.tell.onNews(connection, room, keys);
      touch(state, connection);
    }
  }
}

function gossip(
  state: EngineState,
  room: RoomId,
  posts: readonly Post[],
  source: ConnectionId | null,
): void {
  const targets = state.broadcast.targets(room, source);
  if (targets.length === 0) return;
  for (const portion of portions(posts, state.limits.pageBytesMax)) {
    const message = encodeMessage({ type: "posts", room, posts: portion });
    const left = targets.filter((connection) => !sendGossip(state, connection, message));
    if (left.length === 0) continue;
    const keys = new Set(portion.map((post) => logKey(post.author, post.log)));
    for (const connection of left) state.tell.onNews(connection, room, keys);
  }
}

/** Queues gossip for a link; says whether there was room. */
function sendGossip(state: EngineState, connection: ConnectionId, message: Uint8Array): boolean {
  const session = state.links.session(connection);
  if (session === undefined) return true;
  state.links.touch(session);
  return session.sendGossip(message);
}

/** Splits posts so that each portion fits one message. */
export function* portions<T extends SignedPost>(
  posts: readonly T[],
  bytesMax: number,
): Generator<T[]> {
  let portion: T[] = [];
  let bytes = 0;
  for (const post of posts) {
    const size = post.signed.length + post.signature.length + 8;
    if (bytes + size > bytesMax && portion.length > 0) {
      yield portion;
      portion = [];
      bytes = 0;
    }
    portion.push(post);
    bytes += size;
  }
  if (portion.length > 0) yield portion;
}

/** Tells authors that are direct neighbours which of their posts are stored here now. */
function sendHaves(state: EngineState, batch: Batch): void {
  const held = new Map<string, { session: Session; room: RoomId; log: LogId; seqs: RangeSet }>();
  for (const { post, origin } of batch.arrivals) {
    const session = origin === "own" ? undefined : state.links.sessionOf(post.author);
    if (session === undefined) continue;
    const name = post.author + post.room + post.log;
    const entry = held.get(name) ??
      { session, room: post.room, log: post.log, seqs: new RangeSet() };
    held.set(name, entry);
    entry.seqs.add(post.seq, post.seq);
  }
  for (const { session, room, log, seqs } of held.values()) {
    for (let i = 0; i < seqs.ranges.length; i += state.limits.wantRangesMax) {
      const ranges = seqs.ranges.slice(i, i + state.limits.wantRangesMax);
      session.send({ type: "have", room, log, ranges });
    }
    state.links.touch(session);
  }
}

/** Marks a link as having something to send. */
export function touch(state: EngineState, connection: ConnectionId): void {
  const session = state.links.session(connection);
  if (session !== undefined) state.links.touch(session);
}

/** The batch is lost: own posts are refused, what others sent stays with them. */
export function onAppendFailed(
  state: EngineState,
  code: "disk-full" | "disk-error",
  detail: string,
  now: Now,
): void {
  const { batch } = state;
  state.batch = new Batch();
  const message = `Cannot store: ${detail}; nothing was sent`;
  for (const { ref } of batch.refs) {
    state.act({ type: "acknowledge", ref, outcome: { ok: false, code, message } });
  }
  state.batch.newLog = batch.newLog;
  for (const open of state.rooms.values()) reloadRoom(state, open);
  if (state.probeMs === null) {
    state.notify({ type: "notice", room: null, code: "disk-trouble", detail });
  }
  state.probeMs = now.monoMs + state.limits.diskProbeMs;
}

/** The disk can be written again: neighbours state anew what they hold, and so do we. */
function onDiskRecovered(state: EngineState): void {
  state.probeMs = null;
  state.notify({ type: "notice", room: null, code: "disk-recovered" });
  for (const session of state.links.sessions) {
    for (const room of state.rooms.keys()) askAnew(state, session, room);
    state.links.touch(session);
  }
}

/**
 * Makes a neighbour state anew what it holds of a room. With our `leave` it forgets what it
 * was asked and told, so both are void here too.
 */
export function askAnew(state: EngineState, session: Session, room: RoomId): void {
  const { connection } = session.link;
  session.send({ type: "leave", room });
  session.send({ type: "join", room });
  state.fetch.onRoomClosed(connection, room);
  state.serve.onRoomClosed(connection, room);
  if (session.rooms.has(room)) state.tell.onNews(connection, room, "all");
}
