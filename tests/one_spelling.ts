/**
 * The rule of every codec: whatever bytes come, they are refused with a `MalformedError`, or
 * they are the one spelling of what they say. Tried with each bit flipped, cut off at each
 * byte, and with each byte too many.
 */

import { assert, assertEquals } from "@std/assert";
import { MalformedError } from "../wire/cbor.ts";

/** Decodes and encodes again; throws a `MalformedError` if the bytes are refused. */
export type Respell = (bytes: Uint8Array) => Uint8Array;

/** What became of the variants of some bytes. */
export interface SpellingCount {
  refused: number;
  accepted: number;
}

/**
 * Asserts the rule for one input.
 *
 * @returns Whether the bytes were accepted.
 */
export function keepsOneSpelling(bytes: Uint8Array, respell: Respell): boolean {
  let again: Uint8Array;
  try {
    again = respell(bytes);
  } catch (error) {
    assert(error instanceof MalformedError, `${error} for ${bytes.toHex()}`);
    return false;
  }
  assertEquals(again.toHex(), bytes.toHex());
  return true;
}

/** Asserts the rule for bytes that are accepted, and for all their variants. */
export function assertOneSpelling(bytes: Uint8Array, respell: Respell): SpellingCount {
  const count: SpellingCount = { refused: 0, accepted: 0 };
  const take = (variant: Uint8Array) =>
    keepsOneSpelling(variant, respell) ? count.accepted++ : count.refused++;
  assert(keepsOneSpelling(bytes, respell), `refused: ${bytes.toHex()}`);
  for (let bit = 0; bit < 8 * bytes.length; bit++) {
    const flipped = bytes.slice();
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    take(flipped);
  }
  for (let length = 0; length < bytes.length; length++) take(bytes.slice(0, length));
  for (let byte = 0; byte < 256; byte++) take(Uint8Array.of(...bytes, byte));
  return count;
}
