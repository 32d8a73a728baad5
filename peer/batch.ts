/**
 * Posts on their way to the disk, and what waits for them. A step fills one; its `append`
 * carries it out, and the answer empties it.
 */

import type { LogId, PeerId, PostId } from "../wire/ids.ts";
import type { Post } from "../wire/post.ts";
import type { Acceptance } from "./accepted.ts";
import type { Arrival } from "./action.ts";
import type { ConnectionId } from "./input.ts";
import { type LogKey, logKey } from "./log_key.ts";
import { RangeSet } from "./ranges.ts";
import type { Room } from "./room.ts";

/** One transaction's worth of posts. */
export class Batch {
  readonly arrivals: Arrival[] = [];
  /** Commands to answer when the posts are stored; `post` is what they are told of. */
  readonly refs: { readonly ref: number; readonly post: Post | null }[] = [];
  /** The log under which own posts are numbered from now on, if it has changed. */
  newLog: LogId | null = null;
  /** How this peer is called once the posts that say so are stored. */
  newName: string | null = null;
  readonly #acceptances = new Map<PostId, Acceptance>();
  readonly #logs = new Map<LogKey, { readonly seqs: RangeSet; openings: number }>();
  /** Logs of each author of which nothing was held before. */
  readonly #opened = new Map<PeerId, number>();

  /** Whether a post is in it. */
  has(id: PostId): boolean {
    return this.#acceptances.has(id);
  }

  /** How a post in it has come. */
  acceptance(id: PostId): Acceptance | undefined {
    return this.#acceptances.get(id);
  }

  /** Whether a place in a log is taken by a post in it. */
  takes(key: LogKey, seq: number): boolean {
    return this.#logs.get(key)?.seqs.has(seq) ?? false;
  }

  /** The posts in it at a place in a log; more than one where the log forks. */
  at(key: LogKey, seq: number): Post[] {
    if (!this.takes(key, seq)) return [];
    return this.arrivals.map(({ post }) => post)
      .filter((post) => post.seq === seq && logKey(post.author, post.log) === key);
  }

  /**
   * Whether one more log of an author may be opened.
   *
   * @param room The room as it is stored.
   * @param logsMax How many logs of one author there may be.
   */
  mayOpen(room: Room, key: LogKey, author: PeerId, logsMax: number): boolean {
    if (room.held(key).length > 0 || this.#logs.has(key)) return true;
    const opened = this.#opened.get(author) ?? 0;
    if (room.logCount(author) + opened >= logsMax) return false;
    this.#opened.set(author, opened + 1);
    return true;
  }

  /** The links that posts in it came over. */
  get connections(): Set<ConnectionId> {
    const connections = new Set<ConnectionId>();
    for (const { source } of this.#acceptances.values()) {
      if (source !== null) connections.add(source);
    }
    return connections;
  }

  /**
   * Puts a post in.
   *
   * @param arrival The post.
   * @param source The link it came over; `null` for an own one and for one of a file.
   * @param hops As in {@linkcode Acceptance}.
   * @param wide As in {@linkcode Acceptance}.
   */
  add(arrival: Arrival, source: ConnectionId | null, hops: number | null, wide = false): void {
    this.arrivals.push(arrival);
    const { id } = arrival.post;
    this.#acceptances.set(id, { id, source, hops, wide });
  }

  /**
   * Reserves a place in a log, unless the log would then be held in too many ranges.
   *
   * @param room The room as it is stored; `null` if it is not open.
   * @param key The log.
   * @param seq The place.
   * @param rangesMax How many ranges there may be.
   * @returns Whether there was room.
   */
  reserve(room: Room | null, key: LogKey, seq: number, rangesMax: number): boolean {
    let log = this.#logs.get(key);
    if (log === undefined) this.#logs.set(key, log = { seqs: new RangeSet(), openings: 0 });
    const joins = log.seqs.has(seq - 1) || log.seqs.has(seq + 1) || room?.extends(key, seq);
    if (!joins) {
      if ((room?.rangesOf(key) ?? 0) + log.openings >= rangesMax) return false;
      log.openings++;
    }
    log.seqs.add(seq, seq);
    return true;
  }
}
