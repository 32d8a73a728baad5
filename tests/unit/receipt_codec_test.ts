/** Receipts on the wire: their bytes, their signature, and what is refused. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { type CborValue, decodeCbor, encodeCbor, MalformedError } from "../../wire/cbor.ts";
import type { LogId, PeerId, RoomId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { decodeReceipt, logMark, signReceipt, verifyReceipt } from "../../wire/receipt.ts";
import { assertOneSpelling } from "../one_spelling.ts";
import { seededRng } from "../rng.ts";
import { sampleId } from "../samples.ts";
import { seededCrypto } from "../seeded_crypto.ts";

const { receiptLogsMax, receiptRangesMax } = defaultLimits;
const crypto = seededCrypto(43);
const keys = crypto.generateEd25519();
const rng = seededRng(43);
const author = keys.publicKey.toHex() as PeerId;
const room = sampleId<RoomId>(rng);
const mark = () => logMark(sampleId<PeerId>(rng), sampleId<LogId>(rng, 8), crypto);
const time = { ms: 1_795_651_200_000, counter: 3 };
const word = signReceipt(
  {
    room,
    author,
    time,
    held: [{ mark: mark(), ranges: [[1, 4], [7, 7]] }, { mark: mark(), ranges: [[2, 3]] }],
  },
  keys.secretKey,
  crypto,
);
const { signature } = word;
const decoded = (signed: Uint8Array) => decodeReceipt({ signed, signature });

function changed(change: (fields: CborValue[]) => void): Uint8Array {
  const fields = [...decodeCbor(word.signed) as CborValue[]];
  change(fields);
  return encodeCbor(fields);
}

Deno.test("decodeReceipt gives back what signReceipt took, and verifyReceipt agrees", () => {
  for (const count of [0, 1, receiptLogsMax]) {
    const held = Array.from({ length: count }, () => ({
      mark: mark(),
      ranges: Array.from({ length: receiptRangesMax }, (_, i) => [3 * i + 1, 3 * i + 2] as const),
    }));
    const made = signReceipt({ room, author, time, held }, keys.secretKey, crypto);
    const again = decodeReceipt({ signed: made.signed, signature: made.signature });
    assertEquals(again, made);
    assert(verifyReceipt(again, crypto));
    const forged = signReceipt(made, crypto.generateEd25519().secretKey, crypto);
    assert(!verifyReceipt(forged, crypto));
  }
});

Deno.test("decodeReceipt keeps one spelling under every flipped bit, cut and byte too many", () => {
  assertOneSpelling(
    word.signed,
    (signed) => signReceipt(decoded(signed), keys.secretKey, crypto).signed,
  );
});

Deno.test("decodeReceipt refuses more than receiptLogsMax logs and receiptRangesMax ranges, and ranges out of order", () => {
  const bytes = new Uint8Array(8);
  const lists: CborValue[] = [
    Array.from({ length: receiptLogsMax + 1 }, () => [bytes, [[1, 1]]]),
    [[bytes, Array.from({ length: receiptRangesMax + 1 }, (_, i) => [2 * i + 1, 2 * i + 1])]],
    [[bytes, []]],
    [[bytes, [[0, 1]]]],
    [[bytes, [[2, 1]]]],
    [[bytes, [[1, 3], [3, 4]]]],
    [[bytes]],
    [[new Uint8Array(7), [[1, 1]]]],
    "no list",
  ];
  for (const held of lists) {
    const signed = changed((fields) => fields[5] = held);
    assertThrows(() => decoded(signed), MalformedError);
  }
  assertThrows(() => decoded(changed((fields) => fields.push(1))), MalformedError);
  assertThrows(() => decoded(changed((fields) => fields[0] = 2)), Error, "receipt");
});

Deno.test("logMark tells logs of one author apart, and logs of one id", () => {
  const [ann, bo] = [sampleId<PeerId>(rng), sampleId<PeerId>(rng)];
  const [one, two] = [sampleId<LogId>(rng, 8), sampleId<LogId>(rng, 8)];
  const marks = [[ann, one], [ann, two], [bo, one], [bo, two]].map(([peer, log]) =>
    logMark(peer as PeerId, log as LogId, crypto)
  );
  assertEquals(new Set(marks).size, 4);
  assertEquals(logMark(ann, one, crypto), marks[0]);
});
