/**
 * The pause between two steps in which the runtime looks at its sockets.
 *
 * One `setImmediate` is not enough. The scheduler beneath the runtime (tokio) polls sockets
 * when the program sleeps, and else at every 61st turn of its loop (`event_interval`): with
 * steps of 2 ms in a row a waiting socket was served after 61 ms in the median, 119 ms at
 * the 99th percentile (measured). So after steps that have taken long the loop is turned 64
 * times for nothing, which takes 60 µs and brings that to 1 and 2 ms. What lost: a timer
 * (2 ms each), a MessageChannel (starves sockets for seconds), waiting for a job of the
 * thread pool (137 ms at the 99th percentile when another program uses the processor), a
 * socket to oneself (as good, but two descriptors and a port).
 */

/**
 * Time of steps after which sockets are looked at: short beside a delay that people notice,
 * long beside the 60 µs that it costs.
 */
const breathlessMs = 4;
/** Turns of the loop that surely include one that polls the sockets. */
const turns = 64;

/** Pauses between the steps of one loop. */
export class Breath {
  #busyMs = 0;
  #left = 0;

  /** Notes that a step has held the loop for this long. */
  spent(ms: number): void {
    this.#busyMs += ms;
  }

  /** Notes that the loop has nothing to do and will sleep by itself. */
  idle(): void {
    this.#busyMs = 0;
  }

  /** Calls back after the loop has turned; never before the caller has returned. */
  take(then: () => void): void {
    this.#left = this.#busyMs < breathlessMs ? 1 : turns;
    if (this.#left === turns) this.#busyMs = 0;
    const turn = () => --this.#left <= 0 ? then() : void setImmediate(turn);
    setImmediate(turn);
  }
}
