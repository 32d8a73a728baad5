/**
 * Whether what is held of a log hangs together: each post names the one before it. Where the
 * post that stands there is another one, a branch is missing, and its name is known.
 *
 * In order, in either direction, that costs nothing; only where a run begins is the store asked.
 */

import type { PostId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import type { Post } from "../wire/post.ts";
import { type LogKey, logKey } from "./log_key.ts";

interface Run {
  readonly low: Place;
  readonly high: Place;
}

type Place = Pick<Post, "seq" | "id" | "previous">;

/** What is asked of the room and of the store. */
export interface Held {
  /** Whether a place in a log is held. */
  holds(key: LogKey, seq: number): boolean;
  /** Whether a post is stored. */
  has(id: PostId): boolean;
  /** What the stored posts at a place name as the ones before them. */
  previousOf(key: LogKey, seq: number): readonly PostId[];
}

/** The links between posts of one room. */
export class Chains {
  readonly #limits: Limits;
  readonly #runs = new Map<LogKey, Run>();

  /** @param limits The table of limits. */
  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** How many runs are remembered. */
  get size(): number {
    return this.#runs.size;
  }

  /** Forgets everything. */
  clear(): void {
    this.#runs.clear();
  }

  /**
   * A post is on disk, and counts as held.
   *
   * @returns Posts that must exist, before it or in its place, and that are not held.
   */
  onStored(post: Post, held: Held): PostId[] {
    const key = logKey(post.author, post.log);
    const { seq, id, previous } = post;
    const run = this.#runs.get(key);
    const missing: PostId[] = [];
    if (previous !== null && held.holds(key, seq - 1)) {
      const follows = run?.high.seq === seq - 1 && run.high.id === previous;
      if (!follows && !held.has(previous)) missing.push(previous);
    }
    if (held.holds(key, seq + 1)) {
      const precedes = run?.low.seq === seq + 1 && run.low.previous === id;
      const named = precedes ? [] : held.previousOf(key, seq + 1);
      missing.push(...named.filter((each) => each !== id && !held.has(each)));
    }
    this.#remember(key, run, { seq, id, previous });
    return missing;
  }

  #remember(key: LogKey, run: Run | undefined, place: Place): void {
    if (run?.high.seq === place.seq - 1) this.#runs.set(key, { low: run.low, high: place });
    else if (run?.low.seq === place.seq + 1) this.#runs.set(key, { low: place, high: run.high });
    else this.#runs.set(key, { low: place, high: place });
    if (this.#runs.size > this.#limits.chainRunsMax) {
      this.#runs.delete(this.#runs.keys().next().value!);
    }
  }
}
