/**
 * Posts on their way in: what is checked before they go to the disk, and what follows once
 * they are there. Nothing of the second half happens before the store has said `appended`.
 */

import { MalformedError } from "../wire/cbor.ts";
import { type LogId, type PeerId, type PostId, type RoomId, toId } from "../wire/ids.ts";
import { markOf } from "../wire/mark.ts";
import {
  comparePosts,
  decodePost,
  NewerFormatError,
  type Post,
  postKind,
  type SignedPost,
  verifyPost,
} from "../wire/post.ts";
import type { PostBody } from "../wire/post_body.ts";
import { checkName } from "../wire/text.ts";
import type { Arrival } from "./action.ts";
import { Batch } from "./batch.ts";
import type { EngineState, OpenRoom } from "./engine_state.ts";
import type { Foreseen } from "./engine_foresee.ts";
import { onLogGrown, reloadForks } from "./engine_forks.ts";
import { onReceiptStored, readOwnLogs } from "./engine_receipts.ts";
import { loadCharge, readOwnedTopic, shownAs, takeActs } from "./engine_charge.ts";
import { letterRoom, onKeys, onLetter, openSealed } from "./engine_direct.ts";
import { startLog } from "./engine_post.ts";
import { askAnew, touch } from "./engine_say.ts";
import { passOn } from "./engine_tree.ts";
import type { ConnectionId, Now } from "./input.ts";
import { type LogKey, logKey } from "./log_key.ts";
import type { DropReason } from "./net_report.ts";
import type { Range } from "./ranges.ts";
import { RangeSet } from "./ranges.ts";
import type { Session } from "./session.ts";

/** What became of a post that a neighbour sent. */
export type Verdict = "new" | "copy" | "invalid" | "refused";

/** How a post has come. */
export type Way =
  | { readonly origin: "live"; readonly hops: number; readonly wide: boolean }
  | {
    readonly origin: "history";
    /** `null`: an act of a private room, which nobody can ask for by its place. */
    readonly request: number | null;
  };

/**
 * Judges a post that a neighbour sent and, if it is new, puts it into the batch.
 *
 * @param state The engine.
 * @param session Who sent it.
 * @param open The room it was sent for.
 * @param envelope Its bytes.
 * @param way Whether it came as gossip or in a page.
 * @param now Both clocks.
 * @param foreseen What is known of it already.
 * @throws {MalformedError} If the bytes are no post, which costs the sender its link.
 */
export function intake(
  state: EngineState,
  session: Session,
  open: OpenRoom,
  envelope: SignedPost,
  way: Way,
  now: Now,
  foreseen?: Foreseen,
): Verdict {
  let post: Post;
  try {
    post = foreseen?.post ?? decodePost(envelope, state.crypto);
  } catch (error) {
    if (error instanceof NewerFormatError) {
      // Nobody can send it in a form that is read here.
      const id = toId<PostId>(state.crypto.sha256(envelope.signed));
      state.broadcast.tree(open.room.id).onHeld(id, null, now.monoMs);
      return refuse(open, "newer-format");
    }
    throw error;
  }
  if (post.room !== open.room.id) throw new MalformedError("post of another room");
  const { connection } = session.link;
  const { broadcast, batch } = state;
  const live = way.origin === "live";
  const tree = broadcast.tree(open.room.id);
  if (live) tree.onSent(connection, post.id);
  else if (way.request !== null) state.seek.onCame(connection, way.request, post);
  const key = logKey(post.author, post.log);
  const joins = open.room.mayHold(key, post.seq);
  // What was accepted is stored, so that its place is held; to look it up costs more than that.
  if (batch.has(post.id) || (joins && broadcast.accepted.has(post.id))) {
    return copy(state, session, post, live, now);
  }
  if (!live && way.request !== null && !isAsked(state, connection, way.request, post, key)) {
    return refuse(open, "not-asked");
  }
  if (joins && state.reader.has(post.id)) return copy(state, session, post, live, now);
  const isOwn = post.author === state.me;
  // What was removed once is taken no more.
  if (isPruned(state, post, key)) return refuse(open, "pruned");
  if (state.probeMs !== null) return refuse(open, "disk");
  if (open.isPrivate && (live || way.request !== null) && !state.private?.isByMember(post)) {
    // Perhaps the addition has not come yet: the neighbour will say again that it holds this.
    state.fetch.onLeft(connection, open.room.id);
    tree.onHeld(post.id, null, now.monoMs);
    return refuse(open, "no-member");
  }
  const known = state.known.has(post.author);
  const bytes = post.signed.length;
  if (live && !state.budgets.allows(post.room, post.author, known, bytes, now.monoMs)) {
    // Who is no neighbour answers no questions: the neighbours will tell of it.
    if (!tree.has(connection)) return refuse(open, "over-budget");
    tree.onHeld(post.id, null, now.monoMs);
    state.fetch.onLeftOver(connection, post, now.monoMs);
    return refuse(open, "over-budget");
  }
  if (!(foreseen?.valid ?? verifyPost(post, state.crypto))) return refuse(open, "invalid");
  const pending = batch.at(post.room, key, post.seq);
  if ((joins || pending.length > 0) && !open.forks.mayJoin(post, joins, pending)) {
    tree.onHeld(post.id, null, now.monoMs);
    return refuse(open, "too-many-branches");
  }
  const { logsPerKnownMax, logsPerAuthorMax } = state.limits;
  const logsMax = known || isOwn ? logsPerKnownMax : logsPerAuthorMax;
  if (!batch.mayOpen(open.room, key, post.author, logsMax)) {
    tree.onHeld(post.id, null, now.monoMs);
    return refuse(open, "too-many-logs");
  }
  if (!batch.reserve(post.room, open.room, key, post.seq, state.limits.rangesPerLogMax)) {
    // Gossip comes once: the neighbour has to say later that it holds this.
    if (live) state.fetch.onLeft(connection, open.room.id);
    tree.onHeld(post.id, null, now.monoMs);
    return refuse(open, "too-scattered");
  }
  if (isOwn && post.log === state.log) startLog(state, "restored");
  if (!live && !isOwn) {
    state.budgets.spendHistory(post.room, post.author, known, bytes, now.monoMs);
  }
  if (live) {
    tree.fresh++;
    state.liveMs = now.monoMs;
    state.budgets.spend(post.room, post.author, known, bytes, now.monoMs);
  }
  const kept = openSealed(state, post, now);
  batch.add(
    { post, origin: way.origin, ...kept === undefined ? {} : { kept } },
    connection,
    live ? Math.max(1, way.hops) : null,
    live && way.wide,
  );
  return "new";
}

/** Whether a post stands at or below the floor of its log. */
export function isPruned({ reader }: EngineState, post: Post, key: LogKey): boolean {
  return post.seq <= (reader.floor(post.room, key)?.seq ?? 0);
}

/** Whether a post in a page was asked for, as one of a range or by its id. */
function isAsked(
  state: EngineState,
  connection: ConnectionId,
  request: number,
  post: Post,
  key: LogKey,
): boolean {
  return state.fetch.isAsked(connection, request, post, key) ||
    state.seek.isAsked(connection, request, post.id);
}

function refuse(open: OpenRoom, reason: DropReason): Verdict {
  open.drops.set(reason, (open.drops.get(reason) ?? 0) + 1);
  return reason === "invalid" ? "invalid" : "refused";
}

/** Gossip that comes twice shows a link that the tree can do without. */
function copy(
  state: EngineState,
  session: Session,
  post: Post,
  live: boolean,
  now: Now,
): Verdict {
  const { connection } = session.link;
  const pending = state.batch.has(post.id);
  state.broadcast.tree(post.room).onHeld(post.id, null, now.monoMs);
  if (live) {
    const first = state.batch.acceptance(post.id) ??
      state.broadcast.accepted.get(markOf(post.id));
    if (state.broadcast.tree(post.room).onCopy(connection, first, now.monoMs)) {
      session.send({ type: "prune", room: post.room });
    }
  }
  // The author may not know yet that we hold what it sends a second time.
  if (post.author === session.peer && !pending) {
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
  takeActs(state, batch.arrivals, now);
  state.private?.onStored(batch.arrivals, now);
  state.invites?.onStored(batch.arrivals);
  for (const arrival of inReadingOrder(batch.arrivals)) onStored(state, arrival, now);
  passOn(state, batch, now);
  sendHaves(state, batch);
  // What was not asked for while the posts were on their way is asked for now.
  for (const source of batch.connections) touch(state, source);
  for (const idle of state.fetch.idle) touch(state, idle);
}

/** History comes newest first; people read what came together oldest first. */
function inReadingOrder(arrivals: readonly Arrival[]): Arrival[] {
  const history = arrivals.filter(({ origin }) => origin === "history");
  const others = arrivals.filter(({ origin }) => origin !== "history");
  return [...history.sort((a, b) => comparePosts(a.post, b.post)), ...others];
}

function onStored(state: EngineState, { post, origin, kept }: Arrival, now: Now): void {
  state.clock.observe(post.time, now.wallMs);
  if (kept?.type === "keys") state.direct?.keys.onSaved(kept.keys);
  const open = state.rooms.get(post.room);
  if (open === undefined) return onStoredElsewhere(state, post);
  const joins = open.room.mayHold(logKey(post.author, post.log), post.seq);
  open.room.onStored(post, state.clock.networkMs(now.wallMs));
  onLogGrown(state, open, post, joins, now);
  if (origin === "history") open.progress.onFetched(now.monoMs);
  onReceiptStored(state, open, post, now);
  if (kept?.type === "letter") return onLetter(state, post, kept.letter, origin, now);
  const body = state.read(post);
  if (body === null) return;
  if (origin === "own" && body.kind !== "profile") {
    state.receipts.onOwnPost(post);
    state.deliveries.onOwnPost(post, now.monoMs);
  }
  if (body.kind === "profile") {
    onProfile(state, open, post, body);
    onKeys(state, post.author, now);
    onName(state, open, post.author, body.name, post);
  } else if (body.kind === "tombstone") {
    onTombstone(state, open, post, body.target);
  } else {
    // History brings the newest first: what takes a post back often comes before it.
    const mayBe = origin === "history" || open.room.hasTombstones;
    const { counts, hidden } = shownAs(state, post);
    const withdrawn = hidden || (mayBe && state.reader.isWithdrawn(post.id));
    if (body.kind === "topic" && !withdrawn && open.charge === null) {
      open.room.onTopic(post, body.text);
    }
    if (!counts || state.decided.of(post.author).blocked) return;
    const late = open.seen.isLate(post, origin);
    const shown = state.show(post, body, { origin, withdrawn, late }, now);
    if (shown !== null) state.notify({ type: "message", post: shown });
  }
}

/** Of a room that is not open only direct chats show something. */
function onStoredElsewhere(state: EngineState, post: Post): void {
  const body = post.kind === postKind.tombstone ? state.read(post) : null;
  if (body?.kind === "tombstone") onTombstone(state, null, post, body.target);
}

/** What somebody's newest profile tells, our own included. */
function onProfile(
  state: EngineState,
  open: OpenRoom,
  post: Post,
  { name, keys }: Extract<PostBody, { kind: "profile" }>,
): void {
  if (post.author === state.me) {
    open.called = name;
    open.toldKey = keys?.sealing.toHex() ?? null;
  } else if (keys !== undefined) {
    state.direct?.sealer.onProfile(post.author, keys, post.time);
  }
}

/** Rebuilds a room from the store: what it holds, what it is about and who is called what. */
export function reloadRoom(state: EngineState, open: OpenRoom): void {
  open.called = null;
  open.toldKey = null;
  open.room.reload(state.log);
  readOwnLogs(state, open);
  reloadForks(state, open);
  // A room that is left and opened again within a step has places that the disk knows nothing of.
  for (const { post, origin } of state.batch.arrivals) {
    const placed = origin === "own" && post.log === state.log && post.room === open.room.id;
    if (placed) open.room.onPlaced(post);
  }
  if (open.charge !== null) open.charge = loadCharge(state, open.room.id);
  if (open.isPrivate) state.private?.onReloaded(open.room.id);
  readTopic(state, open);
  readProfiles(state, open);
}

/** Takes from the store who is called what in a room. */
export function readProfiles(state: EngineState, open: OpenRoom): void {
  for (const envelope of state.reader.profiles(open.room.id)) {
    const post = decodePost(envelope, state.crypto);
    const body = state.read(post);
    if (body?.kind !== "profile") continue;
    state.people.onName(post.author, body.name, post.time);
    onProfile(state, open, post, body);
  }
}

/** Takes the topic of a room from the store. */
export function readTopic(state: EngineState, open: OpenRoom): void {
  if (open.charge !== null) {
    if (open.charge.ruling !== null) readOwnedTopic(state, open, open.charge.ruling);
    return;
  }
  open.room.forgetTopic();
  const stored = state.reader.topic(open.room.id);
  if (stored === null) return;
  const post = decodePost(stored, state.crypto);
  const body = state.read(post);
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
  // Whoever has a petname is called so here, whatever else.
  const { blocked, petname } = state.decided.of(peer);
  if (blocked || petname !== null) return;
  state.notify({ type: "renamed", room: open.room.name, from: peer, before, name });
}

/** A post is taken back, if it is stored, in the same room and by the same author. */
function onTombstone(
  state: EngineState,
  open: OpenRoom | null,
  tombstone: Post,
  target: PostId,
): void {
  if (open !== null) open.room.hasTombstones = true;
  const stored = state.reader.get(target);
  if (stored === null) return;
  const post = decodePost(stored, state.crypto);
  if (post.author !== tombstone.author || post.room !== tombstone.room) return;
  if (post.kind === postKind.topic && open !== null) readTopic(state, open);
  const isLetter = post.kind === postKind.sealed;
  const shownIn = isLetter ? letterRoom(state, target) : open?.room.name ?? null;
  if (shownIn === null) return;
  state.notify({ type: "withdrawn", id: target, room: shownIn, from: post.author });
}

/** Tells authors that are direct neighbours which of their posts are stored here now. */
function sendHaves(state: EngineState, batch: Batch): void {
  const held = new Map<string, { session: Session; room: RoomId; log: LogId; seqs: RangeSet }>();
  for (const { post, origin } of batch.arrivals) {
    const session = origin === "own" ? undefined : state.links.sessionOf(post.author);
    if (session === undefined) continue;
    // Of a private room nothing is said to whoever does not carry it.
    if (state.rooms.get(post.room)?.isPrivate && !session.rooms.has(post.room)) continue;
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
  state.invites?.onAppendFailed();
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
    for (const room of state.rooms.keys()) {
      // Who has not shown that it has a room open must not hear of it.
      if (!session.rooms.has(room)) continue;
      state.fetch.onRoomClosed(session.link.connection, room);
      askAnew(state, session, room);
    }
  }
}
