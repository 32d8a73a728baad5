/**
 * One direction of a virtual connection: bytes in order, cut and joined anywhere, with a
 * latency, a bounded number on the way, and all the ways in which a network fails.
 */

import type { Dice } from "./dice.ts";
import type { EventQueue } from "./event_queue.ts";

/** How a direction behaves. */
export interface PipeQuality {
  readonly latencyMs: number;
  /** Added to the latency, at most. */
  readonly jitterMs: number;
  /** Bytes on the way or unread at the other end; the rest waits at the sender. */
  readonly capacityBytes: number;
  /** Longest piece. */
  readonly pieceBytesMax: number;
  /** So many bytes at the beginning come in pieces of at most 4. */
  readonly dribbledBytes: number;
}

/** What comes out of a pipe: bytes, an end in good order, or a reset. */
export type PipeItem = Uint8Array | "end" | "reset";

/** What a pipe leads to and depends on. */
export interface PipeWorld {
  readonly queue: EventQueue;
  readonly dice: Dice;
  readonly quality: PipeQuality;
  /** Whether nothing gets through now; what is on the way comes later. */
  isBlocked(): boolean;
  /** Whether the other end takes something now. */
  isReading(): boolean;
  /** Takes what comes out. */
  arrived(item: PipeItem): void;
  /** All that was written is on the way. */
  emptied(): void;
}

/** One direction. */
export class Pipe {
  readonly #world: PipeWorld;
  readonly #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #inFlightBytes = 0;
  #sentBytes = 0;
  #lastMs = 0;
  /** What has come as far as the other end and is not taken yet. */
  #arrived: PipeItem[] = [];
  #ending = false;
  #ended = false;
  /** Raised when all that is on the way is lost. */
  #generation = 0;
  #vanishing = false;

  constructor(world: PipeWorld) {
    this.#world = world;
  }

  /** Whether nothing arrives any more. */
  get isVanishing(): boolean {
    return this.#vanishing;
  }

  /** Whether something has not left the sender yet. */
  get hasWaiting(): boolean {
    return this.#waitingBytes > 0;
  }

  /** Takes bytes at the sending end. */
  write(bytes: Uint8Array): void {
    if (this.#ending || bytes.length === 0) return;
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    this.#pump();
  }

  /** Ends it after what was written. */
  end(): void {
    this.#ending = true;
    this.#pump();
  }

  /** Drops what waits and resets the other end behind what is on the way. */
  reset(): void {
    if (this.#ended) return;
    this.#dropWaiting();
    this.#ending = this.#ended = true;
    this.#send("reset");
  }

  /** Loses all that is on the way. */
  cut(): void {
    this.#dropWaiting();
    this.#ending = this.#ended = true;
    this.#arrived = [];
    this.#generation++;
  }

  /** From now on nothing arrives, and nobody says so. */
  vanish(): void {
    this.#vanishing = true;
  }

  /** Hands over what has arrived, as far as the other end takes it. */
  deliver(): void {
    const world = this.#world;
    while (this.#arrived.length > 0 && world.isReading()) {
      if (this.#vanishing || world.isBlocked()) return;
      const item = this.#arrived.shift()!;
      if (typeof item !== "string") this.#inFlightBytes -= item.length;
      world.arrived(item);
      this.#pump();
    }
  }

  #pump(): void {
    const { quality } = this.#world;
    if (this.#waitingBytes > 0) {
      while (this.#waitingBytes > 0 && this.#inFlightBytes < quality.capacityBytes) {
        const piece = this.#takePiece(quality.capacityBytes - this.#inFlightBytes);
        this.#inFlightBytes += piece.length;
        this.#send(piece);
      }
      if (this.#waitingBytes === 0) this.#world.emptied();
    }
    if (this.#ending && !this.#ended && this.#waitingBytes === 0) {
      this.#ended = true;
      this.#send("end");
    }
  }

  #takePiece(bytesMax: number): Uint8Array {
    const { quality, dice } = this.#world;
    const first = this.#waiting[0]!;
    const most = this.#sentBytes < quality.dribbledBytes ? 4 : quality.pieceBytesMax;
    const whole = first.length <= most && dice.chance(0.7);
    const length = Math.min(first.length, bytesMax, whole ? most : 1 + dice.below(most));
    if (length === first.length) this.#waiting.shift();
    else this.#waiting[0] = first.subarray(length);
    this.#waitingBytes -= length;
    this.#sentBytes += length;
    return first.subarray(0, length);
  }

  #send(item: PipeItem): void {
    const { queue, dice, quality } = this.#world;
    const travelMs = quality.latencyMs + dice.next() * quality.jitterMs;
    this.#lastMs = Math.max(this.#lastMs, queue.nowMs + travelMs);
    const generation = this.#generation;
    queue.at(this.#lastMs, () => {
      if (generation !== this.#generation) return;
      this.#arrived.push(item);
      this.deliver();
    });
  }

  #dropWaiting(): void {
    this.#waiting.length = 0;
    this.#waitingBytes = 0;
  }
}
