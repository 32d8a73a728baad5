/**
 * Finds posts by what they say. A post is found if every word of the question stands in it,
 * in any order and anywhere, also inside of a longer word; case, width and the spelling of
 * accents do not matter (folded.ts).
 *
 * The index names posts that may hold the rarest word, and each of them is read and compared.
 * What stands in very many posts is quicker found by reading the newest ones of a room one
 * after the other, so that is tried first then.
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { CryptoSuite } from "../../wire/crypto_suite.ts";
import { fromId, type RoomId } from "../../wire/ids.ts";
import { comparePosts } from "../../wire/post.ts";
import { folded, foldedText } from "./folded.ts";
import { storedColumns, type StoredRow, toStoredPost, withdrawnCondition } from "./rows.ts";
import type { FoundPage, StoredPost } from "./store.ts";
import type { Place } from "./timeline.ts";
import { type Candidates, candidatesFor, indexedRow, type WordIndex } from "./word_index.ts";

/** Candidates that are read one by one; more make the reading of a room worth a try. */
const candidatesMax = 1_000;
/** Posts of a room that are read for a frequent word; each costs about 10 µs. */
const readMax = 1_000;
/** The same in all rooms together. */
const allReadMax = 2_000;
/** Posts beyond the index that a search looks through, the newest; each costs about 10 µs. */
const unindexedMax = 2_000;

/** What is looked for. */
export interface Question {
  /** Folded, no two alike. */
  readonly words: readonly string[];
  /** Only in this room; `null` for all. */
  readonly room: RoomId | null;
  /** Only before this place. */
  readonly before: Place;
  /** Most posts wanted. */
  readonly limit: number;
}

/** Answers questions. */
export class Search {
  readonly #db: DatabaseSync;
  readonly #path: string;
  readonly #crypto: CryptoSuite;
  readonly #index: WordIndex;
  readonly #unindexed: StatementSync;
  readonly #walk: StatementSync;
  readonly #row: StatementSync;
  readonly #rooms: StatementSync;

  /**
   * Prepares its statements.
   *
   * @param db The open database with its tables.
   * @param path Its file, for messages.
   * @param crypto For the ids of posts.
   * @param index On the same database.
   */
  constructor(db: DatabaseSync, path: string, crypto: CryptoSuite, index: WordIndex) {
    this.#db = db;
    this.#path = path;
    this.#crypto = crypto;
    this.#index = index;
    this.#unindexed = db.prepare(
      `SELECT ${storedColumns} FROM post WHERE id > ${indexedRow} AND ${eligible}
       ORDER BY id DESC LIMIT ${unindexedMax}`,
    );
    this.#walk = db.prepare(
      `SELECT ${storedColumns} FROM post INDEXED BY post_time
       WHERE room = ? AND shown = 1 AND (ms, counter, hash) < (?, ?, ?)
       ORDER BY ms DESC, counter DESC, hash DESC LIMIT ${readMax}`,
    );
    this.#row = db.prepare(`SELECT ${storedColumns} FROM post WHERE id = ?`);
    this.#rooms = db.prepare("SELECT id FROM room WHERE ?1 IS NULL OR key = ?1");
  }

  /** `SqliteStore.search` */
  find(question: Question): FoundPage {
    const { words, limit } = question;
    const unsearched = Math.max(0, this.#index.lag - unindexedMax);
    if (words.length === 0) return { rows: [], more: false, unsearched };
    const found = this.#few(question) ?? this.#frequent(question) ?? this.#many(question);
    const newestFirst = found.sort((a, b) => comparePosts(b.post, a.post));
    const more = newestFirst.length > limit;
    return { rows: newestFirst.slice(0, limit).reverse(), more, unsearched };
  }

  /** All that is found; `null` if there are too many candidates. */
  #few(question: Question): StoredPost[] | null {
    const { sql, parameters } = rarest(question.words);
    const candidates = this.#db.prepare(`${sql} LIMIT ${candidatesMax}`).all(...parameters);
    if (candidates.length === candidatesMax) return null;
    const ids = JSON.stringify([...new Set(candidates.map((row) => Object.values(row)[0]))]);
    const rows = this.#db.prepare(
      `SELECT ${storedColumns} FROM post
       WHERE id IN (SELECT value FROM json_each(?5)) AND ${eligible}`,
    ).all(...placeOf(question), ids);
    return [...this.#kept(question, rows), ...this.#beyondIndex(question)];
  }

  /** One more than wanted, if each room holds so many among its newest; else `null`. */
  #frequent(question: Question): StoredPost[] | null {
    const { room, before, limit } = question;
    const rooms = this.#rooms.all(room === null ? null : fromId(room));
    const found: StoredPost[] = [];
    let all = 0;
    for (const { id } of rooms as unknown as { id: number }[]) {
      const { time: { ms, counter }, id: hash } = before;
      let read = 0;
      let kept = 0;
      for (const row of this.#walk.iterate(id, ms, counter, hash)) {
        read++;
        const [stored] = this.#kept(question, [row]);
        if (stored === undefined) continue;
        found.push(stored);
        if (++kept > limit) break;
      }
      all += read;
      if (all > allReadMax || (kept <= limit && read === readMax)) return null;
    }
    return found;
  }

  /** As many as wanted and one more, however far they are apart. */
  #many(question: Question): StoredPost[] {
    const { room, limit } = question;
    const { sql, parameters } = rarest(question.words);
    const numbered = parameters.map((_, index) => `?${index + 5}`);
    const list = sql.replaceAll("?", () => numbered.shift()!);
    // Of one room the index gives the order; of all, only numbers are sorted.
    const from = room === null
      ? `post WHERE id IN (${list})`
      : `post INDEXED BY post_time WHERE room = (SELECT id FROM room WHERE key = ?1)
         AND shown = 1 AND +id IN (${list})`;
    const ids = this.#db.prepare(
      `SELECT id FROM ${from} AND ${eligible} ORDER BY ms DESC, counter DESC, hash DESC`,
    ).iterate(...placeOf(question), ...parameters);
    const found: StoredPost[] = [];
    for (const row of ids) {
      const { id } = row as unknown as { id: number };
      found.push(...this.#kept(question, [this.#row.get(id)]));
      if (found.length > limit) break;
    }
    return [...found, ...this.#beyondIndex(question)];
  }

  #beyondIndex(question: Question): StoredPost[] {
    return this.#kept(question, this.#unindexed.all(...placeOf(question)));
  }

  /** Those of the rows that hold every word. */
  #kept({ words }: Question, rows: readonly unknown[]): StoredPost[] {
    return rows.flatMap((row) => {
      const stored = toStoredPost(row as StoredRow, this.#path, this.#crypto);
      const text = stored.withdrawn ? null : foldedText(stored.post);
      return text !== null && words.every((word) => text.includes(word)) ? [stored] : [];
    });
  }
}

/** Shown, not taken back, in the room asked for (any, if `NULL`) and before the place. */
const eligible = `post.shown = 1 AND NOT ${withdrawnCondition}
  AND (?1 IS NULL OR post.room = (SELECT id FROM room WHERE key = ?1))
  AND (post.ms, post.counter, post.hash) < (?2, ?3, ?4)`;

function placeOf({ room, before }: Question): (Uint8Array | number | null)[] {
  return [room === null ? null : fromId(room), before.time.ms, before.time.counter, before.id];
}

/** The longest word is taken for the rarest. */
function rarest(words: readonly string[]): Candidates {
  const length = (word: string) => [...word].length;
  return candidatesFor(words.toSorted((a, b) => length(b) - length(a))[0]!);
}

/**
 * The words of a question.
 *
 * @param query As a person typed it.
 */
export function wordsOf(query: string): string[] {
  return [...new Set(folded(query).split(/\s+/).filter((word) => word !== ""))];
}
