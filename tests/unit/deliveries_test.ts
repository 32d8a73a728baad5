/** Deliveries: how far own posts have come that nobody is known to hold. */

import { assertEquals } from "@std/assert";
import { Deliveries } from "../../peer/deliveries.ts";
import type { LogId, PostId, RoomId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { seededRng } from "../rng.ts";
import { sampleId } from "../samples.ts";

const { undeliveredMs } = defaultLimits;
const rng = seededRng(142);
const room = sampleId<RoomId>(rng), log = sampleId<LogId>(rng, 8);

function deliveriesOf(count: number, limits = defaultLimits): Deliveries {
  const deliveries = new Deliveries(limits);
  for (let seq = 1; seq <= count; seq++) {
    deliveries.onOwnPost({ room, log, seq, id: `${seq}` as PostId }, 0);
  }
  return deliveries;
}

const words = (changes: readonly { id: PostId; state: string }[]) =>
  changes.map(({ id, state }) => `${id} ${state}`);

Deno.test("Deliveries tells of a post once it goes over a first link, by gossip or by page", () => {
  const deliveries = deliveriesOf(4);
  assertEquals(words(deliveries.onHanded(1, room, log, 2, 2, 5)), ["2 handed"]);
  assertEquals(words(deliveries.onHanded(2, room, log, 1, 3, 6)), ["1 handed", "3 handed"]);
  assertEquals(deliveries.onHanded(2, room, log, 1, 3, 7), []);
  assertEquals(deliveries.onHanded(2, room, sampleId<LogId>(rng, 8), 1, 3, 7), []);
  assertEquals([1, 4, 9].map((seq) => deliveries.stateOf(room, log, seq)), [
    "handed",
    "stored",
    null,
  ]);
});

Deno.test("Deliveries takes back what only a lost link had taken", () => {
  const deliveries = deliveriesOf(3);
  deliveries.onHanded(1, room, log, 1, 3, 0);
  deliveries.onHanded(2, room, log, 2, 2, 0);
  assertEquals(deliveries.onHeld(room, log, 3), true);
  assertEquals(deliveries.onHeld(room, log, 3), false);
  assertEquals(words(deliveries.onLinkLost(1)), ["1 stored"]);
  assertEquals(deliveries.stateOf(room, log, 2), "handed");
  assertEquals(words(deliveries.onLinkLost(2)), ["2 stored"]);
});

Deno.test("Deliveries calls a post undelivered after undeliveredMs, and again after a new try", () => {
  const deliveries = deliveriesOf(2);
  assertEquals(deliveries.deadlineMs, undeliveredMs);
  assertEquals(deliveries.onTime(undeliveredMs - 1), []);
  assertEquals(words(deliveries.onTime(undeliveredMs)), ["1 undelivered", "2 undelivered"]);
  assertEquals(deliveries.deadlineMs, Infinity);
  assertEquals(words(deliveries.onHanded(1, room, log, 1, 1, 20_000)), ["1 handed"]);
  assertEquals(deliveries.deadlineMs, 20_000 + undeliveredMs);
  assertEquals(deliveries.onHeld(room, log, 1), true);
  assertEquals(deliveries.onTime(99_999), []);
  assertEquals(deliveries.stateOf(room, log, 2), "undelivered");
});

Deno.test("Deliveries follows the newest receiptsMax posts", () => {
  const deliveries = deliveriesOf(5, { ...defaultLimits, receiptsMax: 3 });
  assertEquals(deliveries.size, 3);
  assertEquals([1, 2, 3].map((seq) => deliveries.stateOf(room, log, seq)), [null, null, "stored"]);
  for (const seq of [3, 4, 5]) deliveries.onHeld(room, log, seq);
  assertEquals([deliveries.size, deliveries.deadlineMs], [0, Infinity]);
});
