/**
 * One run: peers come, the room settles, people talk while all is well, then something goes
 * wrong while they go on, then it is put right and everything must come to be known everywhere.
 */

import { Dice } from "../dice.ts";
import { EventQueue } from "../event_queue.ts";
import { BigFault } from "./big_faults.ts";
import { newCrowd, strangersOf } from "./crowd.ts";
import { Ledger } from "./ledger.ts";
import { LightNetwork } from "./light_network.ts";
import type { LightPeer } from "./light_peer.ts";
import {
  apart,
  between,
  healMs,
  lastArrivals,
  lastHops,
  listErrors,
  missed,
  type Totals,
  totals,
} from "./measures.ts";
import type { Fault, Scenario } from "./scenario.ts";
import { Library } from "./shared_store.ts";
import { Talkers } from "./workload.ts";

/** What came of a run. */
export interface Measured {
  readonly scenario: Scenario;
  /** While everybody was there and silent. */
  readonly idle: Totals;
  /** While people talked and nothing was wrong. */
  readonly talk: Totals;
  /** Of the posts of that time. */
  readonly hops: { readonly most: number; readonly mean: number };
  readonly arrivals: { readonly mostMs: number; readonly meanMs: number };
  /** From the beginning of the fault until posts came everywhere as fast as before. */
  readonly healMs: number;
  /** The same from its end; 0 if that was before. */
  readonly afterMs: number;
  readonly missed: number;
  readonly apart: number;
  readonly listed: { readonly missing: number; readonly ghosts: number };
  /** Dials to addresses where nobody has ever been, per honest peer. */
  readonly strayDials: number;
  readonly neighbours: { readonly mean: number; readonly most: number };
  readonly events: number;
  readonly virtualMs: number;
}

/** Between two who come in a rush; and while a room grows, between the first and the second. */
const rushMs = 5;
const growMs = 2_000;
/** Somebody says a line now and then from the beginning on, as in any room that people come to. */
const greetingMs = 5_000;
/** How long the room may take to come to rest, and is watched at rest. */
const settleMs = { whole: 30_000, brief: 15_000 };
const idleMs = { whole: 20_000, brief: 5_000 };
/** Posts before the measured ones: the tree is made by them. */
const warmPosts = 30;
/** Posts that have not come everywhere by then came late. */
const promptMs = 2_000;
/** How long after the last measured post its copies are counted. */
const tailMs = 6_000;
const calmMsMax = 120_000;
/** A peer that died stays on the list so long. */
const listMs = 80_000;
/** Rooms up to which the list of who is there must be right, and the faults after which it is read. */
const listedPeersMax = 64;
const listedFaults: readonly Fault[] = ["none", "gone30", "split2"];

/**
 * Runs a scenario.
 *
 * @param scenario What to run.
 * @param say Told now and then how far it is.
 */
export function simulateBig(scenario: Scenario, say: (text: string) => void): Measured {
  return new BigSimulation(scenario, say).run();
}

class BigSimulation {
  readonly #scenario: Scenario;
  readonly #say: (text: string) => void;
  readonly #queue = new EventQueue();
  readonly #network: LightNetwork;
  readonly #ledger: Ledger;
  readonly #all: readonly LightPeer[];
  readonly #peers: readonly LightPeer[];
  readonly #fault: BigFault;
  readonly #talkers: Talkers;

  constructor(scenario: Scenario, say: (text: string) => void) {
    const { seed, peers, fault, limits, workload } = scenario;
    const { writeLowWaterBytes: lowWaterBytes, dialMs } = limits;
    const queue = this.#queue;
    this.#scenario = scenario;
    this.#say = say;
    this.#network = new LightNetwork({ seed, queue, lowWaterBytes, dialMs });
    this.#ledger = new Ledger(queue, peers + strangersOf(scenario));
    this.#all = newCrowd({
      scenario,
      queue,
      network: this.#network,
      library: new Library(),
      onlooker: this.#ledger,
      isLoose: () => this.#fault.isLoose,
    });
    this.#peers = this.#all.filter(({ isHonest }) => isHonest);
    const dice = new Dice(seed * 7 + 2);
    const [network, honest] = [this.#network, this.#peers];
    this.#fault = new BigFault({ fault, queue, dice, network, peers: honest });
    const senders = [this.#peers[0]!, ...new Dice(seed * 7 + 3).shuffle(this.#peers.slice(1))];
    this.#talkers = new Talkers(queue, new Dice(seed * 7 + 4), workload, senders);
  }

  /** From the first start to the calm at the end. */
  run(): Measured {
    const { peers, posts, fault, length } = this.#scenario;
    this.#pass(this.#startAll() + settleMs[length], "settles");
    const quiet = this.#totals();
    this.#pass(idleMs[length], "is silent");
    const idle = between(quiet, this.#totals());
    this.#pass(this.#talkers.say(warmPosts) + tailMs, "warms up");
    const [before, talkMs] = [this.#totals(), this.#queue.nowMs];
    this.#pass(this.#talkers.say(posts) + tailMs, "talks");
    const talk = between(before, this.#totals());
    const talked = this.#ledger.tracksOf(talkMs, this.#queue.nowMs);
    const [hops, arrivals] = [lastHops(this.#peers, talked), lastArrivals(this.#peers, talked)];
    const faultMs = this.#queue.nowMs;
    const overMs = fault === "none" ? faultMs : this.#goWrong();
    this.#calm();
    const since = this.#ledger.tracksOf(faultMs, Infinity);
    const healed = healMs(this.#peers, since, faultMs, promptMs);
    const lacking = missed(this.#peers, this.#ledger.tracks);
    const listed = this.#lists();
    return {
      scenario: this.#scenario,
      idle,
      talk,
      hops,
      arrivals,
      healMs: healed,
      afterMs: Math.max(0, healed - (overMs - faultMs)),
      missed: lacking,
      apart: apart(this.#peers, this.#network),
      listed,
      strayDials: this.#network.dials.stray / peers,
      neighbours: this.#neighbours(),
      events: this.#queue.events,
      virtualMs: this.#queue.nowMs,
    };
  }

  /** A room grows by what it has, or in a rush; returns how long that takes. */
  #startAll(): number {
    let startMs = 0;
    let greetedMs = greetingMs;
    for (const [i, peer] of this.#all.entries()) {
      // Strangers may be there before anybody who speaks.
      if (peer === this.#peers[0]) greetedMs += startMs;
      this.#queue.at(startMs, () => peer.start());
      startMs += this.#scenario.fault === "rush" ? rushMs : Math.max(rushMs, growMs / (i + 1));
    }
    for (; greetedMs < startMs; greetedMs += greetingMs) {
      this.#queue.at(greetedMs, () => this.#talkers.say(1));
    }
    return startMs;
  }

  /** People go on while it lasts, and for a while after; returns when it was over. */
  #goWrong(): number {
    const { fault } = this.#scenario;
    const lastsMs = this.#fault.begin();
    const wholeMs = lastsMs + 2 * promptMs;
    const perPostMs = this.#talkers.say(1);
    const aroundPosts = Math.ceil(wholeMs / Math.max(perPostMs, wholeMs / 200));
    for (let i = 1; i < aroundPosts; i++) {
      this.#queue.in(i * wholeMs / aroundPosts, () => this.#talkers.say(1));
    }
    this.#pass(lastsMs, `suffers from ${fault}`);
    const overMs = this.#queue.nowMs;
    this.#fault.heal();
    this.#pass(wholeMs - lastsMs, "is put right");
    return overMs;
  }

  /** Until everything is everywhere, and for as long as that may take. */
  #calm(): void {
    const endMs = this.#queue.nowMs + calmMsMax;
    do {
      this.#pass(1_000, null);
    } while (this.#queue.nowMs < endMs && missed(this.#peers, this.#ledger.tracks) > 0);
    this.#note("is calm");
  }

  #lists(): Measured["listed"] {
    const { peers, fault } = this.#scenario;
    if (peers > listedPeersMax || !listedFaults.includes(fault)) return { missing: 0, ghosts: 0 };
    this.#pass(listMs, "looks who is there");
    return listErrors(this.#peers);
  }

  #neighbours(): Measured["neighbours"] {
    const counts = this.#peers.flatMap(({ net }) => net?.rooms[0]?.neighbours ?? []);
    const sum = counts.reduce((sum, count) => sum + count, 0);
    return { mean: sum / counts.length, most: Math.max(...counts) };
  }

  #totals(): Totals {
    return totals(this.#peers, this.#ledger, this.#queue.nowMs);
  }

  #pass(ms: number, what: string | null): void {
    const endMs = this.#queue.nowMs + ms;
    while (this.#queue.nowMs < endMs) {
      this.#queue.runUntil(Math.min(endMs, this.#queue.nowMs + 1_000));
      if (what !== null) this.#note(what);
    }
  }

  #note(what: string): void {
    const { peers, fault, workload } = this.#scenario;
    const seconds = Math.round(this.#queue.nowMs / 1_000);
    this.#say(
      `${peers} peers, ${workload}, ${fault}: ${what}, ${seconds} s, ${this.#queue.events} events`,
    );
  }
}
