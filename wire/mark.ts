/**
 * Marks: posts named by the first 16 bytes of their ids, where both sides know of which posts
 * they speak. Half an id is enough to tell honest posts apart; what is taken in is always named
 * by its whole id.
 */

import { MalformedError } from "./cbor.ts";
import type { PostId } from "./ids.ts";
import { defaultLimits } from "./limits.ts";

/** The first 16 bytes of a post's id, as 32 hex digits. */
export type PostMark = string & { readonly brand: "PostMark" };

/** A post that somebody holds. */
export interface Announced {
  readonly mark: PostMark;
  /** Links that the post would have come over, were it sent over this one. */
  readonly hops: number;
}

/** The most hops that are counted. */
export const hopsMax = 255;

const bytesPerMark = 16;

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
  const count = countOf(bytes, bytesPerMark);
  return Array.from({ length: count }, (_, i) => markAt(bytes, i * bytesPerMark));
}

/** Announcements one after the other, 17 bytes each. */
export function announcedBytes(announced: readonly Announced[]): Uint8Array {
  const bytes = new Uint8Array(announced.length * (bytesPerMark + 1));
  for (const [i, { mark, hops }] of announced.entries()) {
    const at = i * (bytesPerMark + 1);
    bytes.set(Uint8Array.fromHex(mark), at);
    bytes[at + bytesPerMark] = hops;
  }
  return bytes;
}

/**
 * Reads what {@linkcode announcedBytes} wrote.
 *
 * @throws {MalformedError} If it ends within one, or names more posts than one message may.
 */
export function announcements(bytes: Uint8Array): Announced[] {
  const size = bytesPerMark + 1;
  const count = countOf(bytes, size);
  return Array.from({ length: count }, (_, i) => ({
    mark: markAt(bytes, i * size),
    hops: bytes[i * size + bytesPerMark]!,
  }));
}

function countOf(bytes: Uint8Array, size: number): number {
  const count = bytes.length / size;
  if (!Number.isInteger(count) || count > defaultLimits.marksPerMessage) {
    throw new MalformedError("marks");
  }
  return count;
}

function markAt(bytes: Uint8Array, at: number): PostMark {
  return bytes.subarray(at, at + bytesPerMark).toHex() as PostMark;
}
