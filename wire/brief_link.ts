/**
 * What the two ends of a link know of one another's brief posts (wire/brief.ts): the logs by
 * their places, and the last posts in either direction by their numbers. Both ends do the same in
 * the same order, so that nothing is agreed on beside the posts themselves.
 *
 * All of it is bounded: the oldest place is taken again, the oldest number forgotten. A reader that
 * does not know what is meant says so and is sent the whole post; numbers are never used twice, so
 * that what is not known is never taken for something else.
 */

import type { BriefLog, BriefPost, BriefReference } from "./brief.ts";
import { MalformedError } from "./cbor.ts";
import type { PostId, RoomId } from "./ids.ts";
import { wireLimits } from "./limits_wire.ts";
import type { Post, PostFields } from "./post.ts";

const { briefLogsMax, briefPostsMax } = wireLimits;

/** Where a log stood at its last brief post. */
interface Place {
  /** Whose log; `room` is `null` where it was named by a place that is not known. */
  readonly log: Omit<BriefLog, "room"> & { readonly room: RoomId | null };
  seq: number;
  ms: number;
  /** The id of that post, where it is known. */
  id: PostId | null;
}

/** The posts that have gone in one direction, by number and by id: the last so many. */
class Numbered {
  /** Of the next post. */
  next = 0;
  readonly #ids: (PostId | null)[] = [];
  readonly #numbers = new Map<PostId, number>();

  get size(): number {
    return this.#numbers.size;
  }

  /** Gives the next number; the id may be told later. */
  add(id: PostId | null): number {
    const number = this.next++;
    const at = number % briefPostsMax;
    const old = this.#ids[at] ?? null;
    if (old !== null && this.#numbers.get(old) === number - briefPostsMax) {
      this.#numbers.delete(old);
    }
    this.#ids[at] = null;
    if (id !== null) this.name(number, id);
    return number;
  }

  name(number: number, id: PostId): void {
    this.#ids[number % briefPostsMax] = id;
    this.#numbers.set(id, number);
  }

  idOf(number: number): PostId | null {
    if (number < 0 || number >= this.next || number < this.next - briefPostsMax) return null;
    return this.#ids[number % briefPostsMax] ?? null;
  }

  numberOf(id: PostId): number | undefined {
    return this.#numbers.get(id);
  }

  /** Forgets which number a post has; what a number stands for is still known. */
  forgetNumbers(): void {
    this.#numbers.clear();
  }

  /** The last so many were none. */
  undo(posts: number): void {
    for (let i = 0; i < posts; i++) this.#ids[--this.next % briefPostsMax] = null;
    this.#numbers.clear();
  }
}

/** The places of logs; the oldest is taken again. */
class Places {
  readonly #places: Place[] = [];
  #next = 0;

  get size(): number {
    return this.#places.length;
  }

  at(place: number): Place | undefined {
    return this.#places[place];
  }

  /** Puts a log at the next place; returns which, and what was there. */
  put(entry: Place): { readonly place: number; readonly old: Place | undefined } {
    const place = this.#next;
    this.#next = (place + 1) % briefLogsMax;
    const old = this.#places[place];
    this.#places[place] = entry;
    return { place, old };
  }

  clear(): void {
    this.#places.length = 0;
    this.#next = 0;
  }
}

/** A post to be sent, with its way. */
export interface OutgoingPost {
  readonly post: Post;
  /** Links that it will have come over at the receiver. */
  readonly hops: number;
  readonly wide: boolean;
}

/** What has gone in one direction. */
export interface BriefPast {
  /** The post of a number; `null` if it is forgotten. */
  idOf(number: number): PostId | null;
}

/** Makes posts brief, for one link. */
export class BriefWriter implements BriefPast {
  readonly #sent = new Numbered();
  readonly #places = new Places();
  readonly #placeOf = new Map<string, number>();
  #anew = false;

  /** Posts and logs that are remembered. */
  get sizes(): { readonly posts: number; readonly logs: number } {
    return { posts: this.#sent.size, logs: this.#places.size };
  }

  /** Whether the next message begins anew; asked once for each. */
  takeAnew(): boolean {
    const anew = this.#anew;
    this.#anew = false;
    return anew;
  }

  /** The post of a number; `null` if it is forgotten. */
  idOf(number: number): PostId | null {
    return this.#sent.idOf(number);
  }

  /** The other side has lost the thread: the next message begins anew. */
  restart(): void {
    this.#sent.forgetNumbers();
    this.#places.clear();
    this.#placeOf.clear();
    this.#anew = true;
  }

  /** The last so many posts were not sent after all. */
  undo(posts: number): void {
    this.#sent.undo(posts);
    this.restart();
  }

  /**
   * Makes one post brief; it has to be sent, before any that is made brief after it.
   *
   * @param outgoing The post.
   * @param heard What has come over the link.
   */
  write({ post, hops, wide }: OutgoingPost, heard: BriefReader): BriefPost {
    const { kind, room, author, log, seq, time, body, signature } = post;
    const key = room + author + log;
    const known = this.#placeOf.get(key);
    const place = known === undefined ? undefined : this.#places.at(known);
    // What does not go on where its log stands is written as if the log were new.
    const goesOn = place !== undefined && seq > place.seq && time.ms >= place.ms;
    const refer = (id: PostId) => this.#refer(id, heard);
    const heads = post.heads.map(refer);
    const isNext = goesOn && place.id === post.previous;
    const previous = post.previous === null || isNext ? null : refer(post.previous);
    this.#sent.add(post.id);
    const rest = { kind, previous, counter: time.counter, heads, body, signature, hops, wide };
    if (goesOn) {
      const step = seq - place.seq;
      const ms = time.ms - place.ms;
      Object.assign(place, { seq, ms: time.ms, id: post.id });
      return { log: known!, step, ms, ...rest };
    }
    const named = this.#introduce(post, key);
    return { log: named, step: seq, ms: time.ms, ...rest };
  }

  #introduce({ room, author, log, seq, time, id }: Post, key: string): BriefLog {
    const same = this.#sameRoom(room);
    const entry = { log: { room, author, log }, seq, ms: time.ms, id };
    const { place, old } = this.#places.put(entry);
    if (old !== undefined) {
      const oldKey = `${old.log.room}${old.log.author}${old.log.log}`;
      if (this.#placeOf.get(oldKey) === place) this.#placeOf.delete(oldKey);
    }
    this.#placeOf.set(key, place);
    return { room: same ?? room, author, log };
  }

  /** The place of some log of a room: the last ones are the likeliest. */
  #sameRoom(room: RoomId): number | null {
    for (let place = Math.min(this.#places.size, 8) - 1; place >= 0; place--) {
      if (this.#places.at(place)?.log.room === room) return place;
    }
    return null;
  }

  #refer(id: PostId, heard: BriefReader): BriefReference {
    const sent = this.#sent.numberOf(id);
    if (sent !== undefined) return 2 * (this.#sent.next - sent - 1);
    const number = heard.recentNumberOf(id);
    return number === undefined ? id : 2 * number + 1;
  }
}

/** A brief post that was read. */
export interface BriefReading {
  /** Its number on the link. */
  readonly number: number;
  /** Where it belongs; `null` if its log is not known. */
  readonly room: RoomId | null;
  /** What was signed; `null` if the post refers to something that is not known. */
  readonly fields: PostFields | null;
}

/** Reads brief posts, of one link. */
export class BriefReader implements BriefPast {
  readonly #heard = new Numbered();
  readonly #places = new Places();
  /** The log of the post that was read last. */
  #current: Place | null = null;

  /** Posts and logs that are remembered. */
  get sizes(): { readonly posts: number; readonly logs: number } {
    return { posts: this.#heard.size, logs: this.#places.size };
  }

  /** The sender begins anew. */
  restart(): void {
    this.#places.clear();
  }

  /** The post of a number; `null` if it is forgotten, or was none that could be read. */
  idOf(number: number): PostId | null {
    return this.#heard.idOf(number);
  }

  /**
   * Reads one post; all that come have to be read, in their order.
   *
   * @param brief As it came.
   * @param sent What has gone over the link.
   * @throws {MalformedError} If what it says can be said of no post.
   */
  read(brief: BriefPost, sent: BriefPast): BriefReading {
    const known = this.#placeOf(brief.log);
    const refer = (named: BriefReference) => this.#post(named, sent);
    const heads = brief.heads.map(refer);
    const isFirst = brief.step === 1 && typeof brief.log !== "number";
    const previous = brief.previous !== null
      ? refer(brief.previous)
      : isFirst
      ? null
      : known?.id ?? null;
    const number = this.#heard.add(null);
    this.#current = known;
    if (known === null) return { number, room: null, fields: null };
    known.seq += brief.step;
    known.ms += brief.ms;
    if (known.seq > Number.MAX_SAFE_INTEGER || known.ms >= 2 ** 48) {
      throw new MalformedError("brief place");
    }
    known.id = null;
    const { room } = known.log;
    const isWhole = heads.every((head) => head !== null) && (previous !== null) !== isFirst;
    if (!isWhole || room === null) return { number, room, fields: null };
    const { kind, counter, body } = brief;
    const { seq, ms } = known;
    const time = { ms, counter };
    return {
      number,
      room,
      fields: { ...known.log, room, kind, seq, previous, time, heads: heads as PostId[], body },
    };
  }

  /** Tells the id of the post that was read last; others may refer to it from now on. */
  name(id: PostId): void {
    this.#heard.name(this.#heard.next - 1, id);
    if (this.#current !== null) this.#current.id = id;
  }

  /** The number of a post that came, if the sender has not forgotten it while this is on its way. */
  recentNumberOf(id: PostId): number | undefined {
    const number = this.#heard.numberOf(id);
    const isRecent = number !== undefined && number >= this.#heard.next - briefPostsMax / 4;
    return isRecent ? number : undefined;
  }

  #placeOf(log: BriefPost["log"]): Place | null {
    if (typeof log === "number") return this.#places.at(log) ?? null;
    const room = typeof log.room === "number"
      ? this.#places.at(log.room)?.log.room ?? null
      : log.room;
    const entry: Place = { log: { ...log, room }, seq: 0, ms: 0, id: null };
    this.#places.put(entry);
    return entry;
  }

  #post(named: BriefReference, sent: BriefPast): PostId | null {
    if (typeof named !== "number") return named;
    const n = Math.floor(named / 2);
    return named % 2 === 0 ? this.#heard.idOf(this.#heard.next - 1 - n) : sent.idOf(n);
  }
}
