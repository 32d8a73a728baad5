/**
 * History as neighbours bring it and ask for it: pages, frontiers, the ends of branches and
 * single posts with those before them.
 */

import type { PeerId, RoomId } from "../wire/ids.ts";
import type { Message } from "../wire/message.ts";
import {
  type Bucket,
  envelopeBytes,
  type FloorEntry,
  type ForkEntry,
  type FrontierEntry,
} from "../wire/message_entries.ts";
import { decodePost, type SignedPost } from "../wire/post.ts";
import { bucketOf } from "./digest.ts";
import { onHanded, onHave } from "./engine_deliveries.ts";
import { foresee } from "./engine_foresee.ts";
import { isBelow, seekBeside, seekFrom } from "./engine_forks.ts";
import { intake, type Way } from "./engine_intake.ts";
import { askAnew, touch } from "./engine_say.ts";
import type { EngineState, OpenRoom } from "./engine_state.ts";
import type { ConnectionId, Now } from "./input.ts";
import type { LinkEvent } from "./link_event.ts";
import { type LogKey, logKey, splitLogKey } from "./log_key.ts";
import type { Range } from "./ranges.ts";
import type { Session } from "./session.ts";

/** How long a link is new: people who talk have said something by then. */
const newLinkMs = 500;
/** Posts of the past that a peer verifies and stores in a millisecond, measured. */
const storedPerMs = 10;

/** Takes a part of an answer. */
export function onPage(
  state: EngineState,
  session: Session,
  message: Extract<Message, { type: "page" }>,
  now: Now,
): LinkEvent[] {
  const open = state.rooms.get(message.room);
  if (open === undefined) return [];
  const { connection } = session.link;
  const { request } = message;
  let bytes = 0;
  const events: LinkEvent[] = [];
  const way: Way = { origin: "history", request };
  const foreseen = foresee(state, session, open, message, now);
  for (const post of message.posts) {
    const verdict = intake(state, session, open, post, way, now, foreseen.get(post));
    if (verdict === "new") bytes += post.signed.length;
    if (verdict === "invalid") events.push(...state.links.onInvalid(session, now));
    if (state.links.session(connection) !== session) return events;
  }
  if (message.last && state.batch.arrivals.length > 0) state.fetch.onStoring(connection, request);
  if (message.last) state.seek.onPage(connection, request, now.monoMs);
  if (state.fetch.onPage(connection, request, bytes, message.last, now.monoMs)) {
    for (const idle of state.fetch.idle) touch(state, idle);
  }
  return events;
}

/** A neighbour has said what it holds: of ours that is a receipt, of others' perhaps news. */
export function onFrontier(
  state: EngineState,
  session: Session,
  room: RoomId,
  entries: readonly FrontierEntry[],
  now: Now,
): void {
  const open = state.rooms.get(room);
  if (open === undefined || !state.broadcast.isNeighbour(room, session.link.connection)) return;
  state.fetch.onFrontier(session.link.connection, room, entries, state.held);
  for (const entry of entries) {
    seekOther(state, open, entry, session.link.connection);
    const { author, log, top, above } = entry;
    if (author !== state.me) continue;
    const ranges: Range[] = top > 0 ? [[1, top], ...above] : [...above];
    onHave(state, session.peer, room, log, ranges, now);
  }
}

/** At a place where something is held here, a neighbour may hold something else. */
function seekOther(
  state: EngineState,
  open: OpenRoom,
  entry: FrontierEntry,
  holder: ConnectionId,
): void {
  const { author, log, top, topId } = entry;
  const key = logKey(author, log);
  if (topId === null || !open.room.held.mayHold(key, top) || isBelow(state, open, key, top)) return;
  const own = open.room.topOf(key);
  if (own?.seq === top && own.id === topId) return;
  if (!state.reader.has(topId)) seekFrom(state, open, topId, holder);
}

/** A neighbour that was asked for the beginnings of logs has removed them. */
export function onFloors(
  state: EngineState,
  session: Session,
  room: RoomId,
  floors: readonly FloorEntry[],
): void {
  for (const floor of state.fetch.onFloors(session.link.connection, room, floors)) {
    state.rooms.get(room)?.room.onGone(logKey(floor.author, floor.log), floor.seq);
  }
}

/** A neighbour has said where the branches of forked logs end. */
export function onForks(
  state: EngineState,
  session: Session,
  room: RoomId,
  entries: readonly ForkEntry[],
  now: Now,
): void {
  const open = state.rooms.get(room);
  if (open === undefined || !state.broadcast.isNeighbour(room, session.link.connection)) return;
  if (!session.quotas.forkEnds.has(1, now.monoMs)) return;
  session.quotas.forkEnds.drain(
    entries.reduce((sum, { ends }) => sum + ends.length, 0),
    now.monoMs,
  );
  for (const { author, log, ends } of entries) {
    const key = logKey(author, log);
    for (const { seq, id } of ends) {
      if (isBelow(state, open, key, seq)) continue;
      const { connection } = session.link;
      if (state.reader.has(id)) seekBeside(state, open, key, seq, connection);
      else seekFrom(state, open, id, connection);
    }
  }
}

/** A neighbour has told its digest: where it differs it is told what is held here. */
export function onDigest(
  state: EngineState,
  session: Session,
  room: RoomId,
  buckets: readonly Bucket[],
  now: Now,
): void {
  const { connection } = session.link;
  const open = state.rooms.get(room);
  if (open === undefined || !state.broadcast.isNeighbour(room, connection)) return;
  if (!session.quotas.mayTellDigest(room, now.monoMs)) return;
  const own = digestOf(state, open);
  onEqual(state, session, open, own, buckets, now);
  const differing = open.digest.differing(own, buckets);
  const heard = buckets.map(({ bucket, hash }) => `${bucket} ${hash}`).join();
  // Who may not be told now is told our digest later, and answers with its own.
  const may = differing === null || session.quotas.mayBeStated(room, differing.length, now.monoMs);
  state.tell.onDigest(connection, room, may ? differing : [], heard);
  state.links.touch(session);
}

/** Where a neighbour has the same hash it holds what we hold, of our own logs, too. */
function onEqual(
  state: EngineState,
  session: Session,
  open: OpenRoom,
  own: readonly Bucket[],
  theirs: readonly Bucket[],
  now: Now,
): void {
  const { room, receipts } = open;
  const hashes = new Map(theirs.map(({ bucket, hash }) => [bucket, hash]));
  const equal = new Set(
    own.flatMap(({ bucket, hash }) => hashes.get(bucket) === hash ? [bucket] : []),
  );
  for (const [mark, log] of receipts.ownLogs) {
    if (!equal.has(bucketOf(mark))) continue;
    onHave(state, session.peer, room.id, log, room.held.rangesOf(logKey(state.me, log)), now);
  }
}

/** What we hold of a room, in hashes. */
function digestOf(state: EngineState, open: OpenRoom): Bucket[] {
  return open.digest.buckets((key) => {
    const [entry = null] = open.room.statement([key]);
    return { entry, forks: forkEntry(state, open, key) };
  });
}

/** What a neighbour is told of the forks of some logs; `null` if none of them has any. */
function forksMessage(
  state: EngineState,
  open: OpenRoom,
  keys: readonly LogKey[],
): Message | null {
  const entries = keys.flatMap((key) => forkEntry(state, open, key) ?? []);
  return entries.length === 0 ? null : { type: "forks", room: open.room.id, entries };
}

function forkEntry(state: EngineState, open: OpenRoom, key: LogKey): ForkEntry | null {
  const ends = open.forks.ends(key);
  if (ends.length === 0) return null;
  return { ...splitLogKey(key), ends: ends.slice(0, state.limits.forkEndsMax) };
}

/** Answers who asks for a post and those before it. */
export function onSeek(
  state: EngineState,
  session: Session,
  message: Extract<Message, { type: "seek" }>,
  now: Now,
): void {
  const { room, request, most } = message;
  if (!state.broadcast.isNeighbour(room, session.link.connection)) return;
  // Without an answer it asks again, or somebody else.
  if (!session.wantsPage || !session.quotas.seeks.take(1, now.monoMs)) return;
  const posts: SignedPost[] = [];
  let space = state.limits.pageBytesMax;
  for (let id = message.id; posts.length < most;) {
    const stored = state.reader.get(id);
    if (stored === null) break;
    const post = decodePost(stored, state.crypto);
    space -= envelopeBytes(stored);
    if (post.room !== room || space < 0) break;
    posts.push(stored);
    if (post.previous === null) break;
    id = post.previous;
  }
  session.sendPage({ type: "page", room, request, posts, last: true });
  state.links.touch(session);
}

/** Requests, pages and statements for all sessions that something happened to. */
export function serveNeighbours(state: EngineState, now: Now): void {
  if (state.batch.arrivals.length === 0) state.fetch.onSettled();
  // What one is asked for is not asked of others until it has failed to answer. Among many who say
  // that they hold all and never send any, those who send must not wait for their turn; something
  // new of one's own is no answer.
  const lateness = ({ link }: Session) => state.fetch.lateness(link.connection);
  const givers = [...state.links.touched].sort((a, b) =>
    lateness(a) - lateness(b) || b.gaveMs - a.gaveMs
  );
  for (const session of givers) {
    const { connection } = session.link;
    ask(state, session, now);
    // After asking, which can make a digest due at once.
    for (let part; session.wantsPage && (part = nextPart(state, connection, now)) !== null;) {
      session.sendPage(part);
    }
  }
}

function ask(state: EngineState, session: Session, now: Now): void {
  const { arrivals } = state.batch;
  // What history has brought counts as asked for until it is stored; of other posts nobody
  // knows yet that they are here.
  if (state.probeMs !== null || arrivals.some(({ origin }) => origin !== "history")) return;
  if (arrivals.length === 0) askForMissing(state, session, now);
  askForRanges(state, session, now);
  if (arrivals.length > 0) return;
  for (const room of state.fetch.takeCut(session.link.connection)) askAnew(state, session, room);
}

function nextPart(state: EngineState, connection: ConnectionId, now: Now): Message | null {
  const { tell, serve, rooms } = state;
  const told = tell.next(connection, now.monoMs);
  const open = told === null ? undefined : rooms.get(told.room);
  if (told?.type === "digest") {
    const buckets = open === undefined ? [] : digestOf(state, open);
    return { type: "digest", room: told.room, buckets };
  }
  if (told !== null) {
    const entries = open?.room.statement(told.keys) ?? [];
    const forks = open === undefined ? null : forksMessage(state, open, told.keys);
    if (forks !== null) state.links.session(connection)?.sendPage(forks);
    return { type: "frontier", room: told.room, entries, last: told.last };
  }
  const page = serve.nextPage(connection);
  if (page === null) return null;
  const { given, ...message } = page;
  for (const each of given) onHanded(state, connection, page.room, each, now);
  return { type: "page", ...message };
}

/** Asks a neighbour for what must exist, if there is anything. */
function askForMissing(state: EngineState, session: Session, now: Now): void {
  const { connection } = session.link;
  const question = state.seek.next(
    connection,
    (room) => state.broadcast.isNeighbour(room, connection),
    () => state.fetch.nextNumber(),
    now.monoMs,
  );
  if (question !== null) session.send({ type: "seek", ...question });
}

/**
 * What has been asked for comes before what is said meanwhile. So two requests, or the one where
 * two would be too large, are what is stored within half a round trip: what is said then is at most
 * twice as long on its way, and no link lies idle for much longer than it is used.
 */
function postsWhileTalking({ limits }: EngineState, { rttMs }: Session): number {
  const together = Math.floor((rttMs ?? 0) / 2 * storedPerMs);
  const posts = together > limits.wantPostsAheadMax ? together : Math.floor(together / 2);
  return Math.max(limits.wantPostsLiveMax, posts);
}

/** Asks a neighbour for a range of what it holds and we lack, within what authors may in a day. */
function askForRanges(state: EngineState, session: Session, now: Now): void {
  const mayFetch = (room: RoomId, author: PeerId) =>
    author === state.me ||
    state.budgets.allowsHistory(room, author, state.known.has(author), now.monoMs);
  // On a new link nobody has had the time to say anything.
  const isNew = now.monoMs < session.upSinceMs + newLinkMs;
  const talks = isNew || now.monoMs < state.liveMs + state.limits.liveMs;
  const postsMax = talks ? postsWhileTalking(state, session) : Infinity;
  const { connection } = session.link;
  const next = () => state.fetch.nextWant(connection, state.held, now.monoMs, mayFetch, postsMax);
  for (let want; (want = next()) !== null;) session.send({ type: "want", ...want });
  for (const { room, author, posts } of state.fetch.takeHeldBack()) {
    const open = state.rooms.get(room);
    if (open === undefined || !open.heldBack.tellOnce(author)) continue;
    const from = state.nameOf(author);
    state.notify({ type: "notice", room: open.room.name, code: "held-back", posts, from });
  }
}

/** A person wants what is held back of a room. */
export function askForMore(state: EngineState, open: OpenRoom): void {
  state.budgets.refill(open.room.id);
  open.heldBack.clear();
  state.fetch.onMore(open.room.id);
  for (const session of state.links.sessions) state.links.touch(session);
}

/** Tells people how far history has come in. */
export function onProgressTime(state: EngineState, now: Now): void {
  for (const { room, progress } of state.rooms.values()) {
    if (progress.dueMs > now.monoMs) continue;
    const lacking = state.fetch.lacking(room.id, state.held, now.monoMs);
    const told = progress.onTime(lacking, now.monoMs);
    if (told !== null) state.notify({ type: "progress", room: room.name, ...told });
  }
}

/** Gives up requests that were not answered; others may be asked. */
export function onSeekTime(state: EngineState, now: Now): void {
  state.seek.onTime(now.monoMs);
  if (state.seek.size === 0) return;
  for (const session of state.links.sessions) state.links.touch(session);
}
