/**
 * What calls a person to a terminal: its bell, or a notification of the desktop by OSC 9
 * (iTerm2, WezTerm, Windows Terminal) or OSC 777 (rxvt, foot, Ghostty). Pure.
 */

import type { PreferenceChoices } from "./preference_table.ts";
import { inertLine } from "./sanitize.ts";

/** Characters of a notification; desktops show two lines at most. */
const bodyCharactersMax = 120;

/**
 * The bytes that call.
 *
 * @param how The preference `notify`.
 * @param title Who or where.
 * @param text What was said; made inert and cut here.
 */
export function notification(
  how: PreferenceChoices["notify"],
  title: string,
  text: string,
): string {
  // A semicolon ends a field of OSC 777, and of OSC 9 in the eyes of ConEmu.
  const field = (part: string) =>
    [...inertLine(part).replaceAll(";", ",")].slice(0, bodyCharactersMax).join("");
  switch (how) {
    case "off":
      return "";
    case "bell":
      return "\x07";
    case "osc9":
      return `\x1b]9;${field(`${title}: ${text}`)}\x07`;
    case "osc777":
      return `\x1b]777;notify;${field(title)};${field(text)}\x07`;
  }
}
