/**
 * The telling part of history: which logs a neighbour must be told of. All of a room when
 * both ends have it open; later those whose posts were left out of its gossip, and those that
 * have come to us as history.
 *
 * What is told is read at the moment of telling, a portion at a time as the link has room, and
 * a room is told of again only after a pause.
 */

import type { RoomId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import type { ConnectionId } from "./input.ts";
import type { LogKey } from "./log_key.ts";

interface Telling {
  /** Logs to tell of next time; `all` if they are too many to name, or all. */
  pending: Set<LogKey> | "all";
  /** Logs still to be told of this time. */
  keys: LogKey[];
  /** When the next time may begin, on the monotonic clock. */
  dueMs: number;
}

/** Logs that are named one by one before all of the room are told of. */
const pendingMax = 256;

/** A portion of what one neighbour is told. */
export interface Told {
  readonly room: RoomId;
  readonly keys: readonly LogKey[];
  readonly last: boolean;
}

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
      let dueMs = Infinity;
      for (const telling of rooms.values()) {
        if (hasPending(telling)) dueMs = Math.min(dueMs, telling.dueMs);
      }
      if (dueMs < earliest && isReady(connection)) earliest = dueMs;
    }
    return earliest;
  }

  /** A neighbour must be told of some logs of a room, or of all. */
  onNews(connection: ConnectionId, room: RoomId, keys: Iterable<LogKey> | "all"): void {
    let rooms = this.#neighbours.get(connection);
    if (rooms === undefined) this.#neighbours.set(connection, rooms = new Map());
    let telling = rooms.get(room);
    if (telling === undefined) {
      rooms.set(room, telling = { pending: new Set(), keys: [], dueMs: 0 });
    }
    if (keys === "all" || telling.pending === "all") {
      telling.pending = "all";
      return;
    }
    for (const key of keys) telling.pending.add(key);
    if (telling.pending.size > pendingMax) telling.pending = "all";
  }

  /** A neighbour has closed a room, or we have. */
  onRoomClosed(connection: ConnectionId, room: RoomId): void {
    this.#neighbours.get(connection)?.delete(room);
  }

  /** A link is gone. */
  onLinkLost(connection: ConnectionId): void {
    this.#neighbours.delete(connection);
  }

  /**
   * The next portion for a neighbour; `null` if there is none for now.
   *
   * @param keysOf All logs of a room.
   */
  next(
    connection: ConnectionId,
    nowMs: number,
    keysOf: (room: RoomId) => Iterable<LogKey>,
  ): Told | null {
    for (const [room, telling] of this.#neighbours.get(connection) ?? []) {
      const begins = telling.keys.length === 0;
      if (begins && (!hasPending(telling) || nowMs < telling.dueMs)) continue;
      if (begins) {
        telling.keys = [...telling.pending === "all" ? keysOf(room) : telling.pending];
        telling.pending = new Set();
        telling.dueMs = nowMs + this.#limits.frontierMs;
      }
      const keys = telling.keys.splice(-this.#limits.frontierEntriesMax);
      return { room, keys, last: telling.keys.length === 0 };
    }
    return null;
  }
}

function hasPending({ pending }: Telling): boolean {
  return pending === "all" || pending.size > 0;
}
