/** What a process has said so far, and waiting for what it will say. */

import { deadlineMs } from "../within.ts";

interface Waiter<T> {
  readonly matches: (item: T) => boolean;
  readonly resolve: (item: T) => void;
  readonly reject: (error: Error) => void;
}

/** Items in the order in which they came. */
export class Log<T> {
  /** All items so far. */
  readonly items: T[] = [];
  /** Called for each item as it comes, before anybody who waits for it. */
  onItem: (item: T) => void = () => {};
  readonly #waiters = new Set<Waiter<T>>();
  #closed: string | null = null;

  /** Adds an item. */
  add(item: T): void {
    this.items.push(item);
    this.onItem(item);
    for (const waiter of this.#waiters) if (waiter.matches(item)) waiter.resolve(item);
  }

  /** Nothing more comes: whoever waits is told why. */
  close(why: string): void {
    this.#closed = why;
    for (const waiter of this.#waiters) waiter.reject(new Error(why));
  }

  /** Resolves with the first item, past or to come, that matches. */
  until(matches: (item: T) => boolean, withinMs: number = deadlineMs): Promise<T> {
    const past = this.items.find(matches);
    return past === undefined ? this.next(matches, withinMs) : Promise.resolve(past);
  }

  /** Resolves with the next item to come that matches. */
  next(matches: (item: T) => boolean, withinMs: number = deadlineMs): Promise<T> {
    if (this.#closed !== null) return Promise.reject(new Error(this.#closed));
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const waiter: Waiter<T> = { matches, resolve, reject };
    this.#waiters.add(waiter);
    const timer = setTimeout(() => {
      const last = this.items.slice(-5).map((item) => JSON.stringify(item)).join("\n");
      reject(new Error(`Nothing matched ${matches} within ${withinMs} ms; last of it:\n${last}`));
    }, withinMs);
    return promise.finally(() => {
      clearTimeout(timer);
      this.#waiters.delete(waiter);
    });
  }
}
