/**
 * Marks: posts named by the first 8 bytes of their ids, where both sides know of which posts
 * they speak. That is enough to tell honest posts apart, and to find another post with the mark of
 * one takes 2^64 tries, while that one is everywhere within a second; what is taken in is always
 * judged by its whole id.
 */

import { MalformedError } from "./cbor.ts";
import type { PostId } from "./ids.ts";
import { wireLimits } from "./limits_wire.ts";

/** The first 8 bytes of a post's id, as 16 hex digits. */
export type PostMark = string & { readonly brand: "PostMark" };

/** The most hops that are counted. */
export const hopsMax = 127;

const bytesPerMark = 8;

/** The mark of a post. */
export function markOf(id: PostId): PostMark {
  return id.slice(0, 2 * bytesPerMark) as PostMark;
}

/** Marks one after the other. */
export function markBytes(named: readonly PostMark[]): Uint8Array {
  const bytes = new Uint8Array(named.length * bytesPerMark);
  for (const [i, mark] of named.entries()) bytes.set(Uint8Array.fromHex(mark), i * bytesPerMark);
  return bytes;
}

/**
 * Reads what {@linkcode markBytes} wrote.
 *
 * @throws {MalformedError} If it ends within a mark, or names more posts than one message may.
 */
export function marks(bytes: Uint8Array): PostMark[] {
  const count = bytes.length / bytesPerMark;
  if (!Number.isInteger(count) || count > wireLimits.marksPerMessage) {
    throw new MalformedError("marks");
  }
  return Array.from({ length: count }, (_, i) => markAt(bytes, i * bytesPerMark));
}

function markAt(bytes: Uint8Array, at: number): PostMark {
  return bytes.subarray(at, at + bytesPerMark).toHex() as PostMark;
}
