/** Tables of a few lines, for listings: columns that stand below each other in every script. */

import { inertLine } from "./sanitize.ts";

/** Between two columns. */
const gap = "  ";

/**
 * Lays out a table.
 *
 * @param heads Above the columns.
 * @param rows As many cells each; they may hold what others wrote.
 * @returns The heads and the rows, each a line; columns without any content are left out.
 */
export async function table(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
): Promise<string[]> {
  const used = heads.map((_, at) => at).filter((at) => rows.some((row) => row[at] !== ""));
  const cells = [heads, ...rows].map((row) => used.map((at) => inertLine(row[at] ?? "")));
  const widthOf = await measure(cells.flat());
  const widths = used.map((_, at) => Math.max(...cells.map((row) => widthOf(row[at]!))));
  return cells.map((row) =>
    row.map((cell, at) => cell + " ".repeat(widths[at]! - widthOf(cell))).join(gap).trimEnd()
  );
}

/** Columns on a terminal. The library takes 20 ms to load, so plain cells go without it. */
async function measure(cells: readonly string[]): Promise<(text: string) => number> {
  if (cells.every((cell) => /^[\x20-\x7e]*$/.test(cell))) return (text) => text.length;
  return (await import("string-width")).default;
}
