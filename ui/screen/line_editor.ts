/**
 * The draft of a line and its cursor: a value and functions from one value to the next. The
 * text may have several lines. The cursor always stands between two graphemes, so nothing
 * that is deleted or passed over leaves half a character behind.
 */

import { screenLimits } from "../screen_limits.ts";
import type { Cells } from "./cells.ts";

/** A draft. */
export interface Draft {
  /** Well-formed; no controls but newlines and TABs. */
  readonly text: string;
  /** Where the next character goes: a position in UTF-16 units, on a grapheme's edge. */
  readonly cursor: number;
}

/** Nothing typed. */
export const emptyDraft: Draft = { text: "", cursor: 0 };

// deno-lint-ignore no-control-regex -- controls are what it looks for
const unwanted = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;

/** A draft of a text with the cursor at its end. */
export function draftOf(text: string): Draft {
  const whole = cleaned(text).slice(0, screenLimits.draftCharactersMax).toWellFormed();
  return { text: whole, cursor: whole.length };
}

function cleaned(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(unwanted, "").toWellFormed();
}

/**
 * Puts a text at the cursor.
 *
 * @returns The draft; unchanged if it would grow beyond `draftCharactersMax`.
 */
export function insert(draft: Draft, typed: string, cells: Cells): Draft {
  const text = cleaned(typed);
  if (draft.text.length + text.length > screenLimits.draftCharactersMax) return draft;
  const whole = draft.text.slice(0, draft.cursor) + text + draft.text.slice(draft.cursor);
  return settled(whole, draft.cursor + text.length, cells);
}

/** Replaces a range; the cursor stands after it. */
export function replace(draft: Draft, from: number, to: number, by: string, cells: Cells): Draft {
  const text = cleaned(by);
  const whole = draft.text.slice(0, from) + text + draft.text.slice(to);
  if (whole.length > screenLimits.draftCharactersMax) return draft;
  return settled(whole, from + text.length, cells);
}

/** What was typed may join its neighbours (an accent, a skin tone): the edge moves on. */
function settled(text: string, cursor: number, cells: Cells): Draft {
  return { text, cursor: edgeAtOrAfter(text, cursor, cells) };
}

/** The line in which a position is: its start and its end, without the newline. */
function lineAt(text: string, position: number): { start: number; end: number } {
  const start = text.lastIndexOf("\n", position - 1) + 1;
  const next = text.indexOf("\n", position);
  return { start: position === 0 ? 0 : start, end: next < 0 ? text.length : next };
}

function edgeAtOrAfter(text: string, position: number, cells: Cells): number {
  const { start, end } = lineAt(text, position);
  let edge = start;
  for (const grapheme of cells.graphemes(text.slice(start, end))) {
    if (edge >= position) return edge;
    edge += grapheme.length;
  }
  return edge;
}

function edgeBefore(text: string, position: number, cells: Cells): number {
  if (position === 0) return 0;
  const { start } = lineAt(text, position);
  // Before the first character of a line stands a newline.
  if (start === position) return position - 1;
  return position - (cells.graphemes(text.slice(start, position)).at(-1) ?? "").length;
}

function edgeAfter(text: string, position: number, cells: Cells): number {
  const { end } = lineAt(text, position);
  if (position === end) return Math.min(position + 1, text.length);
  return position + (cells.graphemes(text.slice(position, end))[0] ?? "").length;
}

function wordBefore({ text, cursor }: Draft, cells: Cells): number {
  const before = /(?:[\p{L}\p{M}\p{N}_]+|[^\p{L}\p{M}\p{N}_\s]+)?\s*$/u.exec(text.slice(0, cursor));
  const at = before === null ? cursor : before.index;
  return at === cursor ? edgeBefore(text, cursor, cells) : backToEdge(text, at, cells);
}

function wordAfter({ text, cursor }: Draft, cells: Cells): number {
  const after = /^\s*(?:[\p{L}\p{M}\p{N}_]+|[^\p{L}\p{M}\p{N}_\s]+)?/u.exec(text.slice(cursor));
  return edgeAtOrAfter(text, cursor + (after?.[0].length ?? 0), cells);
}

/** The edge at or before a position. */
function backToEdge(text: string, position: number, cells: Cells): number {
  const edge = edgeAtOrAfter(text, position, cells);
  return edge === position ? position : edgeBefore(text, edge, cells);
}

/** Where the cursor can go at once. */
export type Motion =
  | "left"
  | "right"
  | "word-left"
  | "word-right"
  | "line-start"
  | "line-end"
  | "start"
  | "end";

/** The position that a motion leads to. */
export function target(draft: Draft, motion: Motion, cells: Cells): number {
  const { text, cursor } = draft;
  switch (motion) {
    case "left":
      return edgeBefore(text, cursor, cells);
    case "right":
      return edgeAfter(text, cursor, cells);
    case "word-left":
      return wordBefore(draft, cells);
    case "word-right":
      return wordAfter(draft, cells);
    case "line-start":
      return lineAt(text, cursor).start;
    case "line-end":
      return lineAt(text, cursor).end;
    case "start":
      return 0;
    case "end":
      return text.length;
  }
}

/** Moves the cursor. */
export function move(draft: Draft, motion: Motion, cells: Cells): Draft {
  return { text: draft.text, cursor: target(draft, motion, cells) };
}

/** Deletes from the cursor to where a motion leads; gives what was deleted, for Ctrl+Y. */
export function erase(
  draft: Draft,
  motion: Motion,
  cells: Cells,
): { draft: Draft; erased: string } {
  const to = target(draft, motion, cells);
  const [from, end] = to < draft.cursor ? [to, draft.cursor] : [draft.cursor, to];
  const whole = draft.text.slice(0, from) + draft.text.slice(end);
  return { draft: settled(whole, from, cells), erased: draft.text.slice(from, end) };
}

/**
 * Moves to the line above or below, at about the same column.
 *
 * @returns `null` if there is none.
 */
export function moveLine(draft: Draft, direction: -1 | 1, cells: Cells): Draft | null {
  const { start, end } = lineAt(draft.text, draft.cursor);
  if (direction < 0 ? start === 0 : end === draft.text.length) return null;
  const column = cells.graphemes(draft.text.slice(start, draft.cursor)).length;
  const line = lineAt(draft.text, direction < 0 ? start - 1 : end + 1);
  const graphemes = cells.graphemes(draft.text.slice(line.start, line.end));
  const cursor = line.start + graphemes.slice(0, column).join("").length;
  return { text: draft.text, cursor };
}
