/**
 * The seeded random numbers of all tests: xoshiro128** by Blackman and Vigna, with its state
 * filled from the seed by SplitMix32. The same seed gives the same numbers on every machine,
 * so a failure is repeated by its seed. Not for keys: see seeded_crypto.ts.
 */

import type { Rng } from "../peer/ports.ts";

/**
 * A generator of its own for each caller.
 *
 * @param seed Any integer; its lowest 32 bits count.
 * @returns Numbers from 0 up to but not including 1, in steps of 2^-32.
 */
export function seededRng(seed: number): Rng {
  const next = splitMix32(seed);
  let a = next(), b = next(), c = next(), d = next();
  return {
    next() {
      const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
      const shifted = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= shifted;
      d = rotateLeft(d, 11);
      return result / 2 ** 32;
    },
  };
}

/** An integer from 0 up to but not including `bound`. */
export function randomBelow(rng: Rng, bound: number): number {
  return Math.floor(rng.next() * bound);
}

/** `length` random bytes. */
export function randomBytes(rng: Rng, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => randomBelow(rng, 256));
}

/** Cuts `bytes` into pieces of 1 to `pieceMax` bytes, as a socket might. */
export function randomSplit(rng: Rng, bytes: Uint8Array, pieceMax: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = start + 1 + randomBelow(rng, pieceMax);
    pieces.push(bytes.slice(start, end));
    start = end;
  }
  return pieces;
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function splitMix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
}
