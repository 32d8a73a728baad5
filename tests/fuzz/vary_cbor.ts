/**
 * Varies inputs that consist of CBOR: values replaced, left out, doubled, wrapped and turned
 * into other types, byte strings that hold CBOR varied inside, and heads spelt in ways that
 * the protocol does not allow.
 */

import type { Rng } from "../../peer/ports.ts";
import { type CborValue, decodeCborSequence, encodeCbor, MalformedError } from "../../wire/cbor.ts";
import { randomBelow, randomBytes } from "../rng.ts";
import { inputBytesMax, varyBytes } from "./vary_bytes.ts";

const edges: readonly CborValue[] = [
  0,
  1,
  23,
  24,
  65_535,
  65_536,
  2 ** 32 - 1,
  2 ** 32,
  2 ** 48 - 1,
  2 ** 48,
  2 ** 53 - 1,
  null,
  true,
  false,
  "",
  " ",
  "\ufeff",
  "a\0b",
  "x".repeat(300),
  [],
  [[]],
  [1, 1],
  [[1, 2], [2, 3]],
  new Uint8Array(0),
  new Uint8Array(8),
  new Uint8Array(32),
  new Uint8Array(32).fill(255),
  new Uint8Array(64),
];

function isList(value: CborValue): value is readonly CborValue[] {
  return Array.isArray(value);
}

function edge(rng: Rng): CborValue {
  return edges[randomBelow(rng, edges.length)]!;
}

/** A value in place of another. */
function replaced(rng: Rng, value: CborValue): CborValue {
  switch (randomBelow(rng, 6)) {
    case 0:
      return [value];
    case 1:
      if (typeof value === "number") {
        const near = value + randomBelow(rng, 5) - 2;
        return Math.min(Math.max(0, near), Number.MAX_SAFE_INTEGER);
      }
      if (value instanceof Uint8Array) return varyBytes(rng, value, value);
      return typeof value === "string" ? new TextEncoder().encode(value) : edge(rng);
    case 2:
      return value instanceof Uint8Array ? randomBytes(rng, value.length) : edge(rng);
    case 3:
      return value instanceof Uint8Array ? value.toHex() : edge(rng);
    default:
      return edge(rng);
  }
}

function varyList(rng: Rng, list: readonly CborValue[], others: readonly CborValue[]): CborValue {
  // Seldom the first: in messages and posts it says how the others are read.
  const first = list.length > 1 && rng.next() < 0.9 ? 1 : 0;
  const at = first + randomBelow(rng, list.length - first);
  const copy = [...list];
  const other = others[randomBelow(rng, others.length)] ?? null;
  // Mostly further down: what is wrong at the top is refused at once.
  switch (randomBelow(rng, 18)) {
    case 0:
      copy.splice(at, 1);
      return copy;
    case 1:
      copy.splice(at, 0, list[at]!);
      return copy;
    case 2:
      copy.splice(at, 0, edge(rng));
      return copy;
    case 3:
      copy[at] = other;
      return copy;
    case 4: {
      const last = randomBelow(rng, list.length);
      [copy[at], copy[last]] = [copy[last]!, copy[at]!];
      return copy;
    }
    case 5:
      return new Array<CborValue>(1 + randomBelow(rng, 80)).fill(list[at]!);
    default:
      copy[at] = varyValue(rng, list[at]!, isList(other) ? other : others);
      return copy;
  }
}

/** Varies items that stand one after the other, as messages do. */
function varySequence(
  rng: Rng,
  items: readonly CborValue[],
  others: readonly CborValue[],
): readonly CborValue[] {
  const at = randomBelow(rng, items.length);
  const other = others[randomBelow(rng, others.length)] ?? items[at]!;
  switch (randomBelow(rng, 10)) {
    case 0:
      return items.toSpliced(at, 1);
    case 1:
      return items.toSpliced(at, 0, items[at]!);
    case 2:
      return items.toSpliced(at, 0, other);
    default:
      return items.with(at, varyValue(rng, items[at]!, isList(other) ? other : others));
  }
}

/** Varies one place of a value, at any depth. */
function varyValue(rng: Rng, value: CborValue, others: readonly CborValue[]): CborValue {
  if (isList(value) && value.length > 0 && rng.next() < 0.9) return varyList(rng, value, others);
  if (value instanceof Uint8Array && value.length > 64 && rng.next() < 0.7) {
    const inside = decoded(value);
    if (inside !== null) return encodeUgly(rng, varySequence(rng, inside, others), 0.1);
  }
  return replaced(rng, value);
}

function decoded(bytes: Uint8Array): readonly CborValue[] | null {
  try {
    return decodeCborSequence(bytes);
  } catch (error) {
    if (error instanceof MalformedError) return null;
    throw error;
  }
}

/** The bytes of a sequence, with heads that may not be so with probability `ugliness`. */
function encodeUgly(rng: Rng, value: CborValue, ugliness: number): Uint8Array {
  const items = isList(value) ? value : [value];
  const parts = items.map((item) => {
    if (rng.next() >= ugliness) return encodeCbor(item);
    const bytes = encodeCbor(item);
    const [first = 0, ...rest] = bytes;
    switch (randomBelow(rng, 5)) {
      case 0: // A head of one byte more than needed.
        return (first & 31) < 24
          ? Uint8Array.from([first & 0xe0 | 24, first & 31, ...rest])
          : bytes;
      case 1: // Of indefinite length, with its end.
        return Uint8Array.from([first & 0xe0 | 31, ...rest, 0xff]);
      case 2: // A length that is one off.
        return Uint8Array.from([first + (rng.next() < 0.5 ? 1 : -1), ...rest]);
      case 3: // A tag before it.
        return Uint8Array.from([0xc0 | randomBelow(rng, 24), ...bytes]);
      default: // Another type with the same argument.
        return Uint8Array.from([first ^ randomBelow(rng, 8) << 5, ...rest]);
    }
  });
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/**
 * Varies a sequence of CBOR items; as bytes if it is none, and now and then.
 *
 * @param rng Decides.
 * @param bytes Is left as it is.
 * @param other Another input, to take values from.
 */
export function varyCbor(rng: Rng, bytes: Uint8Array, other: Uint8Array): Uint8Array {
  const items = rng.next() < 0.85 ? decoded(bytes) : null;
  if (items === null || items.length === 0) return varyBytes(rng, bytes, other);
  const others = decoded(other) ?? [];
  let value = items;
  for (let i = 1 + randomBelow(rng, 3); i > 0 && value.length > 0; i--) {
    value = varySequence(rng, value, others);
  }
  const varied = encodeUgly(rng, value, value.length < 1_000 && rng.next() < 0.1 ? 0.3 : 0);
  return varied.length > inputBytesMax ? varied.slice(0, inputBytesMax) : varied;
}
