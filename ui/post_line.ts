/** A post as line mode prints it: time, room, name and text, with TABs between. */

import type { RoomName, ShownPost } from "../peer/notice.ts";
import type { PeerId } from "../wire/ids.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Names } from "./names.ts";
import type { PreferenceChoices } from "./preference_table.ts";
import { inertLine, inertText } from "./sanitize.ts";
import { screenLimits } from "./screen_limits.ts";
import { bareTheme, type Role, type Theme } from "./theme.ts";

/** How a post is dressed. */
export interface PostLook {
  /** Stands above the text of an answer; `null` for none. */
  readonly quote: string | null;
  /** Dresses the parts. */
  readonly theme: Theme;
  /** It mentions who reads it. */
  readonly mention: boolean;
  /** Its time: to the minute, to the second, or left out with its tab. */
  readonly times: PreferenceChoices["times"];
}

const bareLook: PostLook = { quote: null, theme: bareTheme, mention: false, times: "on" };

/**
 * Formats a post.
 *
 * @param post What to show.
 * @param names Puts key tags on names that two people share.
 * @param look How it is dressed; without, nothing is.
 * @returns `HH:MM TAB room TAB name TAB text`, each further line of the text behind three
 * TABs, without a newline at the end. Nothing in it can act on a terminal.
 */
export function postLine(
  post: ShownPost,
  names: Names,
  catalogue: Catalogue,
  { quote, theme, mention, times }: PostLook = bareLook,
): string {
  const name = names.shown(post.from, post.name);
  const role = roleOf(post, mention);
  const inert = inertText(postWords(post, name, catalogue, names));
  const text = role === null ? inert : theme.paint(role, inert);
  const above = quote === null ? "" : `${theme.paint("quote", inertLine(quote))}\n\t\t\t`;
  const clocked = clock(post.time.ms, times === "seconds");
  const time = times === "off" ? "" : `${theme.paint("time", clocked)}\t`;
  return `${time}${inertLine(roomField(post.room, names))}\t${
    theme.name(post.from, name)
  }\t${above}${text}`;
}

function roleOf({ kind, withdrawn }: ShownPost, mention: boolean): Role | null {
  if (withdrawn) return "note";
  if (mention) return "mention";
  return kind === "announcement" ? "announcement" : null;
}

/**
 * What a post says, as words of the catalogue where it is no plain text.
 *
 * @param name The author as shown.
 * @param names For the name of the room.
 */
export function postWords(
  post: ShownPost,
  name: string,
  catalogue: Catalogue,
  names?: Names,
): string {
  if (post.withdrawn) return catalogue.takenBack;
  switch (post.kind) {
    case "text":
      return post.text;
    case "action":
      return catalogue.action(name, post.text);
    case "announcement":
      return catalogue.announcement(post.text);
    case "topic": {
      const room = roomLabel(post.room, names);
      return post.text === ""
        ? catalogue.topicCleared(name, room)
        : catalogue.topicSet(name, room, post.text);
    }
  }
}

/** Digits of its id behind the name of a room, of which everybody may found another. */
const roomTagDigits = 4;

/** How a sentence names a room: `#lobby`, `~club·3f2a`, or `@bo` for the chat with a person. */
export function roomLabel(room: RoomName, names?: Names): string {
  return /^[~@]/.test(room) ? roomField(room, names) : `#${room}`;
}

/** The same without `#`. */
function roomField(room: RoomName, names?: Names): string {
  if (room.startsWith("~") && names !== undefined) {
    const title = names.titles(room);
    return title === "" ? room : `~${title}·${room.slice(1, 1 + roomTagDigits)}`;
  }
  return room.startsWith("@") && names !== undefined
    ? `@${names.known(room.slice(1) as PeerId)}`
    : room;
}

/** `HH:MM` in local time, or `HH:MM:SS`. */
export function clock(ms: number, seconds = false): string {
  const date = new Date(ms);
  const minutes = `${two(date.getHours())}:${two(date.getMinutes())}`;
  return seconds ? `${minutes}:${two(date.getSeconds())}` : minutes;
}

function two(n: number): string {
  return n < 10 ? `0${n}` : String(n);
}

/** The start of the first line of a text, with a sign if that is not all of it. */
export function startOf(text: string): string {
  const [line = ""] = text.split("\n", 1);
  const start = [...line].slice(0, screenLimits.quoteCharactersMax).join("");
  return start === text ? text : `${start}…`;
}
