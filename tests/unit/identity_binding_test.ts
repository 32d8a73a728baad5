/** The handshake payload that says whose link key it is. */

import { assertEquals, assertThrows } from "@std/assert";
import { type CborValue, encodeCbor } from "../../wire/cbor.ts";
import { LinkError } from "../../wire/channel.ts";
import {
  encodeBinding,
  encodeVersionedBinding,
  openBinding,
  openVersionedBinding,
  signLinkKey,
} from "../../wire/identity_binding.ts";
import { type PeerId, toId } from "../../wire/ids.ts";
import { seededCrypto } from "../seeded_crypto.ts";

const crypto = seededCrypto(9);
const identity = crypto.generateEd25519();
const link = crypto.generateX25519();
const peer = toId<PeerId>(identity.publicKey);
const signature = signLinkKey(identity.secretKey, link.publicKey, crypto);

function assertUnbound(payload: Uint8Array, linkPublicKey = link.publicKey): void {
  for (const open of [openBinding, openVersionedBinding]) {
    const error = assertThrows(() => open(payload, linkPublicKey, crypto), LinkError);
    assertEquals(error.code, "binding");
    assertEquals(error.detail, "its link key is not signed by the identity it names");
  }
}

Deno.test("openBinding gives the peer of encodeBinding, in 101 bytes", () => {
  const payload = encodeBinding({ peer, signature });
  assertEquals(payload.length, 101);
  assertEquals(openBinding(payload, link.publicKey, crypto), peer);
});

Deno.test("openVersionedBinding gives the peer and version of encodeVersionedBinding", () => {
  for (const version of [0, 1, 23, 24, 255, 256, 65_535]) {
    const payload = encodeVersionedBinding(version, { peer, signature });
    assertEquals(openVersionedBinding(payload, link.publicKey, crypto), { version, peer });
  }
});

Deno.test("openBinding refuses a payload with any bit flipped, cut or extended", () => {
  const payload = encodeBinding({ peer, signature });
  for (let bit = 0; bit < 8 * payload.length; bit++) {
    const altered = payload.slice();
    altered[bit >> 3]! ^= 1 << (bit & 7);
    assertUnbound(altered);
  }
  for (let length = 0; length < payload.length; length++) assertUnbound(payload.slice(0, length));
  assertUnbound(Uint8Array.of(...payload, 0));
});

Deno.test("openBinding refuses the other side's shape and shapes of neither", () => {
  const versioned = encodeVersionedBinding(1, { peer, signature });
  assertThrows(() => openBinding(versioned, link.publicKey, crypto), LinkError);
  const plain = encodeBinding({ peer, signature });
  assertThrows(() => openVersionedBinding(plain, link.publicKey, crypto), LinkError);
  const key = identity.publicKey;
  const shapes: readonly CborValue[] = [
    [],
    [key],
    [key, signature, null, null],
    [peer, signature],
    [key, signature.toHex()],
    [key.slice(1), signature],
    [key, signature.slice(1)],
    ["1", key, signature],
    [65_536, key, signature],
    [null, key, signature],
    key,
    1,
  ];
  for (const shape of shapes) assertUnbound(encodeCbor(shape));
});

Deno.test("openBinding refuses another link key, and another identity", () => {
  const payload = encodeBinding({ peer, signature });
  assertUnbound(payload, crypto.generateX25519().publicKey);
  const other = toId<PeerId>(crypto.generateEd25519().publicKey);
  assertUnbound(encodeBinding({ peer: other, signature }));
});

Deno.test("openBinding refuses a signature without the domain tag, or with that of a post", () => {
  const tags = ["", "starling/1 post\0", "starling/1 link key"];
  for (const tag of tags) {
    const message = Uint8Array.of(...new TextEncoder().encode(tag), ...link.publicKey);
    assertUnbound(encodeBinding({ peer, signature: crypto.sign(identity.secretKey, message) }));
  }
});

Deno.test("openBinding refuses a small-order identity even if the verifier would not", () => {
  const smallOrder = new Uint8Array(32);
  smallOrder[0] = 1;
  const payload = encodeBinding({ peer: toId<PeerId>(smallOrder), signature: new Uint8Array(64) });
  const credulous = { ...crypto, verify: () => true };
  assertThrows(() => openBinding(payload, link.publicKey, credulous), LinkError, "binding");
});
