/**
 * Cryptography by the runtime's own `node:crypto`, synchronous (the port is
 * wire/crypto_suite.ts).
 *
 * Loading `node:crypto` takes a seventh of a start, most of it for streams of Node that its ciphers
 * are made of, and a start can do without. So it is loaded when it is first needed, which is when
 * something is signed, verified or sealed.
 *
 * The runtime takes raw keys only inside DER, and unwrapping costs up to a fifth of a
 * verification. So unwrapped keys are kept: secret ones for as long as their array lives,
 * public ones in a cache with a bound. An array that has served as a secret key must not be
 * changed afterwards. Two traps of the runtime end here: a decipher hands out plaintext
 * before the tag is checked, and low-order X25519 points throw.
 *
 * The one verifier of the network: public keys of small order refused (wire/small_order.ts),
 * S >= L refused, cofactorless equation, R compared byte for byte. Ed25519 keys that only
 * contain a small-order part, or whose y is not reduced, count as what they decode to.
 */

import type { Buffer } from "node:buffer";
import type { KeyObject } from "node:crypto";
import type { CryptoSuite, KeyPair } from "../wire/crypto_suite.ts";
import { isSmallOrder } from "../wire/small_order.ts";
import { sha256, sha256Hex } from "./sha256.ts";

type Curve = "ed25519" | "x25519";

/** RFC 8410: the DER of a key up to its 32 raw bytes; the curves differ in one byte. */
const publicKeyPrefix: Readonly<Record<Curve, Uint8Array>> = {
  ed25519: Uint8Array.fromHex("302a300506032b6570032100"),
  x25519: Uint8Array.fromHex("302a300506032b656e032100"),
};
const secretKeyPrefix: Readonly<Record<Curve, Uint8Array>> = {
  ed25519: Uint8Array.fromHex("302e020100300506032b657004220420"),
  x25519: Uint8Array.fromHex("302e020100300506032b656e04220420"),
};

type NodeCrypto = typeof import("node:crypto");

let loaded: NodeCrypto | null = null;

/** The runtime's cryptography, loaded now if need be. */
function node(): NodeCrypto {
  return loaded ??= process.getBuiltinModule("node:crypto");
}

const rawKeyBytes = 32;
const signatureBytes = 64;
const tagBytes = 16;
const cipherName = "chacha20-poly1305";
const cipherOptions = { authTagLength: tagBytes };

/**
 * Authors whose keys stay unwrapped, least recently used out first; each takes about 600
 * bytes (measured). With fewer, a busy room pays 5 of 31 microseconds again for each post;
 * an attacker's fresh keys can cost that much and no more.
 */
const verifyKeysMax = 4_096;

/**
 * The product's cryptography.
 *
 * @returns A suite with caches of its own.
 */
export function nodeCrypto(): CryptoSuite {
  const signingKeys = new WeakMap<Uint8Array, KeyObject>();
  const agreementKeys = new WeakMap<Uint8Array, KeyObject>();
  const verifyKeys = new Map<string, KeyObject>();

  /** The unwrapped key, or `null` if no Ed25519 key has these bytes. */
  function verifyKey(publicKey: Uint8Array): KeyObject | null {
    const name = publicKey.toHex();
    let key = verifyKeys.get(name);
    if (key !== undefined) {
      // While nobody has to go the order does not matter, and to keep it leaves garbage behind.
      if (verifyKeys.size * 2 < verifyKeysMax) return key;
      verifyKeys.delete(name);
    } else {
      if (publicKey.length !== rawKeyBytes || isSmallOrder(publicKey)) return null;
      key = importPublicKey("ed25519", publicKey);
      if (verifyKeys.size >= verifyKeysMax) verifyKeys.delete(verifyKeys.keys().next().value!);
    }
    verifyKeys.set(name, key);
    return key;
  }

  return {
    randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
    sha256: (data) => loaded === null ? sha256(data) : plain(loaded.hash("sha256", data, "buffer")),
    sha256Hex,
    hmacSha256,

    generateX25519: () => {
      const pair = node().generateKeyPairSync("x25519");
      const raw = exportPair(pair);
      agreementKeys.set(raw.secretKey, pair.privateKey);
      return raw;
    },
    x25519PublicKey: (secretKey) => exportPublicKey(kept(agreementKeys, "x25519", secretKey)),
    x25519: (secretKey, publicKey) => {
      const privateKey = kept(agreementKeys, "x25519", secretKey);
      const other = importPublicKey("x25519", publicKey);
      try {
        return plain(node().diffieHellman({ privateKey, publicKey: other }));
      } catch {
        // With keys of 32 bytes, an all-zero result is all that the runtime refuses.
        return null;
      }
    },

    seal,
    open,

    generateEd25519: () => exportPair(node().generateKeyPairSync("ed25519")),
    ed25519PublicKey: (secretKey) => exportPublicKey(kept(signingKeys, "ed25519", secretKey)),
    sign: (secretKey, message) =>
      plain(node().sign(null, message, kept(signingKeys, "ed25519", secretKey))),
    verify: (publicKey, message, signature) => {
      if (signature.length !== signatureBytes) return false;
      try {
        const key = verifyKey(publicKey);
        return key !== null && node().verify(null, message, key, signature);
      } catch {
        // Half of all 32-byte strings are no point of the curve, which the runtime reports so.
        return false;
      }
    },
  };
}

/** Bytes that SHA-256 takes in at a time, RFC 2104's B. */
const hashBlockBytes = 64;

/** What the two hashes of an HMAC go over, used again by each; longer data get an array of their own. */
const innerInput = new Uint8Array(1_024);
const outerInput = new Uint8Array(hashBlockBytes + 32);
const outerTail = outerInput.subarray(hashBlockBytes);

/**
 * RFC 2104 over the one-shot hash in hex: the runtime's own HMAC costs five times as much
 * (measured), because it makes a stream.
 */
function hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array {
  const { hash } = node();
  const short = key.length > hashBlockBytes ? hash("sha256", key, "buffer") : key;
  const length = hashBlockBytes + data.length;
  const inner = length > innerInput.length ? new Uint8Array(length) : innerInput;
  for (let i = 0; i < hashBlockBytes; i++) {
    const byte = short[i] ?? 0;
    inner[i] = byte ^ 0x36;
    outerInput[i] = byte ^ 0x5c;
  }
  inner.set(data, hashBlockBytes);
  outerTail.setFromHex(hash("sha256", inner.subarray(0, length), "hex"));
  const mac = Uint8Array.fromHex(hash("sha256", outerInput, "hex"));
  // Keys do not stay behind where nobody looks for them.
  inner.fill(0, 0, hashBlockBytes);
  outerInput.fill(0);
  return mac;
}

function seal(
  key: Uint8Array,
  nonce: Uint8Array,
  associatedData: Uint8Array,
  plaintext: Uint8Array,
): Uint8Array {
  const cipher = node().createCipheriv(cipherName, key, nonce, cipherOptions);
  if (associatedData.length > 0) {
    cipher.setAAD(associatedData, { plaintextLength: plaintext.length });
  }
  const sealed = new Uint8Array(plaintext.length + tagBytes);
  sealed.set(cipher.update(plaintext));
  cipher.final();
  sealed.set(cipher.getAuthTag(), plaintext.length);
  return sealed;
}

function open(
  key: Uint8Array,
  nonce: Uint8Array,
  associatedData: Uint8Array,
  ciphertext: Uint8Array,
): Uint8Array | null {
  const length = ciphertext.length - tagBytes;
  if (length < 0) return null;
  const decipher = node().createDecipheriv(cipherName, key, nonce, cipherOptions);
  if (associatedData.length > 0) decipher.setAAD(associatedData, { plaintextLength: length });
  decipher.setAuthTag(ciphertext.subarray(length));
  const unchecked = decipher.update(ciphertext.subarray(0, length));
  try {
    decipher.final();
  } catch {
    return null;
  }
  return plain(unchecked);
}

/** A secret key unwrapped, for as long as its array lives. */
function kept(keys: WeakMap<Uint8Array, KeyObject>, curve: Curve, raw: Uint8Array): KeyObject {
  let key = keys.get(raw);
  if (key === undefined) {
    key = importSecretKey(curve, raw);
    keys.set(raw, key);
  }
  return key;
}

function importSecretKey(curve: Curve, raw: Uint8Array): KeyObject {
  return node().createPrivateKey({
    key: der(secretKeyPrefix[curve], raw),
    format: "der",
    type: "pkcs8",
  });
}

function importPublicKey(curve: Curve, raw: Uint8Array): KeyObject {
  return node().createPublicKey({
    key: der(publicKeyPrefix[curve], raw),
    format: "der",
    type: "spki",
  });
}

function der(prefix: Uint8Array, raw: Uint8Array): Buffer {
  if (raw.length !== rawKeyBytes) {
    throw new RangeError(`Cannot use a key of ${raw.length} bytes: it must have ${rawKeyBytes}`);
  }
  // Not from the runtime's pool of buffers, in which a secret would linger.
  const encoded = process.getBuiltinModule("node:buffer").Buffer.alloc(prefix.length + rawKeyBytes);
  encoded.set(prefix);
  encoded.set(raw, prefix.length);
  return encoded;
}

function exportPublicKey(key: KeyObject): Uint8Array {
  const publicKey = key.type === "private" ? node().createPublicKey(key) : key;
  return lastBytes(publicKey.export({ format: "der", type: "spki" }));
}

function exportPair(pair: { publicKey: KeyObject; privateKey: KeyObject }): KeyPair {
  return {
    publicKey: exportPublicKey(pair.publicKey),
    secretKey: lastBytes(pair.privateKey.export({ format: "der", type: "pkcs8" })),
  };
}

/** The raw key, which stands at the end of its DER. */
function lastBytes(encoded: Uint8Array): Uint8Array {
  return new Uint8Array(encoded.subarray(encoded.length - rawKeyBytes));
}

/** The same memory as a plain array: a Buffer's `slice` would be a view, not a copy. */
function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}
