/**
 * Own posts of this run that nobody else is known to hold yet: which of them were handed to a
 * neighbour, and which have waited so long that their author should know. Who holds the others
 * is in receipts.ts.
 *
 * What a link took and never confirmed counts for nothing once that link is gone.
 */

import type { LogId, PostId, RoomId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import type { ConnectionId } from "./input.ts";

/** How far a post has come that nobody is known to hold. */
export type Unheld = "stored" | "handed" | "undelivered";

/** A post whose state has changed. */
export interface Delivery {
  readonly id: PostId;
  readonly room: RoomId;
  readonly state: Unheld;
}

interface Waiting {
  readonly id: PostId;
  readonly room: RoomId;
  readonly log: string;
  readonly seq: number;
  /** The links that it went over. */
  links: ConnectionId[];
  dueMs: number;
  isLate: boolean;
}

/** What waits for its first holder. */
export class Deliveries {
  readonly #limits: Limits;
  readonly #logs = new Map<string, Map<number, Waiting>>();
  /** Those that are not late yet, in the order in which they will be. */
  readonly #due = new Set<Waiting>();
  #count = 0;

  /** @param limits The table of limits. */
  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** How many wait. */
  get size(): number {
    return this.#count;
  }

  /** When the next of them counts as undelivered, on the monotonic clock. */
  get deadlineMs(): number {
    const [first] = this.#due;
    return first?.dueMs ?? Infinity;
  }

  /** An own post has been stored. Beyond a limit the oldest is no longer followed. */
  onOwnPost(
    { id, room, log, seq }: { id: PostId; room: RoomId; log: LogId; seq: number },
    nowMs: number,
  ): void {
    const name = room + log;
    const dueMs = nowMs + this.#limits.undeliveredMs;
    const waiting = { id, room, log: name, seq, links: [], dueMs, isLate: false };
    let posts = this.#logs.get(name);
    if (posts === undefined) this.#logs.set(name, posts = new Map());
    posts.set(seq, waiting);
    this.#due.add(waiting);
    this.#count++;
    if (this.#count > this.#limits.receiptsMax) this.#remove(this.#oldest());
  }

  /** A neighbour is being sent these sequences of a log; those that nobody had been sent before. */
  onHanded(
    connection: ConnectionId,
    room: RoomId,
    log: LogId,
    from: number,
    to: number,
    nowMs: number,
  ): Delivery[] {
    const posts = this.#logs.get(room + log);
    if (posts === undefined) return [];
    const found: Waiting[] = [];
    if (to - from < posts.size) {
      for (let seq = from; seq <= to; seq++) {
        const waiting = posts.get(seq);
        if (waiting !== undefined) found.push(waiting);
      }
    } else {
      found.push(...[...posts.values()].filter(({ seq }) => from <= seq && seq <= to));
    }
    return found.flatMap((each) => {
      if (each.links.includes(connection)) return [];
      each.links.push(connection);
      if (each.isLate) this.#wait(each, nowMs);
      return each.links.length === 1 ? [delivery(each)] : [];
    });
  }

  /** Somebody holds a post; says whether it was the first of whom that is known. */
  onHeld(room: RoomId, log: LogId, seq: number): boolean {
    const waiting = this.#logs.get(room + log)?.get(seq);
    if (waiting === undefined) return false;
    this.#remove(waiting);
    return true;
  }

  /** A link is gone: what only it had taken is only stored again. */
  onLinkLost(connection: ConnectionId): Delivery[] {
    const changed: Delivery[] = [];
    for (const posts of this.#logs.values()) {
      for (const each of posts.values()) {
        if (!each.links.includes(connection)) continue;
        each.links = each.links.filter((other) => other !== connection);
        if (each.links.length === 0) changed.push(delivery(each));
      }
    }
    return changed;
  }

  /** Those that have waited too long from now on. */
  onTime(nowMs: number): Delivery[] {
    const late: Delivery[] = [];
    for (const each of this.#due) {
      if (each.dueMs > nowMs) break;
      this.#due.delete(each);
      each.isLate = true;
      late.push({ ...delivery(each), state: "undelivered" });
    }
    return late;
  }

  /** How far a post has come; `null` if it is not one of those that are followed. */
  stateOf(room: RoomId, log: LogId, seq: number): Unheld | null {
    const waiting = this.#logs.get(room + log)?.get(seq);
    return waiting === undefined ? null : delivery(waiting).state;
  }

  #wait(waiting: Waiting, nowMs: number): void {
    waiting.isLate = false;
    waiting.dueMs = nowMs + this.#limits.undeliveredMs;
    this.#due.add(waiting);
  }

  #oldest(): Waiting {
    for (const posts of this.#logs.values()) {
      for (const waiting of posts.values()) return waiting;
    }
    throw new Error("Nothing waits");
  }

  #remove(waiting: Waiting): void {
    const posts = this.#logs.get(waiting.log)!;
    posts.delete(waiting.seq);
    if (posts.size === 0) this.#logs.delete(waiting.log);
    this.#due.delete(waiting);
    this.#count--;
  }
}

function delivery({ id, room, links, isLate }: Waiting): Delivery {
  return { id, room, state: isLate ? "undelivered" : links.length > 0 ? "handed" : "stored" };
}
