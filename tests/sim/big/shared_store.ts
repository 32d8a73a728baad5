/**
 * The disks of thousands of peers: each post is kept once for all of them, and a peer has one
 * bit for each. It answers as MemoryStore does, by looking at what the room has, but does not
 * know posts that are taken back, which nobody here does, nor losses of power.
 */

import type { Arrival } from "../../../peer/action.ts";
import { logKey } from "../../../peer/log_key.ts";
import type { Holding, KeptReceipts, PostReader, SequencedPost } from "../../../peer/ports.ts";
import type { LogId, PeerId, PostId, RoomId } from "../../../wire/ids.ts";
import {
  comparePosts,
  compareTimes,
  type LogicalTime,
  type Post,
  type SignedPost,
} from "../../../wire/post.ts";

/** The posts of one log, whoever holds them. */
interface SharedLog {
  readonly author: PeerId;
  readonly log: LogId;
  /** Numbers of posts by sequence; more than one for a fork. */
  readonly bySeq: Map<number, number[]>;
}

/** All posts of a simulation. */
export class Library {
  readonly #posts: Post[] = [];
  readonly #numbers = new Map<PostId, number>();
  readonly #rooms = new Map<RoomId, Map<string, SharedLog>>();

  /** The number of a post, which it gets when somebody stores it first. */
  add(post: Post): number {
    const known = this.#numbers.get(post.id);
    if (known !== undefined) return known;
    const number = this.#posts.length;
    // Copies: what arrives is a view into a frame, which must not be kept.
    const { signed, signature, body } = post;
    this.#posts.push({
      ...post,
      signed: signed.slice(),
      signature: signature.slice(),
      body: body.slice(),
    });
    this.#numbers.set(post.id, number);
    const logs = this.#rooms.get(post.room) ?? new Map<string, SharedLog>();
    this.#rooms.set(post.room, logs);
    const key = logKey(post.author, post.log);
    const log = logs.get(key) ?? { author: post.author, log: post.log, bySeq: new Map() };
    logs.set(key, log);
    log.bySeq.set(post.seq, [...log.bySeq.get(post.seq) ?? [], number]);
    return number;
  }

  /** The number of a post, or -1 if nobody holds it. */
  numberOf(id: PostId): number {
    return this.#numbers.get(id) ?? -1;
  }

  /** The post with a number. */
  post(number: number): Post {
    return this.#posts[number]!;
  }

  /** How many posts there are. */
  get size(): number {
    return this.#posts.length;
  }

  /** All logs of a room. */
  logs(room: RoomId): Iterable<SharedLog> {
    return this.#rooms.get(room)?.values() ?? [];
  }

  /** The numbers of the posts of one log. */
  log(room: RoomId, author: PeerId, log: LogId): ReadonlyMap<number, readonly number[]> {
    return this.#rooms.get(room)?.get(logKey(author, log))?.bySeq ?? new Map();
  }
}

/** What one peer holds of a library. */
export class SharedStore implements PostReader {
  readonly #library: Library;
  readonly #profile: Post | null;
  #bits = new Uint8Array(16);

  /**
   * @param library Where the posts are.
   * @param profile The peer's own name, as if it had been posted long ago and forgotten by
   * everybody else: so that not all of thousands begin with a post. `null` if there is none.
   */
  constructor(library: Library, profile: Post | null) {
    this.#library = library;
    this.#profile = profile;
  }

  /** Stores posts; gives the numbers of those that are new. */
  append(arrivals: readonly Arrival[]): number[] {
    return arrivals.flatMap(({ post }) => {
      const number = this.#library.add(post);
      if (this.holds(number)) return [];
      if (number >> 3 >= this.#bits.length) {
        const longer = new Uint8Array(2 * (number >> 3) + 1);
        longer.set(this.#bits);
        this.#bits = longer;
      }
      this.#bits[number >> 3]! |= 1 << (number & 7);
      return [number];
    });
  }

  /** Whether the post with this number of the library is stored. */
  holds(number: number): boolean {
    return number >= 0 && ((this.#bits[number >> 3] ?? 0) >> (number & 7) & 1) === 1;
  }

  has(id: PostId): boolean {
    return this.holds(this.#library.numberOf(id));
  }

  isWithdrawn(_id: PostId): boolean {
    return false;
  }

  get(id: PostId): SignedPost | null {
    const number = this.#library.numberOf(id);
    return this.holds(number) ? envelope(this.#library.post(number)) : null;
  }

  range(
    room: RoomId,
    author: PeerId,
    log: LogId,
    from: number,
    to: number,
    bytesMax: number,
  ): SequencedPost[] {
    const bySeq = this.#library.log(room, author, log);
    const wanted = from === to
      ? [from]
      : [...bySeq.keys()].filter((seq) => seq >= from && seq <= to).sort((a, b) => b - a);
    const given: SequencedPost[] = [];
    let bytes = 0;
    for (const seq of wanted) {
      for (const number of bySeq.get(seq) ?? []) {
        if (!this.holds(number)) continue;
        const post = this.#library.post(number);
        bytes += post.signed.length + post.signature.length;
        if (bytes > bytesMax && given.length > 0) return given;
        given.push({ seq, ...envelope(post) });
      }
    }
    return given;
  }

  frontier(room: RoomId): Holding[] {
    const holdings: Holding[] = [];
    for (const { author, log, bySeq } of this.#library.logs(room)) {
      const held = [...bySeq.keys()].filter((seq) => this.#heldAt(bySeq, seq) !== null)
        .sort((a, b) => a - b);
      if (held.length === 0) continue;
      const gap = held.findIndex((seq, i) => seq !== i + 1);
      const top = gap < 0 ? held.length : gap;
      const above: [number, number][] = [];
      for (const seq of held.slice(top)) {
        const last = above.at(-1);
        if (last !== undefined && last[1] === seq - 1) last[1] = seq;
        else above.push([seq, seq]);
      }
      const topId = this.#heldAt(bySeq, top)?.id ?? null;
      const latestMs = this.#heldAt(bySeq, held.at(-1)!)!.time.ms;
      holdings.push({ author, log, top, topId, above, latestMs });
    }
    return holdings;
  }

  floor(): null {
    return null;
  }

  forks(): [] {
    return [];
  }

  newest(room: RoomId, count: number): SignedPost[] {
    return this.#held(room).sort((a, b) => comparePosts(b, a)).slice(0, count).map(envelope);
  }

  profiles(room: RoomId): SignedPost[] {
    return this.#profile?.room === room ? [envelope(this.#profile)] : [];
  }

  acts(_room: RoomId): SignedPost[] {
    return [];
  }

  inviteDeeds(_room: RoomId): SignedPost[] {
    return [];
  }

  topic(_room: RoomId): SignedPost | null {
    return null;
  }

  receipts(_room: RoomId): KeptReceipts {
    return { words: [], holders: [] };
  }

  lastTime(author: PeerId): LogicalTime | null {
    let last = this.#profile?.author === author ? this.#profile.time : null;
    for (let number = 0; number < this.#library.size; number++) {
      if (!this.holds(number)) continue;
      const post = this.#library.post(number);
      const later = post.author === author && (last === null || compareTimes(post.time, last) > 0);
      if (later) last = post.time;
    }
    return last;
  }

  #held(room: RoomId): Post[] {
    const posts: Post[] = [];
    for (const { bySeq } of this.#library.logs(room)) {
      for (const numbers of bySeq.values()) {
        for (const number of numbers) {
          if (this.holds(number)) posts.push(this.#library.post(number));
        }
      }
    }
    return posts;
  }

  #heldAt(bySeq: ReadonlyMap<number, readonly number[]>, seq: number): Post | null {
    const number = bySeq.get(seq)?.find((number) => this.holds(number));
    return number === undefined ? null : this.#library.post(number);
  }
}

function envelope({ signed, signature }: Post): SignedPost {
  return { signed, signature };
}
