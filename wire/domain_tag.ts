/**
 * Domain tags: what stands before the bytes of every signature, so that a signature of one kind
 * never passes for one of another, however the bytes were made.
 */

/**
 * Makes what a signature of one kind goes over.
 *
 * @param tag The kind, with the zero byte that ends it.
 * @returns Puts the tag before given bytes.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(tagged("a\0")(Uint8Array.of(1)), Uint8Array.of(97, 0, 1));
 * ```
 */
export function tagged(tag: string): (bytes: Uint8Array) => Uint8Array {
  const prefix = new TextEncoder().encode(tag);
  return (bytes) => {
    const input = new Uint8Array(prefix.length + bytes.length);
    input.set(prefix);
    input.set(bytes, prefix.length);
    return input;
  };
}
