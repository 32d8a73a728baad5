/**
 * Opens the database file, or says why it must not be opened.
 *
 * A new file is built beside its place and renamed into it, so that whatever lies there has
 * once been whole: an empty or cut file is a damaged one and never taken for a fresh start.
 * Until then it needs no journal on the disk: a draft that was broken off is thrown away.
 * An existing one is examined before anything can write to it: its header as plain bytes,
 * then its tables through a connection that only reads.
 *
 * A small file is then checked in full at each start, a middling one without comparing its
 * indexes to its rows, a large one not at all, because a start must not wait for it; there,
 * damage shows when its page is read, as the same error. Each post carries a sum of its own
 * besides (rows.ts).
 */

import { DatabaseSync } from "node:sqlite";
import { syncFile, syncFolder } from "../atomic_file.ts";
import { dirname } from "../paths.ts";
import { applicationId, migrate, schemaVersion, storedVersion } from "./schema.ts";
import { StoreError } from "./store_error.ts";

/**
 * Bytes of the largest file that is checked in full at each start. Either check may take some 8 ms
 * (measured), a tenth of a start; damage in a larger file is found where it is read.
 */
const fullCheckBytesMax = 2 * 2 ** 20;
/** Bytes of the largest file whose pages are checked at each start. */
const quickCheckBytesMax = 5 * 2 ** 20;

/** How long a statement waits for another program that has the file locked, such as a backup. */
const busyMs = 1_000;

/** What is kept of the write-ahead log's file after a checkpoint; a burst can make it larger. */
const logKeptBytes = 4 * 2 ** 20;

const ownerOnly = 0o600;

/**
 * Opens the database, creating it if there is none.
 *
 * @param path Its file; `:memory:` for one that is never a file.
 * @throws {StoreError} "damaged", "newer" or "foreign"; the file is left as it is.
 * @throws {Error} Of SQLite or the file system, as they come.
 */
export function openDatabase(path: string): DatabaseSync {
  if (path !== ":memory:") {
    if (fileInfo(path) === null) createFile(path);
    else examine(path);
    for (const suffix of ["", "-wal", "-shm"]) restrict(path + suffix);
  }
  const db = connect(path, false);
  try {
    db.exec(`PRAGMA journal_mode = WAL;
      PRAGMA journal_size_limit = ${logKeptBytes};
      PRAGMA temp_store = MEMORY`);
    migrate(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** What a path leads to, or `null` if nothing is there. */
export function fileInfo(path: string): Deno.FileInfo | null {
  try {
    return Deno.statSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

function connect(path: string, readOnly: boolean): DatabaseSync {
  const db = new DatabaseSync(path, { readOnly, enableForeignKeyConstraints: false });
  db.exec(`PRAGMA busy_timeout = ${busyMs};
    PRAGMA cell_size_check = ON;
    PRAGMA trusted_schema = OFF`);
  return db;
}

function createFile(path: string): void {
  // An empty one is left by the examination of a damaged database.
  if ((fileInfo(`${path}-wal`)?.size ?? 0) > 0) {
    const detail = `the file is gone, and what was written last is still in "${path}-wal"`;
    throw new StoreError("damaged", path, detail);
  }
  const draft = `${path}.new`;
  for (const suffix of ["", "-wal", "-shm"]) {
    if (fileInfo(draft + suffix) !== null) Deno.removeSync(draft + suffix);
  }
  // SQLite gives the files beside it the mode of the database.
  Deno.openSync(draft, { write: true, createNew: true, mode: ownerOnly }).close();
  const db = connect(draft, false);
  try {
    // It is synced once it is whole.
    db.exec("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF");
    migrate(db);
    // Last, since from then on whoever reads makes a log beside it.
    db.exec("PRAGMA journal_mode = WAL");
  } finally {
    db.close();
  }
  syncFile(draft);
  Deno.renameSync(draft, path);
  syncFolder(dirname(path));
}

function restrict(path: string): void {
  const info = fileInfo(path);
  if (info !== null && info.mode !== null && (info.mode & 0o077) !== 0) {
    Deno.chmodSync(path, ownerOnly);
  }
}

/** Offsets in the header: https://sqlite.org/fileformat.html#the_database_header */
const magic = new TextEncoder().encode("SQLite format 3\0");
const versionOffset = 60, applicationOffset = 68, headerBytes = 100;

function examine(path: string): void {
  const header = readHeader(path);
  const view = new DataView(header.buffer);
  if (magic.some((byte, index) => header[index] !== byte)) {
    throw new StoreError("damaged", path, "it does not begin as a database does");
  }
  const application = view.getUint32(applicationOffset);
  if (application !== applicationId) {
    const seen = application.toString(16).padStart(8, "0");
    throw new StoreError("foreign", path, `another program made it (its mark is ${seen})`);
  }
  refuseNewer(path, view.getUint32(versionOffset));
  const db = connect(path, true);
  try {
    // The write-ahead log may hold a later version than the file.
    refuseNewer(path, storedVersion(db));
    const found = check(db, Deno.statSync(path).size);
    if (found !== "ok") throw new StoreError("damaged", path, found);
  } finally {
    db.close();
  }
}

/** "ok", or what SQLite finds wrong first. */
function check(db: DatabaseSync, bytes: number): string {
  if (bytes > quickCheckBytesMax) return "ok";
  const pragma = bytes > fullCheckBytesMax ? "quick_check" : "integrity_check";
  const row = db.prepare(`PRAGMA ${pragma}(1)`).get() as unknown as Record<string, string>;
  return row[pragma]!.replaceAll(/\s+/g, " ");
}

function refuseNewer(path: string, version: number): void {
  if (version <= schemaVersion) return;
  const detail = `its format is ${version}, and this program knows those up to ${schemaVersion}`;
  throw new StoreError("newer", path, detail);
}

function readHeader(path: string): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(headerBytes);
  using file = Deno.openSync(path);
  let filled = 0;
  for (let count; (count = file.readSync(header.subarray(filled))); filled += count);
  if (filled < headerBytes) {
    throw new StoreError("damaged", path, filled === 0 ? "it is empty" : "it is cut off");
  }
  return header;
}
