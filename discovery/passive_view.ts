/**
 * The passive view of one room: members that are known and are no neighbours. It is bounded, and
 * who is out is drawn by lot: from all, or from those that the same neighbour has named before
 * where it has named its share. So nobody can take over a full view by naming many.
 */

import type { PeerId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";

/** Where a member can be dialled; callers add what they need to pass it on. */
export interface MemberRecord {
  readonly peer: PeerId;
  /** What may be dialled from here, the best first. */
  readonly addresses: readonly string[];
}

interface Named<R> {
  readonly record: R;
  /** Who has named it; `null` if it was linked itself. */
  readonly by: PeerId | null;
}

/** Members of a room beside the neighbours. */
export class PassiveView<R extends MemberRecord> {
  readonly #limits: Limits;
  readonly #random: () => number;
  readonly #members = new Map<PeerId, Named<R>>();

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

  /**
   * Adds a member or its newer record; of too many, one drawn by lot is forgotten.
   *
   * @param record The member; nothing happens if it has no address.
   * @param by The neighbour that has named it; `null` if it was linked itself.
   */
  add(record: R, by: PeerId | null): void {
    if (record.addresses.length === 0) return;
    const known = this.#members.get(record.peer);
    if (known === undefined && this.#members.size >= this.#limits.passiveMax) this.#forgetOne(by);
    // It stays in the share of whoever named it first: to name it again makes no room for more.
    this.#members.set(record.peer, { record, by: known === undefined ? by : known.by });
  }

  #forgetOne(by: PeerId | null): void {
    const all = [...this.#members.keys()];
    const same = by === null ? [] : all.filter((peer) => this.#members.get(peer)!.by === by);
    const some = same.length >= this.#limits.passivePerNeighbour ? same : all;
    this.#members.delete(some[Math.floor(this.#random() * some.length)]!);
  }

  /** Forgets a member. */
  remove(peer: PeerId): void {
    this.#members.delete(peer);
  }

  /** Up to `count` members, drawn by lot. */
  sample(count: number): R[] {
    const rest = [...this.#members.values()].map(({ record }) => record);
    const drawn: R[] = [];
    while (drawn.length < count && rest.length > 0) {
      drawn.push(...rest.splice(Math.floor(this.#random() * rest.length), 1));
    }
    return drawn;
  }
}
