/**
 * The pause between two steps in which the runtime looks at its sockets.
 *
 * `setImmediate` alone is not enough: the scheduler beneath the runtime (tokio) polls the
 * sockets only when the program sleeps or every 61st turn of its loop, so with steps of 2 ms
 * in a row a waiting socket was served after 61 ms in the median (measured; a timer takes
 * 2 ms even when idle, a MessageChannel starves the sockets for seconds). Waiting for a job
 * of the thread pool makes the loop sleep, if only for 25 µs, and brings that to 1 ms. It is
 * done whenever the steps since the last sleep have taken long enough to be worth it.
 */

/** Time of steps after which sockets are looked at: short beside a delay that people notice, long beside 25 µs. */
const breathlessMs = 2;
const anything = new Uint8Array(1);

/** Pauses between the steps of one loop. */
export class Breath {
  #busyMs = 0;

  /** Notes that a step has held the loop for this long. */
  spent(ms: number): void {
    this.#busyMs += ms;
  }

  /** Notes that the loop has nothing to do and will sleep by itself. */
  idle(): void {
    this.#busyMs = 0;
  }

  /** Calls back after sockets had their turn; never before the caller has returned. */
  take(then: () => void): void {
    if (this.#busyMs < breathlessMs) {
      setImmediate(then);
      return;
    }
    this.#busyMs = 0;
    const m = Deno.env.get("BM") ?? "digest";
    if (m === "digest") crypto.subtle.digest("SHA-256", anything).then(then);
    else if (m === "imm") setImmediate(then);
    else { let n = 64; const spin = () => { if (--n === 0) then(); else setImmediate(spin); }; setImmediate(spin); }
  }
}
