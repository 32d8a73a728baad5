/**
 * Which of our own posts are held by whom. Neighbours say so after they have stored a post;
 * what is kept per person are ranges of sequences, so that a long absence costs no more
 * memory than a short one.
 */

import type { LogId, PeerId, PostId, RoomId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import type { KeptHolder } from "./ports.ts";
import { type Range, RangeSet, subtract } from "./ranges.ts";
import { firstToForget } from "./strangers_first.ts";

interface Told {
  readonly id: PostId;
  /** How many holders were told of. */
  have: number;
}

interface OwnLog {
  readonly room: RoomId;
  readonly log: LogId;
  /** Posts of this run that nobody else is known to hold. */
  readonly waiting: RangeSet;
  readonly heldBy: Map<PeerId, RangeSet>;
  /** Posts of this run, whose receipts are told; the oldest are forgotten beyond a limit. */
  readonly told: Map<number, Told>;
  /** How much of each holder is on the disk. */
  readonly kept: Map<PeerId, number>;
  /** Sequences from which to which `told` may have entries. */
  toldFrom: number;
  toldTo: number;
}

/** The receipts of one peer's own posts. */
export class Receipts {
  readonly #limits: Limits;
  readonly #isKnown: (peer: PeerId) => boolean;
  readonly #logs = new Map<string, OwnLog>();

  /**
   * @param limits The table of limits.
   * @param isKnown Whether a person has named a key: strangers are forgotten before.
   */
  constructor(limits: Limits, isKnown: (peer: PeerId) => boolean = () => false) {
    this.#limits = limits;
    this.#isKnown = isKnown;
  }

  /** How many own posts of this run nobody else is known to hold. */
  get undelivered(): number {
    let count = 0;
    for (const log of this.#logs.values()) count += log.waiting.count;
    return count;
  }

  /** The most posts of one log whose receipts are told, and the most holders of one log. */
  get sizes(): { readonly told: number; readonly holders: number } {
    let [told, holders] = [0, 0];
    for (const log of this.#logs.values()) {
      told = Math.max(told, log.told.size);
      holders = Math.max(holders, log.heldBy.size);
    }
    return { told, holders };
  }

  /** An own post that people see has been stored. */
  onOwnPost(post: { room: RoomId; log: LogId; seq: number; id: PostId }): void {
    const own = this.#log(post.room, post.log);
    own.waiting.add(post.seq, post.seq);
    if (own.told.size === 0) own.toldFrom = post.seq;
    own.told.set(post.seq, { id: post.id, have: 0 });
    own.toldTo = post.seq;
    // Sequences in between may be posts that nobody sees, so that not each has an entry.
    while (own.toldFrom <= post.seq - this.#limits.receiptsMax) own.told.delete(own.toldFrom++);
  }

  /**
   * Somebody holds posts of ours.
   *
   * @returns The posts of this run that this person was not known to hold, oldest first, and
   * how many are known to hold each. A stranger who only takes another's place is no news: who
   * makes up keys would have something to tell of all posts with each of them.
   */
  onHave(
    room: RoomId,
    log: LogId,
    peer: PeerId,
    ranges: readonly Range[],
  ): { readonly seq: number; readonly id: PostId; readonly have: number }[] {
    const own = this.#log(room, log);
    const held = this.#holder(own, peer);
    const isKnown = this.#isKnown(peer);
    const posts: { seq: number; id: PostId; have: number }[] = [];
    // Also what it has said before: after a restored backup another post may stand there.
    for (const [from, to] of ranges) own.waiting.remove(from, to);
    for (const [from, to] of subtract(ranges, held.ranges)) {
      if (held.ranges.length >= this.#limits.rangesPerLogMax) break;
      held.add(from, to);
      for (let seq = Math.max(from, own.toldFrom); seq <= Math.min(to, own.toldTo); seq++) {
        const told = own.told.get(seq);
        if (told === undefined) continue;
        if (told.have >= this.#limits.receiptHoldersMax && !isKnown) continue;
        const have = holdersOf(own, seq);
        if (have <= told.have && !isKnown) continue;
        told.have = Math.max(told.have, have);
        posts.push({ seq, id: told.id, have: told.have });
      }
    }
    return posts;
  }

  /** What was known of a holder when this peer was here last. */
  resume(room: RoomId, { log, peer, ranges }: KeptHolder): void {
    const own = this.#log(room, log);
    const held = this.#holder(own, peer);
    for (const [from, to] of ranges) held.add(from, to);
    own.kept.set(peer, held.count);
  }

  /** Holders of whom the disk knows something else; now they count as kept. */
  takeChanged(room: RoomId): KeptHolder[] {
    const changed: KeptHolder[] = [];
    for (const own of this.#logs.values()) {
      if (own.room !== room) continue;
      const { log, kept, heldBy } = own;
      for (const peer of kept.keys()) {
        if (heldBy.has(peer)) continue;
        kept.delete(peer);
        changed.push({ log, peer, ranges: [] });
      }
      for (const [peer, held] of heldBy) {
        const { count } = held;
        if (kept.get(peer) === count) continue;
        kept.set(peer, count);
        // Somebody who claims every second post is not worth more.
        const ranges = held.ranges.slice(-this.#limits.rangesAboveMax);
        changed.push({ log, peer, ranges: ranges.map(([from, to]) => [from, to] as const) });
      }
    }
    return changed;
  }

  /** What somebody holds; of too many holders the stranger heard of longest ago is forgotten. */
  #holder(own: OwnLog, peer: PeerId): RangeSet {
    const held = own.heldBy.get(peer) ?? new RangeSet();
    own.heldBy.delete(peer);
    own.heldBy.set(peer, held);
    if (own.heldBy.size > this.#limits.receiptHoldersMax) {
      own.heldBy.delete(firstToForget(own.heldBy.keys(), this.#isKnown));
    }
    return held;
  }

  /** Those who are known to hold one of our posts. */
  holders(room: RoomId, log: LogId, seq: number): PeerId[] {
    const own = this.#logs.get(room + log);
    if (own === undefined) return [];
    return [...own.heldBy].flatMap(([peer, held]) => held.has(seq) ? [peer] : []);
  }

  #log(room: RoomId, log: LogId): OwnLog {
    const key = room + log;
    let own = this.#logs.get(key);
    if (own === undefined) {
      own = {
        room,
        log,
        kept: new Map(),
        waiting: new RangeSet(),
        heldBy: new Map(),
        told: new Map(),
        toldFrom: 0,
        toldTo: 0,
      };
      this.#logs.set(key, own);
    }
    return own;
  }
}

function holdersOf(own: OwnLog, seq: number): number {
  let count = 0;
  for (const held of own.heldBy.values()) if (held.has(seq)) count++;
  return count;
}
