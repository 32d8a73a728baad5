/**
 * The functions that a Noise protocol is made of (Noise rev 34, section 4): one DH, one
 * cipher, one hash.
 *
 * The product has one set, Curve25519 with ChaCha20-Poly1305 and SHA-256, built here from
 * the {@linkcode CryptoSuite}. The interface exists so that the published vectors of the
 * other ciphers and hashes run through the same states; the sizes are constants because
 * they are equal for all of them. Hashes of 64 bytes and Curve448 are not provided for.
 */

import type { CryptoSuite, KeyPair } from "../crypto_suite.ts";

/** DHLEN of section 4.1 for Curve25519: bytes in a public key and in a DH result. */
export const dhBytes = 32;
/** HASHLEN of section 4.3 for SHA-256 and BLAKE2s. */
export const hashBytes = 32;
/** Bytes in a cipher's key, section 4.2. */
export const keyBytes = 32;
/** Bytes by which authenticated ciphertext is longer than its plaintext, section 4.2. */
export const tagBytes = 16;
/** Bytes in the longest Noise message, section 3. */
export const messageBytesMax = 65_535;

/** A Noise message that cannot be accepted. The cause is for tests; never tell it to a peer. */
export class NoiseError extends Error {
  /** The class, for those who print it. */
  override readonly name = "NoiseError";
}

/** The crypto functions of Noise sections 4.1 to 4.3. */
export interface NoisePrimitives {
  /** The last three parts of the protocol name, as in `25519_ChaChaPoly_SHA256`. */
  readonly name: string;
  /** GENERATE_KEYPAIR(). */
  generateKeyPair(): KeyPair;
  /** DH(key_pair, public_key): 32 bytes, or `null` if the result would be all zero. */
  dh(keyPair: KeyPair, publicKey: Uint8Array): Uint8Array | null;
  /** HASH(data): 32 bytes. */
  hash(data: Uint8Array): Uint8Array;
  /** HMAC-HASH(key, data): 32 bytes. */
  hmac(key: Uint8Array, data: Uint8Array): Uint8Array;
  /** ENCRYPT(k, n, ad, plaintext): the ciphertext and its tag. */
  seal(key: Uint8Array, n: bigint, ad: Uint8Array, plaintext: Uint8Array): Uint8Array;
  /** DECRYPT(k, n, ad, ciphertext): the plaintext, or `null` if the tag is wrong. */
  open(key: Uint8Array, n: bigint, ad: Uint8Array, ciphertext: Uint8Array): Uint8Array | null;
}

/**
 * The functions of `Noise_*_25519_ChaChaPoly_SHA256` (Noise sections 12.1, 12.3 and 12.5).
 *
 * @param crypto Where the work is done.
 */
export function chaChaPolySha256(crypto: CryptoSuite): NoisePrimitives {
  return {
    name: "25519_ChaChaPoly_SHA256",
    generateKeyPair: () => crypto.generateX25519(),
    dh: (keyPair, publicKey) => crypto.x25519(keyPair.secretKey, publicKey),
    hash: (data) => crypto.sha256(data),
    hmac: (key, data) => crypto.hmacSha256(key, data),
    seal: (key, n, ad, plaintext) => crypto.seal(key, littleEndianNonce(n), ad, plaintext),
    open: (key, n, ad, ciphertext) => crypto.open(key, littleEndianNonce(n), ad, ciphertext),
  };
}

/** Section 12.3: 32 bits of zeros followed by the little-endian encoding of n. */
function littleEndianNonce(n: bigint): Uint8Array {
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setBigUint64(4, n, true);
  return nonce;
}
