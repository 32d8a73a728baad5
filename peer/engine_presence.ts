/** Who is here: our own word for each room, and those of others, which are passed on. */

import type { PeerId } from "../wire/ids.ts";
import { encodeMessage } from "../wire/message_encode.ts";
import { NewerFormatError, type SignedPost } from "../wire/post.ts";
import { decodePresence, signPresence, verifyPresence } from "../wire/presence.ts";
import type { SignedPresence } from "../wire/presence.ts";
import { onName } from "./engine_commit.ts";
import { noteChange } from "./engine_receipts.ts";
import { portions } from "./engine_say.ts";
import type { EngineState, OpenRoom } from "./engine_state.ts";
import type { ConnectionId, Now } from "./input.ts";
import type { LinkEvent } from "./link_event.ts";
import type { PresenceChange } from "./presence.ts";
import type { Session } from "./session.ts";

/** Tells the other end of a link that we are in a room: a link is presence in itself. */
export function tellOwn(state: EngineState, open: OpenRoom, session: Session, now: Now): void {
  const fresh = open.own !== null && now.monoMs < open.ownDueMs && open.own.state !== "left";
  const own = fresh ? open.own! : signOwn(state, open, wordState(state), now);
  session.send({ type: "presence", presences: [envelope(own)] });
  state.links.touch(session);
}

/** Tells a new neighbour who else is in a room. */
export function tellPresent(state: EngineState, open: OpenRoom, session: Session): void {
  const others = open.presence.present.slice(-state.limits.presencesPerJoinMax);
  // Those that find no room come again by gossip.
  for (const portion of portions(others, state.limits.pageBytesMax)) {
    session.sendGossip(encodeMessage({ type: "presence", presences: portion.map(envelope) }));
  }
  state.links.touch(session);
}

/** Whether we are here or away. */
export function wordState(state: EngineState): "here" | "away" {
  return state.away === null ? "here" : "away";
}

/** Why somebody is away, as the word has it; `null` if here. */
export function reasonOf({ state, reason }: SignedPresence): string | null {
  return state === "away" ? reason : null;
}

/** What is signed and its signature, without what was read from it. */
export function envelope(word: SignedPost): SignedPost {
  return { signed: word.signed, signature: word.signature };
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
  // Not all at once: those who were told of each other by one word would answer in step.
  open.ownDueMs = now.monoMs + open.presence.periodMs * (0.9 + state.rng.next() / 10);
  return open.own;
}

/** Tells a room that we are here, away or gone: all who have it open at the other end of a link. */
export function announce(
  state: EngineState,
  open: OpenRoom,
  word: SignedPresence["state"],
  now: Now,
): void {
  const own = signOwn(state, open, word, now);
  const { id } = open.room;
  const linked = [...state.links.sessions].filter(({ rooms }) => rooms.has(id));
  send(state, own, linked.map(({ link }) => link.connection));
}

/** Says anew that we are here, and sees to it that others' words come, too. */
export function sayAgain(state: EngineState, open: OpenRoom, now: Now): void {
  announce(state, open, wordState(state), now);
  if (!open.presence.hearsFew(now.monoMs)) return;
  const { id } = open.room;
  const asked = state.broadcast.tree(id).mend(state.rng, now.monoMs);
  const session = asked === null ? undefined : state.links.session(asked);
  if (session === undefined) return;
  session.send({ type: "graft", room: id, marks: [] });
  state.links.touch(session);
}

/** All are told at once what has changed; that it has not is told again soon. */
function passOn(
  state: EngineState,
  { room }: OpenRoom,
  word: SignedPresence,
  change: PresenceChange,
  source: ConnectionId,
): void {
  const targets = change === "refreshed" && word.state !== "left"
    ? state.broadcast.tree(room.id).targetsOfRepeated(source, state.rng)
    : state.broadcast.targets(room.id, source);
  send(state, word, targets);
}

function send(
  state: EngineState,
  word: SignedPresence,
  connections: readonly ConnectionId[],
): void {
  if (connections.length === 0) return;
  const message = encodeMessage({ type: "presence", presences: [envelope(word)] });
  for (const connection of connections) {
    const session = state.links.session(connection);
    if (session === undefined) continue;
    session.sendGossip(message);
    state.links.touch(session);
  }
}

/** Takes what a neighbour has heard of who is here. */
export function onPresences(
  state: EngineState,
  session: Session,
  words: readonly SignedPost[],
  now: Now,
): LinkEvent[] {
  const events: LinkEvent[] = [];
  for (const word of words) {
    events.push(...onPresence(state, session, word, now));
    if (state.links.session(session.link.connection) !== session) break;
  }
  return events;
}

/** Decodes a word; `null` if it is of a later format, which nobody here can read. */
function read(word: SignedPost): SignedPresence | null {
  try {
    return decodePresence(word);
  } catch (error) {
    if (error instanceof NewerFormatError) return null;
    throw error;
  }
}

/** In a private room members say of members who is here. */
function mayBeHeardOf({ room, charge }: OpenRoom, session: Session, author: PeerId): boolean {
  return session.rooms.has(room.id) && (charge?.ruling?.isIn(author) ?? false);
}

/** Whether the author of a word has a link to us, and shares the room. */
function isLinkedIn({ links }: EngineState, { author, room }: SignedPresence): boolean {
  return links.sessionOf(author)?.rooms.has(room) ?? false;
}

function onPresence(
  state: EngineState,
  session: Session,
  envelope: SignedPost,
  now: Now,
): LinkEvent[] {
  const sent = read(envelope);
  const open = sent === null ? undefined : state.rooms.get(sent.room);
  if (sent === null || open === undefined || sent.author === state.me) return [];
  if (open.isPrivate && !mayBeHeardOf(open, session, sent.author)) return [];
  const direct = sent.author === session.peer;
  const networkMs = state.clock.networkMs(now.wallMs);
  if (direct) open.presence.onOwnLink(sent, now.monoMs);
  const isLinked = direct || isLinkedIn(state, sent);
  if (!open.presence.isNews(sent, networkMs, direct, isLinked)) return [];
  // What is dropped is said again within a period.
  const isKnown = state.known.has(sent.author);
  const may = direct
    ? session.quotas.maySpeak(sent.room, now.monoMs)
    : open.presence.mayHear(isKnown, now.monoMs);
  if (!may) return [];
  if (!verifyPresence(sent, state.crypto)) return state.links.onInvalid(session, now);
  // Copies: a word is kept for a minute, the frame that it came in must not be.
  const word = { ...sent, signed: sent.signed.slice(), signature: sent.signature.slice() };
  onName(state, open, word.author, word.name, word);
  open.room.onHeard(word.author, Math.min(word.time.ms, networkMs));
  const event = open.presence.onWord(word, isLinked, networkMs, now.monoMs);
  passOn(state, open, word, event, session.link.connection);
  if (event === "join") noteChange(state, open, now);
  if (event !== "refreshed" && !state.decided.of(word.author).blocked) {
    const who = { room: open.room.name, from: word.author, name: state.nameOf(word.author) };
    if (event === "away") state.notify({ type: "away", ...who, reason: reasonOf(word) });
    else state.notify({ type: "presence", event, ...who });
  }
  return [];
}

/** Shows that somebody has left a room. */
export function tellLeave(state: EngineState, room: string, from: PeerId): void {
  if (state.decided.of(from).blocked) return;
  const name = state.nameOf(from);
  state.notify({ type: "presence", event: "leave", room, from, name });
}
