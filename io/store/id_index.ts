/**
 * From ids to rows. Ids are random, so that each new post would dirty a page of its own in an
 * index over all of them; these pages were three quarters of what a back-fill wrote. So the
 * newest posts are found by a small index in memory, and when that is full it is merged, sorted,
 * into the large one on disk: a few with each append, so that none takes long.
 *
 * Both hold the first bytes of an id and the row's integer; the row itself has the whole id,
 * which every question compares. Each row is in one of the two. The index in memory is a
 * temporary table: a transaction that fails undoes it with the rest, and a start fills it again
 * from the rows beyond the mark. Some of these are on disk already, which is no harm: a row
 * that is removed is removed from both, before its number is given to another.
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";

/**
 * Posts that are indexed in memory before they are merged. With fewer, merging writes more pages
 * a post; with more, a start reads more rows (4,096 take 3 ms; half as many again may wait).
 */
export const recentIdsMax = 4_096;
/**
 * Posts that are merged for each that comes: with fewer, more have come until all are merged,
 * which a start reads again; with more, an append takes longer.
 */
const mergedPerPost = 4;
/** Posts that are merged at once at least: fewer write the same pages again and again. */
const mergedMin = 64;

/**
 * An SQL condition: the row in `post` is the one whose id is the parameter.
 *
 * @param id The name of the parameter, such as `:id`.
 */
export function hasId(id: string): string {
  const prefix = `substr(${id}, 1, 8)`;
  return `post.id IN (
    SELECT post FROM post_id WHERE prefix = ${prefix}
    UNION ALL SELECT post FROM temp.recent_id WHERE prefix = ${prefix}) AND post.hash = ${id}`;
}

/** All rows of `post` up to this one are in the index on disk. */
const mark = "(SELECT last FROM post_id_mark)";
const indexed = "SELECT substr(hash, 1, 8), id FROM post";
/** Before and behind the first bytes of any id. */
const [lowest, highest] = [new Uint8Array(0), new Uint8Array(9).fill(0xff)];

/** Keeps the tables `post_id` and `post_id_mark`. */
export class IdIndex {
  readonly #add: StatementSync;
  readonly #recent: StatementSync;
  readonly #pieceEnd: StatementSync;
  readonly #merge: readonly StatementSync[];
  readonly #setMark: StatementSync;
  /**
   * The first bytes of the id that was merged last; `null` while nothing is being merged. Where a
   * transaction has failed since then, some before it are left for the next time.
   */
  #merged: Uint8Array | null = null;

  /**
   * Fills the index in memory and prepares its statements; owed before any that asks for ids.
   *
   * @param db The open database with its tables.
   */
  constructor(db: DatabaseSync) {
    db.exec(`CREATE TEMP TABLE recent_id (
        prefix BLOB NOT NULL, post INTEGER NOT NULL, PRIMARY KEY (prefix, post)
      ) STRICT, WITHOUT ROWID;
      INSERT INTO recent_id ${indexed} WHERE id > ${mark}`);
    this.#add = db.prepare(`INSERT INTO recent_id ${indexed} WHERE id >= ?`);
    this.#recent = db.prepare("SELECT count(*) AS count FROM recent_id");
    this.#pieceEnd = db.prepare(
      "SELECT prefix FROM recent_id WHERE prefix > ? ORDER BY prefix LIMIT 1 OFFSET ?",
    );
    this.#merge = [
      `INSERT OR IGNORE INTO post_id SELECT prefix, post FROM recent_id
       WHERE prefix > ?1 AND prefix <= ?2 ORDER BY prefix, post`,
      "DELETE FROM recent_id WHERE prefix > ?1 AND prefix <= ?2",
    ].map((sql) => db.prepare(sql));
    this.#setMark = db.prepare(`UPDATE post_id_mark SET last = ifnull(
      (SELECT min(post) - 1 FROM recent_id), (SELECT ifnull(max(id), 0) FROM post))`);
  }

  /** Takes up the rows from one on; in the transaction that inserted them. */
  addFrom(row: number): void {
    const { changes } = this.#add.run(row);
    if (this.#merged === null) {
      const { count } = this.#recent.get() as unknown as { count: number };
      if (count < recentIdsMax) return;
    }
    this.#mergeSome(this.#merged ?? lowest, Math.max(mergedMin, mergedPerPost * Number(changes)));
  }

  /** Merges the next of those behind some first bytes; behind the last of all moves the mark. */
  #mergeSome(after: Uint8Array, count: number): void {
    const end = this.#pieceEnd.get(after, count - 1) as { prefix: Uint8Array } | undefined;
    for (const statement of this.#merge) statement.run(after, end?.prefix ?? highest);
    this.#merged = end?.prefix ?? null;
    if (end === undefined) this.#setMark.run();
  }
}
