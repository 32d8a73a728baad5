/**
 * Who got which post when, over how many hops: written as it happens, read at the end. A hop is
 * taken from the one who sent what the receiving step took; of several such, from the first that
 * held the post.
 */

import type { Action } from "../../../peer/action.ts";
import { postKind } from "../../../wire/post.ts";
import type { EventQueue } from "../event_queue.ts";
import type { LightHost } from "./light_network.ts";
import { LightPeer, type Onlooker } from "./light_peer.ts";

/** The way of one post. */
export interface Track {
  readonly author: LightPeer;
  readonly sentMs: number;
  /** By the peers' numbers: when it came; `NaN` if it has not. */
  readonly arrivedMs: Float64Array;
  /** By the peers' numbers: links from the author; 0 if it has not come, or at the author. */
  readonly hops: Uint8Array;
}

/** Looks on at all peers. */
export class Ledger implements Onlooker {
  readonly #queue: EventQueue;
  readonly #hosts: number;
  readonly #byNumber = new Map<number, Track>();
  /** Posts of others that honest peers have stored. */
  deliveries = 0;
  /** Their bytes, signatures included. */
  deliveredBytes = 0;

  /**
   * @param queue For the time.
   * @param hosts How many hosts there are.
   */
  constructor(queue: EventQueue, hosts: number) {
    this.#queue = queue;
    this.#hosts = hosts;
  }

  /** All texts of honest peers, in the order of saying. */
  get tracks(): Iterable<Track> {
    return this.#byNumber.values();
  }

  /** The texts said from one moment on until before another. */
  tracksOf(fromMs: number, untilMs: number): Track[] {
    return [...this.#byNumber.values()].filter(({ sentMs }) =>
      sentMs >= fromMs && sentMs < untilMs
    );
  }

  stored(
    peer: LightPeer,
    action: Extract<Action, { type: "append" }>,
    numbers: readonly number[],
    from: readonly LightHost[],
  ): void {
    if (!peer.isHonest) return;
    const isNew = new Set(numbers);
    for (const { post, origin } of action.arrivals) {
      const number = peer.numberOf(post.id);
      if (!isNew.has(number)) continue;
      if (origin === "own") {
        if (post.kind === postKind.text) this.#track(peer, number);
        continue;
      }
      this.deliveries++;
      this.deliveredBytes += post.signed.length + post.signature.length;
      const track = this.#byNumber.get(number);
      if (track === undefined) continue;
      track.arrivedMs[peer.number] = this.#queue.nowMs;
      const parent = from.find((host) => host instanceof LightPeer && host.store.holds(number));
      track.hops[peer.number] = Math.min(255, (track.hops[parent?.number ?? -1] ?? 0) + 1);
    }
  }

  #track(author: LightPeer, number: number): void {
    const arrivedMs = new Float64Array(this.#hosts).fill(NaN);
    arrivedMs[author.number] = this.#queue.nowMs;
    this.#byNumber.set(number, {
      author,
      sentMs: this.#queue.nowMs,
      arrivedMs,
      hops: new Uint8Array(this.#hosts),
    });
  }
}
