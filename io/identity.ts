/**
 * Who a peer is: an Ed25519 key pair, whose public key is the PeerId, and three X25519 key
 * pairs, each for one use and bound to the identity by a signature under its own domain tag
 * (PROTOCOL.md, "Identity"). Only the link key is used by this version; the other two are
 * made now, so that an identity made today can receive what later versions seal to it.
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
  readonly hint: BoundKey;
  /** Opens direct messages. */
  readonly sealing: BoundKey;
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

const encoder = new TextEncoder();
const hintTag = encoder.encode("starling/1 hint key\0");
const sealingTag = encoder.encode("starling/1 sealing key\0");

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
  const bound = (
    secretKey: Uint8Array,
    bind: (publicKey: Uint8Array) => Uint8Array,
  ): BoundKey => {
    const publicKey = crypto.x25519PublicKey(secretKey);
    return { publicKey, secretKey, binding: bind(publicKey) };
  };
  const tagged = (tag: Uint8Array) => (publicKey: Uint8Array) =>
    crypto.sign(signing.secretKey, bindingInput(tag, publicKey));
  return {
    peer: toId<PeerId>(signing.publicKey),
    signing,
    link: bound(secrets.link, (publicKey) => signLinkKey(signing.secretKey, publicKey, crypto)),
    hint: bound(secrets.hint, tagged(hintTag)),
    sealing: bound(secrets.sealing, tagged(sealingTag)),
  };
}

function bindingInput(tag: Uint8Array, publicKey: Uint8Array): Uint8Array {
  const input = new Uint8Array(tag.length + publicKey.length);
  input.set(tag);
  input.set(publicKey, tag.length);
  return input;
}
