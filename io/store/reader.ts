/** Reads single posts, slices of logs, and what a room is at present: the port of the engine. */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { SequencedPost } from "../../peer/ports.ts";
import type { CryptoSuite } from "../../wire/crypto_suite.ts";
import type { LogId, PeerId, PostId, RoomId } from "../../wire/ids.ts";
import { fromId } from "../../wire/ids.ts";
import { type LogicalTime, postKind, type SignedPost } from "../../wire/post.ts";
import { hasId } from "./id_index.ts";
import {
  envelopeColumns,
  type EnvelopeRow,
  toEnvelope,
  withdrawnCondition,
  wrongRow,
} from "./rows.ts";

/** The integer of a room whose id is the next parameter; NULL, which equals nothing, if unknown. */
const roomParameter = "(SELECT id FROM room WHERE key = ?)";
/** The one order of every screen, newest first. */
const newestFirst = "post.ms DESC, post.counter DESC, post.hash DESC";

/** Reads posts. */
export class Reader {
  readonly #path: string;
  readonly #crypto: CryptoSuite;
  readonly #has: StatementSync;
  readonly #get: StatementSync;
  readonly #range: StatementSync;
  readonly #newest: StatementSync;
  readonly #profiles: StatementSync;
  readonly #topic: StatementSync;
  readonly #foundings: StatementSync;
  readonly #acts: StatementSync;
  readonly #inviteDeeds: StatementSync;
  readonly #lastTime: StatementSync;

  /**
   * Prepares its statements.
   *
   * @param db The open database with its tables.
   * @param path Its file, for messages.
   * @param crypto For the ids of posts.
   */
  constructor(db: DatabaseSync, path: string, crypto: CryptoSuite) {
    this.#path = path;
    this.#crypto = crypto;
    this.#has = db.prepare(`SELECT 1 FROM post WHERE ${hasId("?1")}`);
    this.#get = db.prepare(`SELECT ${envelopeColumns} FROM post WHERE ${hasId("?1")}`);
    this.#range = db.prepare(
      `SELECT post.seq, ${envelopeColumns} FROM post
       WHERE post.log = (SELECT id FROM log WHERE room = ${roomParameter} AND author = ? AND key = ?)
         AND post.seq BETWEEN ? AND ? ORDER BY post.seq DESC, post.hash`,
    );
    const newestOf = (shown: 0 | 1) =>
      `SELECT * FROM (SELECT * FROM post WHERE room = ${roomParameter} AND shown = ${shown}
       ORDER BY ${newestFirst} LIMIT ?)`;
    this.#newest = db.prepare(
      `SELECT ${envelopeColumns} FROM (${newestOf(0)} UNION ALL ${newestOf(1)}) AS post
       ORDER BY ${newestFirst} LIMIT ?`,
    );
    this.#profiles = db.prepare(
      `SELECT author, ms, counter, hash, signed, signature, sum FROM (
         SELECT owner.author, post.* FROM log AS owner JOIN post ON post.id = (
           SELECT post.id FROM post
           WHERE post.kind = 3 AND post.log = owner.id AND NOT ${withdrawnCondition}
           ORDER BY ${newestFirst} LIMIT 1)
         WHERE owner.room = ${roomParameter})
       AS post ORDER BY author, ${newestFirst}`,
    );
    this.#topic = db.prepare(
      `SELECT ${envelopeColumns} FROM post
       WHERE post.kind = 4 AND post.room = ${roomParameter} AND NOT ${withdrawnCondition}
       ORDER BY ${newestFirst} LIMIT 1`,
    );
    this.#foundings = db.prepare(
      `SELECT ${envelopeColumns} FROM post
       WHERE post.room = ${roomParameter} AND post.shown = 0 AND post.seq = 1
         AND post.kind = ${postKind.membership}`,
    );
    const { topic, announcement, membership, epoch, invite, close, tombstone } = postKind;
    this.#acts = db.prepare(
      `SELECT ${envelopeColumns} FROM log JOIN post ON post.log = log.id
       WHERE log.room = ${roomParameter} AND log.author = ?
         AND post.kind IN (${topic}, ${announcement}, ${membership}, ${epoch}, ${invite},
           ${close}, ${tombstone})`,
    );
    this.#inviteDeeds = db.prepare(
      `SELECT ${envelopeColumns} FROM post
       WHERE room = ${roomParameter} AND kind = ${postKind.invite}
       ORDER BY ${newestFirst} LIMIT ?`,
    );
    this.#lastTime = db.prepare(
      "SELECT ms, counter FROM log WHERE author = ? ORDER BY ms DESC, counter DESC LIMIT 1",
    );
  }

  /** `PostReader.has` */
  has(id: PostId): boolean {
    return this.#has.get(fromId(id)) !== undefined;
  }

  /** `PostReader.get` */
  get(id: PostId): SignedPost | null {
    const found = this.#envelope(this.#get.get(fromId(id)));
    if (found !== null && this.#crypto.sha256Hex(found.signed) !== id) {
      throw wrongRow(this.#path);
    }
    return found;
  }

  /** `PostReader.range` */
  range(
    room: RoomId,
    author: PeerId,
    log: LogId,
    from: number,
    to: number,
    bytesMax: number,
  ): SequencedPost[] {
    const posts: SequencedPost[] = [];
    let bytes = 0;
    const place = [fromId(room), fromId(author), fromId(log), from, to] as const;
    // An iterator leaves 2 KB behind until the next major collection, and a back-fill asks for one
    // place at each run.
    const rows = from === to ? this.#range.all(...place) : this.#range.iterate(...place);
    for (const found of rows) {
      const row = found as unknown as EnvelopeRow & { seq: number };
      bytes += row.signed.length + row.signature.length;
      if (posts.length > 0 && bytes > bytesMax) {
        // A reader goes on below the last sequence it was given, so a fork is not cut in two.
        const whole = posts.filter(({ seq }) => seq > row.seq);
        return whole.length > 0 ? whole : posts;
      }
      posts.push({ seq: row.seq, ...toEnvelope(row, this.#path) });
    }
    return posts;
  }

  /** `PostReader.newest` */
  newest(room: RoomId, count: number): SignedPost[] {
    const key = fromId(room);
    const rows = this.#newest.all(key, count, key, count, count) as unknown as EnvelopeRow[];
    return rows.map((row) => toEnvelope(row, this.#path));
  }

  /** `PostReader.profiles` */
  profiles(room: RoomId): SignedPost[] {
    const posts: SignedPost[] = [];
    let author = "";
    // The newest of each of an author's logs come one after the other, the newest of all first.
    for (const found of this.#profiles.all(fromId(room))) {
      const row = found as unknown as EnvelopeRow & { author: Uint8Array };
      if (row.author.toHex() === author) continue;
      author = row.author.toHex();
      posts.push(toEnvelope(row, this.#path));
    }
    return posts;
  }

  /** `PostReader.topic` */
  topic(room: RoomId): SignedPost | null {
    return this.#envelope(this.#topic.get(fromId(room)));
  }

  /** `PostReader.acts` */
  *acts(room: RoomId, author: PeerId | null): Generator<SignedPost, void, void> {
    const rows = author === null
      ? this.#foundings.all(fromId(room))
      : this.#acts.all(fromId(room), fromId(author));
    for (const row of rows) yield toEnvelope(row as unknown as EnvelopeRow, this.#path);
  }

  /** `PostReader.inviteDeeds` */
  inviteDeeds(room: RoomId, count: number): SignedPost[] {
    return this.#inviteDeeds.all(fromId(room), count)
      .map((row) => toEnvelope(row as unknown as EnvelopeRow, this.#path));
  }

  /** `PostReader.lastTime` */
  lastTime(author: PeerId): LogicalTime | null {
    const row = this.#lastTime.get(fromId(author)) as unknown as LogicalTime | undefined;
    return row === undefined ? null : { ms: row.ms, counter: row.counter };
  }

  #envelope(row: unknown): SignedPost | null {
    return row === undefined ? null : toEnvelope(row as EnvelopeRow, this.#path);
  }
}
