/**
 * Who has what: what neighbours and receipts say of our posts, how far each has come, and our
 * own word of what we hold, which goes along the tree of its room.
 */

import type { LogId, PeerId, PostId, RoomId } from "../wire/ids.ts";
import { encodeMessage } from "../wire/message.ts";
import { decodePost, NewerFormatError, type Post, type SignedPost } from "../wire/post.ts";
import {
  decodeReceipt,
  logMark,
  type SignedReceipt,
  signReceipt,
  verifyReceipt,
} from "../wire/receipt.ts";
import type { Delivery } from "./deliveries.ts";
import { portions } from "./engine_say.ts";
import type { EngineState, OpenRoom } from "./engine_state.ts";
import type { ConnectionId, Now } from "./input.ts";
import type { LinkEvent } from "./links.ts";
import { directRoom } from "./letter.ts";
import { logKey, splitLogKey } from "./log_key.ts";
import type { DeliveryState, UndeliveredReason } from "./notice.ts";
import type { Range } from "./ranges.ts";
import type { Session } from "./session.ts";

/** What is known of who has an own post. */
export interface ReceiptReport {
  readonly holders: PeerId[];
  readonly members: number;
  readonly state: DeliveryState;
  readonly reason: UndeliveredReason | null;
}

/** Somebody holds posts of ours. */
export function onHave(
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
  for (const { seq, id, have } of state.receipts.onHave(room, log, peer, ranges)) {
    const to = state.direct?.recipientOf(id);
    if (to !== undefined) {
      onLetterHeld(state, { room, log, seq, id }, to, peer, now);
      continue;
    }
    const members = Math.max(have, others);
    if (state.deliveries.onHeld(room, log, seq)) tell(state, { id, room, state: "held" }, now);
    state.notify({ type: "receipt", id, room: open.room.name, have, members });
  }
}

/** Who only carries a letter has not got it; but what others carry is on its way. */
function onLetterHeld(
  state: EngineState,
  { room, log, seq, id }: {
    readonly room: RoomId;
    readonly log: LogId;
    readonly seq: number;
    readonly id: PostId;
  },
  to: PeerId,
  holder: PeerId,
  now: Now,
): void {
  state.deliveries.onHeld(room, log, seq);
  if (holder !== to) return;
  tell(state, { id, room, state: "held" }, now);
  state.notify({ type: "receipt", id, room: directRoom(to), have: 1, members: 1 });
}

/** A neighbour is being sent posts of an author. */
export function onHanded(
  state: EngineState,
  connection: ConnectionId,
  room: RoomId,
  given: {
    readonly author: PeerId;
    readonly log: LogId;
    readonly from: number;
    readonly to: number;
  },
  now: Now,
): void {
  if (given.author !== state.me) return;
  const { log, from, to } = given;
  const changed = state.deliveries.onHanded(connection, room, log, from, to, now.monoMs);
  for (const each of changed) tell(state, each, now);
}

/** What a link had taken and not confirmed may be lost with it. */
export function onDeliveryLinkLost(state: EngineState, connection: ConnectionId, now: Now): void {
  if (state.quitting) return;
  for (const each of state.deliveries.onLinkLost(connection)) tell(state, each, now);
}

function tell(
  state: EngineState,
  { id, room, state: reached }: Omit<Delivery, "state"> & { readonly state: DeliveryState },
  now: Now,
): void {
  const to = state.direct?.recipientOf(id);
  const name = to === undefined ? state.rooms.get(room)?.room.name : directRoom(to);
  if (name === undefined) return;
  const reason = reached === "undelivered" ? reasonIn(state, room) : null;
  state.notify({ type: "delivery", id, room: name, state: reached, reason });
  if (reason !== null) remark(state, name, reason, now);
}

/** One sentence for all posts of a room that wait, however many they are. */
function remark(state: EngineState, room: string, reason: UndeliveredReason, now: Now): void {
  if (state.undeliveredToldMs > now.monoMs) return;
  state.undeliveredToldMs = now.monoMs + state.limits.pacedNoticeMs;
  const posts = state.receipts.undelivered;
  state.notify({ type: "notice", room, code: "undelivered", posts, reason });
}

function reasonIn(state: EngineState, room: RoomId): UndeliveredReason {
  return state.broadcast.targets(room, null).length === 0 ? "alone" : "unconfirmed";
}

/** Who is known to hold one of our posts; `null` if it is none of ours. */
export function receiptReport(state: EngineState, id: PostId, now: Now): ReceiptReport | null {
  const stored = state.reader.get(id);
  if (stored === null) return null;
  const { author, room, log, seq } = decodePost(stored, state.crypto);
  if (author !== state.me) return null;
  const holders = state.receipts.holders(room, log, seq);
  const letter = state.direct?.letters.letter(id) ?? null;
  if (letter !== null) {
    const isHeld = holders.includes(letter.peer);
    const reached = isHeld ? "held" : holders.length > 0 ? "handed" : null;
    return {
      holders: isHeld ? [letter.peer] : [],
      members: 1,
      ...stateOf(state, reached ?? state.deliveries.stateOf(room, log, seq) ?? "stored", room),
    };
  }
  const others = state.rooms.get(room)?.room.members(now.wallMs) ?? 0;
  const members = Math.max(holders.length, others);
  if (holders.length > 0) return { holders, members, state: "held", reason: null };
  const reached = state.deliveries.stateOf(room, log, seq) ?? "stored";
  return { holders, members, ...stateOf(state, reached, room) };
}

function stateOf(
  state: EngineState,
  reached: DeliveryState,
  room: RoomId,
): Pick<ReceiptReport, "state" | "reason"> {
  return { state: reached, reason: reached === "undelivered" ? reasonIn(state, room) : null };
}

/** A post is on disk: others will be told that it is held here. */
export function onReceiptStored(state: EngineState, open: OpenRoom, post: Post, now: Now): void {
  const { receipts } = open;
  if (post.author !== state.me) return noteChange(state, open, now);
  for (const log of receipts.ownLogs.values()) if (log === post.log) return;
  receipts.ownLogs.set(logMark(state.me, post.log, state.crypto), post.log);
  // What was said of a log before we knew that it is ours.
  for (const row of receipts.rows) apply(state, row, now);
}

/** Our logs in a room that has been read from the store. */
export function readOwnLogs(state: EngineState, { room, receipts }: OpenRoom): void {
  receipts.ownLogs.clear();
  for (const key of room.logs) {
    const { author, log } = splitLogKey(key);
    if (author === state.me) receipts.ownLogs.set(logMark(author, log, state.crypto), log);
  }
}

/** What we hold, or of whom we would say it, has changed. */
export function noteChange(state: EngineState, open: OpenRoom, now: Now): void {
  open.receipts.onChanged(open.presence.count + 1, () => state.rng.next(), now.monoMs);
}

/** Tells a new neighbour what members hold, also those who have left. */
export function tellReceipts(state: EngineState, open: OpenRoom, session: Session): void {
  const { own, rows } = open.receipts;
  const others = [...rows].filter(({ author }) => author !== session.peer);
  const all = own === null ? others : [...others, own];
  send(state, open.room.id, all, [session.link.connection]);
}

/** Says our own word where it is due. */
export function onReceiptTime(state: EngineState, now: Now): void {
  for (const late of state.deliveries.onTime(now.monoMs)) tell(state, late, now);
  for (const open of state.rooms.values()) {
    if (open.receipts.dueMs <= now.monoMs) sayOwn(state, open, now);
  }
}

/** Says what has changed before this peer leaves a room: nobody else can say it. */
export function sayLast(state: EngineState, open: OpenRoom, now: Now): void {
  if (open.receipts.isStale) sayOwn(state, open, now);
}

function sayOwn(state: EngineState, open: OpenRoom, now: Now): void {
  const { receipts, room } = open;
  const targets = state.broadcast.targets(room.id, null);
  if (targets.length === 0) return receipts.onUnheard();
  const held = room.receiptLogs(now.wallMs).map(({ key, ranges }) => {
    const { author, log } = splitLogKey(key);
    return { mark: logMark(author, log, state.crypto), ranges };
  });
  const own = signReceipt(
    { room: room.id, author: state.me, time: state.clock.stampReceipt(now.wallMs), held },
    state.secretKey,
    state.crypto,
  );
  receipts.onSaid(own, now.monoMs);
  const tree = state.broadcast.tree(room.id);
  send(state, room.id, [own], targets.filter((each) => tree.isEager(each)));
}

/** When a word is due, on the monotonic clock. */
export function receiptDeadlineMs(state: EngineState): number {
  let earliest = state.deliveries.deadlineMs;
  for (const { receipts } of state.rooms.values()) earliest = Math.min(earliest, receipts.dueMs);
  return earliest;
}

/**
 * Takes what a neighbour says that members hold.
 *
 * @returns What wrong signatures mean for the link.
 */
export function onReceipts(
  state: EngineState,
  session: Session,
  room: RoomId,
  sent: readonly SignedPost[],
  now: Now,
): LinkEvent[] {
  const open = state.rooms.get(room);
  const { connection } = session.link;
  if (open === undefined || !state.broadcast.isNeighbour(room, connection)) return [];
  const news: SignedReceipt[] = [];
  const events: LinkEvent[] = [];
  const isKnown = (peer: PeerId) => state.known.has(peer);
  for (const each of sent) {
    const word = readReceipt(each);
    if (word === null || word.room !== room || word.author === state.me) continue;
    const networkMs = state.clock.networkMs(now.wallMs);
    if (!open.receipts.isNews(word, networkMs, isKnown)) continue;
    // Who makes keys to say something with each of them is not listened to for long.
    if (!session.receiptWords.take(1, now.monoMs)) break;
    if (!verifyReceipt(word, state.crypto)) {
      events.push(...state.links.onInvalid(session, now));
      if (state.links.session(connection) !== session) return events;
      continue;
    }
    open.receipts.onWord(word, isKnown);
    open.room.onHeard(word.author, Math.min(word.time.ms, networkMs));
    apply(state, word, now);
    news.push(word);
  }
  const tree = state.broadcast.tree(room);
  const targets = state.broadcast.targets(room, connection).filter((each) => tree.isEager(each));
  send(state, room, news, targets);
  return events;
}

/** What a word says of our own posts. */
function apply(state: EngineState, { room, author, held }: SignedReceipt, now: Now): void {
  const ownLogs = state.rooms.get(room)?.receipts.ownLogs;
  for (const { mark, ranges } of held) {
    const log = ownLogs?.get(mark);
    if (log !== undefined) onHave(state, author, room, log, ranges, now);
  }
}

function readReceipt(sent: SignedPost): SignedReceipt | null {
  try {
    return decodeReceipt(sent);
  } catch (error) {
    if (error instanceof NewerFormatError) return null;
    throw error;
  }
}

/** What finds no room in a queue is said again later, as all state is. */
function send(
  state: EngineState,
  room: RoomId,
  words: readonly SignedReceipt[],
  connections: readonly ConnectionId[],
): void {
  if (words.length === 0 || connections.length === 0) return;
  const envelopes = words.map(({ signed, signature }) => ({ signed, signature }));
  for (const portion of portions(envelopes, state.limits.pageBytesMax)) {
    const message = encodeMessage({ type: "receipts", room, receipts: portion });
    for (const connection of connections) {
      const session = state.links.session(connection);
      if (session === undefined) continue;
      session.sendGossip(message);
      state.links.touch(session);
    }
  }
}
