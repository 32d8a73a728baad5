/**
 * SymmetricState (Noise rev 34, section 5.2): the chaining key `ck`, the transcript hash `h`
 * and the cipher that the handshake's later payloads are encrypted with.
 *
 * Every byte that either side sends goes into `h`, and `h` is the associated data of all
 * that is encrypted after it: two sides that saw different bytes cannot finish.
 */

import { hkdfExpand } from "../hkdf.ts";
import { CipherState } from "./cipher_state.ts";
import { hashBytes, keyBytes, type NoisePrimitives } from "./primitives.ts";

const nothing = new Uint8Array(0);

/** What both sides of a handshake have agreed on so far. */
export class SymmetricState {
  readonly #primitives: NoisePrimitives;
  readonly #cipher: CipherState;
  #ck: Uint8Array;
  #h: Uint8Array;

  /**
   * InitializeSymmetric(protocol_name).
   *
   * @param primitives The functions that the name promises.
   * @param protocolName The whole name, as in `Noise_XX_25519_ChaChaPoly_SHA256`.
   */
  constructor(primitives: NoisePrimitives, protocolName: string) {
    const name = new TextEncoder().encode(protocolName);
    this.#primitives = primitives;
    this.#cipher = new CipherState(primitives);
    if (name.length <= hashBytes) {
      this.#h = new Uint8Array(hashBytes);
      this.#h.set(name);
    } else {
      this.#h = primitives.hash(name);
    }
    this.#ck = this.#h;
  }

  /** MixKey(input_key_material): payloads are encrypted from here on. */
  mixKey(inputKeyMaterial: Uint8Array): void {
    const [ck, key] = this.#hkdf(inputKeyMaterial, 2);
    this.#ck = ck!;
    this.#cipher.initializeKey(key!);
  }

  /** MixHash(data). */
  mixHash(data: Uint8Array): void {
    const input = new Uint8Array(hashBytes + data.length);
    input.set(this.#h);
    input.set(data, hashBytes);
    this.#h = this.#primitives.hash(input);
  }

  /** MixKeyAndHash(input_key_material), for pre-shared keys (section 9.2). */
  mixKeyAndHash(inputKeyMaterial: Uint8Array): void {
    const [ck, hashed, key] = this.#hkdf(inputKeyMaterial, 3);
    this.#ck = ck!;
    this.mixHash(hashed!);
    this.#cipher.initializeKey(key!);
  }

  /** GetHandshakeHash(): a copy of `h`, which names the handshake once it has ended. */
  getHandshakeHash(): Uint8Array {
    return this.#h.slice();
  }

  /** Whether payloads are encrypted already; it decides the length of the static key's field. */
  hasKey(): boolean {
    return this.#cipher.hasKey();
  }

  /** EncryptAndHash(plaintext). */
  encryptAndHash(plaintext: Uint8Array): Uint8Array {
    const ciphertext = this.#cipher.encryptWithAd(this.#h, plaintext);
    this.mixHash(ciphertext);
    return ciphertext;
  }

  /**
   * DecryptAndHash(ciphertext).
   *
   * @throws {NoiseError} If the other side did not send exactly this at this point.
   */
  decryptAndHash(ciphertext: Uint8Array): Uint8Array {
    const plaintext = this.#cipher.decryptWithAd(this.#h, ciphertext);
    this.mixHash(ciphertext);
    return plaintext;
  }

  /** Split(): the ciphers of both directions, that of the initiator's messages first. */
  split(): [fromInitiator: CipherState, fromResponder: CipherState] {
    const [first, second] = this.#hkdf(nothing, 2);
    const fromInitiator = new CipherState(this.#primitives);
    const fromResponder = new CipherState(this.#primitives);
    fromInitiator.initializeKey(first!);
    fromResponder.initializeKey(second!);
    return [fromInitiator, fromResponder];
  }

  /** HKDF(chaining_key, input_key_material, num_outputs), section 4.3. */
  #hkdf(inputKeyMaterial: Uint8Array, outputs: 2 | 3): Uint8Array[] {
    const { hmac } = this.#primitives;
    const temporaryKey = hmac(this.#ck, inputKeyMaterial);
    const bytes = hkdfExpand(hmac, temporaryKey, nothing, outputs * keyBytes);
    return Array.from({ length: outputs }, (_, i) => bytes.slice(i * keyBytes, (i + 1) * keyBytes));
  }
}
