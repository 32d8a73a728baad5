/**
 * The asking half of history: what neighbours hold that we lack, and the request that is in
 * flight to each of them, or two small ones.
 *
 * A neighbour states its frontier at the start of a link and states single logs again when
 * they have grown in a way that gossip does not show. From statement and own holdings follow
 * the missing ranges; they are asked for newest first, in small portions of many logs, so
 * that the authors take turns. A range wanted from one neighbour is not asked of another as long
 * as it comes; a log of which a neighbour sends nothing is not asked of it for a while that
 * doubles.
 */

import type { PeerId, RoomId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import type { FloorEntry, FrontierEntry, WantedRange } from "../wire/message_entries.ts";
import type { Post } from "../wire/post.ts";
import { type Claim, Claims, type HeldRanges } from "./claims.ts";
import { chooseRanges, countOf, wantedRanges } from "./history_choice.ts";
import { HistoryRequest } from "./history_request.ts";
import type { ConnectionId } from "./input.ts";
import { type LogKey, splitLogKey } from "./log_key.ts";
import type { Range } from "./ranges.ts";

interface Neighbour {
  readonly claims: Claims;
  /** In the order in which they are answered; a second one only where both are small. */
  requests: HistoryRequest[];
  /** How many of its answers came so slowly that others were asked for the same. */
  late: number;
}

/** What to ask a neighbour for. */
export interface Want {
  readonly room: RoomId;
  readonly request: number;
  readonly ranges: readonly WantedRange[];
}

/** All requests of one peer. */
export class HistoryFetch {
  readonly #limits: Limits;
  readonly #rangesMax: (room: RoomId) => number;
  readonly #neighbours = new Map<ConnectionId, Neighbour>();
  #requests = 0;
  /** Requests that were answered, whose posts are on their way to the disk. */
  #storing: HistoryRequest[] = [];
  readonly #heldBack = new Map<
    string,
    { readonly room: RoomId; readonly author: PeerId; readonly posts: number }
  >();

  /**
   * @param limits The table of limits.
   * @param rangesMax In how many pieces a log of a room may be held.
   */
  constructor(
    limits: Limits,
    rangesMax: (room: RoomId) => number = () => limits.rangesPerLogMax,
  ) {
    this.#limits = limits;
    this.#rangesMax = rangesMax;
  }

  /** When a request times out or a rest ends, on the monotonic clock. */
  get deadlineMs(): number {
    let earliest = Infinity;
    for (const { requests, claims } of this.#neighbours.values()) {
      earliest = Math.min(earliest, requests[0]?.dueMs ?? claims.restedMs);
    }
    return earliest;
  }

  /** Neighbours that hold something and are not being asked: worth a try when others are done. */
  get idle(): ConnectionId[] {
    return [...this.#neighbours].flatMap(([connection, { requests, claims }]) =>
      requests.length === 0 && claims.rooms.size > 0 ? [connection] : []
    );
  }

  /** The most logs of one room that one neighbour holds more of. */
  get missingLogs(): number {
    let most = 0;
    for (const { claims } of this.#neighbours.values()) most = Math.max(most, claims.size);
    return most;
  }

  /** The most ranges that one neighbour says to hold of one room. */
  get claimRanges(): number {
    let most = 0;
    for (const { claims } of this.#neighbours.values()) most = Math.max(most, claims.ranges);
    return most;
  }

  /** A neighbour has said what it holds of some logs. */
  onFrontier(
    connection: ConnectionId,
    room: RoomId,
    entries: readonly FrontierEntry[],
    held: HeldRanges,
  ): void {
    this.#neighbour(connection).claims.onFrontier(room, entries, held);
  }

  /**
   * A neighbour has closed a room, or we have.
   *
   * @returns Whether a request has become void, so that others may be asked for its posts.
   */
  onRoomClosed(connection: ConnectionId, room: RoomId): boolean {
    const neighbour = this.#neighbours.get(connection);
    if (neighbour === undefined) return false;
    neighbour.claims.onRoomClosed(room);
    const left = neighbour.requests.filter((request) => request.room !== room);
    const isVoid = left.length < neighbour.requests.length;
    neighbour.requests = left;
    return isVoid;
  }

  /**
   * A neighbour has removed the beginnings of logs.
   *
   * @returns Those that it was asked for; the others do not count.
   */
  onFloors(
    connection: ConnectionId,
    room: RoomId,
    floors: readonly FloorEntry[],
  ): readonly FloorEntry[] {
    return this.#neighbours.get(connection)?.claims.onFloors(room, floors) ?? [];
  }

  /** Whether a neighbour says to hold something of a log that we lack, and not to have removed it. */
  isOffered(room: RoomId, key: LogKey, held: HeldRanges): boolean {
    return [...this.#neighbours.values()].some(({ claims }) => {
      const claim = claims.rooms.get(room)?.get(key);
      return claim !== undefined &&
        claims.lacking(room, key, claim.entry, held(room, key)).length > 0;
    });
  }

  /** A post was left with a neighbour, which must state again what it holds of the room. */
  onLeft(connection: ConnectionId, room: RoomId): void {
    this.#neighbour(connection).claims.onLeft(room);
  }

  /** A post came sooner than its author may: it is fetched from who sent it, after a while. */
  onLeftOver(
    connection: ConnectionId,
    post: Pick<Post, "room" | "author" | "log" | "seq">,
    nowMs: number,
  ): void {
    this.#neighbour(connection).claims.onLeftOver(post, nowMs);
  }

  /** Rooms of which all that was kept is fetched, though the neighbour has stated more. */
  takeCut(connection: ConnectionId): RoomId[] {
    return this.#neighbours.get(connection)?.claims.takeCut() ?? [];
  }

  /** A link is gone; what was asked of it may be asked of others. */
  onLinkLost(connection: ConnectionId): void {
    this.#neighbours.delete(connection);
  }

  /**
   * Requests that were not answered in time: their neighbours rest.
   *
   * @returns Those neighbours that have not sent one new post of what they were asked for.
   */
  onTime(nowMs: number): { readonly connection: ConnectionId; readonly room: RoomId }[] {
    const silent: { connection: ConnectionId; room: RoomId }[] = [];
    for (const [connection, neighbour] of this.#neighbours) {
      const { claims, requests: [request] } = neighbour;
      if (claims.restedMs <= nowMs) claims.restedMs = Infinity;
      if (request === undefined) continue;
      const wasAlone = request.isAlone;
      const isOver = request.onTime(nowMs);
      if (wasAlone && (isOver || !request.isAlone)) neighbour.late++;
      if (!isOver) continue;
      if (request.isSilent) silent.push({ connection, room: request.room });
      // What waits behind it is no nearer to its answer.
      for (const each of [...neighbour.requests]) this.#finish(neighbour, each, false, nowMs);
    }
    return silent;
  }

  /** Posts that neighbours hold and that may be asked for now or soon, and we lack. */
  lacking(room: RoomId, held: HeldRanges, nowMs: number): number {
    const most = new Map<LogKey, number>();
    for (const { claims } of this.#neighbours.values()) {
      for (const [key, { entry, restUntilMs }] of claims.rooms.get(room) ?? []) {
        if (restUntilMs > nowMs + this.#limits.overBudgetMs) continue;
        const ranges = claims.lacking(room, key, entry, held(room, key));
        most.set(key, Math.max(most.get(key) ?? 0, countOf(ranges)));
      }
    }
    return [...most.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Authors of whom more is to be had than a day allows, and how much; each only once. */
  takeHeldBack(): { readonly room: RoomId; readonly author: PeerId; readonly posts: number }[] {
    if (this.#heldBack.size === 0) return [];
    const taken = [...this.#heldBack.values()];
    this.#heldBack.clear();
    return taken;
  }

  /** What was held back of a room may be asked for. */
  onMore(room: RoomId): void {
    for (const { claims } of this.#neighbours.values()) claims.onMore(room);
  }

  /**
   * The next request to a neighbour, if something is to be had and none is in flight, or only one
   * that is so small that it may be stored before the answer to the next is here.
   *
   * @param mayFetch Whether an author has not used up yet what history may bring in a day.
   * @param postsMax Posts in the request; all of them may be on their way before what comes next.
   */
  nextWant(
    connection: ConnectionId,
    held: HeldRanges,
    nowMs: number,
    mayFetch: (room: RoomId, author: PeerId) => boolean = () => true,
    postsMax = Infinity,
  ): Want | null {
    const neighbour = this.#neighbours.get(connection);
    if (neighbour === undefined) return null;
    const [first, second] = neighbour.requests;
    const isAhead = first !== undefined;
    if (second !== undefined) return null;
    if (isAhead && first.posts + postsMax > this.#limits.wantPostsAheadMax) return null;
    const { claims } = neighbour;
    const { rooms } = claims;
    for (const [room, logs] of rooms) {
      const ranges = chooseRanges(claims, room, held, nowMs, {
        limits: this.#limits,
        rangesMax: this.#rangesMax(room),
        postsMax,
        mayFetch,
        coming: (room, key) => this.#inFlight(room, key),
        holdBack: (room, key, claim) => this.#holdBack(claims, room, key, claim, held, nowMs),
      });
      if (logs.size === 0) rooms.delete(room);
      if (ranges.size === 0) continue;
      // The next request is for another room, if one waits.
      rooms.delete(room);
      rooms.set(room, logs);
      const request = this.nextNumber();
      neighbour.requests.push(new HistoryRequest(request, room, ranges, this.#limits));
      if (!isAhead) neighbour.requests[0]!.expect(nowMs);
      return { room, request, ranges: wantedRanges(ranges, logs) };
    }
    return null;
  }

  /** The number of the next request, whatever it is for. */
  nextNumber(): number {
    return this.#requests = (this.#requests + 1) % 2 ** 32;
  }

  /** How many answers of a neighbour came so slowly that others were asked for the same. */
  lateness(connection: ConnectionId): number {
    return this.#neighbours.get(connection)?.late ?? 0;
  }

  /** The neighbour that is being asked for posts of an author; `null` if none is. */
  askedFor(room: RoomId, author: PeerId): ConnectionId | null {
    for (const [connection, { requests }] of this.#neighbours) {
      for (const request of requests) {
        if (request.room !== room) continue;
        for (const key of request.ranges.keys()) {
          if (splitLogKey(key).author === author) return connection;
        }
      }
    }
    return null;
  }

  /** Whether a post in an answer was asked for; others are refused. */
  isAsked(
    connection: ConnectionId,
    request: number,
    post: { readonly room: RoomId; readonly seq: number },
    key: LogKey,
  ): boolean {
    return this.#asking(connection, request, post, key) !== undefined;
  }

  /** A post has come in an answer, whatever becomes of it; says whether it was asked for. */
  onCame(
    connection: ConnectionId,
    request: number,
    post: Pick<Post, "room" | "seq" | "signed">,
    key: LogKey,
  ): boolean {
    const asked = this.#asking(connection, request, post, key);
    asked?.onCame(key, post.signed.length);
    return asked !== undefined;
  }

  #asking(
    connection: ConnectionId,
    request: number,
    { room, seq }: { readonly room: RoomId; readonly seq: number },
    key: LogKey,
  ): HistoryRequest | undefined {
    const asked = this.#asked(this.#neighbours.get(connection), request);
    if (asked === undefined || asked.room !== room) return undefined;
    const isNamed = asked.ranges.get(key)?.some(([from, to]) => from <= seq && seq <= to) ?? false;
    return isNamed ? asked : undefined;
  }

  /**
   * What has come of a request is on its way to the disk: until it is there it counts as asked
   * for, so that the next may be asked for at once.
   */
  onStoring(connection: ConnectionId, request: number): void {
    const asked = this.#asked(this.#neighbours.get(connection), request);
    if (asked !== undefined) this.#storing.push(asked);
  }

  /** All that was on its way to the disk is there, or never will be. */
  onSettled(): void {
    if (this.#storing.length > 0) this.#storing = [];
  }

  /**
   * Part of an answer has come; says whether it was the last.
   *
   * @param bytes Of the posts in it that are new.
   */
  onPage(
    connection: ConnectionId,
    request: number,
    bytes: number,
    last: boolean,
    nowMs: number,
  ): boolean {
    const neighbour = this.#neighbours.get(connection);
    const asked = this.#asked(neighbour, request);
    if (neighbour === undefined || asked === undefined) return false;
    if (bytes > 0) asked.onFruit(bytes, nowMs);
    if (last) this.#finish(neighbour, asked, asked.fruitful, nowMs);
    return last;
  }

  #asked(neighbour: Neighbour | undefined, number: number): HistoryRequest | undefined {
    return neighbour?.requests.find((request) => request.number === number);
  }

  #finish(
    neighbour: Neighbour,
    request: HistoryRequest,
    isAnswered: boolean,
    nowMs: number,
  ): void {
    neighbour.requests = neighbour.requests.filter((other) => other !== request);
    neighbour.requests[0]?.expect(nowMs);
    const vain = isAnswered ? request.unanswered : request.ranges.keys();
    for (const key of vain) neighbour.claims.onVain(request.room, key, nowMs);
  }

  /** The author has had its share of the day: the rest stays where it is. */
  #holdBack(
    claims: Claims,
    room: RoomId,
    key: LogKey,
    claim: Claim,
    held: HeldRanges,
    nowMs: number,
  ): void {
    const { author } = claim.entry;
    claim.restUntilMs = nowMs + this.#limits.heldBackMs;
    claims.onRests(claim.restUntilMs);
    const name = room + author;
    const more = countOf(claims.lacking(room, key, claim.entry, held(room, key)));
    const posts = (this.#heldBack.get(name)?.posts ?? 0) + more;
    this.#heldBack.set(name, { room, author, posts });
  }

  /** What nobody else is to be asked for: on its way, or being stored. */
  #inFlight(room: RoomId, key: LogKey): Range[] {
    const ranges: Range[] = [];
    for (const { requests } of this.#neighbours.values()) {
      // What waits behind an answer that does not come is no nearer to its own.
      if (requests[0]?.isAlone !== true) continue;
      for (const request of requests) {
        if (request.room !== room) continue;
        ranges.push(...request.ranges.get(key) ?? []);
      }
    }
    for (const request of this.#storing) {
      if (request.room === room) ranges.push(...request.ranges.get(key) ?? []);
    }
    return ranges.sort((a, b) => a[0] - b[0]);
  }

  #neighbour(connection: ConnectionId): Neighbour {
    let neighbour = this.#neighbours.get(connection);
    if (neighbour === undefined) {
      neighbour = { claims: new Claims(this.#limits), requests: [], late: 0 };
      this.#neighbours.set(connection, neighbour);
    }
    return neighbour;
  }
}
