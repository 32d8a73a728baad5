/**
 * When addresses are dialled: waiting times, jitter, resets, rest while a link is up, and how
 * those that a person named differ from those that are only remembered.
 */

import { assert, assertEquals, assertGreater, assertLessOrEqual } from "@std/assert";
import { DialSchedule } from "../../discovery/dial_schedule.ts";
import type { PeerId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { seededRng } from "../rng.ts";
import { sampleId } from "../samples.ts";

const { dialBackoffMs, goodLinkMs, addressBookMax, rememberedFailuresMax } = defaultLimits;
const rng = seededRng(81);
const bo = sampleId<PeerId>(rng), cy = sampleId<PeerId>(rng);

/** A schedule without jitter: the factor is 1 in the middle of the range. */
const steady = () => new DialSchedule(defaultLimits, () => 0.5);

Deno.test("DialSchedule has a new address due at once, and takes it once", () => {
  const schedule = steady();
  assertEquals(schedule.deadlineMs, Infinity);
  assert(schedule.add("a:1", 100));
  assertEquals(schedule.deadlineMs, 100);
  assertEquals(schedule.takeDue(99, 8), []);
  assertEquals(schedule.takeDue(100, 8), ["a:1"]);
  assertEquals(schedule.takeDue(1_000_000, 8), []);
  assertEquals([schedule.dialling, schedule.deadlineMs], [1, Infinity]);
});

Deno.test("DialSchedule waits as long as the table says, and the last time again and again", () => {
  const schedule = steady();
  schedule.add("a:1", 0);
  let now = 0;
  for (const waitMs of [...dialBackoffMs, dialBackoffMs.at(-1)!, dialBackoffMs.at(-1)!]) {
    assertEquals(schedule.takeDue(now, 8), ["a:1"]);
    assertEquals(schedule.onFailed("a:1", "refused", now), waitMs);
    const [waiting] = schedule.waiting;
    assertEquals(waiting, { ...waiting!, lastError: "refused", nextMs: now + waitMs });
    assertEquals(schedule.takeDue(now + waitMs - 1, 8), []);
    now += waitMs;
  }
  assertEquals(schedule.onFailed("nobody:1", "refused", now), null);
});

Deno.test("DialSchedule spreads the waiting times by a quarter to both sides", () => {
  const schedule = new DialSchedule(defaultLimits, () => rng.next());
  const waits = Array.from({ length: 200 }, (_, i) => {
    schedule.add(`a:${i + 1}`, 0);
    return schedule.onFailed(`a:${i + 1}`, "refused", 0)!;
  });
  assertGreater(Math.min(...waits), 749);
  assertLessOrEqual(Math.max(...waits), 1_250);
  assertGreater(new Set(waits).size, 100);
});

Deno.test("DialSchedule gives out no more than asked for, in the order of adding", () => {
  const schedule = steady();
  for (const address of ["a:1", "b:1", "c:1"]) schedule.add(address, 0);
  assertEquals(schedule.takeDue(0, 0), []);
  assertEquals(schedule.takeDue(0, 2), ["a:1", "b:1"]);
  assertEquals(schedule.takeDue(0, 2), ["c:1"]);
});

Deno.test("DialSchedule keeps at most the limit, and refuses further ones", () => {
  const schedule = steady();
  for (let i = 1; i <= addressBookMax; i++) assert(schedule.add(`a:${i}`, 0));
  assert(!schedule.add("b:1", 0));
  assert(schedule.add("a:1", 0), "a known one is no further one");
  assertEquals(schedule.waiting.length, addressBookMax);
  assert(schedule.remove("a:1"));
  assert(!schedule.remove("a:1"));
  assert(schedule.add("b:1", 0));
});

Deno.test("DialSchedule hurries one address or all, and forgets their failures", () => {
  const schedule = steady();
  for (const address of ["a:1", "b:1"]) {
    schedule.add(address, 0);
    schedule.takeDue(0, 8);
    schedule.onFailed(address, "refused", 0);
    schedule.onFailed(address, "refused", 0);
  }
  assert(!schedule.hurry("nobody:1", 10));
  assert(schedule.hurry("a:1", 10));
  assertEquals(schedule.takeDue(10, 8), ["a:1"]);
  assertEquals(schedule.onFailed("a:1", "refused", 10), dialBackoffMs[0]!);
  assert(schedule.hurry(null, 20));
  assertEquals(schedule.takeDue(20, 8), ["a:1", "b:1"]);
  assert(schedule.add("a:1", 30), "what is being dialled is not dialled twice");
  assertEquals(schedule.takeDue(30, 8), []);
  for (let i = 0; i < 3; i++) schedule.onFailed("b:1", "refused", 30);
  schedule.takeDue(1_000_000, 8);
  schedule.hurry(null, 1_000_000);
  assertEquals(schedule.onFailed("b:1", "refused", 1_000_000), dialBackoffMs[0]!);
});

Deno.test("DialSchedule lets all addresses of a peer rest while any link to it is up", () => {
  const schedule = steady();
  for (const address of ["a:1", "b:1", "c:1"]) schedule.add(address, 0);
  schedule.takeDue(0, 8);
  schedule.onUp("a:1", bo, 5);
  schedule.onUp("b:1", bo, 5);
  schedule.onUp("c:1", cy, 5);
  assertEquals(schedule.addressesOf(bo), ["a:1", "b:1"]);
  assertEquals([schedule.waiting, schedule.deadlineMs], [[], Infinity]);
  schedule.onPeerDown(bo, "cut", 10);
  assertEquals(schedule.waiting.map(({ address }) => address), ["a:1", "b:1"]);
  assertEquals(schedule.deadlineMs, 10 + dialBackoffMs[0]!);
  schedule.onPeerUp(bo, 20);
  assertEquals([schedule.waiting, schedule.takeDue(1_000_000, 8)], [[], []]);
});

Deno.test("DialSchedule begins anew after a link that lasted, and not after a short one", () => {
  for (const lastedMs of [goodLinkMs - 1, goodLinkMs]) {
    const schedule = steady();
    schedule.add("a:1", 0);
    schedule.takeDue(0, 8);
    for (let i = 0; i < 3; i++) schedule.onFailed("a:1", "refused", 0);
    schedule.onUp("a:1", bo, 100);
    schedule.onPeerDown(bo, "cut", 100 + lastedMs);
    const step = lastedMs < goodLinkMs ? dialBackoffMs[3]! : dialBackoffMs[0]!;
    assertEquals(schedule.deadlineMs, 100 + lastedMs + step);
  }
});

Deno.test("DialSchedule does nothing for addresses and peers that it does not know", () => {
  const schedule = steady();
  schedule.onUp("a:1", bo, 0);
  schedule.onPeerUp(bo, 0);
  schedule.onPeerDown(bo, "cut", 0);
  assertEquals([schedule.waiting, schedule.addressesOf(bo), schedule.dialling], [[], [], 0]);
});

Deno.test("DialSchedule dials remembered addresses only as links are lacking, wanted ones first", () => {
  const schedule = steady();
  for (const address of ["m:1", "m:2", "m:3"]) assert(schedule.remember(address, 0));
  schedule.add("a:1", 5);
  assertEquals([schedule.deadlineMs, schedule.wantedDeadlineMs], [0, 5]);
  assertEquals(schedule.takeDue(5, 8, 0), ["a:1"]);
  assertEquals([schedule.deadlineMs, schedule.wantedDeadlineMs], [0, Infinity]);
  assertEquals(schedule.takeDue(5, 8, 0), []);
  assertEquals(schedule.takeDue(5, 1, 8), ["m:1"]);
  assertEquals(schedule.takeDue(5, 8, 1), ["m:2"]);
  assertEquals(schedule.takeDue(5, 8, -3), []);
  assertEquals(schedule.waiting.map(({ wanted }) => wanted), [false, false, false, true]);
  schedule.onFailed("a:1", "refused", 5);
  schedule.hurry(null, 6);
  assertEquals(schedule.takeDue(6, 1, 1), ["a:1"]);
});

Deno.test("DialSchedule dials live addresses first: fewest failures, then the newest link", () => {
  const schedule = steady();
  const all = ["m:1", "m:2", "m:3", "m:4", "m:5"];
  for (const address of all) schedule.remember(address, 0);
  assertEquals(schedule.takeDue(0, 8), all, "as the book has them");
  const peers = [bo, cy, sampleId<PeerId>(rng)] as const;
  schedule.onUp("m:2", peers[0], 10);
  schedule.onUp("m:4", peers[1], 20);
  schedule.onUp("m:5", peers[2], 15);
  schedule.onFailed("m:1", "refused", 20);
  for (const peer of peers) schedule.onPeerDown(peer, "cut", 30);
  schedule.onFailed("m:3", "refused", 30);
  const later = 1_000_000;
  assertEquals(schedule.takeDue(later, 8), ["m:4", "m:5", "m:2", "m:1", "m:3"]);
});

Deno.test("DialSchedule gives up a remembered address that never answers while others do", () => {
  for (const [othersUp, wanted] of [[true, false], [false, false], [true, true]]) {
    const schedule = steady();
    schedule.add("a:1", 0);
    schedule.takeDue(0, 1);
    if (othersUp) schedule.onUp("a:1", bo, 0);
    schedule.remember("m:1", 0);
    if (wanted) schedule.add("m:1", 0);
    const waits: (number | null)[] = [];
    for (let i = 0; i < rememberedFailuresMax + 1; i++) {
      assertEquals(schedule.takeDue(i * 1_000_000, 8), schedule.has("m:1") ? ["m:1"] : []);
      waits.push(schedule.onFailed("m:1", "no answer", i * 1_000_000));
    }
    const given = othersUp && !wanted
      ? [null, null]
      : [dialBackoffMs.at(-1)!, dialBackoffMs.at(-1)!];
    assertEquals(waits.slice(-2), given);
    assertEquals(waits.slice(0, -2).includes(null), false);
    assertEquals(schedule.has("m:1"), !othersUp || wanted);
  }
});

Deno.test("DialSchedule counts failures anew after a link, and when it is hurried", () => {
  for (const revive of ["link", "hurry"]) {
    const schedule = steady();
    schedule.add("a:1", 0);
    schedule.takeDue(0, 1);
    schedule.onUp("a:1", bo, 0);
    schedule.remember("m:1", 0);
    for (let i = 1; i < rememberedFailuresMax; i++) schedule.onFailed("m:1", "no answer", 0);
    if (revive === "link") {
      schedule.onUp("m:1", cy, 0);
      schedule.onPeerDown(cy, "cut", 0);
    } else {
      schedule.hurry(null, 0);
    }
    assert(schedule.onFailed("m:1", "no answer", 0) !== null, revive);
  }
});

Deno.test("DialSchedule lets a wanted address push out the least promising remembered one", () => {
  const schedule = steady();
  for (let i = 1; i <= addressBookMax; i++) assert(schedule.remember(`m:${i}`, 0));
  assert(!schedule.remember("n:1", 0));
  assert(schedule.remember("m:1", 0), "a known one is no further one");
  schedule.takeDue(0, 2);
  schedule.onFailed("m:1", "refused", 0);
  assert(schedule.add("a:1", 0));
  assert(!schedule.has("m:1"));
  assert(schedule.add("a:2", 0));
  assert(!schedule.has(`m:${addressBookMax}`), "the last of the book");
  assert(schedule.has("m:2"), "what is being dialled stays");
  assertEquals(schedule.size, addressBookMax);
});

Deno.test("DialSchedule has place for who is on the network though it is full of what was made up there", () => {
  const schedule = steady();
  assert(schedule.remember("b:1", 0), "of the book");
  for (let i = 1; i < addressBookMax; i++) assert(schedule.remember(`m:${i}`, 0, true));
  assert(!schedule.remember("n:1", 0, true), "all may still answer");
  for (const address of schedule.takeDue(0, 3)) schedule.onFailed(address, "no answer", 0);
  assert(!schedule.remember("c:1", 0), "what a book names is not of now");
  assert(schedule.remember("n:1", 0, true));
  assert(schedule.remember("n:2", 0, true));
  assert(!schedule.remember("n:3", 0, true), "two of them were made up");
  assert(schedule.has("b:1"), "it was no finder that named it");
  assertEquals(schedule.size, addressBookMax);
});
