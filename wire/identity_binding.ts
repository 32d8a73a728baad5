/**
 * The payload of a handshake that says whose link key it is (PROTOCOL.md, "Identity").
 *
 * A peer is its Ed25519 key; the X25519 key that a link is authenticated with is signed by
 * it, once and for good, under a domain tag of its own. The responder's payload is the CBOR
 * array [version, peer id, signature], with the version it has chosen out of those offered;
 * the initiator's is [peer id, signature]. A binding is no secret and proves nothing alone:
 * it counts only together with a Noise handshake that has authenticated the link key.
 */

import { type CborValue, decodeCbor, encodeCbor, MalformedError } from "./cbor.ts";
import { LinkError } from "./channel.ts";
import type { CryptoSuite } from "./crypto_suite.ts";
import { tagged } from "./domain_tag.ts";
import { fromId, idBytes, type PeerId, toId } from "./ids.ts";
import { isSmallOrder } from "./small_order.ts";

/** What a handshake payload says of its sender. */
export interface IdentityBinding {
  /** Who the sender says it is. */
  readonly peer: PeerId;
  /** 64 bytes of {@linkcode signLinkKey}. */
  readonly signature: Uint8Array;
}

const signatureBytes = 64;
const versionMax = 0xffff;

/** What the signature goes over. */
const signingInput = tagged("starling/1 link key\0");

/**
 * Binds a link key to an identity.
 *
 * @param identitySecretKey The Ed25519 secret key, 32 bytes.
 * @param linkPublicKey The X25519 public key, 32 bytes.
 * @param crypto Used for the signature.
 * @returns The signature, 64 bytes; it may be kept as long as the two keys.
 */
export function signLinkKey(
  identitySecretKey: Uint8Array,
  linkPublicKey: Uint8Array,
  crypto: CryptoSuite,
): Uint8Array {
  return crypto.sign(identitySecretKey, signingInput(linkPublicKey));
}

/** The initiator's payload: the binding alone. */
export function encodeBinding(binding: IdentityBinding): Uint8Array {
  return encodeCbor([fromId(binding.peer), binding.signature]);
}

/** The responder's payload: the binding, after the version that it has chosen. */
export function encodeVersionedBinding(version: number, binding: IdentityBinding): Uint8Array {
  return encodeCbor([version, fromId(binding.peer), binding.signature]);
}

/**
 * Reads the initiator's payload and checks it.
 *
 * @param payload As decrypted.
 * @param linkPublicKey The static key that the handshake has authenticated.
 * @param crypto Used to verify.
 * @returns Who is at the other end.
 * @throws {LinkError} With code `binding`, for whatever reason it does not hold.
 */
export function openBinding(
  payload: Uint8Array,
  linkPublicKey: Uint8Array,
  crypto: CryptoSuite,
): PeerId {
  return checkBinding(elements(payload, 2), linkPublicKey, crypto);
}

/**
 * Reads the responder's payload and checks it; whether the version was offered is the
 * caller's to check. Parameters and errors are those of {@linkcode openBinding}.
 *
 * @param payload As decrypted.
 * @param linkPublicKey The static key that the handshake has authenticated.
 * @param crypto Used to verify.
 * @returns Who is at the other end, and the version it has chosen, at most 65,535.
 */
export function openVersionedBinding(
  payload: Uint8Array,
  linkPublicKey: Uint8Array,
  crypto: CryptoSuite,
): { readonly version: number; readonly peer: PeerId } {
  const [version, ...binding] = elements(payload, 3);
  if (typeof version !== "number" || version > versionMax) throw unbound();
  return { version, peer: checkBinding(binding, linkPublicKey, crypto) };
}

function elements(payload: Uint8Array, count: number): readonly CborValue[] {
  try {
    const value = decodeCbor(payload);
    if (Array.isArray(value) && value.length === count) return value as readonly CborValue[];
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
  }
  throw unbound();
}

function checkBinding(
  [peer, signature]: readonly CborValue[],
  linkPublicKey: Uint8Array,
  crypto: CryptoSuite,
): PeerId {
  if (!(peer instanceof Uint8Array) || peer.length !== idBytes || isSmallOrder(peer)) {
    throw unbound();
  }
  if (!(signature instanceof Uint8Array) || signature.length !== signatureBytes) throw unbound();
  if (!crypto.verify(peer, signingInput(linkPublicKey), signature)) throw unbound();
  return toId<PeerId>(peer);
}

function unbound(): LinkError {
  return new LinkError("binding", "its link key is not signed by the identity it names");
}
