/** The CBOR subset: one spelling for each value, and every other one refused. */

import { assert, assertEquals, assertLess, assertNotEquals, assertThrows } from "@std/assert";
import {
  type CborValue,
  decodeCbor,
  decodeCborSequence,
  encodeCbor,
  MalformedError,
} from "../../wire/cbor.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { assertOneSpelling } from "../one_spelling.ts";
import { randomBelow, randomBytes, seededRng } from "../rng.ts";
import { sampleValue } from "../samples.ts";
import { slowDecode } from "../slow_cbor.ts";

const hex = (digits: string) => Uint8Array.fromHex(digits.replaceAll(" ", ""));
const respell = (bytes: Uint8Array) => encodeCbor(decodeCbor(bytes));
const refused = (digits: string, words?: string) =>
  assertThrows(() => decodeCbor(hex(digits)), MalformedError, words, digits);

function outcome(decode: (data: Uint8Array) => CborValue, data: Uint8Array): CborValue | "refused" {
  try {
    return decode(data);
  } catch (error) {
    assert(error instanceof MalformedError, `${error} for ${data.toHex()}`);
    return "refused";
  }
}

Deno.test("encodeCbor gives the bytes of RFC 8949, appendix A", () => {
  const examples: [CborValue, string][] = [
    [0, "00"],
    [10, "0a"],
    [23, "17"],
    [24, "1818"],
    [100, "1864"],
    [1_000, "1903e8"],
    [1_000_000, "1a000f4240"],
    [1_000_000_000_000, "1b000000e8d4a51000"],
    [false, "f4"],
    [true, "f5"],
    [null, "f6"],
    [hex(""), "40"],
    [hex("01020304"), "4401020304"],
    ["", "60"],
    ["IETF", "6449455446"],
    ['"\\', "62225c"],
    ["\u00fc", "62c3bc"],
    ["\u6c34", "63e6b0b4"],
    ["\u{10151}", "64f0908591"],
    [[], "80"],
    [[1, 2, 3], "83010203"],
    [[1, [2, 3], [4, 5]], "8301820203820405"],
    [
      Array.from({ length: 25 }, (_, i) => i + 1),
      "98190102030405060708090a0b0c0d0e0f101112131415161718181819",
    ],
  ];
  for (const [value, digits] of examples) {
    assertEquals(encodeCbor(value).toHex(), digits);
    assertEquals(decodeCbor(hex(digits)), value);
  }
});

Deno.test("encodeCbor and decodeCbor agree at every width of a head", () => {
  const edges = [23, 24, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1];
  const widths = [1, 2, 2, 3, 3, 5, 5, 9, 9];
  for (const [i, value] of edges.entries()) {
    assertEquals(encodeCbor(value).length, widths[i]);
    assertEquals(decodeCbor(encodeCbor(value)), value);
  }
  for (const length of [23, 24, 255, 256, 65_535, 65_536]) {
    assertEquals(decodeCbor(encodeCbor(new Uint8Array(length))), new Uint8Array(length));
    assertEquals(decodeCbor(encodeCbor("x".repeat(length))), "x".repeat(length));
  }
});

Deno.test("decodeCbor agrees with a slow twin on all inputs of one and two bytes", () => {
  let accepted = 0;
  for (let first = 0; first < 256; first++) {
    const inputs = [Uint8Array.of(first)];
    for (let second = 0; second < 256; second++) inputs.push(Uint8Array.of(first, second));
    for (const input of inputs) {
      const expected = outcome(slowDecode, input);
      assertEquals(outcome(decodeCbor, input), expected, input.toHex());
      if (expected !== "refused") accepted++;
    }
  }
  // One byte: 24 integers, two empty strings, the empty array, false, true, null. Two bytes:
  // 232 integers, 256 byte strings, 128 texts, and an array around each of the 30.
  assertEquals(accepted, 30 + 232 + 256 + 128 + 30);
});

Deno.test("decodeCbor agrees with a slow twin on 60,000 random short inputs", () => {
  const rng = seededRng(1);
  const heads = [
    0x00,
    0x18,
    0x19,
    0x1a,
    0x1b,
    0x42,
    0x58,
    0x62,
    0x63,
    0x78,
    0x82,
    0x83,
    0x98,
    0xf6,
  ];
  for (let i = 0; i < 60_000; i++) {
    const input = randomBytes(rng, 3 + randomBelow(rng, 9));
    for (let at = 0; at < input.length; at++) {
      if (rng.next() < 0.4) input[at] = heads[randomBelow(rng, heads.length)]!;
    }
    assertEquals(outcome(decodeCbor, input), outcome(slowDecode, input), input.toHex());
  }
});

Deno.test("decodeCbor gives back 500 random values, and their bytes are their only spelling", () => {
  const rng = seededRng(2);
  for (let i = 0; i < 500; i++) {
    const value = sampleValue(rng, 4);
    const bytes = encodeCbor(value);
    assertEquals(decodeCbor(bytes), value);
    if (i < 40) assertOneSpelling(bytes, respell);
  }
});

Deno.test("decodeCbor refuses a head that is longer than needed, in each of the four types", () => {
  for (const major of [0x00, 0x40, 0x60, 0x80]) {
    const head = (info: number) => (major + info).toString(16).padStart(2, "0");
    for (const digits of ["18 17", "19 00ff", "1a 0000ffff", "1b 00000000ffffffff"]) {
      const longer = head(parseInt(digits, 16)) + digits.slice(2);
      refused(longer, "longer than needed");
    }
  }
});

Deno.test("decodeCbor refuses what the protocol does not use", () => {
  for (
    const digits of ["20", "37", "3903e7", "a0", "a10102", "c000", "c11a514b67b0", "d9d9f7 80"]
  ) {
    refused(digits, "not used here");
  }
  for (const digits of ["f7", "e0", "f0", "f818", "f90000", "fa47c35000", "fb3ff0000000000000"]) {
    refused(digits, "simple or float");
  }
  for (const digits of ["9f01ff", "5f4101ff", "7f6161ff", "bf6161 01ff", "ff", "1c", "5d", "9e"]) {
    refused(digits);
  }
});

Deno.test("decodeCbor refuses integers and lengths over 2^53 - 1", () => {
  assertEquals(decodeCbor(hex("1b001fffffffffffff")), Number.MAX_SAFE_INTEGER);
  for (const digits of ["1b0020000000000000", "1bffffffffffffffff"]) refused(digits, "too large");
  for (const major of ["5b", "7b", "9b"]) {
    refused(`${major}0020000000000000`, "too large");
    refused(`${major}001fffffffffffff`, "cut off");
    refused(`${major}ffffffffffffffff`, "too large");
  }
});

Deno.test("decodeCbor refuses lengths without the bytes, and takes no memory for them", () => {
  const before = Deno.memoryUsage().heapUsed;
  for (let i = 0; i < 2_000; i++) {
    for (const digits of ["5affffffff", "7affffffff", "9affffffff", "9a7fffffff 00"]) {
      refused(digits, "cut off");
    }
  }
  assertLess(Deno.memoryUsage().heapUsed - before, 50 * 1024 * 1024);
});

Deno.test("decodeCbor takes 16 levels of arrays and refuses the 17th, however many follow", () => {
  const { cborDepthMax } = defaultLimits;
  const nested = (levels: number) => hex("81".repeat(levels - 1) + "80");
  assertOneSpelling(nested(cborDepthMax), respell);
  assertThrows(() => decodeCbor(nested(cborDepthMax + 1)), MalformedError, "too deep");
  assertThrows(() => decodeCbor(hex("81".repeat(cborDepthMax + 1) + "00")), MalformedError, "deep");
  assertThrows(() => decodeCbor(new Uint8Array(1_000_000).fill(0x81)), MalformedError, "too deep");
});

Deno.test("decodeCbor takes 16,384 items and refuses one more", () => {
  const { cborItemsMax } = defaultLimits;
  const flat = (items: number) => encodeCbor(new Array<number>(items - 1).fill(0));
  assertEquals((decodeCbor(flat(cborItemsMax)) as CborValue[]).length, cborItemsMax - 1);
  assertThrows(() => decodeCbor(flat(cborItemsMax + 1)), MalformedError, "too many");
  const wide: CborValue[] = new Array<CborValue>(200).fill(new Array<CborValue>(100).fill([]));
  assertThrows(() => decodeCbor(encodeCbor(wide)), MalformedError, "too many");
});

Deno.test("decodeCbor refuses text that is not UTF-8, and keeps every character that is", () => {
  const wrong = [
    "61ff",
    "6180",
    "62c080",
    "63eda080",
    "66eda080edb080",
    "64f4908080",
    "61c3",
    "62e6b0",
  ];
  for (const digits of wrong) refused(digits);
  for (
    const text of ["\ufeff", "\ufeffhello", "a\0b", "\uffff", "\ufffd", "e\u0301", "\u{10ffff}"]
  ) {
    assertEquals(decodeCbor(encodeCbor(text)), text);
    assertOneSpelling(encodeCbor(text), respell);
  }
  assertNotEquals(encodeCbor("\u00e9"), encodeCbor("e\u0301"));
});

Deno.test("decodeCbor gives byte strings as views, which cost nothing until somebody copies", () => {
  const data = encodeCbor([new Uint8Array(2), new Uint8Array(10_000)]);
  const [small] = decodeCbor(data) as Uint8Array[];
  assertEquals(small?.buffer, data.buffer);
});

Deno.test("decodeCborSequence splits items, gives none for nothing, and refuses a cut last one", () => {
  const items: CborValue[] = [1, "two", [3, [null]], hex("04"), false];
  const bytes = Uint8Array.from(items.flatMap((item) => [...encodeCbor(item)]));
  assertEquals(decodeCborSequence(bytes), items);
  assertEquals(decodeCborSequence(new Uint8Array(0)), []);
  assertThrows(() => decodeCborSequence(hex("01 82 01")), MalformedError, "cut off");
  assertThrows(() => decodeCborSequence(hex("01 f7")), MalformedError);
  assertOneSpelling(
    bytes,
    (data) => Uint8Array.from(decodeCborSequence(data).flatMap((item) => [...encodeCbor(item)])),
  );
});

Deno.test("decodeCbor refuses bytes after the item", () => {
  for (const digits of ["0000", "80f6", "40 00"]) refused(digits, "after");
  refused("", "cut off");
});

Deno.test("encodeCbor writes hex digits as the bytes they name", () => {
  for (const length of [0, 8, 23, 24, 32, 300, 5_000]) {
    const bytes = Uint8Array.from({ length }, (_, i) => i);
    assertEquals(encodeCbor([1, { hex: bytes.toHex() }, "x"]), encodeCbor([1, bytes, "x"]));
  }
});

Deno.test("encodeCbor gives plain arrays with memory of their own", () => {
  for (let length = 0; length < 400; length++) {
    const bytes = encodeCbor([1, [new Uint8Array(length)]]);
    assertEquals(bytes.constructor, Uint8Array);
    assertEquals(bytes.buffer.byteLength, bytes.length);
  }
});
