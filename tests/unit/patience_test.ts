/** How long an announced post may take: longer where it often comes by itself after all. */

import { assertEquals } from "@std/assert";
import { Patience } from "../../peer/lazy_push.ts";
import { defaultLimits } from "../../wire/limits.ts";

const { graftMs, graftMsMax } = defaultLimits;

Deno.test("Patience: it doubles with posts that come by themselves after all, up to graftMsMax", () => {
  const patience = new Patience(defaultLimits);
  assertEquals(patience.ms, graftMs);
  const seen: number[] = [];
  for (let i = 1; i <= 8; i++) {
    patience.onTooSoon(i * graftMs);
    seen.push(patience.ms);
  }
  assertEquals(seen, [2, 4, 8, 16, 16, 16, 16, 16].map((n) => Math.min(n * graftMs, graftMsMax)));
});

Deno.test("Patience: posts that were asked for together count once", () => {
  const patience = new Patience(defaultLimits);
  for (let i = 0; i < 100; i++) patience.onTooSoon(i);
  assertEquals(patience.ms, 2 * graftMs);
});

Deno.test("Patience: it shrinks while asking brings posts, and never below graftMs", () => {
  const patience = new Patience(defaultLimits);
  patience.onTooSoon(0);
  patience.onTooSoon(graftMs);
  assertEquals(patience.ms, 4 * graftMs);
  patience.onNeeded(5 * graftMs - 1);
  assertEquals(patience.ms, 4 * graftMs, "too soon after one that was too soon");
  for (let i = 5; i < 50; i++) patience.onNeeded(i * graftMs);
  assertEquals(patience.ms, graftMs);
});
