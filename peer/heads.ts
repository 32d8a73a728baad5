/**
 * Heads of a room: the newest posts of others that no accepted post refers to, for the next own
 * post to refer to. The oldest give way.
 */

import type { PostId } from "../wire/ids.ts";
import { comparePosts, compareTimes, type LogicalTime, type Post } from "../wire/post.ts";

interface Head {
  readonly id: PostId;
  readonly time: LogicalTime;
}

/** The heads of one room. */
export class Heads {
  readonly #max: number;
  readonly #heads = new Map<PostId, LogicalTime>();
  /** The oldest of them, as long as it is known and among them. */
  #oldest: Head | null = null;

  /** @param max Heads that are kept. */
  constructor(max: number) {
    this.#max = max;
  }

  /** How many there are. */
  get size(): number {
    return this.#heads.size;
  }

  /** Forgets all. */
  clear(): void {
    this.#heads.clear();
    this.#oldest = null;
  }

  /**
   * A post is on disk that refers to others. Those are older than itself, so that one which is
   * older than all heads names none: in a back-fill, which brings the newest first, nearly every
   * one. To look for what it names would copy the names to old space (batch.ts).
   */
  onReferred({ previous, heads, time }: Pick<Post, "previous" | "heads" | "time">): void {
    if (this.#heads.size === 0 || compareTimes(time, this.#findOldest().time) <= 0) return;
    if (previous !== null) this.#heads.delete(previous);
    for (const id of heads) this.#heads.delete(id);
  }

  /** A post of somebody else is on disk. */
  add({ id, time }: Head): void {
    if (this.#heads.size >= this.#max) {
      const oldest = this.#findOldest();
      if (compareTimes(time, oldest.time) <= 0) return;
      this.#heads.delete(oldest.id);
    }
    this.#heads.set(id, time);
    if (this.#oldest !== null && compareTimes(time, this.#oldest.time) < 0) {
      this.#oldest = { id, time };
    }
  }

  /** Takes the newest away. */
  take(count: number): PostId[] {
    const taken = [...this.#heads]
      .sort(([a, timeA], [b, timeB]) =>
        comparePosts({ id: b, time: timeB }, { id: a, time: timeA })
      )
      .slice(0, count).map(([id]) => id);
    for (const id of taken) this.#heads.delete(id);
    return taken;
  }

  /** Which gives way first; of those with one time the one that came first. */
  #findOldest(): Head {
    if (this.#oldest !== null && this.#heads.has(this.#oldest.id)) return this.#oldest;
    let oldest: Head | null = null;
    // A loop over the map would make an array of each.
    this.#heads.forEach((time, id) => {
      if (oldest === null || compareTimes(time, oldest.time) < 0) oldest = { id, time };
    });
    return this.#oldest = oldest!;
  }
}
