/**
 * The rooms with a founder that were closed while this page looked on. They are joined by their
 * ids, which nobody could type: so the browser keeps them, and "Join a room…" offers them.
 */

import type { Model } from "./model.ts";
import type { Room } from "./room.ts";
import { read, write } from "./storage.ts";

/** More than anybody looks through. */
const roomsMax = 20;

/** A room that is not open, by its name and as it was called. */
export type ClosedRoom = readonly [name: string, label: string];

const keyOf = ({ me }: Model) => `closed.${me.slice(0, 16)}`;

function kept(model: Model): ClosedRoom[] {
  const lines = read(keyOf(model))?.split("\n") ?? [];
  return lines.map((line) => [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)]);
}

/** Those that are closed still, the last first. */
export function closedRooms(model: Model): readonly ClosedRoom[] {
  return kept(model).filter(([name]) => !model.rooms.has(name));
}

/** A room was closed. Who belongs to it no more has nothing to come back to. */
export function noteClosed(model: Model, room: Room): void {
  if (!room.isFounded || room.role === "removed") return;
  const others = kept(model).filter(([name]) => name !== room.name);
  const all: ClosedRoom[] = [[room.name, model.label(room)], ...others];
  write(keyOf(model), all.slice(0, roomsMax).map((each) => each.join(" ")).join("\n"));
}
