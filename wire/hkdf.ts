/**
 * HKDF (RFC 5869), over whichever HMAC the caller names.
 *
 * Noise uses it without `info` (Noise section 4.3), HPKE with labels
 * (wire/hpke/labeled_kdf.ts). HKDF-Extract is one call of HMAC, so it is not repeated here: its
 * key is the salt and its data the input keying material.
 */

/** HMAC with some hash: key, then data; the length of the result is the hash's. */
export type Hmac = (key: Uint8Array, data: Uint8Array) => Uint8Array;

/** RFC 5869, section 2.3: the counter in each block is one byte. */
const blocksMax = 255;

/**
 * HKDF-Expand (RFC 5869, section 2.3).
 *
 * @param hmac The HMAC to use.
 * @param key The pseudorandom key that HKDF-Extract gave.
 * @param info What the output is for; may be empty.
 * @param length Bytes wanted, at most 255 times the length of the hash.
 * @returns A fresh array of `length` bytes.
 * @throws {RangeError} If more is wanted than HKDF can give.
 */
export function hkdfExpand(
  hmac: Hmac,
  key: Uint8Array,
  info: Uint8Array,
  length: number,
): Uint8Array {
  const output = new Uint8Array(length);
  let block: Uint8Array = new Uint8Array(0);
  for (let filled = 0, counter = 1; filled < length; counter++) {
    if (counter > blocksMax) {
      throw new RangeError(`Cannot expand to ${length} bytes: HKDF has ${blocksMax} blocks`);
    }
    const input = new Uint8Array(block.length + info.length + 1);
    input.set(block);
    input.set(info, block.length);
    input[input.length - 1] = counter;
    block = hmac(key, input);
    output.set(block.subarray(0, length - filled), filled);
    filled += block.length;
  }
  return output;
}
