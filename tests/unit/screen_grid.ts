/**
 * A small terminal: takes what a painter writes and holds what would be on the screen. Not a
 * model of xterm, but a strict reader of the few sequences that the full screen may use;
 * anything else is an error.
 */

import stringWidth from "string-width";

const sequence =
  // deno-lint-ignore no-control-regex -- it reads controls
  /^\x1b(?:\[(\??)([\d;]*)([A-Za-z])|\](\d+);([^\x07\x1b]*)\x07)/;
const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Cells of a screen; the second half of a wide character is empty. */
export class Grid {
  readonly #cells: string[][];
  row = 0;
  column = 0;
  /** Written titles and bells, in order. */
  readonly titles: string[] = [];
  bells = 0;
  /** Columns, counted from 1, where the cursor stood when it was asked for. */
  readonly asked: number[] = [];
  /** Cells that were written beyond the right edge. */
  overflowed = 0;

  constructor(readonly width: number, readonly height: number) {
    this.#cells = Array.from({ length: height }, () => Array<string>(width).fill(" "));
  }

  /** Takes output; throws for what it does not know. */
  write(text: string): this {
    for (let rest = text; rest !== "";) {
      if (rest.startsWith("\x07")) {
        this.bells++;
        rest = rest.slice(1);
        continue;
      }
      if (rest.startsWith("\x1b")) {
        const found = sequence.exec(rest);
        if (found === null) {
          throw new Error(`a sequence of no kind: ${JSON.stringify(rest.slice(0, 20))}`);
        }
        this.#perform(found);
        rest = rest.slice(found[0].length);
        continue;
      }
      // deno-lint-ignore no-control-regex -- it looks for controls
      const plain = /^[^\x1b\x07]+/.exec(rest)![0];
      for (const { segment } of segmenter.segment(plain)) this.#put(segment);
      rest = rest.slice(plain.length);
    }
    return this;
  }

  #perform([, isPrivate, parameters = "", final, osc, words]: RegExpExecArray): void {
    if (osc !== undefined) {
      this.titles.push(words ?? "");
      return;
    }
    const [first = 0, second = 0] = parameters.split(";").map(Number);
    if (isPrivate === "?" && (final === "h" || final === "l")) return;
    switch (final) {
      case "m":
        return;
      case "H":
        [this.row, this.column] = [Math.max(1, first) - 1, Math.max(1, second) - 1];
        if (this.row >= this.height) throw new Error(`row ${first} of ${this.height}`);
        return;
      case "G":
        this.column = Math.max(1, first) - 1;
        return;
      case "K":
        return this.#erase(first === 2 ? 0 : this.column);
      case "n":
        this.asked.push(this.column + 1);
        return;
      case "J":
        for (const row of this.#cells) row.fill(" ");
        return;
      default:
        throw new Error(`a sequence that ends in ${final}`);
    }
  }

  #erase(from: number): void {
    this.#cells[this.row]!.fill(" ", from);
  }

  #put(grapheme: string): void {
    // deno-lint-ignore no-control-regex -- it looks for controls
    if (/[\x00-\x1f\x7f-\x9f]/.test(grapheme)) {
      throw new Error(`a control: ${JSON.stringify(grapheme)}`);
    }
    const width = stringWidth(grapheme);
    const row = this.#cells[this.row]!;
    if (this.column + width > this.width) {
      this.overflowed++;
      return;
    }
    if (width === 0) return;
    // Half of a wide character that is overwritten goes as well.
    if (row[this.column] === "" && this.column > 0) row[this.column - 1] = " ";
    row[this.column] = grapheme;
    for (let i = 1; i < width; i++) row[this.column + i] = "";
    this.column += width;
    if (row[this.column] === "") row[this.column] = " ";
  }

  /** Rows as text, without what is blank at their ends. */
  get lines(): string[] {
    return this.#cells.map((row) => row.join("").trimEnd());
  }
}
