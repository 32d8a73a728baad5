/** Address records on the wire: their bytes, their signature, their age, and what is refused. */

import { assert, assertEquals, assertLessOrEqual, assertThrows } from "@std/assert";
import { formatAddress } from "../../discovery/address.ts";
import {
  decodeRecord,
  isNumericAddress,
  isStaleRecord,
  signRecord,
  verifyRecord,
} from "../../wire/address_record.ts";
import { type CborValue, decodeCbor, encodeCbor, MalformedError } from "../../wire/cbor.ts";
import { type PeerId, toId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { NewerFormatError } from "../../wire/post.ts";
import { assertOneSpelling } from "../one_spelling.ts";
import { seededRng } from "../rng.ts";
import { samplePresence } from "../samples.ts";
import { seededCrypto } from "../seeded_crypto.ts";

const crypto = seededCrypto(43);
const owner = crypto.generateEd25519();
const author = toId<PeerId>(owner.publicKey);
const timeMs = 1_795_132_800_000;
const said = { author, timeMs, port: 9797, addresses: ["10.0.0.5:9797", "[2001:db8::1]:9797"] };
const record = signRecord(said, owner.secretKey, crypto);
const { signature } = record;

const decoded = (signed: Uint8Array) => decodeRecord({ signed, signature });

function changed(change: (fields: CborValue[]) => void): Uint8Array {
  const fields = [...decodeCbor(record.signed) as CborValue[]];
  change(fields);
  return encodeCbor(fields);
}

const refused = (change: (fields: CborValue[]) => void) =>
  assertThrows(() => decoded(changed(change)), MalformedError);

Deno.test("decodeRecord gives back what signRecord took, and verifyRecord agrees", () => {
  const longest = "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535";
  const most = new Array<string>(defaultLimits.addressesMax).fill(longest);
  for (const addresses of [[], ["255.255.255.255:65535"], most]) {
    const made = signRecord({ ...said, addresses }, owner.secretKey, crypto);
    const again = decodeRecord({ signed: made.signed, signature: made.signature });
    assertEquals(again, made);
    assert(verifyRecord(again, crypto));
    assertLessOrEqual(made.signed.length + made.signature.length, 600);
  }
});

Deno.test("decodeRecord keeps one spelling under every flipped bit, cut and byte too many", () => {
  assertOneSpelling(
    record.signed,
    (signed) => signRecord(decoded(signed), owner.secretKey, crypto).signed,
  );
});

Deno.test("verifyRecord refuses any flipped bit, other keys, and the signature of a presence", () => {
  for (let bit = 0; bit < 8 * record.signed.length; bit++) {
    const signed = record.signed.slice();
    signed[bit >> 3]! ^= 1 << (bit & 7);
    try {
      assert(!verifyRecord(decoded(signed), crypto), `bit ${bit}`);
    } catch (error) {
      assert(error instanceof MalformedError, `bit ${bit}: ${error}`);
    }
  }
  assert(!verifyRecord(signRecord(said, crypto.generateEd25519().secretKey, crypto), crypto));
  const word = samplePresence(seededRng(43), owner, crypto);
  assert(!verifyRecord({ ...record, signed: word.signed, signature: word.signature }, crypto));
});

Deno.test("decodeRecord refuses other versions, fields too few or too many, and other types", () => {
  assertThrows(() => decoded(changed((fields) => fields[0] = 2)), NewerFormatError);
  refused((fields) => fields[0] = 0);
  refused((fields) => fields.push(null));
  refused((fields) => fields.pop());
  for (let index = 0; index < 5; index++) {
    for (const wrong of [true, null, "text", [1], index === 2 || index === 3 ? "1" : 1]) {
      if (!(index === 0 && wrong === 1)) refused((fields) => fields[index] = wrong);
    }
  }
  for (const length of [0, 31, 33]) refused((fields) => fields[1] = new Uint8Array(length));
  refused((fields) => fields[2] = 2 ** 48);
  for (const port of [0, 65_536]) refused((fields) => fields[3] = port);
});

Deno.test("decodeRecord takes IP addresses with a port alone, and as many as the limit", () => {
  const { addressesMax } = defaultLimits;
  decoded(changed((fields) => fields[4] = new Array<string>(addressesMax).fill("10.0.0.5:1")));
  refused((fields) => fields[4] = new Array<string>(addressesMax + 1).fill("10.0.0.5:1"));
  const wrong = [
    "localhost:9797",
    "host.lan:9797",
    "10.0.0.5",
    "10.0.0.5:0",
    "10.0.0.5:09797",
    "10.0.0:9797",
    "10.0.0.5.6:9797",
    "1000.0.0.5:9797",
    "10.0.0.5:100000",
    "::1:9797",
    "[::1]",
    "[::ffff:10.0.0.5]:9797",
    "[FD00::1]:9797",
    "[fe80::1%eth0]:9797",
    `[${":".repeat(40)}]:1`,
    " 10.0.0.5:9797",
    "10.0.0.5:9797\n",
    "",
  ];
  for (const address of wrong) {
    assert(!isNumericAddress(address), address);
    refused((fields) => fields[4] = [address]);
  }
  for (const host of ["10.0.0.5", "::ffff:10.0.0.5", "FD00::1", "fe80::1%eth0", "::1"]) {
    assert(isNumericAddress(formatAddress({ host, port: 9797 })), host);
  }
});

Deno.test("isStaleRecord calls records old after a week, and too new five minutes ahead", () => {
  const { recordMaxAgeMs, recordAheadMs } = defaultLimits;
  const stale = (nowMs: number) => isStaleRecord(record, nowMs, defaultLimits);
  assertEquals([stale(timeMs), stale(timeMs + recordMaxAgeMs)], [false, false]);
  assert(stale(timeMs + recordMaxAgeMs + 1));
  assert(!stale(timeMs - recordAheadMs));
  assert(stale(timeMs - recordAheadMs - 1));
});
