/**
 * Answers that leave in the order of the commands, although the commands run at once. How
 * many are open is bounded by whoever opens them (ui/in_flight.ts).
 */

/** The places of answers in their order. */
export class Answers {
  /** Answers that may not leave yet, from `#first` on; `null` where one is still open. */
  #lines: (string | null)[] = [];
  /** The number of the answer that `#lines[0]` is. */
  #first = 0;
  #next = 0;
  #sent = 0;

  /**
   * An empty queue.
   *
   * @param send Writes a line.
   */
  constructor(private readonly send: (line: string) => void) {}

  /** Takes the next place; the returned function fills it, once. */
  open(): (line: string) => void {
    const number = this.#next++;
    this.#lines.push(null);
    return (line) => {
      this.#lines[number - this.#first] = line;
      if (number === this.#first + this.#sent) this.#sendReady();
    };
  }

  #sendReady(): void {
    for (;;) {
      const line = this.#lines[this.#sent];
      if (line === undefined || line === null) break;
      this.send(line);
      this.#sent++;
    }
    // What was sent is dropped in large parts: shifting each would cost the queue's length.
    if (this.#sent === this.#lines.length || this.#sent >= 256) {
      this.#lines = this.#lines.slice(this.#sent);
      this.#first += this.#sent;
      this.#sent = 0;
    }
  }
}
