/**
 * Tables of a few lines, for listings: columns that stand below each other in every script. Where a
 * table is too wide, each row becomes a few lines that say what its columns would: a table that the
 * terminal breaks anywhere cannot be read.
 */

import { inertLine } from "./sanitize.ts";

/** How a table is laid out. */
export interface TableForm {
  /** Above the columns. */
  readonly heads: readonly string[];
  /** The first so many columns say what they are; the others need their head beside them. */
  readonly plain: number;
  /** Puts one more fact into a line about a row that takes several. */
  readonly besides: (facts: string, fact: string) => string;
  /** Columns of the terminal; `null`: as many as it takes. */
  readonly width: number | null;
}

/** Between two columns. */
const gap = "  ";
/** Before what goes on about the row above. */
const indent = "  ";

/**
 * Lays out a table.
 *
 * @param form How.
 * @param rows A cell for each head; they may hold what others wrote.
 * @returns The heads and the rows, each a line, or each row in several where there is no room;
 * columns without any content are left out.
 */
export async function table(
  { heads, plain, besides, width }: TableForm,
  rows: readonly (readonly string[])[],
): Promise<string[]> {
  const used = heads.map((_, at) => at).filter((at) => rows.some((row) => row[at] !== ""));
  const cells = [heads, ...rows].map((row) => used.map((at) => inertLine(row[at] ?? "")));
  const widthOf = await measure([...cells.flat(), besides("", "")]);
  const widths = used.map((_, at) => Math.max(...cells.map((row) => widthOf(row[at]!))));
  const needed = widths.reduce((sum, each) => sum + each) + gap.length * (widths.length - 1);
  if (width === null || needed <= width) {
    return cells.map((row) =>
      row.map((cell, at) => cell + " ".repeat(widths[at]! - widthOf(cell))).join(gap).trimEnd()
    );
  }
  const [names = [], ...told] = cells;
  return told.flatMap((row) => {
    const isPlain = (at: number) => used[at]! < plain;
    const title = row.filter((cell, at) => isPlain(at) && cell !== "").join(gap);
    const facts = row.map((cell, at) => isPlain(at) || cell === "" ? "" : `${names[at]} ${cell}`);
    return [title, ...filled(facts.filter((fact) => fact !== ""), besides, width, widthOf)];
  });
}

/** As many facts in each line as there is room for, at least one. */
function filled(
  facts: readonly string[],
  besides: TableForm["besides"],
  width: number,
  widthOf: (text: string) => number,
): string[] {
  const lines: string[] = [];
  for (const fact of facts) {
    const last = lines.at(-1);
    const longer = last === undefined ? null : besides(last, fact);
    if (longer !== null && widthOf(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(indent + fact);
  }
  return lines;
}

/** Columns on a terminal. The library takes 20 ms to load, so plain cells go without it. */
async function measure(cells: readonly string[]): Promise<(text: string) => number> {
  if (cells.every((cell) => /^[\x20-\x7e]*$/.test(cell))) return (text) => text.length;
  return (await import("string-width")).default;
}
