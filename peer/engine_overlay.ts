/**
 * The overlay of each room: who is a neighbour in it (discovery/membership.ts), what follows
 * from that, and how members become known to each other (by records, engine_hello.ts).
 */

import type { MembershipStep } from "../discovery/membership_step.ts";
import type { PeerId, RoomId } from "../wire/ids.ts";
import type { Message } from "../wire/message.ts";
import type { RecordEntry } from "../wire/message_entries.ts";
import { ownRecord, readRecord } from "./engine_hello.ts";
import { tellOwn, tellPresent } from "./engine_presence.ts";
import { noteChange, tellReceipts } from "./engine_receipts.ts";
import { say, touch } from "./engine_say.ts";
import type { EngineState, OpenRoom } from "./engine_state.ts";
import type { ConnectionId, Now } from "./input.ts";
import type { LinkEvent } from "./link_event.ts";
import type { RoomRecord } from "./member_record.ts";
import type { Session } from "./session.ts";

/** Both ends have the room open now. */
export function onShared(state: EngineState, session: Session, id: RoomId, now: Now): void {
  const open = state.rooms.get(id);
  if (open === undefined || !session.rooms.has(id)) return;
  // Soon it is said again in any case.
  if (session.quotas.mayBeGreeted(id, now.monoMs)) tellOwn(state, open, session, now);
  const { connection, direction } = session.link;
  const own = direction === "out";
  // Only a link that has just come back: else one could take a neighbour's place again and again
  // by closing and opening the room.
  const isFresh = now.monoMs - session.upSinceMs < state.limits.goodLinkMs;
  open.members.onShared(connection, session.peer, own, session.returns && isFresh, now.monoMs);
  apply(state, open, now);
}

/** A link carries a room no longer: one end has closed the room, or the link is gone. */
export function onUnshared(
  state: EngineState,
  session: Session,
  id: RoomId,
  lost: boolean,
  now: Now,
): void {
  const open = state.rooms.get(id);
  if (open === undefined) return;
  // Who has closed the room is a member no longer.
  const record = lost ? session.record : null;
  open.members.onUnshared(session.link.connection, record, now.monoMs);
  apply(state, open, now);
}

/** Takes a neighbour's word about the overlay of a room. */
export function onOverlay(
  state: EngineState,
  session: Session,
  message: Extract<Message, { type: "neighbour" | "rest" | "walk" | "members" }>,
  now: Now,
): LinkEvent[] {
  const open = state.rooms.get(message.room);
  if (open === undefined || !session.rooms.has(message.room)) return [];
  const { connection } = session.link;
  let events: LinkEvent[] = [];
  switch (message.type) {
    case "neighbour":
      // Who comes and goes all the time is told each time all that is held here.
      if (!session.quotas.words.take(1, now.monoMs)) open.members.onTooOften(connection);
      else open.members.onNeighbour(connection, message.others, session.record, now.monoMs);
      break;
    case "rest":
      open.members.onRest(connection, now.monoMs);
      break;
    case "walk":
    case "members":
      // A flood of records costs a verification each.
      if (!session.quotas.records.take(1, now.monoMs)) return [];
      events = message.type === "walk"
        ? onWalk(state, session, open, message, now)
        : onMembers(state, session, open, message, now);
      break;
  }
  apply(state, open, now);
  return events;
}

function onWalk(
  state: EngineState,
  session: Session,
  open: OpenRoom,
  { hopsLeft, entry }: Extract<Message, { type: "walk" }>,
  now: Now,
): LinkEvent[] {
  const record = readRecord(state, session, entry, now);
  if (record === "invalid") return state.links.onInvalid(session, now);
  if (record !== null) open.members.onWalk(session.link.connection, hopsLeft, record);
  return [];
}

function onMembers(
  state: EngineState,
  session: Session,
  open: OpenRoom,
  { entries, ask }: Extract<Message, { type: "members" }>,
  now: Now,
): LinkEvent[] {
  if (!open.members.isActive(session.link.connection)) return [];
  if (ask) sendMembers(state, open, session.link.connection, false, now);
  for (const entry of entries) {
    const record = readRecord(state, session, entry, now);
    if (record === "invalid") return state.links.onInvalid(session, now);
    if (record === null) continue;
    // A neighbour that listens elsewhere now.
    if (record.peer === session.peer) session.record = record;
    else open.members.onMember(session.link.connection, record, now.monoMs);
  }
  return [];
}

/** Tells a neighbour of ourselves, of other neighbours, and of members that are none. */
function sendMembers(
  state: EngineState,
  open: OpenRoom,
  connection: ConnectionId,
  ask: boolean,
  now: Now,
): void {
  const session = state.links.session(connection);
  if (session === undefined) return;
  const { membersPerMessage } = state.limits;
  const own = ownRecord(state, now);
  const near = open.members.active.flatMap((other) => {
    const record = other === connection ? null : state.links.session(other)?.record ?? null;
    return record === null || record.addresses.length === 0 ? [] : [record];
  });
  const some = [
    ...near.slice(0, membersPerMessage / 2),
    ...open.members.passive.sample(membersPerMessage),
  ].filter(({ peer }) => peer !== session.peer);
  const entries: RecordEntry[] = own === null ? [] : [{ ...own, hint: null }];
  for (const { signed, signature, hint } of some) {
    if (entries.length < membersPerMessage) entries.push({ signed, signature, hint });
  }
  if (entries.length === 0 && !ask) return;
  session.send({ type: "members", room: open.room.id, entries, ask });
  state.links.touch(session);
}

/** Does what the memberships have due. */
export function onOverlayTime(state: EngineState, now: Now): void {
  for (const open of state.rooms.values()) {
    open.members.onTime(now.monoMs);
    apply(state, open, now);
  }
}

/** Nobody is at a member's addresses. */
export function onUnreachable(state: EngineState, peer: RoomRecord["peer"], now: Now): void {
  for (const open of state.rooms.values()) {
    open.members.onUnreachable(peer, now.monoMs);
    apply(state, open, now);
  }
}

/** Carries out what the membership of a room wants. */
function apply(state: EngineState, open: OpenRoom, now: Now): void {
  for (let steps; (steps = open.members.takeSteps()).length > 0;) {
    for (const step of steps) carryOut(state, open, step, now);
  }
}

function carryOut(
  state: EngineState,
  open: OpenRoom,
  step: MembershipStep<RoomRecord>,
  now: Now,
): void {
  const { id: room } = open.room;
  switch (step.type) {
    case "neighbour":
      return say(state, step.link, { type: "neighbour", room, others: step.others });
    case "rest":
      return say(state, step.link, { type: "rest", room });
    case "walk": {
      const { signed, signature, hint } = step.record;
      const { hopsLeft } = step;
      return say(state, step.link, {
        type: "walk",
        room,
        hopsLeft,
        entry: { signed, signature, hint },
      });
    }
    case "members":
      return sendMembers(state, open, step.link, step.ask, now);
    case "dial":
      return offer(state, open, step.record, step.urgent, now);
    case "withdraw":
      return withdraw(state, step.peer);
    case "up":
      return onUp(state, open, step.link, step.needy, now);
    case "down":
      return onDown(state, open, step.link, now);
  }
}

function offer(
  state: EngineState,
  open: OpenRoom,
  record: RoomRecord,
  urgent: boolean,
  now: Now,
): void {
  const { peer, addresses } = record;
  const linked = state.links.sessionOf(peer) !== undefined;
  if (linked || !state.links.dials.learnt.offer(peer, addresses, urgent, now.monoMs)) {
    open.members.onNotTried(peer);
  }
}

/** No link to a member is wanted any longer, unless for another room. */
function withdraw(state: EngineState, peer: PeerId): void {
  if ([...state.rooms.values()].some(({ members }) => members.isWanted(peer))) return;
  state.links.dials.learnt.withdraw(peer);
}

/** Gossip goes over a link from now on: presence and frontier go over first. */
function onUp(
  state: EngineState,
  open: OpenRoom,
  connection: ConnectionId,
  needy: boolean,
  now: Now,
): void {
  const session = state.links.session(connection);
  if (session === undefined) return;
  state.broadcast.tree(open.room.id).onNeighbourUp(connection, state.me < session.peer);
  state.tell.onNews(connection, open.room.id, "all");
  if (open.receipts.own === null) noteChange(state, open, now);
  if (!session.quotas.mayBeTold(open.room.id, now.monoMs)) return;
  tellReceipts(state, open, session, now);
  // Others have heard who is here from the neighbours that they had before.
  if (needy) tellPresent(state, open, session);
}

/** A link carries no gossip of a room any longer. */
function onDown(state: EngineState, open: OpenRoom, connection: ConnectionId, now: Now): void {
  const { id } = open.room;
  state.broadcast.tree(id).onNeighbourDown(connection, now.monoMs);
  state.serve.onRoomClosed(connection, id);
  state.tell.onRoomClosed(connection, id);
  state.seek.onUnshared(connection, id);
  if (!state.fetch.onRoomClosed(connection, id)) return;
  for (const idle of state.fetch.idle) touch(state, idle);
}
