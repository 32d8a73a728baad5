/**
 * Work on the store that nobody waits for, done in small pieces while the peer has nothing
 * better to do: posts are taken up into the index of the search. While posts keep coming in,
 * a little is done once a second; when they stop, the rest, with a pause after each piece.
 */

import type { Limits } from "../wire/limits.ts";
import { StoreError } from "./store/store_error.ts";

/** The part of the store that it works on. */
export interface CaredStore {
  /** Indexes the next posts; returns how many, fewer than `postsMax` at the end. */
  index(postsMax: number): number;
}

/** How long the loop is free between two pieces; less delays what comes in meanwhile. */
const pauseMs = 10;

/** Keeps the store in order. */
export class StoreCare {
  readonly #store: CaredStore;
  readonly #limits: Pick<Limits, "careMs" | "careBusyPosts" | "carePosts">;
  readonly #log: (line: string) => void;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #isBusy = false;
  #isClosed = false;

  /**
   * Does nothing until it is poked.
   *
   * @param store What it works on.
   * @param limits How often, and how much at once.
   * @param log Takes lines of diagnostics.
   */
  constructor(
    store: CaredStore,
    limits: Pick<Limits, "careMs" | "careBusyPosts" | "carePosts">,
    log: (line: string) => void,
  ) {
    this.#store = store;
    this.#limits = limits;
    this.#log = log;
  }

  /** Something was stored; called after each append, so it costs nothing but a look. */
  poke(): void {
    this.#isBusy = true;
    if (this.#timer === null) this.#wait(this.#limits.careMs);
  }

  /** Does nothing any more. */
  close(): void {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #wait(ms: number): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => this.#work(), ms);
  }

  #work(): void {
    this.#timer = null;
    const { careMs, careBusyPosts, carePosts } = this.#limits;
    const isBusy = this.#isBusy;
    this.#isBusy = false;
    const portion = isBusy ? careBusyPosts : carePosts;
    try {
      const isDone = this.#store.index(portion) < portion;
      if (!isDone || isBusy) this.#wait(isBusy ? careMs : pauseMs);
    } catch (error) {
      // The next append tries again; what is wrong with the disk is told when it matters.
      if (!(error instanceof StoreError)) throw error;
      this.#log(`care: ${error.message}`);
    }
  }
}
