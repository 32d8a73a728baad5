/**
 * The index behind `/search`: SQLite's FTS5 with its trigram tokenizer
 * (https://sqlite.org/fts5.html#the_trigram_tokenizer), which finds any three characters in a
 * row, in every script and without knowing words. One or two characters, of which many Chinese
 * words consist, are found as the beginning of three: two marks at the end of each text see to
 * it that there always are three.
 *
 * It costs four times as much as storing a post. So it is not filled as posts are stored but
 * behind them, a few at a time, when nothing else is to be done (io/store_care.ts); a search
 * looks through what it does not know yet by itself (search.ts).
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { CryptoSuite } from "../../wire/crypto_suite.ts";
import { foldedText } from "./folded.ts";
import { storedColumns, type StoredRow, toStoredPost } from "./rows.ts";
import { StoreError } from "./store_error.ts";
import type { Transactions } from "./transaction.ts";

/** Characters in a term of the index. */
const termCharacters = 3;
/** What fills up the last terms of a text: no text that people write ends with it. */
const padding = "\u0003".repeat(termCharacters - 1);
/** After every character, as the end of a range of terms. */
const lastCharacter = "\u{10ffff}";
/** Terms that one question names; each costs a look-up, and more hardly exclude more. */
const termsMax = 32;

/** The last row of `post` that the index knows. */
export const indexedRow = "(SELECT last FROM word_mark)";

/** Rows that may hold something: SQL for a list of `post.id`, and its parameters. */
export interface Candidates {
  /** Gives the rows, in any order, perhaps some twice, perhaps some that are gone. */
  readonly sql: string;
  /** For the `?` in it. */
  readonly parameters: readonly string[];
}

/** Keeps the tables `word` and `word_mark`. */
export class WordIndex {
  readonly #path: string;
  readonly #crypto: CryptoSuite;
  readonly #transactions: Transactions;
  readonly #next: StatementSync;
  readonly #add: StatementSync;
  readonly #setMark: StatementSync;
  readonly #lag: StatementSync;

  /**
   * Prepares its statements.
   *
   * @param db The open database with its tables.
   * @param transactions On the same database.
   * @param path Its file, for messages.
   * @param crypto For the ids of posts.
   */
  constructor(db: DatabaseSync, transactions: Transactions, path: string, crypto: CryptoSuite) {
    this.#path = path;
    this.#crypto = crypto;
    this.#transactions = transactions;
    this.#next = db.prepare(
      `SELECT post.shown, ${storedColumns} FROM post WHERE id > ${indexedRow} ORDER BY id LIMIT ?`,
    );
    this.#add = db.prepare("INSERT INTO word (rowid, text) VALUES (?, ?)");
    this.#setMark = db.prepare("UPDATE word_mark SET last = ?");
    this.#lag = db.prepare(`SELECT ifnull(max(id), 0) - ${indexedRow} AS lag FROM post`);
  }

  /** How many rows have come after the last one that it knows, at most. */
  get lag(): number {
    return Math.max(0, (this.#lag.get() as unknown as { lag: number }).lag);
  }

  /**
   * Takes up the next posts.
   *
   * @param postsMax How many, at most.
   * @returns How many; fewer than `postsMax` if there are no more.
   */
  take(postsMax: number): number {
    const rows = this.#next.all(postsMax) as unknown as (StoredRow & { shown: number })[];
    if (rows.length === 0) return 0;
    this.#transactions.run("written", () => {
      for (const row of rows) {
        const text = row.shown === 1 ? this.#textOf(row) : null;
        if (text !== null) this.#add.run(row.id, text + padding);
      }
      this.#setMark.run(rows.at(-1)!.id);
    });
    return rows.length;
  }

  /** A row that is spoilt cannot be found; who reads it is told. */
  #textOf(row: StoredRow): string | null {
    try {
      return foldedText(toStoredPost(row, this.#path, this.#crypto).post);
    } catch (error) {
      if (error instanceof StoreError) return null;
      throw error;
    }
  }
}

/**
 * Where a folded word may stand: everywhere that it stands, and perhaps elsewhere too.
 *
 * @param word Not empty.
 */
export function candidatesFor(word: string): Candidates {
  const characters = [...word];
  if (characters.length < termCharacters) {
    const sql = "SELECT doc FROM word_term WHERE term >= ? AND term < ?";
    return { sql, parameters: [word, word + lastCharacter] };
  }
  const terms = new Set<string>();
  for (let at = 0; at + termCharacters <= characters.length && terms.size < termsMax; at++) {
    terms.add(characters.slice(at, at + termCharacters).join(""));
  }
  const match = [...terms].map((term) => `"${term.replaceAll('"', '""')}"`).join(" AND ");
  // Newest first: whoever takes only some of them gets those.
  const sql = "SELECT rowid FROM word WHERE word MATCH ? ORDER BY rowid DESC";
  return { sql, parameters: [match] };
}
