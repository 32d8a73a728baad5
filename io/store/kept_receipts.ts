/**
 * Who holds what, as it is kept for the next start: the newest words of others, and what each
 * was known to hold of our own logs. How many there are is bounded by the engine, which says
 * who is kept no longer.
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { ReceiptChange } from "../../peer/action.ts";
import type { KeptHolder, KeptReceipts } from "../../peer/ports.ts";
import {
  fromId,
  idBytes,
  type LogId,
  logIdBytes,
  type PeerId,
  type RoomId,
  toId,
} from "../../wire/ids.ts";
import type { Transactions } from "./transaction.ts";

const roomParameter = "(SELECT id FROM room WHERE key = ?)";

/** Keeps and reads who holds what. */
export class KeptReceiptTables {
  readonly #transactions: Transactions;
  readonly #room: StatementSync;
  readonly #setWord: StatementSync;
  readonly #dropWord: StatementSync;
  readonly #setHolder: StatementSync;
  readonly #dropHolder: StatementSync;
  readonly #words: StatementSync;
  readonly #holders: StatementSync;

  /**
   * Prepares its statements.
   *
   * @param db The open database with its tables.
   * @param transactions On the same database.
   */
  constructor(db: DatabaseSync, transactions: Transactions) {
    this.#transactions = transactions;
    this.#room = db.prepare("SELECT id FROM room WHERE key = ?");
    this.#setWord = db.prepare("INSERT OR REPLACE INTO receipt VALUES (?, ?, ?, ?)");
    this.#dropWord = db.prepare("DELETE FROM receipt WHERE room = ? AND author = ?");
    this.#setHolder = db.prepare("INSERT OR REPLACE INTO holder VALUES (?, ?, ?, ?)");
    this.#dropHolder = db.prepare("DELETE FROM holder WHERE room = ? AND log = ? AND peer = ?");
    this.#words = db.prepare(`SELECT signed, signature FROM receipt WHERE room = ${roomParameter}`);
    this.#holders = db.prepare(
      `SELECT log, peer, ranges FROM holder WHERE room = ${roomParameter}`,
    );
  }

  /** Keeps what has changed. */
  keep(room: RoomId, { words, gone, holders }: ReceiptChange): void {
    const row = this.#room.get(fromId(room)) as unknown as { id: number } | undefined;
    if (row === undefined) return;
    this.#transactions.run("written", () => {
      for (const author of gone) this.#dropWord.run(row.id, fromId(author));
      for (const { author, signed, signature } of words) {
        this.#setWord.run(row.id, fromId(author), signed, signature);
      }
      for (const { log, peer, ranges } of holders) {
        if (ranges.length === 0) this.#dropHolder.run(row.id, fromId(log), fromId(peer));
        else this.#setHolder.run(row.id, fromId(log), fromId(peer), JSON.stringify(ranges));
      }
    });
  }

  /** What is kept of a room. */
  of(room: RoomId): KeptReceipts {
    const key = fromId(room);
    const words = this.#words.all(key) as unknown as {
      readonly signed: Uint8Array;
      readonly signature: Uint8Array;
    }[];
    const holders = this.#holders.all(key).flatMap((row) => {
      const holder = toHolder(row as unknown as HolderRow);
      return holder === null ? [] : [holder];
    });
    return { words: words.map(({ signed, signature }) => ({ signed, signature })), holders };
  }
}

interface HolderRow {
  readonly log: Uint8Array;
  readonly peer: Uint8Array;
  readonly ranges: string;
}

/** A row that has rotten says nothing: what it said is told again. */
function toHolder({ log, peer, ranges }: HolderRow): KeptHolder | null {
  if (log.length !== logIdBytes || peer.length !== idBytes) return null;
  const read = readRanges(ranges);
  return read === null ? null : { log: toId<LogId>(log), peer: toId<PeerId>(peer), ranges: read };
}

function readRanges(text: string): KeptHolder["ranges"] | null {
  let ranges: unknown;
  try {
    ranges = JSON.parse(text);
  } catch {
    return null;
  }
  let floor = 0;
  const isAscending = Array.isArray(ranges) && ranges.every((range) => {
    if (!Array.isArray(range) || range.length !== 2) return false;
    const [from, to] = range;
    const isRight = Number.isSafeInteger(from) && Number.isSafeInteger(to) && floor < from &&
      from <= to;
    floor = to;
    return isRight;
  });
  return isAscending ? ranges as KeptHolder["ranges"] : null;
}
