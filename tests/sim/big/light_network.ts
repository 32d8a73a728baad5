/**
 * A network of thousands of hosts: what is written arrives whole, after a latency that each
 * pair of hosts has of its own. Links can be held up (a partition, a slow reader), cut, or left
 * dead without a word. There is no bandwidth and no loss, as TCP shows none.
 */

import type { Rng } from "../../../peer/ports.ts";
import { seededRng } from "../../rng.ts";
import type { EventQueue } from "../event_queue.ts";

/** A machine. */
export interface LightHost {
  /** From 0; its address follows from it. */
  readonly number: number;
  /** `on`: it accepts; `deaf`: nothing listens; `off`: no answer at all. */
  readonly state: "on" | "deaf" | "off";
  /** Takes a connection of another. */
  accept(end: LightEnd, from: string): LinkUser;
}

/** Who uses an end. */
export interface LinkUser {
  received(end: LightEnd, bytes: Uint8Array): void;
  drained(end: LightEnd): void;
  disconnected(end: LightEnd, reason: string): void;
}

/** How a dial ends. */
export interface LightDialling {
  /** The socket is open; `null` if nobody waits for it any more. */
  opened(end: LightEnd): LinkUser | null;
  failed(reason: string): void;
}

/** What a network depends on. */
export interface LightWorld {
  readonly seed: number;
  readonly queue: EventQueue;
  readonly lowWaterBytes: number;
  readonly dialMs: number;
}

const port = 9797;
const shortestMs = 5;
const longestMs = 100;

/** Where a host can be dialled. */
export function addressOf(number: number): string {
  return `${ipOf(number)}:${port}`;
}

/** A host's address without port, in the range for private networks. */
export function ipOf(number: number): string {
  const n = number + 1;
  return `10.${n >> 16}.${n >> 8 & 255}.${n & 255}`;
}

function numberOf(address: string): number {
  const [ip, tail] = address.split(":");
  const [a, b = 0, c = 0, d = 0] = ip!.split(".").map(Number);
  return a === 10 && Number(tail) === port ? (b << 16 | c << 8 | d) - 1 : -1;
}

type Item = Uint8Array | "end" | "reset";

/** One end of a connection. */
export class LightEnd {
  readonly host: LightHost;
  readonly #network: LightNetwork;
  /** The other end; `null` only while the pair is made. */
  #other: LightEnd | null = null;
  #user: LinkUser | null = null;
  #isOpen = true;
  /** Nothing of it reaches anybody, nor anything it. */
  #isDead = false;
  /** What has come and is held up, in order. */
  #held: Item[] = [];
  #owedBytes = 0;
  #unreadBytes = 0;
  /** When the last thing sent arrives: what is sent later comes later. */
  #lastMs = 0;

  constructor(network: LightNetwork, host: LightHost) {
    this.#network = network;
    this.host = host;
  }

  /** Two ends that are joined. */
  static pair(network: LightNetwork, near: LightHost, far: LightHost): [LightEnd, LightEnd] {
    const [a, b] = [new LightEnd(network, near), new LightEnd(network, far)];
    a.#other = b;
    b.#other = a;
    return [a, b];
  }

  /** Says who uses it. */
  own(user: LinkUser): void {
    this.#user = user;
  }

  /** Whether its user has it open. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** The other end. */
  get other(): LightEnd {
    return this.#other!;
  }

  /** Sends bytes. */
  write(bytes: Uint8Array): void {
    if (!this.#isOpen || bytes.length === 0) return;
    this.#owedBytes += bytes.length;
    this.#unreadBytes += bytes.length;
    this.#send(bytes);
  }

  /** Closes it after what was written. */
  close(): void {
    this.#end("end");
  }

  /** Closes it as the system does for a program that was killed. */
  abort(): void {
    this.#end("reset");
  }

  /** Leaves it without a word, as a machine does that loses its power. */
  die(): void {
    this.#isOpen = false;
    this.#isDead = true;
    this.#user = null;
    this.#network.forget(this);
  }

  /** Takes what was held up, if it may come now. */
  release(): void {
    while (this.#held.length > 0 && !this.#network.isHeld(this.other.host, this.host)) {
      this.#take(this.#held.shift()!);
    }
  }

  #end(item: "end" | "reset"): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#user = null;
    this.#network.forget(this);
    this.#send(item);
  }

  #send(item: Item): void {
    const { other } = this;
    const { queue } = this.#network;
    const travelMs = this.#network.travelMs(this.host, other.host);
    this.#lastMs = Math.max(this.#lastMs, queue.nowMs + travelMs);
    queue.at(this.#lastMs, () => {
      if (other.#isDead) {
        // A machine that is back knows nothing of its old connections.
        if (other.host.state !== "off" && item instanceof Uint8Array) {
          this.#shut("connection reset");
        }
        return;
      }
      if (other.#held.length > 0 || this.#network.isHeld(this.host, other.host)) {
        other.#held.push(item);
      } else other.#take(item);
    });
  }

  #take(item: Item): void {
    if (item === "end") return this.#shut("closed by the other side");
    if (item === "reset") return this.#shut("connection reset");
    this.other.#onRead(item.length);
    if (this.#isOpen) this.#user?.received(this, item);
  }

  #shut(reason: string): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#network.forget(this);
    this.#user?.disconnected(this, reason);
    this.#user = null;
  }

  #onRead(bytes: number): void {
    this.#unreadBytes -= bytes;
    if (this.#unreadBytes > 0 || this.#owedBytes < this.#network.lowWaterBytes) return;
    this.#owedBytes = 0;
    if (this.#isOpen) this.#user?.drained(this);
  }
}

/** All hosts and connections. */
export class LightNetwork {
  readonly queue: EventQueue;
  readonly lowWaterBytes: number;
  readonly #seed: number;
  readonly #dialMs: number;
  readonly #hosts: LightHost[] = [];
  readonly #ends = new Set<LightEnd>();
  readonly #rng: Rng;
  #dials = 0;
  #strayDials = 0;
  #holds: (from: LightHost, to: LightHost) => boolean = () => false;

  constructor({ seed, queue, lowWaterBytes, dialMs }: LightWorld) {
    this.queue = queue;
    this.lowWaterBytes = lowWaterBytes;
    this.#seed = seed;
    this.#dialMs = dialMs;
    this.#rng = seededRng(seed);
  }

  /** Adds a machine; its number is how many there were. */
  add(host: LightHost): void {
    this.#hosts[host.number] = host;
  }

  /** Ends that are in use. */
  get ends(): Iterable<LightEnd> {
    return this.#ends;
  }

  /** Dials so far, and those to addresses where nobody has ever been. */
  get dials(): { readonly all: number; readonly stray: number } {
    return { all: this.#dials, stray: this.#strayDials };
  }

  /** How long bytes take between two hosts: small and large as often in proportion. */
  latencyMs(from: LightHost, to: LightHost): number {
    if (from === to) return 0.1;
    const [low, high] = from.number < to.number
      ? [from.number, to.number]
      : [to.number, from.number];
    let z = Math.imul(low + 0x9e3779b9 ^ this.#seed, 0x21f0aaad) ^ Math.imul(high + 1, 0x735a2d97);
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return shortestMs * (longestMs / shortestMs) ** (((z ^ (z >>> 16)) >>> 0) / 2 ** 32);
  }

  /** How long something takes now: up to a tenth more than between these hosts at best. */
  travelMs(from: LightHost, to: LightHost): number {
    return this.latencyMs(from, to) * (1 + this.#rng.next() / 10);
  }

  /** Says what is held up from now on; what no longer is comes at once. */
  hold(holds: (from: LightHost, to: LightHost) => boolean): void {
    this.#holds = holds;
    for (const end of [...this.#ends]) end.release();
  }

  /** Whether what goes from one host to another is held up now. */
  isHeld(from: LightHost, to: LightHost): boolean {
    return this.#holds(from, to);
  }

  /** An end is in use no longer. */
  forget(end: LightEnd): void {
    this.#ends.delete(end);
  }

  /** Dials an address; what comes of it is told later. */
  dial(from: LightHost, address: string, dialling: LightDialling): void {
    this.#dials++;
    const to = this.#hosts[numberOf(address)];
    if (to === undefined) {
      this.#strayDials++;
      return this.queue.in(this.#dialMs, () => dialling.failed("no answer"));
    }
    const travelMs = this.latencyMs(from, to);
    this.queue.in(travelMs, () => {
      if (to.state === "off" || this.isHeld(from, to) || this.isHeld(to, from)) {
        return this.queue.in(this.#dialMs, () => dialling.failed("no answer"));
      }
      if (to.state === "deaf") {
        return this.queue.in(travelMs, () => dialling.failed("connection refused"));
      }
      this.#open(from, to, travelMs, dialling);
    });
  }

  #open(from: LightHost, to: LightHost, travelMs: number, dialling: LightDialling): void {
    const [near, far] = LightEnd.pair(this, from, to);
    far.own(to.accept(far, `${ipOf(from.number)}:${50_000 + this.#dials % 10_000}`));
    this.#ends.add(far);
    this.queue.in(travelMs, () => {
      if (!near.isOpen) return dialling.failed("connection reset");
      this.#ends.add(near);
      const user = dialling.opened(near);
      if (user === null) near.abort();
      else near.own(user);
    });
  }
}
