/**
 * Peers that are kept out for a while because they sent wrong signatures. Each further ban is
 * twice as long as the one before, up to a day; all of them expire.
 */

import type { PeerId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";

/** No ban is longer, in ms. */
const longestMs = 86_400_000;

interface Ban {
  readonly untilMs: number;
  readonly ms: number;
}

/** Who is kept out, and for how long. At most `bansMax`; the oldest makes room. */
export class Bans {
  readonly #limits: Pick<Limits, "banMs" | "bansMax">;
  readonly #bans = new Map<PeerId, Ban>();

  /** @param limits How long the first ban is, and how many are remembered. */
  constructor(limits: Pick<Limits, "banMs" | "bansMax">) {
    this.#limits = limits;
  }

  /** How many are remembered, those that are over too: the next one of a peer is longer. */
  get size(): number {
    return this.#bans.size;
  }

  /** Whether a peer is kept out at a time on the monotonic clock. */
  has(peer: PeerId, nowMs: number): boolean {
    return (this.#bans.get(peer)?.untilMs ?? -Infinity) > nowMs;
  }

  /** Keeps a peer out from now on; returns for how long, in ms. */
  add(peer: PeerId, nowMs: number): number {
    const before = this.#bans.get(peer)?.ms ?? this.#limits.banMs / 2;
    const ms = Math.min(before * 2, longestMs);
    this.#bans.delete(peer);
    this.#bans.set(peer, { untilMs: nowMs + ms, ms });
    for (const oldest of this.#bans.keys()) {
      if (this.#bans.size <= this.#limits.bansMax) break;
      this.#bans.delete(oldest);
    }
    return ms;
  }
}
