/** What goes wrong, when the plan says so; and how all of it is put right at the end. */

import type { Dice } from "./dice.ts";
import type { EventQueue } from "./event_queue.ts";
import type { FaultKind, Plan } from "./plan.ts";
import type { VirtualNetwork } from "./virtual_network.ts";
import type { VirtualPeer } from "./virtual_peer.ts";

/** What faults happen to. */
export interface FaultWorld {
  readonly plan: Plan;
  readonly queue: EventQueue;
  readonly dice: Dice;
  readonly network: VirtualNetwork;
  readonly peers: readonly VirtualPeer[];
  note(text: string): void;
}

/** All faults of one run. */
export class Faults {
  readonly #world: FaultWorld;
  /** Peers that have left and will not come back. */
  readonly gone = new Set<VirtualPeer>();
  #isOver = false;

  constructor(world: FaultWorld) {
    this.#world = world;
  }

  /** Lets things go wrong from now on. */
  start(): void {
    const { plan, network } = this.#world;
    network.refusals = plan.refusals;
    for (const [kind, meanMs] of plan.faults) this.#next(kind, meanMs);
  }

  /** A program has ended: somebody starts it again after a while. */
  stopped(peer: VirtualPeer): void {
    const { queue, dice } = this.#world;
    if (!this.gone.has(peer)) queue.in(dice.between(50, 20_000), () => peer.start());
  }

  /** The storm is over: everything works again, and everybody who will come back is there. */
  end(): void {
    const { plan, network, peers, note } = this.#world;
    this.#isOver = true;
    note("calm");
    network.refusals = 0;
    network.unblockAll();
    for (const peer of peers) {
      peer.isDiskFull = false;
      peer.failingAppends = 0;
      peer.clockOffsetMs = plan.peers.find(({ name }) => name === peer.name)!.clockOffsetMs;
      peer.crashAfter(Infinity, "kill");
      if (this.gone.has(peer)) continue;
      peer.start();
      for (const room of peer.rooms) peer.command({ type: "join", room });
      if (plan.reconnects) peer.command({ type: "reconnect", target: null });
    }
  }

  #next(kind: FaultKind, meanMs: number): void {
    const { queue, dice } = this.#world;
    queue.in(dice.wait(meanMs), () => {
      if (this.#isOver) return;
      this.#strike(kind);
      this.#next(kind, meanMs);
    });
  }

  #strike(kind: FaultKind): void {
    switch (kind) {
      case "kill":
      case "power":
      case "restore":
        return this.#crash(kind);
      case "quit":
        return this.#quit();
      case "reset":
      case "halfOpen":
      case "oneWay":
      case "slowReader":
        return this.#hitLink(kind);
      case "partition":
      case "asymmetric":
        return this.#block(kind);
      case "freeze":
      case "diskFull":
      case "appendFails":
      case "clockJump":
        return this.#hitMachine(kind);
    }
  }

  get #running(): VirtualPeer[] {
    return this.#world.peers.filter((peer) => peer.run !== null);
  }

  #crash(how: "kill" | "power" | "restore"): void {
    const { dice } = this.#world;
    const peer = dice.pick(this.#running);
    peer?.crashAfter(dice.below(40), how);
  }

  #quit(): void {
    const { dice, note, peers } = this.#world;
    const peer = dice.pick(this.#running);
    if (peer === undefined) return;
    const forGood = dice.chance(0.2) && this.gone.size + 2 < peers.length;
    if (forGood) this.gone.add(peer);
    note(`${peer.name} leaves${forGood ? " for good" : ""}`);
    peer.command({ type: "quit" });
  }

  #hitLink(kind: "reset" | "halfOpen" | "oneWay" | "slowReader"): void {
    const { dice, note, network } = this.#world;
    const link = dice.pick(network.links);
    if (link === undefined) return;
    const side = dice.below(2);
    const [near, far] = side === 0 ? link.hosts : link.hosts.toReversed();
    note(`${kind} on the link of ${near!.ip} with ${far!.ip}`);
    const end = link.ends[side]!;
    if (kind === "reset") end.cut("connection reset");
    else if (kind === "halfOpen") end.breakHalf("network is down");
    else if (kind === "oneWay") end.vanish();
    else end.pause(dice.between(100, 30_000));
  }

  #block(kind: "partition" | "asymmetric"): void {
    const { dice, note, network, queue, peers } = this.#world;
    const sides = new Map(peers.map((peer) => [peer, dice.below(kind === "partition" ? 3 : 2)]));
    for (const from of peers) {
      for (const to of peers) {
        const [a, b] = [sides.get(from)!, sides.get(to)!];
        if (kind === "partition" ? a !== b : a < b) network.block(from, to);
      }
    }
    const healMs = dice.between(500, 60_000);
    note(`${kind} ${peers.map((peer) => sides.get(peer)).join("")} for ${Math.round(healMs)} ms`);
    queue.in(healMs, () => network.unblockAll());
  }

  #hitMachine(kind: "freeze" | "diskFull" | "appendFails" | "clockJump"): void {
    const { dice, note, queue } = this.#world;
    const peer = dice.pick(this.#running);
    if (peer === undefined) return;
    const ms = Math.round(dice.between(100, 50_000));
    if (kind === "freeze") {
      peer.run!.freeze(ms);
    } else if (kind === "appendFails") {
      peer.failingAppends = dice.count(1, 3);
    } else if (kind === "diskFull") {
      peer.isDiskFull = true;
      queue.in(ms, () => peer.isDiskFull = false);
    } else {
      const widest = dice.pick([2_000, 100_000, 1_000_000, 10 * 365 * 86_400_000]);
      peer.clockOffsetMs = Math.round((dice.next() * 2 - 1) * widest);
    }
    note(`${kind} at ${peer.name}: ${kind === "clockJump" ? peer.clockOffsetMs : ms} ms`);
  }
}
