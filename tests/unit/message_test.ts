/** Messages: the array of each type, its limits, and what a frame of several may hold. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { type CborValue, decodeCborSequence, encodeCbor, MalformedError } from "../../wire/cbor.ts";
import { type RoomId, toId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { hopsMax } from "../../wire/mark.ts";
import type { Message } from "../../wire/message.ts";
import { decodeMessages } from "../../wire/message_decode.ts";
import { encodeMessage } from "../../wire/message_encode.ts";
import { assertOneSpelling } from "../one_spelling.ts";
import { randomBytes, seededRng } from "../rng.ts";
import { rawMessage, sampleMessages } from "../samples.ts";
import { seededCrypto } from "../seeded_crypto.ts";

const crypto = seededCrypto(11);
const author = crypto.generateEd25519();
const room = new Uint8Array(32).fill(7);
const log = new Uint8Array(8).fill(9);
const id = new Uint8Array(32).fill(3);
const signature = new Uint8Array(64).fill(5);
const tag = new Uint8Array(16).fill(4);

/** Encodes again what was decoded; messages of unknown numbers, which are skipped, stay. */
function respell(frame: Uint8Array): Uint8Array {
  const parts = decodeCborSequence(frame).map((value) => {
    const item = encodeCbor(value);
    const [message] = decodeMessages(item);
    return message === undefined ? item : encodeMessage(message);
  });
  return joined(parts);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

const refused = (...elements: CborValue[]) =>
  assertThrows(() => decodeMessages(rawMessage(...elements)), MalformedError);
const accepted = (...elements: CborValue[]) => decodeMessages(rawMessage(...elements))[0]!;

Deno.test("encodeMessage and decodeMessages agree on 50 random messages of each type", () => {
  const rng = seededRng(1);
  for (let i = 0; i < 50; i++) {
    const messages = sampleMessages(rng, author, crypto);
    for (const message of messages) {
      assertEquals(decodeMessages(encodeMessage(message)), [message]);
    }
    assertEquals(decodeMessages(joined(messages.map(encodeMessage))), messages);
  }
});

Deno.test("decodeMessages takes the first element as the number that PROTOCOL.md gives", () => {
  const named = sampleMessages(seededRng(2), author, crypto).map((message) => {
    const [, first, second] = encodeMessage(message);
    return [first === 24 ? second : first, message.type] as const;
  });
  assertEquals(named.map(([number]) => number), [
    ...Array.from({ length: named.length - 2 }, (_, i) => i + 1),
    30,
    31,
  ]);
  assertEquals(named.map(([, name]) => name), [
    "hello",
    "join",
    "leave",
    "posts",
    "have",
    "frontier",
    "want",
    "page",
    "presence",
    "ping",
    "pong",
    "rekey",
    "goodbye",
    "neighbour",
    "rest",
    "walk",
    "members",
    "ihave",
    "graft",
    "prune",
    "digest",
    "receipts",
    "floors",
    "seek",
    "forks",
    "redeem",
    "welcome",
    "refused",
    "brief",
    "again",
  ]);
});

Deno.test("decodeMessages keeps one spelling under every flipped bit, cut and byte too many", () => {
  const rng = seededRng(3);
  for (let round = 0; round < 2; round++) {
    for (const message of sampleMessages(rng, author, crypto)) {
      const { refused } = assertOneSpelling(encodeMessage(message), respell);
      // Any 32 bytes are a room: little else in the shortest messages can be wrong.
      assert(refused > 50, `${message.type}: ${refused}`);
    }
  }
});

Deno.test("decodeMessages uses nothing of a frame whose last message is out of form", () => {
  const ping = encodeMessage({ type: "ping", nonce: 1 });
  for (const last of ["80", "00", "820a20", "820a", "8101", "8161", "f6", "818101"]) {
    const frame = joined([ping, ping, Uint8Array.fromHex(last)]);
    assertThrows(() => decodeMessages(frame), MalformedError);
  }
  assertEquals(decodeMessages(new Uint8Array(0)), []);
});

Deno.test("decodeMessages skips numbers that it does not know, whatever they carry", () => {
  const ping: Message = { type: "ping", nonce: 7 };
  const frame = joined([
    rawMessage(0),
    rawMessage(99, "later", [1, [2]], null),
    encodeMessage(ping),
    rawMessage(65_535),
  ]);
  assertEquals(decodeMessages(frame), [ping]);
  refused(65_536);
  refused("1");
  refused(null);
});

Deno.test("decodeMessages refuses a message with an element too few or too many", () => {
  for (const message of sampleMessages(seededRng(4), author, crypto)) {
    const bytes = encodeMessage(message);
    const longer = joined([bytes, Uint8Array.of(0xf6)]);
    longer[0]! += 1;
    assertThrows(() => decodeMessages(longer), MalformedError, "length", message.type);
  }
  refused(1, 0, null);
  refused(4, room);
  refused(8, room, 1, []);
});

Deno.test("decodeMessages refuses ids, logs and signatures of another length", () => {
  for (const length of [0, 8, 31, 33, 64]) {
    refused(2, new Uint8Array(length));
    refused(3, new Uint8Array(length));
    refused(6, room, [[new Uint8Array(length), log, 1, id, []]], true);
    refused(6, room, [[id, log, 1, new Uint8Array(length), []]], true);
  }
  for (const length of [0, 7, 9, 32]) refused(5, room, new Uint8Array(length), []);
  for (const length of [0, 63, 65]) {
    const wrong = new Uint8Array(length);
    refused(1, 0, [id, wrong], "");
    refused(4, room, [[id, wrong, 1]]);
    refused(8, room, 1, [[id, wrong]], true);
    refused(16, room, 1, [id, wrong, null]);
    refused(17, room, [[id, wrong, null]], true);
  }
  accepted(4, room, [[id, signature, 1]]);
  refused(4, room, [[id]]);
  refused(4, room, [[id, signature]]);
  refused(4, room, [[id, signature, 1, 0]]);
  refused(4, room, [id]);
  for (const type of [14, 15, 20]) {
    const rest = type === 14 ? [0] : [];
    accepted(type, room, ...rest);
    refused(type, room.slice(1), ...rest);
  }
  refused(9, [["text", signature]]);
  refused(2, room.toHex());
});

Deno.test("decodeMessages refuses numbers out of their bounds", () => {
  const bounds: [number, (n: number) => CborValue[]][] = [
    [2 ** 48 - 1, (n) => [1, n, null, ""]],
    [255, (n) => [4, room, [[id, signature, n]]]],
    [2 ** 32 - 1, (n) => [7, room, n, []]],
    [2 ** 32 - 1, (n) => [8, room, n, [], true]],
    [2 ** 32 - 1, (n) => [10, n]],
    [2 ** 32 - 1, (n) => [11, n]],
    [4, (n) => [13, n]],
    [6, (n) => [28, tag, n]],
    [3, (n) => [14, room, n]],
    [defaultLimits.walkHops, (n) => [16, room, n, [id, signature, null]]],
  ];
  for (const [most, message] of bounds) {
    accepted(...message(most));
    refused(...message(most + 1));
  }
});

Deno.test("decodeMessages reads 128 and more as the hops of a post that goes to all", () => {
  const post = { signed: id, signature };
  for (
    const [number, relayed] of [
      [0, { ...post, hops: 0 }],
      [hopsMax, { ...post, hops: hopsMax }],
      [hopsMax + 1, { ...post, hops: 0, wide: true }],
      [2 * hopsMax + 1, { ...post, hops: hopsMax, wide: true }],
    ] as const
  ) {
    const message = accepted(4, room, [[id, signature, number]]);
    assertEquals(message, { type: "posts", room: toId<RoomId>(room), posts: [relayed] });
    assertEquals(encodeMessage(message), rawMessage(4, room, [[id, signature, number]]));
  }
});

Deno.test("decodeMessages refuses ranges that are empty, out of order, overlapping or below 1", () => {
  const have = (...ranges: CborValue[]): CborValue[] => [5, room, log, ranges];
  accepted(...have());
  accepted(...have([1, 1], [2, 2], [4, 2 ** 53 - 1]));
  for (
    const ranges of [[[0, 1]], [[2, 1]], [[1, 3], [3, 4]], [[5, 6], [1, 2]], [[1]], [[1, 2, 3]]]
  ) {
    refused(...have(...ranges));
  }
  const entry = (top: number, ...above: CborValue[]): CborValue[] => [
    6,
    room,
    [[id, log, top, top === 0 ? null : id, above]],
    true,
  ];
  accepted(...entry(0, [2, 3]));
  accepted(...entry(5, [7, 9]));
  refused(...entry(5, [5, 9]));
  refused(...entry(2 ** 53 - 1, [1, 2]));
  const want = (from: number, to: number): CborValue[] => [7, room, 1, [[id, log, from, to]]];
  accepted(...want(1, 1));
  refused(...want(0, 1));
  refused(...want(2, 1));
});

Deno.test("decodeMessages takes lists up to their limits and refuses one more element", () => {
  const { membersPerMessage, marksPerMessage, wantRangesMax, rangesAboveMax } = defaultLimits;
  const times = <T extends CborValue>(count: number, make: (i: number) => T) =>
    Array.from({ length: count }, (_, i) => make(i));
  const lists: [number, (count: number) => CborValue[]][] = [
    [membersPerMessage, (n) => [17, room, times(n, () => [id, signature, null]), true]],
    [marksPerMessage, (n) => [18, room, new Uint8Array(8 * n)]],
    [marksPerMessage, (n) => [19, room, new Uint8Array(8 * n)]],
    [wantRangesMax, (count) => [5, room, log, times(count, (i) => [2 * i + 1, 2 * i + 1])]],
    [wantRangesMax, (count) => [7, room, 0, times(count, () => [id, log, 1, 2])]],
    [
      rangesAboveMax,
      (count) => [6, room, [[id, log, 0, null, times(count, (i) => [2 * i + 2, 2 * i + 2])]], true],
    ],
  ];
  for (const [most, message] of lists) {
    accepted(...message(most));
    refused(...message(most + 1));
  }
  for (const [length, take] of [[300, accepted], [301, refused]] as const) {
    take(1, 0, null, "x".repeat(length));
    take(16, room, 0, [id, signature, "x".repeat(length)]);
  }
});

Deno.test("decodeMessages refuses what is said about invites in another length", () => {
  const bytes = (length: number) => new Uint8Array(length);
  accepted(26, bytes(16), bytes(16), bytes(176));
  accepted(27, bytes(16), bytes(32), bytes(0));
  for (const length of [0, 15, 17, 32]) {
    refused(26, bytes(length), bytes(16), bytes(176));
    refused(26, bytes(16), bytes(length), bytes(176));
    refused(27, bytes(length), bytes(32), bytes(48));
    refused(28, bytes(length), 0);
  }
  for (const length of [0, 175, 177]) refused(26, bytes(16), bytes(16), bytes(length));
  for (const length of [0, 31, 33]) refused(27, bytes(16), bytes(length), bytes(48));
  refused(28, bytes(16), "expired");
});

Deno.test("welcomeBytesMax: a welcome has no more bytes than that", () => {
  const { welcomeBytesMax } = defaultLimits;
  const welcome = (length: number) => [27, tag, id, new Uint8Array(length)] as const;
  accepted(...welcome(welcomeBytesMax));
  refused(...welcome(welcomeBytesMax + 1));
});

Deno.test("decodeMessages refuses marks that are cut", () => {
  for (const type of [18, 19]) {
    for (let length = 1; length <= 48; length++) {
      const bytes = new Uint8Array(length);
      if (length % 8 === 0) accepted(type, room, bytes);
      else refused(type, room, bytes);
    }
    refused(type, room, [new Uint8Array(8)]);
  }
});

Deno.test("decodeMessages survives a full frame of the smallest and of the most nested items", () => {
  const frame = (item: string) => {
    const unit = Uint8Array.fromHex(item);
    const bytes = new Uint8Array(65_519 - 65_519 % unit.length);
    for (let at = 0; at < bytes.length; at += unit.length) bytes.set(unit, at);
    return bytes;
  };
  assertEquals(decodeMessages(frame("810c")).length, 32_759);
  assertEquals(decodeMessages(frame("8118ff")).length, 0);
  for (const item of ["80", "00", "81", "9f", "98ff", "bf", "c1", "d9d9f7", "fb"]) {
    assertThrows(() => decodeMessages(frame(item)), MalformedError);
  }
  const rng = seededRng(5);
  for (let i = 0; i < 50; i++) {
    const noise = randomBytes(rng, 65_519);
    noise[0] = 0x82;
    assertThrows(() => decodeMessages(noise), MalformedError);
  }
  assertThrows(() => decodeMessages(encodeCbor(new Array<number>(40_000).fill(1))), MalformedError);
});
