/**
 * The lazy half of Plumtree (Leitão, Pereira, Rodrigues, SRDS 2007) in one room: neighbours that
 * are not sent a post are told its mark (IHAVE), gathered; what was announced and does not come by
 * itself is asked for (GRAFT), of one after another. With its timers, how patient they are, and who
 * announces and never sends. Which links are lazy is decided by plumtree.ts.
 */

import type { PostId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import { markOf, type PostMark } from "../wire/mark.ts";
import type { Accepted } from "./accepted.ts";
import type { ConnectionId } from "./input.ts";

/** What is announced over a link, either way. */
export interface LazyLink {
  /** Announcements that wait to be sent, gathered. */
  readonly gathered: Set<PostMark>;
  /** Announcements wait twice as long: most will have come from the other side by then. */
  readonly yields: boolean;
  /** When they are sent. */
  announceMs: number;
  /** How many posts are waited for that it was the first to announce. */
  awaited: number;
  /** Posts that it has announced and was asked for in vain since it last sent any. */
  vain: number;
  /** When the first of them was given up. */
  vainSinceMs: number;
  /** Posts that this neighbour may ask for, once each, oldest first. */
  readonly offered: Map<PostMark, PostId>;
}

interface Missing {
  /** Whose announcement was the first. */
  readonly first: ConnectionId;
  /** Who has announced it and was not asked yet. */
  readonly announcers: ConnectionId[];
  /** Who was asked last. */
  last: ConnectionId | null;
  askMs: number;
}

/** A look at the clock that comes later than that shows a busy peer. */
const lateMs = 250;

/** How long a post is waited for after a link was lost: the others may be on their way. */
const tornAskMs = 50;

/** Marks for one neighbour. */
export interface Marked {
  readonly connection: ConnectionId;
  readonly marks: readonly PostMark[];
}

/** Who is asked for what, and what is thought of those who announce. */
export interface Asking {
  readonly grafts: readonly Marked[];
  /** Neighbours whose announced posts nobody sent: they have to say again what they hold. */
  readonly unheard: readonly ConnectionId[];
  /** Neighbours that announce and never send: they are no good as neighbours. */
  readonly silent: readonly ConnectionId[];
}

/** What the neighbours of one room are told of, and what they have told of and did not send. */
export class LazyPush {
  readonly #limits: Limits;
  readonly #accepted: Accepted;
  readonly #links: ReadonlyMap<ConnectionId, LazyLink>;
  readonly #missing = new Map<PostMark, Missing>();
  #announceMs = Infinity;
  #askMs = Infinity;
  /** Neighbours that have announced more than is waited for: they have to say it again as history. */
  readonly #overfull = new Set<ConnectionId>();
  /** When a link over which posts came was lost. */
  #tornMs = -Infinity;
  /** Grafts were put off because this peer is late; once, or it would never ask. */
  #putOff = false;
  readonly #tuning: Patience;
  /** Posts that were asked for, of which a copy says nothing about the tree. */
  readonly #asked = new Set<PostMark>();

  /**
   * @param limits The table of limits.
   * @param accepted The posts that were stored lately.
   * @param links All neighbours of the room, as their owner keeps them.
   */
  constructor(limits: Limits, accepted: Accepted, links: ReadonlyMap<ConnectionId, LazyLink>) {
    this.#limits = limits;
    this.#accepted = accepted;
    this.#links = links;
    this.#tuning = new Patience(limits);
  }

  /** How many posts are waited for, and how many the fullest link may ask for. */
  get sizes(): { readonly missing: number; readonly offered: number } {
    let offered = 0;
    for (const link of this.#links.values()) offered = Math.max(offered, link.offered.size);
    return { missing: this.#missing.size, offered };
  }

  /** When something is to be announced or asked for, on the monotonic clock. */
  get deadlineMs(): number {
    return Math.min(this.#announceMs, this.#askMs);
  }

  /** Whether a post was asked for lately. */
  wasAsked(mark: PostMark): boolean {
    return this.#asked.has(mark);
  }

  /** A neighbour is one no longer; `torn` if posts came over this link. */
  onNeighbourDown(connection: ConnectionId, torn: boolean, nowMs: number): void {
    if (torn) this.#tornMs = nowMs;
    this.#overfull.delete(connection);
  }

  /** A neighbour is to be told of a post that it may then ask for. */
  announce(link: LazyLink, id: PostId, nowMs: number): void {
    const mark = markOf(id);
    if (link.gathered.size === 0) {
      const { announceMs } = this.#limits;
      link.announceMs = nowMs + (link.yields ? 2 * announceMs : announceMs);
      this.#announceMs = Math.min(this.#announceMs, link.announceMs);
    }
    link.gathered.add(mark);
    link.offered.set(mark, id);
    if (link.offered.size > this.#limits.announcedMax) {
      link.offered.delete(link.offered.keys().next().value!);
    }
  }

  /**
   * A post is held, or given up.
   *
   * @param id The post.
   * @param source The link that brought it, if one did.
   * @param nowMs The monotonic clock.
   */
  onHeld(id: PostId, source: ConnectionId | null, nowMs: number): void {
    if (this.#missing.size === 0) return;
    const mark = markOf(id);
    const missing = this.#missing.get(mark);
    if (missing === undefined) return;
    this.#forget(mark, missing);
    if (missing.last === null || source === null) return;
    // One that came by itself though it was asked for was asked for too soon: peers or links are
    // busy, and grafts by the dozen would make them busier.
    if (source === missing.last) this.#tuning.onNeeded(nowMs);
    else this.#tuning.onTooSoon(nowMs);
  }

  /** A neighbour holds posts. */
  onAnnounced(connection: ConnectionId, marks: readonly PostMark[], nowMs: number): void {
    const link = this.#links.get(connection);
    if (link === undefined) return;
    for (const mark of marks) {
      forgetOffer(link, mark);
      if (this.#accepted.get(mark) === undefined) this.#miss(mark, connection, nowMs);
    }
  }

  /** What is to be announced now. */
  takeAnnouncements(nowMs: number): Marked[] {
    if (this.#announceMs > nowMs) return [];
    this.#announceMs = Infinity;
    const taken: Marked[] = [];
    const { marksPerMessage } = this.#limits;
    for (const [connection, link] of this.#links) {
      if (link.gathered.size > 0 && link.announceMs > nowMs) {
        this.#announceMs = Math.min(this.#announceMs, link.announceMs);
        continue;
      }
      const marks = [...link.gathered];
      for (let i = 0; i < marks.length; i += marksPerMessage) {
        taken.push({ connection, marks: marks.slice(i, i + marksPerMessage) });
      }
      link.gathered.clear();
    }
    return taken;
  }

  /** What is to be asked for now. */
  takeGrafts(nowMs: number): Asking {
    if (this.#askMs > nowMs) return { grafts: [], unheard: [], silent: [] };
    if (nowMs - this.#askMs > lateMs && !this.#putOff) {
      this.#putOff = true;
      // It is this peer that is late: what is missing may well wait to be read.
      this.#askMs = nowMs + lateMs;
      return { grafts: [], unheard: [], silent: [] };
    }
    this.#askMs = Infinity;
    this.#putOff = false;
    const asked = new Map<ConnectionId, PostMark[]>();
    const unheard = new Set(this.#overfull);
    this.#overfull.clear();
    for (const [mark, missing] of this.#missing) {
      if (missing.askMs > nowMs) {
        this.#askMs = Math.min(this.#askMs, missing.askMs);
        continue;
      }
      if (missing.last !== null) this.#onVain(missing.last, nowMs);
      const connection = this.#nextAnnouncer(missing, asked, unheard);
      if (connection === null) {
        this.#forget(mark, missing);
        continue;
      }
      const marks = asked.get(connection) ?? [];
      asked.set(connection, marks);
      if (this.#asked.size >= this.#limits.missingPostsMax) this.#asked.clear();
      this.#asked.add(mark);
      if (marks.length < this.#limits.marksPerMessage) marks.push(mark);
      else missing.announcers.unshift(connection);
      // Who was asked last may be slow: to ask for all that it holds costs more than to wait.
      missing.askMs = nowMs +
        (missing.announcers.length > 0 ? this.#tuning.ms / 2 : 4 * this.#tuning.ms);
      this.#askMs = Math.min(this.#askMs, missing.askMs);
    }
    const grafts = [...asked].map(([connection, marks]) => ({ connection, marks }));
    return { grafts, unheard: [...unheard], silent: this.#silent(nowMs) };
  }

  /** A neighbour was asked for what it has announced, and has not sent it. */
  #onVain(connection: ConnectionId, nowMs: number): void {
    const link = this.#links.get(connection);
    if (link !== undefined && link.vain++ === 0) link.vainSinceMs = nowMs;
  }

  /** Who has sent nothing for so long, whatever it was asked for; the last ones are kept. */
  #silent(nowMs: number): ConnectionId[] {
    const { floodMax, vainGraftsMax, vainMs } = this.#limits;
    if (this.#links.size <= floodMax) return [];
    return [...this.#links].flatMap(([connection, { vain, vainSinceMs }]) =>
      vain >= vainGraftsMax && nowMs - vainSinceMs >= vainMs ? [connection] : []
    );
  }

  /** Who is asked next for a post; of those who were asked in vain the last is noted. */
  #nextAnnouncer(
    missing: Missing,
    asked: ReadonlyMap<ConnectionId, unknown>,
    unheard: Set<ConnectionId>,
  ): ConnectionId | null {
    // One who is asked already, so that few links become eager.
    const again = missing.announcers.findIndex((connection) => asked.has(connection));
    if (again > 0) missing.announcers.unshift(...missing.announcers.splice(again, 1));
    for (let next; (next = missing.announcers.shift()) !== undefined;) {
      if (!this.#links.has(next)) continue;
      missing.last = next;
      return next;
    }
    if (missing.last !== null && this.#links.has(missing.last)) unheard.add(missing.last);
    return null;
  }

  #miss(mark: PostMark, connection: ConnectionId, nowMs: number): void {
    const missing = this.#missing.get(mark);
    if (missing !== undefined) {
      if (!missing.announcers.includes(connection)) missing.announcers.push(connection);
      return;
    }
    // Each has a share, so that nobody fills the table with posts that do not exist.
    const { missingPostsMax, missingPerLink } = this.#limits;
    const link = this.#links.get(connection)!;
    if (link.awaited >= missingPerLink || this.#missing.size >= missingPostsMax) {
      this.#overfull.add(connection);
      this.#askMs = Math.min(this.#askMs, nowMs + this.#tuning.ms);
      return;
    }
    link.awaited++;
    // After a link was lost there is no reason to hope that the post comes by itself.
    const { tornMs } = this.#limits;
    const torn = nowMs - this.#tornMs < tornMs;
    const askMs = nowMs + (torn ? Math.min(tornAskMs, this.#tuning.ms) : this.#tuning.ms);
    this.#missing.set(mark, { first: connection, announcers: [connection], last: null, askMs });
    this.#askMs = Math.min(this.#askMs, askMs);
  }

  #forget(mark: PostMark, { first }: Missing): void {
    this.#missing.delete(mark);
    const link = this.#links.get(first);
    if (link !== undefined) link.awaited = Math.max(0, link.awaited - 1);
  }
}

/** What is announced over a new link: nothing. */
export function newLazyLink(yields: boolean): LazyLink {
  return {
    gathered: new Set(),
    yields,
    announceMs: Infinity,
    awaited: 0,
    vain: 0,
    vainSinceMs: 0,
    offered: new Map(),
  };
}

/** Who holds a post need not hear of it. */
export function forgetOffer(link: LazyLink, mark: PostMark): void {
  link.gathered.delete(mark);
  link.offered.delete(mark);
}

/**
 * How long an announced post may take to come by itself before it is asked for. Where peers or
 * links are busy a fixed time is too short for all at once: every post is asked for everywhere,
 * the answers make the busy ones busier, and the tree falls apart. So it grows while posts come
 * by themselves after they were asked for, and shrinks while asking brings them.
 */
export class Patience {
  readonly #limits: Limits;
  #ms: number;
  #changedMs = -Infinity;
  #tooSoonMs = -Infinity;

  /** @param limits For the least and the most. */
  constructor(limits: Limits) {
    this.#limits = limits;
    this.#ms = limits.graftMs;
  }

  /** How long to wait. */
  get ms(): number {
    return this.#ms;
  }

  /** A post came by itself though it had been asked for. */
  onTooSoon(nowMs: number): void {
    this.#tooSoonMs = nowMs;
    // Posts that were asked for together say the same thing.
    if (nowMs - this.#changedMs < this.#limits.graftMs) return;
    this.#changedMs = nowMs;
    this.#ms = Math.min(this.#limits.graftMsMax, this.#ms * 2);
  }

  /** A post came because it was asked for. */
  onNeeded(nowMs: number): void {
    const { graftMs } = this.#limits;
    if (nowMs - this.#changedMs < graftMs || nowMs - this.#tooSoonMs < 4 * graftMs) return;
    this.#changedMs = nowMs;
    this.#ms = Math.max(graftMs, this.#ms * 0.75);
  }
}
