/**
 * Domain tags: what stands before the bytes of every signature, so that a signature of one kind
 * never passes for one of another, however the bytes were made.
 */

/**
 * Makes what a signature of one kind goes over.
 *
 * @param tag The kind, with the zero byte that ends it.
 * @returns Puts the tag before given bytes, in memory that its next call uses again: of the
 * arrays that a post needs on its way, each costs about 1% of it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(tagged("a\0")(Uint8Array.of(1)), Uint8Array.of(97, 0, 1));
 * ```
 */
export function tagged(tag: string): (bytes: Uint8Array) => Uint8Array {
  const prefix = new TextEncoder().encode(tag);
  let input = new Uint8Array(0);
  return (bytes) => {
    const length = prefix.length + bytes.length;
    if (length > input.length) {
      input = new Uint8Array(2 * length);
      input.set(prefix);
    }
    input.set(bytes, prefix.length);
    return input.subarray(0, length);
  };
}
