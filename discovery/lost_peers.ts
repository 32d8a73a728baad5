/**
 * Neighbours whose links broke without a goodbye. After a partition each side has given up on
 * the other's addresses one after the other, with waits that have grown to many minutes, and
 * nothing changes on either side when the network heals. So a few that were linked last are
 * tried again and again for an hour: any one link between the sides heals the whole room.
 */

import type { PeerId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";

/** Somebody to dial again. */
export interface LostPeer {
  readonly peer: PeerId;
  /** Where, the likeliest first. */
  readonly addresses: readonly string[];
}

interface Entry extends LostPeer {
  readonly endMs: number;
  nextMs: number;
}

/** The peers lost last. */
export class LostPeers {
  readonly #limits: Limits;
  readonly #random: () => number;
  readonly #entries = new Map<PeerId, Entry>();

  /**
   * @param limits The table of limits.
   * @param random Gives numbers from 0 up to but not including 1.
   */
  constructor(limits: Limits, random: () => number) {
    this.#limits = limits;
    this.#random = random;
  }

  /** How many there are. */
  get size(): number {
    return this.#entries.size;
  }

  /** When the next is due, on the monotonic clock. */
  get deadlineMs(): number {
    let earliest = Infinity;
    for (const { nextMs } of this.#entries.values()) earliest = Math.min(earliest, nextMs);
    return earliest;
  }

  /** A link has broken; of too many the one lost first is forgotten. */
  onLost(peer: PeerId, addresses: readonly string[], nowMs: number): void {
    if (addresses.length === 0) return;
    this.#entries.delete(peer);
    this.#entries.set(peer, {
      peer,
      addresses,
      endMs: nowMs + this.#limits.lostMs,
      nextMs: this.#soon(nowMs),
    });
    if (this.#entries.size > this.#limits.lostPeersMax) {
      this.#entries.delete(this.#entries.keys().next().value!);
    }
  }

  /** There is a link again, or none is wanted; says whether the peer was among the lost. */
  forget(peer: PeerId): boolean {
    return this.#entries.delete(peer);
  }

  /** Those to be dialled now. */
  takeDue(nowMs: number): LostPeer[] {
    const due: LostPeer[] = [];
    for (const [peer, entry] of this.#entries) {
      if (entry.nextMs > nowMs) continue;
      if (nowMs >= entry.endMs) this.#entries.delete(peer);
      entry.nextMs = this.#soon(nowMs);
      due.push({ peer, addresses: entry.addresses });
    }
    return due;
  }

  #soon(nowMs: number): number {
    return nowMs + this.#limits.lostRetryMs * (0.5 + this.#random());
  }
}
