/** Presence on the wire: its bytes, its signature, and what is refused. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { type CborValue, decodeCbor, encodeCbor, MalformedError } from "../../wire/cbor.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { decodePresence, signPresence, verifyPresence } from "../../wire/presence.ts";
import { assertOneSpelling } from "../one_spelling.ts";
import { seededRng } from "../rng.ts";
import { samplePost, samplePresence } from "../samples.ts";
import { seededCrypto } from "../seeded_crypto.ts";

const crypto = seededCrypto(41);
const author = crypto.generateEd25519();
const rng = seededRng(41);
const word = samplePresence(rng, author, crypto, { state: "away", reason: "午饭" });
const { signature } = word;

const decoded = (signed: Uint8Array) => decodePresence({ signed, signature });

function changed(change: (fields: CborValue[]) => void): Uint8Array {
  const fields = [...decodeCbor(word.signed) as CborValue[]];
  change(fields);
  return encodeCbor(fields);
}

const refused = (change: (fields: CborValue[]) => void) =>
  assertThrows(() => decoded(changed(change)), MalformedError);

Deno.test("decodePresence gives back what signPresence took, and verifyPresence agrees", () => {
  for (const state of ["here", "away", "left"] as const) {
    for (const reason of ["", "x".repeat(defaultLimits.awayBytesMax)]) {
      const made = samplePresence(rng, author, crypto, { state, reason });
      const again = decodePresence({ signed: made.signed, signature: made.signature });
      assertEquals(again, made);
      assert(verifyPresence(again, crypto));
    }
  }
});

Deno.test("decodePresence keeps one spelling under every flipped bit, cut and byte too many", () => {
  const respell = (signed: Uint8Array) =>
    signPresence(decoded(signed), author.secretKey, crypto).signed;
  assertOneSpelling(word.signed, respell);
});

Deno.test("verifyPresence refuses any flipped bit, other keys, and the signature of a post", () => {
  for (let bit = 0; bit < 8 * word.signed.length; bit++) {
    const signed = word.signed.slice();
    signed[bit >> 3]! ^= 1 << (bit & 7);
    try {
      assert(!verifyPresence(decoded(signed), crypto), `bit ${bit}`);
    } catch (error) {
      assert(error instanceof MalformedError, `bit ${bit}: ${error}`);
    }
  }
  const forged = signPresence(word, crypto.generateEd25519().secretKey, crypto);
  assert(!verifyPresence(forged, crypto));
  const post = samplePost(rng, author, crypto);
  assert(!verifyPresence({ ...word, signed: post.signed, signature: post.signature }, crypto));
  for (const length of [0, 63, 65]) {
    assert(!verifyPresence({ ...word, signature: new Uint8Array(length) }, crypto));
  }
});

Deno.test("decodePresence refuses another version, fields too few or too many, and other types", () => {
  refused((fields) => fields[0] = 2);
  refused((fields) => fields.push(null));
  refused((fields) => fields.pop());
  for (let index = 0; index < 8; index++) {
    for (const wrong of [true, [1], null, index < 6 ? "text" : 1]) {
      refused((fields) => fields[index] = wrong);
    }
  }
  for (const length of [0, 31, 33]) {
    refused((fields) => fields[1] = new Uint8Array(length));
    refused((fields) => fields[2] = new Uint8Array(length));
  }
});

Deno.test("decodePresence refuses times, states, names and reasons out of their bounds", () => {
  refused((fields) => fields[3] = 2 ** 48);
  refused((fields) => fields[4] = 65_536);
  refused((fields) => fields[5] = 3);
  const { nameBytesMax, awayBytesMax } = defaultLimits;
  decoded(changed((fields) => fields[6] = "x".repeat(nameBytesMax)));
  // What a table of characters says of a name must not part those who pass it on.
  for (const name of ["", "\u200b", "\u202e"]) decoded(changed((fields) => fields[6] = name));
  for (const name of ["a\nb", "a\0", "\x9b", "x".repeat(nameBytesMax + 1)]) {
    refused((fields) => fields[6] = name);
  }
  decoded(changed((fields) => fields[7] = ""));
  for (const reason of ["a\0", "x".repeat(awayBytesMax + 1)]) {
    refused((fields) => fields[7] = reason);
  }
});
