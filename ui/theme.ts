/**
 * How things look, for every face on a terminal: the terminal's own 16 colours, so that a
 * person's palette holds, and the few signs that are not letters. Without colours there are
 * bold, faint and reverse only; with ASCII signs nothing is drawn whose width terminals
 * disagree about. Pure.
 */

import type { PeerId } from "../wire/ids.ts";

/** A part of what is shown that has a look. */
export type Role =
  | "title"
  | "status"
  | "active"
  | "urgent"
  | "time"
  | "note"
  | "rule"
  | "unread"
  | "own"
  | "mention"
  | "quote"
  | "tick"
  | "failed"
  | "prompt"
  | "chosen"
  | "announcement"
  | "private";

/** The signs: one column each, but `held`, which has two. */
export interface Signs {
  readonly bar: string;
  readonly line: string;
  readonly here: string;
  readonly away: string;
  /** The same for people whose key was compared. */
  readonly verifiedHere: string;
  readonly verifiedAway: string;
  readonly cut: string;
  readonly stored: string;
  readonly handed: string;
  readonly held: string;
  readonly undelivered: string;
  readonly dash: string;
  readonly down: string;
  readonly full: string;
  readonly empty: string;
}

/** A look for everything. */
export interface Theme {
  readonly signs: Signs;
  /**
   * The terminal may draw characters of ambiguous width (`…`, `●`, `·` and the like) two
   * columns wide, as many do with Chinese fonts: count those of others so.
   */
  readonly ambiguousIsWide: boolean;
  /** Dresses a text, which must be inert already. */
  paint(role: Role, text: string): string;
  /** Dresses a name in the colour of its key. */
  name(peer: PeerId, text: string): string;
}

/** Ends every look. */
export const plain = "\x1b[0m";

const drawn: Signs = {
  bar: "│",
  line: "─",
  here: "●",
  away: "○",
  verifiedHere: "◆",
  verifiedAway: "◇",
  cut: "…",
  stored: "…",
  handed: "✓",
  held: "✓✓",
  undelivered: "✗",
  dash: "—",
  down: "↓",
  full: "▓",
  empty: "░",
};

const asciiSigns: Signs = {
  bar: "|",
  line: "-",
  here: "*",
  away: "o",
  verifiedHere: "V",
  verifiedAway: "v",
  cut: "~",
  stored: ".",
  handed: "+",
  held: "++",
  undelivered: "x",
  dash: "-",
  down: "v",
  full: "#",
  empty: ".",
};

/** The parameters of SGR for each role. */
const coloured: Readonly<Record<Role, string>> = {
  title: "7",
  status: "7",
  active: "7;1",
  urgent: "7;1;31",
  time: "90",
  note: "90",
  rule: "90",
  unread: "33",
  own: "1",
  mention: "1;33",
  quote: "90",
  tick: "90",
  failed: "31",
  prompt: "1",
  chosen: "7",
  announcement: "1;36",
  private: "35",
};

const colourless: Readonly<Record<Role, string>> = {
  ...coloured,
  urgent: "7;1",
  time: "2",
  note: "2",
  rule: "2",
  unread: "1",
  mention: "1",
  quote: "2",
  tick: "2",
  failed: "1",
  announcement: "1",
  private: "4",
};

/**
 * Of the 16 those that can be read on black and on white: without black, white, the two greys
 * and the dark form of blue.
 */
const nameColours = [31, 32, 33, 35, 36, 91, 92, 93, 94, 95, 96] as const;

/** A colour of a name, as a parameter of SGR. */
export type NameColour = typeof nameColours[number];

/** The colour of somebody's name: of the key alone, so it is the same on every screen. */
export function nameColour(peer: PeerId): NameColour {
  return nameColours[Number.parseInt(peer.slice(0, 8), 16) % nameColours.length]!;
}

/**
 * A theme.
 *
 * @param look Whether there may be colours, and signs beyond ASCII.
 */
export function themeOf(look: { readonly colour: boolean; readonly ascii: boolean }): Theme {
  const codes = look.colour ? coloured : colourless;
  const dress = (code: string | number, text: string) =>
    text === "" ? "" : `\x1b[${code}m${text}${plain}`;
  return {
    signs: look.ascii ? asciiSigns : drawn,
    ambiguousIsWide: look.ascii,
    paint: (role, text) => dress(codes[role], text),
    name: (peer, text) => look.colour ? dress(nameColour(peer), text) : text,
  };
}

/** The theme of pipes, dumb terminals and line mode without colours: no sequence at all. */
export const bareTheme: Theme = {
  signs: asciiSigns,
  ambiguousIsWide: true,
  paint: (_role, text) => text,
  name: (_peer, text) => text,
};

/** What `--color` and `/set color` take. */
export type ColorChoice = "auto" | "always" | "never";

/** What `/set theme` takes. */
export type ThemeName = "unicode" | "ascii";

/**
 * Whether to use colours.
 *
 * @param choice What somebody asks for outdoes NO_COLOR.
 * @param surroundings Where the text goes; `noColor` and `term` are the variables NO_COLOR
 * (any value but an empty one counts) and TERM.
 */
export function wantsColours(
  choice: ColorChoice,
  surroundings: {
    readonly isTerminal: boolean;
    readonly noColor: string | undefined;
    readonly term: string | undefined;
  },
): boolean {
  if (choice !== "auto") return choice === "always";
  const { isTerminal, noColor, term } = surroundings;
  return isTerminal && (noColor ?? "") === "" && term !== "dumb";
}
