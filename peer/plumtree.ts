/**
 * The broadcast tree of one room after Plumtree (Leitão, Pereira, Rodrigues, SRDS 2007): posts
 * go at once to eager neighbours; lazy ones are told their marks, and ask if a post does not
 * come by itself. A copy makes the link it came over lazy, a post asked for makes it eager, so
 * that what is left of the eager links is a tree that repairs itself.
 *
 * Repairs make ways longer. Where the paper changes the tree for single posts, here every so often
 * a whole post goes over all links and the tree grows anew along its way: one change that all
 * agree on, in place of many that undo one another.
 *
 * With up to `floodMax` neighbours all are eager for good: a tree would save next to nothing
 * and every repair costs a wait.
 */

import type { PostId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import { hopsMax, markOf, type PostMark } from "../wire/mark.ts";
import type { Acceptance, Accepted } from "./accepted.ts";
import type { ConnectionId } from "./input.ts";
import { Patience } from "./patience.ts";
import type { Rng } from "./ports.ts";

interface Branch {
  eager: boolean;
  /** Before that it stays eager, because a post had to be asked for over it. */
  keepMs: number;
  /** When it was told last that we need nothing from it at once. */
  prunedMs: number;
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

/** To whom a post goes at once. */
export interface Push {
  readonly targets: readonly ConnectionId[];
  /** It goes to all, and so it should from there. */
  readonly wide: boolean;
  /** The neighbour that brought it and should bring all from now on. */
  readonly graft: ConnectionId | null;
}

/** What a look at the clock brings. */
export interface Due {
  readonly announcements: readonly Marked[];
  readonly grafts: readonly Marked[];
  /** Neighbours to be told to announce only. */
  readonly prunes: readonly ConnectionId[];
  /** Neighbours whose announced posts nobody sent: they have to say again what they hold. */
  readonly unheard: readonly ConnectionId[];
  /** Neighbours that announce and never send: they are no good as neighbours. */
  readonly silent: readonly ConnectionId[];
}

/** The neighbours of one room and what each of them is sent. */
export class Plumtree {
  readonly #limits: Limits;
  readonly #accepted: Accepted;
  readonly #branches = new Map<ConnectionId, Branch>();
  readonly #missing = new Map<PostMark, Missing>();
  #announceMs = Infinity;
  #askMs = Infinity;
  /** When a post last went to all, and which. */
  #wideMs = -Infinity;
  #wideMark: PostMark | null = null;
  /** Neighbours that brought copies of it, and when they are told to announce only. */
  readonly #redundant = new Set<ConnectionId>();
  #pruneMs = Infinity;
  /** Neighbours that have announced more than is waited for: they have to say it again as history. */
  readonly #overfull = new Set<ConnectionId>();
  /** When a link over which posts came was lost. */
  #tornMs = -Infinity;
  /** Grafts were put off because this peer is late; once, or it would never ask. */
  #putOff = false;
  readonly #tuning: Patience;
  /** Posts that were asked for, of which a copy says nothing about the tree. */
  readonly #asked = new Set<PostMark>();
  /** Posts that came by gossip and were new. */
  fresh = 0;
  /** Posts that came by gossip and were known. */
  copies = 0;

  /**
   * @param limits The table of limits.
   * @param accepted The posts that were stored lately.
   */
  constructor(limits: Limits, accepted: Accepted) {
    this.#limits = limits;
    this.#accepted = accepted;
    this.#tuning = new Patience(limits);
  }

  /** All neighbours. */
  get neighbours(): Iterable<ConnectionId> {
    return this.#branches.keys();
  }

  /** How many neighbours there are, and how many of them are eager. */
  get counts(): { readonly neighbours: number; readonly eager: number } {
    let eager = 0;
    for (const branch of this.#branches.values()) if (branch.eager) eager++;
    return { neighbours: this.#branches.size, eager };
  }

  /** How many posts are waited for, and how many the fullest link may ask for. */
  get sizes(): { readonly missing: number; readonly offered: number } {
    let offered = 0;
    for (const branch of this.#branches.values()) offered = Math.max(offered, branch.offered.size);
    return { missing: this.#missing.size, offered };
  }

  /** When {@linkcode Plumtree.takeDue} has something, on the monotonic clock. */
  get deadlineMs(): number {
    return Math.min(this.#announceMs, this.#askMs, this.#pruneMs);
  }

  /** Whether a link is one of the neighbours'. */
  has(connection: ConnectionId): boolean {
    return this.#branches.has(connection);
  }

  /** Whether posts go over a link at once. */
  isEager(connection: ConnectionId): boolean {
    return this.#branches.get(connection)?.eager ?? false;
  }

  /**
   * The neighbours that something goes on to which is soon said again: those of the tree, and one
   * beside it, for where the tree is torn nobody asks for what has not come.
   *
   * @param source Over which it came.
   * @param rng Draws the one beside the tree.
   */
  targetsOfRepeated(source: ConnectionId, rng: Rng): ConnectionId[] {
    const eager: ConnectionId[] = [];
    const lazy: ConnectionId[] = [];
    for (const [connection, branch] of this.#branches) {
      if (connection !== source) (branch.eager ? eager : lazy).push(connection);
    }
    if (lazy.length > 0) eager.push(drawn(lazy, rng));
    return eager;
  }

  /**
   * The tree does not bring what it should: one beside it becomes part of it.
   *
   * @param rng Draws which one.
   * @returns The neighbour to be told so, or `null` if all are part of it already.
   */
  mend(rng: Rng, nowMs: number): ConnectionId | null {
    const lazy = [...this.#branches].filter(([, { eager }]) => !eager);
    if (lazy.length === 0) return null;
    const [connection, branch] = drawn(lazy, rng);
    this.#keep(branch, nowMs);
    return connection;
  }

  /**
   * A new neighbour. It is eager until it proves to be one too many, unless a tree has grown
   * already: then it proves to be needed, by the first post that nobody else brings.
   *
   * @param connection The link.
   * @param yields Of two neighbours one does, so that not both announce the same to one another.
   */
  onNeighbourUp(connection: ConnectionId, yields: boolean): void {
    const { neighbours, eager } = this.counts;
    this.#branches.set(connection, {
      eager: eager === 0 || eager === neighbours,
      keepMs: -Infinity,
      prunedMs: -Infinity,
      awaited: 0,
      vain: 0,
      vainSinceMs: 0,
      gathered: new Set(),
      yields,
      announceMs: Infinity,
      offered: new Map(),
    });
  }

  /** A neighbour is one no longer. */
  onNeighbourDown(connection: ConnectionId, nowMs: number): void {
    if (this.isEager(connection)) this.#tornMs = nowMs;
    this.#branches.delete(connection);
    this.#overfull.delete(connection);
  }

  /**
   * A post is stored and goes on.
   *
   * @returns The neighbours to send it to at once; the others will be told its mark.
   */
  push(post: Acceptance, nowMs: number): Push {
    const { source } = post;
    const wide = this.#isWide(post, nowMs);
    const targets: ConnectionId[] = [];
    for (const [connection, branch] of this.#branches) {
      if (connection === source) continue;
      if (wide || branch.eager || this.#floods) targets.push(connection);
      else this.#announce(branch, post.id, nowMs);
    }
    if (!wide) return { targets, wide, graft: null };
    if (targets.length > 0) this.#wideMs = nowMs;
    this.#wideMark = markOf(post.id);
    const way = source === null ? undefined : this.#branches.get(source);
    if (way === undefined || way.eager) return { targets, wide, graft: null };
    this.#keep(way, nowMs);
    return { targets, wide, graft: source };
  }

  /**
   * Now and then an author sends a post to all, and so does everybody who gets it: the links over
   * which it is first are the shortest tree from there. Who asks for that all the time is not
   * obeyed. So does the author whom copies have cut off: neighbours that it holds for lazy may
   * bring it all, and a tree that it is told by can yet have no way out from it.
   */
  #isWide({ hops, wide }: Acceptance, nowMs: number): boolean {
    if (hops === null) return false;
    const { wideMs, wideMsMin } = this.#limits;
    const sinceMs = nowMs - this.#wideMs;
    if (hops !== 0) return wide && sinceMs >= wideMsMin;
    return sinceMs >= wideMs || !this.#floods && this.counts.eager === 0;
  }

  #announce(branch: Branch, id: PostId, nowMs: number): void {
    const mark = markOf(id);
    if (branch.gathered.size === 0) {
      const { announceMs } = this.#limits;
      branch.announceMs = nowMs + (branch.yields ? 2 * announceMs : announceMs);
      this.#announceMs = Math.min(this.#announceMs, branch.announceMs);
    }
    branch.gathered.add(mark);
    branch.offered.set(mark, id);
    if (branch.offered.size > this.#limits.announcedMax) {
      branch.offered.delete(branch.offered.keys().next().value!);
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

  /**
   * A neighbour has sent what is known already.
   *
   * @param connection Who has sent it.
   * @param first How it came first; `undefined` if that is forgotten.
   * @param nowMs The monotonic clock.
   * @returns Whether the neighbour is to be told to announce only.
   */
  onCopy(connection: ConnectionId, first: Acceptance | undefined, nowMs: number): boolean {
    this.copies++;
    const branch = this.#branches.get(connection);
    if (branch === undefined || this.#floods) return false;
    // History may have been faster; and what one link sends twice proves no other way.
    if (first === undefined || first.hops === null || first.source === connection) return false;
    const mark = markOf(first.id);
    const { wideSettleMs } = this.#limits;
    if (mark === this.#wideMark) {
      if (!branch.eager) return false;
      // The old tree is needed until the new one has grown.
      this.#redundant.add(connection);
      this.#pruneMs = Math.min(this.#pruneMs, nowMs + wideSettleMs);
      return false;
    }
    // Until then a copy of another post, which may go to all as well, would cut the new one; and
    // for as long again posts are on their way over links of the old tree that are being given up:
    // one that comes first over such a link makes a copy of what the new tree brings.
    if (nowMs < this.#wideMs + 2 * wideSettleMs) return false;
    // Under load posts are asked for over many links at once; to give them all up again at the
    // first copy would leave none.
    if (nowMs < branch.keepMs) return false;
    if (this.#asked.has(mark)) return false;
    // One that came when our tree had grown and its own had not sends us all for good.
    if (!branch.eager && nowMs < branch.prunedMs + this.#limits.pruneAfterMs) return false;
    branch.eager = false;
    branch.prunedMs = nowMs;
    return true;
  }

  /** A neighbour has sent a post, new or not. */
  onSent(connection: ConnectionId, id: PostId): void {
    const branch = this.#branches.get(connection);
    if (branch === undefined) return;
    branch.vain = 0;
    forgetOffer(branch, markOf(id));
  }

  /** A neighbour has had a copy from us. */
  onPrune(connection: ConnectionId): void {
    const branch = this.#branches.get(connection);
    if (branch !== undefined && !this.#floods) branch.eager = false;
  }

  /**
   * A neighbour asks for what was announced to it, each post once.
   *
   * @returns The posts that it may have.
   */
  onGraft(connection: ConnectionId, marks: readonly PostMark[], nowMs: number): PostId[] {
    const branch = this.#branches.get(connection);
    if (branch === undefined) return [];
    this.#keep(branch, nowMs);
    const ids: PostId[] = [];
    for (const mark of marks) {
      const id = branch.offered.get(mark);
      if (id === undefined || !branch.offered.delete(mark)) continue;
      ids.push(id);
    }
    return ids;
  }

  /** A neighbour holds posts. */
  onAnnounced(connection: ConnectionId, marks: readonly PostMark[], nowMs: number): void {
    const branch = this.#branches.get(connection);
    if (branch === undefined) return;
    for (const mark of marks) {
      forgetOffer(branch, mark);
      if (this.#accepted.get(mark) === undefined) this.#miss(mark, connection, nowMs);
    }
  }

  /** What is to be announced and asked for now. */
  takeDue(nowMs: number): Due {
    return {
      announcements: this.#takeAnnouncements(nowMs),
      prunes: this.#takePrunes(nowMs),
      ...this.#takeGrafts(nowMs),
    };
  }

  get #floods(): boolean {
    return this.#branches.size <= this.#limits.floodMax;
  }

  #miss(mark: PostMark, connection: ConnectionId, nowMs: number): void {
    const missing = this.#missing.get(mark);
    if (missing !== undefined) {
      if (!missing.announcers.includes(connection)) missing.announcers.push(connection);
      return;
    }
    // Each has a share, so that nobody fills the table with posts that do not exist.
    const { missingPostsMax, missingPerLink } = this.#limits;
    const branch = this.#branches.get(connection)!;
    if (branch.awaited >= missingPerLink || this.#missing.size >= missingPostsMax) {
      this.#overfull.add(connection);
      this.#askMs = Math.min(this.#askMs, nowMs + this.#tuning.ms);
      return;
    }
    branch.awaited++;
    // After a link was lost there is no reason to hope that the post comes by itself.
    const { tornMs } = this.#limits;
    const torn = nowMs - this.#tornMs < tornMs;
    const askMs = nowMs + (torn ? Math.min(tornAskMs, this.#tuning.ms) : this.#tuning.ms);
    this.#missing.set(mark, { first: connection, announcers: [connection], last: null, askMs });
    this.#askMs = Math.min(this.#askMs, askMs);
  }

  #forget(mark: PostMark, { first }: Missing): void {
    this.#missing.delete(mark);
    const branch = this.#branches.get(first);
    if (branch !== undefined) branch.awaited = Math.max(0, branch.awaited - 1);
  }

  #keep(branch: Branch, nowMs: number): void {
    branch.eager = true;
    branch.keepMs = nowMs + this.#limits.pruneAfterMs;
  }

  #takePrunes(nowMs: number): ConnectionId[] {
    if (this.#pruneMs > nowMs) return [];
    this.#pruneMs = Infinity;
    const prunes: ConnectionId[] = [];
    for (const connection of this.#redundant) {
      const branch = this.#branches.get(connection);
      // One that has asked for us since needs us.
      if (branch === undefined || !branch.eager || nowMs < branch.keepMs) continue;
      if (this.#floods) break;
      branch.eager = false;
      branch.prunedMs = nowMs;
      prunes.push(connection);
    }
    this.#redundant.clear();
    return prunes;
  }

  #takeAnnouncements(nowMs: number): Marked[] {
    if (this.#announceMs > nowMs) return [];
    this.#announceMs = Infinity;
    const taken: Marked[] = [];
    const { marksPerMessage } = this.#limits;
    for (const [connection, branch] of this.#branches) {
      if (branch.gathered.size > 0 && branch.announceMs > nowMs) {
        this.#announceMs = Math.min(this.#announceMs, branch.announceMs);
        continue;
      }
      const marks = [...branch.gathered];
      for (let i = 0; i < marks.length; i += marksPerMessage) {
        taken.push({ connection, marks: marks.slice(i, i + marksPerMessage) });
      }
      branch.gathered.clear();
    }
    return taken;
  }

  #takeGrafts(nowMs: number): Pick<Due, "grafts" | "unheard" | "silent"> {
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
    for (const connection of asked.keys()) this.#keep(this.#branches.get(connection)!, nowMs);
    const grafts = [...asked].map(([connection, marks]) => ({ connection, marks }));
    return { grafts, unheard: [...unheard], silent: this.#silent(nowMs) };
  }

  /** A neighbour was asked for what it has announced, and has not sent it. */
  #onVain(connection: ConnectionId, nowMs: number): void {
    const branch = this.#branches.get(connection);
    if (branch !== undefined && branch.vain++ === 0) branch.vainSinceMs = nowMs;
  }

  /** Who has sent nothing for so long, whatever it was asked for; the last ones are kept. */
  #silent(nowMs: number): ConnectionId[] {
    if (this.#floods) return [];
    const { vainGraftsMax, vainMs } = this.#limits;
    return [...this.#branches].flatMap(([connection, { vain, vainSinceMs }]) =>
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
      if (!this.#branches.has(next)) continue;
      missing.last = next;
      return next;
    }
    if (missing.last !== null && this.#branches.has(missing.last)) unheard.add(missing.last);
    return null;
  }
}

/** Who holds a post need not hear of it. */
function forgetOffer(branch: Branch, mark: PostMark): void {
  branch.gathered.delete(mark);
  branch.offered.delete(mark);
}

/** Links that a post will have come over at the next peer. */
export function nextHops({ hops }: Acceptance): number {
  return Math.min((hops ?? 0) + 1, hopsMax);
}

function drawn<T>(items: readonly T[], rng: Rng): T {
  return items[Math.floor(rng.next() * items.length)]!;
}
