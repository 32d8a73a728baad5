/**
 * What this person does as somebody in charge of a room, and what is refused: to whom it is not
 * given, and what would count nowhere. What acts mean once they have come is in engine_charge.ts.
 */

import type { PeerId, PostId } from "../wire/ids.ts";
import { type Act, encodeAct, type LogMark } from "../wire/owned_room.ts";
import { decodePost, postKind } from "../wire/post.ts";
import { checkText } from "../wire/text.ts";
import { post } from "./engine_post.ts";
import type { EngineState, OpenRoom } from "./engine_state.ts";
import { called } from "./engine_trust.ts";
import { ChatError } from "./errors.ts";
import type { Now, PowerDeed } from "./input.ts";
import { refusal } from "./refusal.ts";
import type { Ruling } from "./ruling.ts";

/** Refuses what this person may not say in a room at present. */
export function needVoice(state: EngineState, open: OpenRoom, kind: "word" | "topic"): void {
  const ruling = open.charge?.ruling ?? null;
  if (open.charge === null) return;
  if (ruling !== null) {
    needOpen(ruling);
    if (!speaks(state, open, ruling, postKind.text)) {
      throw new ChatError("removed", "You were removed from this room; others do not see you here");
    }
  }
  if (kind === "topic") needPower(state, open);
}

/** The ruling of a room in which this person is in charge. */
function needPower(state: EngineState, open: OpenRoom): Ruling {
  if (open.charge === null) {
    throw new ChatError(
      "nobody-in-charge",
      `Nobody is in charge of the room ${JSON.stringify(open.room.name)}: it is everybody's`,
    );
  }
  const { ruling } = open.charge;
  if (ruling === null) {
    throw new ChatError("not-in-charge", "It is not known yet who is in charge of this room");
  }
  needOpen(ruling);
  if (!speaks(state, open, ruling, postKind.topic)) {
    throw new ChatError(
      "not-in-charge",
      "You are not in charge of this room; its founder and admins are",
    );
  }
  if (open.charge.size >= state.limits.actsMax) {
    throw new ChatError("not-available", `${state.limits.actsMax} acts are kept, and no more`);
  }
  return ruling;
}

/** Refuses to write in a room that is closed. */
export function needOpen({ closed }: Ruling): void {
  if (closed !== null) {
    throw new ChatError("room-closed", "This room is closed: it can be read, not written in");
  }
}

/** Whether the next own post of a kind would count. */
function speaks(
  state: EngineState,
  { room }: OpenRoom,
  { counts }: Ruling,
  kind: number,
): boolean {
  const time = { ms: 0, counter: 0 };
  const id = "" as PostId;
  return counts({ id, author: state.me, log: state.log, seq: room.ownSeq + 1, time, kind });
}

/** Posts an act of an owned room, the founding of one whose id is made already among them. */
export function postAct(
  state: EngineState,
  open: OpenRoom,
  act: Act,
  ref: number,
  now: Now,
): void {
  const { kind, body } = encodeAct(act);
  post(state, open, { kind, encode: () => body }, ref, now);
}

/** Does something that only those in charge may do. */
export function usePower(
  state: EngineState,
  open: OpenRoom,
  deed: PowerDeed,
  ref: number,
  now: Now,
): void {
  if (open.isPrivate && deed.act === "remove" && deed.peer === state.me) {
    state.private?.power(open.room.id, "leave", state.me, ref, now);
    return;
  }
  const ruling = needPower(state, open);
  switch (deed.act) {
    case "announce": {
      const { text } = deed;
      const problem = checkText(text);
      if (problem !== null) throw refusal("text", problem, text);
      post(state, open, { kind: "announcement", text, reply: null }, ref, now);
      return;
    }
    case "close":
      return postAct(state, open, { act: "close" }, ref, now);
    default:
      needRank(state, ruling, deed);
      if (open.isPrivate && deed.act === "readmit") {
        state.private?.power(open.room.id, "readmit", deed.peer, ref, now);
        return;
      }
      return postAct(state, open, { ...deed, logs: marksOf(state, open, deed.peer) }, ref, now);
  }
}

function needRank(
  state: EngineState,
  ruling: Ruling,
  { act, peer }: Extract<PowerDeed, { readonly peer: PeerId }>,
): void {
  const own = ruling.rank(state.me);
  const rank = ruling.rank(peer);
  const name = called(state, peer);
  const refuse = (why: string) => new ChatError("not-in-charge", why);
  if (act === "admin" || act === "no-admin") {
    if (own !== 0) throw refuse("Only the founder names admins and ends that");
    if (peer === state.me) throw refuse("You are the founder; nobody can change that");
    if (act === "admin" && rank !== Infinity) throw refuse(`${name} is an admin already`);
    if (act === "admin" && ruling.membership !== null && !ruling.isIn(peer)) {
      throw new ChatError("not-a-member", `${name} is no member of this room; invite first`);
    }
    if (act === "no-admin" && rank === Infinity) throw refuse(`${name} is no admin`);
    return;
  }
  if (rank <= own) throw refuse(`${name} does not stand below you: the founder decides`);
  if (act === "remove" && !ruling.isIn(peer)) throw refuse(`${name} is removed already`);
  if (act === "readmit" && ruling.isIn(peer)) throw refuse(`${name} is not removed`);
  if (act === "readmit" && ruling.removedBy(peer) < own) {
    throw refuse(`${name} was removed by somebody above you, who alone can undo it`);
  }
}

/** The last post held of each log of somebody; of too many logs those written to last. */
export function marksOf(state: EngineState, { room }: OpenRoom, peer: PeerId): LogMark[] {
  const holdings = state.reader.frontier(room.id)
    .filter(({ author }) => author === peer)
    .sort((a, b) => b.latestMs - a.latestMs)
    .slice(0, state.limits.logMarksMax);
  return holdings.flatMap(({ log, top, above }) => {
    const seq = above.at(-1)?.[1] ?? top;
    const [stored] = seq === 0 ? [] : state.reader.range(room.id, peer, log, seq, seq, 1);
    return stored === undefined ? [] : [{ log, seq, id: decodePost(stored, state.crypto).id }];
  });
}

/** Whether this person may hide a post of somebody else. */
export function mayHide(state: EngineState, open: OpenRoom, author: PeerId): boolean {
  const ruling = open.charge?.ruling ?? null;
  return ruling !== null && speaks(state, open, ruling, postKind.topic) &&
    ruling.rank(state.me) < ruling.rank(author);
}
