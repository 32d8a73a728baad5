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

/** Breaks a draft wherever a row is full: words are not kept whole while one types them. */
export function wrapDraft(draft: Draft, width: number, cells: Cells): InputRows {
  const rows: string[] = [];
  let row = "";
  let used = 0;
  let position = 0;
  let cursor: { cursorRow: number; cursorColumn: number } | null = null;
  const mark = () => {
    if (cursor === null && position >= draft.cursor) {
      cursor = { cursorRow: rows.length, cursorColumn: used };
    }
  };
  const endRow = () => {
    rows.push(row);
    row = "";
    used = 0;
  };
  for (const [i, line] of draft.text.split("\n").entries()) {
    if (i > 0) {
      mark();
      endRow();
      position++;
    }
    for (const grapheme of cells.graphemes(line)) {
      const shown = grapheme === "\t" ? " " : inertLine(grapheme);
      const size = cells.of(shown);
      const [text, taken] = size > width ? ["?", 1] : [shown, size];
      if (used + taken > width) endRow();
      mark();
      row += text;
      used += taken;
      position += grapheme.length;
    }
  }
  // The cursor after a full row stands at the start of the next.
  if (used >= width) endRow();
  mark();
  rows.push(row);
  return { rows, ...cursor ?? { cursorRow: rows.length - 1, cursorColumn: used } };
}
