/**
 * SHA-256 (FIPS 180-4) for a start, which hashes a few short texts and posts before it needs
 * anything else of `node:crypto`: loading that takes a seventh of a start, and `@noble/hashes` 5 ms
 * (ARCHITECTURE.md, "Where a start went"). Once `node:crypto` is there, crypto.ts hashes with it.
 */

const blockBytes = 64;
/** Where the length stands in the last block. */
const lengthAt = 56;

/** The first 32 bits of what follows the point in a root of each of the first primes. */
function fractions(count: number, root: (prime: number) => number): Int32Array {
  const words = new Int32Array(count);
  for (let found = 0, number = 2; found < count; number++) {
    let divisor = 2;
    while (number % divisor !== 0) divisor++;
    if (divisor === number) words[found++] = (root(number) % 1) * 2 ** 32;
  }
  return words;
}

const initial = fractions(8, Math.sqrt);
const constants = fractions(64, Math.cbrt);

/** The message schedule, used again by each block. */
const schedule = new Int32Array(64);

/**
 * The hash of bytes.
 *
 * @param data Any length.
 * @returns 32 bytes.
 */
export function sha256(data: Uint8Array): Uint8Array {
  const state = initial.slice();
  const whole = data.length - data.length % blockBytes;
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  for (let at = 0; at < whole; at += blockBytes) compress(state, view, at);

  const rest = data.length - whole;
  const tail = new Uint8Array(rest < lengthAt ? blockBytes : 2 * blockBytes);
  tail.set(data.subarray(whole));
  tail[rest] = 0x80;
  const tailView = new DataView(tail.buffer);
  tailView.setBigUint64(tail.length - 8, BigInt(data.length) * 8n);
  for (let at = 0; at < tail.length; at += blockBytes) compress(state, tailView, at);

  const hash = new Uint8Array(32);
  const out = new DataView(hash.buffer);
  state.forEach((word, i) => out.setInt32(4 * i, word));
  return hash;
}

/**
 * One block, by the names of FIPS 180-4, section 6.2.2. Written out, since at a start nothing is
 * compiled yet: with functions that rotate and values that swap places it took three times as long.
 */
function compress(state: Int32Array, view: DataView, at: number): void {
  const w = schedule;
  for (let t = 0; t < 16; t++) w[t] = view.getInt32(at + 4 * t);
  for (let t = 16; t < 64; t++) {
    const early = w[t - 15]!, late = w[t - 2]!;
    const s0 = (early >>> 7 | early << 25) ^ (early >>> 18 | early << 14) ^ (early >>> 3);
    const s1 = (late >>> 17 | late << 15) ^ (late >>> 19 | late << 13) ^ (late >>> 10);
    w[t] = w[t - 16]! + s0 + w[t - 7]! + s1;
  }
  let a = state[0]!, b = state[1]!, c = state[2]!, d = state[3]!;
  let e = state[4]!, f = state[5]!, g = state[6]!, h = state[7]!;
  for (let t = 0; t < 64; t++) {
    const sum1 = (e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7);
    const first = h + sum1 + ((e & f) ^ (~e & g)) + constants[t]! + w[t]!;
    const sum0 = (a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10);
    const second = sum0 + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => state[i]! += word);
}
