/**
 * Owned rooms in the engine: how posts are to be shown there, and what follows when an act has
 * come. What others may not do is stored and passed on like anything else, so that all hold the
 * same; it is not shown as said in the room. Acts of this person are in engine_power.ts.
 */

import type { PeerId, PostId, RoomId } from "../wire/ids.ts";
import { decodeAct } from "../wire/owned_room.ts";
import { decodePost, type Post, postKind } from "../wire/post.ts";
import type { PostBody } from "../wire/post_body.ts";
import type { Arrival } from "./action.ts";
import { Charge, isForOfficers } from "./charge.ts";
import type { EngineState, OpenRoom } from "./engine_state.ts";
import type { Now } from "./input.ts";
import type { ActPost, Deed, Ruling } from "./ruling.ts";

const actKinds: readonly number[] = [
  postKind.topic,
  postKind.announcement,
  postKind.membership,
  postKind.close,
  postKind.tombstone,
];

/** How a post is to be shown. */
export interface ShownAs {
  /** It counts as said in the room. */
  readonly counts: boolean;
  /** Somebody in charge has hidden it. */
  readonly hidden: boolean;
}

/** Reads from the store what was done in a room. */
export function loadCharge(state: EngineState, room: RoomId): Charge {
  const charge = newCharge(state, room);
  for (const stored of state.reader.acts(room, null)) {
    charge.take(decodePost(stored, state.crypto));
  }
  loadOfficers(state, room, charge, new Set());
  return charge;
}

/** Nothing known yet of who is in charge of a room. */
export function newCharge(state: EngineState, room: RoomId): Charge {
  const ruler = state.private?.rulerOf(room) ?? undefined;
  return new Charge(room, state.crypto, state.limits, ruler);
}

/** Takes the acts of those who are found to be officers only now. */
function loadOfficers(state: EngineState, room: RoomId, charge: Charge, loaded: Set<PeerId>): void {
  for (let more = true; more;) {
    more = false;
    for (const officer of charge.officers) {
      if (loaded.has(officer)) continue;
      loaded.add(officer);
      more = true;
      const officers = new Set([officer]);
      for (const stored of state.reader.acts(room, officer)) {
        charge.take(decodePost(stored, state.crypto), officers);
      }
    }
  }
}

/** How a post is to be shown, in a room that is open or not. */
export function shownAs(state: EngineState, post: Post): ShownAs {
  const charge = chargeOf(state, post.room);
  if (charge === null) return { counts: post.kind !== postKind.announcement, hidden: false };
  const { ruling } = charge;
  return ruling === null
    ? { counts: countsUnruled(state, post), hidden: false }
    : { counts: ruling.counts(post), hidden: ruling.hides(post) };
}

/** Whether a post counts as long as it is not known who is in charge. */
function countsUnruled({ private: privately }: EngineState, { room, kind }: Post): boolean {
  return !isForOfficers(kind) && !(privately?.has(room) ?? false);
}

/** Who is in charge of a room; `null` where nobody is. */
function chargeOf(state: EngineState, room: RoomId): Charge | null {
  const open = state.rooms.get(room);
  if (open !== undefined) return open.charge;
  // Nothing comes for a room that is not open.
  if (state.closedCharge?.room !== room) {
    state.closedCharge = { room, charge: loadCharge(state, room) };
  }
  const { charge } = state.closedCharge;
  return charge.ruling === null && !state.private?.has(room) ? null : charge;
}

/** Acts are on disk: what they change is told. */
export function takeActs(state: EngineState, arrivals: readonly Arrival[], now: Now): void {
  const changed = new Map<
    OpenRoom,
    { readonly before: Ruling | null; readonly had: ReadonlySet<PeerId> }
  >();
  for (const { post } of arrivals) {
    if (!actKinds.includes(post.kind)) continue;
    const open = state.rooms.get(post.room);
    const charge = open?.charge ?? null;
    if (open === undefined || charge === null) continue;
    const was = changed.get(open) ?? { before: charge.ruling, had: charge.officers };
    if (!charge.take(post)) continue;
    changed.set(open, was);
    // What admins of a private room did before they were known as such was left aside.
    if (namesAdmin(state, post)) open.charge = loadCharge(state, post.room);
  }
  for (const [open, { before, had }] of changed) {
    loadOfficers(state, open.room.id, open.charge!, new Set(had));
    const after = open.charge!.ruling;
    if (after !== null) onRuling(state, open, before, after, arrivals, now);
  }
}

/** Whether an act of a private room may make an admin: of others than the founder it does not. */
function namesAdmin(
  { private: privately }: EngineState,
  { room, author, kind, body }: Post,
): boolean {
  return privately?.secretOf(room)?.founder === author && decodeAct(kind, body)?.act === "admin";
}

function onRuling(
  state: EngineState,
  open: OpenRoom,
  before: Ruling | null,
  after: Ruling,
  arrivals: readonly Arrival[],
  now: Now,
): void {
  readOwnedTopic(state, open, after);
  const arrived = new Set(arrivals.map(({ post }) => post.id));
  if (open.isPrivate) state.private?.onRuling(open.room.id, before, after, arrived, now);
  const known = new Set(before?.acts.map(({ id }) => id));
  const fresh = after.acts.filter(({ id }) => !known.has(id));
  const live = new Set(
    arrivals.filter(({ origin }) => origin !== "history").map(({ post }) => post.id),
  );
  for (const act of fresh) {
    if (act.deed.act === "hide") tellHidden(state, open, act, act.deed.target, after);
    else if (live.has(act.id) || act.id === after.closed?.id || putsOut(act.deed, state.me)) {
      tellAct(state, open, act);
    }
  }
  const rules = fresh.some(({ deed }) => !["topic", "announce", "hide"].includes(deed.act));
  if (rules) state.notify({ type: "charge", room: open.room.name });
  if (!rules && before?.acts.length === after.acts.length - fresh.length) return;
  const by = fresh.at(-1)?.author ?? after.founder;
  review(state, open, { before, after, by, arrived }, now);
}

/** Whoever is put out hears of it, however late. */
function putsOut(deed: Deed, peer: PeerId): boolean {
  return deed.act === "remove" && deed.peer === peer;
}

/** What stands on screens and counts no more is taken from them; what counts now comes there. */
function review(
  state: EngineState,
  open: OpenRoom,
  change: {
    readonly before: Ruling | null;
    readonly after: Ruling;
    readonly by: PeerId;
    readonly arrived: ReadonlySet<PostId>;
  },
  now: Now,
): void {
  const { before, after, by, arrived } = change;
  for (const stored of state.reader.newest(open.room.id, state.limits.actsReviewedMax).reverse()) {
    const post = decodePost(stored, state.crypto);
    if (arrived.has(post.id)) continue;
    const did = before === null ? countsUnruled(state, post) : before.counts(post);
    const does = after.counts(post);
    if (did === does) continue;
    const body = decodeShown(state, post);
    if (body === null) continue;
    if (!does) {
      state.notify({ type: "withdrawn", id: post.id, room: open.room.name, from: post.author, by });
      continue;
    }
    if (state.decided.of(post.author).blocked) continue;
    const withdrawn = state.reader.isWithdrawn(post.id) || after.hides(post);
    const shown = state.show(post, body, { origin: "history", withdrawn, late: true }, now);
    if (shown !== null) state.notify({ type: "message", post: shown });
  }
}

/** The body of a post that stands as a line on screens, and was checked when it was counted. */
export function decodeShown(state: EngineState, post: Post): PostBody | null {
  const { text, action, topic, announcement } = postKind;
  if (![text, action, topic, announcement].some((kind) => kind === post.kind)) return null;
  return state.read(post);
}

function tellHidden(
  state: EngineState,
  open: OpenRoom,
  act: ActPost,
  target: PostId,
  after: Ruling,
): void {
  const stored = state.reader.get(target);
  if (stored === null) return;
  const { author, room } = decodePost(stored, state.crypto);
  if (room !== open.room.id || !after.hides({ id: target, author })) return;
  const { name } = open.room;
  state.notify({ type: "withdrawn", id: target, room: name, from: author, by: act.author });
}

function tellAct(state: EngineState, open: OpenRoom, { deed, author }: ActPost): void {
  const who = { room: open.room.name, by: author, byName: state.nameOf(author) };
  if (deed.act === "close") return state.notify({ type: "notice", code: "room-closed", ...who });
  if (!("peer" in deed)) return;
  const whom = { ...who, peer: deed.peer, name: state.nameOf(deed.peer) };
  switch (deed.act) {
    case "admin":
      return state.notify({ type: "notice", code: "admin-named", ...whom });
    case "no-admin":
      return state.notify({ type: "notice", code: "admin-ended", ...whom });
    case "remove": {
      const code = deed.peer === author ? "member-left" : "removed";
      return state.notify({ type: "notice", code, ...whom });
    }
    case "readmit":
      return state.notify({ type: "notice", code: "readmitted", ...whom });
    case "add":
      return state.notify({ type: "notice", code: "member-added", ...whom });
  }
}

/** The topic that somebody in charge has set last and that still stands. */
export function readOwnedTopic(state: EngineState, open: OpenRoom, ruling: Ruling): void {
  open.room.forgetTopic();
  const set = ruling.acts.findLast((act) =>
    act.deed.act === "topic" && ruling.counts(act) && !ruling.hides(act) &&
    !state.reader.isWithdrawn(act.id)
  );
  const stored = set === undefined ? null : state.reader.get(set.id);
  if (stored === null) return;
  const post = decodePost(stored, state.crypto);
  const body = decodeShown(state, post);
  if (body?.kind === "topic") open.room.onTopic(post, body.text);
}
