/** The hash of a start and of a back-fill: published, and its twin in the runtime. */

import { assertEquals } from "@std/assert";
import { hash } from "node:crypto";
import { sha256, sha256Hex } from "../../io/sha256.ts";
import { randomBytes, seededRng } from "../rng.ts";

const encoder = new TextEncoder();

Deno.test("sha256() gives what FIPS 180-4 publishes", () => {
  // https://csrc.nist.gov/csrc/media/projects/cryptographic-standards-and-guidelines/documents/examples/sha256.pdf
  assertEquals(
    sha256(encoder.encode("abc")).toHex(),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
  assertEquals(
    sha256(encoder.encode("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")).toHex(),
    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
  );
});

Deno.test("sha256() gives what node:crypto does, of any length and at any place in memory", () => {
  const rng = seededRng(256);
  for (let length = 0; length < 300; length++) {
    const bytes = randomBytes(rng, length + 7).subarray(length % 8, length % 8 + length);
    assertEquals(sha256(bytes).toHex(), hash("sha256", bytes, "hex"), `${length} bytes`);
    assertEquals(sha256Hex(bytes), sha256(bytes).toHex(), `${length} bytes`);
  }
  const long = randomBytes(rng, 100_000);
  assertEquals(sha256(long).toHex(), hash("sha256", long, "hex"));
});
