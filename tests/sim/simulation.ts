/**
 * One seed from start to end: a storm in which things go wrong and only safety is asked for
 * (safety.ts), then a calm at whose end everything must be right (liveness.ts).
 */

import type { Action } from "../../peer/action.ts";
import type { ConnectionId, Input } from "../../peer/input.ts";
import type { RoomId } from "../../wire/ids.ts";
import type { Limits } from "../../wire/limits.ts";
import { decodeMessages } from "../../wire/message_decode.ts";
import { publicRoomId } from "../../wire/text.ts";
import { EngineWords } from "../engine_words.ts";
import { seededCrypto } from "../seeded_crypto.ts";
import { Dice } from "./dice.ts";
import { EventQueue } from "./event_queue.ts";
import { Faults } from "./faults.ts";
import { HostilePeer } from "./hostile_peer.ts";
import { problems } from "./liveness.ts";
import { People } from "./people.ts";
import { drawPlan, type Plan, silentAddress } from "./plan.ts";
import { PrivateChecks } from "./private_checks.ts";
import { PrivatePeople } from "./private_people.ts";
import { Safety } from "./safety.ts";
import { type LineTaker, Trace } from "./trace.ts";
import { type PeerObserver, VirtualPeer } from "./virtual_peer.ts";
import { type VirtualHost, VirtualNetwork } from "./virtual_network.ts";

/** What became of a seed. */
export interface Outcome {
  readonly seed: number;
  /** Equal for equal seeds. */
  readonly hash: string;
  /** What was wrong; `null` if nothing was. */
  readonly problem: string | null;
  readonly steps: number;
  readonly acknowledged: number;
  /** Virtual time until everything was right. */
  readonly endMs: number;
  /** The greatest size that each limit has met. */
  readonly reached: ReadonlyMap<keyof Limits, number>;
  readonly plan: Plan;
}

/** Nobody is asked more often than this about whether all is right. */
const lookMs = 1_000;
/** How long it must stay right. */
const idleMs = 25_000;
/**
 * How long what was written of itself may be on its way: name records are renewed by the clock,
 * in many seeds every 20 s, and one may be written just before the last look.
 */
const onItsWayMs = 10_000;
/** Wakes of one peer in a second in which nobody does anything. */
const idleWakesMax = 4;
/** Frames that it sends then for each peer that takes part: up to 1.5 in 100 seeds. */
const idleFramesMax = 4;
/** Clocks that differ by less show everybody who is there: presence may be a minute old. */
const clockApartMs = 15_000;
/** How long a presence counts, and with it what a wrong clock has stamped. */
const mendedMs = 80_000;
/** A run with more events than this does not come to rest. */
const eventsMax = 3_000_000;

/**
 * Runs a seed.
 *
 * @param seed The seed.
 * @param peers How many peers; `null` to draw that too.
 * @param take Takes the lines of a readable trace.
 */
export function simulate(seed: number, peers: number | null, take: LineTaker | null): Outcome {
  const simulation = new Simulation(drawPlan(seed, peers), take);
  let problem: string | null = null;
  try {
    problem = simulation.run();
  } catch (error) {
    problem = error instanceof Error ? (take === null ? error.message : error.stack!) : `${error}`;
  }
  return { ...simulation.outcome, problem };
}

/** What to type to see a seed again, in words. */
export function replayCommand({ seed, plan }: Outcome): string {
  const sized = plan.isSized ? ` --peers ${plan.peers.length}` : "";
  return `deno task sim --seed ${seed}${sized} --trace`;
}

class Simulation {
  readonly #plan: Plan;
  readonly #queue = new EventQueue();
  readonly #network: VirtualNetwork;
  readonly #peers: VirtualPeer[];
  readonly #people: People;
  readonly #insiders: PrivatePeople | null;
  readonly #privately: PrivateChecks<VirtualPeer>;
  readonly #faults: Faults;
  readonly #safety: Safety;
  readonly #trace: Trace;
  readonly #words: EngineWords;
  readonly #hostile: HostilePeer | null;
  readonly #wakes = new Map<VirtualPeer, number>();
  /** Frames that each has sealed. */
  readonly #frames = new Map<VirtualPeer, number>();
  #steps = 0;
  /** When somebody last stored a post of his own. */
  #writtenMs = -Infinity;

  constructor(plan: Plan, take: LineTaker | null) {
    const { seed, limits, style } = plan;
    const crypto = seededCrypto(seed);
    this.#plan = plan;
    this.#words = new EngineWords(crypto);
    this.#trace = new Trace(this.#words, take);
    this.#safety = new Safety(crypto, limits, plan.isHostile);
    const queue = this.#queue;
    const { writeLowWaterBytes: lowWaterBytes, closeMs, dialMs } = limits;
    const dice = new Dice(seed * 7 + 3);
    this.#network = new VirtualNetwork({ queue, dice, lowWaterBytes, closeMs }, style, dialMs);
    const world = { plan, queue, network: this.#network, observer: this.#observer };
    this.#peers = plan.peers.map((peer, i) => new VirtualPeer(world, peer, seed * 100 + i + 1));
    this.#people = new People(plan, queue, new Dice(seed * 7 + 1), this.#peers);
    const { privateMs } = plan;
    this.#insiders = privateMs === null ? null : new PrivatePeople(
      { ...plan, privateMs },
      queue,
      new Dice(seed * 7 + 6),
      this.#peers,
      seededCrypto(seed + 0.25),
    );
    this.#privately = new PrivateChecks(this.#peers, crypto);
    this.#faults = new Faults({
      plan,
      queue,
      dice: new Dice(seed * 7 + 2),
      network: this.#network,
      peers: this.#peers,
      note: (text) => this.#observer.note(text),
    });
    const rooms = plan.rooms.map((name) => publicRoomId(name, crypto));
    rooms.forEach((room, i) => this.#words.call(room, `#${plan.rooms[i]}`));
    for (const peer of this.#peers) this.#words.call(peer.id, peer.name);
    this.#hostile = plan.isHostile ? this.#addHostile(rooms) : null;
    if (plan.hasSilentHost) this.#network.add(new SilentHost());
  }

  get outcome(): Omit<Outcome, "problem"> {
    return {
      seed: this.#plan.seed,
      plan: this.#plan,
      hash: this.#trace.hash,
      steps: this.#steps,
      acknowledged: this.#safety.acknowledgements,
      endMs: this.#queue.nowMs,
      reached: this.#safety.reached,
    };
  }

  /** Storm and calm; returns what was not right at the end. */
  run(): string | null {
    const plan = this.#plan;
    plan.peers.forEach(({ startMs }, i) => this.#queue.at(startMs, () => this.#peers[i]!.start()));
    this.#people.start();
    this.#insiders?.start();
    this.#faults.start();
    this.#hostile?.start();
    while (this.#queue.nowMs < plan.stormMs) this.#pass(lookMs);
    this.#hostile?.stop();
    this.#faults.end();
    for (const endMs = this.#queue.nowMs + plan.calmMs; this.#problems.length > 0;) {
      if (this.#queue.nowMs >= endMs) return this.#problems.join("; ");
      this.#pass(lookMs);
    }
    return this.#idle();
  }

  /** Everybody says a last word, then nobody does anything: it must stay right, and quiet. */
  #idle(): string | null {
    const before = new Map(this.#wakes);
    const framesBefore = new Map(this.#frames);
    const saidMs = this.#queue.nowMs;
    for (const peer of this.#peers) {
      peer.command({
        type: "say",
        room: this.#plan.rooms[0]!,
        kind: "text",
        text: "bye",
        reply: null,
      });
    }
    this.#insiders?.sayLast();
    this.#pass(idleMs);
    for (const peer of this.#peers) {
      const wakes = (this.#wakes.get(peer) ?? 0) - (before.get(peer) ?? 0);
      if (wakes * 1_000 > idleMs * idleWakesMax) return `${peer.name}: ${wakes} wakes at rest`;
      const frames = (this.#frames.get(peer) ?? 0) - (framesBefore.get(peer) ?? 0);
      const framesMax = idleMs / 1_000 * idleFramesMax * this.#peers.length;
      if (frames > framesMax) return `${peer.name}: ${frames} frames at rest`;
      if (peer.run === null) continue;
      // Without a neighbour nothing tells that a correction is out of date.
      const isLinked = peer.run.engine.peers(peer.run.now).some(({ state }) => state === "up");
      if (isLinked && this.#clocks !== "wrong") this.#safety.checkStamp(peer, saidMs);
      this.#safety.checkAcknowledged(peer);
      this.#safety.checkWithdrawn(peer);
      this.#safety.checkLetters(peer);
    }
    const arrivedMs = this.#writtenMs + onItsWayMs;
    while (this.#problems.length > 0) {
      if (this.#queue.nowMs >= arrivedMs) return `later: ${this.#problems.join("; ")}`;
      this.#pass(lookMs);
    }
    return null;
  }

  #pass(ms: number): void {
    this.#queue.runUntil(this.#queue.nowMs + ms);
    if (this.#queue.events > eventsMax) throw new Error(`more than ${eventsMax} events`);
  }

  get #problems(): string[] {
    const absent = this.#peers.filter((peer) => peer.run === null && !this.#faults.gone.has(peer));
    if (absent.length > 0) return absent.map(({ name }) => `${name} does not run`);
    const broken = this.#network.links.filter(({ hosts, ends }) =>
      hosts.some((host, i) => host instanceof VirtualPeer && ends[i]!.isBroken)
    );
    if (broken.length > 0) return [`${broken.length} dead links are not noticed`];
    if (this.#clocks === "mended" && this.#queue.nowMs < this.#plan.stormMs + mendedMs) {
      return ["presences of clocks that were ahead may still hold back newer ones"];
    }
    const room = this.#insiders?.room ?? null;
    const alone = room === null ? new Set<VirtualPeer>() : this.#privately.alone(room);
    const found = problems(this.#peers, this.#clocks === "right", alone);
    return room === null ? found : [...found, ...this.#privately.problems(room)];
  }

  /** `right`: always within seconds of each other; `mended`: now, but not during the storm. */
  get #clocks(): "right" | "mended" | "wrong" {
    if (this.#peers.some(({ clockOffsetMs }) => Math.abs(clockOffsetMs) > clockApartMs)) {
      return "wrong";
    }
    return this.#plan.faults.has("clockJump") ? "mended" : "right";
  }

  readonly #observer: PeerObserver = {
    started: (peer) => {
      this.#observer.note(`${peer.name} starts`);
      this.#safety.started(peer);
    },
    ended: (peer) => this.#faults.stopped(peer),
    restored: (peer) => this.#safety.restored(peer),
    stepping: (peer, inputs) => this.#safety.stepping(peer, inputs),
    stepped: (peer, inputs, actions, now) => {
      this.#steps++;
      if (inputs.every(({ type }) => type === "wake")) {
        this.#wakes.set(peer, (this.#wakes.get(peer) ?? 0) + 1);
      }
      this.#record(peer, inputs, actions);
      this.#safety.stepped(peer, inputs, actions, now);
    },
    stored: (peer, append) => {
      const isOwn = append.arrivals.some(({ origin }) => origin === "own");
      if (isOwn) this.#writtenMs = this.#queue.nowMs;
      const problem = this.#privately.stored(peer, append.arrivals);
      if (problem !== null) throw new Error(`${peer.name} ${problem}`);
      this.#safety.stored(peer, append);
    },
    answered: (peer, command, outcome) => {
      this.#safety.answered(peer, command, outcome);
      this.#people.answered(peer, command, outcome);
      this.#insiders?.answered(peer, command, outcome);
    },
    watcherOf: (peer) => ({
      greeted: (bytes) => this.#words.watcher.greeted(bytes),
      sealed: (to, messages, frame) => {
        this.#words.watcher.sealed(to, messages, frame);
        this.#frames.set(peer, (this.#frames.get(peer) ?? 0) + 1);
        this.#safety.sealed(peer, messages);
        for (const message of this.#insiders === null ? [] : decodeMessages(messages)) {
          const leak = this.#privately.leak(peer, to, message, this.#insiders!.room);
          if (leak !== null) throw new Error(`${peer.name} ${leak}`);
        }
      },
      opened: (from, messages) => this.#trace.heard(this.#queue.nowMs, peer.name, from, messages),
    }),
    note: (text) => this.#trace.note(this.#queue.nowMs, text),
  };

  #record(peer: VirtualPeer, inputs: readonly Input[], actions: readonly Action[]): void {
    const run = peer.run!;
    const linkName = (connection: ConnectionId) => {
      const ip = run.addressOf(connection).split(":")[0];
      const name = this.#peers.find((other) => other.ip === ip)?.name ?? ip;
      return `${connection} (${name})`;
    };
    this.#trace.step(this.#queue.nowMs, peer.name, inputs, actions, linkName);
  }

  #addHostile(rooms: readonly RoomId[]): HostilePeer {
    return new HostilePeer({
      seed: this.#plan.seed,
      channel: this.#plan.channel,
      rekeyFramesMax: this.#plan.limits.rekeyFramesMax,
      queue: this.#queue,
      network: this.#network,
      targets: this.#plan.peers.map(({ address }) => address),
      rooms,
      publish: (post) => this.#safety.publish(post),
      note: (text) => this.#observer.note(text),
    });
  }
}

/** Takes connections and never says a word. */
class SilentHost implements VirtualHost {
  readonly address = silentAddress;
  readonly ip = silentAddress.split(":")[0]!;
  readonly state = "on";

  accept() {
    return { received() {}, drained() {}, disconnected() {} };
  }
}
