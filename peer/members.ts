/**
 * Who is a member of a private room, who is in charge of it, and which posts count there: a
 * function of the posts alone, never of the order in which they came.
 *
 * Ranks are those of owned rooms (peer/charge.ts): the founder, then the admins in the order in
 * which the founder first named them, then everybody. One removes only those below, and of two
 * who remove each other at once the one named first stays. A removal names, of each log, the last
 * post that counts; what is later, or stands in a log that it does not name, is void for everyone,
 * and so is whoever was added there.
 *
 * Beyond that somebody belongs to the room only if a member has added him in a post that counts.
 * Officers are members by their naming, so that nothing about them depends on anybody below; who
 * stands below them is then found by following additions from member to member. Who was removed
 * comes back by somebody of the same rank or a higher one; who has left (removed himself), by any
 * member. What makes a member again names the posts after which he goes on.
 */

import type { CryptoSuite } from "../wire/crypto_suite.ts";
import type { PeerId, RoomId } from "../wire/ids.ts";
import { comparePosts } from "../wire/post.ts";
import { decodePrivateAct, isProven } from "../wire/private_acts.ts";
import { privateRoomId, unveilName } from "../wire/private_room.ts";
import { checkRoomName } from "../wire/text.ts";
import { adminsIn, deedOf, hiding, isForOfficers, named } from "./charge.ts";
import type { ActPost, Ruler, Ruling, Standing } from "./ruling.ts";
import { begin, end, isWithin, type Sanction, type Span } from "./spans.ts";

/** What is done about one person beyond that, those in charge alone can do. */
const heardMax = 256;

/** Where somebody's posts count, and what has become of him. */
interface Voice {
  readonly spans: readonly Span[];
  /** The rank of who keeps him out; infinite for one who may be added by any member. */
  readonly barredBy: number;
  /** What put him out last. */
  readonly removal: ActPost | null;
  /** Additions that changed something, or that found him in. */
  readonly effective: readonly ActPost[];
}

/** Sorts out who belongs to a room, from the top. */
class Sorting {
  readonly founder: PeerId;
  readonly acts: readonly ActPost[];
  readonly admins: ReadonlyMap<PeerId, readonly Span[]>;
  readonly ranks: ReadonlyMap<PeerId, number>;
  readonly voices = new Map<PeerId, Voice>();
  readonly #sanctions = new Map<PeerId, Sanction[]>();
  /** Acts of officers that were looked at as such. */
  readonly #judged = new Set<ActPost>();
  /** Departures that count. */
  readonly #left = new Set<ActPost>();

  constructor(founder: PeerId, known: readonly ActPost[], adminsMax: number) {
    this.founder = founder;
    this.acts = known.toSorted(comparePosts);
    this.admins = adminsIn(this.acts, founder, adminsMax);
    const order = [founder, ...this.admins.keys()];
    this.ranks = new Map(order.map((peer, rank) => [peer, rank]));
    for (const [own, peer] of order.entries()) this.#judge(peer, own);
    this.#follow();
  }

  /** 0 for the founder, from 1 for admins, infinite for others. */
  rank(peer: PeerId): number {
    const isOfficer = peer === this.founder || this.admins.get(peer)?.at(-1)?.to === null;
    return isOfficer ? this.ranks.get(peer)! : Infinity;
  }

  /** Whether a post is by somebody who was a member then. */
  speaks(post: Standing): boolean {
    return post.author === this.founder ||
      isWithin(this.voices.get(post.author)?.spans ?? [], post);
  }

  /** Whether a post is by somebody in charge, who still was. */
  isInCharge(post: Standing): boolean {
    if (post.author === this.founder) return true;
    return isWithin(this.admins.get(post.author) ?? [], post) && this.speaks(post);
  }

  /** What an officer has done to those below; all those above have been looked at. */
  #judge(peer: PeerId, own: number): void {
    this.#hear(peer);
    for (const post of this.acts) if (isLeave(post, peer)) this.#takeLeave(post);
    for (const post of this.acts) {
      const { deed } = post;
      if (post.author !== peer || (deed.act !== "remove" && deed.act !== "add")) continue;
      if (deed.peer === peer || this.rank(deed.peer) <= own) continue;
      // Any member adds, and an officer whose power has ended is one.
      if (!this.isInCharge(post)) continue;
      this.#judged.add(post);
      this.#sanction(deed.peer, { post, rank: own, removes: deed.act === "remove", ...deed });
    }
  }

  /**
   * Follows additions and departures among those who are no officers, from those whose voice is
   * known to those whom they add, until nothing changes. Each act is taken once: a chain of a
   * thousand that was made to be slow takes a thousand short rounds.
   */
  #follow(): void {
    for (const peer of this.#sanctions.keys()) this.#hear(peer);
    const open = Map.groupBy(
      this.acts.filter((post) => this.#isOpen(post)),
      ({ author }) => author,
    );
    for (let heard = [...open.keys()]; heard.length > 0;) {
      const changed = new Set<PeerId>();
      for (const author of heard) {
        const acts = open.get(author) ?? [];
        // Whoever has left adds nobody afterwards.
        for (const post of acts) if (isLeave(post, author)) this.#takeLeave(post);
        const left = acts.filter((post) => {
          if (isLeave(post, author)) return false;
          if (post.deed.act !== "add" || !this.speaks(post)) return true;
          const { peer, logs } = post.deed;
          if ((this.#sanctions.get(peer)?.length ?? 0) >= heardMax) return false;
          this.#sanction(peer, { post, rank: Infinity, removes: false, logs });
          changed.add(peer);
          return false;
        });
        // A leave that does not count yet may do so once its author is back.
        open.set(author, [
          ...left,
          ...acts.filter((post) => isLeave(post, author) && !this.#left.has(post)),
        ]);
      }
      for (const peer of changed) this.#hear(peer);
      heard = [...changed];
    }
  }

  /** What officers have done was looked at before. */
  #isOpen(post: ActPost): boolean {
    const { author, deed } = post;
    if (deed.act === "add") return !this.ranks.has(deed.peer) && !this.#judged.has(post);
    return isLeave(post, author) && !this.ranks.has(author);
  }

  #takeLeave(post: ActPost): void {
    if (post.deed.act !== "remove" || post.author === this.founder) return;
    if (this.#left.has(post) || !this.speaks(post)) return;
    this.#left.add(post);
    const { peer, logs } = post.deed;
    this.#sanction(peer, { post, rank: Infinity, removes: true, logs });
    this.#hear(peer);
  }

  #sanction(peer: PeerId, { post, rank, removes, logs }: Sanction): void {
    const all = this.#sanctions.get(peer) ?? [];
    this.#sanctions.set(peer, all);
    all.push({ post, rank, removes, logs });
  }

  /** Where somebody's posts count, by what is known to have been done to him. */
  #hear(peer: PeerId): void {
    const spans: Span[] = [];
    if (this.ranks.has(peer)) begin(spans, []);
    let barredBy = Infinity;
    let removal: ActPost | null = null;
    const effective: ActPost[] = [];
    const all = (this.#sanctions.get(peer) ?? []).toSorted((a, b) => comparePosts(a.post, b.post));
    for (const { post, rank, removes, logs } of all) {
      if (removes) {
        end(spans, logs, rank);
        barredBy = Math.min(barredBy, rank);
        removal = post;
      } else if (rank <= barredBy) {
        begin(spans, logs);
        barredBy = Infinity;
        effective.push(post);
      }
    }
    this.voices.set(peer, { spans, barredBy, removal, effective });
  }
}

function isLeave({ author, deed }: ActPost, peer: PeerId): boolean {
  return author === peer && deed.act === "remove" && deed.peer === peer;
}

/**
 * What is right in a private room.
 *
 * @param founding The post that proves who founded it.
 * @param name What it is called.
 * @param known Acts in any order; those that do not count are left aside.
 * @param adminsMax Admins whose naming counts.
 */
function ruleMembers(
  founding: ActPost,
  name: string,
  known: readonly ActPost[],
  adminsMax: number,
): Ruling {
  const founder = founding.author;
  const sorting = new Sorting(founder, known, adminsMax);
  const { voices, ranks } = sorting;
  const rank = (peer: PeerId) => sorting.rank(peer);
  const isIn = (peer: PeerId) => peer === founder || voices.get(peer)?.spans.at(-1)?.to === null;
  const isInCharge = (post: Standing) => sorting.isInCharge(post);
  const proofOf = (peer: PeerId) => {
    const last = voices.get(peer)?.effective.at(-1)?.deed;
    return last?.act === "add" ? last.proof : null;
  };
  const effective = new Set([...voices.values()].flatMap((voice) => voice.effective));
  const counting = sorting.acts.filter((post) => {
    const { author, deed } = post;
    if (deed.act === "add") return effective.has(post);
    if (isLeave(post, author)) return author !== founder && voices.get(author)?.removal === post;
    if (!isInCharge(post)) return false;
    if (deed.act === "admin" || deed.act === "no-admin") return author === founder;
    return deed.act !== "remove" || rank(author) < rank(deed.peer);
  });
  const close = counting.find(({ deed }) => deed.act === "close");
  const everIn = [...voices].filter(([, { spans }]) => spans.length > 0).map(([peer]) => peer);
  return {
    founder,
    name,
    acts: [founding, ...counting],
    closed: close === undefined ? null : { time: close.time, id: close.id, by: close.author },
    rank,
    isInCharge,
    counts: (post) => {
      if (!sorting.speaks(post)) return false;
      if (close !== undefined && comparePosts(post, close) > 0) return false;
      return !isForOfficers(post.kind) || isInCharge(post);
    },
    hides: hiding(counting, ranks, rank),
    isIn,
    removedBy: (peer) => voices.get(peer)?.barredBy ?? Infinity,
    membership: {
      members: new Set([founder, ...everIn.filter(isIn)]),
      known: new Set([founder, ...everIn]),
      removalOf: (peer) => voices.get(peer)?.removal ?? null,
      sealingOf: (peer) => {
        if (peer !== founder) return proofOf(peer)?.sealing ?? null;
        return founding.deed.act === "found-private" ? founding.deed.sealing : null;
      },
      proofOf,
    },
  };
}

/**
 * Reads and judges the acts of a private room.
 *
 * @param secret The room's.
 */
export function privateRuler(room: RoomId, secret: Uint8Array, crypto: CryptoSuite): Ruler {
  const nameIn = ({ author, deed }: ActPost): string => {
    const box = deed.act === "found-private" ? deed.nameBox : new Uint8Array(0);
    const name = unveilName(box, author, secret, crypto);
    return name === null || checkRoomName(name) !== null ? "" : name;
  };
  return {
    deed: (post) => {
      const deed = deedOf(post, decodePrivateAct);
      if (deed?.act === "add" && !isProven(deed.proof, deed.peer, crypto)) return null;
      return deed;
    },
    founds: ({ author }, deed) =>
      deed.act === "found-private" && privateRoomId(author, secret, crypto) === room,
    rule: (founding, acts, { adminsMax }) =>
      ruleMembers(founding, nameIn(founding), acts, adminsMax),
    // Members add and leave. What else they do is no act of power, and each act costs a ruling.
    weighs: ({ author, deed }, founder, acts) =>
      deed.act === "add" || (deed.act === "remove" && deed.peer === author) ||
      author === founder || named(founder, acts).includes(author),
    authors: (founder, acts) => {
      const added = acts.flatMap(({ deed }) => deed.act === "add" ? [deed.peer] : []);
      return new Set([founder, ...named(founder, acts), ...added]);
    },
    surplus: (founding, acts, { adminsMax }) => {
      const counting = new Set(ruleMembers(founding, "", acts, adminsMax).acts);
      // What is void makes room for what counts; some at once, as it costs a ruling to know.
      const void_ = acts.filter((act) => !counting.has(act));
      return void_.length === 0 ? acts.slice(-1) : void_.slice(-Math.ceil(acts.length / 8));
    },
  };
}
