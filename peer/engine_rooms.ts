/** Commands about rooms and chats: opened by a name, founded, left. */

import { Membership } from "../discovery/membership.ts";
import { parseId, type PeerId, type RoomId } from "../wire/ids.ts";
import { ownedRoomId, saltBytes } from "../wire/owned_room.ts";
import { checkRoomName, normalRoomName, publicRoomId } from "../wire/text.ts";
import { Chains } from "./chains.ts";
import { Digest } from "./digest.ts";
import { newCharge } from "./engine_charge.ts";
import { reloadRoom } from "./engine_commit.ts";
import { directPeer, isIntroduced, needDirect, postProfile } from "./engine_direct.ts";
import { onShared, onUnshared } from "./engine_overlay.ts";
import { needDisk } from "./engine_post.ts";
import { postAct } from "./engine_power.ts";
import { announce } from "./engine_presence.ts";
import { sayLast } from "./engine_receipts.ts";
import type { EngineState, OpenRoom } from "./engine_state.ts";
import { ChatError } from "./errors.ts";
import { Forks } from "./forks.ts";
import { Gaps } from "./gaps.ts";
import { HeldBack } from "./held_back.ts";
import type { Command, Now } from "./input.ts";
import type { InviteDesk } from "./invite_desk.ts";
import type { RoomRecord } from "./member_record.ts";
import { RoomPresence } from "./presence.ts";
import type { PrivateRooms } from "./private_rooms.ts";
import { Progress } from "./progress.ts";
import { ReceiptRows } from "./receipt_rows.ts";
import { notOpen, refusal } from "./refusal.ts";
import { Room } from "./room.ts";
import { newestShown, Seen } from "./seen.ts";

/**
 * Opens a room, or a chat with one person.
 *
 * @returns Whether a post says so that is on its way to the disk.
 */
export function join(state: EngineState, typed: string, now: Now): boolean {
  const peer = directPeer(typed);
  if (peer !== null) {
    needDirect(state).openChat(peer);
    return false;
  }
  const owned = ownedRoom(typed);
  const name = owned === null ? normalRoomName(typed) : `~${owned}`;
  const problem = owned === null ? checkRoomName(name) : null;
  if (problem !== null) throw refusal("room-name", problem, typed);
  const id = owned ?? publicRoomId(name, state.crypto);
  if (state.rooms.has(id)) return false;
  const kind = owned === null ? "public" : state.private?.has(owned) ? "private" : "owned";
  if (kind === "private") state.private?.needPlace();
  const open = openNew(state, id, name, kind, now);
  if (now.monoMs < state.silentUntilMs) {
    open.silentSinceMs = now.wallMs;
    open.ownDueMs = state.silentUntilMs;
    return false;
  }
  return state.probeMs === null && introduce(state, open, now);
}

/** The id in `~` and 64 digits, which name a room with a founder. */
function ownedRoom(typed: string): RoomId | null {
  return typed.startsWith("~") ? parseId<RoomId>(typed.slice(1)) : null;
}

/** Founds a room; answered when its first post is on the disk. */
export function foundRoom(
  state: EngineState,
  ref: number,
  { name: typed, kind, history }: Extract<Command, { readonly type: "found" }>,
  now: Now,
): void {
  needDisk(state);
  if (kind === "private") return needPrivate(state).create(typed, history, ref, now);
  const name = normalRoomName(typed);
  const problem = checkRoomName(name);
  if (problem !== null) throw refusal("room-name", problem, typed);
  const salt = state.crypto.randomBytes(saltBytes);
  const id = ownedRoomId(state.me, name, salt, state.crypto);
  const open = openNew(state, id, `~${id}`, "owned", now);
  postAct(state, open, { act: "found", name, salt }, ref, now);
  introduce(state, open, now);
}

/** Opens a room that is not open, and tells the neighbours. */
export function openNew(
  state: EngineState,
  id: RoomId,
  name: string,
  kind: "public" | "owned" | "private",
  now: Now,
): OpenRoom {
  if (state.rooms.size >= state.limits.roomsMax) {
    throw new ChatError("too-many-rooms", `${state.rooms.size} rooms are open; /part one first`);
  }
  const { me, log, reader, crypto, limits } = state;
  const isKnown = (peer: PeerId) => state.known.has(peer);
  const room = new Room(id, name, me, log, reader, crypto, limits, isKnown);
  const presence = new RoomPresence(state.limits, isKnown);
  const members = new Membership<RoomRecord>(
    state.me,
    state.limits,
    () => state.rng.next(),
    (link) => state.broadcast.tree(id).isEager(link),
    now.monoMs,
  );
  const open: OpenRoom = {
    room,
    presence,
    members,
    forks: new Forks(id, state.reader, state.crypto, state.limits),
    chains: new Chains(state.limits),
    digest: new Digest(id, state.crypto),
    progress: new Progress(state.limits),
    heldBack: new HeldBack(state.limits),
    seen: new Seen(newestShown(state, id), now.wallMs),
    gaps: new Gaps(state.limits, (peer) => state.known.has(peer)),
    receipts: new ReceiptRows(state.limits),
    drops: new Map(),
    charge: kind === "public" ? null : newCharge(state, id),
    isPrivate: kind === "private",
    called: null,
    toldKey: null,
    silentSinceMs: null,
    own: null,
    ownDueMs: 0,
  };
  state.rooms.set(id, open);
  state.closedCharge = null;
  reloadRoom(state, open);
  if (open.isPrivate) {
    state.private?.onOpened(id, now);
    return open;
  }
  for (const session of state.links.sessions) {
    session.send({ type: "join", room: id });
    state.links.touch(session);
    onShared(state, session, id, now);
  }
  return open;
}

/** Ends the silence of a start: says in each room what its opening has left for later. */
export function endSilence(state: EngineState, now: Now): void {
  if (state.silentUntilMs === -Infinity) return;
  state.silentUntilMs = -Infinity;
  for (const open of state.rooms.values()) {
    if (open.silentSinceMs === null) continue;
    open.ownDueMs = now.monoMs;
    // As of then, so that it goes before whatever ends the silence. A broken disk comes first.
    if (state.probeMs === null) introduce(state, open, { ...now, wallMs: open.silentSinceMs });
  }
}

/** Posts our name in a room unless it stands there already; says whether it did. */
export function introduce(state: EngineState, open: OpenRoom, now: Now): boolean {
  open.silentSinceMs = null;
  return !isIntroduced(state, open) && postProfile(state, open, state.name, now);
}

/** Closes a room or a chat; what is stored stays. */
export function leave(state: EngineState, typed: string, now: Now): void {
  const peer = directPeer(typed);
  if (peer !== null && state.direct?.chats.delete(peer)) return;
  const open = openRoom(state, typed);
  sayLast(state, open, now);
  announce(state, open, "left", now);
  const { id } = open.room;
  if (open.isPrivate) state.private?.onClosed(id, now);
  for (const session of open.isPrivate ? [] : state.links.sessions) {
    session.send({ type: "leave", room: id });
    state.links.touch(session);
    onUnshared(state, session, id, false, now);
  }
  state.rooms.delete(id);
  state.closedCharge = null;
  state.broadcast.onRoomClosed(id);
  state.seek.onRoomClosed(id);
}

/** The open room of a name, or of `~` and a room id. */
export function openRoom(state: EngineState, typed: string): OpenRoom {
  const id = typed.startsWith("~") ? typed.slice(1).toLowerCase() as RoomId : null;
  const name = normalRoomName(typed);
  for (const open of state.rooms.values()) {
    if (open.room.id === id || open.room.name === name) return open;
  }
  throw notOpen(typed);
}

/** What to ask for private rooms; it is loaded before any is opened. */
export function needPrivate(state: EngineState): PrivateRooms {
  if (state.private === null) throw new Error("Private rooms were not loaded");
  return state.private;
}

/** What to ask for invites to private rooms; it is loaded before any is made or taken. */
export function needInvites({ invites }: EngineState): InviteDesk {
  if (invites === null) throw new Error("Invites to private rooms were not loaded");
  return invites;
}
