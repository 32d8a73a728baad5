/** What is held of the logs of one room, in ranges; that of an open room grows with what is stored. */

import type { PeerId, RoomId } from "../wire/ids.ts";
import type { FrontierEntry } from "../wire/message_entries.ts";
import { type LogKey, logKey, splitLogKey } from "./log_key.ts";
import { type Range, RangeSet } from "./ranges.ts";

const nothing: readonly Range[] = [];

/** The logs of a room of which something is held. */
export class HeldLogs {
  readonly #logs = new Map<LogKey, RangeSet>();
  /** How many of them each author has. */
  readonly #counts = new Map<PeerId, number>();

  /** @param id The room. */
  constructor(readonly id: RoomId) {}

  /** Takes an entry of a stored frontier; gives what is held of its log now. */
  load({ author, log, top, above }: Pick<FrontierEntry, "author" | "log" | "top" | "above">) {
    const held = this.of(logKey(author, log));
    if (top > 0) held.add(1, top);
    for (const [from, to] of above) held.add(from, to);
    return held;
  }

  /** What is held of a log, to be added to. */
  of(key: LogKey): RangeSet {
    let held = this.#logs.get(key);
    if (held === undefined) {
      this.#logs.set(key, held = new RangeSet());
      const { author } = splitLogKey(key);
      this.#counts.set(author, this.logCount(author) + 1);
    }
    return held;
  }

  /** Forgets everything. */
  clear(): void {
    this.#logs.clear();
    this.#counts.clear();
  }

  /** All of them. */
  get keys(): Iterable<LogKey> {
    return this.#logs.keys();
  }

  /** The same with what is held. */
  get entries(): Iterable<[LogKey, RangeSet]> {
    return this.#logs;
  }

  /** What is held of one log; `undefined` if nothing is. */
  get(key: LogKey): RangeSet | undefined {
    return this.#logs.get(key);
  }

  /** The ranges held of it, ascending. */
  rangesOf(key: LogKey): readonly Range[] {
    return this.#logs.get(key)?.ranges ?? nothing;
  }

  /** Whether a post with this place may already be stored, so that the store must be asked. */
  mayHold(key: LogKey, seq: number): boolean {
    return this.#logs.get(key)?.has(seq) ?? false;
  }

  /** Whether a post extends a range of its log, so that it opens none of its own. */
  extends(key: LogKey, seq: number): boolean {
    const held = this.#logs.get(key);
    return held !== undefined && (held.has(seq - 1) || held.has(seq + 1) || held.has(seq));
  }

  /** How many logs of an author something is held of. */
  logCount(author: PeerId): number {
    return this.#counts.get(author) ?? 0;
  }
}
