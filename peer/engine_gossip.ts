/**
 * What neighbours say about rooms: which are open, who is in them, what is new, what is held
 * and what is wanted.
 */

import { MalformedError } from "../wire/cbor.ts";
import type { LogId, PeerId, RoomId } from "../wire/ids.ts";
import { encodeMessage, type FrontierEntry, type Message } from "../wire/message.ts";
import { NewerFormatError, type SignedPost } from "../wire/post.ts";
import { decodePresence, signPresence, verifyPresence } from "../wire/presence.ts";
import type { SignedPresence } from "../wire/presence.ts";
import { intake, onName, portions, touch } from "./engine_commit.ts";
import type { EngineState, OpenRoom } from "./engine_state.ts";
import type { ConnectionId, Now } from "./input.ts";
import type { LinkEvent } from "./links.ts";
import { logKey } from "./log_key.ts";
import type { Range } from "./ranges.ts";
import type { Session } from "./session.ts";

/** Greets a new neighbour. */
export function greet(state: EngineState, session: Session, now: Now): void {
  session.send({
    type: "hello",
    wallMs: now.wallMs,
    port: state.port ?? 0,
    addresses: state.addresses.slice(0, state.limits.addressesMax),
    observed: session.link.address,
  });
  session.ping(now.monoMs);
  for (const room of state.rooms.keys()) session.send({ type: "join", room });
  state.links.touch(session);
}

/**
 * Takes a neighbour's message.
 *
 * @returns What it means for the link: nothing, or that too many signatures were wrong.
 * @throws {MalformedError} If it breaks the protocol, which costs the neighbour its link.
 */
export function onMessage(
  state: EngineState,
  session: Session,
  message: Message,
  now: Now,
): LinkEvent[] {
  switch (message.type) {
    case "hello":
      if (session.clockOffsetMs !== null) throw new MalformedError("a second hello");
      session.clockOffsetMs = message.wallMs - now.wallMs;
      compareClocks(state, now);
      return [];
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
      if (session.rooms.delete(message.room)) {
        closeShared(state, session.link.connection, message.room);
      }
      return [];
    case "presence":
      return onPresences(state, session, message.presences, now);
    case "posts":
    case "page":
      return onPosts(state, session, message, now);
    case "have":
      onHave(state, session.peer, message.room, message.log, message.ranges, now);
      return [];
    case "frontier":
      onFrontier(state, session, message.room, message.entries, now);
      return [];
    case "want":
      if (!state.broadcast.isNeighbour(message.room, session.link.connection)) return [];
      state.serve.onWant(session.link.connection, message.room, message.request, message.ranges);
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

/** Both ends have the room open now: presence and frontier go over. */
export function onShared(state: EngineState, session: Session, id: RoomId, now: Now): void {
  const open = state.rooms.get(id);
  if (open === undefined || !session.rooms.has(id)) return;
  state.broadcast.onNeighbourUp(id, session.link.connection);
  state.tell.onNews(session.link.connection, id, "all");
  const own = signOwn(state, open, state.away === null ? "here" : "away", now);
  const others = open.presence.present.slice(-state.limits.presencesPerJoinMax);
  session.send({ type: "presence", presences: [envelope(own)] });
  // Those that find no room come again by gossip.
  for (const portion of portions(others, state.limits.pageBytesMax)) {
    session.sendGossip(encodeMessage({ type: "presence", presences: portion.map(envelope) }));
  }
  state.links.touch(session);
}

function envelope(word: SignedPost): SignedPost {
  return { signed: word.signed, signature: word.signature };
}

/** A link carries a room no longer. */
export function closeShared(state: EngineState, connection: ConnectionId, room: RoomId): void {
  state.broadcast.onNeighbourDown(room, connection);
  state.serve.onRoomClosed(connection, room);
  state.tell.onRoomClosed(connection, room);
  if (!state.fetch.onRoomClosed(connection, room)) return;
  for (const idle of state.fetch.idle) touch(state, idle);
}

/** Signs our own word for a room and keeps it; the caller sends it. */
function signOwn(
  state: EngineState,
  open: OpenRoom,
  wordState: SignedPresence["state"],
  now: Now,
): SignedPresence {
  open.own = signPresence(
    {
      room: open.room.id,
      author: state.me,
      time: state.clock.stampPresence(now.wallMs),
      state: wordState,
      name: state.name,
      reason: state.away ?? "",
    },
    state.secretKey,
    state.crypto,
  );
  open.ownDueMs = now.monoMs + state.limits.presenceMs;
  return open.own;
}

/** Tells a room that we are here, away or gone. */
export function announce(
  state: EngineState,
  open: OpenRoom,
  wordState: SignedPresence["state"],
  now: Now,
): void {
  passOn(state, open, signOwn(state, open, wordState, now), null);
}

function passOn(
  state: EngineState,
  open: OpenRoom,
  word: SignedPresence,
  source: ConnectionId | null,
): void {
  const targets = state.broadcast.targets(open.room.id, source);
  if (targets.length === 0) return;
  const message = encodeMessage({ type: "presence", presences: [envelope(word)] });
  for (const connection of targets) {
    const session = state.links.session(connection);
    if (session === undefined) continue;
    session.sendGossip(message);
    state.links.touch(session);
  }
}

function onPresences(
  state: EngineState,
  session: Session,
  words: readonly SignedPost[],
  now: Now,
): LinkEvent[] {
  const events: LinkEvent[] = [];
  for (const word of words) {
    if (isNewer(word)) continue;
    events.push(...onPresence(state, session, word, now));
    if (state.links.session(session.link.connection) !== session) break;
  }
  return events;
}

function isNewer(word: SignedPost): boolean {
  try {
    decodePresence(word);
    return false;
  } catch (error) {
    return error instanceof NewerFormatError;
  }
}

function onPresence(
  state: EngineState,
  session: Session,
  envelope: SignedPost,
  now: Now,
): LinkEvent[] {
  const word = decodePresence(envelope);
  const open = state.rooms.get(word.room);
  if (open === undefined || word.author === state.me) return [];
  const direct = word.author === session.peer;
  const networkMs = state.clock.networkMs(now.wallMs);
  if (!open.presence.isNews(word, networkMs, direct)) return [];
  if (!verifyPresence(word, state.crypto)) return state.links.onInvalid(session, now);
  onName(state, open, word.author, word.name, word);
  open.room.onHeard(word.author, Math.min(word.time.ms, networkMs));
  const event = open.presence.onWord(word, direct, now.monoMs);
  if (event === "stale") return [];
  passOn(state, open, word, session.link.connection);
  if (event !== "refreshed") {
    const name = state.nameOf(word.author);
    state.notify({ type: "presence", event, room: open.room.name, from: word.author, name });
  }
  return [];
}

function onPosts(
  state: EngineState,
  session: Session,
  message: Extract<Message, { type: "posts" | "page" }>,
  now: Now,
): LinkEvent[] {
  const open = state.rooms.get(message.room);
  if (open === undefined) return [];
  const { connection } = session.link;
  const live = message.type === "posts";
  let fruitful = false;
  const events: LinkEvent[] = [];
  for (const envelope of message.posts) {
    const verdict = intake(
      state,
      session,
      open,
      envelope,
      live ? "live" : "history",
      (post, key) => live || state.fetch.isAsked(connection, message.request, post, key),
    );
    fruitful ||= verdict === "new";
    if (verdict === "invalid") events.push(...state.links.onInvalid(session, now));
    if (state.links.session(connection) !== session) return events;
  }
  if (live) return events;
  if (state.fetch.onPage(connection, message.request, fruitful, message.last, now.monoMs)) {
    for (const idle of state.fetch.idle) touch(state, idle);
  }
  return events;
}

/** A neighbour has said what it holds: of ours that is a receipt, of others' perhaps news. */
function onFrontier(
  state: EngineState,
  session: Session,
  room: RoomId,
  entries: readonly FrontierEntry[],
  now: Now,
): void {
  if (!state.rooms.has(room)) return;
  state.fetch.onFrontier(session.link.connection, room, entries, state.held);
  for (const { author, log, top, above } of entries) {
    if (author !== state.me) continue;
    const ranges: Range[] = top > 0 ? [[1, top], ...above] : [...above];
    onHave(state, session.peer, room, log, ranges, now);
  }
}

function onHave(
  state: EngineState,
  peer: PeerId,
  room: RoomId,
  log: LogId,
  ranges: readonly Range[],
  now: Now,
): void {
  const open = state.rooms.get(room);
  // A log that is none of ours would cost memory for nothing.
  if (open === undefined || open.room.held(logKey(state.me, log)).length === 0) return;
  const others = open.room.members(now.wallMs);
  for (const { seq, id } of state.receipts.onHave(room, log, peer, ranges)) {
    const have = state.receipts.holders(room, log, seq).length;
    const members = Math.max(have, others);
    state.notify({ type: "receipt", id, room: open.room.name, have, members });
  }
}
