/**
 * The lines of a script are there before anybody is: a command that names a person waits until one
 * of that name has been heard of. All of them together wait as long as delivery is waited for.
 */

import { ChatError } from "../peer/errors.ts";

/** Waits for people. */
export class ScriptPatience {
  #isOver: boolean;
  #isWaiting = false;
  #wake: (() => void) | null = null;

  /**
   * @param wait Calls back when it is over; `null`: nothing waits.
   */
  constructor(private readonly wait: ((over: () => void) => void) | null) {
    this.#isOver = wait === null;
  }

  /** Somebody has come, or has another name. */
  heard(): void {
    this.#wake?.();
  }

  /**
   * Does something, again whenever somebody was heard of.
   *
   * @param attempt Done at once.
   * @returns What the first success gives.
   * @throws What `attempt` throws, but for `no-such-peer` while there is patience.
   */
  async until<T>(attempt: () => Promise<T>): Promise<T> {
    try {
      for (;;) {
        const news = new Promise<void>((resolve) => this.#wake = resolve);
        try {
          return await attempt();
        } catch (error) {
          const isNobody = error instanceof ChatError && error.code === "no-such-peer";
          if (this.#isOver || !isNobody) throw error;
        }
        // What is left of it is for the next command that waits.
        if (!this.#isWaiting) this.wait?.(() => this.#end());
        this.#isWaiting = true;
        await news;
      }
    } finally {
      this.#wake = null;
    }
  }

  #end(): void {
    this.#isOver = true;
    this.#wake?.();
  }
}
