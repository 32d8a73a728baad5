/**
 * Runs the simulator by hand: `deno task sim --seeds 1000`, or `--seed 7 --trace` for one seed
 * in words. `--peers 20` sets the number of peers, `--from 5000` the first of many seeds; many run
 * in as many threads as there are processors, or in `--threads 1`.
 * Ends with code 1 if any seed fails.
 */

import { parseArgs } from "@std/cli/parse-args";
import { defaultLimits, type Limits } from "../../wire/limits.ts";
import type { SeedOrder } from "./seed_worker.ts";
import { type Outcome, replayCommand, simulate } from "./simulation.ts";
import { inThreads } from "./threads.ts";

const options = parseArgs(Deno.args, {
  string: ["seeds", "seed", "peers", "from", "threads"],
  boolean: ["trace"],
});
const peers = options.peers === undefined ? null : Number(options.peers);
const first = Number(options.seed ?? options.from ?? 1);
const count = options.seed === undefined ? Number(options.seeds ?? 100) : 1;

const startMs = performance.now();
const failed: Outcome[] = [];
const reached = new Map<keyof Limits, number>();
let steps = 0, acknowledged = 0, virtualMs = 0;
const threads = count === 1 ? 0 : Number(options.threads ?? navigator.hardwareConcurrency);
if (threads < 2) {
  for (let seed = first; seed < first + count; seed++) {
    take(simulate(seed, peers, options.trace ? console.log : null));
  }
} else {
  const orders = Array.from({ length: count }, (_, i): SeedOrder => ({ seed: first + i, peers }));
  const script = new URL("seed_worker.ts", import.meta.url);
  for (const running of inThreads<SeedOrder, Outcome>(script, orders, threads)) {
    take(await running);
  }
}

function take(outcome: Outcome): void {
  steps += outcome.steps;
  acknowledged += outcome.acknowledged;
  virtualMs += outcome.endMs;
  for (const [name, size] of outcome.reached) {
    const most = outcome.plan.limits[name];
    if (typeof most === "number" && size * 2 >= most) {
      reached.set(name, (reached.get(name) ?? 0) + 1);
    }
  }
  const { seed } = outcome.plan;
  if (count === 1) console.log(`seed ${seed}: trace ${outcome.hash}`);
  if (outcome.problem === null) return;
  failed.push(outcome);
  console.log(`seed ${seed} fails: ${outcome.problem}`);
  console.log(`  replay it: ${replayCommand(outcome)}`);
}

const seconds = (performance.now() - startMs) / 1_000;
console.log(
  `${count} seeds, ${failed.length} failed; ${steps} steps, ${acknowledged} posts acknowledged, ` +
    `${Math.round(virtualMs / 60_000)} virtual minutes in ${seconds.toFixed(1)} s`,
);
const names = Object.keys(defaultLimits) as (keyof Limits)[];
const met = names.filter((name) => reached.has(name)).map((name) => `${name} ${reached.get(name)}`);
console.log(`limits at least half used up, in so many seeds: ${met.join(", ") || "none"}`);
if (failed.length > 0) Deno.exit(1);
