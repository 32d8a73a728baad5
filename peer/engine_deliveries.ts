/**
 * How far our own posts have come: what neighbours and receipts say of who holds them, what was
 * handed to whom, and what waits so long that its author should know.
 */

import type { LogId, PeerId, PostId, RoomId } from "../wire/ids.ts";
import { decodePost } from "../wire/post.ts";
import type { Delivery } from "./deliveries.ts";
import { noteKept, recall } from "./engine_kept_receipts.ts";
import type { EngineState, OpenRoom } from "./engine_state.ts";
import type { ConnectionId, Now } from "./input.ts";
import { directRoom } from "./letter.ts";
import { logKey } from "./log_key.ts";
import type { DeliveryState, UndeliveredReason } from "./notice.ts";
import type { Range } from "./ranges.ts";

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
  if (open === undefined || open.room.held.rangesOf(logKey(state.me, log)).length === 0) return;
  recall(state, open, now);
  noteKept(state, open, now);
  const news = state.receipts.onHave(room, log, peer, ranges);
  if (news.length === 0) return;
  const others = othersIn(open, now);
  for (const { seq, id, have } of news) {
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

/** How many others are to get what is said: the members of a private room, those heard of lately. */
function othersIn({ room, charge }: OpenRoom, now: Now): number {
  const members = charge?.ruling?.membership?.members.size;
  return members === undefined ? room.members(now.wallMs) : members - 1;
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

/** What has waited too long for its first holder. */
export function onDeliveryTime(state: EngineState, now: Now): void {
  for (const late of state.deliveries.onTime(now.monoMs)) tell(state, late, now);
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
  const open = state.rooms.get(room);
  if (open !== undefined) recall(state, open, now);
  const holders = open === undefined
    ? keptHolders(state, room, log, seq)
    : state.receipts.holders(room, log, seq);
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
  const others = open === undefined ? 0 : othersIn(open, now);
  const members = Math.max(holders.length, others);
  if (holders.length > 0) return { holders, members, state: "held", reason: null };
  const reached = state.deliveries.stateOf(room, log, seq) ?? "stored";
  return { holders, members, ...stateOf(state, reached, room) };
}

/** Of a room that is not open nothing is in memory. */
function keptHolders(state: EngineState, room: RoomId, log: LogId, seq: number): PeerId[] {
  return state.reader.receipts(room).holders.flatMap(({ peer, log: of, ranges }) =>
    of === log && ranges.some(([from, to]) => from <= seq && seq <= to) ? [peer] : []
  );
}

function stateOf(
  state: EngineState,
  reached: DeliveryState,
  room: RoomId,
): Pick<ReceiptReport, "state" | "reason"> {
  return { state: reached, reason: reached === "undelivered" ? reasonIn(state, room) : null };
}
