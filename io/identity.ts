/**
 * Who a peer is: an Ed25519 key pair, whose public key is the PeerId, and three X25519 key
 * pairs, each for one use (PROTOCOL.md, "Identity" and "Sealed posts"). The link key is bound to
 * the identity by a signature of its own; the others are told in profiles, which are signed.
 */

import type { CryptoSuite, KeyPair } from "../wire/crypto_suite.ts";
import { signLinkKey } from "../wire/identity_binding.ts";
import { type PeerId, toId } from "../wire/ids.ts";

const keyBytes = 32;

/** RFC 8410: the DER of an Ed25519 secret key up to its raw bytes. */
const secretKeyPrefix = Uint8Array.fromHex("302e020100300506032b657004220420");

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

/**
 * A new identity. Web Crypto draws its signing key, for a first start that does without
 * `node:crypto` (crypto.ts).
 *
 * @param crypto For what follows from its secrets.
 */
export async function createIdentity(crypto: CryptoSuite): Promise<Identity> {
  const { subtle } = globalThis.crypto;
  const pair = await subtle.generateKey("Ed25519", true, ["sign", "verify"]) as CryptoKeyPair;
  const secret = () => crypto.randomBytes(keyBytes);
  return identityFrom({
    signing: {
      publicKey: new Uint8Array(await subtle.exportKey("raw", pair.publicKey)),
      // RFC 8410: the raw key stands at the end of its DER.
      secretKey: new Uint8Array(await subtle.exportKey("pkcs8", pair.privateKey)).slice(-keyBytes),
    },
    link: secret(),
    hint: secret(),
    sealing: secret(),
  }, crypto);
}

/**
 * The identity that follows from its secrets. Signatures of Ed25519 are deterministic, so
 * bindings need not be kept.
 */
export function identityFrom(secrets: IdentitySecrets, crypto: CryptoSuite): Identity {
  const { signing } = secrets;
  return {
    peer: toId<PeerId>(signing.publicKey),
    signing,
    link: new DerivedLinkKey(secrets.link, signing.secretKey, crypto),
    hint: new DerivedKey(secrets.hint, crypto),
    sealing: new DerivedKey(secrets.sealing, crypto),
  };
}

/**
 * Whether the halves of an Ed25519 key pair belong together.
 *
 * @param pair 32 bytes each.
 */
export async function isPair({ publicKey, secretKey }: KeyPair): Promise<boolean> {
  const { subtle } = globalThis.crypto;
  const der = new Uint8Array([...secretKeyPrefix, ...secretKey]);
  const key = await subtle.importKey("pkcs8", der, "Ed25519", true, ["sign"]);
  const { x } = await subtle.exportKey("jwk", key);
  return x === publicKey.toBase64({ alphabet: "base64url", omitPadding: true });
}

/** An X25519 key pair whose public half is computed when it is first wanted, and not at a start. */
class DerivedKey implements KeyPair {
  #publicKey: Uint8Array | null = null;
  readonly #crypto: CryptoSuite;

  constructor(readonly secretKey: Uint8Array, crypto: CryptoSuite) {
    this.#crypto = crypto;
  }

  get publicKey(): Uint8Array {
    return this.#publicKey ??= this.#crypto.x25519PublicKey(this.secretKey);
  }
}

class DerivedLinkKey extends DerivedKey implements BoundKey {
  #binding: Uint8Array | null = null;
  readonly #bind: (publicKey: Uint8Array) => Uint8Array;

  constructor(secretKey: Uint8Array, signingKey: Uint8Array, crypto: CryptoSuite) {
    super(secretKey, crypto);
    this.#bind = (publicKey) => signLinkKey(signingKey, publicKey, crypto);
  }

  get binding(): Uint8Array {
    return this.#binding ??= this.#bind(this.publicKey);
  }
}
