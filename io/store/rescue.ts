/**
 * What becomes of a damaged database: it is put aside under another name, and what can still
 * be read of it goes into a new one. Nobody is left with a silently emptied history: the caller
 * is told what happened, and what is missing comes back from other peers.
 *
 * The new database is built beside the damaged one and takes its place at the end. If the
 * program ends before that, the next start begins again from the damaged one.
 *
 * Damage that only showed while running leaves a mark, a file beside the database: a start
 * does not look at all of a large file, and would meet the same damage again.
 */

import { DatabaseSync } from "node:sqlite";
import type { Arrival } from "../../peer/action.ts";
import { MalformedError } from "../../wire/cbor.ts";
import type { CryptoSuite } from "../../wire/crypto_suite.ts";
import type { Limits } from "../../wire/limits.ts";
import { syncFolder } from "../atomic_file.ts";
import { basename, dirname } from "../paths.ts";
import { fileInfo } from "./database_file.ts";
import { envelopeColumns, type StoredRow, toStoredPost } from "./rows.ts";
import { SqliteStore } from "./sqlite_store.ts";
import { guarded, StoreError } from "./store_error.ts";

/** What was saved of a damaged database. */
export interface Rescue {
  /** The name under which the damaged file is kept, in the same folder. */
  readonly aside: string;
  /** Posts that could be read. */
  readonly posts: number;
}

/** Rows that are stored in one transaction. */
const portionPosts = 256;
/** A gap of that many row numbers in which nothing can be read ends the search for more. */
const skippedMax = 2 ** 24;

const besides = ["-wal", "-shm"];
const markOf = (path: string) => `${path}.suspect`;

/** Leaves a mark for the next start if an error tells of damage. */
export function noteDamage({ code, path }: StoreError): void {
  if (code !== "damaged" || path === ":memory:") return;
  try {
    Deno.writeTextFileSync(markOf(path), "");
  } catch {
    // The disk is worse than damaged: there is nothing more to be done.
  }
}

/**
 * Opens a store like `SqliteStore.open`, and one that is damaged by putting it aside.
 *
 * @param path The database file.
 * @param crypto For the ids of posts.
 * @param limits For the store.
 * @throws {StoreError} As `SqliteStore.open` does, but not "damaged".
 */
export function openOrRescue(
  path: string,
  crypto: CryptoSuite,
  limits: Limits,
): { readonly store: SqliteStore; readonly rescue: Rescue | null } {
  const isSuspect = fileInfo(markOf(path)) !== null && fileInfo(path) !== null;
  if (!isSuspect) {
    try {
      return { store: SqliteStore.open(path, crypto, limits), rescue: null };
    } catch (error) {
      if (!(error instanceof StoreError && error.code === "damaged")) throw error;
    }
  }
  const rescue = guarded(path, () => rebuild(path, crypto, limits));
  const store = SqliteStore.open(path, crypto, limits);
  if (isSuspect) Deno.removeSync(markOf(path));
  return { store, rescue };
}

function rebuild(path: string, crypto: CryptoSuite, limits: Limits): Rescue {
  const draft = `${path}.rescued`;
  for (const suffix of ["", ...besides]) remove(draft + suffix);
  const store = SqliteStore.open(draft, crypto, limits);
  let posts: number;
  try {
    posts = rescueInto(store, path, crypto);
  } finally {
    store.close();
  }
  const aside = unusedName(`${path}.damaged`);
  // The database keeps its old name until the new one takes it: a start between finds it again.
  if (fileInfo(path) !== null) keepUnder(path, aside);
  if ((fileInfo(`${path}-wal`)?.size ?? 0) > 0) Deno.renameSync(`${path}-wal`, `${aside}-wal`);
  for (const suffix of besides) remove(path + suffix);
  Deno.renameSync(draft, path);
  syncFolder(dirname(path));
  return { aside: basename(aside), posts };
}

function remove(path: string): void {
  if (fileInfo(path) !== null) Deno.removeSync(path);
}

function unusedName(path: string): string {
  const taken = (name: string) => ["", ...besides].some((end) => fileInfo(name + end) !== null);
  if (!taken(path)) return path;
  for (let n = 2;; n++) if (!taken(`${path}-${n}`)) return `${path}-${n}`;
}

/** A second name for a file, or a second file where the file system has no such names. */
function keepUnder(path: string, name: string): void {
  try {
    Deno.linkSync(path, name);
  } catch {
    Deno.copyFileSync(path, name);
  }
}

/** Copies what can be read; returns the number of posts. */
function rescueInto(store: SqliteStore, path: string, crypto: CryptoSuite): number {
  let db: DatabaseSync;
  try {
    db = new DatabaseSync(path, { readOnly: true });
  } catch {
    return 0;
  }
  try {
    const posts = rescuePosts(store, db, path, crypto);
    rescueTables(db, store.path);
    return posts;
  } finally {
    db.close();
  }
}

/** Whether an error tells of the damaged database and not of the new one, or of the program. */
function isOfTheFile(error: unknown): boolean {
  // The second is for numbers that no program of ours has written.
  return error instanceof Error && "code" in error &&
    (error.code === "ERR_SQLITE_ERROR" || error.code === "ERR_OUT_OF_RANGE");
}

function rescuePosts(
  store: SqliteStore,
  db: DatabaseSync,
  path: string,
  crypto: CryptoSuite,
): number {
  const columns = `id, ${envelopeColumns}, arrived_ms, origin, 0 AS withdrawn`;
  let statement;
  try {
    statement = db.prepare(`SELECT ${columns} FROM post WHERE id > ? ORDER BY id`);
  } catch (error) {
    if (!isOfTheFile(error)) throw error;
    return 0;
  }
  let posts = 0;
  let batch: Arrival[] = [];
  let arrivedMs = 0;
  const flush = () => {
    if (batch.length > 0) store.append(batch, null, arrivedMs);
    posts += batch.length;
    batch = [];
  };
  const take = (row: StoredRow) => {
    const { post, origin, arrivedMs: ms } = toStoredPost(row, path, crypto);
    batch.push({ post, origin });
    arrivedMs = ms;
    if (batch.length >= portionPosts) flush();
  };
  let last = 0;
  // Where a page cannot be read, it is gone on behind it: nobody knows how far that is.
  for (let skip = 1, skipped = 0; skipped < skippedMax;) {
    try {
      for (const found of statement.iterate(last)) {
        const row = found as unknown as StoredRow;
        last = row.id;
        [skip, skipped] = [1, 0];
        takeIfWhole(row, take);
      }
      break;
    } catch (error) {
      if (!isOfTheFile(error)) throw error;
      last += skip;
      skipped += skip;
      skip *= 2;
    }
  }
  flush();
  return posts;
}

/** A row whose bytes have changed is left out. */
function takeIfWhole(row: StoredRow, take: (row: StoredRow) => void): void {
  try {
    take(row);
  } catch (error) {
    const isSpoilt = error instanceof StoreError && error.code === "damaged";
    // A spoilt page can hold anything, such as a row without bytes.
    if (!isSpoilt && !(error instanceof TypeError || error instanceof MalformedError)) throw error;
  }
}

/**
 * Tables beside the posts, as the first of their columns that names a room, if one does. What
 * is not here can be found out again, or says something of the damaged file.
 */
const tables: readonly (readonly [table: string, roomColumn: string | null])[] = [
  ["room", null],
  ["setting", null],
  ["sealing_key", null],
  ["person", null],
  ["room_secret", null],
  ["epoch_secret", null],
  ["open_room", null],
  ["letter", "room"],
  ["letter_marker", null],
  ["read_marker", "room"],
  ["receipt", "room"],
  ["holder", "room"],
  ["address", null],
];

/** Copies rows as they are, but for the numbers of rooms, which are other ones now. */
function rescueTables(from: DatabaseSync, path: string): void {
  const to = new DatabaseSync(path);
  try {
    to.exec("PRAGMA synchronous = NORMAL");
    for (const [table, roomColumn] of tables) {
      try {
        copyTable(from, to, table, roomColumn);
      } catch (error) {
        if (!isOfTheFile(error)) throw error;
      }
    }
  } finally {
    to.close();
  }
}

/** Whether a value can be what stands there: an identifier of another length ends a start. */
function isRight(table: string, column: string, value: unknown): boolean {
  const isId = ["peer", "hash", "author"].includes(column) ||
    (table === "room" && column === "key");
  return !isId || (value instanceof Uint8Array && value.length === 32);
}

function copyTable(
  from: DatabaseSync,
  to: DatabaseSync,
  table: string,
  roomColumn: string | null,
): void {
  const named = (db: DatabaseSync) =>
    db.prepare(`SELECT name FROM pragma_table_info('${table}')`).all()
      .map((row) => row["name"] as string);
  // The damaged file may be of an earlier version, whose tables have fewer columns.
  const there = named(from);
  const columns = named(to).filter((name) =>
    there.includes(name) && (table !== "room" || name !== "id")
  );
  const selected = columns.map((name) => {
    return name === roomColumn
      ? `(SELECT key FROM room WHERE id = ${table}.${name}) AS ${name}`
      : name;
  });
  const values = columns.map((name) =>
    name === roomColumn ? "(SELECT id FROM room WHERE key = ?)" : "?"
  );
  // A room that a post has brought has no name yet.
  const add = to.prepare(
    table === "room"
      ? `INSERT INTO room (${columns}) VALUES (${values}) ON CONFLICT DO UPDATE SET name = excluded.name`
      : `INSERT OR IGNORE INTO ${table} (${columns}) VALUES (${values})`,
  );
  for (const row of from.prepare(`SELECT ${selected} FROM ${table}`).iterate()) {
    if (!columns.every((name) => isRight(table, name, row[name]))) continue;
    try {
      add.run(...columns.map((name) => row[name] ?? null));
    } catch (error) {
      // A row that the tables do not allow is spoilt.
      if (!isOfTheFile(error)) throw error;
    }
  }
}
