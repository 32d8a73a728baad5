/**
 * From ids to rows. Ids are random, so that each new post would dirty a page of its own in an
 * index over all of them; these pages were three quarters of what a back-fill wrote. So the
 * newest posts are found by a small index in memory, and every now and then that is merged,
 * sorted, into the large one on disk.
 *
 * Both hold the first bytes of an id and the row's integer; the row itself has the whole id,
 * which every question compares. The index in memory is a temporary table: a transaction that
 * fails undoes it with the rest, and a start fills it again from the rows beyond the mark.
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";

/**
 * Posts that are indexed in memory at most, but for the last batch. With fewer, merging writes
 * more pages a post; with more, a start reads more rows (4,096 take 3 ms) and a merge holds
 * the loop longer.
 */
export const recentIdsMax = 4_096;

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

/** The last row of `post` that the index on disk knows. */
const mark = "(SELECT last FROM post_id_mark)";
const indexed = "SELECT substr(hash, 1, 8), id FROM post";

/** Keeps the tables `post_id` and `post_id_mark`. */
export class IdIndex {
  readonly #add: StatementSync;
  readonly #recent: StatementSync;
  readonly #merge: readonly StatementSync[];

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
    this.#recent = db.prepare(`SELECT ifnull(max(id), 0) - ${mark} AS count FROM post`);
    this.#merge = [
      "INSERT INTO post_id SELECT prefix, post FROM recent_id ORDER BY prefix, post",
      "DELETE FROM recent_id",
      "UPDATE post_id_mark SET last = (SELECT max(id) FROM post)",
    ].map((sql) => db.prepare(sql));
  }

  /** Takes up the rows from one on; in the transaction that inserted them. */
  addFrom(row: number | bigint): void {
    this.#add.run(row);
    const { count } = this.#recent.get() as unknown as { count: number };
    if (count < recentIdsMax) return;
    for (const statement of this.#merge) statement.run();
  }
}
