/**
 * The forks of one room: places in a log at which two different posts stand, because a key is
 * used in two places at once, was stolen, or went back to an old copy of itself. All branches
 * are kept; what a neighbour must be told to notice that it lacks one are their ends.
 *
 * An end is a post at a forked place that no stored post names as the one before it. Whoever
 * holds the same posts finds the same ends, in whatever order they came.
 */

import type { CryptoSuite } from "../wire/crypto_suite.ts";
import type { LogId, PeerId, PostId, RoomId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import { decodePost, type Post } from "../wire/post.ts";
import { type LogKey, logKey, splitLogKey } from "./log_key.ts";
import type { PostReader } from "./ports.ts";

/** The end of a branch. */
export interface BranchEnd {
  readonly seq: number;
  readonly id: PostId;
}

interface ForkedLog {
  /** The posts at each forked place. */
  readonly places: Map<number, readonly PostId[]>;
  /** Posts there that others name as the one before them. */
  readonly parents: Set<PostId>;
}

/** What is in conflict in one room. */
export class Forks {
  readonly #room: RoomId;
  readonly #reader: PostReader;
  readonly #crypto: CryptoSuite;
  readonly #limits: Limits;
  readonly #logs = new Map<LogKey, ForkedLog>();
  readonly #told = new Set<LogKey>();
  #places = 0;

  /**
   * @param room The room.
   * @param reader The stored posts.
   * @param crypto For the ids of stored posts.
   * @param limits The table of limits.
   */
  constructor(room: RoomId, reader: PostReader, crypto: CryptoSuite, limits: Limits) {
    this.#room = room;
    this.#reader = reader;
    this.#crypto = crypto;
    this.#limits = limits;
  }

  /** How many forked places are known. */
  get places(): number {
    return this.#places;
  }

  /** Whether two posts of an author have been seen at one place. */
  hasForked(author: PeerId): boolean {
    return [...this.#logs.keys()].some((key) => splitLogKey(key).author === author);
  }

  /** Whether people are to be told that a log has forked: once in a run. */
  tellOnce(key: LogKey): boolean {
    if (this.#told.has(key)) return false;
    this.#told.add(key);
    return true;
  }

  /** Builds everything from the store. */
  reload(): void {
    this.#logs.clear();
    this.#places = 0;
    for (const { author, log, seq } of this.#reader.forks(this.#room)) {
      this.#add(logKey(author, log), seq);
    }
  }

  /**
   * Whether a post may join others at its place: it goes on from the end of a branch or leads to
   * one, or the log has few branches yet.
   *
   * @param isHeld Whether a post at its place is on disk.
   * @param pendingAt Posts of its log at a place that are on their way there.
   */
  mayJoin(
    post: Post,
    isHeld = true,
    pendingAt: (seq: number) => readonly Post[] = () => [],
  ): boolean {
    const key = logKey(post.author, post.log);
    const { branchesMax } = this.#limits;
    const pending = pendingAt(post.seq);
    const held = this.#logs.get(key)?.places.get(post.seq)?.length ?? (isHeld ? 1 : 0);
    if (held + pending.length >= branchesMax) return false;
    const ends = this.ends(key);
    if (ends.length + pending.length < branchesMax) return true;
    const leadsTo = ({ previous }: Post) => previous === post.id;
    if (pendingAt(post.seq + 1).some(leadsTo)) return true;
    if (this.#at(key, post.seq + 1).some(leadsTo)) return true;
    // Of two that go on from the same end the second is a new branch.
    const isBeside = ({ previous }: Post) => previous === post.previous;
    if (pending.some(isBeside)) return false;
    if (ends.some(({ id }) => id === post.previous)) return true;
    // A branch that comes with this batch goes on in it; it is no end as long as it is not on disk.
    return pendingAt(post.seq - 1).some(({ id }) => id === post.previous) &&
      !this.#at(key, post.seq).some(isBeside);
  }

  /**
   * A post is on disk.
   *
   * @param joins Whether another was held at its place before.
   * @returns The posts at its place, if it is a fork that was not known.
   */
  onStored(post: Post, joins: boolean): readonly PostId[] | null {
    const key = logKey(post.author, post.log);
    const log = this.#logs.get(key);
    if (post.previous !== null && log?.places.has(post.seq - 1)) log.parents.add(post.previous);
    if (!joins) return null;
    const isNew = !log?.places.has(post.seq);
    const ids = this.#add(key, post.seq);
    return isNew && ids.length > 1 ? ids : null;
  }

  /** The ends of the branches of a log, the newest first; none if it has no fork. */
  ends(key: LogKey): BranchEnd[] {
    const log = this.#logs.get(key);
    if (log === undefined) return [];
    const ends: BranchEnd[] = [];
    for (const [seq, ids] of log.places) {
      for (const id of ids) if (!log.parents.has(id)) ends.push({ seq, id });
    }
    return ends.sort((a, b) => b.seq - a.seq || (a.id < b.id ? -1 : 1));
  }

  /** Takes a place into memory; of too many it is only stored. */
  #add(key: LogKey, seq: number): readonly PostId[] {
    const here = this.#at(key, seq);
    const ids = here.map(({ id }) => id);
    let log = this.#logs.get(key);
    if (ids.length < 2) return ids;
    if (!log?.places.has(seq)) {
      if (this.#places >= this.#limits.forkPlacesMax) return ids;
      this.#places++;
    }
    if (log === undefined) this.#logs.set(key, log = { places: new Map(), parents: new Set() });
    log.places.set(seq, ids);
    for (const { previous } of this.#at(key, seq + 1)) {
      if (previous !== null) log.parents.add(previous);
    }
    for (const { previous } of here) {
      if (previous !== null && log.places.has(seq - 1)) log.parents.add(previous);
    }
    return ids;
  }

  #at(key: LogKey, seq: number): Post[] {
    const { author, log }: { author: PeerId; log: LogId } = splitLogKey(key);
    return this.#reader.range(this.#room, author, log, seq, seq, Infinity)
      .map((envelope) => decodePost(envelope, this.#crypto));
  }
}
