/**
 * What to ask one neighbour for next in one room: a little of many logs, the newest of each, so that
 * the authors take turns, and nothing that is on its way from anybody.
 */

import type { PeerId, RoomId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import type { WantedRange } from "../wire/message_entries.ts";
import type { Claim, Claims, HeldRanges } from "./claims.ts";
import type { LogKey } from "./log_key.ts";
import { type Range, subtract } from "./ranges.ts";

/** What bounds a request. */
export interface ChoiceBounds {
  readonly limits: Limits;
  /** In how many pieces a log of the room may be held. */
  readonly rangesMax: number;
  /** Posts in the request. */
  readonly postsMax: number;
  /** Whether an author has not used up yet what history may bring in a day. */
  readonly mayFetch: (room: RoomId, author: PeerId) => boolean;
  /** What of a log is on its way already, ascending. */
  readonly coming: (room: RoomId, key: LogKey) => readonly Range[];
  /** The author has had its share of the day: the rest stays where it is. */
  readonly holdBack: (room: RoomId, key: LogKey, claim: Claim) => void;
}

/**
 * Chooses, and forgets claims of which nothing is lacking any more.
 *
 * @param claims What the neighbour says to hold; logs that are chosen come last the next time.
 * @returns Ranges by log, ascending; empty if nothing is to be had now.
 */
export function chooseRanges(
  claims: Claims,
  room: RoomId,
  held: HeldRanges,
  nowMs: number,
  bounds: ChoiceBounds,
): Map<LogKey, Range[]> {
  const { limits, mayFetch, holdBack } = bounds;
  const logs = claims.rooms.get(room) ?? new Map<LogKey, Claim>();
  const chosen = new Map<LogKey, Range[]>();
  const authors = new Set<PeerId>();
  // One log of each author first: who has many must not come before those who have one.
  const others: [LogKey, Claim][] = [];
  let count = 0;
  let left = bounds.postsMax;
  const isFull = () => count >= limits.wantRangesMax || left <= 0;
  const consider = (key: LogKey, claim: Claim) => {
    const rangesMax = Math.min(4, limits.wantRangesMax - count);
    const most = Math.min(left, limits.wantPostsPerLogMax);
    const portion = portionOf(claims, room, key, claim, held(room, key), bounds, most, rangesMax);
    if (portion === null) logs.delete(key);
    if (portion === null || portion.length === 0) return;
    const { author } = claim.entry;
    if (!mayFetch(room, author)) return holdBack(room, key, claim);
    authors.add(author);
    chosen.set(key, portion);
    count += portion.length;
    left -= countOf(portion);
  };
  for (const [key, claim] of logs) {
    if (isFull()) break;
    if (claim.restUntilMs > nowMs) {
      claims.onRests(claim.restUntilMs);
    } else if (authors.has(claim.entry.author)) others.push([key, claim]);
    else consider(key, claim);
  }
  for (const [key, claim] of others) {
    if (isFull()) break;
    consider(key, claim);
  }
  for (const key of chosen.keys()) {
    const claim = logs.get(key)!;
    logs.delete(key);
    logs.set(key, claim);
  }
  return chosen;
}

/** What to ask of a log now; `null` if nothing of it is lacking any more. */
function portionOf(
  claims: Claims,
  room: RoomId,
  key: LogKey,
  claim: Claim,
  own: readonly Range[],
  { rangesMax: piecesMax, coming: comingOf }: ChoiceBounds,
  postsMax: number,
  rangesMax: number,
): Range[] | null {
  const lacking = claims.lacking(room, key, claim.entry, own);
  if (lacking.length === 0) return null;
  const coming = comingOf(room, key);
  const free = subtract(lacking, coming);
  const isFull = own.length >= piecesMax;
  return newest(isFull ? joining(free, [...own, ...coming]) : free, postsMax, rangesMax);
}

/**
 * A log in as many pieces as there may be takes only what makes one of them longer: downwards as
 * much as there is, for it comes newest first, upwards one post at a time.
 */
function joining(free: readonly Range[], held: readonly Range[]): Range[] {
  const starts = new Set(held.map(([from]) => from));
  const ends = new Set(held.map(([, to]) => to));
  return free.flatMap(([from, to]): Range[] => {
    if (starts.has(to + 1)) return [[from, to]];
    return ends.has(from - 1) ? [[from, from]] : [];
  });
}

/** The last `count` numbers of ascending ranges, in at most `rangesMax` ranges, ascending. */
function newest(ranges: readonly Range[], count: number, rangesMax: number): Range[] {
  const taken: Range[] = [];
  for (let i = ranges.length - 1, left = count; i >= 0 && left > 0; i--) {
    if (taken.length === rangesMax) break;
    const [from, to] = ranges[i]!;
    const start = Math.max(from, to - left + 1);
    taken.unshift([start, to]);
    left -= to - start + 1;
  }
  return taken;
}

/** The choice as a request says it, the newest first. */
export function wantedRanges(
  ranges: ReadonlyMap<LogKey, readonly Range[]>,
  logs: ReadonlyMap<LogKey, Claim>,
): WantedRange[] {
  return [...ranges].flatMap(([key, portion]) => {
    const { author, log } = logs.get(key)!.entry;
    return portion.toReversed().map(([from, to]) => ({ author, log, from, to }));
  });
}

/** How many numbers are in ranges. */
export function countOf(ranges: readonly Range[]): number {
  return ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0);
}
