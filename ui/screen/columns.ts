/** Where the columns of the screen begin, for a width: time, name, bar, text, people. */

/** Columns are counted from 1. */
export interface Columns {
  /** Of the whole screen. */
  readonly width: number;
  /** Cells of the time; 0 where there is no room for it. */
  readonly timeWidth: number;
  /** Names end in this column, and take so much before it. */
  readonly nameEnd: number;
  readonly nameWidth: number;
  /** The bar before the text; 0: none. */
  readonly bar: number;
  readonly text: number;
  readonly textWidth: number;
  /** Sentences of this program stand nearer to the left: they have no name. */
  readonly note: number;
  readonly noteWidth: number;
  /** The bar before the list of people; 0: no list. */
  readonly peopleBar: number;
  readonly peopleWidth: number;
}

/**
 * The columns for a width.
 *
 * @param width Of the screen, at least 1.
 */
export function columnsOf(width: number): Columns {
  const peopleWidth = width >= 120 ? 20 : width >= 100 ? 16 : width >= 64 ? 11 : 0;
  const peopleBar = peopleWidth === 0 ? 0 : width - peopleWidth;
  const end = peopleBar === 0 ? width : peopleBar - 1;
  // On the smallest screens text alone.
  if (width < 16) {
    const none = { timeWidth: 0, nameEnd: 0, nameWidth: 0, bar: 0 };
    const notes = { note: 1, noteWidth: width, peopleBar: 0, peopleWidth: 0 };
    return { width, ...none, text: 1, textWidth: width, ...notes };
  }
  const timeWidth = width >= 36 ? 5 : 0;
  const nameWidth = width >= 120 ? 16 : width >= 80 ? 9 : width >= 50 ? 8 : 5;
  const nameEnd = (timeWidth === 0 ? 0 : timeWidth + 1) + nameWidth;
  const bar = nameEnd + 2;
  const text = bar + 2;
  const note = (timeWidth === 0 ? 0 : timeWidth + 1) + 4;
  return {
    width,
    timeWidth,
    nameEnd,
    nameWidth,
    bar,
    text,
    textWidth: end - text + 1,
    note,
    noteWidth: end - note + 1,
    peopleBar,
    peopleWidth,
  };
}
