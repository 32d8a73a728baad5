/**
 * Asking for single posts by their ids: those that must exist, because others name them or a
 * neighbour says that a branch ends there, though something else is held in their place. The
 * answer goes back from each to the one before it, until the branches meet.
 *
 * Every neighbour is asked once for each, then again after a rest that doubles; while one of them
 * answers, or may do so soon, no other. Of what only neighbours say that it exists none but those
 * who say so are asked, and it makes room for what posts name: whoever makes up ids keeps nobody
 * busy but itself.
 */

import type { PostId, RoomId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import type { ConnectionId } from "./input.ts";

interface Sought {
  readonly room: RoomId;
  /** Who says to hold it; `null` if a post names it, so that anybody may. */
  holders: Set<ConnectionId> | null;
  /** When each neighbour may be asked again, and after how long the time after that. */
  readonly rests: Map<ConnectionId, { untilMs: number; restMs: number }>;
}

interface Request {
  readonly number: number;
  readonly room: RoomId;
  readonly first: PostId;
  /** The post that comes next in the answer; `null` behind the first of a log. */
  next: PostId | null;
  /** The post that came last, as it should. */
  came: PostId | null;
  /** From then on others may be asked for the same; `-Infinity` if they may. */
  aloneUntilMs: number;
  readonly deadlineMs: number;
}

/** What to ask a neighbour for. */
export interface Seek {
  readonly room: RoomId;
  readonly request: number;
  readonly id: PostId;
  readonly most: number;
}

/** The longest rest of a neighbour that does not have a post. */
const restMsMax = 3_600_000;

/** All posts that are asked for by their ids. */
export class HistorySeek {
  readonly #limits: Limits;
  readonly #sought = new Map<PostId, Sought>();
  /** Which of them each neighbour says to hold, oldest first. */
  readonly #said = new Map<ConnectionId, Set<PostId>>();
  readonly #requests = new Map<ConnectionId, Request>();

  /** @param limits The table of limits. */
  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** How many posts are sought. */
  get size(): number {
    return this.#sought.size;
  }

  /** When a request is given up or somebody may be asked again, on the monotonic clock. */
  get deadlineMs(): number {
    let earliest = Infinity;
    for (const { deadlineMs, aloneUntilMs, first } of this.#requests.values()) {
      const isAlone = aloneUntilMs !== -Infinity && this.#sought.has(first);
      earliest = Math.min(earliest, deadlineMs, isAlone ? aloneUntilMs : Infinity);
    }
    for (const [id, { rests }] of this.#sought) {
      if (this.#isAskedFor(id)) continue;
      for (const [connection, { untilMs }] of rests) {
        // Who is being asked is not asked for anything else before that has ended.
        if (!this.#requests.has(connection)) earliest = Math.min(earliest, untilMs);
      }
    }
    return earliest;
  }

  /**
   * A post must exist and is not held. Of too many one is given up.
   *
   * @param holder The neighbour that says to hold it; `null` if a stored post names it.
   */
  onMissing(room: RoomId, id: PostId, holder: ConnectionId | null = null): void {
    const known = this.#sought.get(id);
    if (known !== undefined) {
      if (holder === null) {
        for (const each of known.holders ?? []) this.#unsay(each, id);
        known.holders = null;
      } else if (known.holders !== null) {
        known.holders.add(holder);
        this.#say(holder, id);
      }
      return;
    }
    const holders = holder === null ? null : new Set([holder]);
    this.#sought.set(id, { room, holders, rests: new Map() });
    if (holder !== null) this.#say(holder, id);
    if (this.#sought.size > this.#limits.seeksMax) this.#drop(this.#leastMissed());
  }

  #say(holder: ConnectionId, id: PostId): void {
    const said = this.#said.get(holder);
    if (said === undefined) this.#said.set(holder, new Set([id]));
    else said.add(id);
  }

  #unsay(holder: ConnectionId, id: PostId): void {
    const said = this.#said.get(holder);
    said?.delete(id);
    if (said?.size === 0) this.#said.delete(holder);
  }

  #drop(id: PostId): void {
    for (const holder of this.#sought.get(id)?.holders ?? []) this.#unsay(holder, id);
    this.#sought.delete(id);
  }

  /** The oldest of whoever says to hold the most; if all are named by posts the oldest of them. */
  #leastMissed(): PostId {
    let most = new Set<PostId>();
    for (const said of this.#said.values()) if (said.size > most.size) most = said;
    const [oldest] = most;
    return oldest ?? this.#sought.keys().next().value!;
  }

  /** A post has been stored. */
  onStored(id: PostId): void {
    if (this.#sought.size > 0) this.#drop(id);
  }

  /** A room is closed. */
  onRoomClosed(room: RoomId): void {
    for (const [id, sought] of this.#sought) if (sought.room === room) this.#drop(id);
  }

  /** A neighbour has closed a room, or is one no longer. */
  onUnshared(connection: ConnectionId, room: RoomId): void {
    if (this.#requests.get(connection)?.room === room) this.#requests.delete(connection);
    for (const [id, sought] of this.#sought) {
      if (sought.room === room) this.#forget(connection, id, sought);
    }
  }

  /** A link is gone. */
  onLinkLost(connection: ConnectionId): void {
    this.#requests.delete(connection);
    for (const [id, sought] of this.#sought) this.#forget(connection, id, sought);
  }

  #forget(connection: ConnectionId, id: PostId, { holders, rests }: Sought): void {
    rests.delete(connection);
    if (!holders?.delete(connection)) return;
    this.#unsay(connection, id);
    if (holders.size === 0) this.#sought.delete(id);
  }

  /**
   * The next question to a neighbour; `null` if there is none now.
   *
   * @param shares Whether it is a neighbour in a room.
   * @param number The number of the request, from the same count as those for ranges.
   */
  next(
    connection: ConnectionId,
    shares: (room: RoomId) => boolean,
    number: () => number,
    nowMs: number,
  ): Seek | null {
    if (this.#sought.size === 0 || this.#requests.has(connection)) return null;
    for (const [id, { room, holders, rests }] of this.#sought) {
      if (this.#isAskedFor(id) || !shares(room)) continue;
      if (holders !== null && !holders.has(connection)) continue;
      if ((rests.get(connection)?.untilMs ?? 0) > nowMs) continue;
      const request = number();
      const deadlineMs = nowMs + this.#limits.pageMs;
      this.#requests.set(connection, {
        number: request,
        room,
        first: id,
        next: id,
        came: null,
        aloneUntilMs: nowMs + this.#limits.wantAloneMs,
        deadlineMs,
      });
      return { room, request, id, most: this.#limits.seekPostsMax };
    }
    return null;
  }

  /** A post of an answer: it counts as asked for if it is the one that the last one named. */
  onCame(
    connection: ConnectionId,
    number: number,
    post: { readonly room: RoomId; readonly id: PostId; readonly previous: PostId | null },
  ): void {
    const request = this.#requests.get(connection);
    if (request?.number !== number || request.room !== post.room) return;
    if (request.next !== post.id) return;
    request.came = post.id;
    request.aloneUntilMs = Infinity;
    request.next = post.previous;
  }

  /** Whether a post of an answer was asked for. */
  isAsked(connection: ConnectionId, number: number, id: PostId): boolean {
    const request = this.#requests.get(connection);
    return request?.number === number && request.came === id;
  }

  /** An answer has ended. Who did not have what was sought rests. */
  onPage(connection: ConnectionId, number: number, nowMs: number): void {
    const request = this.#requests.get(connection);
    if (request?.number === number) this.#end(connection, request, nowMs);
  }

  /** Requests that were not answered in time. */
  onTime(nowMs: number): void {
    for (const [connection, request] of this.#requests) {
      if (request.aloneUntilMs <= nowMs) request.aloneUntilMs = -Infinity;
      if (request.deadlineMs <= nowMs) this.#end(connection, request, nowMs);
    }
  }

  #end(connection: ConnectionId, request: Request, nowMs: number): void {
    this.#requests.delete(connection);
    const sought = this.#sought.get(request.first);
    if (sought === undefined) return;
    const restMs = sought.rests.get(connection)?.restMs ?? this.#limits.askAgainMs;
    const doubled = Math.min(2 * restMs, restMsMax);
    sought.rests.set(connection, { untilMs: nowMs + restMs, restMs: doubled });
  }

  #isAskedFor(id: PostId): boolean {
    for (const { first, aloneUntilMs } of this.#requests.values()) {
      if (first === id && aloneUntilMs !== -Infinity) return true;
    }
    return false;
  }
}
