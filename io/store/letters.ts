/**
 * What this machine keeps for its person alone: letters in the clear, own sealing keys, and what
 * was decided about people.
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type {
  Kept,
  LetterReader,
  PersonRecord,
  SealingKey,
  StoredLetter,
} from "../../peer/letter.ts";
import { fromId, type PeerId, type PostId, type RoomId, toId } from "../../wire/ids.ts";
import type { Post } from "../../wire/post.ts";
import { decodeContent, encodeContent } from "../../wire/sealed.ts";
import { folded } from "./folded.ts";
import { StoreError } from "./store_error.ts";
import type { Place } from "./timeline.ts";

interface LetterRow {
  readonly hash: Uint8Array;
  readonly room_key: Uint8Array;
  readonly peer: Uint8Array;
  readonly author: Uint8Array;
  readonly seq: number;
  readonly ms: number;
  readonly counter: number;
  readonly arrived_ms: number;
  readonly content: Uint8Array;
  readonly withdrawn: number;
}

const columns = `letter.*, room.key AS room_key, EXISTS (
  SELECT 1 FROM withdrawal WHERE withdrawal.target = letter.hash
    AND withdrawal.author = letter.author AND withdrawal.room = letter.room) AS withdrawn`;
const tables = "letter JOIN room ON room.id = letter.room";

/** Letters that a search looks through, the newest; each costs about 5 µs. */
const foundMax = 5_000;

/** After every letter: their milliseconds have 48 bits. */
const end = { ms: 2 ** 48, counter: 0 };

/** Letters, keys and decisions. */
export class Letters implements LetterReader {
  readonly #path: string;
  readonly #add: StatementSync;
  readonly #one: StatementSync;
  readonly #place: StatementSync;
  readonly #page: StatementSync;
  readonly #pageAfter: StatementSync;
  readonly #firsts: StatementSync;
  readonly #marker: StatementSync;
  readonly #setMarker: StatementSync;
  readonly #unread: StatementSync;
  readonly #newestFirst: StatementSync;
  readonly #count: StatementSync;
  readonly #clearKeys: StatementSync;
  readonly #addKey: StatementSync;
  readonly #keys: StatementSync;
  readonly #setPerson: StatementSync;
  readonly #people: StatementSync;

  /**
   * Prepares its statements.
   *
   * @param db The open database with its tables.
   * @param path Its file, for messages.
   */
  constructor(db: DatabaseSync, path: string) {
    this.#path = path;
    this.#add = db.prepare(
      `INSERT INTO letter (hash, room, peer, author, seq, ms, counter, arrived_ms, content)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    );
    this.#one = db.prepare(`SELECT ${columns} FROM ${tables} WHERE letter.hash = ?`);
    this.#place = db.prepare("SELECT ms, counter FROM letter WHERE hash = ? AND peer = ?");
    this.#page = db.prepare(
      `SELECT ${columns} FROM ${tables}
       WHERE letter.peer = ? AND (letter.ms, letter.counter, letter.hash) < (?, ?, ?)
       ORDER BY letter.ms DESC, letter.counter DESC, letter.hash DESC LIMIT ?`,
    );
    this.#pageAfter = db.prepare(
      `SELECT ${columns} FROM ${tables}
       WHERE letter.peer = ? AND (letter.ms, letter.counter, letter.hash) > (?, ?, ?)
       ORDER BY letter.ms, letter.counter, letter.hash LIMIT ?`,
    );
    // The first of each peer, those who wrote last before the others.
    this.#firsts = db.prepare(
      `SELECT ${columns} FROM ${tables} JOIN (
         SELECT peer AS whose, MAX(ms) AS last FROM letter GROUP BY peer
         ORDER BY last DESC LIMIT ?)
       ON letter.hash = (
         SELECT hash FROM letter AS own WHERE own.peer = whose
         ORDER BY own.ms, own.counter, own.hash LIMIT 1)
       ORDER BY last DESC`,
    );
    this.#marker = db.prepare("SELECT hash FROM letter_marker WHERE peer = ?");
    this.#setMarker = db.prepare(
      `INSERT INTO letter_marker (peer, ms, counter, hash)
       SELECT peer, ms, counter, hash FROM letter WHERE hash = ? AND peer = ?
       ON CONFLICT DO UPDATE SET ms = excluded.ms, counter = excluded.counter, hash = excluded.hash
       WHERE (excluded.ms, excluded.counter, excluded.hash) > (ms, counter, hash)`,
    );
    this.#unread = db.prepare(
      `SELECT count(*) AS unread FROM (
         SELECT 1 FROM letter LEFT JOIN letter_marker AS marker ON marker.peer = letter.peer
         WHERE letter.peer = ?1 AND letter.author = ?1 AND (marker.hash IS NULL
           OR (letter.ms, letter.counter, letter.hash) > (marker.ms, marker.counter, marker.hash))
         LIMIT ?2)`,
    );
    this.#newestFirst = db.prepare(
      `SELECT ${columns} FROM ${tables} WHERE (?1 IS NULL OR letter.peer = ?1)
         AND (letter.ms, letter.counter, letter.hash) < (?2, ?3, ?4)
       ORDER BY letter.ms DESC, letter.counter DESC, letter.hash DESC LIMIT ${foundMax + 1}`,
    );
    this.#count = db.prepare(
      "SELECT count(*) AS letters FROM letter WHERE ?1 IS NULL OR peer = ?1",
    );
    this.#clearKeys = db.prepare("DELETE FROM sealing_key");
    this.#addKey = db.prepare(
      "INSERT INTO sealing_key (public, secret, made_ms, aged_ms) VALUES (?, ?, ?, ?)",
    );
    this.#keys = db.prepare("SELECT * FROM sealing_key ORDER BY made_ms, public");
    this.#setPerson = db.prepare(
      `INSERT INTO person (peer, accepted, blocked, verified, petname, verified_name)
       VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET accepted = excluded.accepted, blocked = excluded.blocked,
         verified = excluded.verified, petname = excluded.petname,
         verified_name = excluded.verified_name`,
    );
    this.#people = db.prepare("SELECT * FROM person");
  }

  /**
   * Keeps what belongs to a post, in the transaction that is open.
   *
   * @param room The integer of the post's room.
   */
  keep(
    kept: Extract<Kept, { readonly type: "letter" | "keys" }>,
    post: Post,
    room: number,
    wallMs: number,
  ): void {
    if (kept.type === "keys") return this.setKeys(kept.keys);
    const { peer, content, isCopy } = kept.letter;
    if (content === null || content.kind === "resend" || isCopy) return;
    this.#add.run(
      fromId(post.id),
      room,
      fromId(peer),
      fromId(post.author),
      post.seq,
      post.time.ms,
      post.time.counter,
      wallMs,
      encodeContent(content),
    );
  }

  /** `LetterReader.letter` */
  letter(id: PostId): StoredLetter | null {
    const row = this.#one.get(fromId(id));
    return row === undefined ? null : this.#toLetter(row);
  }

  /** `LetterReader.letters` */
  letters(
    peer: PeerId,
    before: PostId | null,
    limit: number,
  ): { readonly rows: readonly StoredLetter[]; readonly more: boolean } {
    const key = fromId(peer);
    const hash = before === null ? new Uint8Array(0) : fromId(before);
    const place = before === null ? end : this.#place.get(hash, key) as typeof end | undefined;
    if (place === undefined) return { rows: [], more: false };
    const rows = this.#page.all(key, place.ms, place.counter, hash, limit + 1);
    const newest = rows.slice(0, limit).reverse().map((row) => this.#toLetter(row));
    return { rows: newest, more: rows.length > limit };
  }

  /** `LetterReader.lettersAfter` */
  lettersAfter(
    peer: PeerId,
    after: PostId,
    limit: number,
  ): { readonly rows: readonly StoredLetter[]; readonly more: boolean } {
    const [key, hash] = [fromId(peer), fromId(after)];
    const place = this.#place.get(hash, key) as typeof end | undefined;
    if (place === undefined) return { rows: [], more: false };
    const rows = this.#pageAfter.all(key, place.ms, place.counter, hash, limit + 1);
    const first = rows.slice(0, limit).map((row) => this.#toLetter(row));
    return { rows: first, more: rows.length > limit };
  }

  /** `LetterReader.correspondents` */
  correspondents(limit: number): StoredLetter[] {
    return this.#firsts.all(limit).map((row) => this.#toLetter(row));
  }

  /** The letter up to which a chat has been read, if it was ever said. */
  readUpTo(peer: PeerId): PostId | null {
    const row = this.#marker.get(fromId(peer)) as unknown as { hash: Uint8Array } | undefined;
    return row === undefined ? null : toId<PostId>(row.hash);
  }

  /** Moves a chat's marker forward, in the transaction that is open; says whether it moved. */
  markRead(peer: PeerId, id: PostId): boolean {
    return this.#setMarker.run(fromId(id), fromId(peer)).changes !== 0;
  }

  /** Letters of the other one after the marker; at most `most` are counted. */
  unread(peer: PeerId, most: number): number {
    return (this.#unread.get(fromId(peer), most) as unknown as { unread: number }).unread;
  }

  /**
   * Letters that hold every word, looked through one by one: they are few beside what is said
   * in rooms, and an index of them would outlive them.
   *
   * @param words Folded.
   * @param peer With whom; `null`: anybody.
   * @param before Only before this place.
   * @returns Up to `limit` and one more, newest first, and how many were not looked through.
   */
  find(
    words: readonly string[],
    peer: PeerId | null,
    { time: { ms, counter }, id }: Place,
    limit: number,
  ): { readonly rows: StoredLetter[]; readonly unsearched: number } {
    const whose = peer === null ? null : fromId(peer);
    const rows: StoredLetter[] = [];
    let read = 0;
    for (const row of this.#newestFirst.iterate(whose, ms, counter, id)) {
      if (++read > foundMax) {
        const { letters } = this.#count.get(whose) as unknown as { letters: number };
        return { rows, unsearched: letters - foundMax };
      }
      const letter = this.#toLetter(row);
      const text = letter.withdrawn ? "" : folded(letter.content.text);
      if (!words.every((word) => text.includes(word))) continue;
      if (rows.push(letter) > limit) break;
    }
    return { rows, unsearched: 0 };
  }

  /** Own sealing keys, the newest last. */
  keys(): SealingKey[] {
    const rows = this.#keys.all() as unknown as {
      public: Uint8Array;
      secret: Uint8Array;
      made_ms: number;
      aged_ms: number;
    }[];
    return rows.map((row) => ({
      publicKey: row.public,
      secretKey: row.secret,
      madeMs: row.made_ms,
      agedMs: row.aged_ms,
    }));
  }

  /** Keeps exactly these keys; in the transaction that is open. */
  setKeys(keys: readonly SealingKey[]): void {
    this.#clearKeys.run();
    for (const { publicKey, secretKey, madeMs, agedMs } of keys) {
      this.#addKey.run(publicKey, secretKey, Math.round(madeMs), Math.round(agedMs));
    }
  }

  /** Keeps what was decided about somebody. */
  setPerson(peer: PeerId, person: PersonRecord): void {
    const { accepted, blocked, verified, petname, verifiedName } = person;
    this.#setPerson.run(
      fromId(peer),
      Number(accepted),
      Number(blocked),
      Number(verified),
      petname,
      verifiedName,
    );
  }

  /** All decisions. */
  people(): (readonly [PeerId, PersonRecord])[] {
    const rows = this.#people.all() as unknown as {
      peer: Uint8Array;
      accepted: number;
      blocked: number;
      verified: number;
      petname: string | null;
      verified_name: string | null;
    }[];
    return rows.map((row) => [toId<PeerId>(row.peer), {
      accepted: row.accepted === 1,
      blocked: row.blocked === 1,
      verified: row.verified === 1,
      verifiedName: row.verified_name,
      petname: row.petname,
    }]);
  }

  #toLetter(found: unknown): StoredLetter {
    const row = found as LetterRow;
    const content = decodeContent(row.content);
    if (content === null || content.kind === "resend") {
      throw new StoreError("damaged", this.#path, "a stored letter cannot be read");
    }
    return {
      id: toId<PostId>(row.hash),
      room: toId<RoomId>(row.room_key),
      peer: toId<PeerId>(row.peer),
      isMine: row.author.toHex() !== row.peer.toHex(),
      seq: row.seq,
      time: { ms: row.ms, counter: row.counter },
      arrivedMs: row.arrived_ms,
      content,
      withdrawn: row.withdrawn === 1,
    };
  }
}
