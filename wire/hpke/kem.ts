/**
 * DHKEM(X25519, HKDF-SHA256), RFC 9180 section 4.1: a fresh key pair agrees with the recipient's
 * key, and what comes out is a shared secret for one message. Encapsulation without
 * authentication of the sender: that is what the signature of a post is for.
 *
 * Section 7.1.4 demands that an all-zero result is refused; the suite gives `null` for it.
 */

import { concat } from "../concat.ts";
import type { CryptoSuite, KeyPair } from "../crypto_suite.ts";
import { LabeledKdf } from "./labeled_kdf.ts";

const sharedSecretBytes = 32;

/** "KEM" and the number of DHKEM(X25519, HKDF-SHA256), section 4.1. */
const suiteId = Uint8Array.of(0x4b, 0x45, 0x4d, 0x00, 0x20);

/**
 * Encap(pkR).
 *
 * @param recipient pkR.
 * @param crypto Where the work is done.
 * @param ephemeral A key pair that was never used before.
 * @returns The shared secret, and `enc`, which the recipient needs; `null` if pkR is a point of
 * small order.
 */
export function encapsulate(
  recipient: Uint8Array,
  crypto: CryptoSuite,
  ephemeral: KeyPair,
): { readonly sharedSecret: Uint8Array; readonly enc: Uint8Array } | null {
  const dh = crypto.x25519(ephemeral.secretKey, recipient);
  if (dh === null) return null;
  const enc = ephemeral.publicKey;
  return { sharedSecret: extractAndExpand(dh, enc, recipient, crypto), enc };
}

/**
 * Decap(enc, skR).
 *
 * @returns The shared secret; `null` if `enc` is a point of small order.
 */
export function decapsulate(
  enc: Uint8Array,
  recipient: KeyPair,
  crypto: CryptoSuite,
): Uint8Array | null {
  const dh = crypto.x25519(recipient.secretKey, enc);
  return dh === null ? null : extractAndExpand(dh, enc, recipient.publicKey, crypto);
}

function extractAndExpand(
  dh: Uint8Array,
  enc: Uint8Array,
  recipient: Uint8Array,
  crypto: CryptoSuite,
): Uint8Array {
  const kdf = new LabeledKdf(crypto, suiteId);
  const prk = kdf.extractFresh("eae_prk", dh);
  return kdf.expand(prk, "shared_secret", concat(enc, recipient), sharedSecretBytes);
}
