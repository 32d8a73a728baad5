/** Virtual time: what happens when, in the one order that a seed fixes. */

interface Event {
  readonly atMs: number;
  /** Tells apart what is due at the same moment: first come, first served. */
  readonly number: number;
  readonly run: () => void;
}

/** A clock that jumps from event to event. */
export class EventQueue {
  #nowMs = 0;
  #events = 0;
  /** A binary heap: the earliest event is first. */
  readonly #heap: Event[] = [];

  /** Virtual milliseconds since the start. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** Events that have happened or wait. */
  get events(): number {
    return this.#events;
  }

  /** Lets something happen after a while. */
  in(delayMs: number, run: () => void): void {
    this.at(this.#nowMs + delayMs, run);
  }

  /** Lets something happen at a moment; one that has passed means now. */
  at(atMs: number, run: () => void): void {
    const event: Event = { atMs: Math.max(atMs, this.#nowMs), number: this.#events++, run };
    let at = this.#heap.length;
    for (let parent; at > 0 && isBefore(event, parent = this.#heap[(at - 1) >> 1]!);) {
      this.#heap[at] = parent;
      at = (at - 1) >> 1;
    }
    this.#heap[at] = event;
  }

  /** Runs what is due up to a moment, which is the time afterwards. */
  runUntil(endMs: number): void {
    for (let first; (first = this.#heap[0]) !== undefined && first.atMs <= endMs;) {
      this.#removeFirst();
      this.#nowMs = first.atMs;
      first.run();
    }
    this.#nowMs = endMs;
  }

  #removeFirst(): void {
    const last = this.#heap.pop()!;
    const length = this.#heap.length;
    if (length === 0) return;
    let at = 0;
    for (let child; (child = 2 * at + 1) < length;) {
      if (child + 1 < length && isBefore(this.#heap[child + 1]!, this.#heap[child]!)) child++;
      if (!isBefore(this.#heap[child]!, last)) break;
      this.#heap[at] = this.#heap[child]!;
      at = child;
    }
    this.#heap[at] = last;
  }
}

function isBefore(a: Event, b: Event): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.number < b.number);
}
