/**
 * Spans: the parts of somebody's logs in which what stands there counts. An act that ends or gives
 * back a power or a voice names places in logs, not dates, which anybody can set back.
 */

import type { LogId } from "../wire/ids.ts";
import type { LogMark } from "../wire/owned_room.ts";
import { comparePosts } from "../wire/post.ts";
import type { ActPost, Standing } from "./ruling.ts";

/** From after `from` to `to` in each log; `to` is `null` as long as it goes on. */
export interface Span {
  readonly from: ReadonlyMap<LogId, LogMark>;
  to: ReadonlyMap<LogId, LogMark> | null;
  /** The rank of who ended it. */
  endedBy: number;
}

/** What somebody above has done to somebody. */
export interface Sanction {
  readonly post: ActPost;
  readonly rank: number;
  readonly removes: boolean;
  readonly logs: readonly LogMark[];
}

/** Where somebody's posts count, by what those above did: the later act decides over the earlier. */
export function voice(sanctions: readonly Sanction[]): Span[] {
  const spans: Span[] = [];
  begin(spans, []);
  for (
    const { rank, removes, logs } of sanctions.toSorted((a, b) => comparePosts(a.post, b.post))
  ) {
    if (removes) end(spans, logs, rank);
    // Who was removed from above is not admitted from below.
    else if (rank <= spans.at(-1)!.endedBy) begin(spans, logs);
  }
  return spans;
}

/** A voice, or the power of an admin, begins after the places that are named. */
export function begin(spans: Span[], logs: readonly LogMark[]): void {
  if (spans.length > 0 && spans.at(-1)!.to === null) return;
  spans.push({ from: marksOf(logs), to: null, endedBy: Infinity });
}

/** It ends with these places, unless somebody of a higher rank has ended it already. */
export function end(spans: Span[], logs: readonly LogMark[], rank: number): void {
  const span = spans.at(-1);
  if (span === undefined) return;
  if (span.to === null || rank < span.endedBy) {
    span.to = marksOf(logs);
    span.endedBy = rank;
  } else if (rank === span.endedBy) {
    // Of several by one rank the highest counts.
    span.to = marksOf([...span.to.values(), ...logs]);
  }
}

/** Of several marks of one log the highest, of equal ones the lower id. */
function marksOf(logs: readonly LogMark[]): Map<LogId, LogMark> {
  const marks = new Map<LogId, LogMark>();
  for (const mark of logs) {
    const known = marks.get(mark.log);
    const higher = known === undefined || mark.seq > known.seq ||
      (mark.seq === known.seq && mark.id < known.id);
    if (higher) marks.set(mark.log, mark);
  }
  return marks;
}

/** Whether a post is within a voice; who has none was never put out. */
export function speaks(spans: readonly Span[] | undefined, post: Standing): boolean {
  return spans === undefined || isWithin(spans, post);
}

/** Whether a post stands in one of the spans. */
export function isWithin(spans: readonly Span[], { log, seq, id }: Standing): boolean {
  return spans.some(({ from, to }) => {
    if (seq <= (from.get(log)?.seq ?? 0)) return false;
    if (to === null) return true;
    const last = to.get(log);
    return last !== undefined && (seq < last.seq || (seq === last.seq && id === last.id));
  });
}
