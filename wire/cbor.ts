/**
 * CBOR (RFC 8949) as the protocol uses it: arrays, unsigned integers, byte strings, text
 * strings, booleans and null, in the core deterministic encoding of section 4.2.1.
 *
 * The bytes are walked once before cborg decodes them, because a decoder that recurses on
 * what a stranger sent must know the depth and the number of items first. What the walk
 * refuses (maps, tags, floats, indefinite lengths, longer heads than needed) has no second
 * spelling left: equal values have equal bytes. Text is UTF-8 without exception (RFC 3629).
 */

import { decode, encode, type Token, Tokenizer } from "cborg";
import { defaultLimits } from "./limits.ts";

/** What a message of the protocol consists of. */
export type CborValue = number | boolean | null | string | Uint8Array | readonly CborValue[];

const unsigned = 0, bytes = 2, text = 3, array = 4, simple = 7;
const falseHead = 0xf4, nullHead = 0xf6;

/** Remote bytes that are not what the protocol allows. The message says which rule. */
export class MalformedError extends Error {
  override readonly name = "MalformedError";
}

/**
 * Finds where one CBOR item ends and checks that it keeps to the subset above.
 *
 * @param data Bytes from anywhere.
 * @param start Offset of the item's first byte.
 * @returns The offset after the item.
 * @throws {MalformedError} If the item is cut off, too deep, too large, or outside the subset.
 */
export function itemEnd(data: Uint8Array, start: number): number {
  const open: number[] = [];
  let position = start;
  let items = 0;
  do {
    if (++items > defaultLimits.cborItemsMax) throw new MalformedError("too many CBOR items");
    const head = data[position];
    if (head === undefined) throw new MalformedError("CBOR item cut off");
    const major = head >> 5;
    let value = 0;
    if (major === simple) {
      if (head < falseHead || head > nullHead) throw new MalformedError("CBOR simple or float");
      position += 1;
    } else {
      const width = argumentWidth(head & 31);
      value = readArgument(data, position, width);
      position += 1 + width;
    }
    if (major === bytes || major === text) {
      position += value;
      if (position > data.length) throw new MalformedError("CBOR string cut off");
    } else if (major === array) {
      if (open.length >= defaultLimits.cborDepthMax) throw new MalformedError("CBOR too deep");
      if (value > 0) open.push(value + 1);
    } else if (major !== unsigned && major !== simple) {
      throw new MalformedError("CBOR type not used here");
    }
    for (let last = open.length - 1; last >= 0; last--) {
      const left = open[last]! - 1;
      open[last] = left;
      if (left > 0) break;
      open.pop();
    }
  } while (open.length > 0);
  return position;
}

function argumentWidth(info: number): number {
  if (info < 24) return 0;
  if (info > 27) throw new MalformedError("CBOR length form not used here");
  return 1 << (info - 24);
}

function readArgument(data: Uint8Array, position: number, width: number): number {
  if (width === 0) return data[position]! & 31;
  if (position + width >= data.length) throw new MalformedError("CBOR head cut off");
  let value = 0;
  for (let i = 1; i <= width; i++) value = value * 256 + data[position + i]!;
  if (value < (width === 1 ? 24 : 2 ** (4 * width))) {
    throw new MalformedError("CBOR head longer than needed");
  }
  if (value > Number.MAX_SAFE_INTEGER) throw new MalformedError("CBOR integer too large");
  return value;
}

/**
 * Decodes exactly one item.
 *
 * @param data The item's bytes and nothing else.
 * @returns The value; byte strings are copies.
 * @throws {MalformedError} If the bytes are anything but one item of the subset.
 */
export function decodeCbor(data: Uint8Array): CborValue {
  if (itemEnd(data, 0) !== data.length) throw new MalformedError("bytes after the CBOR item");
  return decodeChecked(data);
}

/**
 * Decodes a sequence of items (RFC 8742), as one frame carries them.
 *
 * @param data Whole items, one after the other; may be empty.
 * @returns The items in order.
 * @throws {MalformedError} At the first item outside the subset.
 */
export function decodeCborSequence(data: Uint8Array): CborValue[] {
  const values: CborValue[] = [];
  for (let start = 0; start < data.length;) {
    const end = itemEnd(data, start);
    values.push(decodeChecked(data.subarray(start, end)));
    start = end;
  }
  return values;
}

const decodeOptions = {
  strict: true,
  allowIndefinite: false,
  allowUndefined: false,
  retainStringBytes: true,
};
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** On its own, cborg drops a byte order mark and mends what is no UTF-8: two spellings of a text. */
class ExactText extends Tokenizer {
  override next(): Token {
    const token = super.next();
    if (token.byteValue !== undefined) token.value = utf8.decode(token.byteValue);
    return token;
  }
}

function decodeChecked(bytes: Uint8Array): CborValue {
  // A Buffer of Node is a Uint8Array too, but its slices are no copies.
  const data = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  try {
    return decode(data, { ...decodeOptions, tokenizer: new ExactText(data, decodeOptions) });
  } catch (error) {
    throw new MalformedError(error instanceof Error ? error.message : "CBOR");
  }
}

/**
 * Encodes one value deterministically.
 *
 * @param value A value of the subset; integers from 0 to 2^53 - 1.
 * @returns Its only encoding.
 */
export function encodeCbor(value: CborValue): Uint8Array {
  // A copy: cborg gives views of pooled memory, which a short post would keep 8 KiB of.
  return new Uint8Array(encode(value));
}
