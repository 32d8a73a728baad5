/** Marks: there and back, and what is cut or too much. */

import { assertEquals, assertThrows } from "@std/assert";
import { MalformedError } from "../../wire/cbor.ts";
import type { PostId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { markBytes, markOf, marks } from "../../wire/mark.ts";
import { seededRng } from "../rng.ts";
import { sampleId } from "../samples.ts";

const rng = seededRng(304);
const { marksPerMessage } = defaultLimits;
const mark = () => markOf(sampleId<PostId>(rng));

Deno.test("markOf: it is the first 8 bytes of the id", () => {
  const id = sampleId<PostId>(rng);
  assertEquals(markOf(id), id.slice(0, 16));
  assertEquals(markBytes([markOf(id)]), Uint8Array.fromHex(id).slice(0, 8));
});

Deno.test("marks: as many as one message holds come back in order", () => {
  for (const count of [0, 1, 2, 50, marksPerMessage]) {
    const named = Array.from({ length: count }, mark);
    const bytes = markBytes(named);
    assertEquals(bytes.length, 8 * count);
    assertEquals(marks(bytes), named);
  }
});

Deno.test("marks: one byte more or less, and one too many, are malformed", () => {
  for (let length = 0; length < 80; length++) {
    if (length % 8 === 0) assertEquals(marks(new Uint8Array(length)).length, length / 8);
    else assertThrows(() => marks(new Uint8Array(length)), MalformedError);
  }
  assertThrows(() => marks(new Uint8Array((marksPerMessage + 1) * 8)), MalformedError);
});

Deno.test("marks: they are read out of the middle of a larger buffer", () => {
  const named = [mark(), mark()];
  const frame = new Uint8Array(100);
  frame.set(markBytes(named), 7);
  assertEquals(marks(frame.subarray(7, 23)), named);
});
