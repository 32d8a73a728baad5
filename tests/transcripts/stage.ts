/**
 * The stage of a transcript: engines with memory stores, linked by a network without delay, on
 * a clock that moves only when the script says so. Every step goes into the transcript, with
 * its inputs (>) and the whole list of its actions (<).
 */

import type { Action } from "../../peer/action.ts";
import type { Command, ConnectionId, Input, Now } from "../../peer/input.ts";
import { OrderCheck } from "../../peer/order_check.ts";
import { Engine } from "../../peer/engine.ts";
import type { CryptoSuite } from "../../wire/crypto_suite.ts";
import { type LogId, logIdBytes, type PeerId, toId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { EngineWords } from "../engine_words.ts";
import { newIdentity, type TestIdentity } from "../link_peers.ts";
import { plainChannels } from "../plain_channel.ts";
import { seededRng } from "../rng.ts";
import { seededCrypto } from "../seeded_crypto.ts";
import { MemoryStore } from "../unit/memory_store.ts";
import { watchedChannels } from "../watched_channel.ts";
import { type End, joinEnds } from "./ends.ts";

/** 2026-11-26: the moment at which every transcript begins. */
const epochMs = 1_795_651_200_000;
/** More steps than this at one moment are a loop. */
const stepsMax = 1_000;

/** Somebody on the stage, with or without a running engine. */
export interface Actor {
  readonly name: string;
  readonly id: PeerId;
  readonly crypto: CryptoSuite;
  readonly identity: TestIdentity;
  readonly store: MemoryStore;
  readonly log: LogId;
  engine: Engine | null;
  order: OrderCheck;
  inbox: Input[];
  readonly ends: Map<ConnectionId, { readonly end: End; readonly other: string }>;
  connections: number;
  refs: number;
  isDiskFull: boolean;
  clockOffsetMs: number;
}

/** All actors and what passes between them. */
export class Stage {
  readonly words: EngineWords;
  readonly #actors = new Map<string, Actor>();
  readonly #write: (line: string) => void;
  #nowMs = 0;
  #writtenMs = 0;
  #ports = 50_000;

  /** @param write Takes the lines of the transcript. */
  constructor(write: (line: string) => void) {
    this.#write = write;
    this.words = new EngineWords(seededCrypto(0));
  }

  /** Puts somebody on the stage and starts the engine. */
  add(name: string): void {
    const crypto = seededCrypto(1 + this.#actors.size);
    const identity = newIdentity(crypto);
    this.words.call(identity.peer, name);
    const actor: Actor = {
      name,
      id: identity.peer,
      crypto,
      identity,
      store: new MemoryStore(),
      log: toId<LogId>(crypto.randomBytes(logIdBytes)),
      engine: null,
      order: new OrderCheck(),
      inbox: [],
      ends: new Map(),
      connections: 0,
      refs: 0,
      isDiskFull: false,
      clockOffsetMs: 0,
    };
    this.#actors.set(name, actor);
    this.start(name);
  }

  /** An actor by name. */
  actor(name: string): Actor {
    const actor = this.#actors.get(name);
    if (actor === undefined) throw new Error(`Nobody is called ${JSON.stringify(name)}`);
    return actor;
  }

  /** Both clocks of somebody. */
  nowOf(actor: Actor): Now {
    return { monoMs: this.#nowMs, wallMs: Math.round(epochMs + this.#nowMs) + actor.clockOffsetMs };
  }

  /** Starts an engine on what is stored. */
  start(name: string): void {
    const actor = this.actor(name);
    const { crypto, identity: { peer, identity }, store } = actor;
    const below = plainChannels(peer, (length) => crypto.randomBytes(length));
    actor.order = new OrderCheck();
    actor.engine = new Engine({
      identity: { peer, secretKey: identity.secretKey },
      name,
      log: store.log ?? actor.log,
      channels: watchedChannels(below, this.words.watcher),
      crypto,
      rng: seededRng(1),
      reader: store,
      limits: defaultLimits,
    });
  }

  /** Ends an engine in the middle; its sockets are reset. */
  stop(name: string): void {
    const actor = this.actor(name);
    actor.engine = null;
    actor.inbox = [];
    for (const { end } of actor.ends.values()) end.close("connection reset");
    actor.ends.clear();
  }

  /** Gives a command to an engine; it is taken in the next step. */
  command(name: string, command: Command): void {
    const actor = this.actor(name);
    actor.inbox.push({ type: "command", ref: ++actor.refs, command });
  }

  /** The ends of all connections of one with another. */
  endsBetween(name: string, other: string): End[] {
    return [...this.actor(name).ends.values()].filter((link) => link.other === other)
      .map(({ end }) => end);
  }

  /** Steps those who have something to do until nobody has. */
  settle(): void {
    for (let steps = 0;; steps++) {
      const next = [...this.#actors.values()].find(({ engine, inbox }) =>
        engine !== null && inbox.length > 0
      );
      if (next === undefined) return;
      if (steps > stepsMax) throw new Error(`More than ${stepsMax} steps at one moment`);
      this.#step(next, next.inbox.splice(0));
    }
  }

  /** Lets time pass, with a wake whenever one is wanted. */
  wait(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (;;) {
      const running = [...this.#actors.values()].filter(({ engine }) => engine !== null);
      const dueMs = Math.min(...running.map(({ engine }) => engine!.deadlineMs));
      if (dueMs > endMs) break;
      this.#nowMs = Math.max(this.#nowMs, dueMs);
      for (const actor of running) {
        if (actor.engine!.deadlineMs <= this.#nowMs) actor.inbox.push({ type: "wake" });
      }
      this.settle();
    }
    this.#nowMs = endMs;
  }

  /** Opens a connection to somebody who runs, as `from` or as a stranger of that name. */
  connect(from: string, to: string): { readonly end: End } | null {
    const target = this.#actors.get(to);
    if (target === undefined || target.engine === null) return null;
    const [near, far] = joinEnds(defaultLimits.writeLowWaterBytes);
    this.#adopt(target, far, "in", `${from}:${++this.#ports}`, from);
    return { end: near };
  }

  #adopt(actor: Actor, end: End, direction: "in" | "out", address: string, other: string): void {
    const connection = ++actor.connections;
    actor.ends.set(connection, { end, other });
    end.own({
      received: (bytes) => actor.inbox.push({ type: "received", connection, bytes }),
      drained: () => actor.inbox.push({ type: "drained", connection }),
      disconnected: (reason) => actor.inbox.push({ type: "disconnected", connection, reason }),
    });
    actor.inbox.push({ type: "connected", connection, direction, address });
  }

  #step(actor: Actor, taken: Input[]): void {
    const linkName = (connection: ConnectionId) =>
      `${connection} (${actor.ends.get(connection)?.other ?? "?"})`;
    for (let inputs: Input[] | null = taken; inputs !== null;) {
      const actions = actor.engine!.step(inputs, this.nowOf(actor));
      actor.order.check(inputs, actions);
      this.#writeTime();
      for (const input of inputs) {
        this.#write(`${actor.name} > ${this.words.input(input, linkName)}`);
      }
      for (const action of actions) {
        this.#write(`${actor.name} < ${this.words.action(action, linkName)}`);
      }
      inputs = null;
      for (const action of actions) {
        if (action.type === "append") inputs = [this.#append(actor, action)];
        else this.#perform(actor, action);
      }
    }
  }

  #writeTime(): void {
    if (this.#nowMs === this.#writtenMs) return;
    this.#writtenMs = this.#nowMs;
    this.#write(`at ${(this.#nowMs / 1_000).toFixed(3)} s`);
  }

  #append(actor: Actor, action: Extract<Action, { type: "append" }>): Input {
    if (actor.isDiskFull) {
      return { type: "appendFailed", code: "disk-full", detail: "no space left" };
    }
    actor.store.append(action.arrivals, action.newLog, this.nowOf(actor).wallMs);
    return { type: "appended" };
  }

  #perform(actor: Actor, action: Exclude<Action, { type: "append" }>): void {
    switch (action.type) {
      case "write":
        return actor.ends.get(action.connection)?.end.write(action.bytes);
      case "close":
        actor.ends.get(action.connection)?.end.close("closed by the other side");
        actor.ends.delete(action.connection);
        actor.inbox = actor.inbox.filter((input) =>
          !("connection" in input) || input.connection !== action.connection
        );
        return;
      case "dial":
        return this.#dial(actor, action.address);
      case "acknowledge":
      case "remember":
      case "unreachable":
      case "forget":
      case "rememberName":
      case "rememberPerson":
      case "rememberKeys":
      case "keepReceipts":
      case "notify":
        return;
    }
  }

  #dial(actor: Actor, address: string): void {
    const to = address.split(":")[0]!;
    const link = this.connect(actor.name, to);
    if (link !== null) this.#adopt(actor, link.end, "out", address, to);
    else actor.inbox.push({ type: "dialFailed", address, reason: "connection refused" });
  }
}
