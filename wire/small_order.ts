/**
 * The public keys of Ed25519 that belong to nobody.
 *
 * The curve (RFC 8032, section 5.1) has a subgroup of 8 points, and verifiers differ in how
 * they treat a key out of it; with the identity point as key one fixed signature is valid for
 * every message. There are 7 y-coordinates of such points within 255 bits (0, 1, p - 1, two
 * of order 8, and p and p + 1, which are 0 and 1 unreduced), each with either sign bit: 14
 * encodings. Keys that merely contain a small-order part next to a large one are not found
 * here; they hurt only their owner.
 */

/** The 7 y-coordinates in little-endian hex, sign bit clear. */
const yCoordinates = [
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
];

/** Both encodings of each: the sign is the highest bit of the last byte. */
const encodings: ReadonlySet<string> = new Set(
  yCoordinates.flatMap((y) => {
    const negative = Uint8Array.fromHex(y);
    negative[31]! |= 0x80;
    return [y, negative.toHex()];
  }),
);

/**
 * Whether an Ed25519 public key is one of the 14 encodings of small-order points.
 *
 * @param publicKey The key as it stands on the wire, 32 bytes.
 */
export function isSmallOrder(publicKey: Uint8Array): boolean {
  return encodings.has(publicKey.toHex());
}
