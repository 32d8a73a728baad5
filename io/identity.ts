/**
 * Who a peer is: an Ed25519 key pair, whose public key is the PeerId, and three X25519 key
 * pairs, each for one use (PROTOCOL.md, "Identity" and "Sealed posts"). The link key is bound to
 * the identity by a signature of its own; the others are told in profiles, which are signed.
 */

import type { CryptoSuite, KeyPair } from "../wire/crypto_suite.ts";
import { signLinkKey } from "../wire/identity_binding.ts";
import { type PeerId, toId } from "../wire/ids.ts";

/** An X25519 key pair that an identity has signed. */
export interface BoundKey extends KeyPair {
  /** The identity's signature of the public key under the tag of its use, 64 bytes. */
  readonly binding: Uint8Array;
}

/** All keys of one person on one machine. */
export interface Identity {
  /** The public key of `signing`. */
  readonly peer: PeerId;
  /** Ed25519: signs posts and the other keys. */
  readonly signing: KeyPair;
  /** The static key of links, used for nothing else. */
  readonly link: BoundKey;
  /** Recognises direct messages; never changes. */
  readonly hint: KeyPair;
  /** Opens direct messages until it is renewed; what follows it stands in the database. */
  readonly sealing: KeyPair;
}

/** The secrets from which an identity follows: the Ed25519 pair and three X25519 secret keys. */
export interface IdentitySecrets {
  /** Ed25519. */
  readonly signing: KeyPair;
  /** X25519, 32 bytes. */
  readonly link: Uint8Array;
  /** X25519, 32 bytes. */
  readonly hint: Uint8Array;
  /** X25519, 32 bytes. */
  readonly sealing: Uint8Array;
}

/** A new identity. */
export function createIdentity(crypto: CryptoSuite): Identity {
  return identityFrom({
    signing: crypto.generateEd25519(),
    link: crypto.generateX25519().secretKey,
    hint: crypto.generateX25519().secretKey,
    sealing: crypto.generateX25519().secretKey,
  }, crypto);
}

/**
 * The identity that follows from its secrets. Signatures of Ed25519 are deterministic, so
 * bindings need not be kept.
 */
export function identityFrom(secrets: IdentitySecrets, crypto: CryptoSuite): Identity {
  const { signing } = secrets;
  const pairOf = (secretKey: Uint8Array): KeyPair => ({
    publicKey: crypto.x25519PublicKey(secretKey),
    secretKey,
  });
  const link = pairOf(secrets.link);
  return {
    peer: toId<PeerId>(signing.publicKey),
    signing,
    link: { ...link, binding: signLinkKey(signing.secretKey, link.publicKey, crypto) },
    hint: pairOf(secrets.hint),
    sealing: pairOf(secrets.sealing),
  };
}
