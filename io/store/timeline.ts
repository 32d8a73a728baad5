/** Reads posts as a screen or an export needs them: with what only this machine knows. */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { CryptoSuite } from "../../wire/crypto_suite.ts";
import { fromId, type PostId, type RoomId } from "../../wire/ids.ts";
import type { LogicalTime } from "../../wire/post.ts";
import { hasId } from "./id_index.ts";
import { storedColumns, type StoredRow, toStoredPost, wrongRow } from "./rows.ts";
import type { StoredPage, StoredPost } from "./store.ts";
import type { Withdrawals } from "./withdrawals.ts";

/** Posts that an export has in memory at a time; with more, each pause of the loop is longer. */
const portionPosts = 256;

/** A place in the one order. */
export interface Place {
  /** Of the post. */
  readonly time: LogicalTime;
  /** The 32 bytes of its id, which decide between equal times. */
  readonly id: Uint8Array;
}

/** After every post: their milliseconds have 48 bits. */
export const endOfTime: Place = { time: { ms: 2 ** 48, counter: 0 }, id: new Uint8Array(0) };

/** SQL: nobody whom this person blocks has written the post. Pages would be empty of them else. */
const shownCondition = `shown = 1 AND NOT EXISTS (
  SELECT 1 FROM log JOIN person ON person.peer = log.author
  WHERE log.id = post.log AND person.blocked = 1)`;

/** Reads pages and single posts. */
export class Timeline {
  readonly #path: string;
  readonly #crypto: CryptoSuite;
  readonly #withdrawals: Withdrawals;
  readonly #stored: StatementSync;
  readonly #place: StatementSync;
  readonly #page: StatementSync;
  readonly #pageAfter: StatementSync;
  readonly #portion: StatementSync;

  /**
   * Prepares its statements.
   *
   * @param db The open database with its tables.
   * @param path Its file, for messages.
   * @param crypto For the ids of posts.
   * @param withdrawals On the same database.
   */
  constructor(db: DatabaseSync, path: string, crypto: CryptoSuite, withdrawals: Withdrawals) {
    this.#path = path;
    this.#crypto = crypto;
    this.#withdrawals = withdrawals;
    this.#stored = db.prepare(`SELECT ${storedColumns} FROM post WHERE ${hasId("?1")}`);
    this.#place = db.prepare(
      `SELECT ms, counter FROM post
       WHERE ${hasId("?1")} AND (?2 IS NULL OR room = (SELECT id FROM room WHERE key = ?2))`,
    );
    this.#page = db.prepare(
      `SELECT ${storedColumns} FROM post
       WHERE room = (SELECT id FROM room WHERE key = ?) AND ${shownCondition}
         AND (ms, counter, hash) < (?, ?, ?)
       ORDER BY ms DESC, counter DESC, hash DESC LIMIT ?`,
    );
    this.#pageAfter = db.prepare(
      `SELECT ${storedColumns} FROM post
       WHERE room = (SELECT id FROM room WHERE key = ?) AND ${shownCondition}
         AND (ms, counter, hash) > (?, ?, ?)
       ORDER BY ms, counter, hash LIMIT ?`,
    );
    this.#portion = db.prepare(
      `SELECT ${storedColumns} FROM post WHERE id > ? ORDER BY id LIMIT ${portionPosts}`,
    );
  }

  /** `PostReader.isWithdrawn`: of most posts the table of withdrawals knows nothing. */
  isWithdrawn(id: PostId): boolean {
    return this.#withdrawals.isNamed(id) && (this.stored(id)?.withdrawn ?? false);
  }

  /** `PostStore.stored` */
  stored(id: PostId): StoredPost | null {
    const row = this.#stored.get(fromId(id));
    if (row === undefined) return null;
    const stored = this.#toStored(row);
    if (stored.post.id !== id) throw wrongRow(this.#path);
    return stored;
  }

  /** `PostStore.timeline` */
  timeline(room: RoomId, before: PostId | null, limit: number): StoredPage {
    const place = before === null ? endOfTime : this.placeOf(room, before);
    if (place === null) return { rows: [], more: false };
    const { time: { ms, counter }, id } = place;
    const rows = this.#page.all(fromId(room), ms, counter, id, limit + 1);
    const more = rows.length > limit;
    return { rows: rows.slice(0, limit).reverse().map((row) => this.#toStored(row)), more };
  }

  /** `PostStore.timelineAfter` */
  timelineAfter(room: RoomId, after: PostId, limit: number): StoredPage {
    const place = this.placeOf(room, after);
    if (place === null) return { rows: [], more: false };
    const { time: { ms, counter }, id } = place;
    const rows = this.#pageAfter.all(fromId(room), ms, counter, id, limit + 1);
    const more = rows.length > limit;
    return { rows: rows.slice(0, limit).map((row) => this.#toStored(row)), more };
  }

  /** `SqliteStore.allPosts` */
  *allPosts(): Generator<StoredPost, void, void> {
    for (let last = 0;;) {
      const rows = this.#portion.all(last) as unknown as StoredRow[];
      if (rows.length === 0) return;
      last = rows.at(-1)!.id;
      for (const row of rows) yield this.#toStored(row);
    }
  }

  /**
   * Where a post stands.
   *
   * @param room In which it must be; `null` for any.
   * @returns `null` if it is not held there.
   */
  placeOf(room: RoomId | null, id: PostId): Place | null {
    const hash = fromId(id);
    const key = room === null ? null : fromId(room);
    const time = this.#place.get(hash, key) as unknown as LogicalTime | undefined;
    return time === undefined ? null : { time, id: hash };
  }

  #toStored(row: unknown): StoredPost {
    return toStoredPost(row as StoredRow, this.#path, this.#crypto);
  }
}
