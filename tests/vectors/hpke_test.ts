/** HPKE base mode against the vectors of RFC 9180, appendix A, with the product's suite. */

import { assert, assertEquals } from "@std/assert";
import { nodeCrypto } from "../../io/crypto.ts";
import { keySchedule, openBase, sealBase } from "../../wire/hpke/hpke.ts";
import { decapsulate, encapsulate } from "../../wire/hpke/kem.ts";
import published from "./data/hpke_rfc9180_x25519.json" with { type: "json" };

const crypto = nodeCrypto();
const hex = (text: string) => Uint8Array.fromHex(text);
const base = published.vectors.filter(({ mode }) => mode === 0);

function pairs(vector: typeof base[number]) {
  return {
    ephemeral: { publicKey: hex(vector.pkEm), secretKey: hex(vector.skEm) },
    recipient: { publicKey: hex(vector.pkRm), secretKey: hex(vector.skRm) },
  };
}

Deno.test("encapsulate and decapsulate give the shared secrets of all base-mode vectors", () => {
  assertEquals(base.length, 3);
  for (const vector of base) {
    const { ephemeral, recipient } = pairs(vector);
    const { sharedSecret, enc } = encapsulate(recipient.publicKey, crypto, ephemeral)!;
    assertEquals(enc.toHex(), vector.enc);
    assertEquals(sharedSecret.toHex(), vector.shared_secret);
    assertEquals(decapsulate(enc, recipient, crypto)?.toHex(), vector.shared_secret);
  }
});

Deno.test("keySchedule, sealBase and openBase give the vectors of the product's suite", () => {
  const suite = base.filter(({ aead_id }) => aead_id === 3);
  assertEquals(suite.length, 1);
  for (const vector of suite) {
    const { ephemeral, recipient } = pairs(vector);
    const info = hex(vector.info);
    const { key, baseNonce } = keySchedule(hex(vector.shared_secret), info, crypto);
    assertEquals([key.toHex(), baseNonce.toHex()], [vector.key, vector.base_nonce]);
    const [first, ...later] = vector.encryptions!;
    const [aad, pt] = [hex(first!.aad), hex(first!.pt)];
    const sealed = sealBase(recipient.publicKey, info, aad, pt, crypto, ephemeral)!;
    assertEquals([sealed.enc.toHex(), sealed.ciphertext.toHex()], [vector.enc, first!.ct]);
    assertEquals(openBase(sealed.enc, recipient, info, aad, sealed.ciphertext, crypto), pt);
    // The product seals one message for each encapsulation; these show key and base nonce again.
    assert(later.length > 0);
    for (const { sequence_number, aad, pt, ct, nonce } of later) {
      const counted = baseNonce.slice();
      counted[11]! ^= sequence_number & 0xff;
      counted[10]! ^= sequence_number >> 8;
      assertEquals(counted.toHex(), nonce);
      assertEquals(crypto.seal(key, counted, hex(aad), hex(pt)).toHex(), ct);
    }
  }
});

Deno.test("openBase opens nothing with one bit changed in whatever goes in", () => {
  const recipient = crypto.generateX25519();
  const [info, aad, text] = [hex("0102"), hex("030405"), hex("06")];
  const { enc, ciphertext } = sealBase(recipient.publicKey, info, aad, text, crypto)!;
  assertEquals(openBase(enc, recipient, info, aad, ciphertext, crypto), text);
  const parts = { enc, info, aad, ciphertext };
  let tried = 0;
  for (const name of Object.keys(parts) as (keyof typeof parts)[]) {
    for (let bit = 0; bit < parts[name].length * 8; bit++) {
      const changed = parts[name].slice();
      changed[bit >> 3]! ^= 1 << (bit & 7);
      const p = { ...parts, [name]: changed };
      const opened = openBase(p.enc, recipient, p.info, p.aad, p.ciphertext, crypto);
      // X25519 ignores the highest bit of a key, but the key schedule does not.
      assertEquals(opened, null, `${name}, bit ${bit}`);
      tried++;
    }
  }
  assertEquals(tried, (32 + 2 + 3 + 17) * 8);
  assertEquals(openBase(enc, crypto.generateX25519(), info, aad, ciphertext, crypto), null);
});

Deno.test("sealBase and openBase refuse points of small order", () => {
  const zero = new Uint8Array(32);
  const one = Uint8Array.of(1, ...new Uint8Array(31));
  const pair = crypto.generateX25519();
  const none = new Uint8Array(0);
  for (const point of [zero, one]) {
    assertEquals(sealBase(point, none, none, none, crypto), null);
    assertEquals(openBase(point, pair, none, none, new Uint8Array(16), crypto), null);
  }
});
