/** Up to where each log was pruned, in memory: the engine asks for it with every post. */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { type LogKey, logKey } from "../../peer/log_key.ts";
import type { Floor } from "../../peer/ports.ts";
import { type LogId, type PeerId, type PostId, type RoomId, toId } from "../../wire/ids.ts";

type Range = [from: number, to: number];

interface LogRow {
  readonly room: Uint8Array;
  readonly author: Uint8Array;
  readonly key: Uint8Array;
  readonly floor: number;
  readonly floor_id: Uint8Array;
}

/** Ranges of kept posts that are told of one log, the newest; few logs have more than one. */
const keptRangesMax = 32;

/** Keeps the columns `log.floor` and `log.floor_id`. */
export class Floors {
  readonly #floors = new Map<RoomId, Map<LogKey, Floor>>();
  readonly #set: StatementSync;
  readonly #log: StatementSync;
  readonly #kept: StatementSync;

  /**
   * Reads all floors and prepares its statements.
   *
   * @param db The open database with its tables.
   */
  constructor(db: DatabaseSync) {
    this.#set = db.prepare("UPDATE log SET floor = ?, floor_id = ? WHERE id = ?");
    const columns = `SELECT log.id, room.key AS room, log.author, log.key, log.floor, log.floor_id
      FROM log JOIN room ON room.id = log.room`;
    this.#log = db.prepare(`${columns} WHERE log.id = ?`);
    this.#kept = db.prepare(
      `SELECT DISTINCT seq FROM post WHERE log = ? AND seq <= ? ORDER BY seq DESC
       LIMIT ${keptRangesMax}`,
    );
    for (const row of db.prepare(`${columns} WHERE log.floor > 0`).all()) {
      this.#read(row as unknown as LogRow & { id: number });
    }
  }

  /** The floor of a log, or `null`. */
  of(room: RoomId, key: LogKey): Floor | null {
    return this.#floors.get(room)?.get(key) ?? null;
  }

  /** Writes a floor; in the transaction that removes what is below it. */
  write(log: number, seq: number, id: Uint8Array): void {
    this.#set.run(seq, id, log);
  }

  /** Takes up what was written of a log, once that is certain. */
  refresh(log: number): RoomId {
    return this.#read(this.#log.get(log) as unknown as LogRow & { id: number });
  }

  #read(row: LogRow & { readonly id: number }): RoomId {
    const room = toId<RoomId>(row.room);
    let logs = this.#floors.get(room);
    if (logs === undefined) this.#floors.set(room, logs = new Map());
    const kept: Range[] = [];
    for (const found of this.#kept.all(row.id, row.floor)) {
      const { seq } = found as unknown as { seq: number };
      if (kept[0]?.[0] === seq + 1) kept[0][0] = seq;
      else kept.unshift([seq, seq]);
    }
    logs.set(logKey(toId<PeerId>(row.author), toId<LogId>(row.key)), {
      seq: row.floor,
      id: toId<PostId>(row.floor_id),
      kept,
    });
    return room;
  }
}
