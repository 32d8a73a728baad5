/** Notifications of the browser: after a click in the settings, for what is meant for one. */

import { inertLine } from "../../sanitize.ts";
import type { Model } from "./model.ts";
import type { Room } from "./room.ts";
import type { Row } from "./room_log.ts";
import { read, write } from "./storage.ts";

/** Characters of a post that a notification shows. */
const shownMax = 200;

/** Whether they are switched on and allowed. */
export function notifies(): boolean {
  return read("notify") === "on" && globalThis.Notification?.permission === "granted";
}

/** Switches them on or off; resolves with whether they are on then. */
export async function switchNotify(on: boolean): Promise<boolean> {
  if (on && await globalThis.Notification?.requestPermission() === "granted") {
    write("notify", "on");
    return true;
  }
  write("notify", null);
  return false;
}

/** Tells of a post while nobody looks at the page. */
export function notify(model: Model, room: Room, row: Row, go: () => void): void {
  if (!notifies() || model.isLookedAt) return;
  const note = new Notification(`${model.nameOf(row.from, row.name)} · ${model.label(room)}`, {
    body: row.text.slice(0, shownMax).split("\n").map(inertLine).join("\n"),
    tag: room.name,
    icon: "/icon.svg",
  });
  note.onclick = () => {
    globalThis.focus();
    go();
    note.close();
  };
}
