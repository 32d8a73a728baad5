/**
 * Varies inputs without knowing what they mean: flipped bits, bytes that tend to be edges,
 * pieces cut out, doubled, moved and taken from other inputs, and lengths that lie.
 */

import type { Rng } from "../../peer/ports.ts";
import { randomBelow, randomBytes } from "../rng.ts";

/** Longer ones are cut: a frame is no longer. */
export const inputBytesMax = 65_600;

const edgeBytes = [0x00, 0x01, 0x0f, 0x10, 0x17, 0x18, 0x1b, 0x40, 0x5f, 0x7f, 0x80, 0x9f, 0xf6];

type Variation = (rng: Rng, bytes: Uint8Array, other: Uint8Array) => Uint8Array;

function spliced(bytes: Uint8Array, start: number, end: number, insert: Uint8Array): Uint8Array {
  const whole = new Uint8Array(bytes.length - (end - start) + insert.length);
  whole.set(bytes.subarray(0, start));
  whole.set(insert, start);
  whole.set(bytes.subarray(end), start + insert.length);
  return whole;
}

/** A piece of up to 64 bytes, seldom of any length. */
function piece(rng: Rng, bytes: Uint8Array): [start: number, end: number] {
  const start = randomBelow(rng, bytes.length + 1);
  const most = rng.next() < 0.9 ? Math.min(64, bytes.length - start) : bytes.length - start;
  return [start, start + randomBelow(rng, most + 1)];
}

function changed(
  rng: Rng,
  bytes: Uint8Array,
  change: (copy: Uint8Array, at: number) => void,
): Uint8Array {
  const copy = bytes.slice();
  if (copy.length > 0) change(copy, randomBelow(rng, copy.length));
  return copy;
}

const variations: readonly Variation[] = [
  (rng, bytes) => changed(rng, bytes, (copy, at) => copy[at]! ^= 1 << randomBelow(rng, 8)),
  (rng, bytes) =>
    changed(rng, bytes, (copy, at) => copy[at] = edgeBytes[randomBelow(rng, edgeBytes.length)]!),
  (rng, bytes) => changed(rng, bytes, (copy, at) => copy[at] = randomBelow(rng, 256)),
  (rng, bytes) => changed(rng, bytes, (copy, at) => copy[at]! += rng.next() < 0.5 ? 1 : -1),
  // A length of two bytes that is nearly right, as at the head of a frame.
  (rng, bytes) =>
    changed(rng, bytes, (copy, at) => {
      const start = rng.next() < 0.5 ? 0 : at;
      const length = (copy[start]! << 8 | copy[start + 1]!) + randomBelow(rng, 9) - 4;
      copy.set([length >> 8, length].slice(0, copy.length - start), start);
    }),
  (rng, bytes) => bytes.slice(0, randomBelow(rng, bytes.length + 1)),
  (rng, bytes) => bytes.slice(randomBelow(rng, bytes.length + 1)),
  (rng, bytes) => spliced(bytes, ...piece(rng, bytes), new Uint8Array(0)),
  (rng, bytes) => spliced(bytes, ...piece(rng, bytes), randomBytes(rng, randomBelow(rng, 16))),
  (rng, bytes) => {
    const [start, end] = piece(rng, bytes);
    const at = randomBelow(rng, bytes.length + 1);
    return spliced(bytes, at, at, bytes.slice(start, end));
  },
  (rng, bytes, other) => {
    const [start, end] = piece(rng, other);
    return spliced(bytes, ...piece(rng, bytes), other.slice(start, end));
  },
  (rng, bytes, other) => {
    const head = bytes.slice(0, randomBelow(rng, bytes.length + 1));
    return spliced(head, head.length, head.length, other.slice(randomBelow(rng, other.length + 1)));
  },
];

/**
 * Varies `bytes` in one to four ways.
 *
 * @param rng Decides.
 * @param bytes Is left as it is.
 * @param other Another input, to take pieces from.
 */
export function varyBytes(rng: Rng, bytes: Uint8Array, other: Uint8Array): Uint8Array {
  let varied = bytes;
  for (let i = 1 + randomBelow(rng, 4); i > 0; i--) {
    varied = variations[randomBelow(rng, variations.length)]!(rng, varied, other);
  }
  return varied.length > inputBytesMax ? varied.slice(0, inputBytesMax) : varied;
}
