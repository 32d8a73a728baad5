/** Receipts: who holds which of our own posts, and how much of that is remembered. */

import { assertEquals, assertLess } from "@std/assert";
import { Receipts } from "../../peer/receipts.ts";
import type { LogId, PeerId, PostId, RoomId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { processorMs } from "../processor_ms.ts";
import { seededRng } from "../rng.ts";
import { sampleId } from "../samples.ts";

const rng = seededRng(141);
const room = sampleId<RoomId>(rng), log = sampleId<LogId>(rng, 8);
const bo = sampleId<PeerId>(rng), cy = sampleId<PeerId>(rng);

/** Receipts of own posts `seqs`, whose ids are their numbers. */
function receiptsOf(seqs: readonly number[], limits = defaultLimits): Receipts {
  const receipts = new Receipts(limits);
  for (const seq of seqs) receipts.onOwnPost({ room, log, seq, id: `${seq}` as PostId });
  return receipts;
}

Deno.test("Receipts tells each post once for each holder, oldest first", () => {
  const receipts = receiptsOf([1, 2, 4, 5]);
  assertEquals(receipts.undelivered, 4);
  const first = receipts.onHave(room, log, bo, [[1, 4]]);
  assertEquals(first.map(({ seq, id }) => [seq, id]), [[1, "1"], [2, "2"], [4, "4"]]);
  assertEquals(receipts.onHave(room, log, bo, [[1, 4]]), []);
  assertEquals(receipts.onHave(room, log, bo, [[1, 5]]).map(({ seq }) => seq), [5]);
  const second = receipts.onHave(room, log, cy, [[2, 2]]);
  assertEquals(second, [{ seq: 2, id: "2" as PostId, have: 2 }]);
  assertEquals(receipts.holders(room, log, 2), [bo, cy]);
  assertEquals(receipts.undelivered, 0);
});

Deno.test("Receipts counts as undelivered what nobody else holds, whoever says so first", () => {
  const receipts = receiptsOf([1, 2, 3]);
  receipts.onHave(room, log, bo, [[2, 2]]);
  receipts.onHave(room, log, cy, [[2, 2]]);
  assertEquals(receipts.undelivered, 2);
  receipts.onHave(room, log, cy, [[1, 1], [3, 9]]);
  assertEquals(receipts.undelivered, 0);
});

Deno.test("Receipts knows who holds posts of an earlier run, and tells of none of them", () => {
  const receipts = receiptsOf([11]);
  assertEquals(receipts.onHave(room, log, bo, [[1, 11]]).map(({ seq }) => seq), [11]);
  assertEquals([receipts.holders(room, log, 5), receipts.holders(room, log, 12)], [[bo], []]);
  assertEquals(receipts.holders(room, sampleId<LogId>(rng, 8), 5), []);
});

Deno.test("Receipts believes a claim of 2^53 posts without counting them", () => {
  const receipts = receiptsOf([1, 2, 3]);
  const started = processorMs();
  const told = receipts.onHave(room, log, bo, [[1, Number.MAX_SAFE_INTEGER]]);
  assertEquals(told.map(({ seq }) => seq), [1, 2, 3]);
  assertLess(processorMs() - started, 100);
});

Deno.test("Receipts hears what one holder says again and again in no time", () => {
  const receipts = receiptsOf(Array.from({ length: 2_000 }, (_, i) => i + 1));
  const odd = Array.from({ length: 1_000 }, (_, i): [number, number] => [2 * i + 1, 2 * i + 1]);
  receipts.onHave(room, log, bo, odd);
  assertEquals(receipts.undelivered, 1_000);
  const started = processorMs();
  // As many as 64 KiB hold some four times; each of them once cost a look at all that waits.
  for (let i = 0; i < 500; i++) {
    assertEquals(receipts.onHave(room, log, bo, odd.slice(0, 64)), []);
  }
  assertLess(processorMs() - started, 1_500);
});

Deno.test("Receipts tells of the newest receiptsMax posts", () => {
  const receipts = receiptsOf([1, 2, 3, 4, 5], { ...defaultLimits, receiptsMax: 3 });
  const told = receipts.onHave(room, log, bo, [[1, 5]]);
  assertEquals(told.map(({ seq }) => seq), [3, 4, 5]);
  assertEquals(receipts.undelivered, 0);
});

Deno.test("Receipts counts receiptHoldersMax holders, and rangesPerLogMax ranges of each", () => {
  const limits = { ...defaultLimits, receiptHoldersMax: 2, rangesPerLogMax: 3 };
  const receipts = receiptsOf([1, 3, 5, 7, 9], limits);
  const scattered: [number, number][] = [[1, 1], [3, 3], [5, 5], [7, 7], [9, 9]];
  assertEquals(receipts.onHave(room, log, bo, scattered).map(({ seq }) => seq), [1, 3, 5]);
  assertEquals(receipts.onHave(room, log, cy, [[1, 9]]).length, 5);
  const third = sampleId<PeerId>(rng);
  assertEquals(receipts.onHave(room, log, third, [[1, 9]]).map(({ seq }) => seq), [7, 9]);
  assertEquals(receipts.holders(room, log, 9), [cy, third], "the one heard of first makes room");
  assertEquals(receipts.undelivered, 0);
});

Deno.test("Receipts tells no more of a post than it has holders, however many keys say so", () => {
  const friend = sampleId<PeerId>(rng);
  const limits = { ...defaultLimits, receiptHoldersMax: 3 };
  const receipts = new Receipts(limits, (peer) => peer === friend);
  receipts.onOwnPost({ room, log, seq: 1, id: "1" as PostId });
  const told = Array.from({ length: 20 }, () => sampleId<PeerId>(rng))
    .flatMap((peer) => receipts.onHave(room, log, peer, [[1, 1]]).map(({ have }) => have));
  assertEquals(told, [1, 2, 3]);
  assertEquals(receipts.onHave(room, log, friend, [[1, 1]]).length, 1, "who is known is told of");
  assertEquals(receipts.holders(room, log, 1).length, 3);
});
