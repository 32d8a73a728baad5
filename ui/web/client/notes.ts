/** Lines of the page itself among the posts: what the peer says, who came and who left. */

import type { Line } from "./link.ts";
import type { Model } from "./model.ts";
import type { Room } from "./room.ts";
import { noteRow } from "./room_log.ts";

/** Comings and goings are one line while they follow each other so soon. */
const foldMs = 10 * 60_000;
/** Names in one such line. */
const namesMax = 12;

interface Fold {
  readonly id: string;
  readonly came: Set<string>;
  readonly went: Set<string>;
  readonly timeMs: number;
}

export class Notes {
  #count = 0;
  readonly #folds = new Map<string, Fold>();

  constructor(private readonly model: Model) {}

  /** Says something in a room, or in the one that is looked at. */
  say(text: string, name: string | null): void {
    const room = name === null ? this.model.room : this.model.rooms.get(name) ?? this.model.room;
    if (room !== null) this.#add(room, `note-${++this.#count}`, text);
  }

  /** Shows what a command has answered, as the block that it is. */
  answer(lines: readonly string[], { log }: Room): void {
    if (lines.length === 0) return;
    const row = noteRow(`note-${++this.#count}`, lines.join("\n"), log.rows.at(-1));
    log.add({ ...row, kind: "answer" }, true);
  }

  #add({ log, atEnd }: Room, id: string, text: string): void {
    log.add(noteRow(id, text, log.newer ? undefined : log.rows.at(-1)), atEnd);
  }

  /** Says something that takes the place of what was said under the same name; empty: no more. */
  keep(id: string, text: string, name: string): void {
    const room = this.model.rooms.get(name);
    room?.log.remove(id);
    if (room !== undefined && text !== "") this.#add(room, id, text);
  }

  /** Somebody has come or left. */
  presence({ event, room: name, from, name: called }: Line): void {
    const room = this.model.rooms.get(name);
    if (room === undefined) return;
    const who = this.model.nameOf(from, called);
    const before = this.#folds.get(name);
    const isSoon = before !== undefined && Date.now() - before.timeMs < foldMs &&
      room.log.rows.at(-1)?.id === before.id;
    const fold = isSoon ? before : {
      id: `note-${++this.#count}`,
      came: new Set<string>(),
      went: new Set<string>(),
      timeMs: Date.now(),
    };
    const [to, from_] = event === "join" ? [fold.came, fold.went] : [fold.went, fold.came];
    // Who comes and leaves again has not changed anything.
    if (!from_.delete(who)) to.add(who);
    this.#folds.set(name, fold);
    const text = this.#sentence(fold);
    if (text === "") return room.log.remove(fold.id);
    if (room.log.has(fold.id)) room.log.update(fold.id, (row) => ({ ...row, text }));
    else this.#add(room, fold.id, text);
  }

  #sentence({ came, went }: Fold): string {
    const { words } = this.model;
    const list = (names: Set<string>) => {
      const shown = [...names].slice(0, namesMax).join(", ");
      return names.size > namesMax ? `${shown} +${names.size - namesMax}` : shown;
    };
    return [
      came.size > 0 ? words.came(list(came)) : "",
      went.size > 0 ? words.went(list(went)) : "",
    ].filter((part) => part !== "").join(" · ");
  }
}
