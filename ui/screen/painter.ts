/**
 * Turns frames into bytes: only rows that differ from the last frame are written, each
 * addressed by its number, and the whole as one write between synchronized-update marks.
 * Nothing depends on where the terminal's cursor was or on what it thinks a text takes.
 */

import { plain } from "../theme.ts";

/** A screen full. */
export interface Frame {
  readonly width: number;
  /** One string for each row of the screen, with its looks and jumps. */
  readonly rows: readonly string[];
  /** Where the cursor stands, counted from 0. */
  readonly cursorRow: number;
  readonly cursorColumn: number;
}

const begin = "\x1b[?2026h\x1b[?25l";
const end = "\x1b[?25h\x1b[?2026l";

/** Remembers what is on the screen. */
export class Painter {
  #last: Frame | null = null;

  /** Nothing on the screen is as it was: the next frame is written whole. */
  forget(): void {
    this.#last = null;
  }

  /**
   * What to write for the next frame.
   *
   * @returns Empty if nothing has changed.
   */
  paint(frame: Frame): string {
    const last = this.#last;
    this.#last = frame;
    const isNew = last === null || last.width !== frame.width ||
      last.rows.length !== frame.rows.length;
    let text = isNew ? `${plain}\x1b[2J` : "";
    for (const [i, row] of frame.rows.entries()) {
      if (!isNew && row === last.rows[i]) continue;
      if (isNew && row === "") continue;
      text += `\x1b[${i + 1};1H${isNew ? "" : "\x1b[2K"}${row}`;
    }
    const cursor = `\x1b[${frame.cursorRow + 1};${frame.cursorColumn + 1}H`;
    const moved = isNew || last.cursorRow !== frame.cursorRow ||
      last.cursorColumn !== frame.cursorColumn;
    return text === "" && !moved ? "" : begin + text + cursor + end;
  }
}
