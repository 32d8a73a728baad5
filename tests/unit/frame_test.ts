/** The frame codec: any split, any length, and what it costs in memory and copies. */

import { assert, assertEquals, assertLess, assertLessOrEqual, assertThrows } from "@std/assert";
import { LinkError } from "../../wire/channel.ts";
import { encodeFrame, FrameReader } from "../../wire/frame.ts";
import { randomBelow, randomBytes, randomSplit, seededRng } from "../rng.ts";

const bytesMax = 65_535;

/** Frames of `lengths`, one after the other. */
function stream(messages: readonly Uint8Array[]): Uint8Array {
  const frames = messages.map(encodeFrame);
  const bytes = new Uint8Array(frames.reduce((sum, frame) => sum + frame.length, 0));
  let position = 0;
  for (const frame of frames) {
    bytes.set(frame, position);
    position += frame.length;
  }
  return bytes;
}

function readAll(reader: FrameReader): Uint8Array[] {
  const messages: Uint8Array[] = [];
  for (let next = reader.read(bytesMax); next !== null; next = reader.read(bytesMax)) {
    messages.push(next);
  }
  return messages;
}

const hex = (messages: readonly Uint8Array[]) => messages.map((message) => message.toHex());

Deno.test("encodeFrame writes a big-endian length and refuses what is no Noise message", () => {
  assertEquals(encodeFrame(new Uint8Array(16)).slice(0, 2), Uint8Array.of(0, 16));
  assertEquals(encodeFrame(new Uint8Array(0x1234)).slice(0, 2), Uint8Array.of(0x12, 0x34));
  assertEquals(encodeFrame(new Uint8Array(bytesMax)).length, bytesMax + 2);
  for (const length of [0, 15, bytesMax + 1]) {
    assertThrows(() => encodeFrame(new Uint8Array(length)), RangeError, `${length} bytes`);
  }
});

Deno.test("FrameReader gives the same messages byte by byte and all at once", () => {
  const rng = seededRng(7);
  const messages = [16, 17, 255, 256, 300, 1_000, 16].map((length) => randomBytes(rng, length));
  const bytes = stream(messages);
  const whole = new FrameReader();
  whole.push(bytes);
  assertEquals(hex(readAll(whole)), hex(messages));
  const single = new FrameReader();
  const got: Uint8Array[] = [];
  for (let i = 0; i < bytes.length; i++) {
    single.push(bytes.slice(i, i + 1));
    got.push(...readAll(single));
  }
  assertEquals(hex(got), hex(messages));
});

Deno.test("FrameReader gives the same messages in 300 random splits, read early or late", () => {
  for (let seed = 0; seed < 300; seed++) {
    const rng = seededRng(seed);
    const messages = Array.from(
      { length: 1 + randomBelow(rng, 6) },
      () => randomBytes(rng, 16 + randomBelow(rng, seed % 10 === 0 ? 3_000 : 120)),
    );
    const reader = new FrameReader();
    const got: Uint8Array[] = [];
    for (const piece of randomSplit(rng, stream(messages), 1 + randomBelow(rng, 400))) {
      reader.push(piece);
      if (rng.next() < 0.5) got.push(...readAll(reader));
    }
    got.push(...readAll(reader));
    assertEquals(hex(got), hex(messages), `seed ${seed}`);
    assertEquals(reader.bytesHeld, 0, `seed ${seed}`);
  }
});

Deno.test("FrameReader gives a message that lies whole in a pushed array without copying it", () => {
  const bytes = stream([new Uint8Array(100), new Uint8Array(50)]);
  const reader = new FrameReader();
  reader.push(bytes);
  for (const message of readAll(reader)) assert(message.buffer === bytes.buffer);
});

Deno.test("FrameReader refuses an impossible length as soon as it is seen, and again", () => {
  for (const [length, max] of [[0, bytesMax], [15, bytesMax], [1_025, 1_024], [65_535, 1_024]]) {
    for (const split of [1, 2]) {
      const reader = new FrameReader();
      const head = Uint8Array.of(length! >> 8, length! & 0xff);
      if (split === 2) {
        reader.push(head.slice(0, 1));
        assertEquals(reader.read(max!), null);
      }
      reader.push(head.slice(split - 1));
      for (let i = 0; i < 2; i++) {
        const error = assertThrows(() => reader.read(max!), LinkError);
        assertEquals([error.code, error.reply.length], ["frame", 0]);
      }
    }
  }
});

Deno.test("FrameReader takes the longest and the shortest message allowed", () => {
  const reader = new FrameReader();
  reader.push(stream([new Uint8Array(16), new Uint8Array(1_024)]));
  assertEquals([reader.read(1_024)?.length, reader.read(1_024)?.length], [16, 1_024]);
});

Deno.test("FrameReader holds nothing while idle, and little for a length without its message", () => {
  const reader = new FrameReader();
  assertEquals(reader.bytesHeld, 0);
  reader.push(new Uint8Array(0));
  assertEquals(reader.bytesHeld, 0);
  reader.push(Uint8Array.of(0xff, 0xff));
  assertEquals(reader.read(bytesMax), null);
  assertLessOrEqual(reader.bytesHeld, 64);
  // From here on at most twice what has come, and never more than the frame.
  for (let come = 2; come < bytesMax + 1; come++) {
    reader.push(new Uint8Array(1));
    assertEquals(reader.read(bytesMax), null);
    assertLessOrEqual(reader.bytesHeld, Math.min(bytesMax + 2, Math.max(64, 2 * (come + 1))));
  }
  reader.push(new Uint8Array(1));
  assertEquals(reader.read(bytesMax)?.length, bytesMax);
  assertEquals(reader.bytesHeld, 0);
});

Deno.test("FrameReader does not hold on to a pushed array for its last bytes", () => {
  const reader = new FrameReader();
  const bytes = new Uint8Array(65_536);
  bytes.set(encodeFrame(new Uint8Array(65_532)));
  bytes.set([0, 200], 65_534);
  reader.push(bytes);
  assertEquals(reader.read(bytesMax)?.length, 65_532);
  assertEquals(reader.read(bytesMax), null);
  assertLessOrEqual(reader.bytesHeld, 64);
});

Deno.test("FrameReader works in time linear in the bytes, however they are cut", () => {
  // The work is counted in bytes copied, which shows as calls of `set` on fresh arrays.
  const original = Uint8Array.prototype.set;
  let copied = 0;
  Uint8Array.prototype.set = function (source, offset) {
    copied += source.length;
    original.call(this, source, offset);
  };
  try {
    const total = 2 * (bytesMax + 2);
    const bytes = stream([new Uint8Array(bytesMax), new Uint8Array(bytesMax)]);
    copied = 0;
    const reader = new FrameReader();
    for (let i = 0; i < total; i++) reader.push(bytes.subarray(i, i + 1));
    assertEquals(readAll(reader).length, 2);
    for (let i = 0; i < total; i++) {
      reader.push(bytes.subarray(i, i + 1));
      readAll(reader);
    }
    assertLess(copied, 2 * 3 * total);
  } finally {
    Uint8Array.prototype.set = original;
  }
});
