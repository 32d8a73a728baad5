/**
 * A person's machine in the simulator: what outlives a run of the program (identity, disk,
 * address book, clock) and the run itself. It is a host of the virtual network.
 */

import type { Action, Outcome } from "../../peer/action.ts";
import type { Engine, EngineOptions } from "../../peer/engine.ts";
import { EngineInvites } from "../../peer/engine_invites.ts";
import { PrivateEngine } from "../../peer/engine_private.ts";
import type { Command, Input, Now } from "../../peer/input.ts";
import type { PersonRecord, SealingKey } from "../../peer/letter.ts";
import type { PrivateRecord, RoomSecret } from "../../peer/room_secret.ts";
import type { CryptoSuite, KeyPair } from "../../wire/crypto_suite.ts";
import { type LogId, logIdBytes, type PeerId, type RoomId, toId } from "../../wire/ids.ts";
import { decodePost } from "../../wire/post.ts";
import { publicRoomId } from "../../wire/text.ts";
import { noiseChannels } from "../../wire/noise_channel.ts";
import { newIdentity, type TestIdentity } from "../link_peers.ts";
import { plainChannels } from "../plain_channel.ts";
import { seededCrypto } from "../seeded_crypto.ts";
import { MemoryStore } from "../unit/memory_store.ts";
import { type ChannelWatcher, watchedChannels } from "../watched_channel.ts";
import { Dice } from "./dice.ts";
import type { EventQueue } from "./event_queue.ts";
import type { PeerPlan, Plan } from "./plan.ts";
import type { LinkEnd, LinkOwner } from "./virtual_link.ts";
import type { VirtualHost, VirtualNetwork } from "./virtual_network.ts";
import { type Kept, type RunOwner, VirtualRun } from "./virtual_run.ts";

/** Who looks on. */
export interface PeerObserver {
  started(peer: VirtualPeer): void;
  ended(peer: VirtualPeer): void;
  /** An old copy of the disk has taken the place of the disk. */
  restored(peer: VirtualPeer): void;
  stepping(peer: VirtualPeer, inputs: readonly Input[]): void;
  stepped(peer: VirtualPeer, inputs: readonly Input[], actions: readonly Action[], now: Now): void;
  stored(peer: VirtualPeer, action: Extract<Action, { type: "append" }>): void;
  answered(peer: VirtualPeer, command: Command, outcome: Outcome): void;
  /** A frame leaves, or has come. */
  watcherOf(peer: VirtualPeer): ChannelWatcher;
  note(text: string): void;
}

/** What all peers of a simulation share. */
export interface PeerWorld {
  readonly plan: Plan;
  readonly queue: EventQueue;
  readonly network: VirtualNetwork;
  readonly observer: PeerObserver;
}

/** True time at the start: 2026-11-26, later than the release date that the clock knows. */
export const epochMs = 1_795_651_200_000;

/** One machine with its person's program. */
export class VirtualPeer implements VirtualHost, RunOwner {
  readonly name: string;
  readonly ip: string;
  readonly address: string;
  readonly id: PeerId;
  readonly dice: Dice;
  readonly queue: EventQueue;
  readonly stepDelayMsMax: number;
  readonly diskMsMax: number;
  /** Rooms to open at the next start. */
  readonly rooms: Set<string>;
  /** Addresses that its person types at each start. */
  readonly wanted: Set<string>;
  /** Addresses at which somebody has answered. */
  readonly book = new Set<string>();
  /** This machine's wall clock less the true time. */
  clockOffsetMs: number;
  isDiskFull = false;
  /** So many of the next appends fail, and none after them. */
  failingAppends = 0;
  #state: "off" | "deaf" | "on" = "deaf";
  #run: VirtualRun | null = null;
  #store = new MemoryStore();
  #called: string;
  readonly #world: PeerWorld;
  readonly #plan: PeerPlan;
  readonly #crypto: CryptoSuite;
  readonly #identity: TestIdentity;
  readonly #firstLog: LogId;
  readonly #hint: KeyPair;
  readonly #firstSealing: SealingKey;
  readonly #people = new Map<PeerId, PersonRecord>();
  #sealing: readonly SealingKey[] = [];
  /** What is kept of private rooms. */
  readonly #secrets = new Map<
    RoomId,
    RoomSecret & { readonly epochs: PrivateRecord["epochs"][number][] }
  >();
  readonly #commands = new Map<number, Command>();
  #crash: "kill" | "power" | "restore" = "kill";

  constructor(world: PeerWorld, plan: PeerPlan, seed: number) {
    const crypto = seededCrypto(seed);
    this.name = plan.name;
    this.ip = plan.ip;
    this.address = plan.address;
    this.dice = new Dice(seed);
    this.queue = world.queue;
    this.stepDelayMsMax = plan.stepDelayMsMax;
    this.diskMsMax = plan.diskMsMax;
    this.rooms = new Set(plan.rooms);
    this.wanted = new Set(plan.dials);
    this.clockOffsetMs = plan.clockOffsetMs;
    this.#called = plan.name;
    this.#world = world;
    this.#plan = plan;
    this.#crypto = crypto;
    this.#identity = newIdentity(crypto);
    this.id = this.#identity.peer;
    const keys = seededCrypto(seed + 0.5);
    this.#hint = keys.generateX25519();
    this.#firstSealing = { ...keys.generateX25519(), madeMs: epochMs, agedMs: 0 };
    this.#firstLog = toId<LogId>(crypto.randomBytes(logIdBytes));
    world.network.add(this);
  }

  get state(): "off" | "deaf" | "on" {
    return this.#state;
  }

  get store(): MemoryStore {
    return this.#store;
  }

  get wallMs(): number {
    return Math.max(0, Math.round(epochMs + this.queue.nowMs + this.clockOffsetMs));
  }

  /** The program, while it runs. */
  get run(): VirtualRun | null {
    return this.#run;
  }

  /** Commands of this run that have not been answered. */
  get unanswered(): readonly Command[] {
    return [...this.#commands.values()];
  }

  /** Starts the program, as a person or the system does. */
  start(): void {
    if (this.#run !== null) return;
    this.#state = "on";
    for (const { hosts, ends } of this.#world.network.linksOf(this)) {
      ends[hosts[0] === this ? 0 : 1].revive();
    }
    this.#run = new VirtualRun(this, this.#options());
    this.#world.observer.started(this);
    if (this.#world.plan.privateMs !== null) this.#bringPrivate(this.#run.engine);
    const { port, isTold } = this.#plan;
    const addresses = isTold ? [this.address] : [];
    this.#run.push({ type: "listening", port: isTold ? port : null, addresses });
    for (const room of [...this.rooms, ...[...this.#secrets.keys()].map((id) => `~${id}`)]) {
      this.command({ type: "join", room });
    }
    for (const address of this.book) this.#run.push({ type: "found", address, finder: "book" });
    for (const address of this.wanted) this.command({ type: "connect", address });
  }

  #bringPrivate(engine: Engine): void {
    const records = [...this.#secrets].map(([room, kept]) => ({ room, ...kept }));
    engine.usePrivate((state) => new PrivateEngine(state, records));
    engine.useInvites((state, rooms) => new EngineInvites(state, rooms));
  }

  /** The secret of a private room that is kept here. */
  secretOf(room: RoomId): Uint8Array | null {
    return this.#secrets.get(room)?.secret ?? null;
  }

  /** Gives a command to the program, if it runs. */
  command(command: Command): void {
    if (this.#run === null) return;
    this.#commands.set(this.#run.command(command), command);
  }

  /** Takes in what another has exported of a room. */
  importFrom(other: VirtualPeer, room: string): void {
    const id = publicRoomId(room, this.#crypto);
    const posts = other.store.newest(id, Infinity).map((post) => decodePost(post, this.#crypto));
    this.command({ type: "import", posts });
  }

  /** Ends the program in the middle, after so many more actions. */
  crashAfter(actions: number, how: "kill" | "power" | "restore"): void {
    this.#crash = how;
    this.#run?.crashAfter(actions);
  }

  #options(): EngineOptions {
    const { limits, channel } = this.#world.plan;
    const { identity, peer } = this.#identity;
    const { rekeyFramesMax } = limits;
    const below = channel === "noise"
      ? noiseChannels(this.#identity, this.#crypto, { rekeyFramesMax })
      : plainChannels(peer, (length) => this.#crypto.randomBytes(length));
    return {
      identity: { peer, secretKey: identity.secretKey },
      name: this.#called,
      log: this.#store.log ?? this.#firstLog,
      channels: watchedChannels(below, this.#world.observer.watcherOf(this)),
      crypto: this.#crypto,
      rng: this.dice,
      reader: this.#store,
      limits,
      people: this.#people,
      direct: {
        hint: this.#hint,
        sealing: this.#sealing,
        firstSealing: this.#firstSealing,
        letters: this.#store,
      },
    };
  }

  // As a host of the network.

  accept(end: LinkEnd, from: string): LinkOwner {
    return this.#run!.adopt(end, "in", from);
  }

  // As the owner of a run.

  append(action: Extract<Action, { type: "append" }>): boolean {
    if (this.isDiskFull || this.failingAppends-- > 0) return false;
    this.failingAppends = 0;
    this.#store.append(action.arrivals, action.newLog, this.wallMs);
    for (const { post, kept } of action.arrivals) {
      // An own post goes with them, so that they are synced with it.
      if (kept?.type === "keys") this.#sealing = kept.keys;
      else if (kept?.type === "room") this.#secrets.set(post.room, { ...kept, epochs: [] });
      else if (kept?.type === "epoch") {
        this.#secrets.get(post.room)?.epochs.push({ id: post.id, secret: kept.secret });
      }
    }
    this.#world.observer.stored(this, action);
    return true;
  }

  dial(run: VirtualRun, address: string): void {
    this.#world.network.dial(this, address, {
      opened: (end) => run.isOver ? null : run.adopt(end, "out", address),
      failed: (reason) => run.push({ type: "dialFailed", address, reason }),
    });
  }

  keep(action: Extract<Action, { type: Kept }>): void {
    if (action.type === "rememberName") this.#called = action.name;
    else if (action.type === "rememberPerson") this.#people.set(action.peer, action.person);
    else if (action.type === "rememberKeys") this.#sealing = action.keys;
    else if (action.type === "keepReceipts") {
      if (!this.isDiskFull) this.#store.keepReceipts(action.room, action.change);
    } else if (action.type === "keepRoom") {
      this.#secrets.set(action.room, { ...action.secret, epochs: [] });
    } else if (action.type === "keepEpoch") {
      this.#secrets.get(action.room)?.epochs.push({ id: action.epoch, secret: action.secret });
    } else if (action.type === "remember") this.book.add(action.address);
    else if (action.type === "forget") {
      this.book.delete(action.address);
      this.wanted.delete(action.address);
    }
  }

  answered(ref: number, outcome: Outcome): void {
    const command = this.#commands.get(ref)!;
    this.#commands.delete(ref);
    this.#world.observer.answered(this, command, outcome);
    if (command.type === "connect" && outcome.ok) this.wanted.add(command.address);
    if (command.type === "quit") this.queue.in(10, () => this.#end("exit"));
  }

  stepping(_run: VirtualRun, inputs: readonly Input[]): void {
    this.#world.observer.stepping(this, inputs);
  }

  stepped(
    _run: VirtualRun,
    inputs: readonly Input[],
    actions: readonly Action[],
    now: Now,
  ): void {
    this.#world.observer.stepped(this, inputs, actions, now);
  }

  crashNow(): void {
    this.#world.observer.note(`${this.name} crashes (${this.#crash})`);
    this.#end(this.#crash);
  }

  #end(how: "kill" | "power" | "restore" | "exit"): void {
    if (this.#run === null) return;
    this.#run.stop(how === "restore" ? "kill" : how);
    this.#run = null;
    this.#commands.clear();
    this.#state = how === "power" ? "off" : "deaf";
    if (how === "power") {
      const { writes, synced } = this.#store;
      this.#store = this.#store.clone(this.dice.count(synced, writes));
    }
    if (how === "restore") {
      this.#store = this.#store.clone(this.dice.count(0, this.#store.writes));
      this.#world.observer.restored(this);
    }
    this.#world.observer.ended(this);
  }
}
