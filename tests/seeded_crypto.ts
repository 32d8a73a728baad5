/**
 * The product's cryptography with everything random drawn from a seed, so that a run of the
 * simulator gives the same keys, handshakes and posts each time. The bytes are
 * SHA-256(seed, counter), block after block. Only for tests: whoever knows the seed knows
 * every secret.
 */

import { nodeCrypto } from "../io/crypto.ts";
import type { CryptoSuite } from "../wire/crypto_suite.ts";

/**
 * A suite whose keys and random bytes follow from the seed.
 *
 * @param seed Any number; another one gives other bytes.
 */
export function seededCrypto(seed: number): CryptoSuite {
  const real = nodeCrypto();
  const input = new DataView(new ArrayBuffer(16));
  input.setFloat64(0, seed);
  let counter = 0n;
  let block: Uint8Array = new Uint8Array(0);
  let used = 0;

  function randomBytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let filled = 0; filled < length;) {
      if (used === block.length) {
        input.setBigUint64(8, counter++);
        block = real.sha256(new Uint8Array(input.buffer));
        used = 0;
      }
      const part = block.subarray(used, used + length - filled);
      bytes.set(part, filled);
      filled += part.length;
      used += part.length;
    }
    return bytes;
  }

  return {
    ...real,
    verify: (...signed) => verify(real, ...signed),
    randomBytes,
    generateX25519: () => {
      const secretKey = randomBytes(32);
      return { publicKey: real.x25519PublicKey(secretKey), secretKey };
    },
    generateEd25519: () => {
      const secretKey = randomBytes(32);
      return { publicKey: real.ed25519PublicKey(secretKey), secretKey };
    },
  };
}

/** What was found to be signed, under its signature: all peers look at the same posts. */
const verified = new Map<string, { readonly publicKey: Uint8Array; readonly signed: Uint8Array }>();
/** Seeds follow one another, and none has so many. */
const verifiedMax = 10_000;

function verify(
  real: CryptoSuite,
  publicKey: Uint8Array,
  signed: Uint8Array,
  signature: Uint8Array,
): boolean {
  const name = signature.toHex();
  const known = verified.get(name);
  if (known !== undefined && equals(known.publicKey, publicKey) && equals(known.signed, signed)) {
    return true;
  }
  const isRight = real.verify(publicKey, signed, signature);
  if (verified.size >= verifiedMax) verified.clear();
  if (isRight) verified.set(name, { publicKey: publicKey.slice(), signed: signed.slice() });
  return isRight;
}

function equals(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
