/** ChaCha20-Poly1305 (RFC 8439) against Wycheproof. */

import { assertEquals, assertThrows } from "@std/assert";
import { nodeCrypto } from "../../io/crypto.ts";
import wycheproof from "./data/chacha20_poly1305_test.json" with { type: "json" };

const crypto = nodeCrypto();
const hex = (text: string) => Uint8Array.fromHex(text);

Deno.test("seal and open decide all Wycheproof cases as published", () => {
  let count = 0, invalid = 0;
  for (const group of wycheproof.testGroups) {
    for (const test of group.tests) {
      count++;
      const [key, iv, aad, msg] = [hex(test.key), hex(test.iv), hex(test.aad), hex(test.msg)];
      const sealed = hex(test.ct + test.tag);
      const name = `case ${test.tcId}`;
      if (iv.length !== 12) {
        // A nonce of another length is the caller's mistake, never a stranger's.
        assertThrows(() => crypto.seal(key, iv, aad, msg), Error, "", name);
        invalid++;
      } else if (test.result === "valid") {
        assertEquals(crypto.seal(key, iv, aad, msg).toHex(), sealed.toHex(), name);
        assertEquals(crypto.open(key, iv, aad, sealed)?.toHex(), test.msg, name);
      } else {
        assertEquals(crypto.open(key, iv, aad, sealed), null, name);
        invalid++;
      }
    }
  }
  assertEquals([count, invalid > 0], [325, true]);
});

Deno.test("open gives null for every single bit flipped and every length cut", () => {
  const key = new Uint8Array(32).fill(3), nonce = new Uint8Array(12), ad = hex("00ff");
  const sealed = crypto.seal(key, nonce, ad, hex("68656c6c6f"));
  for (let bit = 0; bit < 8 * sealed.length; bit++) {
    const altered = sealed.slice();
    altered[bit >> 3]! ^= 1 << (bit & 7);
    assertEquals(crypto.open(key, nonce, ad, altered), null);
  }
  for (let length = 0; length < sealed.length; length++) {
    assertEquals(crypto.open(key, nonce, ad, sealed.slice(0, length)), null);
  }
});

Deno.test("seal and open give arrays whose slice is a copy", () => {
  const key = new Uint8Array(32), nonce = new Uint8Array(12), nothing = new Uint8Array(0);
  const sealed = crypto.seal(key, nonce, nothing, hex("0102"));
  const opened = crypto.open(key, nonce, nothing, sealed)!;
  for (const bytes of [sealed, opened, crypto.sha256(sealed), crypto.randomBytes(4)]) {
    assertEquals(Object.getPrototypeOf(bytes), Uint8Array.prototype);
  }
});
