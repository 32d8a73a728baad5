/**
 * How many terminal cells a text takes, and where it may be cut: graphemes by UAX 29
 * (`Intl.Segmenter`), widths by `string-width`, each grapheme measured once.
 *
 * Both take 10 to 16 ms to load, which is much of a start. Text of plain letters, Latin to
 * Chinese, needs neither: there each code point is a grapheme of a known width. The library
 * is loaded when something else shows up (`lacksMeasure`); until then widths are guesses,
 * and nobody draws by them.
 */

import { screenLimits } from "../screen_limits.ts";

/** Printable ASCII: one cell each. */
const ascii = /^[\x20-\x7e]*$/;
/** Code points that stand alone and take one cell. */
const narrow = "\\x20-\\x7e\\xa1-\\xac\\xaf-\\u02ff\\u0370-\\u0377\\u037a-\\u037f\\u0384-\\u038a" +
  "\\u038e-\\u03a1\\u03a3-\\u0482\\u048a-\\u052f\\u1e00-\\u1eff\\u2010-\\u2015\\u2018-\\u201f" +
  "\\u2022\\u2026\\u2190\\u2191\\u2193\\u2500-\\u257f\\u2591-\\u2593\\u25cb\\u25cc\\u25cf\\u2713\\u2717";
/** Code points that stand alone and take two. */
const wide = "\\u3000-\\u3029\\u3041-\\u3096\\u309b-\\u30ff\\u4e00-\\u9fff\\uac00-\\ud7a3" +
  "\\uff01-\\uff60";
const simple = new RegExp(`^[${narrow}${wide}]*$`);
/** The same where signs and letters of ambiguous width take two cells. */
const surelySimple = new RegExp(`^[\\x20-\\x7e${wide}]*$`);
const isWide = new RegExp(`[${wide}]`);
/** A guess for the first moments only. */
const probablyWide = /[\p{Extended_Pictographic}\p{Script=Han}\p{Regional_Indicator}]/u;

/** Measures texts; one for each screen, so that it caches what this screen shows. */
export class Cells {
  readonly #widths = new Map<string, number>();
  #segmenter: Intl.Segmenter | null = null;
  #measure: ((grapheme: string) => number) | null = null;
  #lacksMeasure = false;
  #simple = simple;

  /** Something was measured that only the library knows. */
  get lacksMeasure(): boolean {
    return this.#lacksMeasure;
  }

  /**
   * Takes the library; all guesses are forgotten.
   *
   * @param measure Cells of a grapheme.
   * @param ambiguousIsWide Whether it has another opinion of signs that mostly take one cell.
   */
  learn(measure: (grapheme: string) => number, ambiguousIsWide = false): void {
    this.#measure = measure;
    this.#simple = ambiguousIsWide ? surelySimple : simple;
    this.#widths.clear();
    this.#lacksMeasure = false;
  }

  /** Cuts a text into what a person takes for characters. */
  graphemes(text: string): string[] {
    if (this.#simple.test(text)) return text.split("");
    // One language for all: the boundaries of UAX 29 do not depend on it.
    this.#segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
    return Array.from(this.#segmenter.segment(text), ({ segment }) => segment);
  }

  /** Cells of one grapheme. */
  ofGrapheme(grapheme: string): number {
    if (grapheme.length === 1 && this.#simple.test(grapheme)) return isWide.test(grapheme) ? 2 : 1;
    const known = this.#widths.get(grapheme);
    if (known !== undefined) return known;
    if (this.#measure === null) this.#lacksMeasure = true;
    const width = this.#measure?.(grapheme) ?? (probablyWide.test(grapheme) ? 2 : 1);
    if (this.#widths.size >= screenLimits.widthsCachedMax) this.#widths.clear();
    this.#widths.set(grapheme, width);
    return width;
  }

  /** Cells of a text of one line. */
  of(text: string): number {
    if (ascii.test(text)) return text.length;
    let cells = 0;
    for (const grapheme of this.graphemes(text)) cells += this.ofGrapheme(grapheme);
    return cells;
  }

  /**
   * The start of a text that fits.
   *
   * @param width Cells to fill at most.
   * @param mark Stands at the end of what was cut; one cell.
   */
  cut(text: string, width: number, mark: string): string {
    if (width <= 0) return "";
    if (text.length <= width && ascii.test(text)) return text;
    let cells = 0;
    let fits = "";
    let whole = "";
    for (const grapheme of this.graphemes(text)) {
      cells += this.ofGrapheme(grapheme);
      if (cells > width) return fits + mark;
      whole += grapheme;
      if (cells < width) fits = whole;
    }
    return whole;
  }
}
