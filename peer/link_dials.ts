/**
 * Which addresses one peer dials, and what comes of it: those that a person or a finder named, those
 * that others told of, and those of peers whose links broke.
 *
 * When to dial is decided in discovery/; here the three share the links that may be opened. It
 * knows of the links that are up only how many there are.
 */

import { DialSchedule } from "../discovery/dial_schedule.ts";
import { LearntDials } from "../discovery/learnt_dials.ts";
import { LostPeers } from "../discovery/lost_peers.ts";
import type { PeerId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import type { Action } from "./action.ts";
import type { Now } from "./input.ts";
import type { LinkEvent } from "./link_event.ts";
import type { Link } from "./session.ts";

/** The links that are up. */
export interface LinksUp {
  /** All sessions. */
  size(): number;
  /** Those that we opened. */
  outbound(): number;
  /** Whether one of them is with a peer. */
  has(peer: PeerId): boolean;
}

/** All dials of one peer. */
export class Dials {
  readonly schedule: DialSchedule;
  readonly learnt: LearntDials;
  readonly lost: LostPeers;
  readonly #limits: Limits;
  readonly #up: LinksUp;
  readonly #act: (action: Action) => void;
  #resting = false;

  /**
   * @param limits The table of limits.
   * @param random For the jitter of dials.
   * @param up The links that are up, as they are at any time.
   * @param act Takes the actions, in order.
   */
  constructor(
    limits: Limits,
    random: () => number,
    up: LinksUp,
    act: (action: Action) => void,
  ) {
    this.schedule = new DialSchedule(limits, random);
    this.learnt = new LearntDials(limits, random);
    this.lost = new LostPeers(limits, random);
    this.#limits = limits;
    this.#up = up;
    this.#act = act;
  }

  /** When {@linkcode Dials.dialDue} has something to do, on the monotonic clock. */
  get deadlineMs(): number {
    return this.#free > 0
      ? Math.min(this.#scheduledMs, this.learnt.deadlineMs, this.lost.deadlineMs)
      : Infinity;
  }

  get #scheduledMs(): number {
    return this.lacking > 0 ? this.schedule.deadlineMs : this.schedule.wantedDeadlineMs;
  }

  /** Links that are lacking before remembered addresses are left alone. */
  get lacking(): number {
    const { dialling } = this.schedule;
    return Math.max(0, this.#limits.linksKept - this.#up.size() - dialling);
  }

  get #free(): number {
    if (this.#resting) return 0;
    return this.#limits.connectionsOutMax - this.#up.outbound() - this.schedule.dialling -
      this.learnt.dialling;
  }

  /** Dials what is due, as far as links may be opened. */
  dialDue(now: Now): void {
    for (const address of this.schedule.takeDue(now.monoMs, this.#free, this.lacking)) {
      this.#act({ type: "dial", address });
    }
    for (const { peer, addresses } of this.lost.takeDue(now.monoMs)) {
      this.learnt.retry(peer, addresses, now.monoMs);
    }
    for (const { address, peer } of this.learnt.takeDue(now.monoMs, this.#free)) {
      if (this.#up.has(peer)) this.learnt.onPeerUp(peer);
      else if (!this.schedule.isBusy(address)) this.#act({ type: "dial", address });
      else this.learnt.onFailed(address, "dialled already", now.monoMs);
    }
  }

  /** Dials nothing more. */
  rest(): void {
    this.#resting = true;
  }

  /** What could not be reached before may be now. */
  hurry(now: Now): void {
    this.learnt.forgive();
    this.schedule.hurry(null, now.monoMs);
  }

  /** A peer is up that was not; returns whether its link broke before and it was looked for. */
  onPeerUp(peer: PeerId, now: Now): boolean {
    this.schedule.onPeerUp(peer, now.monoMs);
    this.learnt.onPeerUp(peer);
    return this.lost.forget(peer);
  }

  /**
   * A dialled record must lead to its owner: else anybody could send us anywhere.
   *
   * @returns What that means if it does not, `null` if it does or was no such dial.
   */
  misled(link: Link, peer: PeerId, now: Now): LinkEvent[] | null {
    const outcome = link.direction === "out"
      ? this.learnt.onUp(link.address, peer, now.monoMs)
      : null;
    if (outcome === null || outcome.matched) return null;
    return outcome.exhausted ? [{ type: "unreachable", peer: outcome.peer }] : [];
  }

  /** A dial to an address that others told of has failed, if it was one. */
  learntFailed(link: Link, reason: string, now: Now): LinkEvent[] {
    if (link.direction === "in") return [];
    const outcome = this.learnt.onFailed(link.address, reason, now.monoMs);
    return outcome?.exhausted ? [{ type: "unreachable", peer: outcome.peer }] : [];
  }

  /** A dial came to nothing. */
  onDialFailed(address: string, reason: string, now: Now): LinkEvent[] {
    const link: Link = { connection: -1, direction: "out", address, remote: address };
    return this.report(link, "unreachable", reason, now);
  }

  /** A link ended before anybody was known at its other end. */
  report(link: Link, code: string, detail: string, now: Now): LinkEvent[] {
    const isLearnt = link.direction === "out" && this.learnt.isDialling(link.address);
    const events = this.learntFailed(link, detail, now);
    // Nobody asked for it, so nobody is told that it failed.
    if (isLearnt && !this.schedule.has(link.address)) return events;
    const quiet = link.direction === "out" && this.schedule.isQuiet(link.address);
    const retryMs = link.direction === "out"
      ? this.schedule.onFailed(link.address, detail, now.monoMs)
      : null;
    if (retryMs !== null) this.#act({ type: "unreachable", address: link.address });
    return quiet ? events : [...events, { type: "refused", link, code, detail, retryMs }];
  }
}
