/**
 * CBOR (RFC 8949) as the protocol uses it: arrays, unsigned integers, byte strings, text
 * strings, booleans and null, in the core deterministic encoding of section 4.2.1.
 *
 * Maps, tags, floats, indefinite lengths and longer heads than needed are refused, and text
 * is UTF-8 without exception (RFC 3629): nothing has a second spelling, so equal values have
 * equal bytes. Depth and number of items are bounded while decoding.
 *
 * It is our own because the walk that a stranger's bytes need before any decoder may recurse
 * on them already reads everything; decoding a second time with cborg cost 4 µs a post, and
 * cborg mends broken UTF-8 and drops byte order marks. cborg is the oracle of the tests.
 */

import { wireLimits } from "./limits_wire.ts";

/** What a message of the protocol consists of. */
export type CborValue = number | boolean | null | string | Uint8Array | readonly CborValue[];

/** A byte string as hex digits, as identifiers are in memory; only to be encoded. */
export interface HexBytes {
  readonly hex: string;
}

/** What can be encoded. */
export type CborInput = CborValue | HexBytes | readonly CborInput[];

const major = { unsigned: 0, bytes: 2, text: 3, array: 4, simple: 7 } as const;
const falseHead = 0xf4, trueHead = 0xf5, nullHead = 0xf6;

const toText = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const toUtf8 = new TextEncoder();

/** Remote bytes that are not what the protocol allows. The message says which rule. */
export class MalformedError extends Error {
  override readonly name = "MalformedError";
}

/** Reads items one after the other. */
class Reader {
  readonly #data: Uint8Array;
  #position = 0;
  #items = 0;

  constructor(data: Uint8Array) {
    this.#data = data;
  }

  get atEnd(): boolean {
    return this.#position === this.#data.length;
  }

  /** Starts to count items anew, for the next message of a sequence. */
  item(): CborValue {
    this.#items = 0;
    return this.#value(0);
  }

  #value(depth: number): CborValue {
    if (++this.#items > wireLimits.cborItemsMax) throw new MalformedError("too many CBOR items");
    const head = this.#data[this.#position];
    if (head === undefined) throw new MalformedError("CBOR item cut off");
    switch (head >> 5) {
      case major.unsigned:
        return this.#argument(head);
      case major.bytes:
        return this.#string(head);
      case major.text:
        return decodeText(this.#string(head));
      case major.array:
        return this.#array(head, depth);
      case major.simple:
        return this.#simple(head);
      default:
        throw new MalformedError("CBOR type not used here");
    }
  }

  #array(head: number, depth: number): CborValue[] {
    if (depth >= wireLimits.cborDepthMax) throw new MalformedError("CBOR too deep");
    const count = this.#argument(head);
    if (count > this.#data.length - this.#position) throw new MalformedError("CBOR array cut off");
    const values: CborValue[] = [];
    for (let i = 0; i < count; i++) values.push(this.#value(depth + 1));
    return values;
  }

  #simple(head: number): boolean | null {
    this.#position++;
    if (head < falseHead || head > nullHead) throw new MalformedError("CBOR simple or float");
    return head === nullHead ? null : head === trueHead;
  }

  #string(head: number): Uint8Array {
    const length = this.#argument(head);
    const start = this.#position;
    if (length > this.#data.length - start) throw new MalformedError("CBOR string cut off");
    this.#position = start + length;
    return this.#data.subarray(start, this.#position);
  }

  /** The number in a head: its low five bits, or the 1, 2, 4 or 8 bytes after it. */
  #argument(head: number): number {
    const info = head & 31;
    if (info < 24) {
      this.#position++;
      return info;
    }
    if (info > 27) throw new MalformedError("CBOR length form not used here");
    const width = 1 << (info - 24);
    const start = this.#position + 1;
    if (start + width > this.#data.length) throw new MalformedError("CBOR head cut off");
    this.#position = start + width;
    let value = 0;
    for (let i = start; i < this.#position; i++) value = value * 256 + this.#data[i]!;
    if (value < (width === 1 ? 24 : 2 ** (4 * width))) {
      throw new MalformedError("CBOR head longer than needed");
    }
    if (value > Number.MAX_SAFE_INTEGER) throw new MalformedError("CBOR integer too large");
    return value;
  }
}

function decodeText(bytes: Uint8Array): string {
  try {
    return toText.decode(bytes);
  } catch {
    throw new MalformedError("text that is not UTF-8");
  }
}

/**
 * Decodes exactly one item.
 *
 * @param data The item's bytes and nothing else.
 * @returns The value; byte strings are views of `data`: who keeps one keeps all of it.
 * @throws {MalformedError} If the bytes are anything but one item of the subset.
 */
export function decodeCbor(data: Uint8Array): CborValue {
  const reader = new Reader(data);
  const value = reader.item();
  if (!reader.atEnd) throw new MalformedError("bytes after the CBOR item");
  return value;
}

/**
 * Decodes a sequence of items (RFC 8742), as one frame carries them.
 *
 * @param data Whole items, one after the other; may be empty.
 * @returns The items in order; byte strings are views of `data`.
 * @throws {MalformedError} At the first item outside the subset.
 */
export function decodeCborSequence(data: Uint8Array): CborValue[] {
  const reader = new Reader(data);
  const values: CborValue[] = [];
  while (!reader.atEnd) values.push(reader.item());
  return values;
}

/** Collects bytes in memory that is used again for the next value. */
class Writer {
  #data = new Uint8Array(4_096);
  #length = 0;

  /** Encodes a value; the result is a copy of its own. */
  encode(value: CborInput): Uint8Array {
    this.#length = 0;
    this.#write(value);
    return this.#data.slice(0, this.#length);
  }

  #write(value: CborInput): void {
    if (typeof value === "number") return this.#head(major.unsigned, value);
    if (value instanceof Uint8Array) return this.#bytes(major.bytes, value);
    if (typeof value === "string") return this.#bytes(major.text, toUtf8.encode(value));
    if (value === null || typeof value === "boolean") {
      this.#reserve(1);
      this.#data[this.#length++] = value === null ? nullHead : value ? trueHead : falseHead;
      return;
    }
    if ("hex" in value) return this.#hex(value.hex);
    this.#head(major.array, value.length);
    for (const each of value) this.#write(each);
  }

  #bytes(type: number, bytes: Uint8Array): void {
    this.#head(type, bytes.length);
    this.#reserve(bytes.length);
    this.#data.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #hex(digits: string): void {
    const length = digits.length / 2;
    this.#head(major.bytes, length);
    this.#reserve(length);
    this.#data.subarray(this.#length, this.#length + length).setFromHex(digits);
    this.#length += length;
  }

  #head(type: number, value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new RangeError(`Cannot encode ${value}: integers from 0 to 2^53 - 1 only`);
    }
    this.#reserve(9);
    const first = type << 5;
    if (value < 24) {
      this.#data[this.#length++] = first | value;
      return;
    }
    const power = value < 2 ** 8 ? 0 : value < 2 ** 16 ? 1 : value < 2 ** 32 ? 2 : 3;
    this.#data[this.#length++] = first | (24 + power);
    for (let shift = (1 << power) - 1; shift >= 0; shift--) {
      this.#data[this.#length++] = Math.floor(value / 2 ** (8 * shift)) % 256;
    }
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#data.length) return;
    const larger = new Uint8Array(Math.max(needed, this.#data.length * 2));
    larger.set(this.#data);
    this.#data = larger;
  }
}

const writer = new Writer();

/**
 * Encodes one value deterministically.
 *
 * @param value A value of the subset; integers from 0 to 2^53 - 1.
 * @returns Its only encoding.
 * @throws {RangeError} For a number that is no such integer.
 */
export function encodeCbor(value: CborInput): Uint8Array {
  return writer.encode(value);
}
