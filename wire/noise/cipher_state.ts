/**
 * CipherState (Noise rev 34, sections 5.1 and 11.3): a key, and a nonce that counts up.
 *
 * One object serves one direction. A message that cannot be opened leaves it as it was, as
 * the specification wants; whoever uses it must then give up the link, because the nonce is
 * nowhere in the message and a lost one cannot be skipped. How many messages one key may
 * seal is the business of the channel, which counts them.
 */

import {
  keyBytes,
  messageBytesMax,
  NoiseError,
  type NoisePrimitives,
  tagBytes,
} from "./primitives.ts";

/** Section 5.1: 2^64 - 1 is reserved for REKEY, and no message may carry it. */
const nonceReserved = 2n ** 64n - 1n;
const nothing = new Uint8Array(0);
const zeros = new Uint8Array(keyBytes);

/** Encrypts or decrypts the messages of one direction. */
export class CipherState {
  readonly #primitives: NoisePrimitives;
  #k: Uint8Array | null = null;
  #n = 0n;

  /**
   * An object without a key: what it is given passes through unchanged until
   * {@linkcode CipherState.initializeKey}.
   *
   * @param primitives The cipher to use.
   */
  constructor(primitives: NoisePrimitives) {
    this.#primitives = primitives;
  }

  /** InitializeKey(key): a new key of 32 bytes, and the nonce 0. */
  initializeKey(key: Uint8Array): void {
    this.#k = key;
    this.#n = 0n;
  }

  /** HasKey(): whether messages are encrypted already. */
  hasKey(): boolean {
    return this.#k !== null;
  }

  /** SetNonce(nonce): only tests and transports that reorder messages have a use for it. */
  setNonce(nonce: bigint): void {
    this.#n = nonce;
  }

  /**
   * EncryptWithAd(ad, plaintext).
   *
   * @param ad Authenticated with the message, not carried in it.
   * @param plaintext At most 65,519 bytes.
   * @returns The ciphertext with its tag of 16 bytes, or the plaintext if there is no key.
   * @throws {RangeError} If the message would be longer than Noise allows.
   * @throws {NoiseError} If no nonce is left.
   */
  encryptWithAd(ad: Uint8Array, plaintext: Uint8Array): Uint8Array {
    if (this.#k === null) return plaintext;
    if (plaintext.length > messageBytesMax - tagBytes) {
      throw new RangeError(`Cannot encrypt ${plaintext.length} bytes: a Noise message is shorter`);
    }
    return this.#primitives.seal(this.#k, this.#takeNonce(), ad, plaintext);
  }

  /**
   * DecryptWithAd(ad, ciphertext).
   *
   * @param ad What the sender authenticated with the message.
   * @param ciphertext The ciphertext with its tag.
   * @returns The plaintext, or the ciphertext if there is no key.
   * @throws {NoiseError} If the tag is wrong or no nonce is left; the nonce has not moved.
   */
  decryptWithAd(ad: Uint8Array, ciphertext: Uint8Array): Uint8Array {
    if (this.#k === null) return ciphertext;
    if (ciphertext.length < tagBytes) throw new NoiseError("ciphertext without a tag");
    const nonce = this.#takeNonce();
    const plaintext = this.#primitives.open(this.#k, nonce, ad, ciphertext);
    if (plaintext === null) {
      this.#n = nonce;
      throw new NoiseError("wrong tag");
    }
    return plaintext;
  }

  /**
   * Rekey(): REKEY(k) of section 4.2, the first 32 bytes of what the key makes of zeros.
   * The nonce counts on, so no pair of key and nonce comes twice whatever is done in between.
   *
   * @throws {NoiseError} If there is no key yet.
   */
  rekey(): void {
    if (this.#k === null) throw new NoiseError("no key to renew");
    this.#k = this.#primitives.seal(this.#k, nonceReserved, nothing, zeros).slice(0, keyBytes);
  }

  #takeNonce(): bigint {
    if (this.#n >= nonceReserved) throw new NoiseError("no nonce left");
    return this.#n++;
  }
}
