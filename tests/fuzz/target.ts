/**
 * What the fuzzer needs to know of a thing that takes bytes from strangers.
 */

import type { Rng } from "../../peer/ports.ts";

/** One thing under test, fresh or with the inputs that came before. */
export interface Run {
  /**
   * Gives it an input.
   *
   * @returns What came of it in a few words. Inputs with new words are kept and varied further:
   * the poor man's coverage.
   * @throws {Error} If a promise is broken.
   */
  feed(input: Uint8Array): string | Promise<string>;
  /**
   * Compares what became of the last input with what a slow twin says. Not part of the time
   * that an input may take.
   *
   * @throws {Error} If they differ.
   */
  check?(input: Uint8Array): void;
}

/** An input that was made and not varied, with the sort it is counted under. */
export interface Made {
  readonly input: Uint8Array;
  readonly sort: string;
}

/** One thing that takes bytes from strangers. */
export interface Target {
  readonly name: string;
  /** How inputs are varied: as bytes, or with an eye to the CBOR in them. */
  readonly shape: "bytes" | "cbor";
  /** Its part of the time, next to those of the other targets. */
  readonly share: number;
  /** After how many inputs it begins afresh; a failure is replayed from there. */
  readonly inputsPerRun: number;
  /** Something fresh. The same sequence of inputs must have the same result each time. */
  open(): Run;
  /** Valid and nearly valid inputs to begin with. */
  seeds(rng: Rng): Uint8Array[];
  /** In place of varying: makes each input. */
  make?(rng: Rng): Made;
}
