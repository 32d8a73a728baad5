/**
 * What is known to be missing in one room: posts between those that are held. While history
 * comes in that is no news; once it stands still people are told, and again when it has healed.
 */

import type { PeerId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";

/** What people are to be told of one author. */
export interface Gap {
  readonly from: PeerId;
  /** Posts that are missing; 0 if it has healed. */
  readonly missing: number;
}

/** The gaps of one room. */
export class Gaps {
  readonly #limits: Limits;
  readonly #isKnown: (peer: PeerId) => boolean;
  readonly #seen = new Map<PeerId, number>();
  readonly #told = new Map<PeerId, number>();
  #dueMs = Infinity;

  /**
   * @param limits The table of limits.
   * @param isKnown Whether a person has named a key: of its gaps people are always told.
   */
  constructor(limits: Limits, isKnown: (peer: PeerId) => boolean = () => false) {
    this.#limits = limits;
    this.#isKnown = isKnown;
  }

  /** When it is to be looked at again, on the monotonic clock. */
  get dueMs(): number {
    return this.#dueMs;
  }

  /** How many authors people have been told of. */
  get size(): number {
    return this.#told.size;
  }

  /** Something of the room has been stored while there are gaps, or there were. */
  onChanged(nowMs: number): void {
    if (this.#dueMs === Infinity) this.#dueMs = nowMs + this.#limits.gapMs;
  }

  /**
   * Compares with what was missing the last time.
   *
   * @param missing How many posts of each author are missing now.
   * @returns What has stayed as it was since, and what has healed, where people were told otherwise.
   */
  onTime(missing: ReadonlyMap<PeerId, number>, nowMs: number): Gap[] {
    const news: Gap[] = [];
    let moves = false;
    for (const from of this.#told.keys()) {
      if (missing.has(from)) continue;
      this.#told.delete(from);
      news.push({ from, missing: 0 });
    }
    for (const [from, count] of missing) {
      if (this.#seen.get(from) !== count) moves = true;
      else if (this.#told.get(from) !== count && this.#mayTell(from)) {
        this.#told.set(from, count);
        news.push({ from, missing: count });
      }
    }
    this.#seen.clear();
    for (const [from, count] of missing) this.#seen.set(from, count);
    this.#dueMs = moves ? nowMs + this.#limits.gapMs : Infinity;
    return news;
  }

  /** A stranger may sign posts with gaps in as many names as it likes. */
  #mayTell(from: PeerId): boolean {
    return this.#told.has(from) || this.#told.size < this.#limits.gapsToldMax ||
      this.#isKnown(from);
  }
}
