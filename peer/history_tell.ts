/**
 * The telling part of history: what each neighbour is told of the logs of a room. A digest of
 * all where much may be unknown (at the start of a link, after dropped gossip), then the logs
 * in which it differs, and single logs whose posts were left out of gossip or came as history.
 *
 * What is told is read at the moment of telling, a portion at a time as the link has room. A
 * digest is told again as long as it differs, ever more rarely.
 */

import type { RoomId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import type { ConnectionId } from "./input.ts";
import type { LogKey } from "./log_key.ts";

interface Telling {
  /** Logs to tell of next time. */
  readonly pending: Set<LogKey>;
  /** Logs still to be told of this time. */
  keys: LogKey[];
  /** When the next time may begin, on the monotonic clock. */
  dueMs: number;
  /** When the digest is told; `Infinity` if it need not be. */
  digestMs: number;
  /** When it was told last. */
  toldMs: number;
  /** How long after that it may be told again. */
  waitMs: number;
  /** What the neighbour told last. */
  heard: string;
}

/** The longest time between two digests while they differ. */
const waitMsMax = 640_000;

/** A portion of what one neighbour is told. */
export type Told =
  | { readonly type: "digest"; readonly room: RoomId }
  | {
    readonly type: "logs";
    readonly room: RoomId;
    readonly keys: readonly LogKey[];
    readonly last: boolean;
  };

/** What all neighbours have to be told. */
export class HistoryTell {
  readonly #limits: Limits;
  readonly #neighbours = new Map<ConnectionId, Map<RoomId, Telling>>();

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /**
   * When somebody is to be told something, on the monotonic clock.
   *
   * @param isReady Whether a link has room; those without report by `drained`.
   */
  deadlineMs(isReady: (connection: ConnectionId) => boolean): number {
    let earliest = Infinity;
    for (const [connection, rooms] of this.#neighbours) {
      if (!isReady(connection)) continue;
      for (const { pending, dueMs, digestMs } of rooms.values()) {
        earliest = Math.min(earliest, digestMs, pending.size > 0 ? dueMs : Infinity);
      }
    }
    return earliest;
  }

  /** A neighbour must be told of some logs of a room, or how all of it stands. */
  onNews(connection: ConnectionId, room: RoomId, keys: Iterable<LogKey> | "all"): void {
    const telling = this.#telling(connection, room);
    if (keys !== "all") {
      for (const key of keys) telling.pending.add(key);
      if (telling.pending.size <= this.#limits.logsTellingMax) return;
    }
    telling.pending.clear();
    telling.waitMs = this.#limits.digestMs;
    telling.digestMs = Math.max(0, telling.toldMs + this.#limits.frontierMs);
  }

  /**
   * A neighbour has told its digest.
   *
   * @param keys Our logs where it differs; `null` if it does not.
   * @param heard The digest: as long as it changes it is answered without growing patience.
   */
  onDigest(
    connection: ConnectionId,
    room: RoomId,
    keys: readonly LogKey[] | null,
    heard = "",
  ): void {
    const telling = this.#telling(connection, room);
    if (heard !== telling.heard) telling.waitMs = this.#limits.digestMs;
    telling.heard = heard;
    if (keys === null) {
      telling.digestMs = Infinity;
      telling.waitMs = this.#limits.digestMs;
      return;
    }
    const known = new Set(telling.keys);
    telling.keys.push(...keys.filter((key) => !known.has(key)));
    // Only from our own digest does the other side learn what it has and we lack.
    telling.digestMs = Math.min(telling.digestMs, telling.toldMs + telling.waitMs);
  }

  /** A neighbour has closed a room, or we have. */
  onRoomClosed(connection: ConnectionId, room: RoomId): void {
    this.#neighbours.get(connection)?.delete(room);
  }

  /** A link is gone. */
  onLinkLost(connection: ConnectionId): void {
    this.#neighbours.delete(connection);
  }

  /** The next portion for a neighbour; `null` if there is none for now. */
  next(connection: ConnectionId, nowMs: number): Told | null {
    for (const [room, telling] of this.#neighbours.get(connection) ?? []) {
      if (telling.digestMs <= nowMs) {
        if (telling.toldMs !== -Infinity && telling.waitMs < waitMsMax) telling.waitMs *= 2;
        telling.toldMs = nowMs;
        telling.digestMs = Infinity;
        return { type: "digest", room };
      }
      if (telling.keys.length === 0) {
        if (telling.pending.size === 0 || nowMs < telling.dueMs) continue;
        telling.keys = [...telling.pending];
        telling.pending.clear();
        telling.dueMs = nowMs + this.#limits.frontierMs;
      }
      const keys = telling.keys.splice(-this.#limits.frontierEntriesMax);
      return { type: "logs", room, keys, last: telling.keys.length === 0 };
    }
    return null;
  }

  #telling(connection: ConnectionId, room: RoomId): Telling {
    let rooms = this.#neighbours.get(connection);
    if (rooms === undefined) this.#neighbours.set(connection, rooms = new Map());
    let telling = rooms.get(room);
    if (telling === undefined) {
      const { digestMs: waitMs } = this.#limits;
      const never = { dueMs: 0, digestMs: Infinity, toldMs: -Infinity, heard: "" };
      rooms.set(room, telling = { pending: new Set(), keys: [], waitMs, ...never });
    }
    return telling;
  }
}
