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
 *
 * What is announced over lazy links, and asked for over them, is in lazy_push.ts.
 */

import type { PostId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import { hopsMax, markOf, type PostMark } from "../wire/mark.ts";
import type { Acceptance, Accepted } from "./accepted.ts";
import type { ConnectionId } from "./input.ts";
import {
  type Asking,
  forgetOffer,
  type LazyLink,
  LazyPush,
  type Marked,
  newLazyLink,
} from "./lazy_push.ts";
import type { Rng } from "./ports.ts";

interface Branch extends LazyLink {
  eager: boolean;
  /** Before that it stays eager, because a post had to be asked for over it. */
  keepMs: number;
  /** When it was told last that we need nothing from it at once. */
  prunedMs: number;
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
export interface Due extends Asking {
  readonly announcements: readonly Marked[];
  /** Neighbours to be told to announce only. */
  readonly prunes: readonly ConnectionId[];
}

/** The neighbours of one room and what each of them is sent. */
export class Plumtree {
  readonly #limits: Limits;
  readonly #branches = new Map<ConnectionId, Branch>();
  readonly #lazy: LazyPush;
  /** When a post last went to all, and which. */
  #wideMs = -Infinity;
  #wideMark: PostMark | null = null;
  /** Neighbours that brought copies of it, and when they are told to announce only. */
  readonly #redundant = new Set<ConnectionId>();
  #pruneMs = Infinity;
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
    this.#lazy = new LazyPush(limits, accepted, this.#branches);
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
    return this.#lazy.sizes;
  }

  /** When {@linkcode Plumtree.takeDue} has something, on the monotonic clock. */
  get deadlineMs(): number {
    return Math.min(this.#lazy.deadlineMs, this.#pruneMs);
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
      ...newLazyLink(yields),
    });
  }

  /** A neighbour is one no longer. */
  onNeighbourDown(connection: ConnectionId, nowMs: number): void {
    this.#lazy.onNeighbourDown(connection, this.isEager(connection), nowMs);
    this.#branches.delete(connection);
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
      else this.#lazy.announce(branch, post.id, nowMs);
    }
    if (!wide) return { targets, wide, graft: null };
    if (targets.length > 0) this.#wideMs = nowMs;
    this.#wideMark = markOf(post.id);
    const way = source === null ? undefined : this.#branches.get(source);
    if (way === undefined || this.#floods && way.eager) return { targets, wide, graft: null };
    // Also if it is eager: the other end may have held us for lazy since we came.
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

  /**
   * A post is held, or given up.
   *
   * @param id The post.
   * @param source The link that brought it, if one did.
   * @param nowMs The monotonic clock.
   */
  onHeld(id: PostId, source: ConnectionId | null, nowMs: number): void {
    this.#lazy.onHeld(id, source, nowMs);
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
    if (this.#lazy.wasAsked(mark)) return false;
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
    this.#lazy.onAnnounced(connection, marks, nowMs);
  }

  /** What is to be announced and asked for now. */
  takeDue(nowMs: number): Due {
    const announcements = this.#lazy.takeAnnouncements(nowMs);
    const prunes = this.#takePrunes(nowMs);
    const asking = this.#lazy.takeGrafts(nowMs);
    for (const { connection } of asking.grafts) this.#keep(this.#branches.get(connection)!, nowMs);
    return { announcements, prunes, ...asking };
  }

  get #floods(): boolean {
    return this.#branches.size <= this.#limits.floodMax;
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
}

/** Links that a post will have come over at the next peer. */
export function nextHops({ hops }: Acceptance): number {
  return Math.min((hops ?? 0) + 1, hopsMax);
}

function drawn<T>(items: readonly T[], rng: Rng): T {
  return items[Math.floor(rng.next() * items.length)]!;
}
