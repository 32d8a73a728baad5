/** Our codec against cborg, a library of its own: the same bytes for the same values. */

import { assertEquals } from "@std/assert";
import { encode } from "cborg";
import { decodeCbor, encodeCbor } from "../../wire/cbor.ts";
import { seededRng } from "../rng.ts";
import { sampleValue } from "../samples.ts";

Deno.test("encodeCbor writes what cborg writes, and is read again", () => {
  const rng = seededRng(7);
  for (let i = 0; i < 2_000; i++) {
    const value = sampleValue(rng, 4);
    const bytes = encodeCbor(value);
    assertEquals(bytes.toHex(), new Uint8Array(encode(value)).toHex());
    assertEquals(encodeCbor(decodeCbor(bytes)).toHex(), bytes.toHex());
  }
});
