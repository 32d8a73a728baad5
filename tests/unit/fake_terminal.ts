/** A terminal, pipe or file of which a test holds the other end, with timers it moves. */

// Loaded here, so that no test waits for a module that a face imports on first use.
import "string-width";
import "../../ui/catalogue_help_en.ts";
import "../../ui/catalogue_help_zh.ts";
import type { ScreenDevice } from "../../ui/screen/device.ts";
import type { EndSignal, Terminal } from "../../ui/terminal.ts";

/** Lets everything that can happen without new input happen. */
export async function settle(): Promise<void> {
  // One turn of the loop runs all promises that are ready; an import takes a few.
  for (let turn = 0; turn < 20; turn++) {
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

declare function setImmediate(action: () => void): void;

export class FakeTerminal implements Terminal {
  readonly stdinIsTerminal: boolean;
  readonly stdoutIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  screen: ScreenDevice | null = null;
  readonly isDumb = false;
  width: number | null = null;
  stdout = "";
  stderr = "";
  writes = 0;
  linesAnswered = 0;
  secrets: (string | null)[] = [];
  /** While set, writes to standard output wait for it. */
  stalled: Promise<void> | null = null;
  failure: Error | null = null;
  timers: { readonly delayMs: number; readonly action: () => void }[] = [];
  handler: ((signal: EndSignal) => void) | null = null;
  #input: (Uint8Array | null)[] = [];
  /** How much of the input was read; taking chunks off the front would cost its length. */
  #at = 0;
  #wake: (() => void) | null = null;
  readonly #decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };

  constructor(kind: { readonly in?: boolean; readonly out?: boolean } = {}) {
    this.stdinIsTerminal = kind.in ?? false;
    this.stdoutIsTerminal = kind.out ?? false;
    this.stderrIsTerminal = kind.out ?? false;
  }

  /** Gives input: text or bytes; `null` ends it. */
  type(...chunks: readonly (string | Uint8Array | null)[]): this {
    for (const chunk of chunks) {
      this.#input.push(typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk);
    }
    this.#wake?.();
    return this;
  }

  /** Input that nobody has asked for yet. */
  get unreadChunks(): number {
    return this.#input.length - this.#at;
  }

  /** Lets the timer run out that was set last. */
  expire(): void {
    this.timers.pop()?.action();
  }

  async read(): Promise<Uint8Array | null> {
    while (this.#at === this.#input.length) {
      const waiting = Promise.withResolvers<void>();
      this.#wake = waiting.resolve;
      await waiting.promise;
    }
    const chunk = this.#input[this.#at]!;
    // The end stays the end.
    if (chunk !== null) this.#at++;
    return chunk;
  }

  unread(bytes: Uint8Array): void {
    this.#input[--this.#at] = bytes;
  }

  async write(stream: "stdout" | "stderr", bytes: Uint8Array): Promise<void> {
    if (stream === "stdout") {
      if (this.stalled !== null) await this.stalled;
      if (this.failure !== null) throw this.failure;
    }
    this.writes++;
    this[stream] += this.#decoders[stream].decode(bytes, { stream: true });
  }

  columns(): number | null {
    return this.width;
  }

  askSecret(): Promise<string | null> {
    return Promise.resolve(this.secrets.shift() ?? null);
  }

  onSignal(handler: (signal: EndSignal) => void): () => void {
    this.handler = handler;
    return () => this.handler = null;
  }

  after(delayMs: number, action: () => void): () => void {
    const timer = { delayMs, action };
    this.timers.push(timer);
    return () => this.timers = this.timers.filter((each) => each !== timer);
  }
}
