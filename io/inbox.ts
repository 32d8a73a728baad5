/**
 * The one queue of inputs between the machine and the engine, and what one step takes of it.
 *
 * Commands and other small inputs come first. Received bytes wait in a lane per connection;
 * lanes take turns, so that whoever sends much delays neither the others nor the person at
 * the keyboard. Within a lane the order is kept: open, bytes, closed.
 */

import type { ConnectionId, Input } from "../peer/input.ts";
import type { Limits } from "../wire/limits.ts";

type Connected = Extract<Input, { type: "connected" }>;
type Disconnected = Extract<Input, { type: "disconnected" }>;

/** Bytes that a lane gives in its turn, however many lanes wait: less would cut up every frame. */
const turnBytesMin = 2048;
/** What a turn counts for at least: a message of a handshake is short and takes long. */
const turnCostMin = 1024;

interface Lane {
  readonly connection: ConnectionId;
  connected: Connected | null;
  drained: boolean;
  chunks: Uint8Array[];
  bytes: number;
  disconnected: Disconnected | null;
  /** Stands in the queue of lanes that have something. */
  waits: boolean;
}

/** Inputs that wait for the engine. */
export class Inbox {
  readonly #limits: Limits;
  #small: Input[] = [];
  readonly #lanes = new Map<ConnectionId, Lane>();
  #turns: Lane[] = [];
  #wake = false;
  #arriving = 0;

  /** @param limits For the size of a step. */
  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Whether nothing waits. */
  get empty(): boolean {
    return this.#small.length === 0 && this.#turns.length === 0 && !this.#wake;
  }

  /** Connections opened by others of which the engine has not heard yet. */
  get arriving(): number {
    return this.#arriving;
  }

  /** Bytes of a connection that wait. */
  bytesOf(connection: ConnectionId): number {
    return this.#lanes.get(connection)?.bytes ?? 0;
  }

  /** Queues an input that belongs to no connection. */
  push(input: Exclude<Input, { connection: ConnectionId } | { type: "wake" }>): void {
    this.#small.push(input);
  }

  /** The engine's deadline has come. */
  wake(): void {
    this.#wake = true;
  }

  /** A socket is open. */
  connected(input: Connected): void {
    const lane: Lane = {
      connection: input.connection,
      connected: input,
      drained: false,
      chunks: [],
      bytes: 0,
      disconnected: null,
      waits: false,
    };
    this.#lanes.set(input.connection, lane);
    if (input.direction === "in") this.#arriving++;
    this.#queue(lane);
  }

  /** Bytes came. */
  received(connection: ConnectionId, bytes: Uint8Array): void {
    const lane = this.#lanes.get(connection);
    if (lane === undefined) return;
    lane.chunks.push(bytes);
    lane.bytes += bytes.length;
    this.#queue(lane);
  }

  /** Everything written was taken. */
  drained(connection: ConnectionId): void {
    const lane = this.#lanes.get(connection);
    if (lane === undefined) return;
    lane.drained = true;
    this.#queue(lane);
  }

  /** A socket is gone; what came before is still given first. */
  disconnected(input: Disconnected): void {
    const lane = this.#lanes.get(input.connection);
    if (lane === undefined) return;
    lane.disconnected = input;
    this.#queue(lane);
  }

  /** The engine has closed a connection: nothing of it is given any more. */
  forget(connection: ConnectionId): void {
    const lane = this.#lanes.get(connection);
    if (lane === undefined) return;
    this.#lanes.delete(connection);
    if (lane.connected?.direction === "in") this.#arriving--;
    if (lane.waits) this.#turns = this.#turns.filter((each) => each !== lane);
  }

  /**
   * Takes the inputs of one step: up to `stepInputsMax` small ones, and about `stepBytesMax`
   * of what the lanes hold, from each its part. No byte is left out or touched again.
   */
  take(): Input[] {
    const inputs = this.#small.splice(0, this.#limits.stepInputsMax);
    if (this.#wake) inputs.push({ type: "wake" });
    this.#wake = false;
    const count = this.#turns.length;
    const turnBytes = Math.max(turnBytesMin, Math.floor(this.#limits.stepBytesMax / (count || 1)));
    let leftBytes = this.#limits.stepBytesMax;
    let served = 0;
    for (; served < count && leftBytes > 0; served++) {
      const lane = this.#turns[served]!;
      lane.waits = false;
      const taken = this.#takeLane(lane, Math.min(turnBytes, leftBytes), inputs);
      leftBytes -= Math.max(taken, turnCostMin);
      if (lane.bytes > 0 || lane.disconnected !== null) this.#queue(lane);
    }
    this.#turns = this.#turns.slice(served);
    return inputs;
  }

  #takeLane(lane: Lane, bytesMax: number, inputs: Input[]): number {
    const { connection } = lane;
    if (lane.connected !== null) {
      if (lane.connected.direction === "in") this.#arriving--;
      inputs.push(lane.connected);
      lane.connected = null;
    }
    if (lane.drained) inputs.push({ type: "drained", connection });
    lane.drained = false;
    let left = bytesMax;
    let taken = 0;
    while (taken < lane.chunks.length && left > 0) {
      const chunk = lane.chunks[taken]!;
      if (chunk.length <= left) {
        inputs.push({ type: "received", connection, bytes: chunk });
        taken++;
      } else {
        inputs.push({ type: "received", connection, bytes: chunk.subarray(0, left) });
        lane.chunks[taken] = chunk.subarray(left);
      }
      left -= Math.min(left, chunk.length);
    }
    lane.chunks.splice(0, taken);
    lane.bytes -= bytesMax - left;
    if (lane.disconnected !== null && lane.bytes === 0) {
      inputs.push(lane.disconnected);
      lane.disconnected = null;
      this.#lanes.delete(connection);
    }
    return bytesMax - left;
  }

  #queue(lane: Lane): void {
    if (lane.waits) return;
    lane.waits = true;
    this.#turns.push(lane);
  }
}
