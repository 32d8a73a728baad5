/**
 * Writes posts: one call is one transaction, and either all of it is held afterwards or
 * nothing. Rooms and logs get their integers here. Nothing is remembered from one call to
 * the next, so that a failed one leaves nothing to correct.
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Arrival } from "../../peer/action.ts";
import type { Kept } from "../../peer/letter.ts";
import { type LogKey, logKey } from "../../peer/log_key.ts";
import { MalformedError } from "../../wire/cbor.ts";
import { fromId, lendId, type LogId, type RoomId } from "../../wire/ids.ts";
import { compareTimes, type LogicalTime, type Post, postKind } from "../../wire/post.ts";
import { decodeBody } from "../../wire/post_body.ts";
import type { Holdings } from "./holdings.ts";
import type { IdIndex } from "./id_index.ts";
import type { Letters } from "./letters.ts";
import type { Meta } from "./meta.ts";
import type { RoomSecrets } from "./room_secrets.ts";
import { envelopeSum, inArrays, originNumber } from "./rows.ts";
import { isShown } from "./store.ts";
import type { Transactions } from "./transaction.ts";
import type { Withdrawals } from "./withdrawals.ts";

/** A log that a transaction writes to. */
interface TouchedLog {
  readonly id: number;
  /** Its top before. */
  readonly top: number;
  time: LogicalTime;
  /** Of the posts inserted. */
  readonly sequences: number[];
}

/** A room that a transaction writes to. */
interface TouchedRoom {
  readonly id: number;
  readonly logs: Map<LogKey, TouchedLog>;
}

/**
 * Bytes that a probe writes: more than the largest posts take, so that a disk on which it
 * succeeds has room for some again.
 */
const probeBytes = 64 * 1024;

/** Writes posts. */
export class Appender {
  readonly #transactions: Transactions;
  readonly #holdings: Holdings;
  readonly #ids: IdIndex;
  readonly #meta: Meta;
  readonly #letters: Letters;
  readonly #secrets: RoomSecrets;
  readonly #withdrawals: Withdrawals;
  readonly #findRoom: StatementSync;
  readonly #addRoom: StatementSync;
  readonly #findLog: StatementSync;
  readonly #addLog: StatementSync;
  readonly #setTime: StatementSync;
  readonly #addPost: StatementSync;
  readonly #added: StatementSync;

  /**
   * Prepares its statements.
   *
   * @param db The open database with its tables.
   * @param transactions On the same database.
   * @param holdings Told of each post.
   * @param ids Told of each batch.
   * @param meta Where a new log and the probe go.
   * @param letters Where goes what is kept beside posts.
   * @param secrets Where go the secrets of private rooms among that.
   * @param withdrawals Told of each tombstone.
   */
  constructor(
    db: DatabaseSync,
    transactions: Transactions,
    holdings: Holdings,
    ids: IdIndex,
    meta: Meta,
    letters: Letters,
    secrets: RoomSecrets,
    withdrawals: Withdrawals,
  ) {
    this.#transactions = transactions;
    this.#holdings = holdings;
    this.#ids = ids;
    this.#meta = meta;
    this.#letters = letters;
    this.#secrets = secrets;
    this.#withdrawals = withdrawals;
    this.#findRoom = db.prepare("SELECT id FROM room WHERE key = ?");
    this.#addRoom = db.prepare("INSERT INTO room (key) VALUES (?) RETURNING id");
    this.#findLog = db.prepare(
      "SELECT id, top, ms, counter FROM log WHERE room = ? AND author = ? AND key = ?",
    );
    this.#addLog = db.prepare(
      "INSERT INTO log (room, author, key) VALUES (?, ?, ?) RETURNING id, top, ms, counter",
    );
    this.#setTime = db.prepare("UPDATE log SET ms = ?, counter = ? WHERE id = ?");
    this.#addPost = db.prepare(
      `INSERT INTO post
       (hash, room, log, seq, kind, shown, ms, counter, arrived_ms, origin, sum, signed, signature)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    );
    // RETURNING costs 2.5 µs more a post (measured).
    this.#added = inArrays(db.prepare("SELECT last_insert_rowid() WHERE changes() > 0"));
  }

  /** `PostStore.append`, with SQLite's own errors. */
  append(arrivals: readonly Arrival[], newLog: LogId | null, wallMs: number): void {
    if (arrivals.length === 0 && newLog === null) return this.#probe();
    const isOwn = newLog !== null || arrivals.some(({ origin }) => origin === "own");
    this.#transactions.run(isOwn ? "synced" : "written", () => {
      if (newLog !== null) this.#meta.set("log", newLog);
      this.#insertAll(arrivals, wallMs);
    });
  }

  #probe(): void {
    for (const filler of ["x".repeat(probeBytes), ""]) {
      this.#transactions.run("synced", () => this.#meta.set("probe", filler));
    }
  }

  #insertAll(arrivals: readonly Arrival[], wallMs: number): void {
    let firstRow: number | null = null;
    const rooms = new Map<RoomId, TouchedRoom>();
    for (const arrival of arrivals) {
      const { post } = arrival;
      let room = rooms.get(post.room);
      if (room === undefined) {
        rooms.set(post.room, room = { id: this.#roomOf(post.room), logs: new Map() });
      }
      const key = logKey(post.author, post.log);
      let log = room.logs.get(key);
      if (log === undefined) room.logs.set(key, log = this.#logOf(post, room.id));
      const row = this.#insert(arrival, room.id, log.id, wallMs);
      if (row === null) continue;
      firstRow ??= row;
      log.sequences.push(post.seq);
      if (compareTimes(post.time, log.time) > 0) log.time = post.time;
      if (post.kind === postKind.tombstone) this.#withdraw(post, room.id);
      if (arrival.kept !== undefined) this.#keep(arrival.kept, post, room.id, wallMs);
    }
    for (const { logs } of rooms.values()) {
      for (const { id, top, time, sequences } of logs.values()) {
        if (sequences.length === 0) continue;
        this.#holdings.settle(id, top, sequences);
        this.#setTime.run(time.ms, time.counter, id);
      }
    }
    if (firstRow !== null) this.#ids.addFrom(firstRow);
  }

  #keep(kept: Kept, post: Post, room: number, wallMs: number): void {
    if (kept.type === "room") this.#secrets.addRoom(post.room, kept);
    else if (kept.type === "epoch") this.#secrets.addEpoch(post.room, post.id, kept.secret);
    else this.#letters.keep(kept, post, room, wallMs);
  }

  /** Inserts a post; its row, or `null` if it was held already. */
  #insert({ post, origin }: Arrival, room: number, log: number, wallMs: number): number | null {
    // What run() gives lies in old space (rows.ts).
    this.#addPost.get(
      lendId(post.id),
      room,
      log,
      post.seq,
      post.kind,
      isShown(post.kind) ? 1 : 0,
      post.time.ms,
      post.time.counter,
      wallMs,
      originNumber(origin),
      envelopeSum(post),
      post.signed,
      post.signature,
    );
    const added = this.#added.get() as unknown as readonly [row: number] | undefined;
    return added?.[0] ?? null;
  }

  #roomOf(room: RoomId): number {
    const key = fromId(room);
    const row = this.#findRoom.get(key) ?? this.#addRoom.get(key);
    return (row as unknown as { id: number }).id;
  }

  #logOf({ author, log }: Post, room: number): TouchedLog {
    const place = [room, fromId(author), fromId(log)] as const;
    const row = (this.#findLog.get(...place) ?? this.#addLog.get(...place)) as unknown as {
      id: number;
      top: number;
      ms: number;
      counter: number;
    };
    const { id, top, ms, counter } = row;
    return { id, top, time: { ms, counter }, sequences: [] };
  }

  /** Notes whom a tombstone names. One that cannot be read is kept and does nothing. */
  #withdraw(post: Post, room: number): void {
    try {
      const body = decodeBody(post.kind, post.body);
      if (body?.kind !== "tombstone") return;
      this.#withdrawals.add(body.target, post.author, room);
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
    }
  }
}
