/**
 * The list of 14 encodings against a slow twin: curve arithmetic of RFC 8032 in big integers,
 * which decodes unreduced coordinates too and multiplies by 8.
 */

import { assert, assertEquals } from "@std/assert";
import { nodeCrypto } from "../../io/crypto.ts";
import { isSmallOrder } from "../../wire/small_order.ts";
import { randomBytes, seededRng } from "../rng.ts";

const p = 2n ** 255n - 19n;
const mod = (x: bigint) => ((x % p) + p) % p;

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let b = mod(base), e = exponent; e > 0n; e >>= 1n, b = mod(b * b)) {
    if (e & 1n) result = mod(result * b);
  }
  return result;
}

const invert = (x: bigint) => power(x, p - 2n);
const d = mod(-121665n * invert(121666n));

interface Point {
  readonly x: bigint;
  readonly y: bigint;
}

/** RFC 8032, section 5.1.3, except that y may be unreduced and x = 0 may have a sign. */
function decodePoint(encoding: Uint8Array): Point | null {
  let y = 0n;
  for (let i = 31; i >= 0; i--) y = y << 8n | BigInt(encoding[i]!);
  y = mod(y & (2n ** 255n - 1n));
  const xx = mod((y * y - 1n) * invert(d * y * y + 1n));
  const candidate = power(xx, (p + 3n) / 8n);
  for (const x of [candidate, mod(candidate * power(2n, (p - 1n) / 4n))]) {
    // The sign does not change the order.
    if (mod(x * x) === xx) return { x, y };
  }
  return null;
}

function double({ x, y }: Point): Point {
  const t = mod(d * x * x * y * y);
  return {
    x: mod(2n * x * y * invert(1n + t)),
    y: mod((y * y + x * x) * invert(1n - t)),
  };
}

function isSmallOrderSlowly(encoding: Uint8Array): boolean {
  const point = decodePoint(encoding);
  if (point === null) return false;
  const { x, y } = double(double(double(point)));
  return x === 0n && y === 1n;
}

/** y in little-endian, with a sign bit. */
function encoding(y: bigint, sign: 0 | 1): Uint8Array {
  const bytes = Uint8Array.from({ length: 32 }, (_, i) => Number(y >> BigInt(8 * i) & 0xffn));
  bytes[31]! |= sign << 7;
  return bytes;
}

Deno.test("isSmallOrder agrees with curve arithmetic near 0, near p and on all unreduced y", () => {
  let small = 0;
  for (const base of [0n, p - 20n]) {
    for (let offset = 0n; base + offset < 2n ** 255n && offset < 40n; offset++) {
      for (const sign of [0, 1] as const) {
        const bytes = encoding(base + offset, sign);
        assertEquals(isSmallOrder(bytes), isSmallOrderSlowly(bytes), bytes.toHex());
        small += isSmallOrder(bytes) ? 1 : 0;
      }
    }
  }
  assertEquals(small, 10);
});

Deno.test("isSmallOrder knows the points of order 8, which make 14 encodings with the rest", () => {
  // y^2 of a point of order 8 follows from doubling to a point with y = 0: x^2 = -y^2.
  const root = decodePointsOfOrder8();
  assertEquals(root.length, 2);
  for (const y of root) {
    for (const sign of [0, 1] as const) {
      assert(isSmallOrder(encoding(y, sign)));
      assert(isSmallOrderSlowly(encoding(y, sign)));
    }
  }
});

/** The y of order 8: with x^2 = -y^2 the curve's equation is d y^4 + 2 y^2 - 1 = 0. */
function decodePointsOfOrder8(): bigint[] {
  const sqrt = (square: bigint) => {
    const candidate = power(square, (p + 3n) / 8n);
    return [candidate, mod(candidate * power(2n, (p - 1n) / 4n))]
      .filter((x) => mod(x * x) === mod(square));
  };
  const [discriminant] = sqrt(1n + d);
  const ySquares = [mod((-1n + discriminant!) * invert(d)), mod((-1n - discriminant!) * invert(d))];
  return ySquares.flatMap(sqrt).flatMap((y) => [y, mod(-y)]);
}

Deno.test("isSmallOrder lets 200 random keys and 200 random strings pass", () => {
  const crypto = nodeCrypto();
  const rng = seededRng(1);
  for (let i = 0; i < 200; i++) {
    assert(!isSmallOrder(crypto.generateEd25519().publicKey));
    assert(!isSmallOrder(randomBytes(rng, 32)));
  }
});

Deno.test("verify refuses the signature that holds for every message under a small-order key", () => {
  const crypto = nodeCrypto();
  const identity = encoding(1n, 0);
  const signature = new Uint8Array(64);
  signature.set(identity);
  assert(!crypto.verify(identity, Uint8Array.of(1), signature));
  assert(!crypto.verify(identity, Uint8Array.of(2), signature));
});
