/** HMAC-SHA-256 (RFC 2104) of the suite: RFC 4231 and the runtime's own, for keys of all lengths. */

import { assertEquals } from "@std/assert";
import { createHmac } from "node:crypto";
import { nodeCrypto } from "../../io/crypto.ts";

const { hmacSha256, randomBytes } = nodeCrypto();
const ascii = (text: string) => new TextEncoder().encode(text);

Deno.test("hmacSha256 gives cases 1, 2 and 6 of RFC 4231", () => {
  const cases: readonly (readonly [Uint8Array, Uint8Array, string])[] = [
    [
      new Uint8Array(20).fill(0x0b),
      ascii("Hi There"),
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
    ],
    [
      ascii("Jefe"),
      ascii("what do ya want for nothing?"),
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ],
    [
      new Uint8Array(131).fill(0xaa),
      ascii("Test Using Larger Than Block-Size Key - Hash Key First"),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    ],
  ];
  for (const [key, data, mac] of cases) assertEquals(hmacSha256(key, data).toHex(), mac);
});

Deno.test("hmacSha256 is the runtime's HMAC for keys and data of every length up to 200", () => {
  for (let length = 0; length <= 200; length++) {
    const key = randomBytes(length), data = randomBytes(200 - length);
    const expected = createHmac("sha256", key).update(data).digest("hex");
    assertEquals(hmacSha256(key, data).toHex(), expected, `${length} bytes`);
  }
});
