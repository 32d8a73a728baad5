/**
 * The frame reader under fire, beside a twin that has all bytes at once: the same messages in
 * whatever pieces the bytes come, an error at the same place, and no memory for a mere length.
 */

import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { LinkError } from "../../wire/channel.ts";
import { encodeFrame, FrameReader } from "../../wire/frame.ts";
import { randomBelow, randomBytes, randomSplit, seededRng } from "../rng.ts";
import type { Target } from "./target.ts";

/** A limit that inputs of a few hundred bytes come by, and the product's. */
const limits = [600, 65_535];

interface Taken {
  readonly messages: readonly string[];
  readonly broken: boolean;
}

function slowRead(input: Uint8Array, bytesMax: number): Taken {
  const messages: string[] = [];
  let at = 0;
  while (at + 2 <= input.length) {
    const length = input[at]! << 8 | input[at + 1]!;
    if (length < 16 || length > bytesMax) return { messages, broken: true };
    if (at + 2 + length > input.length) break;
    messages.push(input.slice(at + 2, at + 2 + length).toHex());
    at += 2 + length;
  }
  return { messages, broken: false };
}

function readPieces(pieces: readonly Uint8Array[], bytesMax: number): Taken {
  const reader = new FrameReader();
  const messages: string[] = [];
  let pushed = 0;
  try {
    for (const piece of pieces) {
      reader.push(piece);
      pushed += piece.length;
      for (let next; (next = reader.read(bytesMax)) !== null;) messages.push(next.toHex());
      // Doubling may make room for as much again as has come, and for 64 bytes at least.
      assertLessOrEqual(reader.bytesHeld, 2 * pushed + 64);
    }
  } catch (error) {
    assert(error instanceof LinkError && error.code === "frame", `not a LinkError: ${error}`);
    return { messages, broken: true };
  }
  return { messages, broken: false };
}

/** The pieces follow from the input, so that an input says all. */
function piecesOf(input: Uint8Array): Uint8Array[] {
  const rng = seededRng(input.reduce((sum, byte) => Math.imul(sum, 31) + byte | 0, input.length));
  return randomSplit(rng, input, 1 + randomBelow(rng, 60));
}

function feed(input: Uint8Array): string {
  const words = limits.map((bytesMax) => {
    const { messages, broken } = readPieces([input], bytesMax);
    return `${Math.min(4, messages.length)}${broken ? " broken" : ""}`;
  });
  return words.join(", ");
}

function check(input: Uint8Array): void {
  const pieces = piecesOf(input);
  for (const bytesMax of limits) {
    const expected = slowRead(input, bytesMax);
    assertEquals(readPieces([input], bytesMax), expected);
    assertEquals(readPieces(pieces, bytesMax), expected);
  }
}

export const framesTarget: Target = {
  name: "frames",
  shape: "bytes",
  share: 2,
  inputsPerRun: 1_000_000,
  open: () => ({ feed, check }),
  seeds: (rng) =>
    [[16], [17, 100], [16, 16, 16, 16], [300], [599, 600], [601], [250, 20, 20]].map((lengths) =>
      Uint8Array.from(lengths.flatMap((length) => [...encodeFrame(randomBytes(rng, length))]))
    ),
};
