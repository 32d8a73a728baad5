/** A post as line mode prints it: time, room, name and text, with TABs between. */

import type { RoomName, ShownPost } from "../peer/notice.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Names } from "./names.ts";
import { inertLine, inertText } from "./sanitize.ts";

/**
 * Formats a post.
 *
 * @param post What to show.
 * @param names Puts key tags on names that two people share.
 * @param quote Stands above the text of an answer; `null` for none.
 * @returns `HH:MM TAB room TAB name TAB text`, each further line of the text behind three
 * TABs, without a newline at the end. Nothing in it can act on a terminal.
 */
export function postLine(
  post: ShownPost,
  names: Names,
  catalogue: Catalogue,
  quote: string | null = null,
): string {
  const name = names.shown(post.from, post.name);
  const text = inertText((quote === null ? "" : `${quote}\n`) + wordsOf(post, name, catalogue));
  return `${clock(post.time.ms)}\t${inertLine(post.room)}\t${name}\t${text}`;
}

function wordsOf(post: ShownPost, name: string, catalogue: Catalogue): string {
  if (post.withdrawn) return catalogue.takenBack;
  switch (post.kind) {
    case "text":
      return post.text;
    case "action":
      return catalogue.action(name, post.text);
    case "announcement":
      return catalogue.announcement(post.text);
    case "topic": {
      const room = roomLabel(post.room);
      return post.text === ""
        ? catalogue.topicCleared(name, room)
        : catalogue.topicSet(name, room, post.text);
    }
  }
}

/** How a sentence names a room: `#lobby`; private rooms and people as they are. */
export function roomLabel(room: RoomName): string {
  return /^[~@]/.test(room) ? room : `#${room}`;
}

/** `HH:MM` in local time. */
export function clock(ms: number): string {
  const date = new Date(ms);
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

function two(n: number): string {
  return n < 10 ? `0${n}` : String(n);
}
