/**
 * Puts a screen together: title, body with people beside it, status, input; a function of
 * the state and the size. A screen too low for all of it keeps the input longest.
 */

import type { Person } from "../../peer/listing.ts";
import type { Names } from "../names.ts";
import { peopleRows, type Status, statusRow, titleRow } from "./bars.ts";
import { at, type Look, wholeRow } from "./entry_rows.ts";
import type { InputRows } from "./input_rows.ts";
import type { Frame } from "./painter.ts";

/** Rows and columns of a terminal. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** What stands where. */
export interface Scene {
  readonly label: string;
  readonly topic: string;
  readonly here: string;
  readonly status: Status;
  readonly people: readonly Person[];
  /** Rows of the body from the top, as many as there are up to a height. */
  readonly body: (height: number) => readonly string[];
  /** The input within a height. */
  readonly input: (height: number) => InputRows;
}

/** How many rows the body has beside an input of so many. */
export function bodyHeight(rows: number, inputHeight: number): number {
  return Math.max(0, rows - inputHeight - (rows >= 3 ? 1 : 0) - (rows >= 5 ? 1 : 0));
}

/** The whole screen. */
export function frameOf(scene: Scene, size: Size, look: Look): Frame {
  const width = size.columns;
  const input = scene.input(Math.max(1, size.rows - 3));
  const height = bodyHeight(size.rows, input.rows.length);
  const rows: string[] = [];
  if (size.rows >= 5) rows.push(titleRow(scene.label, scene.topic, scene.here, look));
  rows.push(...bodyWithPeople(scene, height, look.names, look));
  if (size.rows >= 3) rows.push(statusRow(scene.status, look));
  const cursorRow = rows.length + input.cursorRow;
  rows.push(...input.rows);
  return { width, rows: rows.slice(0, size.rows), cursorRow, cursorColumn: input.cursorColumn };
}

function bodyWithPeople(
  scene: Scene,
  height: number,
  names: Names,
  look: Look,
): string[] {
  const { columns, theme } = look;
  const body = scene.body(height);
  const people = columns.peopleBar === 0
    ? []
    : peopleRows(scene.people, names, columns.peopleWidth, height, look);
  return Array.from({ length: height }, (_, i) => {
    const row = body[i] ?? "";
    if (columns.peopleBar === 0 || row.startsWith(wholeRow)) return row;
    // A text that took more cells than we think must not show behind the bar.
    const bar = `${at(columns.peopleBar)}\x1b[K${theme.paint("rule", theme.signs.bar)}`;
    return row + bar + (people[i] ?? "");
  });
}
