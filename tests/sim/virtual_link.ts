/**
 * A virtual connection: two ends with a pipe each way. What an end reports and when it falls
 * silent is the contract of io/connection.ts; what the network does to it in between is drawn
 * or comes from faults.ts.
 */

import type { Dice } from "./dice.ts";
import type { EventQueue } from "./event_queue.ts";
import { Pipe, type PipeItem, type PipeQuality } from "./pipe.ts";

/** What happens at one end. */
export interface LinkOwner {
  received(bytes: Uint8Array): void;
  drained(): void;
  /** The last event; never after the owner's own close. */
  disconnected(reason: string): void;
}

/** What both ends share. */
export interface LinkWorld {
  readonly queue: EventQueue;
  readonly dice: Dice;
  /** Bytes after which a drained connection is reported. */
  readonly lowWaterBytes: number;
  /** How long a closing end may take for what was written. */
  readonly closeMs: number;
}

/** The path from one end to the other. */
export interface Path {
  readonly quality: PipeQuality;
  isBlocked(): boolean;
}

/** One end of a connection. */
export class LinkEnd {
  readonly #world: LinkWorld;
  readonly #pipe: Pipe;
  #other: LinkEnd | null = null;
  #owner: LinkOwner | null = null;
  /** `dead`: the machine is switched off, or has forgotten the connection for good. */
  #state: "open" | "closing" | "shut" | "dead" = "open";
  #writtenBytes = 0;
  #pausedUntilMs = 0;

  constructor(world: LinkWorld, path: Path) {
    this.#world = world;
    this.#pipe = new Pipe({
      queue: world.queue,
      dice: world.dice,
      quality: path.quality,
      isBlocked: () => path.isBlocked(),
      isReading: () => this.#other!.isReading,
      arrived: (item) => this.#other!.#onItem(item),
      emptied: () => this.#onEmptied(),
    });
  }

  /** Two ends, joined. */
  static pair(world: LinkWorld, there: Path, back: Path): [LinkEnd, LinkEnd] {
    const [a, b] = [new LinkEnd(world, there), new LinkEnd(world, back)];
    a.#other = b;
    b.#other = a;
    return [a, b];
  }

  /** Says who is told what happens here. */
  own(owner: LinkOwner): void {
    this.#owner = owner;
  }

  /** Whether the owner may still use it. */
  get isOpen(): boolean {
    return this.#state === "open";
  }

  /** Whether it is in use, and dead without knowing. */
  get isBroken(): boolean {
    const other = this.#other!;
    return this.isOpen &&
      (other.#state === "dead" || other.#pipe.isVanishing || this.#pipe.isVanishing);
  }

  /** Whether what arrives is taken now. */
  get isReading(): boolean {
    return this.#state !== "dead" && this.#world.queue.nowMs >= this.#pausedUntilMs;
  }

  /** Queues bytes. */
  write(bytes: Uint8Array): void {
    if (!this.isOpen) return;
    this.#writtenBytes += bytes.length;
    this.#pipe.write(bytes);
  }

  /** Closes after what was written, as io/connection.ts does. */
  close(): void {
    if (!this.isOpen) return;
    this.#state = "closing";
    this.#pipe.end();
    this.#world.queue.in(this.#world.closeMs, () => {
      if (this.#state !== "closing") return;
      this.#state = "shut";
      if (this.#pipe.hasWaiting) this.#pipe.reset();
    });
  }

  /** The process is gone and its system resets what it had open. */
  abort(): void {
    if (this.#state === "shut") return;
    this.#state = "shut";
    this.#pipe.reset();
  }

  /** The machine is off, or a box on the way has forgotten the connection: silence. */
  die(): void {
    this.#state = "dead";
    this.#pipe.vanish();
  }

  /** The machine is on again: it knows nothing of this connection and says so when asked. */
  revive(): void {
    if (this.#state === "dead") this.#state = "shut";
    this.#other!.#pipe.deliver();
  }

  /** The path to the other end is gone, in this direction only. */
  vanish(): void {
    this.#pipe.vanish();
  }

  /** Both ends are told at once that the connection is broken, and all on the way is lost. */
  cut(reason: string): void {
    for (const end of [this, this.#other!]) {
      end.#pipe.cut();
      if (end.#state !== "dead") end.#shut(reason);
    }
  }

  /** This end alone is told that the connection is broken; the other hears nothing more. */
  breakHalf(reason: string): void {
    const owner = this.#owner;
    const tell = this.isOpen;
    this.die();
    if (tell) owner?.disconnected(reason);
  }

  /** Reads nothing for a while. */
  pause(ms: number): void {
    this.#pausedUntilMs = this.#world.queue.nowMs + ms;
    this.#world.queue.in(ms, () => this.#other!.#pipe.deliver());
  }

  /** The path is free again. */
  unblock(): void {
    this.#pipe.deliver();
  }

  #onItem(item: PipeItem): void {
    if (item === "end") return this.#shut("closed by the other side");
    if (item === "reset") return this.#shut("connection reset");
    if (this.#state === "open") this.#owner?.received(item);
    else if (this.#state === "shut") this.#pipe.reset();
  }

  #shut(reason: string): void {
    const tell = this.isOpen;
    this.#state = "shut";
    this.#pipe.end();
    if (tell) this.#owner?.disconnected(reason);
  }

  /** Owed after enough bytes; now and then it comes without. */
  #onEmptied(): void {
    const { dice, queue, lowWaterBytes } = this.#world;
    if (this.#writtenBytes < lowWaterBytes && !dice.chance(0.05)) return;
    this.#writtenBytes = 0;
    queue.in(dice.next(), () => {
      if (this.isOpen && !this.#pipe.hasWaiting) this.#owner?.drained();
      else this.#writtenBytes = lowWaterBytes;
    });
  }
}
