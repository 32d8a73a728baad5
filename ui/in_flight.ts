/**
 * Texts that were given to the engine and are not yet durable: a face goes on reading
 * meanwhile, up to a bound, and waits for all of them before anything else it does.
 */

/** Counts work under way. */
export class InFlight {
  #count = 0;
  #waiting: { readonly below: number; readonly wake: () => void }[] = [];

  /**
   * Nothing under way.
   *
   * @param max How many at once, before `full`.
   * @param onFault Told what work rejected with: a fault of this program, for refusals are
   * answered by the work itself.
   */
  constructor(private readonly max: number, private readonly onFault: (error: unknown) => void) {}

  /** Whether the reader of input should wait. */
  get full(): boolean {
    return this.#count >= this.max;
  }

  /** Counts `work` until it is settled. */
  add(work: Promise<unknown>): void {
    this.#count++;
    const done = () => {
      this.#count--;
      if (this.#waiting.length > 0) this.#wakeThose();
    };
    work.then(done, (error) => {
      done();
      this.onFault(error);
    });
  }

  /** Resolves when there is room again; half of it, so that reading goes on in large steps. */
  room(): Promise<void> {
    return this.#whenBelow(Math.ceil(this.max / 2));
  }

  /** Resolves when nothing is under way. */
  idle(): Promise<void> {
    return this.#whenBelow(1);
  }

  #whenBelow(below: number): Promise<void> {
    if (this.#count < below) return Promise.resolve();
    return new Promise((wake) => this.#waiting.push({ below, wake }));
  }

  #wakeThose(): void {
    const ready = this.#waiting.filter(({ below }) => this.#count < below);
    if (ready.length === 0) return;
    this.#waiting = this.#waiting.filter(({ below }) => this.#count >= below);
    for (const { wake } of ready) wake();
  }
}
