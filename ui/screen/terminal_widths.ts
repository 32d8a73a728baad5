/**
 * What this terminal takes for the width of characters about which terminals disagree: it is
 * asked, once, by printing one of each kind and asking for the cursor (CSI 6 n, ECMA-48 CPR).
 * A terminal that draws a family as three people then gets room for three, and one that draws
 * `…` two cells wide, as many do with Chinese fonts, gets signs of ASCII.
 */

/** One of each kind; the order is that of the answers. */
const samples = ["…", "👍🏽", "👨‍👩‍👧", "🇩🇪", "☺️"] as const;

/** How many answers come. */
export const answersExpected: number = samples.length;

/** The bytes that ask: nothing of them is seen, because the first frame covers it. */
export const question: string = samples.map((sample) => `\x1b[1;1H${sample}\x1b[6n`).join("");

/** What a terminal has answered. */
export interface TerminalWidths {
  /** Characters of ambiguous width (UAX 11) take two cells. */
  readonly ambiguousIsWide: boolean;
  /** Cells that the kinds take which are one grapheme of several code points. */
  readonly toned: number;
  readonly family: number;
  readonly flag: number;
  readonly styled: number;
}

/** What is believed of a terminal that does not answer: what `string-width` says. */
export const expectedWidths: TerminalWidths = {
  ambiguousIsWide: false,
  toned: 2,
  family: 2,
  flag: 2,
  styled: 2,
};

/**
 * Reads the answers.
 *
 * @param columns Where the cursor stood after each sample, counted from 1.
 */
export function widthsOf(columns: readonly number[]): TerminalWidths {
  const [ambiguous = 2, toned = 3, family = 3, flag = 3, styled = 3] = columns;
  return {
    ambiguousIsWide: ambiguous === 3,
    toned: toned - 1,
    family: family - 1,
    flag: flag - 1,
    styled: styled - 1,
  };
}

/** `string-width`, as far as it is used. */
export type StringWidth = (
  text: string,
  options?: { readonly ambiguousIsNarrow?: boolean },
) => number;

const flagPair = /^\p{Regional_Indicator}{2}$/u;
const joiner = "\u200d";
const styleMark = "\ufe0f";
const tone = /\p{Emoji_Modifier}/u;

/**
 * Measures graphemes as this terminal does.
 *
 * @param widths What it has answered.
 * @param stringWidth What measures all that is not in question.
 */
export function measureOf(
  widths: TerminalWidths,
  stringWidth: StringWidth,
): (grapheme: string) => number {
  const options = { ambiguousIsNarrow: !widths.ambiguousIsWide };
  const whole = (text: string) => stringWidth(text, options);
  const parts = (text: string) => Array.from(text).reduce((sum, part) => sum + whole(part), 0);
  return (grapheme) => {
    // Most have one code point.
    if (grapheme.length <= 1) return whole(grapheme);
    if (flagPair.test(grapheme)) return widths.flag;
    if (grapheme.includes(joiner)) {
      return widths.family === expectedWidths.family ? whole(grapheme) : parts(grapheme);
    }
    if (tone.test(grapheme) && widths.toned !== expectedWidths.toned) return parts(grapheme);
    if (grapheme.includes(styleMark) && widths.styled !== expectedWidths.styled) {
      return parts(grapheme);
    }
    return whole(grapheme);
  };
}
