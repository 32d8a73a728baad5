/** Sets of numbers as ranges, beside a plain `Set` that does the same slowly. */

import { assert, assertEquals, assertLess } from "@std/assert";
import { type Range, RangeSet, subtract, unite } from "../../peer/ranges.ts";
import { processorMs } from "../processor_ms.ts";
import { randomBelow, seededRng } from "../rng.ts";

/** The numbers of ranges, one by one. */
function numbers(ranges: readonly Range[]): number[] {
  return ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => from + i));
}

/** The ranges of numbers: ascending, not touching. */
function rangesOf(values: Iterable<number>): Range[] {
  const ranges: [number, number][] = [];
  for (const n of [...values].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] + 1 === n) last[1] = n;
    else ranges.push([n, n]);
  }
  return ranges;
}

Deno.test("RangeSet does what a plain Set does, in 300 random runs of 60 steps", () => {
  for (let seed = 0; seed < 300; seed++) {
    const rng = seededRng(seed);
    const set = new RangeSet(), twin = new Set<number>();
    const most = 5 + randomBelow(rng, 80);
    for (let i = 0; i < 60; i++) {
      const from = 1 + randomBelow(rng, most);
      const to = from + (rng.next() < 0.5 ? 0 : randomBelow(rng, 10));
      const taken = rng.next() < 0.3;
      for (let n = from; n <= to; n++) taken ? twin.delete(n) : twin.add(n);
      if (taken) set.remove(from, to);
      else set.add(from, to);
      assertEquals(set.ranges, rangesOf(twin), `seed ${seed}, step ${i}`);
      assertEquals(set.count, twin.size);
      assertEquals(set.greatest, Math.max(0, ...twin));
      let top = 0;
      while (twin.has(top + 1)) top++;
      assertEquals(set.top, top);
      for (let n = 0; n <= most + 11; n++) assertEquals(set.has(n), twin.has(n));
    }
  }
});

Deno.test("RangeSet joins what touches, overlaps, covers and is covered", () => {
  const table: [adding: Range, ranges: Range[]][] = [
    [[10, 19], [[10, 19]]],
    [[30, 39], [[10, 19], [30, 39]]],
    [[20, 20], [[10, 20], [30, 39]]],
    [[29, 29], [[10, 20], [29, 39]]],
    [[12, 15], [[10, 20], [29, 39]]],
    [[21, 28], [[10, 39]]],
    [[1, 100], [[1, 100]]],
    [[101, 101], [[1, 101]]],
    [[103, 103], [[1, 101], [103, 103]]],
    [[102, 102], [[1, 103]]],
  ];
  const set = new RangeSet();
  for (const [[from, to], ranges] of table) {
    set.add(from, to);
    assertEquals(set.ranges, ranges);
  }
});

Deno.test("RangeSet holds the whole of 2^53 - 1 without counting", () => {
  const set = new RangeSet();
  set.add(1, Number.MAX_SAFE_INTEGER);
  assertEquals([set.top, set.greatest], [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]);
  assert(set.has(2 ** 52));
  set.remove(2, Number.MAX_SAFE_INTEGER - 1);
  assertEquals(set.ranges, [[1, 1], [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]]);
});

Deno.test("RangeSet adds 200,000 numbers in order, and 2,000 backwards, in no time", () => {
  const started = processorMs();
  const forwards = new RangeSet(), scattered = new RangeSet();
  for (let n = 1; n <= 200_000; n++) forwards.add(n, n);
  for (let n = 2_000; n >= 1; n--) scattered.add(2 * n, 2 * n);
  assertEquals([forwards.ranges.length, scattered.ranges.length], [1, 2_000]);
  assertLess(processorMs() - started, 1_000);
});

Deno.test("subtract does what a plain Set does, for 3,000 random pairs", () => {
  const rng = seededRng(91);
  const random = () => {
    const density = rng.next();
    return rangesOf(Array.from({ length: 60 }, (_, n) => n + 1).filter(() => rng.next() < density));
  };
  for (let i = 0; i < 3_000; i++) {
    const wanted = random(), held = random();
    const twin = new Set(numbers(wanted));
    for (const n of numbers(held)) twin.delete(n);
    assertEquals(numbers(subtract(wanted, held)), [...twin]);
  }
});

Deno.test("unite does what a plain Set does, for 3,000 random pairs", () => {
  const rng = seededRng(92);
  const random = () => {
    const density = rng.next();
    return rangesOf(Array.from({ length: 60 }, (_, n) => n + 1).filter(() => rng.next() < density));
  };
  for (let i = 0; i < 3_000; i++) {
    const some = random(), others = random();
    const before = structuredClone([some, others]);
    assertEquals(unite(some, others), rangesOf(new Set([...numbers(some), ...numbers(others)])));
    assertEquals([some, others], before);
  }
});

Deno.test("subtract leaves both of its arguments as they were", () => {
  const wanted: Range[] = [[1, 10], [20, 30]], held: Range[] = [[5, 25]];
  assertEquals(subtract(wanted, held), [[1, 4], [26, 30]]);
  assertEquals([wanted, held], [[[1, 10], [20, 30]], [[5, 25]]]);
  assertEquals([subtract([], held), subtract(wanted, [])], [[], wanted]);
});
