/** The seeds of the gate; many more run with `deno task sim --seeds 1000`. */

import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { EventQueue } from "./event_queue.ts";
import type { SeedOrder } from "./seed_worker.ts";
import { type Outcome, replayCommand, simulate } from "./simulation.ts";
import { inThreads } from "./threads.ts";

const seeds = 100;
/** Seeds beyond those that have failed once. What they mean changes with the plan and the engine. */
const failedOnce = [115, 179, 366];

Deno.test(`simulate keeps every rule in storm and calm, with ${seeds} seeds`, async () => {
  const failures: string[] = [];
  let acknowledged = 0;
  const orders = [...Array.from({ length: seeds }, (_, i) => i + 1), ...failedOnce]
    .map((seed): SeedOrder => ({ seed, peers: null }));
  const script = new URL("seed_worker.ts", import.meta.url);
  for (const running of inThreads<SeedOrder, Outcome>(script, orders)) {
    const outcome = await running;
    const { seed, problem } = outcome;
    acknowledged += outcome.acknowledged;
    if (problem === null) continue;
    failures.push(`seed ${seed}: ${problem}\n  replay it: ${replayCommand(outcome)}`);
  }
  assertEquals(failures, []);
  assert(acknowledged > 10 * seeds, `people have said only ${acknowledged} things`);
});

Deno.test("simulate gives the same trace for the same seed, in hash and words, and another for another", () => {
  const traced = (seed: number) => {
    const lines: string[] = [];
    return { hash: simulate(seed, 4, (line) => lines.push(line)).hash, lines };
  };
  const first = traced(7);
  assert(first.lines.length > 100);
  assertEquals(traced(7), first);
  assertEquals(simulate(7, 4, null).hash, first.hash, "whether anybody reads it or not");
  assertNotEquals(simulate(8, 4, null).hash, first.hash);
});

Deno.test("replayCommand names the seed, and the number of peers if it was given", () => {
  assertEquals(replayCommand(simulate(3, null, null)), "deno task sim --seed 3 --trace");
  assertEquals(replayCommand(simulate(3, 2, null)), "deno task sim --seed 3 --peers 2 --trace");
});

Deno.test("EventQueue runs what is due in order of time, then of coming, and never goes back", () => {
  const queue = new EventQueue();
  const ran: string[] = [];
  queue.at(20, () => ran.push("c"));
  queue.at(10, () => {
    ran.push("a");
    queue.at(5, () => ran.push(`late at ${queue.nowMs}`));
  });
  queue.at(10, () => ran.push("b"));
  queue.in(30, () => ran.push("d"));
  queue.runUntil(25);
  assertEquals(ran, ["a", "b", "late at 10", "c"]);
  assertEquals(queue.nowMs, 25);
  queue.at(26, () => {
    throw new Error("out of a step");
  });
  assertThrows(() => queue.runUntil(40), Error, "out of a step");
});
