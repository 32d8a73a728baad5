/**
 * Address records: where somebody says it can be dialled, signed, so that others may pass it on
 * and nobody can send a crowd to a place in somebody else's name.
 *
 * A record is a claim. Which of its addresses a peer takes in is decided by discovery/scope.ts,
 * when they are dialled by discovery/learnt_dials.ts, and who is there by the handshake alone.
 */

import { type CborValue, encodeCbor, MalformedError } from "./cbor.ts";
import type { CryptoSuite } from "./crypto_suite.ts";
import { tagged } from "./domain_tag.ts";
import { fromId, idBytes, type PeerId, toId } from "./ids.ts";
import type { Limits } from "./limits.ts";
import { wireLimits } from "./limits_wire.ts";
import { byteString, integer, signedFields, type SignedPost } from "./post.ts";

/** Where somebody can be dialled. */
export interface AddressRecord {
  readonly author: PeerId;
  /** When it was signed, by the author's clock, in milliseconds since 1970. */
  readonly timeMs: number;
  /** Where the author listens, 1 to 65,535; for whoever sees it under an address of its own. */
  readonly port: number;
  /** Up to 8 of `10.0.0.5:9797` and `[2001:db8::1]:9797`; never a host name. */
  readonly addresses: readonly string[];
}

/** A decoded record with the bytes it came in. */
export interface SignedRecord extends AddressRecord, SignedPost {}

const formatVersion = 1;
const timeMsMax = 2 ** 48 - 1;

/** What the signature goes over. */
const signingInput = tagged("starling/1 address\0");

/** An IP address and a port by their characters; what they mean is read where they are dialled. */
const numeric = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[\da-f:]{2,39}\]):[1-9]\d{0,4}$/;

/**
 * Whether an address can stand in a record: an IP address in the spelling of `formatAddress` and
 * a port.
 */
export function isNumericAddress(address: string): boolean {
  return numeric.test(address);
}

/**
 * Signs a record.
 *
 * @param record What to say; at most `addressesMax` addresses.
 * @param secretKey The author's Ed25519 secret key.
 * @param crypto The cryptography to use.
 */
export function signRecord(
  record: AddressRecord,
  secretKey: Uint8Array,
  crypto: CryptoSuite,
): SignedRecord {
  const { author, timeMs, port, addresses } = record;
  const signed = encodeCbor([formatVersion, fromId(author), timeMs, port, addresses]);
  return { ...record, signed, signature: crypto.sign(secretKey, signingInput(signed)) };
}

/**
 * Decodes a record without verifying its signature.
 *
 * @param envelope The bytes as received.
 * @throws {MalformedError} If the bytes are no record of this format version.
 */
export function decodeRecord(envelope: SignedPost): SignedRecord {
  const [author, timeMs, port, addresses] = signedFields(
    envelope.signed,
    "record",
    formatVersion,
    4,
  );
  if (!Array.isArray(addresses) || addresses.length > wireLimits.addressesMax) {
    throw new MalformedError("record addresses");
  }
  return {
    author: toId<PeerId>(byteString(author, idBytes)),
    timeMs: integer(timeMs, 0, timeMsMax),
    port: integer(port, 1, 65_535),
    addresses: addresses.map(addressText),
    // Copies: a record is kept for days, the frame that it came in must not be.
    signed: envelope.signed.slice(),
    signature: envelope.signature.slice(),
  };
}

function addressText(value: CborValue): string {
  if (typeof value !== "string" || !isNumericAddress(value)) throw new MalformedError("address");
  return value;
}

/**
 * Whether the author's key made the signature.
 *
 * @param record A decoded record.
 * @param crypto The one verifier of the whole network.
 */
export function verifyRecord(record: SignedRecord, crypto: CryptoSuite): boolean {
  return crypto.verify(fromId(record.author), signingInput(record.signed), record.signature);
}

/**
 * Whether a record counts for nothing: signed too long ago, or further ahead than clocks err.
 *
 * @param record A decoded record.
 * @param nowMs The wall clock.
 * @param limits The table of limits.
 */
export function isStaleRecord(
  record: AddressRecord,
  nowMs: number,
  { recordMaxAgeMs, recordAheadMs }: Pick<Limits, "recordMaxAgeMs" | "recordAheadMs">,
): boolean {
  const ageMs = nowMs - record.timeMs;
  return ageMs > recordMaxAgeMs || -ageMs > recordAheadMs;
}
