/**
 * What Tab offers: commands at the start of a line, rooms after `#` or where a command
 * takes one, files where a command takes one, people of all rooms where a command takes one,
 * names of the room anywhere else. Each Tab shows the next.
 */

import { screenLimits } from "../screen_limits.ts";
import type { Cells } from "./cells.ts";
import { type Draft, replace } from "./line_editor.ts";

/** Where candidates come from; each best first. */
export interface Sources {
  /** Without the slash. */
  commands(): readonly string[];
  /** With their `#`. */
  rooms(): readonly string[];
  /** Of the room on the screen, as they are shown, the last to speak first. */
  names(): readonly string[];
  /** Of people elsewhere, too: who waits for an answer first. */
  people(): readonly string[];
  /** Addresses that were dialled. */
  addresses(): readonly string[];
  /** Entries of a folder, folders with `/` at the end. */
  files(folder: string): readonly string[];
}

const roomCommands = ["join", "part", "who", "mute", "unmute"];
const peopleCommands = ["whois", "msg", "query", "accept", "verify", "petname", "block", "unblock"];
const addressCommands = ["connect", "disconnect", "reconnect"];

/** One walk through the candidates of a word. */
export class Completion {
  #at = -1;

  private constructor(
    private readonly before: Draft,
    private readonly from: number,
    private readonly candidates: readonly string[],
  ) {}

  /**
   * Looks for what the word at the cursor could become.
   *
   * @returns `null` if there is nothing.
   */
  static of(draft: Draft, sources: Sources): Completion | null {
    const line = draft.text.slice(draft.text.lastIndexOf("\n", draft.cursor - 1) + 1, draft.cursor);
    const lineStart = draft.cursor - line.length;
    const { word, offered } = offer(line, lineStart === 0, sources);
    const folded = fold(word);
    const fitting = offered.filter(({ match }) => fold(match).startsWith(folded));
    const candidates = fitting.slice(0, screenLimits.completionsMax).map(({ text }) => text);
    if (candidates.length === 0) return null;
    return new Completion(draft, draft.cursor - word.length, [...new Set(candidates)]);
  }

  /** The draft with the next or the previous candidate. */
  next(by: -1 | 1, cells: Cells): Draft {
    const { length } = this.candidates;
    this.#at = this.#at < 0 && by < 0 ? length - 1 : (this.#at + by + length) % length;
    return replace(this.before, this.from, this.before.cursor, this.candidates[this.#at]!, cells);
  }
}

interface Offer {
  /** What the typed word must begin. */
  readonly match: string;
  /** What takes its place. */
  readonly text: string;
}

function offer(
  line: string,
  isFirst: boolean,
  sources: Sources,
): { readonly word: string; readonly offered: readonly Offer[] } {
  const command = isFirst ? /^\/(\S*)$/.exec(line) : null;
  if (command !== null) {
    const offered = sources.commands().map((name) => ({ match: `/${name}`, text: `/${name} ` }));
    return { word: line, offered };
  }
  const [, name = "", rest = ""] = (isFirst && /^\/(\S+)\s+([^]*)$/.exec(line)) || [];
  if (name === "export") return { word: rest, offered: paths(rest, sources) };
  const word = /\S*$/.exec(line)?.[0] ?? "";
  const plainly = (texts: readonly string[]) =>
    texts.map((text) => ({ match: text, text: `${text} ` }));
  if (roomCommands.includes(name)) {
    const rooms = sources.rooms();
    const bare = rooms.map((room) => ({ match: room.replace(/^#/, ""), text: `${room} ` }));
    return { word, offered: word.startsWith("#") ? plainly(rooms) : bare };
  }
  if (addressCommands.includes(name)) return { word, offered: plainly(sources.addresses()) };
  if (word.startsWith("#")) return { word, offered: plainly(sources.rooms()) };
  const ending = line === word ? ": " : " ";
  const takesPerson = peopleCommands.includes(name);
  const names = takesPerson ? sources.people() : sources.names();
  // A name may have spaces: what was typed of it may reach further back than one word.
  const longer = longestStart(line, names) ?? word;
  const begin = longer.startsWith("@") ? "@" : "";
  const offered = names.map((each) => ({ match: begin + each, text: begin + each + ending }));
  const isAsked = longer !== "" || line === "" || (takesPerson && rest === "");
  return { word: longer, offered: isAsked ? offered : [] };
}

/** The longest end of a line that begins a name with spaces in it. */
function longestStart(line: string, names: readonly string[]): string | null {
  for (const { index } of line.matchAll(/(?<=^|\s)\S/g)) {
    const end = line.slice(index);
    if (end.includes(" ") && names.some((name) => fold(name).startsWith(fold(end)))) return end;
  }
  return null;
}

function paths(typed: string, sources: Sources): Offer[] {
  const slash = typed.lastIndexOf("/") + 1;
  const folder = typed.slice(0, slash);
  const start = typed.slice(slash);
  return sources.files(folder === "" ? "." : folder)
    // Hidden files are for those who ask.
    .filter((name) => start !== "" || !name.startsWith("."))
    .map((name) => ({ match: folder + name, text: folder + name }));
}

function fold(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}
