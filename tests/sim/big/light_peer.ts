/**
 * A machine with the real engine in it: what a shell does around an engine, with as little as
 * possible beside. Inputs of half a millisecond go into one step, the disk answers at once.
 */

import type { Action } from "../../../peer/action.ts";
import { Engine, type EngineOptions } from "../../../peer/engine.ts";
import type { Command, ConnectionId, Input, Now } from "../../../peer/input.ts";
import type { NetReport } from "../../../peer/net_report.ts";
import type { PeerId, PostId } from "../../../wire/ids.ts";
import type { EventQueue } from "../event_queue.ts";
import { addressOf, type LightEnd, type LightHost, type LinkUser } from "./light_network.ts";
import type { LightNetwork } from "./light_network.ts";
import type { Library, SharedStore } from "./shared_store.ts";

/** Who looks on. */
export interface Onlooker {
  /** Posts have been stored; `from` are the hosts whose bytes the step took, in order. */
  stored(
    peer: LightPeer,
    action: Extract<Action, { type: "append" }>,
    numbers: readonly number[],
    from: readonly LightHost[],
  ): void;
}

/** What all peers of a simulation share. */
export interface LightPeerWorld {
  readonly queue: EventQueue;
  readonly network: LightNetwork;
  readonly library: Library;
  readonly onlooker: Onlooker;
}

/** What makes one peer another than the next. */
export interface LightPeerSetup {
  readonly number: number;
  readonly store: SharedStore;
  /** Whether it does what the protocol says. */
  readonly isHonest: boolean;
  /** Addresses that its person has typed. */
  readonly contacts: readonly string[];
  /** Makes the engine anew at each start. */
  options(): EngineOptions;
}

/** What a peer has done since its first start. */
export interface Work {
  steps: number;
  frames: number;
  bytes: number;
  dials: number;
}

/** True time at the start: 2026-11-26. */
export const epochMs = 1_795_651_200_000;
/** The room that everybody is in. */
export const roomName = "big";

const stepMs = 0.5;

/** One machine with its person's program. */
export class LightPeer implements LightHost, LinkUser {
  readonly number: number;
  readonly address: string;
  readonly id: PeerId;
  readonly store: SharedStore;
  readonly isHonest: boolean;
  readonly work: Work = { steps: 0, frames: 0, bytes: 0, dials: 0 };
  readonly #world: LightPeerWorld;
  readonly #setup: LightPeerSetup;
  readonly #book: Set<string>;
  readonly #ends = new Map<ConnectionId, LightEnd>();
  readonly #connections = new Map<LightEnd, ConnectionId>();
  #state: "on" | "deaf" | "off" = "deaf";
  #engine: Engine | null = null;
  #inbox: Input[] = [];
  #sources: LightHost[] = [];
  #stirred = false;
  #wakeMs = Infinity;
  #made = 0;
  #starts = 0;
  #gossip = { fresh: 0, copies: 0 };

  constructor(world: LightPeerWorld, setup: LightPeerSetup) {
    this.#world = world;
    this.#setup = setup;
    this.number = setup.number;
    this.address = addressOf(setup.number);
    this.store = setup.store;
    this.isHonest = setup.isHonest;
    this.#book = new Set(setup.contacts);
    this.id = setup.options().identity.peer;
    world.network.add(this);
  }

  get state(): "on" | "deaf" | "off" {
    return this.#state;
  }

  /** The program, while it runs. */
  get engine(): Engine | null {
    return this.#engine;
  }

  /** Both clocks. */
  get now(): Now {
    const { nowMs } = this.#world.queue;
    return { monoMs: nowMs, wallMs: epochMs + Math.round(nowMs) };
  }

  /** How it is connected; `null` while it does not run. */
  get net(): NetReport | null {
    return this.#engine?.net() ?? null;
  }

  /** Posts that came by gossip, in all runs: new ones and known ones. */
  get gossip(): { readonly fresh: number; readonly copies: number } {
    const { fresh, copies } = this.net?.rooms[0] ?? { fresh: 0, copies: 0 };
    return { fresh: this.#gossip.fresh + fresh, copies: this.#gossip.copies + copies };
  }

  /** The number of a post in the library. */
  numberOf(id: PostId): number {
    return this.#world.library.numberOf(id);
  }

  /** Starts the program. */
  start(): void {
    if (this.#engine !== null) return;
    this.#state = "on";
    this.#starts++;
    this.#engine = new Engine(this.#setup.options());
    this.#push({ type: "listening", port: 9797, addresses: [this.address] });
    this.command({ type: "join", room: roomName });
    for (const address of this.#book) this.command({ type: "connect", address });
  }

  /** Ends it: `kill` lets the system reset the sockets, `power` leaves them silent. */
  stop(how: "kill" | "power"): void {
    if (this.#engine === null) return;
    this.#gossip = this.gossip;
    this.#engine = null;
    this.#state = how === "kill" ? "deaf" : "off";
    for (const end of this.#ends.values()) how === "kill" ? end.abort() : end.die();
    this.#ends.clear();
    this.#connections.clear();
    this.#inbox = [];
    this.#sources = [];
    this.#wakeMs = Infinity;
  }

  /** Gives a command to the program, if it runs. */
  command(command: Command): void {
    this.#push({ type: "command", ref: 0, command });
  }

  accept(end: LightEnd, from: string): LinkUser {
    this.#adopt(end, "in", from);
    return this;
  }

  received(end: LightEnd, bytes: Uint8Array): void {
    const connection = this.#connections.get(end);
    if (connection === undefined) return;
    this.#sources.push(end.other.host);
    this.#push({ type: "received", connection, bytes });
  }

  drained(end: LightEnd): void {
    const connection = this.#connections.get(end);
    if (connection !== undefined) this.#push({ type: "drained", connection });
  }

  disconnected(end: LightEnd, reason: string): void {
    const connection = this.#connections.get(end);
    if (connection === undefined) return;
    this.#connections.delete(end);
    this.#ends.delete(connection);
    this.#push({ type: "disconnected", connection, reason });
  }

  #adopt(end: LightEnd, direction: "in" | "out", address: string): void {
    const connection = ++this.#made;
    this.#ends.set(connection, end);
    this.#connections.set(end, connection);
    this.#push({ type: "connected", connection, direction, address });
  }

  #push(input: Input): void {
    if (this.#engine === null) return;
    this.#inbox.push(input);
    if (this.#stirred) return;
    this.#stirred = true;
    this.#world.queue.in(stepMs, () => this.#turn());
  }

  #turn(): void {
    this.#stirred = false;
    if (this.#engine === null) return;
    const sources = this.#sources;
    let inputs: readonly Input[] = this.#inbox.length > 0 ? this.#inbox : [{ type: "wake" }];
    this.#inbox = [];
    this.#sources = [];
    const engine = this.#engine;
    while (inputs.length > 0) {
      this.work.steps++;
      const actions: Action[] = engine.step(inputs, this.now);
      inputs = [];
      for (const action of actions) {
        if (action.type === "append") {
          this.#world.onlooker.stored(this, action, this.store.append(action.arrivals), sources);
          inputs = [{ type: "appended" }];
        } else this.#perform(action);
      }
    }
    this.#arm();
  }

  /** A deadline only moves on most of the time: the wake that stands looks again. */
  #arm(): void {
    const deadlineMs = this.#engine!.deadlineMs;
    if (deadlineMs >= this.#wakeMs) return;
    const { queue } = this.#world;
    const starts = this.#starts;
    const wakeMs = this.#wakeMs = Math.max(deadlineMs, queue.nowMs + stepMs);
    queue.at(wakeMs, () => {
      if (this.#wakeMs !== wakeMs || this.#starts !== starts || this.#engine === null) return;
      this.#wakeMs = Infinity;
      if (this.#engine.deadlineMs > queue.nowMs) this.#arm();
      else if (!this.#stirred) this.#turn();
    });
  }

  #perform(action: Action): void {
    switch (action.type) {
      case "write":
        this.work.frames++;
        this.work.bytes += action.bytes.length;
        this.#ends.get(action.connection)?.write(action.bytes);
        return;
      case "close":
        return this.#close(action.connection);
      case "dial":
        return this.#dial(action.address);
      case "remember":
        this.#book.add(action.address);
        return;
      case "forget":
        this.#book.delete(action.address);
        return;
      default:
        return;
    }
  }

  #dial(address: string): void {
    this.work.dials++;
    const starts = this.#starts;
    const isThis = () => this.#starts === starts && this.#engine !== null;
    this.#world.network.dial(this, address, {
      opened: (end) => {
        if (!isThis()) return null;
        this.#adopt(end, "out", address);
        return this;
      },
      failed: (reason) => {
        if (isThis()) this.#push({ type: "dialFailed", address, reason });
      },
    });
  }

  /** Nothing of a connection is given after its close. */
  #close(connection: ConnectionId): void {
    const end = this.#ends.get(connection);
    this.#ends.delete(connection);
    if (end === undefined) return;
    this.#connections.delete(end);
    end.close();
    this.#inbox = this.#inbox.filter((input) =>
      !("connection" in input) || input.connection !== connection
    );
  }
}
