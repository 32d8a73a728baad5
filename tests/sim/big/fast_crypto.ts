/**
 * A suite for ten thousand peers: ids are real SHA-256, a signature is a hash over the public
 * key and the message. Whoever has a public key could make one, so it protects nobody; but one
 * that is spoilt, or made with another's key, is found out as a real one would be.
 */

import { nodeCrypto } from "../../../io/crypto.ts";
import type { CryptoSuite } from "../../../wire/crypto_suite.ts";
import { seededRng } from "../../rng.ts";

const keyBytes = 32;

/**
 * A suite whose keys and random bytes follow from the seed, and that agrees with every other
 * of its kind about signatures.
 *
 * @param seed Any integer.
 */
export function fastCrypto(seed: number): CryptoSuite {
  const real = nodeCrypto();
  const rng = seededRng(seed);

  function randomBytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i++) bytes[i] = rng.next() * 256;
    return bytes;
  }

  /** The public half is the secret one, hashed. */
  function generate() {
    const secretKey = randomBytes(keyBytes);
    return { publicKey: real.sha256(secretKey), secretKey };
  }

  function half(publicKey: Uint8Array, message: Uint8Array): Uint8Array {
    const input = new Uint8Array(keyBytes + message.length);
    input.set(publicKey);
    input.set(message, keyBytes);
    return real.sha256(input);
  }

  return {
    ...real,
    randomBytes,
    generateX25519: generate,
    generateEd25519: generate,
    ed25519PublicKey: (secretKey) => real.sha256(secretKey),
    sign: (secretKey, message) => {
      const made = half(real.sha256(secretKey), message);
      const signature = new Uint8Array(2 * keyBytes);
      signature.set(made);
      signature.set(made, keyBytes);
      return signature;
    },
    verify: (publicKey, message, signature) => {
      if (publicKey.length !== keyBytes || signature.length !== 2 * keyBytes) return false;
      return half(publicKey, message).every((byte, i) =>
        byte === signature[i] && byte === signature[keyBytes + i]
      );
    },
  };
}
