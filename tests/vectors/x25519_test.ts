/** X25519 against Wycheproof and the two low-order rules of RFC 7748, section 6.1. */

import { assertEquals, assertThrows } from "@std/assert";
import { nodeCrypto } from "../../io/crypto.ts";
import wycheproof from "./data/x25519_test.json" with { type: "json" };

const crypto = nodeCrypto();
const hex = (text: string) => Uint8Array.fromHex(text);

Deno.test("x25519 gives all Wycheproof results, and null for an all-zero one", () => {
  let zeros = 0, count = 0;
  for (const group of wycheproof.testGroups) {
    for (const test of group.tests) {
      const shared = crypto.x25519(hex(test.private), hex(test.public));
      const zero = /^0*$/.test(test.shared);
      assertEquals(shared?.toHex() ?? null, zero ? null : test.shared, `case ${test.tcId}`);
      zeros += zero ? 1 : 0;
      count++;
    }
  }
  assertEquals([count, zeros], [518, 31]);
});

Deno.test("x25519 gives null for the 7 low-order points, with and without the top bit", () => {
  const { secretKey } = crypto.generateX25519();
  const points = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
  ];
  for (const point of points) {
    const publicKey = hex(point);
    assertEquals(crypto.x25519(secretKey, publicKey), null);
    publicKey[31]! |= 0x80;
    assertEquals(crypto.x25519(secretKey, publicKey), null);
  }
});

Deno.test("x25519 gives both sides the same secret, and x25519PublicKey the key generated", () => {
  const a = crypto.generateX25519(), b = crypto.generateX25519();
  assertEquals(crypto.x25519(a.secretKey, b.publicKey), crypto.x25519(b.secretKey, a.publicKey));
  assertEquals(crypto.x25519PublicKey(a.secretKey), a.publicKey);
  assertEquals(crypto.x25519PublicKey(a.secretKey.slice()), a.publicKey);
});

Deno.test("x25519 refuses keys of another length", () => {
  const { publicKey, secretKey } = crypto.generateX25519();
  assertThrows(() => crypto.x25519(secretKey, publicKey.slice(1)), RangeError, "31 bytes");
  assertThrows(() => crypto.x25519(new Uint8Array(33), publicKey), RangeError, "33 bytes");
});
