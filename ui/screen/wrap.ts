/**
 * Breaks a line into rows of a width: after spaces, around wide characters as Chinese does
 * it (no row begins with closing punctuation), and within a word only if it is longer than
 * a row. No grapheme is split, no row is wider.
 */

import type { Cells } from "./cells.ts";

/** What must not begin a row. */
const closing = /^[、。，．！？：；）」』】》〉”’%‰℃]/;

/**
 * Breaks a line.
 *
 * @param line One line, inert; may be empty.
 * @param width Cells of a row, at least 1.
 * @param rowsMax How many rows at most; the rest is left out.
 * @returns At least one row. A space at which a row ends is not in it.
 */
export function wrap(line: string, width: number, cells: Cells, rowsMax = Infinity): string[] {
  if (line.length <= width && cells.of(line) <= width) return [line];
  const graphemes = cells.graphemes(line);
  const rows: string[] = [];
  let start = 0;
  let used = 0;
  /** Where the row may end: the index of what would begin the next. */
  let breakAt = 0;
  let usedAtBreak = 0;
  for (let i = 0; i < graphemes.length && rows.length < rowsMax; i++) {
    const grapheme = graphemes[i]!;
    const size = cells.ofGrapheme(grapheme);
    if (size > width) graphemes[i] = "?";
    const taken = size > width ? 1 : size;
    if (taken === 2 && i > start && !closing.test(grapheme)) [breakAt, usedAtBreak] = [i, used];
    // What stood after the last break may itself be too long for a row.
    while (used + taken > width && grapheme !== " " && rows.length < rowsMax) {
      if (breakAt <= start) [breakAt, usedAtBreak] = [i, used];
      rows.push(graphemes.slice(start, breakAt).join("").trimEnd());
      start = breakAt;
      used -= usedAtBreak;
      usedAtBreak = 0;
    }
    used += taken;
    const next = graphemes[i + 1];
    const opens = next !== undefined && !closing.test(next);
    if (grapheme === " " || (taken === 2 && opens)) [breakAt, usedAtBreak] = [i + 1, used];
  }
  if (rows.length < rowsMax) {
    const rest = graphemes.slice(start).join("");
    rows.push(rows.length > 0 || used > width ? rest.trimEnd() : rest);
  }
  return rows;
}
