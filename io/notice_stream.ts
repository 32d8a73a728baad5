/**
 * Notices on their way to screens: one bounded stream for the first reader, and one more for
 * each who subscribes.
 *
 * A reader that is slower than the network is waited for: beyond `noticesMax` the owner
 * stops reading its sockets, so nothing is dropped and nothing grows. What the reader itself
 * causes (its own posts) still comes. While nobody reads, only the newest `noticesMax` are
 * kept: a program that never reads must neither stall nor swell.
 */

import type { Notice } from "../peer/notice.ts";

/** The notices of one peer. */
export class NoticeStream implements AsyncIterable<Notice> {
  readonly #max: number;
  readonly #relieved: () => void;
  readonly #left: () => void;
  #queue: Notice[] = [];
  #first = 0;
  #reading = false;
  #waiting: PromiseWithResolvers<IteratorResult<Notice>> | null = null;
  #end: { readonly error: Error | null } | null = null;
  /** The streams of further readers. */
  readonly #others = new Set<NoticeStream>();

  /**
   * @param max Notices that may wait before {@linkcode NoticeStream.full}.
   * @param relieved Called when the stream was full and half of it has been read.
   * @param left Called when a reader has left its loop.
   */
  constructor(max: number, relieved: () => void, left: () => void = () => {}) {
    this.#max = max;
    this.#relieved = relieved;
    this.#left = left;
  }

  /** Whether a reader has to catch up before more should come. */
  get full(): boolean {
    if (this.#reading && this.#length >= this.#max) return true;
    for (const other of this.#others) if (other.full) return true;
    return false;
  }

  /**
   * What comes from now on, for one more reader with a queue of its own.
   *
   * @param readersMax How many such readers there may be at once.
   * @throws {RangeError} If there are so many already.
   */
  subscribe(readersMax: number): AsyncIterable<Notice> {
    if (this.#others.size >= readersMax) {
      throw new RangeError(`Cannot read notices: ${readersMax} read them already; end one first`);
    }
    const other = new NoticeStream(this.#max, this.#relieved, () => this.#others.delete(other));
    if (this.#end === null) this.#others.add(other);
    else other.end(this.#end.error);
    return other;
  }

  get #length(): number {
    return this.#queue.length - this.#first;
  }

  /** Adds a notice. */
  push(notice: Notice): void {
    if (this.#end !== null) return;
    for (const other of this.#others) other.push(notice);
    if (this.#waiting !== null) {
      this.#waiting.resolve({ done: false, value: notice });
      this.#waiting = null;
      return;
    }
    this.#queue.push(notice);
    if (!this.#reading && this.#length > this.#max) this.#shift();
  }

  /**
   * Ends the stream after what waits.
   *
   * @param error What the reader gets then instead of a plain end.
   */
  end(error: Error | null = null): void {
    if (this.#end !== null) return;
    this.#end = { error };
    for (const other of this.#others) other.end(error);
    this.#others.clear();
    if (this.#waiting !== null) this.#finish(this.#waiting);
    this.#waiting = null;
  }

  /**
   * Starts to read. Leaving the loop ends the reading, not the stream.
   *
   * @throws {TypeError} If somebody reads already: each would get a part only.
   */
  [Symbol.asyncIterator](): AsyncIterator<Notice> {
    if (this.#reading) throw new TypeError("Cannot read notices twice at once: one reader only");
    this.#reading = true;
    return {
      next: () => this.#next(),
      return: () => {
        this.#reading = false;
        this.#waiting?.resolve({ done: true, value: undefined });
        this.#waiting = null;
        this.#left();
        this.#relieved();
        return Promise.resolve({ done: true, value: undefined });
      },
    };
  }

  #next(): Promise<IteratorResult<Notice>> {
    if (this.#length > 0) {
      const wasFull = this.#length >= this.#max / 2;
      const value = this.#shift();
      if (wasFull && this.#length < this.#max / 2) this.#relieved();
      return Promise.resolve({ done: false, value });
    }
    const waiting = Promise.withResolvers<IteratorResult<Notice>>();
    if (this.#end !== null) this.#finish(waiting);
    else this.#waiting = waiting;
    return waiting.promise;
  }

  #finish(waiting: PromiseWithResolvers<IteratorResult<Notice>>): void {
    this.#reading = false;
    const error = this.#end?.error ?? null;
    if (error === null) waiting.resolve({ done: true, value: undefined });
    else waiting.reject(error);
  }

  #shift(): Notice {
    const notice = this.#queue[this.#first++]!;
    // Cut in halves: taking one off the front of an array each time would cost its length.
    if (this.#first * 2 > this.#queue.length) {
      this.#queue = this.#queue.slice(this.#first);
      this.#first = 0;
    }
    return notice;
  }
}
