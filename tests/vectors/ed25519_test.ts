/**
 * The one verifier of the network against Wycheproof and ed25519-speccheck. The speccheck
 * cases are those in which published verifiers disagree, so what ours does with each is
 * written down here: who changes the verifier splits the history.
 */

import { assert, assertEquals } from "@std/assert";
import { Buffer } from "node:buffer";
import { createPublicKey, verify } from "node:crypto";
import { nodeCrypto } from "../../io/crypto.ts";
import { isSmallOrder } from "../../wire/small_order.ts";
import speccheck from "./data/ed25519_speccheck.json" with { type: "json" };
import wycheproof from "./data/ed25519_test.json" with { type: "json" };

const crypto = nodeCrypto();
const hex = (text: string) => Uint8Array.fromHex(text);

/** The runtime's verifier without the product's own check. */
function verifyRaw(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const der = Buffer.concat([hex("302a300506032b6570032100"), publicKey]);
  const key = createPublicKey({ key: der, format: "der", type: "spki" });
  return verify(null, message, key, signature);
}

Deno.test("verify decides all Wycheproof cases as published", () => {
  let count = 0;
  for (const group of wycheproof.testGroups) {
    const publicKey = hex(group.publicKey.pk);
    for (const test of group.tests) {
      const valid = crypto.verify(publicKey, hex(test.msg), hex(test.sig));
      assertEquals(valid, test.result === "valid", `case ${test.tcId}`);
      count++;
    }
  }
  assertEquals(count, 151);
});

Deno.test("verify decides all speccheck cases as documented", () => {
  const cases = speccheck.map(({ message, pub_key, signature }) => {
    const publicKey = hex(pub_key);
    return {
      runtime: verifyRaw(publicKey, hex(message), hex(signature)),
      smallOrder: isSmallOrder(publicKey),
      product: crypto.verify(publicKey, hex(message), hex(signature)),
    };
  });
  const yes = true, no = false;
  assertEquals(cases, [
    // 0, 1: a small-order key; the runtime agrees, the product refuses the key.
    { runtime: yes, smallOrder: yes, product: no },
    { runtime: yes, smallOrder: yes, product: no },
    // 2, 3: the key contains a small-order part, and so does R or is one; the equation holds.
    { runtime: yes, smallOrder: no, product: yes },
    { runtime: yes, smallOrder: no, product: yes },
    // 4, 5: the equation holds only after multiplication by the cofactor.
    { runtime: no, smallOrder: no, product: no },
    { runtime: no, smallOrder: no, product: no },
    // 6, 7: S >= L.
    { runtime: no, smallOrder: no, product: no },
    { runtime: no, smallOrder: no, product: no },
    // 8, 9: R is of small order and not reduced; 10, 11: so is the key.
    { runtime: no, smallOrder: no, product: no },
    { runtime: no, smallOrder: no, product: no },
    { runtime: no, smallOrder: yes, product: no },
    { runtime: no, smallOrder: yes, product: no },
  ]);
});

Deno.test("verify refuses what has the wrong length or is no point, without throwing", () => {
  const { publicKey, secretKey } = crypto.generateEd25519();
  const message = hex("01");
  const signature = crypto.sign(secretKey, message);
  assert(crypto.verify(publicKey, message, signature));
  for (const length of [0, 31, 33, 64]) {
    assert(!crypto.verify(new Uint8Array(length), message, signature));
  }
  for (const length of [0, 63, 65]) {
    assert(!crypto.verify(publicKey, message, new Uint8Array(length)));
  }
  const noPoint = new Uint8Array(32);
  noPoint[0] = 2;
  assert(!crypto.verify(noPoint, message, signature));
});

Deno.test("verify answers alike with a key in its cache, fallen out of it, and new", () => {
  const message = hex("aabb");
  const secretKey = new Uint8Array(32).fill(1);
  const publicKey = crypto.ed25519PublicKey(secretKey);
  const signature = crypto.sign(secretKey, message);
  const verifyOther = nodeCrypto().verify;
  assert(crypto.verify(publicKey, message, signature));
  assert(crypto.verify(publicKey.slice(), message, signature));
  assert(verifyOther(publicKey, message, signature));
  // More keys than the cache holds, half of which are no points.
  for (let i = 0; i < 10_000; i++) {
    const key = crypto.sha256(Uint8Array.of(i >> 8, i & 0xff));
    assert(!crypto.verify(key, message, signature));
  }
  assert(crypto.verify(publicKey, message, signature));
  assert(!crypto.verify(publicKey, hex("aabc"), signature));
});

Deno.test("ed25519PublicKey and sign give the first key pair of RFC 8032, section 7.1", () => {
  const secretKey = hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
  assertEquals(
    crypto.ed25519PublicKey(secretKey).toHex(),
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
  );
  assertEquals(
    crypto.sign(secretKey, new Uint8Array(0)).toHex(),
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155" +
      "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
  );
});
