/**
 * What comes of links: that one is up or gone, was refused or failed, and what neighbours say over
 * them about rooms: which are open, who is in them, what is new, what is held and what is wanted.
 */

import { MalformedError } from "../wire/cbor.ts";
import type { RoomId } from "../wire/ids.ts";
import type { Message } from "../wire/message.ts";
import type { FloorEntry, WantedRange } from "../wire/message_entries.ts";
import { onBrief } from "./engine_brief.ts";
import { onDeliveryLinkLost, onHave } from "./engine_deliveries.ts";
import { foresee } from "./engine_foresee.ts";
import { greet, onHelloRecord } from "./engine_hello.ts";
import { onDigest, onFloors, onForks, onFrontier, onPage, onSeek } from "./engine_history.ts";
import { intake, type Way } from "./engine_intake.ts";
import { onOverlay, onShared, onUnreachable, onUnshared } from "./engine_overlay.ts";
import { onPresences, tellLeave } from "./engine_presence.ts";
import { onReceipts } from "./engine_receipts.ts";
import type { EngineState } from "./engine_state.ts";
import { onAgain, onTree } from "./engine_tree.ts";
import type { Now } from "./input.ts";
import type { LinkEvent } from "./link_event.ts";
import { type LogKey, logKey } from "./log_key.ts";
import type { PrivateMessage } from "./private_rooms.ts";
import type { Session } from "./session.ts";

/** Takes what has happened to links, in order. */
export function onLinkEvents(state: EngineState, events: readonly LinkEvent[], now: Now): void {
  for (const event of events) onLinkEvent(state, event, now);
}

function onLinkEvent(state: EngineState, event: LinkEvent, now: Now): void {
  switch (event.type) {
    case "up":
      return onUp(state, event.session, now);
    case "down":
      return onDown(state, event, now);
    case "message":
      if (state.links.session(event.session.link.connection) !== event.session) return;
      try {
        onLinkEvents(state, onMessage(state, event.session, event.message, now), now);
      } catch (error) {
        if (!(error instanceof MalformedError)) throw error;
        const reason = `malformed: ${error.message}`;
        onLinkEvents(state, state.links.onFailed(event.session, reason, now), now);
      }
      return;
    case "failed":
      return onLinkEvents(state, state.links.onFailed(event.session, event.reason, now), now);
    case "refused":
      return onRefused(state, event, now);
    case "unreachable":
      return onUnreachable(state, event.peer, now);
    case "banned":
      // Whoever makes a key for three wrong signatures, and the next, must not fill the screen.
      if (!state.known.has(event.peer) && !mayTellRefused(state, now)) return;
      return state.notify({
        type: "notice",
        room: null,
        code: "banned",
        peer: event.peer,
        minutes: Math.round(event.ms / 60_000),
      });
  }
}

function onUp(state: EngineState, session: Session, now: Now): void {
  const { peer, link } = session;
  const name = state.nameOf(peer);
  const { address, direction } = link;
  state.notify({ type: "peer", event: "up", peer, name, address, direction, reason: null });
  if (direction === "out") {
    state.act({ type: "remember", address, peer });
    if (state.links.dials.schedule.isWanted(address)) state.know(peer);
  }
  greet(state, session, now);
  state.invites?.onUp(session, now);
}

function onDown(state: EngineState, event: Extract<LinkEvent, { type: "down" }>, now: Now): void {
  const { session, reason, replaced, broken } = event;
  const { connection, address, direction } = session.link;
  const wasNeighbour = [...state.rooms.values()].some(({ members }) =>
    members.isActive(connection)
  );
  for (const room of session.rooms) onUnshared(state, session, room, broken, now);
  state.fetch.onLinkLost(connection);
  state.seek.onLinkLost(connection);
  state.serve.onLinkLost(connection);
  state.tell.onLinkLost(connection);
  state.private?.onLinkLost(connection);
  state.invites?.onLinkLost(connection);
  onDeliveryLinkLost(state, connection, now);
  const { peer } = session;
  const name = state.nameOf(peer);
  const lastedMs = now.monoMs - session.upSinceMs;
  if (broken && !state.quitting && wasNeighbour && lastedMs >= state.limits.goodLinkMs) {
    state.links.dials.lost.onLost(peer, session.record?.addresses ?? [], now.monoMs);
  }
  state.notify({ type: "peer", event: "down", peer, name, address, direction, reason });
  // Another link has taken its place, or it is this peer that goes: nobody else is gone.
  if (replaced || state.quitting) return;
  for (const { room, presence } of state.rooms.values()) {
    presence.onLinkLost(peer, now.monoMs);
    const alone = state.broadcast.targets(room.id, null).length === 0;
    for (const gone of alone ? presence.onAlone() : []) tellLeave(state, room.name, gone);
  }
}

function onRefused(
  state: EngineState,
  event: Extract<LinkEvent, { type: "refused" }>,
  now: Now,
): void {
  const { link, code, detail: reason, retryMs } = event;
  const { address } = link;
  const say = state.notify.bind(state);
  if (code === "self") say({ type: "notice", room: null, code: "dialled-self", address });
  if (code === "stranger") say({ type: "notice", room: null, code: "not-inviter", address });
  if (code === "version" && (link.direction === "out" || mayTellRefused(state, now))) {
    say({ type: "notice", room: null, code: "version-mismatch", address, range: reason });
  }
  if (link.direction === "out") {
    if (retryMs === null) return;
    say({ type: "notice", room: null, code: "dial-failed", address, reason, retryMs });
  } else if (code !== "closed" && code !== "version" && mayTellRefused(state, now)) {
    say({ type: "notice", room: null, code: "refused-link", address, reason });
  }
}

/** Strangers who knock in vain must not fill the screen. */
function mayTellRefused(state: EngineState, now: Now): boolean {
  const { refusedNoticesMax, refusedNoticeMs } = state.limits;
  const floorMs = now.monoMs - refusedNoticesMax * refusedNoticeMs;
  state.refusedToldMs = Math.max(state.refusedToldMs, floorMs) + refusedNoticeMs;
  if (state.refusedToldMs <= now.monoMs) return true;
  state.refusedToldMs -= refusedNoticeMs;
  return false;
}

/**
 * Takes a neighbour's message.
 *
 * @returns What it means for the link: nothing, or that too many signatures were wrong.
 * @throws {MalformedError} If it breaks the protocol, which costs the neighbour its link.
 */
function onMessage(
  state: EngineState,
  session: Session,
  message: Message,
  now: Now,
): LinkEvent[] {
  if ("room" in message && state.rooms.get(message.room)?.isPrivate) {
    if (["join", "leave", "acts", "acts-wanted"].includes(message.type)) {
      return state.private?.onMessage(session, message as PrivateMessage, now) ?? [];
    }
    // Who has not shown that it is a member is as one who has not opened the room.
    if (!session.rooms.has(message.room)) return [];
  }
  switch (message.type) {
    case "tags":
      // A copy: the frame that they came in must not be kept.
      session.tags = { round: message.round, bytes: message.tags.slice() };
      return state.private?.onMessage(session, message, now) ?? [];
    case "redeem":
    case "welcome":
    case "refused":
      if (state.invites !== null) state.invites.onMessage(session, message, now);
      // Who is in no private room knows no invite.
      else if (message.type === "redeem") {
        session.send({ type: "refused", tag: message.tag, reason: "unknown" });
        state.links.touch(session);
      }
      return [];
    case "hello":
      if (session.clockOffsetMs !== null) throw new MalformedError("a second hello");
      session.clockOffsetMs = message.wallMs - now.wallMs;
      session.observed = message.observed;
      compareClocks(state, now);
      return onHelloRecord(state, session, message.record, now);
    case "join":
      // Said again it is no news: each answer costs a signature and all that is present.
      if (session.rooms.has(message.room)) return [];
      if (session.rooms.size >= state.limits.neighbourRoomsMax) {
        throw new MalformedError("too many rooms");
      }
      session.rooms.add(message.room);
      onShared(state, session, message.room, now);
      return [];
    case "leave":
      if (session.rooms.delete(message.room)) onUnshared(state, session, message.room, false, now);
      return [];
    case "neighbour":
    case "rest":
    case "walk":
    case "members":
      return onOverlay(state, session, message, now);
    case "ihave":
    case "graft":
    case "prune":
      onTree(state, session, message, now);
      return [];
    case "receipts":
      return onReceipts(state, session, message.room, message.receipts, now);
    case "presence":
      return onPresences(state, session, message.presences, now);
    case "posts":
      return onPosts(state, session, message, now);
    case "brief":
      return onBrief(state, session, message, now);
    case "again":
      onAgain(state, session, message.number, now);
      return [];
    case "page":
      return onPage(state, session, message, now);
    case "have":
      onHave(state, session.peer, message.room, message.log, message.ranges, now);
      return [];
    case "frontier":
      onFrontier(state, session, message.room, message.entries, now);
      return [];
    case "digest":
      onDigest(state, session, message.room, message.buckets, now);
      return [];
    case "forks":
      onForks(state, session, message.room, message.entries, now);
      return [];
    case "seek":
      onSeek(state, session, message, now);
      return [];
    case "want":
      if (!state.broadcast.isNeighbour(message.room, session.link.connection)) return [];
      state.serve.onWant(session.link.connection, message.room, message.request, message.ranges);
      tellFloors(state, session, message.room, message.ranges);
      return [];
    case "floors":
      if (!state.broadcast.isNeighbour(message.room, session.link.connection)) return [];
      onFloors(state, session, message.room, message.floors);
      return [];
    default:
      return [];
  }
}

function compareClocks(state: EngineState, now: Now): void {
  const sessions = [...state.links.sessions];
  const offsetsOf = (some: readonly Session[]) =>
    some.flatMap(({ clockOffsetMs }) => clockOffsetMs ?? []);
  const dialled = offsetsOf(sessions.filter(({ link }) => link.direction === "out"));
  const corrected = state.clock.compare(now.wallMs, dialled, sessions.length === 1);
  if (!state.clock.review(offsetsOf(sessions)) && !corrected) return;
  const { offsetMs } = state.clock;
  state.notify({ type: "notice", room: null, code: "clock-corrected", offsetMs });
}

function onPosts(
  state: EngineState,
  session: Session,
  message: Extract<Message, { type: "posts" }>,
  now: Now,
): LinkEvent[] {
  const open = state.rooms.get(message.room);
  if (open === undefined) return [];
  const events: LinkEvent[] = [];
  const foreseen = foresee(state, session, open, message, now);
  for (const post of message.posts) {
    const { hops, wide = false } = post;
    const way: Way = { origin: "live", hops, wide };
    const verdict = intake(state, session, open, post, way, now, foreseen.get(post));
    if (verdict === "invalid") events.push(...state.links.onInvalid(session, now));
    if (state.links.session(session.link.connection) !== session) return events;
  }
  return events;
}

/** What a neighbour wants may have been removed here; it is told once for each log and request. */
function tellFloors(
  state: EngineState,
  session: Session,
  room: RoomId,
  wanted: readonly WantedRange[],
): void {
  const floors = new Map<LogKey, FloorEntry>();
  for (const { author, log, from } of wanted) {
    const key = logKey(author, log);
    const floor = state.reader.floor(room, key);
    if (floor !== null && from <= floor.seq) floors.set(key, { author, log, ...floor });
  }
  if (floors.size > 0) session.send({ type: "floors", room, floors: [...floors.values()] });
}
