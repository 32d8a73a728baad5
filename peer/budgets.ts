/**
 * Budgets of live posts: how many of each author a room takes as they come. A budget slows and
 * never loses: what exceeds it stays with the neighbour and comes as history.
 *
 * Each known key has a budget of its own; strangers share one per room, because keys cost
 * nothing. A day's allowance bounds the same in the long run.
 */

import type { PeerId, RoomId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import { Bucket } from "./bucket.ts";

interface Account {
  readonly rate: Bucket;
  readonly posts: Bucket;
  readonly bytes: Bucket;
}

const daySeconds = 86_400;

/** The budgets of all rooms. */
export class Budgets {
  readonly #limits: Limits;
  /** The one used last stands last. */
  readonly #accounts = new Map<string, Account>();
  /** What was asked for last, and its account. */
  #last: { room: RoomId; author: PeerId; known: boolean; account: Account } | null = null;

  /** @param limits The table of limits. */
  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** How many are kept. */
  get size(): number {
    return this.#accounts.size;
  }

  /**
   * Whether one more post may come now. Nothing is taken: its signature is not verified yet, and
   * a forged one must not cost the author anything.
   *
   * @param count How many posts of `bytes` together are meant.
   */
  allows(
    room: RoomId,
    author: PeerId,
    known: boolean,
    bytes: number,
    nowMs: number,
    count = 1,
  ): boolean {
    const { rate, posts, bytes: size } = this.#account(room, author, known);
    return rate.has(count, nowMs) && posts.has(count, nowMs) && size.has(bytes, nowMs);
  }

  /**
   * A post has been taken.
   *
   * @param opens Whether it is the first of its log, which costs memory for good.
   */
  spend(
    room: RoomId,
    author: PeerId,
    known: boolean,
    bytes: number,
    nowMs: number,
    opens = false,
  ): void {
    const account = this.#account(room, author, known);
    account.rate.take(1, nowMs);
    account.posts.drain(this.#postsOf(opens), nowMs);
    account.bytes.take(bytes, nowMs);
  }

  #postsOf(opens: boolean): number {
    return opens ? this.#limits.allowanceOfLog : 1;
  }

  /** A post was verified and has no place here: it costs its author as much time as one that has. */
  spendInVain(room: RoomId, author: PeerId, known: boolean, nowMs: number): void {
    this.#account(room, author, known).rate.take(1, nowMs);
  }

  /** Whether history may bring more of an author: only what a day allows counts. */
  allowsHistory(room: RoomId, author: PeerId, known: boolean, nowMs: number): boolean {
    const { posts, bytes } = this.#account(room, author, known);
    return posts.has(1, nowMs) && bytes.has(1, nowMs);
  }

  /** A post of history has been taken; a portion that was asked for may exceed what is left. */
  spendHistory(
    room: RoomId,
    author: PeerId,
    known: boolean,
    bytes: number,
    nowMs: number,
    opens = false,
  ): void {
    const account = this.#account(room, author, known);
    account.posts.drain(this.#postsOf(opens), nowMs);
    account.bytes.drain(bytes, nowMs);
  }

  /** A person wants more of a room than a day allows. */
  refill(room: RoomId): void {
    this.#last = null;
    for (const name of this.#accounts.keys()) {
      if (name.startsWith(room)) this.#accounts.delete(name);
    }
  }

  #account(room: RoomId, author: PeerId, known: boolean): Account {
    const last = this.#last;
    if (last?.room === room && last.author === author && last.known === known) return last.account;
    const name = known ? room + author : room;
    let account = this.#accounts.get(name);
    if (account === undefined) {
      const { budgetBurst, budgetPerSecond, allowancePosts, allowanceBytes } = this.#limits;
      account = {
        rate: new Bucket(budgetBurst, budgetPerSecond),
        posts: new Bucket(allowancePosts, allowancePosts / daySeconds),
        bytes: new Bucket(allowanceBytes, allowanceBytes / daySeconds),
      };
    } else {
      this.#accounts.delete(name);
    }
    this.#last = { room, author, known, account };
    this.#accounts.set(name, account);
    // Only known keys and open rooms have accounts: the one unused for longest is full again.
    if (this.#accounts.size > this.#limits.budgetsMax) {
      this.#accounts.delete(this.#accounts.keys().next().value!);
    }
    return account;
  }
}
