/**
 * Cuts standard input into lines, whatever chunks it comes in: resumable, with bounded
 * memory. A line that is too long or not UTF-8 is reported and skipped, never cut or mended.
 */

/** One line of input, with its number from 1. */
export type InputLine =
  | { readonly number: number; readonly text: string }
  | { readonly number: number; readonly problem: "too-long" | "not-utf8" };

const newline = 10;
const carriageReturn = 13;
const byteOrderMark = "\uFEFF";

/** A resumable splitter of bytes into lines that end in LF or CRLF. */
export class LineSplitter {
  /** The line begun in earlier chunks. */
  #begun: Uint8Array[] = [];
  #begunBytes = 0;
  #tooLong = false;
  #number: number;
  // The mark is kept inside a text, which travels byte for byte.
  readonly #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

  /**
   * At the beginning of a line.
   *
   * @param bytesMax The longest line, without its end.
   * @param first The number of the next line: more than 1 if others have read those before.
   */
  constructor(private readonly bytesMax: number, first = 1) {
    this.#number = first;
  }

  /**
   * Takes in a chunk.
   *
   * @param chunk Not touched, and not kept beyond the line that it ends in.
   * @returns The lines that it completes.
   */
  push(chunk: Uint8Array): InputLine[] {
    const lines: InputLine[] = [];
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(newline, start);
      if (end < 0) break;
      this.#take(chunk.subarray(start, end));
      lines.push(this.#finish());
      start = end + 1;
    }
    if (start < chunk.length) this.#take(chunk.subarray(start));
    return lines;
  }

  /** The last line, if it had no end of its own. */
  end(): InputLine | null {
    return this.#begunBytes > 0 || this.#tooLong ? this.#finish() : null;
  }

  #take(bytes: Uint8Array): void {
    // One byte more than allowed may still be the CR of a CRLF.
    if (this.#begunBytes + bytes.length > this.bytesMax + 1) this.#tooLong = true;
    if (this.#tooLong) {
      this.#begun = [];
      this.#begunBytes = 0;
    } else if (bytes.length > 0) {
      this.#begun.push(bytes);
      this.#begunBytes += bytes.length;
      // A program that writes single bytes must not cost one array each.
      if (this.#begun.length > 64) this.#begun = [this.#joined()];
    }
  }

  #joined(): Uint8Array {
    const only = this.#begun[0];
    if (this.#begun.length === 1 && only !== undefined) return only;
    const whole = new Uint8Array(this.#begunBytes);
    let at = 0;
    for (const part of this.#begun) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  #finish(): InputLine {
    const number = this.#number++;
    let bytes = this.#joined();
    const tooLong = this.#tooLong;
    this.#begun = [];
    this.#begunBytes = 0;
    this.#tooLong = false;
    if (tooLong) return { number, problem: "too-long" };
    if (bytes.at(-1) === carriageReturn) bytes = bytes.subarray(0, -1);
    if (bytes.length > this.bytesMax) return { number, problem: "too-long" };
    try {
      const text = this.#decoder.decode(bytes);
      // Some editors and shells begin a file with the mark.
      const marked = number === 1 && text.startsWith(byteOrderMark);
      return { number, text: marked ? text.slice(1) : text };
    } catch {
      return { number, problem: "not-utf8" };
    }
  }
}
