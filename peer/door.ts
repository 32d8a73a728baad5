/**
 * Who may come in. Peers that sent wrong signatures are kept out for a while. Of the places some are
 * for known keys alone, and no single address takes all that are for strangers: who opens many
 * links must have many addresses.
 */

import { readAddress } from "../discovery/address.ts";
import { holdingOf, scopeOf } from "../discovery/scope.ts";
import type { PeerId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import type { Link, Session } from "./session.ts";

/** No ban is longer, in ms. */
const longestMs = 86_400_000;

interface Ban {
  readonly untilMs: number;
  readonly ms: number;
}

/**
 * Who is kept out, and for how long. Each further ban of a peer is twice as long as the one before,
 * up to a day; all of them expire. At most `bansMax`; the oldest makes room.
 */
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

/** The limits that count here. */
export type SlotLimits = Pick<
  Limits,
  "connectionsInMax" | "knownSlotsPart" | "linksPerPublicHost" | "linksPerPrivateHost"
>;

/**
 * Whether a stranger may have a place.
 *
 * @param link Of the stranger, with its address.
 * @param sessions All that are up.
 * @param isKnown Whether a person has named a key.
 */
export function hasSlot(
  link: Link,
  sessions: Iterable<Session>,
  isKnown: (peer: PeerId) => boolean,
  limits: SlotLimits,
): boolean {
  const { connectionsInMax, knownSlotsPart, linksPerPublicHost, linksPerPrivateHost } = limits;
  const host = readAddress(link.address)?.host ?? link.address;
  const scope = scopeOf(host);
  const holding = holdingOf(host);
  let strangers = 0;
  let neighbours = 0;
  for (const session of sessions) {
    if (session.link.direction === "out" || isKnown(session.peer)) continue;
    strangers++;
    const other = readAddress(session.link.address)?.host;
    if (other !== undefined && holdingOf(other) === holding) neighbours++;
  }
  if (strangers >= connectionsInMax - Math.floor(connectionsInMax * knownSlotsPart)) return false;
  if (scope === "loopback") return true;
  return neighbours < (scope === "public" ? linksPerPublicHost : linksPerPrivateHost);
}

/** Whether the other end is on another machine, as far as its address says. */
export function isElsewhere({ address }: Link): boolean {
  return scopeOf(readAddress(address)?.host ?? address) !== "loopback";
}
