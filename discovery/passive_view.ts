/**
 * The passive view of one room: members that are known and are no neighbours. It is bounded,
 * and who is out is drawn by lot, so that nobody can fill it by naming many.
 */

import type { PeerId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";

/** Where a member can be dialled; callers add what they need to pass it on. */
export interface MemberRecord {
  readonly peer: PeerId;
  /** What may be dialled from here, the best first. */
  readonly addresses: readonly string[];
}

/** Members of a room beside the neighbours. */
export class PassiveView<R extends MemberRecord> {
  readonly #limits: Limits;
  readonly #random: () => number;
  readonly #members = new Map<PeerId, R>();

  /**
   * @param limits The table of limits.
   * @param random Gives numbers from 0 up to but not including 1.
   */
  constructor(limits: Limits, random: () => number) {
    this.#limits = limits;
    this.#random = random;
  }

  /** How many there are. */
  get size(): number {
    return this.#members.size;
  }

  /** Adds a member or its newer record; of too many, one drawn by lot is forgotten. */
  add(record: R): void {
    if (record.addresses.length === 0) return;
    const known = this.#members.has(record.peer);
    if (!known && this.#members.size >= this.#limits.passiveMax) {
      const [out] = this.sample(1);
      if (out !== undefined) this.#members.delete(out.peer);
    }
    this.#members.set(record.peer, record);
  }

  /** Forgets a member. */
  remove(peer: PeerId): void {
    this.#members.delete(peer);
  }

  /** Up to `count` members, drawn by lot. */
  sample(count: number): R[] {
    const rest = [...this.#members.values()];
    const drawn: R[] = [];
    while (drawn.length < count && rest.length > 0) {
      drawn.push(...rest.splice(Math.floor(this.#random() * rest.length), 1));
    }
    return drawn;
  }
}
