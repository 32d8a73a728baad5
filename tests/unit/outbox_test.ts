/** What waits for one link: three lanes, each with its bound, emptied into frames. */

import { assert, assertEquals } from "@std/assert";
import { Outbox } from "../../peer/outbox.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { randomBelow, seededRng } from "../rng.ts";

const { outboxControlBytesMax, outboxLiveBytesMax, pagesQueuedBytesMax, pageBytesMax } =
  defaultLimits;
const bytes = (...values: number[]) => Uint8Array.from(values);

Deno.test("Outbox gives control first, then live posts, then pages, each in its order", () => {
  const outbox = new Outbox(defaultLimits);
  assertEquals(outbox.take(100), null);
  outbox.push(bytes(5), "page");
  outbox.push(bytes(3), "live");
  outbox.push(bytes(1), "control");
  outbox.push(bytes(6), "page");
  outbox.push(bytes(4), "live");
  outbox.push(bytes(2), "control");
  assertEquals(outbox.pageBytes, 2);
  assertEquals(outbox.take(100), bytes(1, 2, 3, 4, 5, 6));
  assertEquals([outbox.take(100), outbox.pageBytes], [null, 0]);
});

Deno.test("Outbox fills a frame with whole messages up to its last byte", () => {
  const outbox = new Outbox(defaultLimits);
  for (const message of [bytes(1, 1, 1), bytes(2, 2), bytes(3)]) outbox.push(message, "live");
  assertEquals(outbox.take(4), bytes(1, 1, 1));
  assertEquals(outbox.take(3), bytes(2, 2, 3));
  assertEquals(outbox.take(3), null);
});

Deno.test("Outbox keeps the order of each lane through 200 random runs", () => {
  for (let seed = 0; seed < 200; seed++) {
    const rng = seededRng(seed);
    const outbox = new Outbox(defaultLimits);
    const put: number[] = [], got: number[] = [];
    for (let i = 0; i < 100; i++) {
      if (rng.next() < 0.6) {
        const message = new Uint8Array(1 + randomBelow(rng, 5)).fill(i);
        assert(outbox.push(message, "live"));
        put.push(...message);
      } else {
        got.push(...outbox.take(5 + randomBelow(rng, 10)) ?? []);
      }
    }
    for (let rest; (rest = outbox.take(50)) !== null;) got.push(...rest);
    assertEquals(got, put);
  }
});

Deno.test("Outbox refuses what exceeds a lane, and a full lane stops no other", () => {
  const outbox = new Outbox(defaultLimits);
  const lanes = [
    ["control", outboxControlBytesMax],
    ["live", outboxLiveBytesMax],
    ["page", pagesQueuedBytesMax + 2 * pageBytesMax],
  ] as const;
  for (const [lane, bytesMax] of lanes) {
    assert(!outbox.push(new Uint8Array(bytesMax + 1), lane));
    for (let filled = 0; filled < bytesMax; filled += 1_024) {
      assert(outbox.push(new Uint8Array(1_024), lane), `${lane} at ${filled}`);
    }
    assert(!outbox.push(new Uint8Array(1), lane));
  }
  assertEquals(outbox.take(1_024)?.length, 1_024);
  assert(outbox.push(new Uint8Array(1_024), "control"));
});

Deno.test("Outbox refuses a message that fits no frame, which would never leave it", () => {
  const outbox = new Outbox(defaultLimits);
  for (const lane of ["control", "live", "page"] as const) {
    assert(!outbox.push(new Uint8Array(65_518), lane));
    assert(outbox.push(new Uint8Array(65_517), lane));
    assertEquals(outbox.take(65_517)?.length, 65_517);
  }
});
