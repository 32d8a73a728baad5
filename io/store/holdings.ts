/**
 * What is held of each log: the contiguous top, and ranges above it. Both are kept at each
 * append, in any order of arrival, so that a frontier costs one row per log and not one per
 * post. The posts of a batch are first gathered into runs of sequences; each run then meets
 * only the ranges that it touches, however many others a log may have.
 *
 * Of two posts with one sequence (a fork) both are stored and the sequence counts once; the
 * lower id stands for the pair, so that peers which hold both name the same one.
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Holding } from "../../peer/ports.ts";
import { fromId, type LogId, type PeerId, type PostId, type RoomId, toId } from "../../wire/ids.ts";
import { inArrays } from "./rows.ts";

/** A range of sequences, both ends included. */
type Span = readonly [first: number, last: number];

interface LogRow {
  readonly id: number;
  readonly author: Uint8Array;
  readonly key: Uint8Array;
  readonly top: number;
  readonly top_id: Uint8Array | null;
  readonly ms: number;
}

interface ForkRow {
  readonly author: Uint8Array;
  readonly key: Uint8Array;
  readonly seq: number;
}

interface SpanRow {
  readonly log: number;
  readonly first: number;
  readonly last: number;
}

/** Keeps the tables `log.top`, `log.top_id` and `span`. */
export class Holdings {
  readonly #spanBelow: StatementSync;
  readonly #dropSpan: StatementSync;
  readonly #addSpan: StatementSync;
  readonly #lowestId: StatementSync;
  readonly #setTop: StatementSync;
  readonly #logsOf: StatementSync;
  readonly #spansOf: StatementSync;
  readonly #forksOf: StatementSync;

  /**
   * Prepares its statements.
   *
   * @param db The open database with its tables.
   */
  constructor(db: DatabaseSync) {
    this.#spanBelow = inArrays(db.prepare(
      "SELECT first, last FROM span WHERE log = ? AND first <= ? ORDER BY first DESC LIMIT 1",
    ));
    this.#dropSpan = db.prepare("DELETE FROM span WHERE log = ? AND first = ?");
    this.#addSpan = db.prepare("INSERT INTO span (log, first, last) VALUES (?, ?, ?)");
    this.#lowestId = db.prepare("SELECT min(hash) AS hash FROM post WHERE log = ? AND seq = ?");
    this.#setTop = db.prepare("UPDATE log SET top = ?, top_id = ? WHERE id = ?");
    const inRoom = "room = (SELECT id FROM room WHERE key = ?)";
    this.#logsOf = db.prepare(
      `SELECT id, author, key, top, top_id, ms FROM log WHERE ${inRoom} ORDER BY author, key`,
    );
    this.#forksOf = db.prepare(
      `SELECT log.author, log.key, fork.seq FROM log JOIN fork ON fork.log = log.id
       WHERE log.${inRoom} ORDER BY log.author, log.key, fork.seq`,
    );
    this.#spansOf = db.prepare(
      `SELECT span.log, span.first, span.last FROM log JOIN span ON span.log = log.id
       WHERE log.${inRoom} ORDER BY span.log, span.first`,
    );
  }

  /**
   * Takes note of posts that were inserted into one log in this transaction.
   *
   * @param log The row of the log.
   * @param topBefore Its top before them.
   * @param sequences Of the inserted posts, in any order; repeated for a fork.
   */
  settle(log: number, topBefore: number, sequences: number[]): void {
    let top = topBefore;
    for (const [first, last] of runs(sequences)) {
      if (last > top) top = this.#take(log, top, Math.max(first, top + 1), last);
    }
    if (top === topBefore && !sequences.includes(top)) return;
    const lowest = this.#lowestId.get(log, top) as unknown as { hash: Uint8Array };
    this.#setTop.run(top, lowest.hash, log);
  }

  /**
   * Takes everything up to a floor for held, whatever of it ever was.
   *
   * @param log The row of the log.
   * @param top Its top before.
   * @param floor The sequence up to which posts were removed.
   * @param floorId The id of the last of these.
   */
  raise(log: number, top: number, floor: number, floorId: Uint8Array): void {
    if (floor <= top) return;
    const raised = this.#take(log, top, top + 1, floor);
    const lowest = this.#lowestId.get(log, raised) as unknown as { hash: Uint8Array | null };
    this.#setTop.run(raised, lowest.hash ?? floorId, log);
  }

  /** Unites one run above `top` with the ranges it touches; returns the new top. */
  #take(log: number, top: number, runFirst: number, runLast: number): number {
    let first = runFirst;
    let last = runLast;
    // Asked one by one: an iterator leaves 2 KB behind until the next major collection.
    for (let below = last + 1;;) {
      const span = this.#spanBelow.get(log, below) as unknown as Span | undefined;
      // Ranges are disjoint: the ones below this one end lower still.
      if (span === undefined || span[1] < runFirst - 1) break;
      this.#dropSpan.run(log, span[0]);
      first = Math.min(first, span[0]);
      last = Math.max(last, span[1]);
      below = span[0] - 1;
    }
    if (first === top + 1) return last;
    this.#addSpan.run(log, first, last);
    return top;
  }

  /** All that is held of a room, by author and log. */
  frontier(room: RoomId): Holding[] {
    const key = fromId(room);
    const above = new Map<number, Span[]>();
    for (const { log, first, last } of this.#spansOf.all(key) as unknown as SpanRow[]) {
      const spans = above.get(log);
      if (spans === undefined) above.set(log, [[first, last]]);
      else spans.push([first, last]);
    }
    return (this.#logsOf.all(key) as unknown as LogRow[]).map((row) => ({
      author: toId<PeerId>(row.author),
      log: toId<LogId>(row.key),
      top: row.top,
      topId: row.top_id === null ? null : toId<PostId>(row.top_id),
      above: above.get(row.id) ?? [],
      latestMs: row.ms,
    }));
  }

  /** Places of a room at which more than one post stands; triggers keep the table `fork`. */
  forks(room: RoomId): { author: PeerId; log: LogId; seq: number }[] {
    const rows = this.#forksOf.all(fromId(room)) as unknown as ForkRow[];
    return rows.map(({ author, key, seq }) => ({
      author: toId<PeerId>(author),
      log: toId<LogId>(key),
      seq,
    }));
  }
}

/** Gathers sequences into ascending runs without a gap. */
function runs(sequences: number[]): Span[] {
  const found: [first: number, last: number][] = [];
  for (const seq of sequences.toSorted((a, b) => a - b)) {
    const run = found.at(-1);
    if (run !== undefined && seq <= run[1] + 1) run[1] = seq;
    else found.push([seq, seq]);
  }
  return found;
}
