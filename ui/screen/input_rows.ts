/**
 * The input as rows: a prompt, the draft wrapped beside it, and where its cursor is. A
 * draft higher than its rows is shown around the cursor.
 */

import { inertLine } from "../sanitize.ts";
import { screenLimits } from "../screen_limits.ts";
import type { Cells } from "./cells.ts";
import type { Draft } from "./line_editor.ts";
import type { Theme } from "../theme.ts";

/** Rows and the cell of the cursor in them, both counted from 0. */
export interface InputRows {
  readonly rows: readonly string[];
  readonly cursorRow: number;
  readonly cursorColumn: number;
}

/**
 * Draws the input.
 *
 * @param prompt One line, inert.
 * @param height Rows at most, at least 1.
 */
export function inputRows(
  prompt: string,
  draft: Draft,
  width: number,
  height: number,
  cells: Cells,
  theme: Theme,
): InputRows {
  const label = cells.cut(prompt, Math.max(0, Math.min(width - 8, width >> 1)), theme.signs.cut);
  const indent = label === "" ? 0 : cells.of(label) + 1;
  const { rows, cursorRow, cursorColumn } = wrapDraft(draft, Math.max(1, width - indent), cells);
  const room = Math.min(height, screenLimits.inputRowsMax);
  const first = Math.max(0, Math.min(cursorRow - room + 1, rows.length - room));
  const start = cursorRow < first ? cursorRow : first;
  const painted = rows.slice(start, start + room).map((row, i) => {
    if (i === 0 && label !== "") return `${theme.paint("prompt", label)} ${row}`;
    return " ".repeat(indent) + row;
  });
  return {
    rows: painted,
    cursorRow: cursorRow - start,
    cursorColumn: Math.min(width - 1, indent + cursorColumn),
  };
}

/** Breaks a draft into rows after spaces and wide characters, and finds the cursor in them. */
export function wrapDraft(draft: Draft, width: number, cells: Cells): InputRows {
  const rows: string[] = [];
  let cursor = { cursorRow: 0, cursorColumn: 0 };
  let position = 0;
  for (const line of draft.text.split("\n")) {
    const pieces = cells.graphemes(line).map((grapheme) => piece(grapheme, width, cells));
    for (const { from, to } of rowRanges(pieces, width)) {
      let column = 0;
      for (const { length, size } of pieces.slice(from, to)) {
        if (position <= draft.cursor) cursor = { cursorRow: rows.length, cursorColumn: column };
        column += size;
        position += length;
      }
      if (position === draft.cursor) cursor = { cursorRow: rows.length, cursorColumn: column };
      rows.push(pieces.slice(from, to).map(({ text }) => text).join(""));
    }
    position++;
  }
  // The cursor after a full row stands at the start of the next.
  if (cursor.cursorColumn < width) return { rows, ...cursor };
  if (cursor.cursorRow === rows.length - 1) rows.push("");
  return { rows, cursorRow: cursor.cursorRow + 1, cursorColumn: 0 };
}

interface Piece {
  readonly text: string;
  readonly size: number;
  /** UTF-16 units in the draft. */
  readonly length: number;
}

function piece(grapheme: string, width: number, cells: Cells): Piece {
  const text = grapheme === "\t" ? " " : inertLine(grapheme);
  const size = cells.of(text);
  return size > width
    ? { text: "?", size: 1, length: grapheme.length }
    : { text, size, length: grapheme.length };
}

function rowRanges(pieces: readonly Piece[], width: number): { from: number; to: number }[] {
  const ranges: { from: number; to: number }[] = [];
  let from = 0;
  let used = 0;
  let breakAt = 0;
  let usedAtBreak = 0;
  for (const [i, { text, size }] of pieces.entries()) {
    while (used + size > width) {
      if (breakAt <= from) [breakAt, usedAtBreak] = [i, used];
      ranges.push({ from, to: breakAt });
      from = breakAt;
      used -= usedAtBreak;
      usedAtBreak = 0;
    }
    used += size;
    if (text === " " || size === 2) [breakAt, usedAtBreak] = [i + 1, used];
  }
  return [...ranges, { from, to: pieces.length }];
}
