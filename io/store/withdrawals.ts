/**
 * What authors have taken back: the table of tombstones' targets, and its ids in memory as long
 * as they are few. Each post of history is asked about, and of nearly all nothing is known.
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { fromId, lendId, type PeerId, type PostId, toId } from "../../wire/ids.ts";

/** Targets that are kept in memory; with more the table is asked each time, which costs 6 µs. */
const targetsMax = 4_096;

/** Posts that tombstones name, whether they are here or not. */
export class Withdrawals {
  readonly #add: StatementSync;
  readonly #named: StatementSync;
  readonly #all: StatementSync;
  /** All of them; `undefined` before they are read, `null` if there are too many. */
  #targets: Set<PostId> | null | undefined = undefined;

  /**
   * Prepares its statements.
   *
   * @param db The open database with its tables.
   */
  constructor(db: DatabaseSync) {
    this.#add = db.prepare(
      "INSERT INTO withdrawal (target, author, room) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
    );
    this.#named = db.prepare("SELECT 1 FROM withdrawal WHERE target = ?");
    this.#all = db.prepare(`SELECT target FROM withdrawal LIMIT ${targetsMax + 1}`);
  }

  /**
   * Keeps that an author has taken a post back, within a transaction. If that fails the target
   * stays in memory, where it only costs a look at the table.
   */
  add(target: PostId, author: PeerId, room: number): void {
    this.#add.run(fromId(target), fromId(author), room);
    this.#targets?.add(target);
    this.#bound();
  }

  /** Whether anybody, in any room, has named a post as one to be taken back. */
  isNamed(id: PostId): boolean {
    if (this.#targets === undefined) this.#read();
    const targets = this.#targets;
    // A set that is asked for an id copies it to old space, also where it holds none.
    if (targets && (targets.size === 0 || !targets.has(id))) return false;
    return this.#named.get(lendId(id)) !== undefined;
  }

  #read(): void {
    const rows = this.#all.all() as unknown as { readonly target: Uint8Array }[];
    this.#targets = new Set(rows.map(({ target }) => toId<PostId>(target)));
    this.#bound();
  }

  #bound(): void {
    if ((this.#targets?.size ?? 0) > targetsMax) this.#targets = null;
  }
}
