/**
 * What can go wrong with the database, in a closed list, and how SQLite's result codes
 * (https://sqlite.org/rescode.html) fall into it.
 */

/** What a caller may act upon. */
export type StoreErrorCode =
  /** No room on the disk, or a quota reached. It may pass. */
  | "disk-full"
  /** The disk, the file system or its permissions refused; or the file is gone. It may pass. */
  | "disk-error"
  /** The file holds something that cannot be right. It does not pass. */
  | "damaged"
  /** A later version of this program wrote the file. */
  | "newer"
  /** Another program wrote the file. */
  | "foreign";

/** The store could not do what was asked, and has not done part of it. */
export class StoreError extends Error {
  /** The name of this class. */
  override readonly name = "StoreError";
  /**
   * Names the reason.
   *
   * @param code What a caller may act upon.
   * @param path The database file, `:memory:` for one in memory.
   * @param detail What was seen, in one line without the path.
   */
  constructor(readonly code: StoreErrorCode, readonly path: string, readonly detail: string) {
    super(`Cannot use the history in "${path}": ${detail}. ${advice[code]}`);
  }
}

const advice: Readonly<Record<StoreErrorCode, string>> = {
  "disk-full": "Make room on the disk.",
  "disk-error": "Check the disk and the permissions of the folder.",
  damaged: "Start Starling again: it keeps this file under another name, saves what can be read " +
    "and gets the rest from other peers.",
  newer: "The file is left as it is. Use the newer Starling, or another folder.",
  foreign: "The file is left as it is. Use another folder.",
};

/** What SQLite says of a schema that is not as it was written, of the search's tables, too. */
const damagedWords =
  /malformed|not a database|no such (table|column|module|tokenizer)|has no column|unrecognized (column )?option|parse error in|tokenizer constructor|vtable/;

/** Primary result codes of SQLite. */
const sqliteCorrupt = 11, sqliteFull = 13, sqliteNotADatabase = 26;

/**
 * Runs something on the database.
 *
 * @typeParam T What it gives.
 * @param path The database file, for the message.
 * @param action What to run.
 * @throws {StoreError} If SQLite or the file system refused. Errors of this program's own
 * making (`TypeError`, `RangeError`) pass as they are.
 */
export function guarded<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw translated(path, error);
  }
}

function translated(path: string, error: unknown): unknown {
  if (error instanceof StoreError || !(error instanceof Error)) return error;
  const detail = error.message.replaceAll(/\s+/g, " ");
  if ("code" in error && error.code === "ERR_SQLITE_ERROR") {
    return new StoreError(sqliteCode(error), path, detail);
  }
  if (error instanceof TypeError || error instanceof RangeError) return error;
  return new StoreError("disk-error", path, detail);
}

function sqliteCode(error: Error): StoreErrorCode {
  // This Deno sets errcode on errors of statements but not on those of exec().
  const result = "errcode" in error && typeof error.errcode === "number" ? error.errcode & 255 : 0;
  if (result === sqliteFull || /disk is full/.test(error.message)) return "disk-full";
  if (result === sqliteCorrupt || result === sqliteNotADatabase) return "damaged";
  return damagedWords.test(error.message) ? "damaged" : "disk-error";
}
