/**
 * Posts on their way to the disk, and what waits for them. A step fills one; its `append`
 * carries it out, and the answer empties it.
 */

import type { LogId, PeerId, RoomId } from "../wire/ids.ts";
import type { Post } from "../wire/post.ts";
import type { Acceptance } from "./accepted.ts";
import type { Arrival } from "./action.ts";
import type { HeldLogs } from "./held_logs.ts";
import type { ConnectionId } from "./input.ts";
import { type LogKey, logKey } from "./log_key.ts";
import { RangeSet } from "./ranges.ts";

interface LogPlaces {
  readonly seqs: RangeSet;
  openings: number;
}

/** Places that are taken in one room: a log has the same name in all rooms, and numbers of each. */
interface RoomPlaces {
  readonly logs: Map<LogKey, LogPlaces>;
  /** Logs of each author of which nothing was held before. */
  readonly opened: Map<PeerId, number>;
}

/** One transaction's worth of posts. */
export class Batch {
  readonly arrivals: Arrival[] = [];
  /** Commands to answer when the posts are stored; `post` is what they are told of. */
  readonly refs: { readonly ref: number; readonly post: Post | null }[] = [];
  /** The log under which own posts are numbered from now on, if it has changed. */
  newLog: LogId | null = null;
  /** How this peer is called once the posts that say so are stored. */
  newName: string | null = null;
  /** How each of `arrivals` has come. */
  readonly acceptances: Acceptance[] = [];
  readonly #rooms = new Map<RoomId, RoomPlaces>();

  /** Whether a post is in it. */
  has(post: Post): boolean {
    return this.#indexOf(post) >= 0;
  }

  /** How a post in it has come. */
  acceptance(post: Post): Acceptance | undefined {
    return this.acceptances[this.#indexOf(post)];
  }

  /**
   * Found by its place, and by its id only there: V8 copies each string that a map or a set is asked
   * for to old space, where only a full collection finds the 80 bytes of an id.
   */
  #indexOf({ room, author, log, seq, id }: Post): number {
    if (!this.#isTaken(room, logKey(author, log), seq)) return -1;
    return this.arrivals.findIndex(({ post }) => post.id === id);
  }

  #isTaken(room: RoomId, key: LogKey, seq: number): boolean {
    return this.#rooms.get(room)?.logs.get(key)?.seqs.has(seq) ?? false;
  }

  /** The posts in it at a place in a log of a room; more than one where the log forks. */
  at(room: RoomId, key: LogKey, seq: number): Post[] {
    if (!this.#isTaken(room, key, seq)) return [];
    return this.arrivals.map(({ post }) => post).filter((post) =>
      post.seq === seq && post.room === room && logKey(post.author, post.log) === key
    );
  }

  /** Whether nothing is held of a log in a room, nor will be with what is in here. */
  opens(held: HeldLogs, key: LogKey): boolean {
    return held.rangesOf(key).length === 0 && !this.#rooms.get(held.id)?.logs.has(key);
  }

  /**
   * Whether one more log of an author may be opened in a room.
   *
   * @param held What is stored of the room.
   * @param logsMax How many logs of one author there may be.
   */
  mayOpen(held: HeldLogs, key: LogKey, author: PeerId, logsMax: number): boolean {
    const { opened } = this.#placesOf(held.id);
    if (!this.opens(held, key)) return true;
    const count = opened.get(author) ?? 0;
    if (held.logCount(author) + count >= logsMax) return false;
    opened.set(author, count + 1);
    return true;
  }

  /** The links that posts in it came over. */
  get connections(): Set<ConnectionId> {
    const connections = new Set<ConnectionId>();
    for (const { source } of this.acceptances) {
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
    const { id, room, author, log, seq } = arrival.post;
    this.acceptances.push({ id, source, hops, wide });
    this.#logOf(room, logKey(author, log)).seqs.add(seq, seq);
  }

  /**
   * Reserves a place in a log, unless the log would then be held in too many ranges.
   *
   * @param held What is stored of the room.
   * @param key The log.
   * @param seq The place.
   * @param rangesMax How many ranges there may be.
   * @returns Whether there was room.
   */
  reserve(held: HeldLogs, key: LogKey, seq: number, rangesMax: number): boolean {
    const log = this.#logOf(held.id, key);
    const joins = log.seqs.has(seq - 1) || log.seqs.has(seq + 1) || held.extends(key, seq);
    if (!joins) {
      if (held.rangesOf(key).length + log.openings >= rangesMax) return false;
      log.openings++;
    }
    log.seqs.add(seq, seq);
    return true;
  }

  #logOf(room: RoomId, key: LogKey): LogPlaces {
    const { logs } = this.#placesOf(room);
    let log = logs.get(key);
    if (log === undefined) logs.set(key, log = { seqs: new RangeSet(), openings: 0 });
    return log;
  }

  #placesOf(room: RoomId): RoomPlaces {
    let places = this.#rooms.get(room);
    if (places === undefined) {
      this.#rooms.set(room, places = { logs: new Map(), opened: new Map() });
    }
    return places;
  }
}
