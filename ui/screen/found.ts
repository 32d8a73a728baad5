/** What a search has found, as a list to walk through: newest first, one row for each post. */

import type { ShownPost } from "../../peer/notice.ts";
import { roomLabel } from "../post_line.ts";
import { inertLine } from "../sanitize.ts";
import { at, cutName, type Look } from "./entry_rows.ts";
import type { Key } from "./keys.ts";

/** What a key has led to. */
export type FoundStep = "stay" | "open" | "close" | "pass";

/** A list of posts, one of them chosen. */
export class Found {
  /** Newest first. */
  readonly #posts: readonly ShownPost[];
  #chosen = 0;

  /**
   * @param posts Oldest first, at least one.
   * @param more Whether there are older ones that are not in it.
   */
  constructor(posts: readonly ShownPost[], readonly more: boolean) {
    this.#posts = posts.toReversed();
  }

  /** The post that is chosen. */
  get chosen(): ShownPost {
    return this.#posts[this.#chosen]!;
  }

  /** How many there are. */
  get length(): number {
    return this.#posts.length;
  }

  /** Takes a key; `pass`: it is for somebody else, and the list closes. */
  press(key: Key, height: number): FoundStep {
    if (key.type !== "key" || key.modifiers !== "") return "pass";
    switch (key.key) {
      case "up":
        return this.#move(-1);
      case "down":
        return this.#move(1);
      case "pageup":
        return this.#move(-Math.max(1, height - 1));
      case "pagedown":
        return this.#move(Math.max(1, height - 1));
      case "enter":
        return "open";
      case "escape":
        return "close";
      default:
        return "pass";
    }
  }

  #move(by: number): FoundStep {
    this.#chosen = Math.max(0, Math.min(this.#posts.length - 1, this.#chosen + by));
    return "stay";
  }

  /** The rows around the chosen one. */
  rows(height: number, look: Look): string[] {
    const first = Math.max(
      0,
      Math.min(this.#chosen - (height >> 1), this.#posts.length - height),
    );
    return this.#posts.slice(first, first + height).map((post, i) =>
      foundRow(post, first + i === this.#chosen, look)
    );
  }
}

function foundRow(post: ShownPost, isChosen: boolean, look: Look): string {
  const { cells, columns, names, theme } = look;
  const width = columns.peopleBar === 0 ? columns.width : columns.peopleBar - 1;
  const time = width < 50 ? "" : `${day(post.time.ms)} `;
  const room = cells.cut(inertLine(roomLabel(post.room, names)), width >> 3, theme.signs.cut);
  const name = cutName(names.shown(post.from, post.name), columns.nameWidth, cells, theme);
  const head = `${time}${room} ${name}: `;
  const text = inertLine(post.text.replaceAll(/\s+/g, " "));
  const rest = Math.max(0, width - cells.of(head));
  const row = cells.cut(head, width, theme.signs.cut) + cells.cut(text, rest, theme.signs.cut);
  if (!isChosen) return row;
  return theme.paint("chosen", " ".repeat(width)) + at(1) + theme.paint("chosen", row);
}

/** `2026-11-20 12:41`, in local time. */
function day(ms: number): string {
  const date = new Date(ms);
  const two = (n: number) => String(n).padStart(2, "0");
  const ymd = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
  return `${ymd} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
