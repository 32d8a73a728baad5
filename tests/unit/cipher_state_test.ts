/** CipherState beyond what the vectors reach: the end of the nonces, rekeying, failures. */

import { assertEquals, assertThrows } from "@std/assert";
import { nodeCrypto } from "../../io/crypto.ts";
import { CipherState } from "../../wire/noise/cipher_state.ts";
import { chaChaPolySha256, NoiseError, type NoisePrimitives } from "../../wire/noise/primitives.ts";

const primitives = chaChaPolySha256(nodeCrypto());
const key = new Uint8Array(32).fill(5);
const ad = Uint8Array.of(1, 2);
const text = Uint8Array.of(3, 4, 5);

function cipherWith(functions: NoisePrimitives, n = 0n): CipherState {
  const cipher = new CipherState(functions);
  cipher.initializeKey(key);
  cipher.setNonce(n);
  return cipher;
}

Deno.test("CipherState passes bytes through until it has a key", () => {
  const cipher = new CipherState(primitives);
  assertEquals([cipher.hasKey(), cipher.encryptWithAd(ad, text)], [false, text]);
  assertEquals(cipher.decryptWithAd(ad, text), text);
  assertThrows(() => cipher.rekey(), NoiseError);
  cipher.initializeKey(key);
  assertEquals([cipher.hasKey(), cipher.encryptWithAd(ad, text).length], [true, 19]);
});

Deno.test("CipherState uses the nonces up to 2^64 - 2 and then none", () => {
  const last = 2n ** 64n - 2n;
  const sender = cipherWith(primitives, last), receiver = cipherWith(primitives, last);
  const sealed = sender.encryptWithAd(ad, text);
  assertEquals(sealed, primitives.seal(key, last, ad, text));
  assertEquals(receiver.decryptWithAd(ad, sealed), text);
  for (let i = 0; i < 2; i++) {
    assertThrows(() => sender.encryptWithAd(ad, text), NoiseError, "no nonce left");
    assertThrows(() => receiver.decryptWithAd(ad, sealed), NoiseError, "no nonce left");
  }
});

Deno.test("CipherState keeps its nonce when a message does not open", () => {
  const sender = cipherWith(primitives), receiver = cipherWith(primitives);
  const sealed = sender.encryptWithAd(ad, text);
  for (const wrong of [sealed.slice(1), sealed.slice(0, 15), new Uint8Array(0)]) {
    assertThrows(() => receiver.decryptWithAd(ad, wrong), NoiseError);
  }
  assertThrows(() => receiver.decryptWithAd(text, sealed), NoiseError, "wrong tag");
  assertEquals(receiver.decryptWithAd(ad, sealed), text);
});

Deno.test("CipherState refuses a message longer than Noise allows, without using a nonce", () => {
  const cipher = cipherWith(primitives);
  assertThrows(() => cipher.encryptWithAd(ad, new Uint8Array(65_520)), RangeError, "65520 bytes");
  assertEquals(cipher.encryptWithAd(ad, text), primitives.seal(key, 0n, ad, text));
});

Deno.test("CipherState renews its key as section 4.2 says, and counts on", () => {
  const cipher = cipherWith(primitives, 7n);
  cipher.rekey();
  const nothing = new Uint8Array(0);
  const renewed = primitives.seal(key, 2n ** 64n - 1n, nothing, new Uint8Array(32)).slice(0, 32);
  assertEquals(cipher.encryptWithAd(ad, text), primitives.seal(renewed, 7n, ad, text));
});

Deno.test("CipherState uses no key and nonce twice in 10^6 messages and 100 rekeys", () => {
  let n = -1n, rekeys = 0, messages = 0;
  const keys = new Set<string>();
  const recording: NoisePrimitives = {
    ...primitives,
    seal: (k, nonce, associatedData, plaintext) => {
      if (nonce === 2n ** 64n - 1n) {
        rekeys++;
        return primitives.seal(k, nonce, associatedData, plaintext);
      }
      // Nonces that only ever grow cannot repeat, whatever the key.
      if (nonce <= n) throw new Error(`nonce ${nonce} after ${n}`);
      n = nonce;
      if (messages++ % 10_000 === 0) keys.add(k.toHex());
      return plaintext;
    },
  };
  const cipher = cipherWith(recording);
  for (let i = 1; i <= 1_000_000; i++) {
    cipher.encryptWithAd(ad, text);
    if (i % 10_000 === 0) cipher.rekey();
  }
  assertEquals([messages, rekeys, keys.size], [1_000_000, 100, 100]);
});
