/** The sum of stored rows: published, and its twin in the runtime. */

import { assertEquals } from "@std/assert";
import { crc32 as twin } from "node:zlib";
import { crc32 } from "../../io/store/crc32.ts";
import { randomBelow, randomBytes, seededRng } from "../rng.ts";

Deno.test("crc32() gives the published check value, and 0 of nothing", () => {
  // https://reveng.sourceforge.io/crc-catalogue/17plus.htm#crc.cat.crc-32-iso-hdlc
  assertEquals(crc32(new TextEncoder().encode("123456789")), 0xcbf43926);
  assertEquals(crc32(new Uint8Array()), 0);
});

Deno.test("crc32() sums up what zlib does, of any length, and goes on from any sum", () => {
  const rng = seededRng(32);
  for (let length = 0; length < 300; length++) {
    const bytes = randomBytes(rng, length);
    assertEquals(crc32(bytes), twin(bytes), `${length} bytes`);
    const cut = randomBelow(rng, length + 1);
    const [front, back] = [bytes.subarray(0, cut), bytes.subarray(cut)];
    assertEquals(crc32(back, crc32(front)), twin(bytes), `${length} bytes, cut after ${cut}`);
  }
});
