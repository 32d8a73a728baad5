/**
 * The port through which the protocol reaches cryptography.
 *
 * The core is synchronous and free of I/O, so whatever needs a secret or a random number
 * comes in through this interface: `io/crypto.ts` answers with the runtime's own
 * `node:crypto`, the simulator with a seeded suite.
 */

/** An X25519 or Ed25519 key pair as raw bytes: 32 of each. */
export interface KeyPair {
  /** The raw public key, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** The raw secret key (for Ed25519 the seed), 32 bytes. */
  readonly secretKey: Uint8Array;
}

/** A message, and what its Ed25519 signature is verified with. */
export interface Signed {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  /** 64 bytes. */
  readonly signature: Uint8Array;
}

/** The primitives of protocol version 1. All functions are synchronous. */
export interface CryptoSuite {
  /** Fills a fresh array with `length` unpredictable bytes. */
  randomBytes(length: number): Uint8Array;

  /** SHA-256 (FIPS 180-4): 32 bytes. */
  sha256(data: Uint8Array): Uint8Array;
  /** The same as 64 lower-case hex digits, which costs half. */
  sha256Hex(data: Uint8Array): string;
  /** HMAC-SHA-256 (RFC 2104): 32 bytes. */
  hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array;

  /** A fresh X25519 key pair (RFC 7748). */
  generateX25519(): KeyPair;
  /** The public key of an X25519 secret key. */
  x25519PublicKey(secretKey: Uint8Array): Uint8Array;
  /**
   * X25519 (RFC 7748 section 5).
   *
   * @returns The 32-byte shared secret, or `null` if the public key is one of the
   * low-order points, for which the result would be all zero.
   */
  x25519(secretKey: Uint8Array, publicKey: Uint8Array): Uint8Array | null;

  /**
   * ChaCha20-Poly1305 (RFC 8439).
   *
   * @param key 32 bytes.
   * @param nonce 12 bytes, never used twice with one key.
   * @param associatedData Authenticated, not encrypted.
   * @param plaintext Any length.
   * @returns Ciphertext followed by the 16-byte tag.
   */
  seal(
    key: Uint8Array,
    nonce: Uint8Array,
    associatedData: Uint8Array,
    plaintext: Uint8Array,
  ): Uint8Array;
  /** The inverse of {@linkcode CryptoSuite.seal}: the plaintext, or `null` if the tag is wrong. */
  open(
    key: Uint8Array,
    nonce: Uint8Array,
    associatedData: Uint8Array,
    ciphertext: Uint8Array,
  ): Uint8Array | null;

  /** A fresh Ed25519 key pair (RFC 8032). */
  generateEd25519(): KeyPair;
  /** The public key of an Ed25519 secret key (RFC 8032, section 5.1.5). */
  ed25519PublicKey(secretKey: Uint8Array): Uint8Array;
  /** The Ed25519 signature of `message`: 64 bytes. */
  sign(secretKey: Uint8Array, message: Uint8Array): Uint8Array;
  /**
   * Verifies an Ed25519 signature: S >= L is refused, the equation is cofactorless, and a
   * public key that encodes a small-order point is refused before anything is computed.
   */
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
  /**
   * Verifies many signatures, where that is faster than one by one.
   *
   * @param count How many.
   * @param item The arrays of one, by its index from 0; the next call may use them again.
   * @returns What {@linkcode CryptoSuite.verify} says of each.
   */
  verifyAll?(count: number, item: (index: number) => Signed): boolean[];
}
