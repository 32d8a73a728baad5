/**
 * One open room: what is held of it, where our own log stands, what has been seen last and
 * what it is about. Derived from stored posts alone, so that it can be rebuilt from the store
 * at any time; a failed append is undone that way.
 */

import type { CryptoSuite } from "../wire/crypto_suite.ts";
import type { LogId, PeerId, PostId, RoomId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import type { FrontierEntry } from "../wire/message_entries.ts";
import { comparePosts, decodePost, type LogicalTime } from "../wire/post.ts";
import type { Post } from "../wire/post.ts";
import { Heads } from "./heads.ts";
import { HeldLogs } from "./held_logs.ts";
import { type LogKey, logKey, splitLogKey } from "./log_key.ts";
import type { PostReader } from "./ports.ts";
import type { Range, RangeSet } from "./ranges.ts";
import { firstToForget } from "./strangers_first.ts";

/** The next place in our own log, and what the post there refers to. */
export interface OwnPlace {
  readonly seq: number;
  readonly previous: PostId | null;
  readonly heads: readonly PostId[];
}

/** What one room holds. */
export class Room {
  readonly id: RoomId;
  /** What is held of its logs. */
  readonly held: HeldLogs;
  /** The public name, without `#`. */
  readonly name: string;
  /** What the room is about; empty if nobody has said. */
  topic = "";
  /** A post has been taken back in this run, so that a late one may be among such. */
  hasTombstones = false;
  readonly #me: PeerId;
  readonly #reader: PostReader;
  readonly #crypto: CryptoSuite;
  readonly #limits: Limits;
  readonly #isKnown: (peer: PeerId) => boolean;
  readonly #heads: Heads;
  readonly #heardMs = new Map<PeerId, number>();
  /** The latest time of each log. */
  readonly #latestMs = new Map<LogKey, number>();
  /** The id at the contiguous top of a log, as far as it is known without asking the store. */
  readonly #tops = new Map<LogKey, { readonly seq: number; readonly id: PostId }>();
  /** Up to where some neighbour has removed a log. */
  readonly #goneTo = new Map<LogKey, number>();
  /** Logs of which posts are missing between those that are held. */
  readonly #gappy = new Set<LogKey>();
  #topicTime: { readonly time: LogicalTime; readonly id: PostId } | null = null;
  #log: LogId;
  #seq = 0;
  #previous: PostId | null = null;

  /**
   * @param id The room's id.
   * @param name Its public name.
   * @param me Whose log is the own one.
   * @param log The log under which own posts are numbered.
   * @param reader The stored posts.
   * @param crypto For the ids of stored posts.
   * @param limits The table of limits.
   * @param isKnown Whether a person has named a key: strangers are forgotten before.
   */
  constructor(
    id: RoomId,
    name: string,
    me: PeerId,
    log: LogId,
    reader: PostReader,
    crypto: CryptoSuite,
    limits: Limits,
    isKnown: (peer: PeerId) => boolean = () => false,
  ) {
    this.id = id;
    this.held = new HeldLogs(id);
    this.name = name;
    this.#me = me;
    this.#log = log;
    this.#reader = reader;
    this.#crypto = crypto;
    this.#limits = limits;
    this.#isKnown = isKnown;
    this.#heads = new Heads(limits.headCandidatesMax);
  }

  /**
   * Builds everything from the store, under the given own log; owed once after construction.
   *
   * @param newest The newest stored posts, oldest first, as many as may be heads.
   */
  reload(log: LogId, newest: readonly Post[]): void {
    this.held.clear();
    this.#heads.clear();
    this.#latestMs.clear();
    this.#tops.clear();
    this.#gappy.clear();
    this.forgetTopic();
    for (const holding of this.#reader.frontier(this.id)) {
      const key = logKey(holding.author, holding.log);
      const held = this.held.load(holding);
      this.#latestMs.set(key, holding.latestMs);
      if (held.top < held.greatest) this.#gappy.add(key);
      if (holding.topId !== null) this.#tops.set(key, { seq: holding.top, id: holding.topId });
    }
    for (const post of newest) this.#refer(post);
    for (const stored of this.#reader.profiles(this.id)) {
      const { author, time } = decodePost(stored, this.#crypto);
      this.onHeard(author, time.ms);
    }
    this.startLog(log);
  }

  /** Numbers own posts under `log` from now on. */
  startLog(log: LogId): void {
    this.#log = log;
    this.#seq = this.held.rangesOf(logKey(this.#me, log)).at(-1)?.[1] ?? 0;
    this.#previous = this.#idAt(this.#me, log, this.#seq);
  }

  /** The sequence of the last own post, stored or placed. */
  get ownSeq(): number {
    return this.#seq;
  }

  /** Ranges of the log with the most, and posts that wait to be referred to. */
  get sizes(): { readonly ranges: number; readonly heads: number } {
    let ranges = 0;
    for (const [, held] of this.held.entries) ranges = Math.max(ranges, held.ranges.length);
    return { ranges, heads: this.#heads.size };
  }

  /** Takes the next place in the own log; after a failed append {@linkcode Room.reload} frees it. */
  takePlace(): OwnPlace {
    const heads = this.#heads.take(this.#limits.headsMax);
    this.#seq++;
    return { seq: this.#seq, previous: this.#previous, heads };
  }

  /** Says which post was put in the place taken last. */
  fillPlace(id: PostId): void {
    this.#previous = id;
  }

  /** An own post that is not on disk yet has this place. */
  onPlaced(post: Post): void {
    this.#seq = post.seq;
    this.#previous = post.id;
  }

  /**
   * Takes notice of a post that is on disk.
   *
   * @param post The post.
   * @param nowMs The time; a post from the future was heard now.
   */
  onStored(post: Post, nowMs: number): void {
    const key = logKey(post.author, post.log);
    const held = this.held.of(key);
    const { top } = held;
    held.add(post.seq, post.seq);
    this.#onGrown(key, held, top, post);
    if (post.time.ms > (this.#latestMs.get(key) ?? 0)) this.#latestMs.set(key, post.time.ms);
    this.onHeard(post.author, Math.min(post.time.ms, nowMs));
    this.#refer(post);
  }

  #onGrown(key: LogKey, held: RangeSet, topBefore: number, { seq, id }: Post): void {
    if (held.top < held.greatest) this.#gappy.add(key);
    else this.#gappy.delete(key);
    if (held.top === topBefore && seq !== topBefore) return;
    const known = this.#tops.get(key);
    // Of a fork the lower id stands for both; a top that has jumped is read when it is needed.
    if (seq !== held.top) this.#tops.delete(key);
    else if (topBefore < seq) this.#tops.set(key, { seq, id });
    else if (known?.seq === seq && id < known.id) this.#tops.set(key, { seq, id });
  }

  /** The contiguous top of a log and the id there; `null` if its first post is missing. */
  topOf(key: LogKey): { readonly seq: number; readonly id: PostId } | null {
    const seq = this.held.get(key)?.top ?? 0;
    if (seq === 0) return null;
    const known = this.#tops.get(key);
    if (known?.seq === seq) return known;
    const { author, log } = splitLogKey(key);
    const id = this.#idAt(author, log, seq);
    if (id === null) return null;
    const top = { seq, id };
    this.#tops.set(key, top);
    return top;
  }

  /** Whether posts are missing between those that are held. */
  get hasGaps(): boolean {
    return this.#gappy.size > 0;
  }

  /**
   * How many posts of each author are missing between those that are held.
   *
   * @param isOffered Whether a neighbour can give of a log what another says to have removed.
   */
  missing(isOffered: (key: LogKey) => boolean): Map<PeerId, number> {
    const missing = new Map<PeerId, number>();
    for (const key of this.#gappy) {
      const { author } = splitLogKey(key);
      const held = this.held.get(key)!;
      const goneTo = this.#goneTo.get(key) ?? 0;
      const gone = goneTo === 0 || isOffered(key) ? 0 : Math.min(goneTo, held.greatest);
      const heldThere = held.ranges.reduce(
        (sum, [from, to]) => sum + Math.max(0, Math.min(to, gone) - from + 1),
        0,
      );
      const count = held.greatest - held.count - (gone - heldThere);
      if (count > 0) missing.set(author, (missing.get(author) ?? 0) + count);
    }
    return missing;
  }

  /**
   * A neighbour has removed the beginning of a log. What is missing there is asked of others all
   * the same, but is no gap to tell of unless another offers it: perhaps nobody has it any more.
   */
  onGone(key: LogKey, seq: number): void {
    const known = this.#goneTo.get(key);
    if (known === undefined && this.#goneTo.size >= this.#limits.missingLogsMax) return;
    this.#goneTo.set(key, Math.max(seq, known ?? 0));
  }

  /** The topic is to be read anew. */
  forgetTopic(): void {
    this.topic = "";
    this.#topicTime = null;
  }

  /** Takes the text of a topic post; says whether it is the newest. */
  onTopic(post: { readonly time: LogicalTime; readonly id: PostId }, text: string): boolean {
    if (this.#topicTime !== null && comparePosts(post, this.#topicTime) < 0) return false;
    this.#topicTime = { time: post.time, id: post.id };
    this.topic = text;
    return true;
  }

  /** Somebody was here or said something at this time. */
  onHeard(peer: PeerId, ms: number): void {
    const known = this.#heardMs.get(peer);
    if (known !== undefined && known >= ms) return;
    this.#heardMs.delete(peer);
    this.#heardMs.set(peer, ms);
    if (this.#heardMs.size > this.#limits.presentMax) {
      this.#heardMs.delete(firstToForget(this.#heardMs.keys(), this.#isKnown));
    }
  }

  /** When somebody was last heard of here; `null` if never. */
  heardMs(peer: PeerId): number | null {
    return this.#heardMs.get(peer) ?? null;
  }

  /** Others who were heard of lately: who counts in receipts. */
  members(nowMs: number): number {
    let count = 0;
    for (const [peer, ms] of this.#heardMs) {
      if (peer !== this.#me && ms >= nowMs - this.#limits.memberMs) count++;
    }
    return Math.min(count, this.#limits.receiptHoldersMax);
  }

  /** All logs of which something is held. */
  get logs(): Iterable<LogKey> {
    return this.held.keys;
  }

  /**
   * What a receipt says: the highest ranges held of the logs of others who were heard of
   * lately, those in which something was said last.
   */
  receiptLogs(nowMs: number): { readonly key: LogKey; readonly ranges: readonly Range[] }[] {
    const { receiptActiveMs, receiptLogsMax, receiptRangesMax } = this.#limits;
    const logs: { key: LogKey; ms: number; ranges: readonly Range[] }[] = [];
    for (const [key, { ranges }] of this.held.entries) {
      const { author } = splitLogKey(key);
      if (author === this.#me || (this.#heardMs.get(author) ?? 0) < nowMs - receiptActiveMs) {
        continue;
      }
      logs.push({ key, ms: this.#latestMs.get(key) ?? 0, ranges });
    }
    return logs.sort((a, b) => b.ms - a.ms).slice(0, receiptLogsMax)
      .map(({ key, ranges }) => ({ key, ranges: ranges.slice(-receiptRangesMax) }));
  }

  /** The entries of a frontier for the named logs. */
  statement(keys: readonly LogKey[]): FrontierEntry[] {
    return keys.flatMap((key) => {
      const held = this.held.get(key);
      if (held === undefined) return [];
      const { author, log } = splitLogKey(key);
      const top = held.top;
      const above = top > 0 ? held.ranges.slice(1) : held.ranges;
      return [{
        author,
        log,
        top,
        topId: this.topOf(key)?.id ?? null,
        above: above.slice(-this.#limits.rangesAboveMax),
      }];
    });
  }

  #refer(post: Post): void {
    this.#heads.onReferred(post);
    if (post.author !== this.#me) this.#heads.add(post);
  }

  #idAt(author: PeerId, log: LogId, seq: number): PostId | null {
    if (seq === 0) return null;
    const [stored] = this.#reader.range(this.id, author, log, seq, seq, 1);
    if (stored !== undefined) return decodePost(stored, this.#crypto).id;
    const floor = this.#reader.floor(this.id, logKey(author, log));
    return floor?.seq === seq ? floor.id : null;
  }
}
