/**
 * The three standard streams, signals and timers, behind a small interface: the faces are
 * tested with a fake of it, and a real one is made here.
 *
 * Input and output are told apart: either may be a terminal, a pipe or a file.
 */

import { environmentVariable } from "./environment.ts";
import type { ScreenDevice } from "./screen/device.ts";
import { screenLimits } from "./screen_limits.ts";

/** Why the process is asked to end: Ctrl-C, or SIGTERM, SIGHUP and the like. */
export type EndSignal = "interrupt" | "terminate";

/** What a face needs of the machine. */
export interface Terminal {
  /** A person types. */
  readonly stdinIsTerminal: boolean;
  /** A person reads what is written to standard output. */
  readonly stdoutIsTerminal: boolean;
  /** A person reads what is written to standard error. */
  readonly stderrIsTerminal: boolean;
  /** To draw on; `null` unless both input and output are a terminal. */
  readonly screen: ScreenDevice | null;
  /** How many columns standard output has now; `null` if it is no terminal, or has not said. */
  columns(): number | null;
  /** The terminal has said that it can do nothing but print lines. */
  readonly isDumb: boolean;
  /** The next bytes of standard input, at least one; `null` at its end. */
  read(): Promise<Uint8Array | null>;
  /** Puts back what was read too much; the next `read` gives it. */
  unread(bytes: Uint8Array): void;
  /** How many lines of the input were answers to questions, and so stand before what is read now. */
  linesAnswered: number;
  /**
   * Writes all bytes.
   *
   * @throws {Deno.errors.BrokenPipe} If nobody reads any more.
   */
  write(stream: "stdout" | "stderr", bytes: Uint8Array): Promise<void>;
  /** Asks without showing what is typed; `null` at the end of input. For a terminal only. */
  askSecret(question: string): Promise<string | null>;
  /** Calls back at each signal until the returned function is called. */
  onSignal(handler: (signal: EndSignal) => void): () => void;
  /** Calls back once, unless the returned function is called before. */
  after(delayMs: number, action: () => void): () => void;
}

/** Takes the last character off, whose first byte is the only one not of the form 10xxxxxx. */
function eraseCharacter(typed: number[]): void {
  while (((typed.pop() ?? 0) & 0xc0) === 0x80);
}

/** Ctrl-D. */
const endOfInput = 4;

/** The real streams of this process. */
export async function denoTerminal(): Promise<Terminal> {
  if (!Deno.stdin.isTerminal() || !Deno.stdout.isTerminal()) return new DenoTerminal(null);
  const { DenoScreen } = await import("./screen/device.ts");
  return new DenoTerminal(new DenoScreen());
}

class DenoTerminal implements Terminal {
  readonly stdinIsTerminal = Deno.stdin.isTerminal();
  readonly stdoutIsTerminal = Deno.stdout.isTerminal();
  readonly stderrIsTerminal = Deno.stderr.isTerminal();
  readonly isDumb = environmentVariable("TERM") === "dumb";
  linesAnswered = 0;
  #returned: Uint8Array | null = null;

  constructor(readonly screen: ScreenDevice | null) {}

  async read(): Promise<Uint8Array | null> {
    const returned = this.#returned;
    this.#returned = null;
    if (returned !== null && returned.length > 0) return returned;
    const buffer = new Uint8Array(screenLimits.readBytes);
    const count = await Deno.stdin.read(buffer);
    return count === null ? null : buffer.subarray(0, count);
  }

  unread(bytes: Uint8Array): void {
    this.#returned = bytes;
  }

  async write(stream: "stdout" | "stderr", bytes: Uint8Array): Promise<void> {
    const target = Deno[stream];
    for (let written = 0; written < bytes.length;) {
      written += await target.write(bytes.subarray(written));
    }
  }

  columns(): number | null {
    if (!this.stdoutIsTerminal) return null;
    try {
      const { columns } = Deno.consoleSize();
      return columns > 0 ? columns : null;
    } catch {
      return null;
    }
  }

  async askSecret(question: string): Promise<string | null> {
    // The library asks on standard output, which may be a pipe that reads JSON.
    if (!this.stdoutIsTerminal) return await this.#askBeside(question);
    const { promptSecret } = await import("@std/cli/prompt-secret");
    return promptSecret(question);
  }

  async #askBeside(question: string): Promise<string | null> {
    const ask = (text: string) => this.write("stderr", new TextEncoder().encode(text));
    await ask(`${question} `);
    const typed: number[] = [];
    // Ctrl-C and Ctrl-Z stay what they are.
    Deno.stdin.setRaw(true, { cbreak: Deno.build.os !== "windows" });
    try {
      for (;;) {
        for (const byte of await this.read() ?? [endOfInput]) {
          if (byte === endOfInput) return null;
          if (byte === 10 || byte === 13) return new TextDecoder().decode(Uint8Array.from(typed));
          if (byte === 8 || byte === 127) eraseCharacter(typed);
          else if (typed.length < screenLimits.answerBytesMax) typed.push(byte);
        }
      }
    } finally {
      Deno.stdin.setRaw(false);
      await ask("\n");
    }
  }

  onSignal(handler: (signal: EndSignal) => void): () => void {
    const meanings: readonly (readonly [Deno.Signal, EndSignal])[] = Deno.build.os === "windows"
      ? [["SIGINT", "interrupt"], ["SIGBREAK", "terminate"]]
      : [["SIGINT", "interrupt"], ["SIGTERM", "terminate"], ["SIGHUP", "terminate"]];
    const listeners = meanings.map(([signal, meaning]) => {
      const listener = () => handler(meaning);
      Deno.addSignalListener(signal, listener);
      return [signal, listener] as const;
    });
    return () => {
      for (const [signal, listener] of listeners) Deno.removeSignalListener(signal, listener);
    };
  }

  after(delayMs: number, action: () => void): () => void {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  }
}
