/** Token buckets: what may come at once, and what may come on. */

import { assert, assertEquals } from "@std/assert";
import { Bucket } from "../../peer/bucket.ts";
import { randomBelow, seededRng } from "../rng.ts";

/** How many of `tries` are taken one by one. */
function taken(bucket: Bucket, tries: number, nowMs: number): number {
  let count = 0;
  for (let i = 0; i < tries; i++) if (bucket.take(1, nowMs)) count++;
  return count;
}

Deno.test("Bucket: it is full at first, whenever the clock began", () => {
  for (const nowMs of [-1e9, 0, 1e12]) {
    const bucket = new Bucket(10, 2);
    assertEquals(taken(bucket, 50, nowMs), 10);
  }
});

Deno.test("Bucket: it fills at its rate, and no further than to the brim", () => {
  const bucket = new Bucket(10, 2);
  assertEquals(taken(bucket, 50, 0), 10);
  assertEquals(taken(bucket, 50, 499), 0);
  assertEquals(taken(bucket, 50, 500), 1);
  assertEquals(taken(bucket, 50, 2_000), 3);
  assertEquals(taken(bucket, 50, 1_000_000), 10);
});

Deno.test("Bucket: what is not there whole is not taken in part, and asking takes nothing", () => {
  const bucket = new Bucket(10, 2);
  assert(bucket.take(7, 0));
  assert(!bucket.has(4, 0));
  assert(!bucket.take(4, 0));
  for (let i = 0; i < 5; i++) assert(bucket.has(3, 0));
  assert(bucket.take(3, 0));
  assert(!bucket.has(1, 0));
});

Deno.test("Bucket: no pattern of asking gets more than its burst and its rate", () => {
  const rng = seededRng(302);
  for (let round = 0; round < 50; round++) {
    const burst = 1 + randomBelow(rng, 20), perSecond = 1 + randomBelow(rng, 50);
    const bucket = new Bucket(burst, perSecond);
    let nowMs = 0, got = 0;
    for (let i = 0; i < 500; i++) {
      nowMs += randomBelow(rng, 40);
      const count = 1 + randomBelow(rng, 3);
      if (bucket.take(count, nowMs)) got += count;
    }
    const most = burst + (nowMs / 1_000) * perSecond;
    assert(got <= most + 1e-6, `${got} of ${most}`);
  }
});
