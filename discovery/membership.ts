/**
 * Membership of one room after HyParView (Leitão, Pereira, Rodrigues, DSN 2007): a small active
 * view of neighbours over which gossip goes, and a larger passive view of members that can take
 * their places.
 *
 * Unlike the paper a link is shared by all rooms, so that a neighbour is asked over a link that
 * is open already where there is one, and members are exchanged with neighbours alone: no
 * answer ever goes to somebody who was only named. Not everybody can be dialled, so that the
 * active view has a soft end: who has hardly any other neighbour is let in even where it is
 * full, in the place of one who has enough. Each tells its neighbours how many others it has;
 * between too few and enough lies a step, so that nobody is put out and let in by turns.
 *
 * Both ends of a link are neighbours while the last word of each to the other was `neighbour`.
 * What was said over which link, and who is put out, is in active_view.ts.
 */

import type { PeerId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import { ActiveView, isActive, isAsked, type LinkNumber, type SharedLink } from "./active_view.ts";
import type { MembershipStep } from "./membership_step.ts";
import { type MemberRecord, PassiveView } from "./passive_view.ts";

/** How many times rarer than members are exchanged neighbours are mixed. */
const mixEvery = 4;

/** Who has no more other neighbours than that is let in anywhere. */
const fewOthers = 1;

/** The neighbours of one room. */
export class Membership<R extends MemberRecord> {
  readonly #me: PeerId;
  readonly #limits: Limits;
  readonly #random: () => number;
  readonly #view: ActiveView;
  readonly passive: PassiveView<R>;
  /** Members to whom a link is wanted. */
  readonly #wanted = new Set<PeerId>();
  /** The member that is to take the place of a neighbour, as soon as there is a link. */
  #fresh: PeerId | null = null;
  /** The link that is to take the place of another, and was asked. */
  #mixed: LinkNumber | null = null;
  /** How long until members are exchanged again: short at first, while the room is young. */
  #pauseMs: number;
  /** When neighbours are mixed next. */
  #mixMs: number;
  #steps: MembershipStep<R>[] = [];
  #lookMs = -Infinity;
  #membersMs: number;

  /**
   * @param me This peer.
   * @param limits The table of limits.
   * @param random Gives numbers from 0 up to but not including 1.
   * @param isBranch Whether posts come over a link: it is the last to be put out.
   * @param nowMs The monotonic clock.
   */
  constructor(
    me: PeerId,
    limits: Limits,
    random: () => number,
    isBranch: (link: LinkNumber) => boolean,
    nowMs: number,
  ) {
    this.#me = me;
    this.#limits = limits;
    this.#random = random;
    this.#view = new ActiveView(limits, random, isBranch);
    this.passive = new PassiveView(limits, random);
    this.#pauseMs = limits.membersFirstMs;
    this.#membersMs = nowMs + limits.membersFirstMs * (0.5 + random());
    // Not while the room is so young that all look for neighbours.
    this.#mixMs = nowMs + 2 * limits.neighbourAskMs * (0.5 + random());
  }

  /** Links over which gossip goes. */
  get active(): LinkNumber[] {
    return this.#view.active;
  }

  /** Links whose other ends have the room open, neighbours or not. */
  get sharedCount(): number {
    return this.#view.shared.size;
  }

  /** When {@linkcode Membership.onTime} has something to do, on the monotonic clock. */
  get deadlineMs(): number {
    const lookMs = this.#view.lacks || this.#lacksOwn ? this.#lookMs : Infinity;
    return Math.min(this.#membersMs, lookMs, this.#view.answerMs);
  }

  /** Takes what is to be done since the last call. */
  takeSteps(): MembershipStep<R>[] {
    const steps = this.#steps;
    this.#steps = [];
    return steps;
  }

  /** Whether a link to a member is wanted. */
  isWanted(peer: PeerId): boolean {
    return this.#wanted.has(peer) || peer === this.#fresh;
  }

  /** Whether a link is one of the neighbours', or was asked to be. */
  isSaid(link: LinkNumber): boolean {
    return this.#view.shared.get(link)?.said ?? false;
  }

  /** Whether a link is one of the neighbours'. */
  isActive(link: LinkNumber): boolean {
    return this.#view.isActive(link);
  }

  /**
   * Both ends of a link have the room open.
   *
   * @param link The link.
   * @param peer Who is at its other end.
   * @param own Whether we have dialled it.
   * @param returns Whether an earlier link to it broke while it was a neighbour, of whatever room.
   *   After a partition both sides have neighbours enough of their own: unless somebody takes the
   *   place of one of them, posts do not cross for as long as neighbours are not mixed.
   * @param nowMs The monotonic clock.
   */
  onShared(link: LinkNumber, peer: PeerId, own: boolean, returns: boolean, nowMs: number): void {
    this.#view.add(link, peer, own, nowMs);
    this.passive.remove(peer);
    this.#wanted.delete(peer);
    if (this.#view.isShunned(peer)) return;
    if (peer === this.#fresh) this.#askInstead(link, nowMs);
    else if (this.#view.lacks) this.#ask(link, nowMs);
    else if (returns && this.#mixed === null) this.#askInstead(link, nowMs);
  }

  /** One end has closed the room, or the link is gone. */
  onUnshared(link: LinkNumber, record: R | null, nowMs: number): void {
    const shared = this.#view.shared.get(link);
    if (shared === undefined) return;
    this.#view.remove(link);
    if (link === this.#mixed) this.#mixed = null;
    if (isActive(shared)) this.#steps.push({ type: "down", link });
    // Somebody who was here a moment ago is the best to be had, if it is the link that failed.
    if (record !== null && !this.#view.isShunned(record.peer)) this.passive.add(record, null);
    this.#refill(nowMs);
    this.#sayOthers();
  }

  /** The other side wants to be a neighbour, or says anew how many others it has. */
  onNeighbour(link: LinkNumber, others: number, record: R | null, nowMs: number): void {
    const shared = this.#view.shared.get(link);
    if (shared === undefined) return;
    const news = !shared.heard;
    shared.heard = true;
    shared.others = others;
    if (!shared.said) {
      if (this.#view.isShunned(shared.peer)) return this.#refuse(link, shared);
      if (!this.#makeRoom(shared.peer, others, nowMs)) return this.#refuse(link, shared);
      this.#say(link, shared);
    }
    if (!news) return this.#trim();
    this.#steps.push({ type: "up", link, needy: others <= fewOthers });
    if (link === this.#mixed && this.#view.count > this.#limits.activeTarget) {
      this.#evict(link, true, false);
    }
    if (link === this.#mixed) this.#mixed = null;
    if (others <= fewOthers) this.#introduce(link, shared, record);
    this.#sayOthers();
    this.#trim();
    this.#refill(nowMs);
  }

  /**
   * The other side says that it is a neighbour more often than is listened to. It is told that it
   * is none, unless it is one already: a word that is only dropped would leave it waiting for good.
   */
  onTooOften(link: LinkNumber): void {
    const shared = this.#view.shared.get(link);
    if (shared !== undefined && !shared.heard) this.#refuse(link, shared);
  }

  /** The other side does not have us as a neighbour. */
  onRest(link: LinkNumber, nowMs: number): void {
    const shared = this.#view.shared.get(link);
    if (shared === undefined) return;
    const wasActive = isActive(shared);
    shared.said = shared.heard = false;
    if (link === this.#mixed) this.#mixed = null;
    shared.askMs = nowMs + this.#limits.neighbourAskMs * (0.5 + this.#random());
    if (wasActive) this.#steps.push({ type: "down", link });
    this.#refill(nowMs);
    this.#sayOthers();
  }

  /** A neighbour announces posts and sends none: another gets its place, and it none for a while. */
  onSilent(link: LinkNumber, nowMs: number): void {
    const shared = this.#view.shared.get(link);
    if (shared === undefined || !isActive(shared)) return;
    this.#view.shun(shared.peer, nowMs);
    this.#refuse(link, shared);
    this.#steps.push({ type: "down", link });
    this.#refill(nowMs);
    this.#sayOthers();
  }

  /** A newcomer's record has come by on its walk. */
  onWalk(from: LinkNumber, hopsLeft: number, record: R): void {
    if (record.peer === this.#me || !this.isActive(from)) return;
    const known = this.#view.linkTo(record.peer) !== null || this.#view.isShunned(record.peer);
    const onward = this.active.filter((link) =>
      link !== from && this.#view.shared.get(link)?.peer !== record.peer
    );
    const ends = hopsLeft === 0 || onward.length === 0;
    if (!known) {
      if (ends || hopsLeft === this.#limits.walkHopsKept) {
        this.passive.add(record, this.#view.peerAt(from));
      }
      if (ends && this.#view.count < this.#limits.activeMax) {
        this.#dial(record, this.#view.count === 0);
      }
    }
    if (ends) return;
    this.#steps.push({ type: "walk", link: this.#pick(onward), hopsLeft: hopsLeft - 1, record });
  }

  /** A neighbour has named a member. */
  onMember(from: LinkNumber, record: R, nowMs: number): void {
    if (record.peer === this.#me || this.#view.linkTo(record.peer) !== null) return;
    if (this.#view.isShunned(record.peer)) return;
    this.passive.add(record, this.#view.peerAt(from));
    this.#refill(nowMs);
  }

  /** A member is not dialled now: it has failed a while ago, or too many wait. */
  onNotTried(peer: PeerId): void {
    this.#wanted.delete(peer);
    if (peer === this.#fresh) this.#fresh = null;
  }

  /** Nobody answers at a member's addresses, or somebody else does. */
  onUnreachable(peer: PeerId, nowMs: number): void {
    this.passive.remove(peer);
    this.#wanted.delete(peer);
    if (peer === this.#fresh) this.#fresh = null;
    this.#refill(nowMs);
  }

  /** Does what is due: looks for neighbours that are lacking, exchanges members. */
  onTime(nowMs: number): void {
    this.#view.onTime(nowMs);
    for (const [link, shared] of this.#view.shared) {
      if (!isAsked(shared) || shared.askMs > nowMs) continue;
      // Who never answers must not fill a place.
      this.#refuse(link, shared);
      shared.askMs = nowMs + this.#limits.membersMs;
    }
    if (this.#lookMs <= nowMs) {
      if (this.#view.lacks) this.#refill(nowMs);
      else if (this.#lacksOwn) this.#mix(true, nowMs);
      const pauseMs = this.#view.lacks ? this.#limits.neighbourAskMs : this.#limits.yieldMs;
      this.#lookMs = nowMs + pauseMs * (0.75 + this.#random() / 2);
    }
    if (this.#membersMs > nowMs) return;
    this.#membersMs = nowMs + this.#pauseMs * (0.75 + this.#random() / 2);
    this.#pauseMs = Math.min(this.#pauseMs * 2, this.#limits.membersMs);
    const active = this.active;
    if (active.length === 0) return;
    this.#steps.push({ type: "members", link: this.#pick(active), ask: true });
    if (this.#view.lacks || nowMs < this.#mixMs) return;
    this.#mixMs = nowMs + this.#pauseMs * mixEvery;
    this.#mix(false, nowMs);
  }

  get #lacksOwn(): boolean {
    return this.#view.lacksOwn(this.passive.size);
  }

  #ask(link: LinkNumber, nowMs: number): void {
    const shared = this.#view.shared.get(link)!;
    shared.askMs = nowMs + 2 * this.#limits.neighbourAskMs;
    this.#say(link, shared);
  }

  /** Asks for a neighbour in the place of another. */
  #askInstead(link: LinkNumber, nowMs: number): void {
    this.#fresh = null;
    this.#mixed = link;
    this.#ask(link, nowMs);
  }

  #say(link: LinkNumber, shared: SharedLink): void {
    shared.said = true;
    shared.saidOthers = this.#view.othersBeside(link);
    this.#steps.push({ type: "neighbour", link, others: shared.saidOthers });
    if (this.#view.lacks) return;
    for (const peer of this.#wanted) this.#steps.push({ type: "withdraw", peer });
    this.#wanted.clear();
  }

  #dial(record: R, urgent: boolean): void {
    if (this.#wanted.size >= this.#limits.activeMax) return;
    this.#wanted.add(record.peer);
    this.#steps.push({ type: "dial", record, urgent });
  }

  #refuse(link: LinkNumber, shared: SharedLink): void {
    shared.said = shared.heard = false;
    if (link === this.#mixed) this.#mixed = null;
    this.#steps.push({ type: "rest", link });
  }

  /** Tells neighbours how many others there are, if that has changed. */
  #sayOthers(): void {
    for (const [link, shared] of this.#view.shared) {
      if (shared.said && shared.saidOthers !== this.#view.othersBeside(link)) {
        this.#say(link, shared);
      }
    }
  }

  /** Whether one more may become a neighbour, if need be in the place of another. */
  #makeRoom(peer: PeerId, others: number, nowMs: number): boolean {
    if (this.#view.count < this.#limits.activeMax) return true;
    if (others <= fewOthers) {
      return this.#evict(null, false, true) || this.#view.count < this.#limits.activeNeedyMax;
    }
    if (!this.#view.mayYield(peer, nowMs) || !this.#evict(null, false, false)) return false;
    this.#view.onYielded(peer, nowMs);
    return true;
  }

  /** Goes back to the size wanted as soon as those let in beyond it have found others. */
  #trim(): void {
    while (this.#view.count > this.#limits.activeMax && this.#evict(null, false, true));
  }

  /** Puts out a neighbour that has enough others, drawn as {@linkcode ActiveView.drawSpare} says. */
  #evict(except: LinkNumber | null, mayOwn: boolean, mayBranch: boolean): boolean {
    const link = this.#view.drawSpare(except, mayOwn, mayBranch);
    if (link === null) return false;
    this.#refuse(link, this.#view.shared.get(link)!);
    this.#steps.push({ type: "down", link });
    return true;
  }

  /**
   * Puts a member that is none into the place of a neighbour. Those who joined at one time would
   * stay among themselves else: each has neighbours enough, and nobody from elsewhere.
   */
  #mix(ownOnly: boolean, nowMs: number): void {
    const idle = this.#view.idle(ownOnly, nowMs);
    const [record] = this.passive.sample(1);
    if (idle.length > 0 && (record === undefined || this.#random() < 0.5)) {
      this.#askInstead(this.#pick(idle), nowMs);
    } else if (record !== undefined) {
      this.#fresh = record.peer;
      this.#steps.push({ type: "dial", record, urgent: false });
    }
  }

  /** Somebody without other neighbours is told of members, and the room of it. */
  #introduce(link: LinkNumber, shared: SharedLink, record: R | null): void {
    if (shared.introduced) return;
    shared.introduced = true;
    this.#steps.push({ type: "members", link, ask: false });
    if (record === null) return;
    const { walkHops } = this.#limits;
    // Of the many neighbours that a meeting point has, a few will do.
    for (const other of this.active.slice(0, this.#limits.activeMax)) {
      if (other === link) continue;
      this.#steps.push({ type: "walk", link: other, hopsLeft: walkHops - 1, record });
    }
  }

  /** Asks for a neighbour over a link that is open, or else for a link. */
  #refill(nowMs: number): void {
    for (const [link, shared] of this.#view.shared) {
      if (!this.#view.lacks) return;
      if (this.#view.mayAsk(shared, nowMs)) this.#ask(link, nowMs);
    }
    if (!this.#view.lacks) return;
    this.#lookMs = nowMs + this.#limits.neighbourAskMs * (0.75 + this.#random() / 2);
    for (const record of this.passive.sample(this.#limits.activeTarget - this.#view.count)) {
      this.#dial(record, this.#view.count === 0);
    }
  }

  #pick(links: readonly LinkNumber[]): LinkNumber {
    return links[Math.floor(this.#random() * links.length)]!;
  }
}
