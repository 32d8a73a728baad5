/**
 * One WebSocket to a page, from the upgrade to its end: reads messages one after the other,
 * writes what it is given in order, and notices when nobody is there any more.
 *
 * Whoever reads decides the pace: while a message is being taken, nothing more is read, and
 * the browser waits. A page that does not take what it is sent is cut when too much waits; it
 * comes again and asks for what it has missed.
 */

import { closeCode, closeFrame, FrameReader, pingFrame, pongFrame, textFrame } from "./frames.ts";
import type { PageLimits } from "./page_limits.ts";

/** Who takes what a page sends. */
export interface PageReader {
  /**
   * Takes a message.
   *
   * @returns A promise if the next one must wait for it.
   */
  text(text: string): Promise<void> | undefined;
  /** The page is gone; called once. */
  gone(): void;
}

/** What a socket needs of a connection: `Deno.Conn` has it. */
export interface Stream {
  read(buffer: Uint8Array): Promise<number | null>;
  write(bytes: Uint8Array): Promise<number>;
  close(): void;
}

const readBytes = 64 * 1024;

/** A WebSocket that is open. */
export class PageSocket {
  readonly #stream: Stream;
  readonly #limits: PageLimits;
  readonly #frames: FrameReader;
  #queue: Uint8Array[] = [];
  #queuedBytes = 0;
  #writing: Promise<void> | null = null;
  #lastSignMs = performance.now();
  #timer: ReturnType<typeof setInterval> | undefined;
  #deadline: ReturnType<typeof setTimeout> | undefined;
  #state: "open" | "closing" | "closed" = "open";

  /** @param stream Behind its upgrade. */
  constructor(stream: Stream, limits: PageLimits) {
    this.#stream = stream;
    this.#limits = limits;
    this.#frames = new FrameReader(limits.messageBytesMax);
  }

  /** Sends a text. */
  send(text: string): void {
    if (this.#state === "open") this.#write(textFrame(text));
  }

  /** Closes with a code and a few words, at most 123 bytes, after what was sent before. */
  close(code: number = closeCode.normal, reason = ""): void {
    if (this.#state !== "open") return;
    this.#write(closeFrame(code, reason));
    this.#state = "closing";
    // The other side answers by closing its end; not for ever.
    this.#deadline = setTimeout(() => this.#end(), this.#limits.answerMs);
  }

  /**
   * Reads until the end.
   *
   * @param reader Takes what comes.
   * @param first Bytes that came behind the head.
   */
  async run(reader: PageReader, first: Uint8Array): Promise<void> {
    this.#timer = setInterval(() => this.#watch(), this.#limits.pingMs);
    const buffer = new Uint8Array(readBytes);
    try {
      await this.#take(first, reader);
      while (this.#state !== "closed") {
        const count = await this.#stream.read(buffer);
        if (count === null) break;
        this.#lastSignMs = performance.now();
        await this.#take(buffer.subarray(0, count), reader);
      }
    } catch (error) {
      // A connection that breaks is one that has ended; anything else is a fault of ours.
      if (!(error instanceof Error) || !isOfConnection(error)) throw error;
    } finally {
      this.#end();
      reader.gone();
    }
  }

  async #take(bytes: Uint8Array, reader: PageReader): Promise<void> {
    for (const event of this.#frames.push(bytes)) {
      switch (event.type) {
        case "text":
          if (this.#state === "open") await reader.text(event.text);
          break;
        case "ping":
          if (this.#state === "open") this.#write(pongFrame(event.payload));
          break;
        case "pong":
          break;
        case "close":
          this.close(event.code);
          await this.#writing;
          this.#end();
      }
    }
  }

  #watch(): void {
    if (this.#state !== "open") return;
    // What it does not take is no sign of life.
    if (performance.now() - this.#lastSignMs > this.#limits.deadMs) return this.#end();
    this.#write(pingFrame());
  }

  #write(bytes: Uint8Array): void {
    this.#queue.push(bytes);
    this.#queuedBytes += bytes.length;
    if (this.#queuedBytes > this.#limits.queuedBytesMax) return this.#end();
    this.#writing ??= this.#writeAll();
  }

  async #writeAll(): Promise<void> {
    // Messages of one turn leave together.
    await Promise.resolve();
    try {
      while (this.#queue.length > 0 && this.#state !== "closed") {
        const bytes = joined(this.#queue.splice(0));
        for (let written = 0; written < bytes.length;) {
          written += await this.#stream.write(bytes.subarray(written));
        }
        this.#queuedBytes -= bytes.length;
      }
    } catch {
      this.#end();
    }
    this.#writing = null;
  }

  #end(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    clearInterval(this.#timer);
    clearTimeout(this.#deadline);
    this.#queue = [];
    try {
      this.#stream.close();
    } catch {
      // The runtime has closed it after an error.
    }
  }
}

/** Errors of reading and writing a connection that the other side or we have closed. */
function isOfConnection(error: Error): boolean {
  return error instanceof Deno.errors.BadResource || error instanceof Deno.errors.Interrupted ||
    error instanceof Deno.errors.ConnectionReset || error instanceof Deno.errors.BrokenPipe ||
    error instanceof Deno.errors.ConnectionAborted || error instanceof Deno.errors.NotConnected ||
    error instanceof Deno.errors.TimedOut || error instanceof Deno.errors.UnexpectedEof;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
