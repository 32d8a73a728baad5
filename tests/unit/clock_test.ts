/** The clock that stamps posts: order, leaps, and wall clocks that are wrong. */

import { assert, assertEquals } from "@std/assert";
import { Clock } from "../../peer/clock.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { compareTimes, type LogicalTime } from "../../wire/post.ts";
import { randomBelow, seededRng } from "../rng.ts";

const { clockAdvanceMs, clockAheadMs, clockSkewMs } = defaultLimits;
const wallMs = 1_800_000_000_000;
const hourMs = 3_600_000;
const at = (ms: number, counter = 0): LogicalTime => ({ ms, counter });

Deno.test("Clock stamps later than all before, whatever the wall clock and others do", () => {
  for (let seed = 0; seed < 50; seed++) {
    const rng = seededRng(seed);
    const clock = new Clock(defaultLimits);
    let last = at(0), now = wallMs;
    for (let i = 0; i < 200; i++) {
      now += randomBelow(rng, 2_000) - 1_000;
      if (rng.next() < 0.5) {
        const heard = at(now + randomBelow(rng, 3 * clockAdvanceMs) - clockAdvanceMs, 7);
        clock.observe(heard, now);
        if (heard.ms <= now + clockAdvanceMs && compareTimes(heard, last) > 0) last = heard;
      }
      const stamp = clock.stamp(now);
      assert(compareTimes(stamp, last) > 0, `seed ${seed}: ${JSON.stringify([last, stamp])}`);
      last = stamp;
    }
  }
});

Deno.test("Clock shows the wall clock when that is ahead, and counts when it is not", () => {
  const clock = new Clock(defaultLimits);
  assertEquals(clock.stamp(wallMs), at(wallMs));
  assertEquals(clock.stamp(wallMs), at(wallMs, 1));
  assertEquals(clock.stamp(wallMs - hourMs), at(wallMs, 2));
  assertEquals(clock.stamp(wallMs + 1), at(wallMs + 1));
});

Deno.test("Clock carries over into the next millisecond after 65,535 stamps in one", () => {
  const clock = new Clock(defaultLimits);
  clock.observe(at(wallMs, 65_535), wallMs);
  assertEquals(clock.stamp(wallMs), at(wallMs + 1, 0));
});

Deno.test("Clock follows a post at most a minute ahead, and no further one", () => {
  const clock = new Clock(defaultLimits);
  clock.observe(at(wallMs + clockAdvanceMs + 1), wallMs);
  assertEquals(clock.stamp(wallMs), at(wallMs));
  clock.observe(at(wallMs + clockAdvanceMs), wallMs);
  assertEquals(clock.stamp(wallMs), at(wallMs + clockAdvanceMs, 1));
});

Deno.test("Clock takes up its own time after a restart, and knows when it cannot go on from it", () => {
  const clock = new Clock(defaultLimits);
  clock.resume(at(wallMs + clockAdvanceMs, 3));
  assert(!clock.runsAhead(wallMs));
  assertEquals(clock.stamp(wallMs), at(wallMs + clockAdvanceMs, 4));
  clock.resume(at(wallMs + hourMs));
  clock.resume(at(wallMs));
  assert(clock.runsAhead(wallMs));
  clock.restart();
  assert(!clock.runsAhead(wallMs));
  assertEquals(clock.stamp(wallMs), at(wallMs));
});

Deno.test("Clock marks a post more than five minutes ahead, and not one of five", () => {
  const clock = new Clock(defaultLimits);
  assert(!clock.isAhead(at(wallMs + clockAheadMs), wallMs));
  assert(clock.isAhead(at(wallMs + clockAheadMs + 1), wallMs));
  assert(!clock.isAhead(at(0), wallMs));
});

Deno.test("Clock corrects itself by the median of three, once it is more than five minutes off", () => {
  const clock = new Clock(defaultLimits);
  assert(!clock.compare(wallMs, [], false));
  assert(!clock.compare(wallMs, [hourMs, hourMs], false), "two are too few");
  assert(!clock.compare(wallMs, [0, clockSkewMs, hourMs], false), "the median is within bounds");
  assertEquals(clock.offsetMs, 0);
  assert(clock.compare(wallMs, [-hourMs, clockSkewMs + 1, hourMs], false));
  assertEquals(clock.offsetMs, clockSkewMs + 1);
  assertEquals(clock.stamp(wallMs), at(wallMs + clockSkewMs + 1));
  assert(!clock.compare(wallMs, [0, clockSkewMs + 2, hourMs], false), "told once");
  assert(clock.compare(wallMs, [0, 10, 20], false), "right again");
  assertEquals(clock.offsetMs, 0);
});

Deno.test("Clock believes the one neighbour in a room of two", () => {
  const clock = new Clock(defaultLimits);
  assert(!clock.compare(wallMs, [-hourMs], false));
  assert(clock.compare(wallMs, [-hourMs], true));
  assertEquals(clock.correctedMs(wallMs), wallMs - hourMs);
});

Deno.test("Clock before the release is corrected by any offset that matters", () => {
  const clock = new Clock(defaultLimits);
  const stopped = 1_000_000;
  assert(clock.compare(stopped, [wallMs - stopped], true));
  assertEquals(clock.stamp(stopped), at(wallMs));
});

Deno.test("Clock follows nobody to a time that cannot be: before the release, or a century on", () => {
  const clock = new Clock(defaultLimits);
  for (const impossible of [5_000, 2 ** 48 - 1]) {
    assert(!clock.compare(wallMs, [impossible - wallMs], true));
    assertEquals([clock.offsetMs, clock.networkMs(wallMs)], [0, wallMs]);
  }
});

Deno.test("Clock stamps presence by what others' clocks show, long before it corrects posts", () => {
  const clock = new Clock(defaultLimits);
  clock.compare(wallMs, [90_000], false);
  assertEquals([clock.offsetMs, clock.networkMs(wallMs)], [0, wallMs + 90_000]);
  assertEquals(clock.stampPresence(wallMs), at(wallMs + 90_000));
  assertEquals(clock.stampPresence(wallMs), at(wallMs + 90_000, 1));
  assertEquals(clock.stamp(wallMs), at(wallMs));
});
