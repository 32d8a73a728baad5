/**
 * What one neighbour says that it holds and we lack, by room and log; what of that it has removed,
 * and when it may be asked for what it did not send. Who is asked for what is in history_fetch.ts.
 */

import type { RoomId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import type { FloorEntry, FrontierEntry } from "../wire/message_entries.ts";
import type { Post } from "../wire/post.ts";
import { type LogKey, logKey } from "./log_key.ts";
import { type Range, subtract, unite } from "./ranges.ts";

/** What this peer holds of a log, ascending. */
export type HeldRanges = (room: RoomId, key: LogKey) => readonly Range[];

/** What one neighbour holds of one log that we lacked when it said so. */
export interface Claim {
  readonly entry: FrontierEntry;
  /** When it may be asked for again, and how long it rests after the next fruitless try. */
  restUntilMs: number;
  restMs: number;
}

/** The longest rest of a log at a neighbour that never sends what it says it holds. */
const restMsMax = 3_600_000;

/** The claims of one neighbour in one room; counts the ranges in them. */
export class RoomClaims extends Map<LogKey, Claim> {
  /** Ranges above the tops of all its logs. */
  ranges = 0;

  /** Puts a claim in the place of one of the same log. */
  override set(key: LogKey, claim: Claim): this {
    this.ranges += claim.entry.above.length - this.#rangesOf(key);
    return super.set(key, claim);
  }

  /** Forgets a claim. */
  override delete(key: LogKey): boolean {
    this.ranges -= this.#rangesOf(key);
    return super.delete(key);
  }

  #rangesOf(key: LogKey): number {
    return this.get(key)?.entry.above.length ?? 0;
  }
}

/** The claims of one neighbour. */
export class Claims {
  readonly rooms = new Map<RoomId, RoomClaims>();
  /** When the first of the resting claims may be asked for; `Infinity` if none rests. */
  restedMs = Infinity;
  readonly #limits: Limits;
  /** What it said to have removed, of logs that it was asked for. */
  readonly #gone = new Map<RoomId, Map<LogKey, readonly Range[]>>();
  /** Logs that were asked for in vain; others may come in their place. */
  readonly #vain = new Map<RoomId, Set<LogKey>>();
  /** Rooms with more claims than are kept: they must be stated again. */
  readonly #cut = new Set<RoomId>();

  /** @param limits The table of limits. */
  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** The most logs of one room. */
  get size(): number {
    let most = 0;
    for (const logs of this.rooms.values()) most = Math.max(most, logs.size);
    return most;
  }

  /** The most ranges of one room. */
  get ranges(): number {
    let most = 0;
    for (const logs of this.rooms.values()) most = Math.max(most, logs.ranges);
    return most;
  }

  /** It has said what it holds of some logs. */
  onFrontier(room: RoomId, entries: readonly FrontierEntry[], held: HeldRanges): void {
    const logs = this.#logs(room);
    for (const entry of entries) {
      const key = logKey(entry.author, entry.log);
      const before = logs.get(key);
      logs.delete(key);
      const whole = this.#within(
        room,
        logs,
        before === undefined ? entry : union(before.entry, entry),
      );
      if (this.lacking(room, key, whole, held(room, key)).length === 0) continue;
      if (logs.size >= this.#limits.missingLogsMax) {
        this.#cut.add(room);
        if (!this.#makeRoom(room, logs)) continue;
      }
      // Who only says the same again is not asked the sooner for it.
      const grown = before === undefined || greatest(entry) > greatest(before.entry);
      logs.set(key, {
        entry: whole,
        restUntilMs: grown ? 0 : before.restUntilMs,
        restMs: before?.restMs ?? this.#limits.askAgainMs,
      });
    }
  }

  /**
   * It has removed the beginnings of logs.
   *
   * @returns Those that it was asked for; the others do not count.
   */
  onFloors(room: RoomId, floors: readonly FloorEntry[]): readonly FloorEntry[] {
    const claims = this.rooms.get(room);
    if (claims === undefined) return [];
    const gone = this.#gone.get(room) ?? new Map<LogKey, readonly Range[]>();
    this.#gone.set(room, gone);
    const { missingLogsMax, claimRangesMax } = this.#limits;
    let left = claimRangesMax;
    for (const ranges of gone.values()) left -= ranges.length;
    return floors.filter(({ author, log, seq, kept }) => {
      const key = logKey(author, log);
      const removed = subtract([[1, seq]], kept);
      // As much as it may claim to hold.
      const isFull = (gone.size >= missingLogsMax && !gone.has(key)) || removed.length > left;
      if (!claims.has(key) || isFull) return false;
      left -= removed.length;
      gone.set(key, removed);
      return true;
    });
  }

  /** A post was left with it: it must state again what it holds of the room. */
  onLeft(room: RoomId): void {
    this.#cut.add(room);
  }

  /** A post came sooner than its author may: it is fetched after a while. */
  onLeftOver(
    { room, author, log, seq }: Pick<Post, "room" | "author" | "log" | "seq">,
    nowMs: number,
  ): void {
    const logs = this.#logs(room);
    const key = logKey(author, log);
    const before = logs.get(key);
    const top = before?.entry.top ?? 0;
    const above = unite(before?.entry.above ?? [], seq > top ? [[seq, seq]] : []);
    const { missingLogsMax, rangesPerLogMax, claimRangesMax, askAgainMs, overBudgetMs } =
      this.#limits;
    const isNew = before === undefined;
    const isFull = (isNew && logs.size >= missingLogsMax) || logs.ranges >= claimRangesMax;
    if (isFull || above.length > rangesPerLogMax) {
      this.#cut.add(room);
      return;
    }
    const restUntilMs = isNew ? nowMs + overBudgetMs : before.restUntilMs;
    logs.set(key, {
      entry: { author, log, top, topId: before?.entry.topId ?? null, above },
      restUntilMs,
      restMs: before?.restMs ?? askAgainMs,
    });
    this.onRests(restUntilMs);
  }

  /** A claim rests until then. */
  onRests(untilMs: number): void {
    this.restedMs = Math.min(this.restedMs, untilMs);
  }

  /** A log was asked for in vain: it rests, ever longer. */
  onVain(room: RoomId, key: LogKey, nowMs: number): void {
    const claim = this.rooms.get(room)?.get(key);
    if (claim === undefined) return;
    const vain = this.#vain.get(room) ?? new Set();
    this.#vain.set(room, vain);
    vain.delete(key);
    vain.add(key);
    if (vain.size > this.#limits.missingLogsMax) vain.delete(vain.values().next().value!);
    claim.restUntilMs = nowMs + claim.restMs;
    this.onRests(claim.restUntilMs);
    claim.restMs = Math.min(claim.restMs * 2, restMsMax);
  }

  /** What was held back of a room may be asked for. */
  onMore(room: RoomId): void {
    for (const claim of this.rooms.get(room)?.values() ?? []) claim.restUntilMs = 0;
  }

  /** It has closed a room, or we have. */
  onRoomClosed(room: RoomId): void {
    this.rooms.delete(room);
    this.#gone.delete(room);
    this.#vain.delete(room);
    this.#cut.delete(room);
  }

  /** Rooms of which all that was kept is fetched, though it has stated more. */
  takeCut(): RoomId[] {
    if (this.#cut.size === 0) return [];
    const rooms = [...this.#cut].filter((room) => !this.rooms.has(room));
    for (const room of rooms) this.#cut.delete(room);
    return rooms;
  }

  /** What it can give of a log that we do not hold. */
  lacking(room: RoomId, key: LogKey, entry: FrontierEntry, own: readonly Range[]): Range[] {
    const lacking = missing(entry, own);
    const removed = this.#gone.get(room)?.get(key);
    return removed === undefined ? lacking : subtract(lacking, removed);
  }

  /**
   * What cannot be had must not keep out what can: in a private room the one may say who is a
   * member, without which the other is not taken.
   */
  #makeRoom(room: RoomId, logs: RoomClaims): boolean {
    for (const key of this.#vain.get(room) ?? []) {
      this.#vain.get(room)!.delete(key);
      if ((logs.get(key)?.restMs ?? 0) <= this.#limits.askAgainMs) continue;
      logs.delete(key);
      return true;
    }
    return false;
  }

  /** The newest of what it says, as much as is kept; of what is left out it must tell again. */
  #within(room: RoomId, logs: RoomClaims, entry: FrontierEntry): FrontierEntry {
    const { rangesPerLogMax, claimRangesMax } = this.#limits;
    const most = Math.min(rangesPerLogMax, claimRangesMax - logs.ranges);
    if (entry.above.length <= most) return entry;
    this.#cut.add(room);
    return { ...entry, above: entry.above.slice(entry.above.length - most) };
  }

  #logs(room: RoomId): RoomClaims {
    let logs = this.rooms.get(room);
    if (logs === undefined) this.rooms.set(room, logs = new RoomClaims());
    return logs;
  }
}

/** Two statements about one log: the older may come later, and what is held only grows. */
function union(a: FrontierEntry, b: FrontierEntry): FrontierEntry {
  const { author, log, top, topId } = a.top > b.top ? a : b;
  const above = unite(aboveTop(a, top), aboveTop(b, top));
  return { author, log, top, topId, above };
}

function aboveTop({ above }: FrontierEntry, top: number): Range[] {
  return subtract(above, [[0, top]]);
}

function greatest({ top, above }: FrontierEntry): number {
  return above.at(-1)?.[1] ?? top;
}

function missing(entry: FrontierEntry, held: readonly Range[]): Range[] {
  const theirs: Range[] = entry.top > 0 ? [[1, entry.top], ...entry.above] : [...entry.above];
  return subtract(theirs, held);
}
