/**
 * Up to where each room has been read, and how much is unread since. A marker only moves
 * forward in the one order, so that two screens that both tell of it cannot take it back.
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { fromId, type PeerId, type PostId, type RoomId, toId } from "../../wire/ids.ts";
import { withdrawnCondition } from "./rows.ts";
import type { Place } from "./timeline.ts";
import type { Transactions } from "./transaction.ts";

/** Keeps the table `read_marker`. */
export class ReadMarkers {
  readonly #transactions: Transactions;
  readonly #get: StatementSync;
  readonly #set: StatementSync;
  readonly #unread: StatementSync;

  /**
   * Prepares its statements.
   *
   * @param db The open database with its tables.
   * @param transactions On the same database.
   */
  constructor(db: DatabaseSync, transactions: Transactions) {
    this.#transactions = transactions;
    const room = "(SELECT id FROM room WHERE key = ?1)";
    this.#get = db.prepare(`SELECT hash FROM read_marker WHERE room = ${room}`);
    this.#set = db.prepare(
      `INSERT INTO read_marker (room, ms, counter, hash) SELECT id, ?2, ?3, ?4 FROM room
       WHERE key = ?1 ON CONFLICT DO UPDATE
       SET ms = excluded.ms, counter = excluded.counter, hash = excluded.hash
       WHERE (excluded.ms, excluded.counter, excluded.hash) > (ms, counter, hash)`,
    );
    const counted = (place: string) =>
      `SELECT 1 FROM post INDEXED BY post_time WHERE room = ${room} AND shown = 1 AND ${place}
       AND (SELECT author FROM log WHERE log.id = post.log) <> ?2 AND NOT ${withdrawnCondition}`;
    const marker = `FROM read_marker WHERE room = ${room}`;
    this.#unread = db.prepare(
      `SELECT count(*) AS unread FROM (
         ${counted(`(ms, counter, hash) > (SELECT ms, counter, hash ${marker})`)}
         UNION ALL ${counted(`NOT EXISTS (SELECT 1 ${marker})`)} LIMIT ?3)`,
    );
  }

  /** The post up to which a room has been read, if it was ever said. */
  readUpTo(room: RoomId): PostId | null {
    const row = this.#get.get(fromId(room)) as unknown as { hash: Uint8Array } | undefined;
    return row === undefined ? null : toId<PostId>(row.hash);
  }

  /** Moves a room's marker forward; `false` if it is there or further already. */
  move(room: RoomId, { time: { ms, counter }, id }: Place): boolean {
    let moved = false;
    this.#transactions.run("written", () => {
      moved = this.#set.run(fromId(room), ms, counter, id).changes !== 0;
    });
    return moved;
  }

  /**
   * Posts of others after the marker that are shown; all of them if there is no marker.
   *
   * @param me Whose posts do not count.
   * @param most Where counting ends.
   */
  unread(room: RoomId, me: PeerId, most: number): number {
    const row = this.#unread.get(fromId(room), fromId(me), most);
    return (row as unknown as { unread: number }).unread;
  }
}
