/**
 * Up to where each room has been read, and how much is unread since. A marker only moves
 * forward in the one order, so that two screens that both tell of it cannot take it back.
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { fromId, type PeerId, type PostId, type RoomId, toId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { withdrawnCondition } from "./rows.ts";
import type { Place } from "./timeline.ts";
import type { Transactions } from "./transaction.ts";

/** Rooms whose count is kept: as many as can be open at once. */
const countsMax = defaultLimits.roomsMax;

/** A count, and what it is about. */
interface Counted {
  readonly me: PeerId;
  readonly most: number;
  readonly unread: number;
}

/** Keeps the table `read_marker`. */
export class ReadMarkers {
  readonly #transactions: Transactions;
  readonly #get: StatementSync;
  readonly #set: StatementSync;
  readonly #place: StatementSync;
  readonly #unread: StatementSync;
  /** What was counted of each room since it last changed. */
  readonly #counts = new Map<RoomId, Counted>();

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
      `SELECT count(*) AS unread FROM (
         SELECT log, hash, room FROM post INDEXED BY post_time
         WHERE room = ${room} AND shown = 1 AND ${place}
         ORDER BY ms DESC, counter DESC, hash DESC LIMIT ?3) AS post
       JOIN log AS owner ON owner.id = post.log
       WHERE owner.author <> ?2 AND NOT ${withdrawnCondition}
         AND NOT EXISTS (SELECT 1 FROM person WHERE peer = owner.author AND blocked = 1)`;
    this.#place = db.prepare(`SELECT ms, counter, hash FROM read_marker WHERE room = ${room}`);
    this.#unread = db.prepare(counted("(ms, counter, hash) > (?4, ?5, ?6)"));
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
    this.#counts.delete(room);
    return moved;
  }

  /** What was counted of rooms is no longer true: of one, or of all. */
  changed(room?: RoomId): void {
    if (room === undefined) this.#counts.clear();
    else this.#counts.delete(room);
  }

  /**
   * Posts of others that are shown, among the newest after the marker; if there is no marker,
   * among the newest of all. It is counted anew only when something has changed.
   *
   * @param me Whose posts do not count, nor those of people who are blocked.
   * @param most How many of the newest are looked at.
   */
  unread(room: RoomId, me: PeerId, most: number): number {
    const known = this.#counts.get(room);
    if (known?.me === me && known.most === most) return known.unread;
    const key = fromId(room);
    const start = { ms: -1, counter: 0, hash: new Uint8Array(0) };
    const place = (this.#place.get(key) ?? start) as typeof start;
    const row = this.#unread.get(key, fromId(me), most, place.ms, place.counter, place.hash);
    const { unread } = row as unknown as { unread: number };
    if (this.#counts.size >= countsMax) this.#counts.clear();
    this.#counts.set(room, { me, most, unread });
    return unread;
  }
}
