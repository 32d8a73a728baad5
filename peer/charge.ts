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

import { MalformedError } from "../wire/cbor.ts";
import type { CryptoSuite } from "../wire/crypto_suite.ts";
import type { PeerId, PostId, RoomId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import { type Act, decodeAct, ownedRoomId } from "../wire/owned_room.ts";
import { comparePosts, type Post, postKind } from "../wire/post.ts";
import { decodeBody } from "../wire/post_body.ts";
import type { PrivateAct } from "../wire/private_acts.ts";
import type { ActPost, Deed, Ruler, Ruling, Standing } from "./ruling.ts";
import { begin, end, isWithin, type Sanction, type Span, speaks, voice } from "./spans.ts";

const founderRank = 0;

/**
 * What is right, given a founding post and acts.
 *
 * @param founding The post that proves who founded the room.
 * @param known Acts in any order; those that do not count are left aside.
 * @param adminsMax Admins whose naming counts.
 */
function rule(
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
    hides: hiding(counting, ranks, rank),
    isIn: (peer) => (voiceOf(peer)?.at(-1)?.to ?? null) === null,
    removedBy: (peer) => voiceOf(peer)?.at(-1)?.endedBy ?? Infinity,
    membership: null,
  };
}

/** Whether somebody above the author has hidden a post, by acts that count. */
export function hiding(
  acts: readonly ActPost[],
  ranks: ReadonlyMap<PeerId, number>,
  rank: (peer: PeerId) => number,
): Ruling["hides"] {
  const hiders = new Map<PostId, PeerId[]>();
  for (const { deed, author } of acts) {
    if (deed.act !== "hide") continue;
    hiders.set(deed.target, [...hiders.get(deed.target) ?? [], author]);
  }
  return ({ id, author }) => (hiders.get(id) ?? []).some((by) => ranks.get(by)! < rank(author));
}

/** Whether only those in charge post such a thing. */
export function isForOfficers(kind: number): boolean {
  return kind === postKind.topic || kind === postKind.announcement;
}

/** An act of somebody in charge that this person may do. */
function isAllowed(
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
