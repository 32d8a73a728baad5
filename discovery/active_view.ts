/**
 * The active view of one room after HyParView (Leitão, Pereira, Rodrigues, DSN 2007): the links
 * whose other ends have the room open, what each end of them has said last, and who among them
 * is put out, for whom, and who gets no place.
 *
 * It says nothing to anybody and knows nobody beyond these links: membership.ts does.
 */

import type { PeerId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";

/** A link, as its owner numbers it. */
export type LinkNumber = number;

/** A link whose other end has the room open. */
export interface SharedLink {
  readonly peer: PeerId;
  /** We have dialled it: whoever wants to surround us cannot choose whom we dial. */
  readonly own: boolean;
  /** Our last word was `neighbour`. */
  said: boolean;
  /** So was theirs. */
  heard: boolean;
  /** It was told of members, and the room of it. */
  introduced: boolean;
  /** How many neighbours the other side has beside us, as it said. */
  others: number;
  /** What we said of ourselves when we said it last. */
  saidOthers: number;
  /** Before that it is not asked again. */
  askMs: number;
}

/** Who has so many others can be put out; more than that are not told. */
const enoughOthers = 3;

/** The links that one room shares with others, and which of them are neighbours. */
export class ActiveView {
  readonly #limits: Limits;
  readonly #random: () => number;
  readonly #isBranch: (link: LinkNumber) => boolean;
  readonly #shared = new Map<LinkNumber, SharedLink>();
  /** Before this a full view makes room for nobody who has enough others. */
  #yieldMs = -Infinity;
  /** Those for whom it did, and when. */
  readonly #yielded = new Map<PeerId, number>();
  /** Those who were put out because they announce and never send, and until when. */
  readonly #shunned = new Map<PeerId, number>();

  /**
   * @param limits The table of limits.
   * @param random Gives numbers from 0 up to but not including 1.
   * @param isBranch Whether posts come over a link: it is the last to be put out.
   */
  constructor(limits: Limits, random: () => number, isBranch: (link: LinkNumber) => boolean) {
    this.#limits = limits;
    this.#random = random;
    this.#isBranch = isBranch;
  }

  /** All links whose other ends have the room open, neighbours or not. */
  get shared(): ReadonlyMap<LinkNumber, SharedLink> {
    return this.#shared;
  }

  /** Links over which gossip goes. */
  get active(): LinkNumber[] {
    return [...this.#shared].flatMap(([link, shared]) => isActive(shared) ? [link] : []);
  }

  /** Neighbours, and those that were asked and have not answered. */
  get count(): number {
    let count = 0;
    for (const { said } of this.#shared.values()) if (said) count++;
    return count;
  }

  /** Whether there are fewer of them than wanted. */
  get lacks(): boolean {
    return this.count < this.#limits.activeTarget;
  }

  /** When the first of those that were asked has waited too long; `Infinity` if none was. */
  get answerMs(): number {
    let earliest = Infinity;
    for (const shared of this.#shared.values()) {
      if (isAsked(shared)) earliest = Math.min(earliest, shared.askMs);
    }
    return earliest;
  }

  /** Whether a link is one of the neighbours'. */
  isActive(link: LinkNumber): boolean {
    const shared = this.#shared.get(link);
    return shared !== undefined && isActive(shared);
  }

  /**
   * Whether too few of the neighbours are of our own choice: strangers who dial everybody would
   * have us to themselves. In a room of few all are neighbours, whoever has dialled.
   *
   * @param passiveSize How many members are known beside these links.
   */
  lacksOwn(passiveSize: number): boolean {
    if (passiveSize === 0) return false;
    if (passiveSize + this.#shared.size <= this.#limits.activeMax) return false;
    let own = 0;
    for (const shared of this.#shared.values()) if (shared.said && shared.own) own++;
    return own < this.#limits.activeOwn;
  }

  /** How many neighbours there are beside a link, as far as that is told. */
  othersBeside(link: LinkNumber): number {
    let count = this.isActive(link) ? -1 : 0;
    for (const shared of this.#shared.values()) {
      if (isActive(shared) && ++count === enoughOthers) break;
    }
    return count;
  }

  /** The link to a member; `null` if there is none. */
  linkTo(peer: PeerId): LinkNumber | null {
    for (const [link, shared] of this.#shared) if (shared.peer === peer) return link;
    return null;
  }

  /** Who is at the other end of a link. */
  peerAt(link: LinkNumber): PeerId | null {
    return this.#shared.get(link)?.peer ?? null;
  }

  /** Whether somebody may be asked to be a neighbour now. */
  mayAsk({ peer, said, askMs }: SharedLink, nowMs: number): boolean {
    return !said && askMs <= nowMs && !this.isShunned(peer);
  }

  /** Links of those who are no neighbours and may be asked; `ownOnly` if we have dialled them. */
  idle(ownOnly: boolean, nowMs: number): LinkNumber[] {
    return [...this.#shared].filter(([, shared]) =>
      (shared.own || !ownOnly) && this.mayAsk(shared, nowMs)
    ).map(([link]) => link);
  }

  /** Both ends of a link have the room open. */
  add(link: LinkNumber, peer: PeerId, own: boolean, nowMs: number): void {
    this.#shared.set(link, {
      peer,
      own,
      said: false,
      heard: false,
      introduced: false,
      others: 0,
      saidOthers: 0,
      askMs: nowMs,
    });
  }

  /** They have so no longer. */
  remove(link: LinkNumber): void {
    this.#shared.delete(link);
  }

  /**
   * Draws a neighbour that has enough others, to be put out.
   *
   * @param except Not this one.
   * @param mayOwn Even one that we have dialled, if there is no other.
   * @param mayBranch Even one over which posts come: each repair of the tree costs a wait.
   */
  drawSpare(except: LinkNumber | null, mayOwn: boolean, mayBranch: boolean): LinkNumber | null {
    const spare = [...this.#shared].filter(([link, shared]) =>
      isActive(shared) && shared.others >= enoughOthers && link !== except &&
      (mayBranch || !this.#isBranch(link))
    );
    const theirs = spare.filter(([, { own }]) => !own);
    if (theirs.length === 0 && (spare.length === 0 || !mayOwn)) return null;
    const leaves = theirs.filter(([link]) => !this.#isBranch(link));
    const some = leaves.length > 0 ? leaves : theirs.length > 0 ? theirs : spare;
    return some[Math.floor(this.#random() * some.length)]![0];
  }

  /**
   * Whether a full view may put somebody out for a peer that has enough others: now and then, so
   * that it does not stay the same for good; not for each of the many who have dialled the one
   * address that everybody knows.
   */
  mayYield(peer: PeerId, nowMs: number): boolean {
    if (nowMs < this.#yieldMs) return false;
    // Each in its turn: who asks again and again must not keep out who asks once.
    return nowMs >= (this.#yielded.get(peer) ?? -Infinity) + this.#limits.membersMs;
  }

  /** It has done so. */
  onYielded(peer: PeerId, nowMs: number): void {
    const { yieldMs, passiveMax } = this.#limits;
    this.#yieldMs = nowMs + yieldMs;
    this.#yielded.delete(peer);
    this.#yielded.set(peer, nowMs);
    if (this.#yielded.size > passiveMax) this.#yielded.delete(this.#yielded.keys().next().value!);
  }

  /** Gives somebody no place for a while. */
  shun(peer: PeerId, nowMs: number): void {
    const { shunMs, passiveMax } = this.#limits;
    this.#shunned.delete(peer);
    this.#shunned.set(peer, nowMs + shunMs);
    if (this.#shunned.size > passiveMax) this.#shunned.delete(this.#shunned.keys().next().value!);
  }

  /**
   * Whether somebody gets no place. With hardly any other neighbour everybody is welcome: it may
   * be our own links that are bad, and who was slow among many may be the only one left.
   */
  isShunned(peer: PeerId): boolean {
    if (!this.#shunned.has(peer)) return false;
    let others = 0;
    for (const shared of this.#shared.values()) {
      if (isActive(shared) && shared.peer !== peer) others++;
    }
    return others >= this.#limits.floodMax;
  }

  /** Forgives those whose while is over. */
  onTime(nowMs: number): void {
    for (const [peer, untilMs] of this.#shunned) if (untilMs <= nowMs) this.#shunned.delete(peer);
  }
}

/** Whether both ends have said that they are neighbours. */
export function isActive({ said, heard }: SharedLink): boolean {
  return said && heard;
}

/** Whether it was asked and has not answered. */
export function isAsked({ said, heard }: SharedLink): boolean {
  return said && !heard;
}
