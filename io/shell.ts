/**
 * The loop around the engine: one queue of inputs, one switch over actions.
 *
 * Sockets, timers and callers put inputs into the inbox and never call the engine, so it is
 * never entered twice. A turn takes a bounded part of the inbox into one step, performs the
 * actions in order, and goes on after the sockets had their turn. The first turn after a
 * rest comes at once: a single post waits for nothing.
 *
 * An exception out of the engine is a bug. Its state cannot be trusted any more, so
 * everything is closed and the owner is told, once.
 */

import type { Action, Arrival, Outcome, ReceiptChange } from "../peer/action.ts";
import { ChatError } from "../peer/errors.ts";
import type { Command, Input, Now } from "../peer/input.ts";
import type { PersonRecord, SealingKey } from "../peer/letter.ts";
import type { Notice } from "../peer/notice.ts";
import type { RoomSecret } from "../peer/room_secret.ts";
import type { LogId, PeerId, PostId, RoomId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import { Breath } from "./breath.ts";
import type { Socket } from "./connection.ts";
import type { Dialled } from "./dialer.ts";
import { Inbox } from "./inbox.ts";
import { Sockets } from "./sockets.ts";
import { StoreError } from "./store/store_error.ts";

/** What the shell needs of an engine. */
export interface SteppedEngine {
  step(inputs: readonly Input[], now: Now): Action[];
  readonly deadlineMs: number;
  /** Unfinished handshakes of links that others opened. */
  readonly handshakes: number;
  /** Links that others opened, unfinished ones included. */
  readonly inbound: number;
}

/** What the shell needs of the machine. */
export interface ShellPorts {
  /** Stores posts; throws `StoreError` and then has stored none. */
  append(arrivals: readonly Arrival[], newLog: LogId | null, wallMs: number): void;
  /** Keeps an address for the next start; throws `StoreError`. */
  remember(address: string, peer: PeerId, wallMs: number): void;
  /** Counts a dial in vain to a kept address; throws `StoreError`. */
  unreachable(address: string): void;
  /** Forgets an address; throws `StoreError`. */
  forget(address: string): void;
  /** Keeps the own name for the next start; throws if it cannot. */
  rememberName(name: string): void;
  /** Keeps what was decided about somebody; throws `StoreError`. */
  rememberPerson(peer: PeerId, person: PersonRecord): void;
  /** Keeps the own sealing keys; throws `StoreError`. */
  rememberKeys(keys: readonly SealingKey[]): void;
  /** Keeps who holds what in a room; throws `StoreError`. */
  keepReceipts(room: RoomId, change: ReceiptChange): void;
  /** Keeps the secret of a private room; throws `StoreError`. */
  keepRoom(room: RoomId, secret: RoomSecret): void;
  /** Keeps the secret of an epoch; throws `StoreError`. */
  keepEpoch(room: RoomId, epoch: PostId, secret: Uint8Array): void;
  /** Opens a socket; never rejects. */
  dial(address: string): Promise<Dialled>;
  /** Takes a notice. */
  notify(notice: Notice): void;
  /** Whether notices wait for their reader, so that no more should be read. */
  holds(): boolean;
  /** Called after each turn: more connections may be welcome. */
  turned(): void;
  /** One line of diagnostics. */
  log(line: string): void;
  /** The engine has failed and all is closed; called once. */
  failed(error: unknown): void;
}

/** Asserts the rules of the order of actions (peer/order_check.ts). */
export interface Checker {
  check(inputs: readonly Input[], actions: readonly Action[]): void;
}

/** Longest wait that a timer of the runtime can be set to. */
const timerMsMax = 2 ** 31 - 1;

/** The loop of one peer. */
export class Shell {
  readonly #engine: SteppedEngine;
  readonly #ports: ShellPorts;
  readonly #limits: Limits;
  readonly #checker: Checker | null;
  readonly #inbox: Inbox;
  readonly #breath = new Breath();
  readonly #sockets: Sockets;
  readonly #answers = new Map<number, PromiseWithResolvers<PostId | null>>();
  #nextRef = 1;
  /** `resting`: the next input starts a turn; `waiting`: a turn or a breath is under way. */
  #state: "resting" | "waiting" | "stopped" = "resting";
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timerMs = Infinity;

  /**
   * @param engine The engine; nobody else may step it.
   * @param ports The machine.
   * @param limits The table of limits.
   * @param checker Looks over all inputs and actions, in debug mode.
   */
  constructor(
    engine: SteppedEngine,
    ports: ShellPorts,
    limits: Limits,
    checker: Checker | null = null,
  ) {
    this.#engine = engine;
    this.#ports = ports;
    this.#limits = limits;
    this.#checker = checker;
    this.#inbox = new Inbox(limits);
    this.#sockets = new Sockets(this.#inbox, limits, {
      holds: () => ports.holds(),
      stirred: () => this.#stir(),
    });
  }

  /** Both clocks, now. */
  get now(): Now {
    return { monoMs: performance.now(), wallMs: Date.now() };
  }

  /** Whether one more connection from outside fits. */
  get mayAccept(): boolean {
    const { arriving } = this.#inbox;
    return this.#state !== "stopped" && !this.#ports.holds() &&
      this.#engine.handshakes + arriving < this.#limits.handshakesMax &&
      this.#engine.inbound + arriving < this.#limits.connectionsInMax;
  }

  /**
   * Gives a command to the engine.
   *
   * @returns The id of the post it made, if any.
   * @throws {ChatError} What the engine answers, or `closed`.
   */
  command(command: Command): Promise<PostId | null> {
    if (this.#state === "stopped") return Promise.reject(closedError());
    const answer = Promise.withResolvers<PostId | null>();
    const ref = this.#nextRef++;
    this.#answers.set(ref, answer);
    this.#inbox.push({ type: "command", ref, command });
    this.#stir();
    return answer.promise;
  }

  /** Tells the engine where this peer can be dialled. */
  listening(
    port: number | null,
    addresses: readonly string[],
    otherPorts: readonly number[] = [],
  ): void {
    this.#inbox.push({ type: "listening", port, addresses, otherPorts });
    this.#stir();
  }

  /** Tells the engine that the machine is on another network or has slept. */
  networkChanged(): void {
    this.#inbox.push({ type: "networkChanged" });
    this.#stir();
  }

  /** Tells the engine that posts of these rooms were removed. */
  pruned(rooms: readonly RoomId[]): void {
    this.#inbox.push({ type: "pruned", rooms });
    this.#stir();
  }

  /** Tells the engine of an address. */
  found(address: string, finder: string): void {
    this.#inbox.push({ type: "found", address, finder });
    this.#stir();
  }

  /** Takes over an open socket. */
  adopt(
    socket: Socket,
    direction: "in" | "out",
    address: string,
    remote: string = address,
  ): void {
    if (this.#state === "stopped") socket.close();
    else this.#sockets.adopt(socket, direction, address, remote);
  }

  /** The reader of the notices has caught up: more may be read and accepted. */
  readOn(): void {
    this.#sockets.readOn();
    this.#ports.turned();
  }

  /** Steps no more, refuses what waits and closes all sockets, flushing what was written. */
  async stop(): Promise<void> {
    this.#halt();
    await this.#sockets.closeAll();
  }

  #halt(): void {
    this.#state = "stopped";
    clearTimeout(this.#timer);
    for (const answer of this.#answers.values()) answer.reject(closedError());
    this.#answers.clear();
  }

  /** Something waits: a turn comes as soon as the present callers have returned. */
  #stir(): void {
    if (this.#state !== "resting") return;
    this.#state = "waiting";
    queueMicrotask(() => this.#turn());
  }

  #turn(): void {
    if (this.#state === "stopped") return;
    const startMs = performance.now();
    try {
      this.#step(this.#inbox.take());
      this.#setTimer();
    } catch (error) {
      return this.#fail(error);
    }
    this.readOn();
    this.#breath.spent(performance.now() - startMs);
    this.#breath.take(() => this.#afterBreath());
  }

  #afterBreath(): void {
    if (this.#state === "stopped") return;
    if (!this.#inbox.empty) return this.#turn();
    this.#breath.idle();
    this.#state = "resting";
  }

  /** Steps, and steps again with the answer as long as there is something to store. */
  #step(first: readonly Input[]): void {
    let inputs: readonly Input[] | null = first;
    while (inputs !== null) {
      const actions = this.#engine.step(inputs, this.now);
      this.#checker?.check(inputs, actions);
      inputs = null;
      for (const action of actions) {
        if (action.type === "append") inputs = [this.#append(action.arrivals, action.newLog)];
        else this.#perform(action);
      }
    }
  }

  #append(arrivals: readonly Arrival[], newLog: LogId | null): Input {
    try {
      this.#ports.append(arrivals, newLog, Date.now());
      return { type: "appended" };
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      this.#ports.log(`store: ${error.message}`);
      const code = error.code === "disk-full" ? "disk-full" : "disk-error";
      return { type: "appendFailed", code, detail: error.detail };
    }
  }

  #perform(action: Exclude<Action, { type: "append" }>): void {
    switch (action.type) {
      case "acknowledge":
        return this.#acknowledge(action.ref, action.outcome);
      case "write":
        return this.#sockets.write(action.connection, action.bytes);
      case "close":
        return this.#sockets.close(action.connection);
      case "dial":
        this.#dial(action.address);
        return;
      case "remember":
        return this.#keep(() => this.#ports.remember(action.address, action.peer, Date.now()));
      case "unreachable":
        return this.#keep(() => this.#ports.unreachable(action.address));
      case "forget":
        return this.#keep(() => this.#ports.forget(action.address));
      case "rememberName":
        return this.#keep(() => this.#ports.rememberName(action.name));
      case "rememberPerson":
        return this.#keep(() => this.#ports.rememberPerson(action.peer, action.person));
      case "rememberKeys":
        return this.#keep(() => this.#ports.rememberKeys(action.keys));
      case "keepReceipts":
        return this.#keep(() => this.#ports.keepReceipts(action.room, action.change));
      case "keepRoom":
        return this.#keep(() => this.#ports.keepRoom(action.room, action.secret));
      case "keepEpoch":
        return this.#keep(() => this.#ports.keepEpoch(action.room, action.epoch, action.secret));
      case "notify":
        return this.#ports.notify(action.notice);
    }
  }

  #acknowledge(ref: number, outcome: Outcome): void {
    const answer = this.#answers.get(ref);
    this.#answers.delete(ref);
    if (outcome.ok) answer?.resolve(outcome.id);
    else answer?.reject(new ChatError(outcome.code, outcome.message));
  }

  async #dial(address: string): Promise<void> {
    const dialled = await this.#ports.dial(address);
    if (dialled.ok) return this.adopt(dialled.socket, "out", address, dialled.remote);
    // Given up because this peer leaves, it has not failed.
    if (dialled.reason === null || this.#state === "stopped") return;
    this.#inbox.push({ type: "dialFailed", address, reason: dialled.reason });
    this.#stir();
  }

  /** Keeps something that only the next start would miss: a failure is noted, no more. */
  #keep(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.#ports.log(`store: ${error instanceof Error ? error.message : error}`);
    }
  }

  /** One timer for the one deadline; one that goes off too early is harmless. */
  #setTimer(): void {
    const { deadlineMs } = this.#engine;
    if (deadlineMs >= this.#timerMs || deadlineMs === Infinity) return;
    clearTimeout(this.#timer);
    this.#timerMs = deadlineMs;
    const waitMs = Math.max(0, Math.ceil(deadlineMs - performance.now()));
    this.#timer = setTimeout(() => {
      this.#timerMs = Infinity;
      this.#inbox.wake();
      this.#stir();
    }, Math.min(waitMs, timerMsMax));
  }

  #fail(error: unknown): void {
    this.#halt();
    this.#sockets.abortAll();
    this.#ports.failed(error);
  }
}

function closedError(): ChatError {
  return new ChatError("closed", "This peer is closed");
}
