/**
 * The fuzzer's loop for one target: the corpus first, then variations of what is known, for as
 * long as it is told. An input whose outcome is new joins those that are varied.
 */

import type { Rng } from "../../peer/ports.ts";
import { randomBelow, seededRng } from "../rng.ts";
import type { Case } from "./corpus.ts";
import { liveHeapBytes } from "./live_heap.ts";
import type { Made, Run, Target } from "./target.ts";
import { varyBytes } from "./vary_bytes.ts";
import { varyCbor } from "./vary_cbor.ts";

/** No single input may take longer. */
export const inputMsMax = 50;
/** Tries that must all be too slow: the machine may be busy with something else. */
const slowTries = 10;
/** What a whole run may leave in memory. */
export const heapGrowthMax = 20 * 1024 * 1024;

/** Inputs kept for their outcome; more only make each one be varied less often. */
const poolMax = 512;
/** Longer inputs are tried and not varied further: they would take most of the time. */
const seedBytesMax = 4_096;
/** Outcomes told apart; the count is part of what stays in memory. */
const outcomesMax = 4_096;
/** Inputs after which what stays in memory is measured for the first time. */
const warmUpInputs = 2_000;

/** What was promised and did not hold. */
export interface Failure {
  readonly why: string;
  /** In order, for something fresh. */
  readonly inputs: readonly Uint8Array[];
}

/** What one target went through. */
export interface FuzzReport {
  readonly inputs: number;
  readonly seconds: number;
  /** Different outcomes seen. */
  readonly outcomes: number;
  readonly slowestMs: number;
  readonly heapGrowthBytes: number;
  /** Inputs that were made, by their sort. */
  readonly sorts: ReadonlyMap<string, number>;
  readonly failure: Failure | null;
}

/** What a loop is told. */
export interface FuzzPlan {
  readonly target: Target;
  readonly seed: number;
  readonly seconds: number;
  readonly inputsMax: number;
  readonly corpus: readonly Case[];
  /** Called before each input, for whoever watches that it comes back. */
  readonly beforeInput: (input: Uint8Array) => void;
}

/** Fuzzes one target until its time is over or something fails. */
export async function fuzz(plan: FuzzPlan): Promise<FuzzReport> {
  const loop = new FuzzLoop(plan);
  return await loop.run();
}

class FuzzLoop {
  readonly #plan: FuzzPlan;
  readonly #rng: Rng;
  readonly #pool: Uint8Array[];
  readonly #outcomes = new Set<string>();
  readonly #sorts = new Map<string, number>();
  #run: Run;
  #history: Uint8Array[] = [];
  #inputs = 0;
  #slowestMs = 0;
  #heapBefore: number | null = null;

  constructor(plan: FuzzPlan) {
    this.#plan = plan;
    this.#rng = seededRng(plan.seed);
    const known = plan.corpus.flatMap(({ inputs }) => inputs);
    const short = known.filter(({ length }) => length <= seedBytesMax);
    this.#pool = [...plan.target.seeds(this.#rng), ...short];
    this.#run = plan.target.open();
  }

  async run(): Promise<FuzzReport> {
    const { target, seconds, inputsMax, corpus } = this.#plan;
    const startMs = performance.now();
    const isOver = () =>
      this.#inputs >= inputsMax || performance.now() - startMs >= seconds * 1_000;
    let failure: Failure | null = null;
    for (const { inputs } of corpus) {
      this.#afresh();
      for (const input of inputs) failure ??= await this.#try(input);
    }
    this.#afresh();
    for (const seed of target.make === undefined ? [...this.#pool] : []) {
      failure ??= await this.#try(seed);
    }
    while (failure === null && !isOver()) {
      failure = await this.#try(this.#next());
    }
    const inputs = this.#inputs;
    const elapsed = (performance.now() - startMs) / 1_000;
    this.#afresh();
    this.#pool.length = 0;
    const heapGrowthBytes = this.#heapBefore === null ? 0 : liveHeapBytes() - this.#heapBefore;
    if (heapGrowthBytes > heapGrowthMax) {
      failure ??= { why: `${heapGrowthBytes} bytes more in memory than before`, inputs: [] };
    }
    return {
      inputs,
      seconds: elapsed,
      outcomes: this.#outcomes.size,
      slowestMs: this.#slowestMs,
      heapGrowthBytes,
      sorts: this.#sorts,
      failure,
    };
  }

  #afresh(): void {
    this.#run = this.#plan.target.open();
    this.#history = [];
  }

  #next(): Uint8Array {
    const { target } = this.#plan;
    if (target.make !== undefined) return this.#made(target.make(this.#rng));
    const vary = target.shape === "cbor" ? varyCbor : varyBytes;
    const [bytes, other] = [this.#pick(), this.#pick()];
    return vary(this.#rng, bytes, other);
  }

  #made({ input, sort }: Made): Uint8Array {
    this.#sorts.set(sort, (this.#sorts.get(sort) ?? 0) + 1);
    return input;
  }

  #pick(): Uint8Array {
    return this.#pool[randomBelow(this.#rng, this.#pool.length)]!;
  }

  /** Gives an input to what runs now; says what failed, if anything. */
  async #try(input: Uint8Array): Promise<Failure | null> {
    const { target, beforeInput } = this.#plan;
    if (this.#history.length >= target.inputsPerRun) this.#afresh();
    this.#history.push(input);
    // What keeps nothing between inputs needs no history to be replayed.
    if (target.inputsPerRun > poolMax) this.#history = [input];
    this.#inputs++;
    if (this.#inputs === warmUpInputs) this.#heapBefore = liveHeapBytes();
    beforeInput(input);
    const startMs = performance.now();
    let outcome: string, tookMs: number;
    try {
      const given = this.#run.feed(input);
      outcome = typeof given === "string" ? given : await given;
      tookMs = performance.now() - startMs;
      this.#run.check?.(input);
    } catch (error) {
      return await this.#shortest(error);
    }
    if (tookMs > inputMsMax && await this.#isSlow()) {
      return { why: `slow: ${tookMs.toFixed(0)} ms for one input`, inputs: this.#history };
    }
    this.#slowestMs = Math.max(this.#slowestMs, tookMs);
    const isKnown = this.#outcomes.has(outcome) || this.#outcomes.size >= outcomesMax;
    if (!isKnown) this.#keep(outcome, input);
    return null;
  }

  #keep(outcome: string, input: Uint8Array): void {
    this.#outcomes.add(outcome);
    if (input.length > seedBytesMax) return;
    if (this.#pool.length < poolMax) this.#pool.push(input);
    else this.#pool[randomBelow(this.#rng, poolMax)] = input;
  }

  /** Whether the last input takes too long each time, and not only when the machine is busy. */
  async #isSlow(): Promise<boolean> {
    for (let i = 0; i < slowTries; i++) {
      const { tookMs } = await replay(this.#plan.target, this.#history);
      if (tookMs <= inputMsMax) return false;
    }
    return true;
  }

  /** The shortest end of what was given that fails alone. */
  async #shortest(error: unknown): Promise<Failure> {
    for (let length = 1; length < this.#history.length; length *= 2) {
      const inputs = this.#history.slice(-length);
      const { failure } = await replay(this.#plan.target, inputs);
      if (failure !== null) return { why: `${failure}`, inputs };
    }
    return {
      why: error instanceof Error ? error.stack ?? `${error}` : `${error}`,
      inputs: this.#history,
    };
  }
}

/** Gives inputs to something fresh; tells what the last took, and what was thrown. */
export async function replay(
  target: Target,
  inputs: readonly Uint8Array[],
): Promise<{ readonly tookMs: number; readonly outcome: string; readonly failure: unknown }> {
  const run = target.open();
  let tookMs = 0;
  let outcome = "";
  for (const input of inputs) {
    const startMs = performance.now();
    try {
      outcome = await run.feed(input);
      tookMs = performance.now() - startMs;
      run.check?.(input);
    } catch (failure) {
      return { tookMs, outcome, failure };
    }
  }
  return { tookMs, outcome, failure: null };
}
