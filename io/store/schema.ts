/**
 * The tables, and the ladder that brings an older database up to them.
 *
 * Identifiers of 32 bytes stand in the database once, as BLOB; elsewhere a row is named by
 * its integer. What a post says is only in `signed`, byte for byte; the other columns of
 * `post` repeat those fields of it that are searched or sorted by. Nothing of a post is ever
 * updated.
 */

import type { DatabaseSync } from "node:sqlite";
import { letterTables, verifiedNames } from "./letter_tables.ts";
import { receiptTables } from "./receipt_tables.ts";
import { roomSecretTables } from "./room_secrets.ts";

/** "strl": marks the file as ours, in the database header (https://sqlite.org/fileformat.html). */
export const applicationId = 0x7374726c;

/**
 * Rung n brings `user_version` from n to n + 1. A rung that has been released is never
 * edited; a change of the tables is a further one.
 *
 * - `room.name`: the name of a public room that was joined here; of others only the id is known.
 * - `log`: what is held of one numbering: all of 1 to `top`, the id at `top`, the latest time.
 * - `span`: what is held of a log above `top + 1`, as disjoint ranges that do not touch.
 * - `post.hash`: the id. Equal ids are posts of one place in one log, whose uniqueness is enough.
 * - `post.shown`: the kind stands on a screen. `post.origin`: place in the list in rows.ts.
 *   `post.sum`: CRC-32 of `signed` and `signature`, so that a spoilt row is recognised before
 *   it is sent to somebody who would hold us for its forger.
 * - `address.first_ms`, `succeeded_ms`: when the address first and last led to a peer, which then
 *   was `peer`. `failures`: dials in vain since then.
 * - `post_id`: where a post with the first 8 bytes of an id is, for rows up to
 *   `post_id_mark.last` and some later ones; the others are indexed in memory (id_index.ts).
 * - `withdrawal`: a tombstone of `author` in `room`, whether or not its target has come.
 * - `word`: full-text search over what is shown, filled a little at a time (word_index.ts);
 *   `rowid` is `post.id`. It keeps no text, only which three characters stand in which post.
 * - `word_term`: its three characters, to look for less than three by.
 * - `word_mark.last`: the last row of `post` that `word` knows.
 * - `read_marker`: up to where a room has been read. It names a place, not a row, because the
 *   post may be gone. What a room holds when it comes to this rung counts as read.
 * - `log.floor`: what stood in the log up to this sequence has been removed here on purpose (all
 *   but a few kinds, prune.ts) and counts as held, so that nobody is asked for it; `floor_id` is
 *   the id of the last.
 * - `fork`: places of a log at which more than one post stands, kept by triggers.
 * - `setting`: small texts of the faces. BLOB, because TEXT is cut at NUL.
 */
const ladder: readonly string[] = [
  `
  CREATE TABLE room (id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, name TEXT) STRICT;

  CREATE TABLE log (
    id INTEGER PRIMARY KEY,
    room INTEGER NOT NULL,
    author BLOB NOT NULL,
    key BLOB NOT NULL,
    top INTEGER NOT NULL DEFAULT 0,
    top_id BLOB,
    ms INTEGER NOT NULL DEFAULT 0,
    counter INTEGER NOT NULL DEFAULT 0,
    UNIQUE (room, author, key)
  ) STRICT;
  CREATE INDEX log_author ON log (author);

  CREATE TABLE span (
    log INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (log, first)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE post (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL,
    room INTEGER NOT NULL,
    log INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    shown INTEGER NOT NULL,
    ms INTEGER NOT NULL,
    counter INTEGER NOT NULL,
    arrived_ms INTEGER NOT NULL,
    origin INTEGER NOT NULL,
    sum INTEGER NOT NULL,
    signed BLOB NOT NULL,
    signature BLOB NOT NULL,
    UNIQUE (log, seq, hash)
  ) STRICT;
  CREATE INDEX post_time ON post (room, shown, ms, counter, hash);
  CREATE INDEX post_profile ON post (log, ms, counter, hash) WHERE kind = 3;
  CREATE INDEX post_topic ON post (room, ms, counter, hash) WHERE kind = 4;

  CREATE TABLE post_id (
    prefix BLOB NOT NULL,
    post INTEGER NOT NULL,
    PRIMARY KEY (prefix, post)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE post_id_mark (last INTEGER NOT NULL) STRICT;
  INSERT INTO post_id_mark VALUES (0);

  CREATE TABLE withdrawal (
    target BLOB NOT NULL,
    author BLOB NOT NULL,
    room INTEGER NOT NULL,
    PRIMARY KEY (target, author, room)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE address (
    address TEXT PRIMARY KEY,
    peer BLOB NOT NULL,
    first_ms INTEGER NOT NULL,
    succeeded_ms INTEGER NOT NULL,
    successes INTEGER NOT NULL DEFAULT 1,
    failures INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE VIRTUAL TABLE word USING fts5 (
    text, content = '', contentless_delete = 1, detail = none,
    tokenize = 'trigram case_sensitive 1'
  );
  CREATE VIRTUAL TABLE word_term USING fts5vocab (word, instance);
  CREATE TABLE word_mark (last INTEGER NOT NULL) STRICT;
  INSERT INTO word_mark VALUES (0);

  CREATE TABLE read_marker (
    room INTEGER PRIMARY KEY,
    ms INTEGER NOT NULL,
    counter INTEGER NOT NULL,
    hash BLOB NOT NULL
  ) STRICT;
  INSERT INTO read_marker
    SELECT room.id, post.ms, post.counter, post.hash FROM room JOIN post ON post.id = (
      SELECT post.id FROM post WHERE post.room = room.id AND post.shown = 1
      ORDER BY post.ms DESC, post.counter DESC, post.hash DESC LIMIT 1);

  CREATE TABLE setting (key BLOB PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
  `,
  `
  ALTER TABLE log ADD COLUMN floor INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE log ADD COLUMN floor_id BLOB;
  `,
  `
  CREATE TABLE fork (log INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (log, seq))
    STRICT, WITHOUT ROWID;
  INSERT INTO fork SELECT log, seq FROM post GROUP BY log, seq HAVING count(*) > 1;
  CREATE TRIGGER post_forks AFTER INSERT ON post WHEN EXISTS (
    SELECT 1 FROM post WHERE log = NEW.log AND seq = NEW.seq AND hash <> NEW.hash)
  BEGIN
    INSERT OR IGNORE INTO fork VALUES (NEW.log, NEW.seq);
  END;
  CREATE TRIGGER post_unforks AFTER DELETE ON post WHEN (
    SELECT count(*) FROM post WHERE log = OLD.log AND seq = OLD.seq) < 2
  BEGIN
    DELETE FROM fork WHERE log = OLD.log AND seq = OLD.seq;
  END;
  `,
  letterTables,
  verifiedNames,
  receiptTables,
  roomSecretTables,
  "CREATE INDEX post_invite ON post (room, ms, counter, hash) WHERE kind = 9;",
  // No other tables: programs before this rung fail where `post_id` has rows beyond the mark.
  "",
];

/** The version of the tables that this program reads and writes. */
export const schemaVersion: number = ladder.length;

/**
 * Climbs the ladder in one transaction: a start that is broken off leaves the database as it
 * was, and the next one begins again.
 *
 * @param db A database of ours, or an empty one; left as it was if this throws.
 * @param target The version to stop at.
 */
export function migrate(db: DatabaseSync, target: number = schemaVersion): void {
  const version = storedVersion(db);
  if (version >= target) return;
  try {
    db.exec(`BEGIN IMMEDIATE;
      PRAGMA application_id = ${applicationId};
      ${ladder.slice(version, target).join("")}
      PRAGMA user_version = ${target};
      COMMIT`);
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}

/** The version of the tables in the database, as SQLite sees it, its write-ahead log included. */
export function storedVersion(db: DatabaseSync): number {
  const row = db.prepare("PRAGMA user_version").get() as unknown as { user_version: number };
  return row.user_version;
}
