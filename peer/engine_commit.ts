/**
 * What follows once the posts of a batch are on the disk, and nothing of it before the store has
 * said `appended`: people and neighbours hear of them. How they came in stands in engine_intake.ts.
 */

import type { LogId, PeerId, PostId, RoomId } from "../wire/ids.ts";
import { comparePosts, decodePost, type Post, postKind } from "../wire/post.ts";
import type { PostBody } from "../wire/post_body.ts";
import { checkName } from "../wire/text.ts";
import type { Arrival } from "./action.ts";
import { Batch } from "./batch.ts";
import { loadCharge, readOwnedTopic, shownAs, takeActs } from "./engine_charge.ts";
import { letterRoom, onKeys, onLetter } from "./engine_direct.ts";
import { onLogGrown, reloadForks } from "./engine_forks.ts";
import { onReceiptStored, readOwnLogs } from "./engine_receipts.ts";
import { askAnew, touch } from "./engine_say.ts";
import type { EngineState, OpenRoom } from "./engine_state.ts";
import { passOn } from "./engine_tree.ts";
import type { Now } from "./input.ts";
import { logKey } from "./log_key.ts";
import { RangeSet } from "./ranges.ts";
import type { Session } from "./session.ts";

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
  const joins = open.room.held.mayHold(logKey(post.author, post.log), post.seq);
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
  const { id } = open.room;
  const newest = state.reader.newest(id, state.limits.headCandidatesMax).toReversed()
    .map((stored) => decodePost(stored, state.crypto));
  open.room.reload(state.log, newest);
  readOwnLogs(state, open);
  reloadForks(state, open, newest);
  // A room that is left and opened again within a step has places that the disk knows nothing of.
  for (const { post, origin } of state.batch.arrivals) {
    const placed = origin === "own" && post.log === state.log && post.room === id;
    if (placed) open.room.onPlaced(post);
  }
  if (open.charge !== null) open.charge = loadCharge(state, id);
  if (open.isPrivate) state.private?.onReloaded(id);
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
  type Held = { session: Session; room: RoomId; log: LogId; seqs: RangeSet };
  const held = new Map<string, Held>();
  let last: Held | undefined;
  for (const { post, origin } of batch.arrivals) {
    const session = origin === "own" ? undefined : state.links.sessionOf(post.author);
    if (session === undefined) continue;
    // Of a private room nothing is said to whoever does not carry it.
    if (state.rooms.get(post.room)?.isPrivate && !session.rooms.has(post.room)) continue;
    // Most come in runs of one log.
    if (last?.session !== session || last.room !== post.room || last.log !== post.log) {
      const name = post.author + post.room + post.log;
      last = held.get(name) ?? { session, room: post.room, log: post.log, seqs: new RangeSet() };
      held.set(name, last);
    }
    last.seqs.add(post.seq, post.seq);
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
