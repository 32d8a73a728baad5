/**
 * A store of posts in memory: the slow twin of `SqliteStore`, and the store of the simulator.
 * It keeps the arrivals in order and little else, and answers by looking at all of them, so
 * that what it says is plain to see. One test body runs over both (store_contract.ts).
 */

import { isShown, type PostStore, type StoredPage, type StoredPost } from "../../io/store/store.ts";
import type { Arrival, ReceiptChange } from "../../peer/action.ts";
import type { Holding, KeptHolder, KeptReceipts, SequencedPost } from "../../peer/ports.ts";
import { MalformedError } from "../../wire/cbor.ts";
import type { LogId, PeerId, PostId, RoomId } from "../../wire/ids.ts";
import {
  comparePosts,
  compareTimes,
  type LogicalTime,
  type Post,
  postKind,
  type SignedPost,
} from "../../wire/post.ts";
import { decodeBody } from "../../wire/post_body.ts";
import type { Letter, LetterReader, StoredLetter } from "../../peer/letter.ts";

/** A post, and the letter in it where it is ours or for us. */
type KeptPost = Omit<StoredPost, "withdrawn"> & { readonly letter: Letter | null };

/** One call of `append` as far as it brought anything new, or of `keepReceipts`. */
interface Write {
  readonly posts: readonly KeptPost[];
  readonly newLog: LogId | null;
  readonly receipts?: { readonly room: RoomId; readonly change: ReceiptChange };
  /** Survives a loss of power. */
  readonly isSynced: boolean;
}

/** The posts of one log. */
interface HeldLog {
  readonly author: PeerId;
  readonly log: LogId;
  /** By sequence; more than one post for a fork, the lower id first. */
  readonly posts: Map<number, Post[]>;
  /** All of 1 to this are held. */
  top: number;
}

/** Keeps posts in memory. */
export class MemoryStore implements PostStore, LetterReader {
  /** The store itself: it has no parts. */
  readonly correspondence: LetterReader = this;
  readonly #writes: Write[] = [];
  readonly #byId = new Map<PostId, KeptPost>();
  readonly #byRoom = new Map<RoomId, Post[]>();
  readonly #logs = new Map<RoomId, Map<string, HeldLog>>();
  readonly #withdrawals = new Set<string>();
  readonly #times = new Map<PeerId, LogicalTime>();
  readonly #words = new Map<RoomId, Map<PeerId, SignedPost>>();
  readonly #holders = new Map<RoomId, Map<string, KeptHolder>>();
  #log: LogId | null = null;
  #synced = 0;

  /** Calls of `append` and `keepReceipts` so far: a point to go back to with {@linkcode MemoryStore.clone}. */
  get writes(): number {
    return this.#writes.length;
  }

  /** How many of them a loss of power leaves at least. */
  get synced(): number {
    return this.#synced;
  }

  /** The log that `append` was told of last, or `null`. */
  get log(): LogId | null {
    return this.#log;
  }

  /**
   * A store of its own with the first writes of this one: all of them after a crash of the
   * program, any number from {@linkcode MemoryStore.synced} on after a loss of power.
   */
  clone(writes: number = this.writes): MemoryStore {
    const copy = new MemoryStore();
    for (const write of this.#writes.slice(0, writes)) copy.#keep(write);
    return copy;
  }

  append(arrivals: readonly Arrival[], newLog: LogId | null, wallMs: number): void {
    const isProbe = arrivals.length === 0;
    const isSynced = isProbe || newLog !== null || arrivals.some(({ origin }) => origin === "own");
    const fresh = new Map(
      arrivals.filter(({ post }) => !this.has(post.id)).reverse()
        .map(({ post, origin, kept }) => {
          const letter = kept?.type === "letter" ? kept.letter : null;
          return [post.id, { post, origin, arrivedMs: wallMs, letter }];
        }),
    );
    const posts = [...fresh.values()].reverse();
    this.#keep({ posts, newLog, isSynced });
  }

  #keep(write: Write): void {
    this.#writes.push(write);
    if (write.isSynced) this.#synced = this.#writes.length;
    this.#log = write.newLog ?? this.#log;
    if (write.receipts !== undefined) this.#keepReceipts(write.receipts);
    for (const stored of write.posts) {
      const { post } = stored;
      this.#byId.set(post.id, stored);
      const room = this.#byRoom.get(post.room) ?? [];
      room.push(post);
      this.#byRoom.set(post.room, room);
      this.#hold(post);
      const target = targetOf(post);
      if (target !== null) this.#withdrawals.add(`${target} ${post.author} ${post.room}`);
      const last = this.lastTime(post.author);
      if (last === null || compareTimes(post.time, last) > 0) {
        this.#times.set(post.author, post.time);
      }
    }
  }

  keepReceipts(room: RoomId, change: ReceiptChange): void {
    if (!this.#byRoom.has(room)) return;
    this.#keep({ posts: [], newLog: null, isSynced: false, receipts: { room, change } });
  }

  #keepReceipts({ room, change: { words, gone, holders } }: NonNullable<Write["receipts"]>): void {
    const byAuthor = this.#words.get(room) ?? new Map<PeerId, SignedPost>();
    this.#words.set(room, byAuthor);
    for (const author of gone) byAuthor.delete(author);
    for (const { author, signed, signature } of words) byAuthor.set(author, { signed, signature });
    const byPlace = this.#holders.get(room) ?? new Map<string, KeptHolder>();
    this.#holders.set(room, byPlace);
    for (const holder of holders) {
      const place = `${holder.log} ${holder.peer}`;
      if (holder.ranges.length === 0) byPlace.delete(place);
      else byPlace.set(place, holder);
    }
  }

  receipts(room: RoomId): KeptReceipts {
    const inOrder = <T>(rows: ReadonlyMap<string, T> | undefined) =>
      [...rows ?? []].sort(([a], [b]) => a < b ? -1 : 1).map(([, row]) => row);
    return { words: inOrder(this.#words.get(room)), holders: inOrder(this.#holders.get(room)) };
  }

  #hold(post: Post): void {
    const logs = this.#logs.get(post.room) ?? new Map<string, HeldLog>();
    this.#logs.set(post.room, logs);
    const key = `${post.author} ${post.log}`;
    const held = logs.get(key) ??
      { author: post.author, log: post.log, posts: new Map<number, Post[]>(), top: 0 };
    logs.set(key, held);
    const branches = [...held.posts.get(post.seq) ?? [], post];
    held.posts.set(post.seq, branches.sort((a, b) => a.id < b.id ? -1 : 1));
    while (held.posts.has(held.top + 1)) held.top++;
  }

  has(id: PostId): boolean {
    return this.#byId.has(id);
  }

  isWithdrawn(id: PostId): boolean {
    return this.stored(id)?.withdrawn ?? false;
  }

  get(id: PostId): SignedPost | null {
    const stored = this.#byId.get(id);
    return stored === undefined ? null : envelope(stored.post);
  }

  range(
    room: RoomId,
    author: PeerId,
    log: LogId,
    from: number,
    to: number,
    bytesMax: number,
  ): SequencedPost[] {
    const held = this.#logs.get(room)?.get(`${author} ${log}`)?.posts ?? new Map<number, Post[]>();
    const wanted = from === to
      ? [from].filter((seq) => held.has(seq))
      : [...held.keys()].filter((seq) => seq >= from && seq <= to).sort((a, b) => b - a);
    const given: SequencedPost[] = [];
    let bytes = 0;
    for (const seq of wanted) {
      const branches = held.get(seq)!;
      const before = given.length;
      for (const post of branches) {
        bytes += post.signed.length + post.signature.length;
        if (bytes > bytesMax && given.length > 0) {
          return before > 0 ? given.slice(0, before) : given;
        }
        given.push({ seq, ...envelope(post) });
      }
    }
    return given;
  }

  frontier(room: RoomId): Holding[] {
    const logs = [...this.#logs.get(room)?.values() ?? []];
    return logs
      .sort((a, b) => a.author + a.log < b.author + b.log ? -1 : 1)
      .map(({ author, log, posts, top }) => {
        const above: [number, number][] = [];
        for (const seq of [...posts.keys()].filter((seq) => seq > top).sort((a, b) => a - b)) {
          const last = above.at(-1);
          if (last !== undefined && last[1] === seq - 1) last[1] = seq;
          else above.push([seq, seq]);
        }
        const latestMs = Math.max(...[...posts.values()].flat().map(({ time }) => time.ms));
        return { author, log, top, topId: posts.get(top)?.[0]?.id ?? null, above, latestMs };
      });
  }

  /** It never removes anything. */
  floor(): null {
    return null;
  }

  forks(room: RoomId): { author: PeerId; log: LogId; seq: number }[] {
    const logs = [...this.#logs.get(room)?.values() ?? []];
    return logs.sort((a, b) => a.author + a.log < b.author + b.log ? -1 : 1)
      .flatMap(({ author, log, posts }) =>
        [...posts].filter(([, branches]) => branches.length > 1)
          .map(([seq]) => ({ author, log, seq })).sort((a, b) => a.seq - b.seq)
      );
  }

  newest(room: RoomId, count: number): SignedPost[] {
    return this.#inOrder(room).reverse().slice(0, count).map(envelope);
  }

  profiles(room: RoomId): SignedPost[] {
    const newest = new Map<PeerId, Post>();
    for (const post of this.#inOrder(room)) {
      if (post.kind === postKind.profile && !this.#isWithdrawn(post)) newest.set(post.author, post);
    }
    return [...newest.values()].sort((a, b) => a.author < b.author ? -1 : 1).map(envelope);
  }

  acts(room: RoomId, author: PeerId | null): SignedPost[] {
    const { membership, epoch, invite, close, topic, announcement, tombstone } = postKind;
    const done = [membership, epoch, invite, close, topic, announcement, tombstone];
    const kinds: readonly number[] = author === null ? [membership] : done;
    return this.#inOrder(room).filter((post) =>
      kinds.includes(post.kind) && (author === null ? post.seq === 1 : post.author === author)
    ).map(envelope);
  }

  inviteDeeds(room: RoomId, count: number): SignedPost[] {
    return this.#inOrder(room).filter(({ kind }) => kind === postKind.invite).slice(-count)
      .map(envelope);
  }

  topic(room: RoomId): SignedPost | null {
    const topic = this.#inOrder(room).findLast((post) =>
      post.kind === postKind.topic && !this.#isWithdrawn(post)
    );
    return topic === undefined ? null : envelope(topic);
  }

  lastTime(author: PeerId): LogicalTime | null {
    return this.#times.get(author) ?? null;
  }

  stored(id: PostId): StoredPost | null {
    const kept = this.#byId.get(id);
    if (kept === undefined) return null;
    const { letter: _, ...stored } = kept;
    return { ...stored, withdrawn: this.#isWithdrawn(stored.post) };
  }

  timeline(room: RoomId, before: PostId | null, limit: number): StoredPage {
    const all = this.#inOrder(room);
    const end = before === null ? all.length : all.findIndex(({ id }) => id === before);
    const shown = all.slice(0, Math.max(0, end)).filter(({ kind }) => isShown(kind));
    const first = Math.max(0, shown.length - limit);
    return { rows: shown.slice(first).map(({ id }) => this.stored(id)!), more: first > 0 };
  }

  timelineAfter(room: RoomId, after: PostId, limit: number): StoredPage {
    const all = this.#inOrder(room);
    const place = all.findIndex(({ id }) => id === after);
    const shown = place < 0 ? [] : all.slice(place + 1).filter(({ kind }) => isShown(kind));
    const rows = shown.slice(0, limit).map(({ id }) => this.stored(id)!);
    return { rows, more: shown.length > limit };
  }

  letter(id: PostId): StoredLetter | null {
    const kept = this.#byId.get(id);
    return kept === undefined ? null : this.#toLetter(kept);
  }

  letters(
    peer: PeerId,
    before: PostId | null,
    limit: number,
  ): { readonly rows: readonly StoredLetter[]; readonly more: boolean } {
    const all = this.#letters().filter((letter) => letter.peer === peer);
    const end = before === null ? all.length : all.findIndex(({ id }) => id === before);
    const shown = all.slice(0, Math.max(0, end));
    const first = Math.max(0, shown.length - limit);
    return { rows: shown.slice(first), more: first > 0 };
  }

  lettersAfter(
    peer: PeerId,
    after: PostId,
    limit: number,
  ): { readonly rows: readonly StoredLetter[]; readonly more: boolean } {
    const all = this.#letters().filter((letter) => letter.peer === peer);
    const place = all.findIndex(({ id }) => id === after);
    const shown = place < 0 ? [] : all.slice(place + 1);
    return { rows: shown.slice(0, limit), more: shown.length > limit };
  }

  correspondents(limit: number): StoredLetter[] {
    const all = this.#letters();
    const latest = new Map(all.map((letter) => [letter.peer, letter.time.ms]));
    return [...latest].sort(([, a], [, b]) => b - a).slice(0, limit)
      .map(([peer]) => all.find((letter) => letter.peer === peer)!);
  }

  /** In the one order. */
  #letters(): StoredLetter[] {
    return [...this.#byId.values()].map((kept) => this.#toLetter(kept))
      .filter((letter) => letter !== null).sort(comparePosts);
  }

  #toLetter({ post, letter, arrivedMs }: KeptPost): StoredLetter | null {
    const content = letter?.content ?? null;
    if (letter === null || content === null || content.kind === "resend" || letter.isCopy) {
      return null;
    }
    const { id, room, seq, time } = post;
    const isMine = post.author !== letter.peer;
    const withdrawn = this.#isWithdrawn(post);
    return { id, room, peer: letter.peer, isMine, seq, time, arrivedMs, content, withdrawn };
  }

  #inOrder(room: RoomId): Post[] {
    return (this.#byRoom.get(room) ?? []).toSorted(comparePosts);
  }

  #isWithdrawn(post: Post): boolean {
    return this.#withdrawals.has(`${post.id} ${post.author} ${post.room}`);
  }
}

function envelope({ signed, signature }: Post): SignedPost {
  return { signed, signature };
}

function targetOf(post: Post): PostId | null {
  if (post.kind !== postKind.tombstone) return null;
  try {
    const body = decodeBody(post.kind, post.body);
    return body?.kind === "tombstone" ? body.target : null;
  } catch (error) {
    if (error instanceof MalformedError) return null;
    throw error;
  }
}
