/**
 * Transactions. How durable one is depends on what is in it: with an own post it is synced
 * before it ends, because the post leaves the machine next; with the posts of others it is
 * only written, because they can be fetched again. Either way SQLite's write-ahead log keeps
 * the order: what is synced has everything before it on the disk too.
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { fileInfo } from "./database_file.ts";
import { StoreError } from "./store_error.ts";

/** Which file a path leads to, as far as the system can tell. */
export type FileNumber = { readonly dev: number; readonly ino: number | null } | null;

/** Runs transactions on one database. */
export class Transactions {
  readonly #db: DatabaseSync;
  readonly #path: string;
  readonly #file: FileNumber;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #rollback: StatementSync;
  /** What the database is set to; unknown before the first transaction. */
  #durability: "synced" | "written" | null = null;

  /**
   * Prepares its statements.
   *
   * @param db The open database.
   * @param path Its file.
   * @param file The file that was opened; `null` for a database in memory.
   */
  constructor(db: DatabaseSync, path: string, file: FileNumber) {
    this.#db = db;
    this.#path = path;
    this.#file = file;
    this.#begin = db.prepare("BEGIN IMMEDIATE");
    this.#commit = db.prepare("COMMIT");
    this.#rollback = db.prepare("ROLLBACK");
  }

  /**
   * Runs something in a transaction, and undoes it if it throws.
   *
   * @param durability "synced": it survives a loss of power once this has returned.
   * "written": it survives the end of this program.
   */
  run(durability: "synced" | "written", action: () => void): void {
    if (durability === "synced") this.#checkInPlace();
    if (durability !== this.#durability) {
      // Not prepared: this pragma takes effect when it is compiled.
      this.#db.exec(`PRAGMA synchronous = ${durability === "synced" ? "FULL" : "NORMAL"}`);
      this.#durability = durability;
    }
    this.#begin.run();
    try {
      action();
      this.#commit.run();
    } catch (error) {
      // After some errors of the disk SQLite has rolled back by itself.
      if (this.#db.isTransaction) this.#rollback.run();
      throw error;
    }
  }

  /** A file that was removed or replaced still takes writes, and nobody would find them again. */
  #checkInPlace(): void {
    if (this.#file === null || this.#file.ino === null) return;
    const { dev, ino } = fileInfo(this.#path) ?? { dev: -1, ino: -1 };
    if (dev !== this.#file.dev || ino !== this.#file.ino) {
      const detail = "the file was removed or replaced while it was open; start Starling again";
      throw new StoreError("disk-error", this.#path, detail);
    }
  }
}
