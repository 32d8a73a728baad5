/** Marks and announcements: there and back, and what is cut or too much. */

import { assertEquals, assertThrows } from "@std/assert";
import { MalformedError } from "../../wire/cbor.ts";
import type { PostId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";
import {
  type Announced,
  announcedBytes,
  announcements,
  hopsMax,
  markBytes,
  markOf,
  marks,
} from "../../wire/mark.ts";
import { randomBelow, seededRng } from "../rng.ts";
import { sampleId } from "../samples.ts";

const rng = seededRng(304);
const { marksPerMessage } = defaultLimits;
const mark = () => markOf(sampleId<PostId>(rng));

Deno.test("markOf: it is the first 16 bytes of the id", () => {
  const id = sampleId<PostId>(rng);
  assertEquals(markOf(id), id.slice(0, 32));
  assertEquals(markBytes([markOf(id)]), Uint8Array.fromHex(id).slice(0, 16));
});

Deno.test("marks: as many as one message holds come back in order", () => {
  for (const count of [0, 1, 2, 50, marksPerMessage]) {
    const named = Array.from({ length: count }, mark);
    const bytes = markBytes(named);
    assertEquals(bytes.length, 16 * count);
    assertEquals(marks(bytes), named);
  }
});

Deno.test("announcements: as many as one message holds come back with their hops", () => {
  for (const count of [0, 1, 2, 50, marksPerMessage]) {
    const told = Array.from({ length: count }, (): Announced => ({
      mark: mark(),
      hops: randomBelow(rng, hopsMax + 1),
    }));
    const bytes = announcedBytes(told);
    assertEquals(bytes.length, 17 * count);
    assertEquals(announcements(bytes), told);
  }
});

Deno.test("marks and announcements: one byte more or less, and one too many, are malformed", () => {
  for (const [read, size] of [[marks, 16], [announcements, 17]] as const) {
    for (let length = 0; length < 5 * size; length++) {
      if (length % size === 0) assertEquals(read(new Uint8Array(length)).length, length / size);
      else assertThrows(() => read(new Uint8Array(length)), MalformedError);
    }
    assertThrows(() => read(new Uint8Array((marksPerMessage + 1) * size)), MalformedError);
  }
});

Deno.test("marks: they are read out of the middle of a larger buffer", () => {
  const named = [mark(), mark()];
  const frame = new Uint8Array(100);
  frame.set(markBytes(named), 7);
  assertEquals(marks(frame.subarray(7, 39)), named);
});
