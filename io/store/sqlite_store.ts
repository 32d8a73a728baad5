/**
 * The store of posts in SQLite, by the runtime's own synchronous `node:sqlite`.
 *
 * This class only puts its parts together and gives all their errors one form: schema.ts has
 * the tables, append.ts writes, reader.ts and timeline.ts read, holdings.ts keeps what is
 * held of each log, search.ts finds. What is no post has its own two doors: correspondence.ts for
 * letters, kept.ts for what the next start begins with.
 */

import type { DatabaseSync } from "node:sqlite";
import type { Arrival, ReceiptChange } from "../../peer/action.ts";
import type { LogKey } from "../../peer/log_key.ts";
import type { Floor, Holding, KeptReceipts, SequencedPost } from "../../peer/ports.ts";
import type { CryptoSuite } from "../../wire/crypto_suite.ts";
import type { LogId, PeerId, PostId, RoomId } from "../../wire/ids.ts";
import type { Limits } from "../../wire/limits.ts";
import type { LogicalTime, SignedPost } from "../../wire/post.ts";
import { AddressBook } from "./address_book.ts";
import { Appender } from "./append.ts";
import { Correspondence } from "./correspondence.ts";
import { fileInfo, openDatabase } from "./database_file.ts";
import { Floors } from "./floors.ts";
import { Holdings } from "./holdings.ts";
import { IdIndex } from "./id_index.ts";
import { Kept } from "./kept.ts";
import { KeptReceiptTables } from "./kept_receipts.ts";
import { Letters } from "./letters.ts";
import { Meta } from "./meta.ts";
import { Pruner, type PruneRules } from "./prune.ts";
import { ReadMarkers } from "./read_markers.ts";
import { Reader } from "./reader.ts";
import { RoomSecrets } from "./room_secrets.ts";
import { Search, wordsOf } from "./search.ts";
import { Settings } from "./settings.ts";
import type { FoundPage, PostStore, StoredPage, StoredPost } from "./store.ts";
import { guarded } from "./store_error.ts";
import { endOfTime, Timeline } from "./timeline.ts";
import { Transactions } from "./transaction.ts";
import { Withdrawals } from "./withdrawals.ts";
import { WordIndex } from "./word_index.ts";

/** Posts, and what a start begins with, in one database. Every method may throw `StoreError`. */
export class SqliteStore implements PostStore {
  /** The database file; `:memory:` if it is none. */
  readonly path: string;
  /** Letters, and the people they are with. */
  readonly correspondence: Correspondence;
  /** What the next start begins with. */
  readonly kept: Kept;
  readonly #db: DatabaseSync;
  readonly #holdings: Holdings;
  readonly #appender: Appender;
  readonly #reader: Reader;
  readonly #timeline: Timeline;
  readonly #markers: ReadMarkers;
  readonly #floors: Floors;
  // What no start needs is made when it is used: each has a dozen statements to prepare.
  readonly #words: () => WordIndex;
  readonly #search: () => Search;
  readonly #pruner: () => Pruner;
  readonly #receipts: () => KeptReceiptTables;

  /**
   * A store on a database that is open already; {@linkcode SqliteStore.open} is the usual way.
   *
   * @param db What `openDatabase` gave; closed with the store.
   * @param path Its file.
   * @param crypto For the ids of posts.
   * @param limits Of which `addressBookMax` counts here.
   */
  constructor(db: DatabaseSync, path: string, crypto: CryptoSuite, limits: Limits) {
    this.path = path;
    this.#db = db;
    const file = path === ":memory:" ? null : fileInfo(path);
    const transactions = new Transactions(db, path, file);
    this.#holdings = new Holdings(db);
    const meta = new Meta(db);
    const ids = new IdIndex(db);
    const withdrawals = new Withdrawals(db);
    const letters = new Letters(db, path);
    const secrets = new RoomSecrets(db);
    this.#appender = new Appender(
      db,
      transactions,
      this.#holdings,
      ids,
      meta,
      letters,
      secrets,
      withdrawals,
    );
    this.#reader = new Reader(db, path, crypto);
    this.#timeline = new Timeline(db, path, crypto, withdrawals);
    const book = new AddressBook(db, transactions, limits.addressBookMax);
    this.#markers = new ReadMarkers(db, transactions);
    const settings = new Settings(db, transactions);
    this.#floors = new Floors(db);
    this.kept = new Kept(path, transactions, book, secrets, settings, meta);
    this.correspondence = new Correspondence(
      path,
      transactions,
      letters,
      this.#timeline,
      () => this.#markers.changed(),
    );
    this.#receipts = once(() => new KeptReceiptTables(db, transactions));
    this.#words = once(() => new WordIndex(db, transactions, path, crypto));
    this.#search = once(() => new Search(db, path, crypto, this.#words()));
    this.#pruner = once(() => new Pruner(db, transactions, this.#holdings, this.#floors));
  }

  /**
   * Opens a store, creating it if there is none.
   *
   * @param path The database file, in a folder that exists and that nobody else uses now;
   * `:memory:` for one that keeps nothing.
   * @param crypto For the ids of posts.
   * @param limits Of which `addressBookMax` counts here.
   * @throws {StoreError} If there is no such place, or the file is damaged, of a newer
   * version or of another program; the file is left as it is.
   */
  static open(path: string, crypto: CryptoSuite, limits: Limits): SqliteStore {
    return guarded(path, () => {
      const db = openDatabase(path);
      try {
        return new SqliteStore(db, path, crypto, limits);
      } catch (error) {
        db.close();
        throw error;
      }
    });
  }

  /**
   * Stores posts in one transaction; those already held are left as they are. When it
   * returns, own posts and a new log are on the disk, and what others wrote is safe from a
   * crash of this program. Without posts and without a new log it probes whether the disk
   * takes writes. If it throws, nothing of it is held.
   */
  append(arrivals: readonly Arrival[], newLog: LogId | null, wallMs: number): void {
    guarded(this.path, () => this.#appender.append(arrivals, newLog, wallMs));
    for (const { post } of arrivals) this.#markers.changed(post.room);
  }

  /** Whether the post is stored. */
  has(id: PostId): boolean {
    return guarded(this.path, () => this.#reader.has(id));
  }

  /** Whether a stored post has been taken back by its author. */
  isWithdrawn(id: PostId): boolean {
    return guarded(this.path, () => this.#timeline.isWithdrawn(id));
  }

  /** A stored post's bytes, or `null`. */
  get(id: PostId): SignedPost | null {
    return guarded(this.path, () => this.#reader.get(id));
  }

  /**
   * Posts of one log, newest first; of a fork the lower id first, and no fork is cut in two
   * if it fits.
   *
   * @param from Lowest sequence wanted.
   * @param to Highest sequence wanted.
   * @param bytesMax Bytes of signed parts and signatures together; at least one post is given.
   */
  range(
    room: RoomId,
    author: PeerId,
    log: LogId,
    from: number,
    to: number,
    bytesMax: number,
  ): SequencedPost[] {
    return guarded(this.path, () => this.#reader.range(room, author, log, from, to, bytesMax));
  }

  /** All that is held of a room, by author and log. */
  frontier(room: RoomId): Holding[] {
    return guarded(this.path, () => this.#holdings.frontier(room));
  }

  /** Up to where a log was pruned, or `null`. */
  floor(room: RoomId, key: LogKey): Floor | null {
    return this.#floors.of(room, key);
  }

  /**
   * Removes what need not be kept any longer, a little at each `next()`; posts may be stored
   * in between. What it gives are the rooms of which something was removed then, perhaps none.
   */
  *prune(rules: PruneRules): Generator<readonly RoomId[], void, void> {
    const pieces = this.#pruner().prune(rules);
    for (;;) {
      const next = guarded(this.path, () => pieces.next());
      this.#markers.changed();
      if (next.done) return;
      yield next.value;
    }
  }

  /** Bytes of the database that are in use. */
  get bytesUsed(): number {
    return guarded(this.path, () => this.#pruner().bytesUsed);
  }

  /** Places in logs of a room at which more than one post stands, by author, log and sequence. */
  forks(room: RoomId): { author: PeerId; log: LogId; seq: number }[] {
    return guarded(this.path, () => this.#holdings.forks(room));
  }

  /** The newest posts of a room of all kinds, newest first. */
  newest(room: RoomId, count: number): SignedPost[] {
    return guarded(this.path, () => this.#reader.newest(room, count));
  }

  /** The newest profile of each author in a room that its author has not withdrawn. */
  profiles(room: RoomId): SignedPost[] {
    return guarded(this.path, () => this.#reader.profiles(room));
  }

  /** What somebody does in an owned room, or with `null` what may have founded it. */
  inviteDeeds(room: RoomId, count: number): SignedPost[] {
    return guarded(this.path, () => this.#reader.inviteDeeds(room, count));
  }

  /** `PostReader.acts` */
  acts(room: RoomId, author: PeerId | null): SignedPost[] {
    return guarded(this.path, () => [...this.#reader.acts(room, author)]);
  }

  /** The newest topic of a room that its author has not withdrawn, or `null`. */
  topic(room: RoomId): SignedPost | null {
    return guarded(this.path, () => this.#reader.topic(room));
  }

  /** What is kept of who holds what in a room. */
  receipts(room: RoomId): KeptReceipts {
    return guarded(this.path, () => this.#receipts().of(room));
  }

  /** Keeps who holds what in a room, as far as it has changed. */
  keepReceipts(room: RoomId, change: ReceiptChange): void {
    guarded(this.path, () => this.#receipts().keep(room, change));
  }

  /** The latest logical time of any post by `author`, in any room; `null` if there is none. */
  lastTime(author: PeerId): LogicalTime | null {
    return guarded(this.path, () => this.#reader.lastTime(author));
  }

  /** A post with all that is known of it, or `null`. */
  stored(id: PostId): StoredPost | null {
    return guarded(this.path, () => this.#timeline.stored(id));
  }

  /** A page of what a room shows. */
  timeline(room: RoomId, before: PostId | null, limit: number): StoredPage {
    return guarded(this.path, () => this.#timeline.timeline(room, before, limit));
  }

  /** The first of what a room shows after a post. */
  timelineAfter(room: RoomId, after: PostId, limit: number): StoredPage {
    return guarded(this.path, () => this.#timeline.timelineAfter(room, after, limit));
  }

  /**
   * A page of the shown posts that hold every word of a question.
   *
   * @param query Words between white space; without any, nothing is found.
   * @param room Only in this room; `null` for all.
   * @param before The page ends before this post; `null` for the newest. If it is not held
   * the page is empty.
   * @param limit Most posts wanted.
   */
  search(query: string, room: RoomId | null, before: PostId | null, limit: number): FoundPage {
    return guarded(this.path, () => {
      const place = before === null ? endOfTime : this.#timeline.placeOf(null, before);
      const words = place === null ? [] : wordsOf(query);
      return this.#search().find({ words, room, before: place ?? endOfTime, limit });
    });
  }

  /** How many posts the index of the search lacks, at most. */
  get unindexed(): number {
    return guarded(this.path, () => this.#words().lag);
  }

  /** Indexes the next posts for the search; returns how many there were, at most `postsMax`. */
  index(postsMax: number): number {
    return guarded(this.path, () => this.#words().take(postsMax));
  }

  /** The post up to which a room has been read, or `null`. */
  readUpTo(room: RoomId): PostId | null {
    return guarded(this.path, () => this.#markers.readUpTo(room));
  }

  /**
   * Moves the marker of a room forward to a post that is stored in it.
   *
   * @returns Whether it has moved; `null` if the post is not held there.
   */
  markRead(room: RoomId, id: PostId): boolean | null {
    return guarded(this.path, () => {
      const place = this.#timeline.placeOf(room, id);
      return place === null ? null : this.#markers.move(room, place);
    });
  }

  /** Posts of others than `me` that a room shows, among the newest `most` after its marker. */
  unread(room: RoomId, me: PeerId, most: number): number {
    return guarded(this.path, () => this.#markers.unread(room, me, most));
  }

  /**
   * All posts of all rooms in the order of arrival, for an export. Only a few are in memory
   * at a time; the store may be written to between two of them.
   */
  *allPosts(): Generator<StoredPost, void, void> {
    const posts = this.#timeline.allPosts();
    for (;;) {
      const next = guarded(this.path, () => posts.next());
      if (next.done) return;
      yield next.value;
    }
  }

  /** Writes everything into the one file and closes it. */
  close(): void {
    guarded(this.path, () => this.#db.close());
  }
}

/** What `make` gives, made at the first call. */
function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => made ??= make();
}
