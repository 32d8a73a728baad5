/**
 * Receipts as an engine says and hears them: our own word of what we hold, which goes along the
 * tree of its room, and the words of others, which are passed on and shown to new neighbours.
 */

import type { PeerId, RoomId } from "../wire/ids.ts";
import { encodeMessage } from "../wire/message_encode.ts";
import { NewerFormatError, type Post, type SignedPost } from "../wire/post.ts";
import {
  decodeReceipt,
  logMark,
  type SignedReceipt,
  signReceipt,
  verifyReceipt,
} from "../wire/receipt.ts";
import { onHave } from "./engine_deliveries.ts";
import { keepReceipts, noteKept, recall } from "./engine_kept_receipts.ts";
import { portions } from "./engine_say.ts";
import type { EngineState, OpenRoom } from "./engine_state.ts";
import type { ConnectionId, Now } from "./input.ts";
import type { LinkEvent } from "./link_event.ts";
import { splitLogKey } from "./log_key.ts";
import type { Session } from "./session.ts";

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
  open.receipts.onChanged(membersOf(open), () => state.rng.next(), now.monoMs);
}

/** How many are in a room, as far as is known. */
function membersOf({ presence }: OpenRoom): number {
  return presence.count + 1;
}

/** Tells a new neighbour what members hold, also those who have left. */
export function tellReceipts(
  state: EngineState,
  open: OpenRoom,
  session: Session,
  now: Now,
): void {
  recall(state, open, now);
  const { own, rows } = open.receipts;
  const others = [...rows].filter(({ author }) => author !== session.peer);
  const all = own === null ? others : [...others, own];
  send(state, open.room.id, all, [session.link.connection]);
}

/** Says our own word where it is due, and keeps those of others. */
export function onReceiptTime(state: EngineState, now: Now): void {
  for (const open of state.rooms.values()) {
    const { receipts } = open;
    const isDue = receipts.dueMs <= now.monoMs;
    if (isDue && !receipts.waits(membersOf(open), () => state.rng.next(), now.monoMs)) {
      sayOwn(state, open, now);
    }
    if (open.receipts.keepMs <= now.monoMs) keepReceipts(state, open);
  }
}

/** Says and keeps what has changed before this peer leaves a room: nobody else can say it. */
export function sayLast(state: EngineState, open: OpenRoom, now: Now): void {
  if (open.receipts.isStale) sayOwn(state, open, now);
  keepReceipts(state, open);
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
  receipts.onSaid(own, membersOf(open), now.monoMs);
  const tree = state.broadcast.tree(room.id);
  send(state, room.id, [own], targets.filter((each) => tree.isEager(each)));
}

/** When a word is due, on the monotonic clock. */
export function receiptDeadlineMs(state: EngineState): number {
  let earliest = state.deliveries.deadlineMs;
  for (const { receipts } of state.rooms.values()) {
    earliest = Math.min(earliest, receipts.dueMs, receipts.keepMs);
  }
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
  recall(state, open, now);
  const news: SignedReceipt[] = [];
  const events: LinkEvent[] = [];
  const isKnown = (peer: PeerId) => state.known.has(peer);
  for (const each of sent) {
    const word = readReceipt(each);
    if (word === null || word.room !== room || word.author === state.me) continue;
    const networkMs = state.clock.networkMs(now.wallMs);
    if (!open.receipts.isNews(word, networkMs, isKnown)) continue;
    // Who makes keys to say something with each of them is not listened to for long.
    if (!session.quotas.receiptWords.take(1, now.monoMs)) break;
    if (!verifyReceipt(word, state.crypto)) {
      events.push(...state.links.onInvalid(session, now));
      if (state.links.session(connection) !== session) return events;
      continue;
    }
    open.receipts.onWord(word, isKnown);
    open.receipts.onHeard(now.monoMs);
    open.room.onHeard(word.author, Math.min(word.time.ms, networkMs));
    apply(state, word, now);
    news.push(word);
  }
  if (news.length > 0) noteKept(state, open, now);
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
