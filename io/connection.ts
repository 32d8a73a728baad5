/**
 * One socket: a loop that reads, a queue that is written, and an end.
 *
 * Reading: an idle connection keeps a small buffer, so that a thousand of them are cheap;
 * while bytes flow it reads in large pieces. What was handed over is never touched again.
 * Writing: `write` of the runtime takes a part only and concurrent calls interleave, hence
 * one queue with one writer. Ending: what was written goes out first, within a bound.
 *
 * Every error ends here, in a `disconnected` at most: an unhandled rejection would end the
 * process, and the other side could bring one about. Nothing here knows the protocol.
 */

import type { ConnectionId } from "../peer/input.ts";
import type { Limits } from "../wire/limits.ts";
import { describeNetworkError } from "./network_error.ts";

/** What a connection needs of the runtime's socket. */
export type Socket = Pick<
  Deno.TcpConn,
  "read" | "write" | "closeWrite" | "close" | "setNoDelay"
>;

/** What a connection reports; none of it after its own {@linkcode Connection.close}. */
export interface ConnectionEvents {
  /** Bytes came, at least one; the array belongs to the receiver. */
  received(connection: ConnectionId, bytes: Uint8Array): void;
  /** All written bytes were taken, after at least `writeLowWaterBytes` of them. */
  drained(connection: ConnectionId): void;
  /** The other side or the network has ended it; the last event. */
  disconnected(connection: ConnectionId, reason: string): void;
}

/** Buffer of a connection on which nothing happens; a single post with its frame fits. */
const idleBufferBytes = 1024;
/** Buffer while more comes than fits the idle one: a whole frame; larger ones gain nothing. */
const flowBufferBytes = 64 * 1024;
/** Arrays below this are copied together: a system call costs more than copying these. */
const coalesceBytes = 16 * 1024;
/** Bytes of the other side that a closing connection still swallows, so that no reset outruns our last words. */
const swallowBytesMax = 256 * 1024;

/** An open socket with its loops. */
export class Connection {
  readonly id: ConnectionId;
  /** Resolves when the socket is closed; never rejects. */
  readonly closed: Promise<void>;
  readonly #socket: Socket;
  readonly #events: ConnectionEvents;
  readonly #limits: Limits;
  readonly #resolveClosed: () => void;
  #state: "open" | "closing" | "closed" = "open";
  #queue: Uint8Array[] = [];
  #writing = false;
  #writtenSinceDrained = 0;
  #paused = false;
  #resume: (() => void) | null = null;
  #swallowed = 0;
  #closeTimer: ReturnType<typeof setTimeout> | undefined;

  /**
   * Starts to read at once.
   *
   * @param id How the engine calls this socket.
   * @param socket Owned by the connection from now on.
   * @param events Told what happens, never from within a call of this object's methods.
   * @param limits Water marks and the time for closing.
   */
  constructor(id: ConnectionId, socket: Socket, events: ConnectionEvents, limits: Limits) {
    this.id = id;
    this.#socket = socket;
    this.#events = events;
    this.#limits = limits;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.closed = promise;
    this.#resolveClosed = resolve;
    try {
      // Frames are written whole; waiting for an acknowledgement would delay each by 40 ms.
      socket.setNoDelay(true);
    } catch {
      // The other side has gone already: the first read will say so.
    }
    this.#readAll();
  }

  /** Reads no more after the read under way, until {@linkcode Connection.resume}. */
  pause(): void {
    this.#paused = true;
  }

  /** Reads on. */
  resume(): void {
    this.#paused = false;
    this.#resume?.();
    this.#resume = null;
  }

  /** Queues bytes behind those before; the array is not touched again by the caller. */
  write(bytes: Uint8Array): void {
    if (this.#state !== "open" || bytes.length === 0) return;
    this.#queue.push(bytes);
    if (!this.#writing) this.#writeAll();
  }

  /** Writes what is queued for at most `closeMs`, then closes; no event comes any more. */
  close(): void {
    if (this.#state !== "open") return;
    this.#state = "closing";
    this.#closeTimer = setTimeout(() => this.#shut(), this.#limits.closeMs);
    this.resume();
    if (!this.#writing) this.#endWriting();
  }

  /** Closes at once, whatever waits. */
  abort(): void {
    this.#shut();
  }

  async #readAll(): Promise<void> {
    let buffer = new Uint8Array(idleBufferBytes);
    try {
      while (this.#state !== "closed") {
        if (this.#paused) await new Promise<void>((resolve) => this.#resume = resolve);
        const count = await this.#socket.read(buffer);
        if (count === null) return this.#end("closed by the other side");
        if (this.#state !== "open") {
          this.#swallowed += count;
          if (this.#swallowed > swallowBytesMax) this.#shut();
          continue;
        }
        // A mostly empty buffer is kept and its content copied, so that nothing small holds
        // something large; a large one is let go as soon as less comes, for this may be the
        // last read for hours.
        const keep = count * 2 <= buffer.length;
        const bytes = keep ? buffer.slice(0, count) : buffer.subarray(0, count);
        if (count === buffer.length) buffer = new Uint8Array(flowBufferBytes);
        else if (!keep || buffer.length > idleBufferBytes) buffer = new Uint8Array(idleBufferBytes);
        this.#events.received(this.id, bytes);
      }
    } catch (error) {
      this.#end(describeNetworkError(error));
    }
  }

  async #writeAll(): Promise<void> {
    this.#writing = true;
    try {
      while (this.#queue.length > 0) {
        const bytes = this.#takeQueued();
        for (let offset = 0; offset < bytes.length;) {
          offset += await this.#socket.write(offset === 0 ? bytes : bytes.subarray(offset));
        }
        this.#writtenSinceDrained += bytes.length;
      }
    } catch (error) {
      return this.#end(describeNetworkError(error));
    }
    this.#writing = false;
    if (this.#state === "closing") return this.#endWriting();
    if (this.#state === "open" && this.#writtenSinceDrained >= this.#limits.writeLowWaterBytes) {
      this.#writtenSinceDrained = 0;
      this.#events.drained(this.id);
    }
  }

  /** The next arrays of the queue as one, unless the first is large by itself. */
  #takeQueued(): Uint8Array {
    let length = 0;
    let count = 0;
    for (const bytes of this.#queue) {
      if (count > 0 && length + bytes.length > coalesceBytes) break;
      length += bytes.length;
      count++;
    }
    const taken = this.#queue.splice(0, count);
    if (count === 1) return taken[0]!;
    const whole = new Uint8Array(length);
    let offset = 0;
    for (const bytes of taken) {
      whole.set(bytes, offset);
      offset += bytes.length;
    }
    return whole;
  }

  /**
   * Says that nothing more comes and goes on reading until the other side says so too:
   * a socket closed over unread bytes sends a reset, which may overtake our last words.
   */
  #endWriting(): void {
    this.#socket.closeWrite().catch(() => this.#shut());
  }

  /** The socket is of no use any more. */
  #end(reason: string): void {
    const tell = this.#state === "open";
    this.#shut();
    if (tell) this.#events.disconnected(this.id, reason);
  }

  #shut(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#queue = [];
    clearTimeout(this.#closeTimer);
    this.resume();
    try {
      this.#socket.close();
    } catch {
      // It was closed by the runtime after an error.
    }
    this.#resolveClosed();
  }
}
