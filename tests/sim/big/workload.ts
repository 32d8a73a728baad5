/** What people say: one steadily, many in turn, or some in bursts. */

import type { Dice } from "../dice.ts";
import type { EventQueue } from "../event_queue.ts";
import { type LightPeer, roomName } from "./light_peer.ts";
import type { Workload } from "./scenario.ts";

/** How long between posts of one steady sender, and of many in turn. */
const paceMs: Readonly<Record<Workload, number>> = { steady: 250, turns: 100, bursts: 4_000 };
/** Of each burst. */
const burstSenders = 3;
const burstPosts = 10;
/** A short line and a long one; the mean is that of chats, with some room. */
const textBytes = [20, 240] as const;

/** Everybody at the keyboards. */
export class Talkers {
  readonly #queue: EventQueue;
  readonly #dice: Dice;
  readonly #workload: Workload;
  /** Those who may speak, the steady one first. */
  readonly #peers: readonly LightPeer[];
  #next = 1;
  #lines = 0;

  /** @param peers Those who may speak; the first is the steady one. */
  constructor(
    queue: EventQueue,
    dice: Dice,
    workload: Workload,
    peers: readonly LightPeer[],
  ) {
    this.#queue = queue;
    this.#dice = dice;
    this.#workload = workload;
    this.#peers = peers;
  }

  /** Lets so many posts be said from now on; returns how long that takes. */
  say(posts: number): number {
    const { [this.#workload]: everyMs } = paceMs;
    const each = this.#workload === "bursts" ? burstSenders * burstPosts : 1;
    const rounds = Math.ceil(posts / each);
    for (let round = 0; round < rounds; round++) {
      this.#queue.in(round * everyMs, () => this.#round());
    }
    return rounds * everyMs;
  }

  #round(): void {
    if (this.#workload === "steady") return this.#line(this.#peers[0]!);
    if (this.#workload === "turns") return this.#line(this.#nextRunning());
    for (let i = 0; i < burstSenders; i++) {
      const sender = this.#nextRunning();
      for (let j = 0; j < burstPosts; j++) this.#line(sender);
    }
  }

  #nextRunning(): LightPeer {
    for (let tried = 0; tried < this.#peers.length; tried++) {
      const peer = this.#peers[this.#next++ % this.#peers.length]!;
      if (peer.engine !== null) return peer;
    }
    throw new Error("nobody is left who could speak");
  }

  #line(peer: LightPeer): void {
    const length = Math.round(this.#dice.between(...textBytes));
    const text = `line ${++this.#lines} `.padEnd(length, "mouse ");
    peer.command({ type: "say", room: roomName, kind: "text", text, reply: null });
  }
}
