/**
 * Small texts that the faces keep from one start to the next, by key: what `/set` has set,
 * drafts, the history of a line of input. All together are bounded, because a face that
 * forgets to clean up must not fill the database.
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Transactions } from "./transaction.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Keeps the table `setting`. */
export class Settings {
  readonly #transactions: Transactions;
  readonly #get: StatementSync;
  readonly #set: StatementSync;
  readonly #drop: StatementSync;
  readonly #bytes: StatementSync;

  /**
   * Prepares its statements.
   *
   * @param db The open database with its tables.
   * @param transactions On the same database.
   */
  constructor(db: DatabaseSync, transactions: Transactions) {
    this.#transactions = transactions;
    this.#get = db.prepare("SELECT value FROM setting WHERE key = ?");
    this.#set = db.prepare(
      "INSERT INTO setting VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
    );
    this.#drop = db.prepare("DELETE FROM setting WHERE key = ?");
    this.#bytes = db.prepare(
      "SELECT ifnull(sum(length(key) + length(value)), 0) AS bytes FROM setting WHERE key <> ?",
    );
  }

  /** The text under a key, or `null`. */
  get(key: string): string | null {
    const row = this.#get.get(encoder.encode(key)) as unknown as { value: Uint8Array } | undefined;
    return row === undefined ? null : decoder.decode(row.value);
  }

  /** Sets the text under a key, or forgets it. */
  set(key: string, value: string | null): void {
    const name = encoder.encode(key);
    this.#transactions.run("written", () => {
      if (value === null) this.#drop.run(name);
      else this.#set.run(name, encoder.encode(value));
    });
  }

  /** Bytes of all texts and keys but one. */
  bytesBeside(key: string): number {
    return (this.#bytes.get(encoder.encode(key)) as unknown as { bytes: number }).bytes;
  }
}
