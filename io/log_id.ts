/**
 * Under which id this peer numbers its posts. The id belongs to one database file: a copy of
 * the folder would go on numbering where the original does too, and nobody could tell the
 * two apart. So beside the id stands which file it was drawn in, and a database that finds
 * itself in another file draws a new one. A restart, a crash and a moved folder keep it.
 *
 * A file is known by its inode and the time it was made, which no copying tool sets. The
 * device counts only where that time is not known: some file systems number devices anew at
 * each start of the machine, while a deleted file's inode is often given to its successor.
 */

import type { CryptoSuite } from "../wire/crypto_suite.ts";
import { type LogId, logIdBytes, toId } from "../wire/ids.ts";
import type { SqliteStore } from "./store/sqlite_store.ts";

/** What tells one file from another. */
export interface FilePlace {
  /** The device's number. */
  readonly dev: number;
  /** `null` where files have no number. */
  readonly ino: number | null;
  /** When the file was made, in milliseconds since 1970; `null` where that is not kept. */
  readonly bornMs: number | null;
}

/** A log id, and why it is a new one. */
export interface OpenedLog {
  /** The id. */
  readonly log: LogId;
  /** "copied": the database is not in the file in which its log was drawn. */
  readonly newLogReason: "copied" | null;
}

/** Which file is at a path. */
export function filePlace(path: string): FilePlace {
  const { dev, ino, birthtime } = Deno.statSync(path);
  return { dev, ino, bornMs: birthtime?.getTime() ?? null };
}

/**
 * The log id of a store, drawn now if it has none or is a copy.
 *
 * @param store Where the id is kept.
 * @param place The file of the store; `null` for one in memory.
 * @param crypto Where a new id comes from.
 * @throws {StoreError} If a new id cannot be kept.
 */
export function openLog(
  store: SqliteStore,
  place: FilePlace | null,
  crypto: CryptoSuite,
): OpenedLog {
  const log = store.kept.meta("log");
  if (log !== null && isSameFile(parsePlace(store.kept.meta("file")), place)) {
    return { log: log as LogId, newLogReason: null };
  }
  const fresh = toId<LogId>(crypto.randomBytes(logIdBytes));
  store.kept.setMeta({ log: fresh, file: JSON.stringify(place) });
  return { log: fresh, newLogReason: log === null ? null : "copied" };
}

/** Whether two places are one file. Where nothing tells files apart, they are taken for one. */
export function isSameFile(a: FilePlace | null, b: FilePlace | null): boolean {
  if (a === null || b === null) return a === b;
  if (a.ino !== b.ino) return false;
  return a.bornMs !== null && b.bornMs !== null ? a.bornMs === b.bornMs : a.dev === b.dev;
}

function parsePlace(text: string | null): FilePlace | null {
  return text === null ? null : JSON.parse(text) as FilePlace | null;
}
