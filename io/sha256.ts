/**
 * SHA-256 (FIPS 180-4) for a start, which hashes a few short texts and posts before it needs
 * anything else of `node:crypto`: loading that takes a seventh of a start, and `@noble/hashes` 5 ms
 * (ARCHITECTURE.md, "Where a start went").
 *
 * And for the ids of a back-fill: each hash of the runtime leaves 290 bytes behind, outside of what
 * V8 counts, until its next major collection, 27 MiB for 100,000 posts. This one leaves its result,
 * and takes 2 µs a post in place of 1.1 (measured). Where that does not matter crypto.ts hashes with
 * the runtime's once it is there.
 */

const blockBytes = 64;
/** Where the length stands in the last block. */
const lengthAt = 56;

/** The first 32 bits behind the point in the square roots of the first 8 primes. */
const initial = words(
  "6a09e667bb67ae853c6ef372a54ff53a510e527f9b05688c1f83d9ab5be0cd19",
);

/** The same of the cube roots of the first 64. */
const constants = words(
  "428a2f9871374491b5c0fbcfe9b5dba53956c25b59f111f1923f82a4ab1c5ed5" +
    "d807aa9812835b01243185be550c7dc372be5d7480deb1fe9bdc06a7c19bf174" +
    "e49b69c1efbe47860fc19dc6240ca1cc2de92c6f4a7484aa5cb0a9dc76f988da" +
    "983e5152a831c66db00327c8bf597fc7c6e00bf3d5a7914706ca635114292967" +
    "27b70a852e1b21384d2c6dfc53380d13650a7354766a0abb81c2c92e92722c85" +
    "a2bfe8a1a81a664bc24b8b70c76c51a3d192e819d6990624f40e3585106aa070" +
    "19a4c1161e376c082748774c34b0bcb5391c0cb34ed8aa4a5b9cca4f682e6ff3" +
    "748f82ee78a5636f84c878148cc7020890befffaa4506cebbef9a3f7c67178f2",
);

function words(hex: string): Int32Array {
  const view = new DataView(Uint8Array.fromHex(hex).buffer);
  return Int32Array.from({ length: hex.length / 8 }, (_, i) => view.getInt32(4 * i));
}

/** Used again each time; the tail is what is left behind the last whole block. */
const schedule = new Int32Array(64);
const state = new Int32Array(8);
const tail = new Uint8Array(2 * blockBytes);
const tailView = new DataView(tail.buffer);
const hash = new Uint8Array(32);
const hashView = new DataView(hash.buffer);

/**
 * The hash of bytes.
 *
 * @param data Any length.
 * @returns 32 bytes.
 */
export function sha256(data: Uint8Array): Uint8Array {
  digest(data);
  const result = hash.slice();
  // Secrets do not stay behind where nobody looks for them.
  for (const used of [schedule, state, tail, hash]) used.fill(0);
  return result;
}

/** The same of public bytes, as 64 lower-case hex digits. */
export function sha256Hex(data: Uint8Array): string {
  digest(data);
  return hash.toHex();
}

function digest(data: Uint8Array): void {
  state.set(initial);
  const whole = data.length - data.length % blockBytes;
  for (let at = 0; at < whole; at += blockBytes) compress(data, at);

  const rest = data.length - whole;
  const length = rest < lengthAt ? blockBytes : 2 * blockBytes;
  tail.fill(0);
  for (let i = 0; i < rest; i++) tail[i] = data[whole + i]!;
  tail[rest] = 0x80;
  // The number of bits, in two words.
  tailView.setUint32(length - 8, data.length / 2 ** 29);
  tailView.setUint32(length - 4, data.length << 3);
  for (let at = 0; at < length; at += blockBytes) compress(tail, at);
  for (let i = 0; i < state.length; i++) hashView.setInt32(4 * i, state[i]!);
}

/**
 * One block, by the names of FIPS 180-4, section 6.2.2. Written out, since at a start nothing is
 * compiled yet: with functions that rotate and values that swap places it took three times as long.
 */
function compress(data: Uint8Array, start: number): void {
  const w = schedule;
  for (let t = 0, at = start; t < 16; t++, at += 4) {
    w[t] = data[at]! << 24 | data[at + 1]! << 16 | data[at + 2]! << 8 | data[at + 3]!;
  }
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
  state[0]! += a;
  state[1]! += b;
  state[2]! += c;
  state[3]! += d;
  state[4]! += e;
  state[5]! += f;
  state[6]! += g;
  state[7]! += h;
}
