/**
 * Decides when to draw, and writes the frames. Frames wait for each other and for nobody
 * else: while one is being written, what changes is drawn by the next. What others write is
 * drawn at most every `frameMs`, keys at once.
 */

import { screenLimits } from "../screen_limits.ts";
import type { Cells } from "./cells.ts";
import type { ScreenDevice } from "./device.ts";
import type { Size } from "./frame.ts";
import { type Frame, Painter } from "./painter.ts";
import {
  answersExpected,
  expectedWidths,
  measureOf,
  question,
  type TerminalWidths,
  widthsOf,
} from "./terminal_widths.ts";

/** What a display is given. */
export interface DisplaySetting {
  readonly device: ScreenDevice;
  readonly cells: Cells;
  /** Calls back once, unless the returned function is called before. */
  readonly after: (delayMs: number, action: () => void) => () => void;
  /** The screen as it should be now. */
  readonly compose: () => Frame;
  /** Bells, titles and the like to go out with a frame. */
  readonly calls: () => string;
  /** Told of a fault of this program, or that the terminal has gone. */
  readonly onFault: (error: unknown) => void;
}

/** The display of one run. */
export class Display {
  /** At the last look. */
  size: Size = { columns: 80, rows: 24 };
  /** Changes whenever rows that were drawn are no longer right. */
  layout = 0;
  /** How this terminal measures; as expected until it has answered. */
  widths: TerminalWidths = expectedWidths;
  /** Its answers so far; `null`: nothing was asked, or all was answered. */
  #answers: number[] | null = null;
  #onAnswered = () => {};
  /** The first frame leaves out what takes long to load: the names of days, 16 ms. */
  isBrief = true;
  readonly #painter = new Painter();
  #writing = false;
  #changed = false;
  #closed = false;
  #stopFrame: (() => void) | null = null;

  /** Draws nothing before `enter`. */
  constructor(private readonly setting: DisplaySetting) {}

  /** Takes the terminal over and draws. */
  enter(): void {
    this.setting.device.enter(() => this.redraw());
    this.#answers = [];
    this.redraw();
  }

  /** The terminal says where its cursor stands: an answer, if it was asked. */
  answered(column: number): void {
    if (this.#answers === null) return;
    this.#answers.push(column);
    if (this.#answers.length < answersExpected) return;
    this.widths = widthsOf(this.#answers);
    this.#answers = null;
    this.#onAnswered();
    const isNew = JSON.stringify(this.widths) !== JSON.stringify(expectedWidths);
    if (isNew) this.#measure().then(() => this.redraw(), this.setting.onFault);
  }

  /** Resolves when the terminal owes no answer any more, or has had time for it. */
  answers(): Promise<void> {
    if (this.#answers === null) return Promise.resolve();
    return new Promise((resolve) => {
      const stop = this.setting.after(screenLimits.answerMs, resolve);
      this.#onAnswered = () => {
        stop();
        resolve();
      };
    });
  }

  async #measure(): Promise<void> {
    const { default: stringWidth } = await import("string-width");
    const measure = measureOf(this.widths, stringWidth);
    this.setting.cells.learn(measure, this.widths.ambiguousIsWide);
    this.layout++;
  }

  /** Gives the terminal back. */
  close(): void {
    this.#closed = true;
    this.#stopFrame?.();
    this.setting.device.restore();
  }

  /** Draws everything anew, at what may be another size. */
  redraw(): void {
    this.size = this.setting.device.size();
    this.layout++;
    this.#painter.forget();
    this.draw();
  }

  /** Draws before long, with whatever else changes meanwhile. */
  soon(): void {
    if (this.#closed || this.#stopFrame !== null) return;
    this.#stopFrame = this.setting.after(screenLimits.frameMs, () => {
      this.#stopFrame = null;
      this.draw();
    });
  }

  /** Draws now, or right after the frame that is being written. */
  draw(): void {
    this.#changed = true;
    if (this.#writing || this.#closed) return;
    this.#writing = true;
    this.#writeFrames().then(
      () => this.#writing = false,
      (error) => {
        if (!this.#closed) this.setting.onFault(error);
      },
    );
  }

  async #writeFrames(): Promise<void> {
    const { cells, compose, calls, device } = this.setting;
    while (this.#changed && !this.#closed) {
      this.#changed = false;
      let frame = compose();
      if (cells.lacksMeasure) {
        await this.#measure();
        frame = compose();
      }
      // What is asked stands before the first frame, which covers it.
      const asked = this.isBrief ? question : "";
      const text = asked + calls() + this.#painter.paint(frame);
      if (text !== "" && !this.#closed) await device.write(text);
      this.#changed ||= this.isBrief;
      this.isBrief = false;
    }
  }
}
