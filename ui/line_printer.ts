/**
 * What line mode prints: a line for each post, notes between them, and what calls a person.
 * Which of it is printed is for line_mode.ts to say. Scripts get posts in one form, whatever is
 * preferred; terminals get colours, quotes and times.
 */

import type { Chat } from "../peer/chat.ts";
import type { ShownPost } from "../peer/notice.ts";
import type { Names } from "./names.ts";
import { notification } from "./notification.ts";
import type { Output } from "./output.ts";
import { postLine } from "./post_line.ts";
import type { Preferences } from "./preferences.ts";
import { answeredStart } from "./quotes.ts";
import { inertLine } from "./sanitize.ts";
import { bareTheme, type Theme, themeOf } from "./theme.ts";

/** Where lines go, and how they are wanted. */
export interface PrinterSetting {
  /** What is shown. */
  readonly chat: Chat;
  /** In which language, and how. */
  readonly preferences: Preferences;
  /** A person reads. */
  readonly stdoutIsTerminal: boolean;
  /** How many columns that terminal has now; `null`: any number. */
  readonly columns: () => number | null;
  /** Posts go here. */
  readonly posts: Output;
  /** Notices go here; the same as `posts` on a terminal. */
  readonly notices: Output;
}

/** Before what is no post. */
const noteMark = "-- ";
const clearScreen = "\x1b[2J\x1b[H";

/** Prints lines. */
export class LinePrinter {
  /**
   * Prints nothing by itself.
   *
   * @param setting The streams and what they are.
   * @param names How people are called.
   */
  constructor(private readonly setting: PrinterSetting, private readonly names: Names) {}

  /** Prints what is no post. */
  note(text: string): undefined {
    this.setting.notices.write(`${this.#theme.paint("note", noteMark + inertLine(text))}\n`);
  }

  /** How many columns a note may take without being broken; `null`: any number. */
  get noteColumns(): number | null {
    const columns = this.setting.columns();
    return columns === null ? null : Math.max(1, columns - noteMark.length);
  }

  /** Prints a post; `mention`: it names this person. */
  post(post: ShownPost, mention: boolean): void {
    const quote = this.#quoteFor(post);
    const { preferences, stdoutIsTerminal } = this.setting;
    // Scripts rely on the form of a line.
    const times = stdoutIsTerminal ? preferences.get("times") : "on";
    const look = { quote, theme: this.#theme, mention, times };
    const line = postLine(post, this.names, preferences.words.catalogue, look);
    this.setting.posts.write(`${line}\n`);
  }

  /** Calls the person to a post, as is preferred. */
  call(post: ShownPost): void {
    const { preferences, stdoutIsTerminal, posts } = this.setting;
    if (!stdoutIsTerminal) return;
    const wanted = preferences.get("notify");
    // A terminal that only prints would print the sequences of others.
    const how = preferences.isDumb && wanted !== "off" ? "bell" : wanted;
    posts.write(notification(how, this.names.shown(post.from, post.name), post.text));
  }

  /** Only where there is a screen: not in a pipe, and not on a terminal that only prints. */
  clear(): void {
    const { stdoutIsTerminal, preferences, posts } = this.setting;
    if (stdoutIsTerminal && !preferences.isDumb) posts.write(clearScreen);
  }

  /** Bold and faint are left out where colours are not wanted: lines are for any device. */
  get #theme(): Theme {
    const { preferences, stdoutIsTerminal } = this.setting;
    const ascii = preferences.get("theme") === "ascii";
    return preferences.colours(stdoutIsTerminal) ? themeOf({ colour: true, ascii }) : bareTheme;
  }

  /** The start of the post that is answered, for people; scripts get the text alone. */
  #quoteFor(post: ShownPost): string | null {
    const { chat, preferences, stdoutIsTerminal } = this.setting;
    if (post.reply === null || post.withdrawn || !stdoutIsTerminal) return null;
    return answeredStart(post.reply, chat, this.names, preferences.words.catalogue);
  }
}
