/**
 * What this person has decided about others: whom to hear, whom not, who was verified, who is
 * called how. Decisions are by key; a name that somebody takes changes none of them.
 */

import type { PeerId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import { Bucket } from "./bucket.ts";
import { nobodyYet, type PersonRecord } from "./letter.ts";
import type { MessageRequest } from "./notice.ts";

/** Everybody about whom something was decided, and those who wait for a decision. */
export class Acquaintances {
  readonly #limits: Limits;
  readonly #people: Map<PeerId, PersonRecord>;
  /** First messages of people who are not accepted, the longest waiting first. */
  readonly #requests = new Map<PeerId, MessageRequest>();
  readonly #tellings: Bucket;

  /** @param people As it was kept. */
  constructor(people: Iterable<readonly [PeerId, PersonRecord]>, limits: Limits) {
    this.#limits = limits;
    this.#people = new Map(people);
    this.#tellings = new Bucket(limits.requestsToldBurst, limits.requestsToldPerMinute / 60);
  }

  /** What was decided about somebody. */
  of(peer: PeerId): PersonRecord {
    return this.#people.get(peer) ?? nobodyYet;
  }

  /** All decisions. */
  get all(): Iterable<readonly [PeerId, PersonRecord]> {
    return this.#people;
  }

  /** Those who wait for accept or block. */
  get requests(): readonly MessageRequest[] {
    return [...this.#requests.values()];
  }

  /** How many decisions are held, and how many wait for one. */
  get sizes(): { readonly people: number; readonly requests: number } {
    return { people: this.#people.size, requests: this.#requests.size };
  }

  /**
   * Decides about somebody.
   *
   * @returns What holds now; `null` if there is no room for one more decision.
   */
  decide(peer: PeerId, change: Partial<PersonRecord>): PersonRecord | null {
    const decided = { ...this.of(peer), ...change };
    if (!this.#people.has(peer) && this.#people.size >= this.#limits.peopleDecidedMax) return null;
    this.#people.set(peer, decided);
    if (decided.accepted || decided.blocked) this.#requests.delete(peer);
    return decided;
  }

  /**
   * Somebody who is not accepted has written.
   *
   * @returns Whether it is the first message.
   */
  onRequest(request: MessageRequest): boolean {
    if (this.#requests.has(request.from)) return false;
    this.#requests.set(request.from, request);
    if (this.#requests.size > this.#limits.requestsMax) {
      const [oldest] = this.#requests.keys();
      this.#requests.delete(oldest!);
    }
    return true;
  }

  /** Whether the person may be told of one more; keys cost nothing, and all of them can write. */
  mayTellRequest(nowMs: number): boolean {
    return this.#tellings.take(1, nowMs);
  }
}
