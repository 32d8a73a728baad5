/**
 * Runs the fuzzer:
 *
 * - `--seconds N` in total over all targets, or over the one of `--target X`; 30 if not given.
 * - `--inputs N` instead: until each target has taken so many.
 * - `--seed S` for other variations; any number.
 * - `--replay FILE` gives one saved case to `--target X` and says what comes of it.
 *
 * A failure is saved to the corpus and printed with the command that repeats it. Exit code 1
 * if anything failed.
 */

import { parseArgs } from "@std/cli/parse-args";
import { readCase } from "./corpus.ts";
import { replay } from "./fuzzer.ts";
import { fuzzTarget } from "./session.ts";
import type { Target } from "./target.ts";
import { targets } from "./targets.ts";

const flags = parseArgs(Deno.args, {
  string: ["seconds", "inputs", "target", "seed", "replay"],
  unknown: (name) => {
    throw new TypeError(`Unknown argument ${name}: see the head of tests/fuzz/main.ts`);
  },
});

function number(name: string, otherwise: number): number {
  const given = flags[name];
  const value = given === undefined ? otherwise : Number(given);
  if (Number.isNaN(value)) throw new TypeError(`--${name} ${given} is no number`);
  return value;
}

function chosen(): readonly Target[] {
  const { target } = flags;
  if (target === undefined) return targets;
  const found = targets.filter(({ name }) => name === target);
  if (found.length > 0) return found;
  const names = targets.map(({ name }) => name).join(", ");
  throw new TypeError(`--target ${target} is none of ${names}`);
}

async function fuzzAll(): Promise<boolean> {
  const inputsMax = number("inputs", Infinity);
  const seconds = number("seconds", inputsMax === Infinity ? 30 : Infinity);
  const some = chosen();
  const shares = some.reduce((sum, { share }) => sum + share, 0);
  let isGood = true;
  for (const target of some) {
    const length = { seconds: seconds * target.share / shares, inputsMax };
    const failure = await fuzzTarget(target, number("seed", 1), length);
    if (failure !== null) console.error(`FAILED ${failure}`);
    isGood &&= failure === null;
  }
  return isGood;
}

async function replayOne(path: string): Promise<boolean> {
  const [target] = chosen();
  const { tookMs, outcome, failure } = await replay(target!, readCase(path).inputs);
  console.log(failure ?? `${outcome} (${tookMs.toFixed(1)} ms)`);
  return failure === null;
}

const { replay: path } = flags;
if (!await (typeof path === "string" ? replayOne(path) : fuzzAll())) Deno.exitCode = 1;
