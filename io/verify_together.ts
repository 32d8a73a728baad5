/**
 * Many signatures at once, with the help of other threads (verify_desk.ts).
 *
 * The engine is synchronous and stays so: it asks for the verdicts of one message and gets
 * them. This thread verifies as well and never waits for a helper, so that one which gets no
 * processor costs nothing but the copying, 0.5 µs a post. What a helper calls wrong is looked
 * at again here; only "right" is believed.
 *
 * Helpers come when a back-fill is under way and go when it is over: each takes 15 MiB and
 * 50 ms to start (measured). It needs the permission to read its own program; without that
 * this thread does it all.
 */

import type { CryptoSuite, Signed } from "../wire/crypto_suite.ts";
import { Desk, slotsMax } from "./verify_desk.ts";

const helper = new URL("./verify_helper.ts", import.meta.url);

/** Posts, each `quietMs` after the last at most, after which helpers are worth their start. */
const busyPosts = 1_000;
/** Without work for that long helpers go. */
const quietMs = 10_000;
/** More than a link can keep busy: the rest of a post's way is one thread's. */
const helpersMax = 3;

/** Helpers of one peer. */
export class VerifyTogether {
  readonly #suite: CryptoSuite;
  readonly #helpersMax: number;
  readonly #busyPosts: number;
  #desk: Desk | null = null;
  #workers: Worker[] = [];
  #posts = 0;
  #lastMs = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  /**
   * @param suite Verifies what helpers do not.
   * @param options For tests: how many helpers there are, and after how many posts.
   */
  constructor(
    suite: CryptoSuite,
    options: { readonly helpers?: number; readonly busyPosts?: number } = {},
  ) {
    this.#suite = suite;
    this.#helpersMax = options.helpers ?? Math.min(helpersMax, navigator.hardwareConcurrency - 1);
    this.#busyPosts = options.busyPosts ?? busyPosts;
  }

  /** How many helpers were called. */
  get helpers(): number {
    return this.#workers.length;
  }

  /** `CryptoSuite.verifyAll` */
  verifyAll(count: number, item: (index: number) => Signed): boolean[] {
    this.#note(count);
    const verdicts: boolean[] = [];
    while (verdicts.length < count) {
      const first = verdicts.length;
      const laid = this.#desk === null ? 0 : layOut(this.#desk, first, count, item);
      if (laid > 0) this.#round(this.#desk!, first, laid, item, verdicts);
      else verdicts.push(this.#verify(item(first)));
    }
    return verdicts;
  }

  /** One round of what lies on the desk. */
  #round(
    desk: Desk,
    first: number,
    laid: number,
    item: (index: number) => Signed,
    verdicts: boolean[],
  ): void {
    desk.open();
    const own = new Map<number, boolean>();
    for (let index; (index = desk.take()) !== null;) {
      own.set(index, this.#verify(item(first + index)));
    }
    for (let index = 0; index < laid; index++) {
      verdicts.push(
        own.get(index) ?? (desk.isRight(index) || this.#verify(item(first + index))),
      );
    }
  }

  #verify({ publicKey, message, signature }: Signed): boolean {
    return this.#suite.verify(publicKey, message, signature);
  }

  /** Calls helpers and lets them go. */
  #note(count: number): void {
    const nowMs = performance.now();
    if (nowMs > this.#lastMs + quietMs) this.#posts = 0;
    this.#lastMs = nowMs;
    this.#posts += count;
    if (this.#posts < this.#busyPosts || this.#desk !== null || this.#closed) return;
    if (this.#helpersMax < 1 || !mayCall()) return;
    this.#desk = new Desk();
    for (let i = 0; i < this.#helpersMax; i++) this.#call(this.#desk);
    this.#watch(quietMs);
  }

  #call(desk: Desk): void {
    const worker = new Worker(helper, { type: "module" });
    // It goes on without: an error that nobody takes would end the process.
    worker.onerror = (event) => event.preventDefault();
    worker.postMessage(desk.memory);
    this.#workers.push(worker);
  }

  #watch(ms: number): void {
    this.#timer = setTimeout(() => {
      const leftMs = this.#lastMs + quietMs - performance.now();
      if (leftMs > 0) this.#watch(leftMs);
      else this.#dismiss();
    }, ms);
    Deno.unrefTimer(this.#timer as unknown as number);
  }

  #dismiss(): void {
    clearTimeout(this.#timer);
    this.#desk?.end();
    this.#desk = null;
    this.#posts = 0;
    for (const worker of this.#workers) worker.terminate();
    this.#workers = [];
  }

  /** Lets the helpers go for good; what is verified later is verified here. */
  close(): void {
    this.#closed = true;
    this.#dismiss();
  }
}

/** Whether a helper could read its program; nobody is to be asked for that in the middle of a chat. */
function mayCall(): boolean {
  return Deno.permissions.querySync({ name: "read", path: helper }).state === "granted";
}

/** Lays out as many items as fit; says how many. */
function layOut(
  desk: Desk,
  first: number,
  count: number,
  item: (index: number) => Signed,
): number {
  const last = Math.min(count, first + slotsMax);
  let index = first;
  while (index < last && desk.lay(item(index))) index++;
  return index - first;
}
