/** HKDF-SHA-256 (RFC 5869) against Wycheproof, with the suite's own HMAC. */

import { assertEquals, assertThrows } from "@std/assert";
import { nodeCrypto } from "../../io/crypto.ts";
import { hkdfExpand } from "../../wire/hkdf.ts";
import wycheproof from "./data/hkdf_sha256_test.json" with { type: "json" };

const { hmacSha256 } = nodeCrypto();
const hex = (text: string) => Uint8Array.fromHex(text);

Deno.test("hkdfExpand gives all Wycheproof outputs, and refuses more than 255 blocks", () => {
  let count = 0;
  for (const group of wycheproof.testGroups) {
    for (const test of group.tests) {
      count++;
      const key = hmacSha256(hex(test.salt), hex(test.ikm));
      const expand = () => hkdfExpand(hmacSha256, key, hex(test.info), test.size).toHex();
      if (test.result === "valid") assertEquals(expand(), test.okm, `case ${test.tcId}`);
      else assertThrows(expand, RangeError, "255 blocks", `case ${test.tcId}`);
    }
  }
  assertEquals(count, 86);
});
