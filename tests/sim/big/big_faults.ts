/** What goes wrong in a big simulation, and how it is put right. */

import type { Dice } from "../dice.ts";
import type { EventQueue } from "../event_queue.ts";
import type { LightHost, LightNetwork } from "./light_network.ts";
import type { LightPeer } from "./light_peer.ts";
import type { Fault } from "./scenario.ts";

/** What faults happen to. */
export interface FaultWorld {
  readonly fault: Fault;
  readonly queue: EventQueue;
  readonly dice: Dice;
  readonly network: LightNetwork;
  /** The honest ones. The first is spared what ends programs. */
  readonly peers: readonly LightPeer[];
}

/** How long each lasts; those who are gone for good, and strangers, have no end. */
const lastsMs: Readonly<Record<Fault, number>> = {
  none: 0,
  rush: 0,
  churn: 60_000,
  split2: 60_000,
  split3: 60_000,
  oneway: 30_000,
  slow: 20_000,
  gone30: 0,
  gone80: 0,
  power30: 0,
  forged: 15_000,
  flood: 15_000,
  ihave: 15_000,
  addresses: 15_000,
  droppers: 15_000,
  inbound90: 15_000,
};
/** How long somebody who takes part in the churn is away. */
const awayMs = [2_000, 20_000] as const;

/** The fault of one run. */
export class BigFault {
  readonly #world: FaultWorld;
  /** Strangers do harm from the beginning of the fault on, for good. */
  isLoose = false;

  constructor(world: FaultWorld) {
    this.#world = world;
  }

  /** Begins it; returns how long it lasts. */
  begin(): number {
    const { fault } = this.#world;
    this.isLoose = true;
    switch (fault) {
      case "churn":
        this.#churn(lastsMs.churn);
        break;
      case "split2":
      case "split3":
        this.#split(fault === "split2" ? 2 : 3);
        break;
      case "oneway":
        this.#world.network.hold((from, to) => from !== to && isDrawn(from, to, 0.2));
        break;
      case "slow":
        this.#world.network.hold((_from, to) => isDrawn(to, to, 0.1));
        break;
      case "gone30":
        this.#end(0.3, "kill");
        break;
      case "gone80":
        this.#end(0.8, "kill");
        break;
      case "power30":
        this.#end(0.3, "power");
        break;
      default:
        break;
    }
    return lastsMs[fault];
  }

  /** What can be put right is. */
  heal(): void {
    this.#world.network.hold(() => false);
  }

  #churn(lastsMs: number): void {
    const { queue, dice } = this.#world;
    for (const peer of this.#some(0.5)) {
      const leavesMs = dice.next() * (lastsMs - awayMs[1]);
      const backMs = leavesMs + dice.between(...awayMs);
      queue.in(leavesMs, () => peer.stop(dice.chance(0.5) ? "kill" : "power"));
      queue.in(backMs, () => peer.start());
    }
  }

  #split(parts: number): void {
    const { network, dice, peers } = this.#world;
    const sides = new Map<LightHost, number>(peers.map((peer) => [peer, dice.below(parts)]));
    network.hold((from, to) => sides.get(from) !== sides.get(to));
  }

  #end(share: number, how: "kill" | "power"): void {
    for (const peer of this.#some(share)) peer.stop(how);
  }

  #some(share: number): LightPeer[] {
    const { dice, peers } = this.#world;
    return dice.shuffle(peers.slice(1)).slice(0, Math.round(share * peers.length));
  }
}

/** Whether a pair of hosts is among so many of all, the same each time. */
function isDrawn(from: LightHost, to: LightHost, share: number): boolean {
  const mixed = Math.imul(from.number * 31 + 7, 0x9e3779b1) ^
    Math.imul(to.number * 17 + 3, 0x85ebca6b);
  const z = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35);
  return ((z ^ (z >>> 16)) >>> 0) / 2 ** 32 < share;
}
