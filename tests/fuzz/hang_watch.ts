/**
 * Watches from another thread that every input comes back. A thread that hangs cannot watch
 * itself, and nobody can stop it: the watcher saves the input, tells of it and, if it may, ends
 * the process.
 */

/** Longer ones are saved cut. */
const inputBytesMax = 65_600;
/** What is shared: a counter of inputs, the length of the last one, then its bytes. */
const headBytes = 8;

/** What the watching thread is told at first. */
export interface WatchOrder {
  readonly target: string;
  readonly memory: SharedArrayBuffer;
}

/** One watching thread. */
export class HangWatch {
  readonly #worker = new Worker(new URL("./hang_watcher.ts", import.meta.url), { type: "module" });
  readonly #head: Int32Array;
  readonly #bytes: Uint8Array;

  /** @param target Whose inputs they are. */
  constructor(target: string) {
    const memory = new SharedArrayBuffer(headBytes + inputBytesMax);
    this.#head = new Int32Array(memory, 0, 2);
    this.#bytes = new Uint8Array(memory, headBytes);
    const order: WatchOrder = { target, memory };
    this.#worker.postMessage(order);
  }

  /** An input is about to be given. */
  beat(input: Uint8Array): void {
    const length = Math.min(input.length, inputBytesMax);
    this.#bytes.set(input.subarray(0, length));
    this.#head[1] = length;
    Atomics.add(this.#head, 0, 1);
  }

  /** Ends the thread. */
  close(): void {
    this.#worker.terminate();
  }
}
