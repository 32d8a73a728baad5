/**
 * Who is in charge of an owned room, who is removed from it, and which posts count there: a
 * function of the posts alone, never of the order in which they came.
 *
 * Power goes down ranks: the founder, then the admins in the order in which the founder first
 * named them, then everybody. One acts only on those below. Ranks are looked at from the top, so
 * that whether an act counts never depends on what somebody below has done: of two admins who
 * remove each other the one named first stays, whatever their clocks say and whichever act came
 * first.
 *
 * What ends somebody's power or voice names, of each log, the last post that still counts; what
 * gives it back names the last one that does not. Posts in between are void, and so are those of
 * logs that an end did not name: an earlier date makes nothing valid. It leaves out one thing: who
 * makes a second post for a place below the last one (a fork) has it shown, with the alarm that
 * forks raise.
 */

import type { CryptoSuite } from "../wire/crypto_suite.ts";
import type { LogId, PeerId, PostId, RoomId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import { MalformedError } from "../wire/cbor.ts";
import { type Act, decodeAct, type LogMark, ownedRoomId } from "../wire/owned_room.ts";
import { comparePosts, type LogicalTime, type Post, postKind } from "../wire/post.ts";
import { decodeBody } from "../wire/post_body.ts";
import type { PrivateAct, SealingProof } from "../wire/private_acts.ts";

/** Where a post stands, and whose it is. */
export type Standing = Pick<Post, "id" | "author" | "log" | "seq" | "time" | "kind">;

/** What somebody does to the room or to a post in it. */
export type Deed =
  | Act
  | PrivateAct
  | { readonly act: "topic" | "announce" }
  | { readonly act: "hide"; readonly target: PostId };

/** A post that does something. */
export interface ActPost extends Standing {
  readonly deed: Deed;
}

/** From after `from` to `to` in each log; `to` is `null` as long as it goes on. */
export interface Span {
  readonly from: ReadonlyMap<LogId, LogMark>;
  to: ReadonlyMap<LogId, LogMark> | null;
  /** The rank of who ended it. */
  endedBy: number;
}

/** What somebody above has done to somebody. */
export interface Sanction {
  readonly post: ActPost;
  readonly rank: number;
  readonly removes: boolean;
  readonly logs: readonly LogMark[];
}

const founderRank = 0;

/** What is right in a room, as far as its posts are known. */
export interface Ruling {
  readonly founder: PeerId;
  readonly name: string;
  /** Acts that count, in the one order; topics and hidden posts included. */
  readonly acts: readonly ActPost[];
  /** After this nothing counts any more. */
  readonly closed: { readonly time: LogicalTime; readonly id: PostId; readonly by: PeerId } | null;
  /** 0 for the founder, from 1 for admins, infinite for others. */
  rank(peer: PeerId): number;
  /** Whether a post in this place is by somebody in charge, who still was. */
  isInCharge(post: Standing): boolean;
  /** Whether a post is to be read as said in the room. */
  counts(post: Standing): boolean;
  /** Whether somebody above the author has hidden a post. */
  hides(post: Pick<Standing, "id" | "author">): boolean;
  /** Whether somebody is in the room: not removed, or admitted again. */
  isIn(peer: PeerId): boolean;
  /** The rank of who has removed somebody last. */
  removedBy(peer: PeerId): number;
  /** Who belongs to a private room; `null` in one that is everybody's. */
  readonly membership: MembershipRuling | null;
}

/** Who belongs to a private room, as far as its posts are known. */
export interface MembershipRuling {
  /** The founder, and whoever was added and is in. */
  readonly members: ReadonlySet<PeerId>;
  /** Whoever was a member at any time. */
  readonly known: ReadonlySet<PeerId>;
  /** The act by which somebody was put out, or has left, last; `null` if there is none. */
  removalOf(peer: PeerId): ActPost | null;
  /** What to seal to somebody with, as the last addition says. */
  sealingOf(peer: PeerId): Uint8Array | null;
  /** The same with proof; `null` for who was never added, which the founder was not. */
  proofOf(peer: PeerId): SealingProof | null;
}

/** How the acts of one room are read and judged. */
export interface Ruler {
  /** What a post does; `null` for one that does nothing here, or that cannot be read. */
  deed(post: Post): Deed | null;
  /** Whether a post proves that its author has founded the room. */
  founds(post: Post, deed: Deed): boolean;
  /** What is right, given the founding post and acts in any order. */
  rule(founding: ActPost, acts: readonly ActPost[], limits: Limits): Ruling;
  /** Whether an act of somebody whose acts may count is worth keeping; by default all are. */
  weighs?(act: ActPost, founder: PeerId, acts: readonly ActPost[]): boolean;
  /** Those whose acts may count. */
  authors(founder: PeerId, acts: readonly ActPost[]): Set<PeerId>;
  /** Of too many acts those to be left aside, at least one; by default the last. */
  surplus?(founding: ActPost, acts: readonly ActPost[], limits: Limits): readonly ActPost[];
}

/**
 * What is right, given a founding post and acts.
 *
 * @param founding The post that proves who founded the room.
 * @param known Acts in any order; those that do not count are left aside.
 * @param adminsMax Admins whose naming counts.
 */
export function rule(
  founding: Founding,
  known: Iterable<ActPost>,
  adminsMax: number,
): Ruling {
  const acts = [...known].sort(comparePosts);
  const founder = founding.author;
  const admins = adminsIn(acts, founder, adminsMax);
  const order = [founder, ...admins.keys()];
  const ranks = new Map(order.map((peer, rank) => [peer, rank]));
  const isAdmin = (peer: PeerId) => admins.get(peer)?.at(-1)?.to === null;
  const rank = (peer: PeerId) => peer === founder || isAdmin(peer) ? ranks.get(peer)! : Infinity;
  const sanctions = new Map<PeerId, Sanction[]>();
  const voices = new Map<PeerId, Span[]>();
  const voiceOf = (peer: PeerId) => voices.get(peer);
  const isInCharge = (post: Standing) =>
    post.author === founder ||
    (isWithin(admins.get(post.author) ?? [], post) && speaks(voiceOf(post.author), post));
  order.forEach((peer, own) => {
    // All those above have been looked at: what was done to this one is known.
    voices.set(peer, voice(sanctions.get(peer) ?? []));
    for (const post of acts) {
      const { deed } = post;
      if (deed.act !== "remove" && deed.act !== "readmit") continue;
      if (post.author !== peer || rank(deed.peer) <= own || !isInCharge(post)) continue;
      const sanction = { post, rank: own, removes: deed.act === "remove", logs: deed.logs };
      sanctions.set(deed.peer, [...sanctions.get(deed.peer) ?? [], sanction]);
    }
  });
  for (const [peer, all] of sanctions) voices.set(peer, voice(all));
  const counting = acts.filter((post) => isInCharge(post) && isAllowed(post, founder, rank));
  const close = counting.find(({ deed }) => deed.act === "close");
  const hiders = new Map<PostId, PeerId[]>();
  for (const { deed, author } of counting) {
    if (deed.act !== "hide") continue;
    hiders.set(deed.target, [...hiders.get(deed.target) ?? [], author]);
  }
  return {
    founder,
    name: founding.deed.name,
    acts: [founding, ...counting],
    closed: close === undefined ? null : { time: close.time, id: close.id, by: close.author },
    rank,
    isInCharge,
    counts: (post) => {
      if (post.author !== founder && !speaks(voiceOf(post.author), post)) return false;
      if (close !== undefined && comparePosts(post, close) > 0) return false;
      return !isForOfficers(post.kind) || isInCharge(post);
    },
    hides: ({ id, author }) => (hiders.get(id) ?? []).some((by) => ranks.get(by)! < rank(author)),
    isIn: (peer) => (voiceOf(peer)?.at(-1)?.to ?? null) === null,
    removedBy: (peer) => voiceOf(peer)?.at(-1)?.endedBy ?? Infinity,
    membership: null,
  };
}

/** Whether only those in charge post such a thing. */
export function isForOfficers(kind: number): boolean {
  return kind === postKind.topic || kind === postKind.announcement;
}

/** An act of somebody in charge that this person may do. */
export function isAllowed(
  { author, deed }: ActPost,
  founder: PeerId,
  rank: (peer: PeerId) => number,
): boolean {
  if (deed.act === "admin" || deed.act === "no-admin") return author === founder;
  if (deed.act === "remove" || deed.act === "readmit") return rank(author) < rank(deed.peer);
  return deed.act !== "found";
}

/** Who was named when, in the order of the first naming. */
export function adminsIn(
  acts: readonly ActPost[],
  founder: PeerId,
  adminsMax: number,
): Map<PeerId, Span[]> {
  const admins = new Map<PeerId, Span[]>();
  for (const { author, deed } of acts) {
    if (author !== founder || (deed.act !== "admin" && deed.act !== "no-admin")) continue;
    if (deed.peer === founder) continue;
    let spans = admins.get(deed.peer);
    if (spans === undefined) {
      if (deed.act === "no-admin" || admins.size >= adminsMax) continue;
      admins.set(deed.peer, spans = []);
    }
    if (deed.act === "admin") begin(spans, deed.logs);
    else end(spans, deed.logs, founderRank);
  }
  return admins;
}

/** Where somebody's posts count, by what those above did: the later act decides over the earlier. */
function voice(sanctions: readonly Sanction[]): Span[] {
  const spans: Span[] = [];
  begin(spans, []);
  for (
    const { rank, removes, logs } of sanctions.toSorted((a, b) => comparePosts(a.post, b.post))
  ) {
    if (removes) end(spans, logs, rank);
    // Who was removed from above is not admitted from below.
    else if (rank <= spans.at(-1)!.endedBy) begin(spans, logs);
  }
  return spans;
}

/** A voice, or the power of an admin, begins after the places that are named. */
export function begin(spans: Span[], logs: readonly LogMark[]): void {
  if (spans.length > 0 && spans.at(-1)!.to === null) return;
  spans.push({ from: marksOf(logs), to: null, endedBy: Infinity });
}

/** It ends with these places, unless somebody of a higher rank has ended it already. */
export function end(spans: Span[], logs: readonly LogMark[], rank: number): void {
  const span = spans.at(-1);
  if (span === undefined) return;
  if (span.to === null || rank < span.endedBy) {
    span.to = marksOf(logs);
    span.endedBy = rank;
  } else if (rank === span.endedBy) {
    // Of several by one rank the highest counts.
    span.to = marksOf([...span.to.values(), ...logs]);
  }
}

/** Of several marks of one log the highest, of equal ones the lower id. */
function marksOf(logs: readonly LogMark[]): Map<LogId, LogMark> {
  const marks = new Map<LogId, LogMark>();
  for (const mark of logs) {
    const known = marks.get(mark.log);
    const higher = known === undefined || mark.seq > known.seq ||
      (mark.seq === known.seq && mark.id < known.id);
    if (higher) marks.set(mark.log, mark);
  }
  return marks;
}

/** Whether a post is within a voice; who has none was never put out. */
export function speaks(spans: readonly Span[] | undefined, post: Standing): boolean {
  return spans === undefined || isWithin(spans, post);
}

/** Whether a post stands in one of the spans. */
export function isWithin(spans: readonly Span[], { log, seq, id }: Standing): boolean {
  return spans.some(({ from, to }) => {
    if (seq <= (from.get(log)?.seq ?? 0)) return false;
    if (to === null) return true;
    const last = to.get(log);
    return last !== undefined && (seq < last.seq || (seq === last.seq && id === last.id));
  });
}

const nobody: ReadonlySet<PeerId> = new Set();

/** Takes in the acts of one room as they come. */
export class Charge {
  readonly #ruler: Ruler;
  readonly #limits: Limits;
  #founding: ActPost | null = null;
  #acts: ActPost[] = [];
  #ruling: Ruling | null = null;
  #officers: ReadonlySet<PeerId> | null = null;

  /**
   * Nothing known yet.
   *
   * @param ruler What counts in this room; by default what counts in an owned one.
   */
  constructor(
    room: RoomId,
    crypto: CryptoSuite,
    limits: Limits,
    ruler: Ruler = ownedRuler(room, crypto),
  ) {
    this.#ruler = ruler;
    this.#limits = limits;
  }

  /** What is right; `null` until the founding post has come. */
  get ruling(): Ruling | null {
    if (this.#founding === null) return null;
    return this.#ruling ??= this.#ruler.rule(this.#founding, this.#acts, this.#limits);
  }

  /** Acts that are known; no more are taken than `actsMax`. */
  get size(): number {
    return this.#acts.length;
  }

  /** Those whose acts may count. */
  get officers(): ReadonlySet<PeerId> {
    if (this.#founding === null) return nobody;
    return this.#officers ??= this.#ruler.authors(this.#founding.author, this.#acts);
  }

  /**
   * Takes notice of a post.
   *
   * @param officers Those of {@linkcode Charge.officers}; others do nothing, whatever they post.
   * @returns Whether it may change what is right.
   */
  take(post: Post, officers: ReadonlySet<PeerId> = this.officers): boolean {
    const deed = this.#ruler.deed(post);
    if (deed === null) return false;
    const { id, author, log, seq, time, kind } = post;
    const act = { id, author, log, seq, time, kind, deed };
    if (deed.act === "found" || deed.act === "found-private") return this.#found(post, act);
    if (!officers.has(author) || this.#acts.some((each) => each.id === id)) return false;
    const founder = this.#founding?.author ?? author;
    if (this.#ruler.weighs?.(act, founder, this.#acts) === false) return false;
    this.#acts.push(act);
    this.#ruling = this.#officers = null;
    if (this.#acts.length <= this.#limits.actsMax) return true;
    // The same ones are left aside everywhere.
    this.#acts.sort(comparePosts);
    const surplus = this.#founding === null
      ? undefined
      : this.#ruler.surplus?.(this.#founding, this.#acts, this.#limits);
    const out = new Set(surplus ?? this.#acts.slice(-1));
    this.#acts = this.#acts.filter((each) => !out.has(each));
    this.#officers = null;
    return !out.has(act);
  }

  #found(post: Post, act: ActPost): boolean {
    if (!this.#ruler.founds(post, act.deed)) return false;
    // The founder may have said it twice; the first stands.
    if (this.#founding !== null && comparePosts(this.#founding, post) <= 0) return false;
    this.#founding = act;
    this.#ruling = this.#officers = null;
    return true;
  }
}

/** Reads and judges the acts of an owned room. */
function ownedRuler(room: RoomId, crypto: CryptoSuite): Ruler {
  return {
    deed: (post) => deedOf(post, decodeAct),
    founds: ({ author }, deed) =>
      deed.act === "found" && ownedRoomId(author, deed.name, deed.salt, crypto) === room,
    rule: (founding, acts, { adminsMax }) => rule(founding as Founding, acts, adminsMax),
    authors: (founder, acts) => new Set([founder, ...named(founder, acts)]),
  };
}

type Founding = ActPost & { readonly deed: Extract<Act, { readonly act: "found" }> };

/** Whom the founder has named an admin at any time. */
export function named(founder: PeerId, acts: readonly ActPost[]): PeerId[] {
  return acts.flatMap(({ author, deed }) =>
    author === founder && deed.act === "admin" ? [deed.peer] : []
  );
}

/**
 * What a post does; `null` for one that does nothing here, or that cannot be read.
 *
 * @param decode Reads the acts of this kind of rooms.
 */
export function deedOf(
  post: Post,
  decode: (kind: number, body: Uint8Array) => Act | PrivateAct | null,
): Deed | null {
  try {
    const act = decode(post.kind, post.body);
    if (act !== null) return act;
    // What they say is read where it is needed, and takes no memory here.
    if (post.kind === postKind.topic) return { act: "topic" };
    if (post.kind === postKind.announcement) return { act: "announce" };
    const body = post.kind === postKind.tombstone ? decodeBody(post.kind, post.body) : null;
    return body?.kind === "tombstone" ? { act: "hide", target: body.target } : null;
  } catch (error) {
    if (error instanceof MalformedError) return null;
    throw error;
  }
}
