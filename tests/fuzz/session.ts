/**
 * One session of fuzzing with one target, as the gate and the command both hold it: watched
 * for inputs that do not come back, its figures printed, a failure saved and told.
 */

import { readCorpus, replayCommand, saveCase } from "./corpus.ts";
import { type Failure, fuzz, type FuzzReport } from "./fuzzer.ts";
import { HangWatch } from "./hang_watch.ts";
import type { Target } from "./target.ts";

/** How long a session is. */
export interface SessionLength {
  readonly seconds: number;
  readonly inputsMax: number;
}

/**
 * Fuzzes a target and prints what came of it.
 *
 * @returns What failed, with the command that repeats it; `null` if nothing did.
 */
export async function fuzzTarget(
  target: Target,
  seed: number,
  length: SessionLength,
): Promise<string | null> {
  const watch = new HangWatch(target.name);
  try {
    const beforeInput = (input: Uint8Array) => watch.beat(input);
    const report = await fuzz({
      target,
      seed,
      ...length,
      corpus: readCorpus(target.name),
      beforeInput,
    });
    console.log(figures(target, report).join("\n"));
    return report.failure === null ? null : failureText(target, report.failure);
  } finally {
    watch.close();
  }
}

function figures({ name }: Target, report: FuzzReport): string[] {
  const { inputs, seconds, outcomes, slowestMs, heapGrowthBytes, sorts } = report;
  const rate = Math.round(inputs / seconds);
  const heapMiB = heapGrowthBytes / 2 ** 20;
  const line = [
    `${name.padEnd(20)}${inputs.toLocaleString("en").padStart(11)} inputs`,
    `${rate.toLocaleString("en").padStart(7)}/s`,
    `20 million take ${(20e6 / rate / 3_600).toFixed(1)} h`,
    `${outcomes} outcomes`,
    `slowest ${slowestMs.toFixed(1)} ms`,
    `heap ${heapMiB < 0 ? "" : "+"}${heapMiB.toFixed(1)} MiB`,
  ];
  const counts = Array.from(
    sorts,
    ([sort, count]) => `  ${sort.padEnd(44)}${count.toLocaleString("en").padStart(9)}`,
  );
  return [line.join("  "), ...counts];
}

function failureText(target: Target, { why, inputs }: Failure): string {
  if (inputs.length === 0) return `${target.name}: ${why}`;
  const path = saveCase(target.name, inputs, why);
  return `${target.name}: ${why}\nrepeat it: ${replayCommand(target.name, path)}`;
}
