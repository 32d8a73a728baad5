/** Small facts about the database itself, by key. */

import type { DatabaseSync, StatementSync } from "node:sqlite";

/**
 * - `log`: the id under which this peer numbers its posts.
 * - `file`: which file that was decided in (io/log_id.ts).
 * - `probe`: what a probe of the disk has written; empty.
 */
export type MetaKey = "log" | "file" | "probe";

/** The table `meta`. */
export class Meta {
  readonly #get: StatementSync;
  readonly #set: StatementSync;

  /**
   * Prepares its statements.
   *
   * @param db The open database with its tables.
   */
  constructor(db: DatabaseSync) {
    this.#get = db.prepare("SELECT value FROM meta WHERE key = ?");
    this.#set = db.prepare(
      "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
    );
  }

  /** What was set last, or `null`. */
  get(key: MetaKey): string | null {
    const row = this.#get.get(key) as unknown as { value: string } | undefined;
    return row?.value ?? null;
  }

  /** Sets a value; in the transaction that is open, if one is. */
  set(key: MetaKey, value: string): void {
    this.#set.run(key, value);
  }
}
