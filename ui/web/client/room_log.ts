/**
 * The posts of one room that the page holds: a window of the room's order, at most
 * `rowsMax`, that follows the end until somebody scrolls away from it.
 *
 * Rows are never changed, only replaced: a row that is the same object is not drawn again.
 */

import type { Line } from "./line.ts";

/** Rows that are held and drawn: more make each frame slower and no screen larger. */
export const rowsMax = 500;

/** How far an own post has got. */
export interface Tick {
  readonly state: "sending" | "stored" | "handed" | "held" | "undelivered";
  readonly have: number;
  readonly members: number;
  readonly reason: string | null;
  /** The names of those who have it, once they were asked for. */
  readonly names?: string;
}

/** A post, or a line that only this page shows. */
export interface Row {
  readonly id: string;
  /** `note`, `answer` to a command: of this page; `pending`: a text on its way to the disk. */
  readonly kind: "text" | "action" | "announcement" | "topic" | "note" | "answer" | "pending";
  readonly from: string;
  readonly name: string;
  readonly text: string;
  readonly time: number;
  readonly counter: number;
  readonly own: boolean;
  readonly reply: string | null;
  readonly withdrawn: boolean;
  readonly clockAhead: boolean;
  /** Slipped into its place after newer ones were shown. */
  readonly late: boolean;
  readonly tick: Tick | null;
}

/** How far an own post has got, as the peer has it. */
export function tickOf({ have, members, state, reason }: Line): Omit<Tick, "names"> {
  const reached = members > 0 && have >= members ? "held" : "handed";
  return { have, members, state: have > 0 ? reached : state ?? "stored", reason: reason ?? null };
}

/** Whether a row is a post that the peer has. */
export function isPost({ kind }: Row): boolean {
  return kind !== "note" && kind !== "answer" && kind !== "pending";
}

/** A post of the interface as a row. */
export function rowOf(line: Line): Row {
  return {
    id: line.id,
    kind: line.kind,
    from: line.from,
    name: line.name,
    text: line.text,
    time: line.time,
    counter: line.counter ?? 0,
    own: line.origin === "own",
    reply: line.reply,
    withdrawn: line.withdrawn ?? false,
    clockAhead: line.clockAhead ?? false,
    late: line.late ?? false,
    tick: null,
  };
}

/** Counts rows of this page itself, beyond all counters of posts: they come in their order. */
let rowsMade = 2 ** 40;

/**
 * A line of this page itself.
 *
 * @param after What it stands behind, whatever the clocks say.
 */
export function noteRow(id: string, text: string, after?: Row): Row {
  return {
    id,
    kind: "note",
    from: "",
    name: "",
    text,
    time: Math.max(Date.now(), after?.time ?? 0),
    counter: ++rowsMade,
    own: false,
    reply: null,
    withdrawn: false,
    clockAhead: false,
    late: false,
    tick: null,
  };
}

export class RoomLog {
  rows: Row[] = [];
  /** Whether the peer has older ones than the first. */
  older = true;
  /** Whether the window has left the end: newer ones come when asked for. */
  newer = false;
  readonly #ids = new Set<string>();
  readonly #onTheirWay = new Set<string>();
  /** What is known of own posts, also of those not in the window. */
  readonly #ticks = new Map<string, Tick>();

  /** Whether a post is in the window. */
  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** The row of a post in the window. */
  find(id: string): Row | undefined {
    return this.#ids.has(id) ? this.rows.find((row) => row.id === id) : undefined;
  }

  /** Whether texts are on their way to the disk. */
  get hasPending(): boolean {
    return this.#onTheirWay.size > 0;
  }

  /** The text on its way that says this, if there is one. */
  pending(text: string): string | null {
    if (!this.hasPending) return null;
    const row = this.rows.find((each) => this.#onTheirWay.has(each.id) && each.text === text);
    return row?.id ?? null;
  }

  /** Forgets all but texts on their way, to begin anew with a page of the room's end. */
  clear(): void {
    this.rows = this.rows.filter(({ kind }) => kind === "pending");
    this.#ids.clear();
    for (const { id } of this.rows) this.#ids.add(id);
    this.older = true;
    this.newer = false;
  }

  /** Begins anew with a page. Away from the end there is no place for texts on their way. */
  begin(rows: readonly Row[], older: boolean, newer: boolean): void {
    if (newer) { for (const id of this.#onTheirWay) this.remove(id); }
    this.clear();
    this.#merge(rows);
    this.older = older;
    this.newer = newer;
  }

  /**
   * Puts a row into its place.
   *
   * @param follow Whether the end is looked at: then the oldest leave a full window.
   * @returns Whether it is new here.
   */
  add(row: Row, follow: boolean): boolean {
    if (this.#ids.has(row.id)) return false;
    const first = this.rows[0];
    const last = this.rows.at(-1);
    if (this.newer && last !== undefined && compare(row, last) > 0) return false;
    if (this.older && first !== undefined && compare(row, first) < 0) return false;
    let at = this.rows.length;
    while (at > 0 && compare(row, this.rows[at - 1]!) < 0) at--;
    const ticked = this.#withTick(row);
    if (at === this.rows.length) this.rows.push(ticked);
    else this.rows.splice(at, 0, ticked);
    this.#ids.add(row.id);
    if (row.kind === "pending") this.#onTheirWay.add(row.id);
    this.#cut(follow ? "front" : "back");
    return true;
  }

  /** Puts a page of older ones in front. */
  prepend(rows: readonly Row[], more: boolean): void {
    this.#merge(rows);
    this.older = more;
    this.#cut("back");
  }

  /** Puts a page of newer ones at the end. */
  append(rows: readonly Row[], more: boolean): void {
    this.#merge(rows);
    this.newer = more;
    this.#cut("front");
  }

  /** Replaces a row. */
  update(id: string, change: (row: Row) => Row): void {
    if (!this.#ids.has(id)) return;
    // What changes is nearly always among the newest.
    const at = this.rows.findLastIndex((row) => row.id === id);
    if (at >= 0) this.rows[at] = change(this.rows[at]!);
  }

  /** Takes a row out. */
  remove(id: string): void {
    if (!this.#ids.delete(id)) return;
    this.#onTheirWay.delete(id);
    this.rows = this.rows.filter((row) => row.id !== id);
  }

  /** Notes how far an own post has got. */
  tick(id: string, tick: Partial<Tick>): void {
    const before = this.#ticks.get(id) ?? { state: "stored", have: 0, members: 0, reason: null };
    const next: Tick = { ...before, ...tick };
    const isSame = next.state === before.state && next.have === before.have &&
      next.members === before.members && next.reason === before.reason &&
      next.names === before.names;
    if (isSame && this.#ticks.has(id)) return;
    this.#ticks.delete(id);
    this.#ticks.set(id, next);
    if (this.#ticks.size > 2 * rowsMax) {
      const [oldest] = this.#ticks.keys();
      this.#ticks.delete(oldest!);
    }
    this.update(id, (row) => ({ ...row, tick: next }));
  }

  /** Own posts of the window that not all members are known to have. */
  unheld(): string[] {
    return this.rows.filter((row) => row.own && row.tick?.state !== "held" && isPost(row))
      .map(({ id }) => id);
  }

  #withTick(row: Row): Row {
    const tick = this.#ticks.get(row.id);
    return tick === undefined ? row : { ...row, tick };
  }

  #merge(rows: readonly Row[]): void {
    for (const row of rows) {
      if (this.#ids.has(row.id)) continue;
      this.#ids.add(row.id);
      this.rows.push(this.#withTick(row));
    }
    this.rows.sort(compare);
  }

  #cut(side: "front" | "back"): void {
    const surplus = this.rows.length - rowsMax;
    if (surplus <= 0) return;
    const cut = side === "front"
      ? this.rows.splice(0, surplus)
      : this.rows.splice(rowsMax, surplus);
    for (const { id } of cut) this.#ids.delete(id);
    if (side === "front") this.older = true;
    else this.newer = true;
  }
}

/** The one order of every screen: logical time, then id. */
function compare(a: Row, b: Row): number {
  return a.time - b.time || a.counter - b.counter || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
