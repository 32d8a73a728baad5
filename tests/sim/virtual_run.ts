/**
 * One run of a virtual peer's program, from start to end or crash: what io/shell.ts is to a
 * real one, with everything that the shell may do otherwise drawn from the seed: how inputs
 * are grouped into steps, how late a timer goes off, how long the disk takes, and between
 * which two actions it all ends.
 */

import type { Action, Outcome } from "../../peer/action.ts";
import { Engine, type EngineOptions } from "../../peer/engine.ts";
import type { Command, ConnectionId, Input, Now } from "../../peer/input.ts";
import type { Dice } from "./dice.ts";
import type { EventQueue } from "./event_queue.ts";
import type { LinkEnd, LinkOwner } from "./virtual_link.ts";

/** Actions that the next start will know of. */
export type Kept =
  | "remember"
  | "unreachable"
  | "forget"
  | "rememberName"
  | "rememberPerson"
  | "rememberKeys"
  | "keepReceipts"
  | "keepRoom"
  | "keepEpoch";

/** What a run needs of its peer. */
export interface RunOwner {
  readonly queue: EventQueue;
  readonly dice: Dice;
  readonly wallMs: number;
  /** Longest time between an input and the step that takes it. */
  readonly stepDelayMsMax: number;
  /** How long the disk takes for one append, at most. */
  readonly diskMsMax: number;
  /** Performs an append; says whether it succeeded. */
  append(action: Extract<Action, { type: "append" }>): boolean;
  /** Opens a socket for the run. */
  dial(run: VirtualRun, address: string): void;
  /** Keeps or forgets something for the next start. */
  keep(action: Extract<Action, { type: Kept }>): void;
  /** A command has been answered. */
  answered(ref: number, outcome: Outcome): void;
  /** A step is about to be taken. */
  stepping(run: VirtualRun, inputs: readonly Input[]): void;
  /** A step has been taken; its actions are performed next. */
  stepped(run: VirtualRun, inputs: readonly Input[], actions: readonly Action[], now: Now): void;
  /** The moment of the crash that was arranged. */
  crashNow(): void;
}

/** One run. */
export class VirtualRun {
  readonly engine: Engine;
  readonly #owner: RunOwner;
  readonly #startMs: number;
  readonly #monoBaseMs: number;
  readonly #ends = new Map<ConnectionId, LinkEnd>();
  readonly #addresses = new Map<ConnectionId, string>();
  #inbox: Input[] = [];
  #answer: Input | null = null;
  #isOver = false;
  #turnMs = Infinity;
  #frozenUntilMs = 0;
  #connections = 0;
  #refs = 0;
  #actionsLeft = Infinity;

  constructor(owner: RunOwner, options: EngineOptions) {
    this.#owner = owner;
    this.#startMs = owner.queue.nowMs;
    this.#monoBaseMs = owner.dice.below(1_000_000);
    this.engine = new Engine(options);
  }

  /** Both clocks. */
  get now(): Now {
    const { queue, wallMs } = this.#owner;
    return { monoMs: queue.nowMs - this.#startMs + this.#monoBaseMs, wallMs };
  }

  /** Whether it has ended. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** The other end of a connection. */
  addressOf(connection: ConnectionId): string {
    return this.#addresses.get(connection) ?? "?";
  }

  /** Hands a command to the engine; returns its number. */
  command(command: Command): number {
    const ref = ++this.#refs;
    this.push({ type: "command", ref, command });
    return ref;
  }

  /** Hands an input to the engine, in its turn. */
  push(input: Input): void {
    if (this.#isOver) return;
    this.#inbox.push(input);
    const { queue, dice, stepDelayMsMax } = this.#owner;
    this.#stir(queue.nowMs + dice.next() * stepDelayMsMax);
  }

  /** Takes over a socket. */
  adopt(end: LinkEnd, direction: "in" | "out", address: string): LinkOwner {
    const connection = ++this.#connections;
    this.#ends.set(connection, end);
    this.#addresses.set(connection, address);
    this.push({ type: "connected", connection, direction, address });
    return {
      received: (bytes) => this.push({ type: "received", connection, bytes }),
      drained: () => this.push({ type: "drained", connection }),
      disconnected: (reason) => {
        this.#ends.delete(connection);
        this.push({ type: "disconnected", connection, reason });
      },
    };
  }

  /** Does nothing for a while, as under a debugger or on a machine that sleeps. */
  freeze(ms: number): void {
    this.#frozenUntilMs = this.#owner.queue.nowMs + ms;
  }

  /** Arranges the end of the run after so many more actions. */
  crashAfter(actions: number): void {
    this.#actionsLeft = actions;
  }

  /** Ends it: `kill` lets the system reset the sockets, `power` leaves them silent. */
  stop(how: "kill" | "power" | "exit"): void {
    this.#isOver = true;
    for (const end of this.#ends.values()) {
      if (how === "kill") end.abort();
      else if (how === "power") end.die();
      else end.close();
    }
  }

  #stir(atMs: number): void {
    const turnMs = Math.max(atMs, this.#frozenUntilMs);
    if (turnMs >= this.#turnMs) return;
    this.#turnMs = turnMs;
    this.#owner.queue.at(turnMs, () => {
      if (this.#isOver || this.#turnMs !== turnMs) return;
      this.#turnMs = Infinity;
      if (this.#owner.queue.nowMs < this.#frozenUntilMs) this.#stir(this.#frozenUntilMs);
      else this.#turn();
    });
  }

  #turn(): void {
    const { now } = this;
    const inputs = this.#take();
    this.#owner.stepping(this, inputs);
    const actions = this.engine.step(inputs, now);
    this.#owner.stepped(this, inputs, actions, now);
    for (const action of actions) {
      if (this.#actionsLeft-- <= 0) return this.#owner.crashNow();
      this.#perform(action);
    }
    this.#stirNext();
  }

  #stirNext(): void {
    const { queue, dice, diskMsMax, stepDelayMsMax } = this.#owner;
    if (this.#answer !== null) return this.#stir(queue.nowMs + dice.next() * diskMsMax);
    if (this.#inbox.length > 0) return this.#stir(queue.nowMs + dice.next() * stepDelayMsMax);
    const { deadlineMs } = this.engine;
    if (deadlineMs === Infinity) return;
    const lateMs = dice.chance(0.05) ? dice.next() * 500 : dice.next() * 4;
    const earlyMs = dice.chance(0.05) ? dice.next() * 1_000 : 0;
    const dueMs = deadlineMs - this.#monoBaseMs + this.#startMs;
    this.#stir(Math.max(queue.nowMs, dueMs - earlyMs) + lateMs);
  }

  /** Some or all of what waits, in order; pieces that came together may be joined. */
  #take(): Input[] {
    const { dice } = this.#owner;
    const inputs: Input[] = this.#answer === null ? [] : [this.#answer];
    const alone = this.#answer !== null && dice.chance(0.7);
    this.#answer = null;
    if (alone) return inputs;
    const count = dice.chance(0.6) ? this.#inbox.length : dice.count(1, this.#inbox.length);
    const join = dice.chance(0.5);
    for (const input of this.#inbox.splice(0, count)) {
      const last = inputs.at(-1);
      const joins = join && input.type === "received" && last?.type === "received" &&
        last.connection === input.connection;
      if (joins) {
        inputs[inputs.length - 1] = { ...last, bytes: concatenate(last.bytes, input.bytes) };
      } else inputs.push(input);
    }
    return inputs.length > 0 ? inputs : [{ type: "wake" }];
  }

  #perform(action: Action): void {
    const owner = this.#owner;
    switch (action.type) {
      case "append":
        this.#answer = owner.append(action)
          ? { type: "appended" }
          : { type: "appendFailed", code: "disk-full", detail: "no space left" };
        return;
      case "acknowledge":
        return owner.answered(action.ref, action.outcome);
      case "write":
        return this.#ends.get(action.connection)?.write(action.bytes);
      case "close":
        return this.#close(action.connection);
      case "dial":
        return owner.dial(this, action.address);
      case "remember":
      case "unreachable":
      case "forget":
      case "rememberName":
      case "rememberPerson":
      case "rememberKeys":
      case "keepReceipts":
      case "keepRoom":
      case "keepEpoch":
        return owner.keep(action);
      case "notify":
        return;
    }
  }

  /** Nothing of a connection is given after its close. */
  #close(connection: ConnectionId): void {
    this.#ends.get(connection)?.close();
    this.#ends.delete(connection);
    this.#inbox = this.#inbox.filter((input) =>
      !("connection" in input) || input.connection !== connection
    );
  }
}

function concatenate(first: Uint8Array, second: Uint8Array): Uint8Array {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}
