/** What a person or program wants: the commands of the engine. */

import { Membership } from "../discovery/membership.ts";
import { formatAddress, parseAddress } from "../discovery/address.ts";
import { parseId, type PeerId, type PostId, type RoomId } from "../wire/ids.ts";
import { ownedRoomId, saltBytes } from "../wire/owned_room.ts";
import { decodePost } from "../wire/post.ts";
import type { PostBody } from "../wire/post_body.ts";
import {
  checkName,
  checkReason,
  checkRoomName,
  checkText,
  normalRoomName,
  publicRoomId,
} from "../wire/text.ts";
import { Chains } from "./chains.ts";
import { found, mayHide, needVoice, newCharge, shownAs, usePower } from "./engine_charge.ts";
import { reloadRoom } from "./engine_commit.ts";
import {
  directPeer,
  endWaiting,
  isIntroduced,
  needDirect,
  postProfile,
  sayDirect,
} from "./engine_direct.ts";
import { accept, decide, nameForUs, verify } from "./engine_trust.ts";
import { importPosts } from "./engine_import.ts";
import { askForMore } from "./engine_history.ts";
import { onShared, onUnshared } from "./engine_overlay.ts";
import { needDisk, post } from "./engine_post.ts";
import { announce, wordState } from "./engine_presence.ts";
import { sayLast } from "./engine_receipts.ts";
import type { EngineState, OpenRoom } from "./engine_state.ts";
import { Digest } from "./digest.ts";
import { Forks } from "./forks.ts";
import { Gaps } from "./gaps.ts";
import { HeldBack } from "./held_back.ts";
import { ChatError } from "./errors.ts";
import type { Command, Now } from "./input.ts";
import type { InviteDesk } from "./invite_desk.ts";
import type { LinkEvent } from "./link_event.ts";
import { newestShown, Seen } from "./seen.ts";
import { RoomPresence } from "./presence.ts";
import type { PrivateRooms } from "./private_rooms.ts";
import { Progress } from "./progress.ts";
import { ReceiptRows } from "./receipt_rows.ts";
import { refusal } from "./refusal.ts";
import { Room } from "./room.ts";
import type { RoomRecord } from "./member_record.ts";
import type { Session } from "./session.ts";

/**
 * Carries out a command and answers it, at once or when its post is on disk.
 *
 * @returns What it means for links.
 */
export function onCommand(
  state: EngineState,
  ref: number,
  command: Command,
  now: Now,
): LinkEvent[] {
  try {
    return carryOut(state, ref, command, now);
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    const { code, message } = error;
    state.act({ type: "acknowledge", ref, outcome: { ok: false, code, message } });
    return [];
  }
}

function carryOut(state: EngineState, ref: number, command: Command, now: Now): LinkEvent[] {
  if (state.quitting) throw new ChatError("closed", "This peer is leaving");
  switch (command.type) {
    case "say":
      return say(state, ref, command, now);
    case "direct":
      sayDirect(state, ref, command, now);
      return [];
    case "accept":
      accept(state, command.peer);
      if (state.direct !== null) state.direct.openChat(command.peer);
      return done(state, ref);
    case "verify":
      verify(state, command.peer, command.on);
      return done(state, ref);
    case "petname":
      nameForUs(state, command.peer, command.name);
      return done(state, ref);
    case "block":
      if (command.peer === state.me) throw new ChatError("no-such-peer", "That is you");
      decide(state, command.peer, { blocked: command.on });
      return done(state, ref);
    case "withdraw":
      return withdraw(state, ref, command.id, now);
    case "join":
      return join(state, ref, command.room, now);
    case "found":
      return foundRoom(state, ref, command, now);
    case "add-member":
      needPrivate(state).addMember(command.room, command.guest, now);
      return done(state, ref);
    case "adopt":
      needPrivate(state).adopt(command.secret, now);
      return done(state, ref);
    case "make-invite":
      needInvites(state).make(command.room, command, ref, now);
      return [];
    case "revoke-invite":
      needInvites(state).revoke(command.room, command.invite, ref, now);
      return [];
    case "power":
      usePower(state, openRoom(state, command.room), command.deed, ref, now);
      return [];
    case "leave":
      return leave(state, ref, command.room, now);
    case "rename":
      return rename(state, ref, command.name, now);
    case "away":
      return away(state, ref, command.reason, now);
    case "connect":
      return connect(state, ref, command.address, now);
    case "accept-invite":
      return acceptInvite(state, ref, command, now);
    case "disconnect":
      return disconnect(state, ref, command.target, now);
    case "reconnect":
      return reconnect(state, ref, command.target, now);
    case "more":
      askForMore(state, openRoom(state, command.room));
      return done(state, ref);
    case "import":
      needDisk(state);
      if (!importPosts(state, command.posts, now)) return done(state, ref);
      state.batch.refs.push({ ref, post: null });
      return [];
    case "quit":
      return quit(state, ref, now);
  }
}

function done(state: EngineState, ref: number): LinkEvent[] {
  state.act({ type: "acknowledge", ref, outcome: { ok: true, id: null } });
  return [];
}

function say(
  state: EngineState,
  ref: number,
  command: Extract<Command, { type: "say" }>,
  now: Now,
): LinkEvent[] {
  const open = openRoom(state, command.room);
  const { kind, text, reply } = command;
  const problem = kind === "topic" && text === "" ? null : checkText(text);
  if (problem !== null) throw refusal("text", problem, text);
  needVoice(state, open, kind === "topic" ? "topic" : "word");
  const body: PostBody = kind === "topic" ? { kind, text } : { kind, text, reply };
  post(state, open, body, ref, now);
  return [];
}

function withdraw(state: EngineState, ref: number, id: PostId, now: Now): LinkEvent[] {
  const stored = state.reader.get(id);
  if (stored === null) throw new ChatError("no-such-post", `No post ${id} is stored here`);
  const target = decodePost(stored, state.crypto);
  const room = state.rooms.get(target.room);
  const hides = room !== undefined && mayHide(state, room, target.author);
  if (target.author !== state.me && !hides) {
    throw new ChatError("not-the-author", `Post ${id} is by somebody else and stays`);
  }
  if (state.reader.isWithdrawn(id) || shownAs(state, target).hidden) {
    throw new ChatError("no-such-post", `Post ${id} is taken back already`);
  }
  if (room === undefined) {
    throw new ChatError("not-joined", `The room of post ${id} is not open; /join it first`);
  }
  needVoice(state, room, "word");
  post(state, room, { kind: "tombstone", target: id }, ref, now);
  return [];
}

function join(state: EngineState, ref: number, typed: string, now: Now): LinkEvent[] {
  const peer = directPeer(typed);
  if (peer !== null) {
    needDirect(state).openChat(peer);
    return done(state, ref);
  }
  const owned = ownedRoom(typed);
  const name = owned === null ? normalRoomName(typed) : `~${owned}`;
  const problem = owned === null ? checkRoomName(name) : null;
  if (problem !== null) throw refusal("room-name", problem, typed);
  const id = owned ?? publicRoomId(name, state.crypto);
  if (state.rooms.has(id)) return done(state, ref);
  const kind = owned === null ? "public" : state.private?.has(owned) ? "private" : "owned";
  if (kind === "private") state.private?.needPlace();
  const open = openNew(state, id, name, kind, now);
  if (state.probeMs !== null || !introduce(state, open, now)) return done(state, ref);
  state.batch.refs.push({ ref, post: null });
  return [];
}

function needPrivate(state: EngineState): PrivateRooms {
  if (state.private === null) throw new Error("Private rooms were not loaded");
  return state.private;
}

/** The id in `~` and 64 digits, which name a room with a founder. */
function ownedRoom(typed: string): RoomId | null {
  return typed.startsWith("~") ? parseId<RoomId>(typed.slice(1)) : null;
}

function needInvites({ invites }: EngineState): InviteDesk {
  if (invites === null) throw new Error("Invites to private rooms were not loaded");
  return invites;
}

function foundRoom(
  state: EngineState,
  ref: number,
  { name: typed, kind, history }: Extract<Command, { readonly type: "found" }>,
  now: Now,
): LinkEvent[] {
  needDisk(state);
  if (kind === "private") {
    needPrivate(state).create(typed, history, ref, now);
    return [];
  }
  const name = normalRoomName(typed);
  const problem = checkRoomName(name);
  if (problem !== null) throw refusal("room-name", problem, typed);
  const salt = state.crypto.randomBytes(saltBytes);
  const id = ownedRoomId(state.me, name, salt, state.crypto);
  const open = openNew(state, id, `~${id}`, "owned", now);
  found(state, open, { act: "found", name, salt }, ref, now);
  introduce(state, open, now);
  return [];
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
  const presence = new RoomPresence(state.limits);
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

/** Posts our name in a room unless it stands there already; says whether it did. */
export function introduce(state: EngineState, open: OpenRoom, now: Now): boolean {
  return !isIntroduced(state, open) && postProfile(state, open, state.name, now);
}

function leave(state: EngineState, ref: number, typed: string, now: Now): LinkEvent[] {
  const peer = directPeer(typed);
  if (peer !== null && state.direct?.chats.delete(peer)) return done(state, ref);
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
  return done(state, ref);
}

function rename(state: EngineState, ref: number, name: string, now: Now): LinkEvent[] {
  const problem = checkName(name);
  if (problem !== null) throw refusal("name", problem, name);
  needDisk(state);
  let told = false;
  for (const open of state.rooms.values()) {
    told = postProfile(state, open, name, now) || told;
  }
  if (!told) {
    takeName(state, name, now);
    return done(state, ref);
  }
  state.batch.newName = name;
  state.batch.refs.push({ ref, post: null });
  return [];
}

/** Bears a new name from now on, whose posts are stored. */
export function takeName(state: EngineState, name: string, now: Now): void {
  state.name = name;
  state.act({ type: "rememberName", name });
  for (const open of state.rooms.values()) {
    announce(state, open, wordState(state), now);
  }
}

function away(state: EngineState, ref: number, reason: string | null, now: Now): LinkEvent[] {
  const problem = reason === null ? null : checkReason(reason);
  if (problem !== null) throw refusal("text", problem, reason ?? "");
  const isNews = state.away !== reason;
  state.away = reason;
  for (const open of state.rooms.values()) {
    announce(state, open, wordState(state), now);
    const who = { room: open.room.name, from: state.me, name: state.name };
    if (isNews) state.notify({ type: "away", ...who, reason });
  }
  return done(state, ref);
}

function connect(state: EngineState, ref: number, typed: string, now: Now): LinkEvent[] {
  const { schedule } = state.links.dials;
  if (schedule.add(dialable(state, typed), now.monoMs)) return done(state, ref);
  throw tooManyAddresses(state);
}

function tooManyAddresses(state: EngineState): ChatError {
  const { addressBookMax } = state.limits;
  return new ChatError(
    "too-many-addresses",
    `${addressBookMax} addresses are known already; /disconnect one first`,
  );
}

function acceptInvite(
  state: EngineState,
  ref: number,
  { peer, addresses, ticket }: Extract<Command, { type: "accept-invite" }>,
  now: Now,
): LinkEvent[] {
  const { schedule } = state.links.dials;
  if (ticket !== null) needInvites(state).take({ peer, ...ticket }, now);
  state.know(peer);
  let tried = 0;
  for (const typed of addresses) {
    const address = spelled(typed);
    const [other] = matching(state, address);
    // The same numbers on two networks: they lead to us, or to somebody who is linked already.
    const elsewhere = state.addresses.includes(address) ||
      (other !== undefined && other.peer !== peer);
    if (elsewhere) state.notify({ type: "notice", room: null, code: "not-inviter", address });
    else if (schedule.add(address, now.monoMs, peer, tried * state.limits.inviteStaggerMs)) tried++;
    else if (tried === 0) throw tooManyAddresses(state);
  }
  if (state.links.sessionOf(peer) !== undefined) schedule.onPeerUp(peer, now.monoMs);
  return done(state, ref);
}

function disconnect(state: EngineState, ref: number, typed: string, now: Now): LinkEvent[] {
  const sessions = matching(state, typed);
  const addresses = new Set(
    sessions.flatMap((session) => [
      session.link.address,
      ...state.links.dials.schedule.addressesOf(session.peer),
    ]),
  );
  addresses.add(spelled(typed));
  let known = sessions.length > 0;
  for (const address of addresses) {
    if (!state.links.dials.schedule.remove(address)) continue;
    known = true;
    state.act({ type: "forget", address });
  }
  if (!known) throw new ChatError("no-such-peer", `No link or address ${JSON.stringify(typed)}`);
  const events = sessions.map((session) => state.links.end(session, "disconnect", now));
  return [...events, ...done(state, ref)];
}

function reconnect(
  state: EngineState,
  ref: number,
  typed: string | null,
  now: Now,
): LinkEvent[] {
  const { schedule } = state.links.dials;
  if (typed === null) schedule.hurry(null, now.monoMs);
  else {
    const addresses = [spelled(typed), ...schedule.addressesOf(typed as PeerId)];
    const found = addresses.map((address) => schedule.hurry(address, now.monoMs));
    if (!found.includes(true) && matching(state, typed).length === 0) {
      throw new ChatError("no-such-peer", `No address ${JSON.stringify(typed)} is known`);
    }
  }
  return done(state, ref);
}

function quit(state: EngineState, ref: number, now: Now): LinkEvent[] {
  for (const open of state.rooms.values()) {
    sayLast(state, open, now);
    announce(state, open, "left", now);
  }
  endWaiting(state, Infinity);
  state.quitting = true;
  state.links.rest();
  const events = [...state.links.sessions].map((s) => state.links.end(s, "leaving", now));
  return [...events, ...done(state, ref)];
}

/** Sessions that a peer id or an address names. */
function matching(state: EngineState, typed: string): Session[] {
  const address = spelled(typed);
  return [...state.links.sessions].filter((session) =>
    session.peer === typed || session.link.address === address
  );
}

function spelled(typed: string): string {
  try {
    return formatAddress(parseAddress(typed));
  } catch {
    return typed;
  }
}

function dialable(state: EngineState, typed: string): string {
  let address: string;
  try {
    address = formatAddress(parseAddress(typed));
  } catch (error) {
    throw new ChatError("bad-address", error instanceof Error ? error.message : typed);
  }
  if (state.addresses.includes(address)) {
    throw new ChatError("own-address", `${address} is this peer itself; give another's address`);
  }
  return address;
}

/** The open room of a name, or of `~` and a room id. */
export function openRoom(state: EngineState, typed: string): OpenRoom {
  const id = typed.startsWith("~") ? typed.slice(1).toLowerCase() as RoomId : null;
  const name = normalRoomName(typed);
  for (const open of state.rooms.values()) {
    if (open.room.id === id || open.room.name === name) return open;
  }
  throw new ChatError("not-joined", `Room ${JSON.stringify(typed)} is not open; /join it first`);
}
