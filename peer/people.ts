/**
 * Who is called what: the newest name that each key has given itself, and when it was last
 * heard of. Names are labels; two keys may share one.
 */

import type { PeerId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import { compareTimes, type LogicalTime } from "../wire/post.ts";
import { firstToForget } from "./strangers_first.ts";

interface Entry {
  readonly name: string;
  readonly time: LogicalTime;
}

/** The names of all people in all rooms. */
export class People {
  readonly #limits: Limits;
  readonly #isKnown: (peer: PeerId) => boolean;
  readonly #entries = new Map<PeerId, Entry>();

  /**
   * @param limits The table of limits.
   * @param isKnown Whether a person has named a key: strangers are forgotten before.
   */
  constructor(limits: Limits, isKnown: (peer: PeerId) => boolean = () => false) {
    this.#limits = limits;
    this.#isKnown = isKnown;
  }

  /** Everybody, least recently named first. */
  get all(): Iterable<readonly [PeerId, { readonly name: string }]> {
    return this.#entries;
  }

  /** How many people have a name here. */
  get count(): number {
    return this.#entries.size;
  }

  /** The newest known name; empty if there is none. */
  nameOf(peer: PeerId): string {
    return this.#entries.get(peer)?.name ?? "";
  }

  /**
   * Takes a name that its bearer has signed.
   *
   * @returns The name before if this one is newer and another; `null` if nothing changed.
   */
  onName(peer: PeerId, name: string, time: LogicalTime): string | null {
    const known = this.#entries.get(peer);
    if (known !== undefined && compareTimes(time, known.time) < 0) return null;
    this.#entries.delete(peer);
    this.#entries.set(peer, { name, time });
    if (this.#entries.size > this.#limits.namesMax) {
      this.#entries.delete(firstToForget(this.#entries.keys(), this.#isKnown));
    }
    return known !== undefined && known.name !== name ? known.name : null;
  }
}
