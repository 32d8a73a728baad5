/**
 * Work on the store that nobody waits for, done in small pieces while the peer has nothing
 * better to do: posts are taken up into the index of the search, and what need not be kept any
 * longer is removed. While posts keep coming in, a little is done once a second; when they
 * stop, the rest, with a pause after each piece.
 */

import type { RoomId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import { StoreError } from "./store/store_error.ts";

/** The part of the store that it works on. */
export interface CaredStore {
  /** Indexes the next posts; returns how many, fewer than `postsMax` at the end. */
  index(postsMax: number): number;
  /** Whether more is stored than may be. */
  isTooLarge(): boolean;
  /** Removes a little at each `next()`, and tells of which rooms. */
  prune(): Generator<readonly RoomId[], void, void>;
  /** Told of the rooms of which something was removed, when all is done. */
  pruned(rooms: readonly RoomId[]): void;
}

/** The limits that count here. */
export type CareLimits = Pick<Limits, "careMs" | "careBusyPosts" | "carePosts" | "pruneMs">;

/** How long the loop is free between two pieces; less delays what comes in meanwhile. */
const pauseMs = 10;

/** Keeps the store in order. */
export class StoreCare {
  readonly #store: CaredStore;
  readonly #limits: CareLimits;
  readonly #log: (line: string) => void;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #isBusy = false;
  /** What the timer waits for can be done later or sooner. */
  #isIdle = true;
  #isClosed = false;
  #pruning: Generator<readonly RoomId[], void, void> | null = null;
  #touched = new Set<RoomId>();
  /** When it is looked again for what is too old, on the monotonic clock. */
  #pruneDueMs = 0;
  /** Not before is anything removed for being too much: the last time there was nothing to be. */
  #quotaDueMs = 0;

  /**
   * Does nothing until it is poked.
   *
   * @param store What it works on.
   * @param limits How often, and how much at once.
   * @param log Takes lines of diagnostics.
   */
  constructor(store: CaredStore, limits: CareLimits, log: (line: string) => void) {
    this.#store = store;
    this.#limits = limits;
    this.#log = log;
  }

  /** Something was stored; called after each append, so it costs nothing but a look. */
  poke(): void {
    if (this.#isBusy) return;
    this.#isBusy = true;
    if (this.#isIdle) this.#wait(this.#limits.careMs);
  }

  /** Does nothing any more. */
  close(): void {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #wait(ms: number): void {
    if (this.#isClosed) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#isIdle = false;
    this.#timer = setTimeout(() => this.#work(), ms);
  }

  #work(): void {
    this.#timer = null;
    const isBusy = this.#isBusy;
    this.#isBusy = false;
    try {
      const more = this.#piece(isBusy);
      if (more || isBusy) return this.#wait(isBusy ? this.#limits.careMs : pauseMs);
    } catch (error) {
      this.#pruning = null;
      // The next append tries again; what is wrong with the disk is told when it matters.
      if (!(error instanceof StoreError)) throw error;
      this.#log(`care: ${error.message}`);
    }
    // Posts grow too old also while nothing happens.
    this.#wait(this.#limits.pruneMs);
    this.#isIdle = true;
  }

  /** Does one piece; says whether there is more. */
  #piece(isBusy: boolean): boolean {
    const { careBusyPosts, carePosts, pruneMs } = this.#limits;
    const nowMs = performance.now();
    // What is too much goes first: while it stays, more comes.
    if (this.#pruning === null && nowMs >= this.#quotaDueMs && this.#store.isTooLarge()) {
      this.#pruning = this.#store.prune();
    }
    if (this.#pruning !== null) return this.#prune();
    const portion = isBusy ? careBusyPosts : carePosts;
    if (this.#store.index(portion) === portion) return true;
    if (isBusy || nowMs < this.#pruneDueMs) return false;
    this.#pruneDueMs = nowMs + pruneMs;
    this.#pruning = this.#store.prune();
    return true;
  }

  #prune(): boolean {
    const next = this.#pruning!.next();
    if (!next.done) {
      for (const room of next.value) this.#touched.add(room);
      return true;
    }
    this.#pruning = null;
    const rooms = [...this.#touched];
    this.#touched.clear();
    if (rooms.length > 0) this.#store.pruned(rooms);
    else this.#quotaDueMs = performance.now() + this.#limits.pruneMs;
    return true;
  }
}
