/**
 * Hybrid public key encryption, RFC 9180, in the one form that the protocol uses: base mode,
 * DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305, one message for each
 * encapsulation (section 6.1).
 *
 * Left out: the modes with a pre-shared key or a sender's key (a post is signed), exporters, and
 * contexts for more than one message. It is a module of our own beside Noise because published
 * libraries are asynchronous, and the engine is not; it is written to be read beside the RFC, and
 * the RFC's vectors run over it.
 *
 * What base mode does not give (section 9.1): whoever gets the recipient's secret key can open
 * whatever was sealed to it. Keys are renewed weekly for that reason (peer/sealing_keys.ts).
 */

import { concat } from "../concat.ts";
import type { CryptoSuite, KeyPair } from "../crypto_suite.ts";
import { decapsulate, encapsulate } from "./kem.ts";
import { LabeledKdf } from "./labeled_kdf.ts";

/** "HPKE" and the numbers of KEM, KDF and AEAD, section 5.1. */
const suiteId = Uint8Array.of(0x48, 0x50, 0x4b, 0x45, 0x00, 0x20, 0x00, 0x01, 0x00, 0x03);
/** Section 5, table 1. */
const baseMode = Uint8Array.of(0x00);
/** Nk and Nn of section 7.3. */
const keyBytes = 32, nonceBytes = 12;
const none = new Uint8Array(0);

/** What one encapsulation encrypts with. */
export interface HpkeKeys {
  /** For the AEAD. */
  readonly key: Uint8Array;
  /** Also the nonce of the first message. */
  readonly baseNonce: Uint8Array;
}

/**
 * KeySchedule(mode_base, shared_secret, info), section 5.1, without the exporter's secret.
 *
 * @param sharedSecret From the KEM.
 * @param info What both sides know of the use.
 */
export function keySchedule(
  sharedSecret: Uint8Array,
  info: Uint8Array,
  crypto: CryptoSuite,
): HpkeKeys {
  const kdf = new LabeledKdf(crypto, suiteId);
  const pskIdHash = kdf.extractFresh("psk_id_hash", none);
  const context = concat(baseMode, pskIdHash, kdf.extractFresh("info_hash", info));
  const secret = kdf.extract(sharedSecret, "secret", none);
  return {
    key: kdf.expand(secret, "key", context, keyBytes),
    baseNonce: kdf.expand(secret, "base_nonce", context, nonceBytes),
  };
}

/**
 * SealBase(pkR, info, aad, pt).
 *
 * @param recipient pkR, 32 bytes.
 * @param info What both sides know of the use.
 * @param associatedData Authenticated, not encrypted.
 * @param plaintext Any length.
 * @param crypto Where the work is done.
 * @param ephemeral skE, fresh unless a test says otherwise.
 * @returns `null` if pkR is a point of small order.
 */
export function sealBase(
  recipient: Uint8Array,
  info: Uint8Array,
  associatedData: Uint8Array,
  plaintext: Uint8Array,
  crypto: CryptoSuite,
  ephemeral: KeyPair = crypto.generateX25519(),
): { readonly enc: Uint8Array; readonly ciphertext: Uint8Array } | null {
  const shared = encapsulate(recipient, crypto, ephemeral);
  if (shared === null) return null;
  const { key, baseNonce } = keySchedule(shared.sharedSecret, info, crypto);
  const ciphertext = crypto.seal(key, baseNonce, associatedData, plaintext);
  return { enc: shared.enc, ciphertext };
}

/**
 * OpenBase(enc, skR, info, aad, ct).
 *
 * @returns The plaintext; `null` if it was not sealed to this key, with this info and these data.
 */
export function openBase(
  enc: Uint8Array,
  recipient: KeyPair,
  info: Uint8Array,
  associatedData: Uint8Array,
  ciphertext: Uint8Array,
  crypto: CryptoSuite,
): Uint8Array | null {
  const sharedSecret = decapsulate(enc, recipient, crypto);
  if (sharedSecret === null) return null;
  const { key, baseNonce } = keySchedule(sharedSecret, info, crypto);
  return crypto.open(key, baseNonce, associatedData, ciphertext);
}
