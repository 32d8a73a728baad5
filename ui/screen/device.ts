/**
 * A terminal as a screen: raw mode, the other screen, its size, and all of that undone on
 * whatever way the program ends. Deno restores the raw mode after an uncaught error by
 * itself, but neither the screen nor the paste mode.
 */

import type { Size } from "./frame.ts";

/** What a full-screen face needs of the machine. */
export interface ScreenDevice {
  /** Rows and columns at the moment. */
  size(): Size;
  /** Takes the screen over. `onChange`: draw all anew, at what may be another size. */
  enter(onChange: () => void): void;
  /** Writes all of a text while the screen is taken; the next may be written when it resolves. */
  write(text: string): Promise<void>;
  /** Gives the screen back as it was. May be called at any time and more than once. */
  restore(): void;
  /** Gives the screen back and stops this job; goes on when it is continued, or is not stopped. */
  suspend(): void;
  /** Entries of a folder, folders with `/` at the end; empty if it cannot be read. */
  list(folder: string): readonly string[];
  /** Milliseconds since 1970. */
  now(): number;
}

/** Save the title; other screen; bracketed paste; no wrapping at the right edge. */
const takeOver = "\x1b[22;2t\x1b[?1049h\x1b[?2004h\x1b[?7l\x1b[2J";
const giveBack = "\x1b[?2026l\x1b[0m\x1b[?7h\x1b[?2004l\x1b[?25h\x1b[?1049l\x1b[23;2t";
/** Terminals of which nothing is known are taken for the classic size. */
const classic: Size = { columns: 80, rows: 24 };

/** After so long nobody has stopped us; a stop comes at once. */
const stopMs = 100;

/** The real terminal of this process. */
export class DenoScreen implements ScreenDevice {
  #taken = false;
  #onChange: (() => void) | null = null;
  /** Undoes what listens. */
  #listening: (() => void)[] = [];
  #unstopped: ReturnType<typeof setTimeout> | undefined;

  size(): Size {
    try {
      const { columns, rows } = Deno.consoleSize();
      return columns > 0 && rows > 0 ? { columns, rows } : classic;
    } catch {
      return classic;
    }
  }

  enter(onChange: () => void): void {
    this.#onChange = onChange;
    this.#take();
    const restore = () => this.restore();
    for (const event of ["unload", "error", "unhandledrejection"]) {
      globalThis.addEventListener(event, restore);
      this.#listening.push(() => globalThis.removeEventListener(event, restore));
    }
    if (Deno.build.os === "windows") return;
    this.#listen("SIGWINCH", onChange);
    this.#listen("SIGCONT", () => this.#continue());
  }

  #listen(signal: Deno.Signal, handler: () => void): void {
    Deno.addSignalListener(signal, handler);
    this.#listening.push(() => Deno.removeSignalListener(signal, handler));
  }

  #take(): void {
    Deno.stdin.setRaw(true);
    this.#taken = true;
    this.#writeSync(takeOver);
  }

  async write(text: string): Promise<void> {
    // Given back to the shell: all is drawn anew once it is ours again.
    if (!this.#taken) return;
    const bytes = new TextEncoder().encode(text);
    for (let written = 0; written < bytes.length;) {
      written += await Deno.stdout.write(bytes.subarray(written));
    }
  }

  restore(): void {
    for (const stop of this.#listening.splice(0)) stop();
    clearTimeout(this.#unstopped);
    this.#release();
  }

  #release(): void {
    if (!this.#taken) return;
    this.#taken = false;
    this.#writeSync(giveBack);
    try {
      Deno.stdin.setRaw(false);
    } catch {
      // The terminal has gone: nothing is left to restore.
    }
  }

  suspend(): void {
    if (Deno.build.os === "windows") return;
    this.#release();
    // To the whole job, as the terminal itself does: `npx` stands between the shell and us.
    Deno.kill(0, "SIGTSTP");
    // Where no shell could continue it (`docker run`, `ssh host starling`), the system stops nothing.
    clearTimeout(this.#unstopped);
    this.#unstopped = setTimeout(() => this.#continue(), stopMs);
  }

  #continue(): void {
    clearTimeout(this.#unstopped);
    if (this.#taken || this.#listening.length === 0) return;
    this.#take();
    this.#onChange?.();
  }

  list(folder: string): readonly string[] {
    try {
      const names: string[] = [];
      for (const { name, isDirectory } of Deno.readDirSync(folder)) {
        names.push(isDirectory ? `${name}/` : name);
        if (names.length >= 10_000) break;
      }
      return names.sort();
    } catch {
      return [];
    }
  }

  now(): number {
    return Date.now();
  }

  #writeSync(text: string): void {
    const bytes = new TextEncoder().encode(text);
    try {
      for (let written = 0; written < bytes.length;) {
        written += Deno.stdout.writeSync(bytes.subarray(written));
      }
    } catch {
      // The terminal has gone.
    }
  }
}
