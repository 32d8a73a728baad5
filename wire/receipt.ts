/**
 * Receipts: one peer's signed word of what it holds in a room, as sequences of each log. It is
 * state and no post: a newer word takes the place of the older, it is gossiped and never
 * answered, and whoever has it can show it to an author who was away when it was said.
 *
 * A log is named by its mark, half as long as an author and a quarter of both: who does not
 * know the log learns nothing, and the author knows its own.
 */

import { type CborValue, encodeCbor, MalformedError } from "./cbor.ts";
import type { CryptoSuite } from "./crypto_suite.ts";
import { tagged } from "./domain_tag.ts";
import { fromId, idBytes, lendId, type LogId, type PeerId, type RoomId, toId } from "./ids.ts";
import { wireLimits } from "./limits_wire.ts";
import { byteString, integer, type LogicalTime, signedFields, type SignedPost } from "./post.ts";

/** A log in 8 bytes: the start of the SHA-256 of author and log id, as 16 hex digits. */
export type LogMark = string & { readonly brand: "LogMark" };

/** What is held of one log. */
export interface HeldLog {
  readonly mark: LogMark;
  /** The highest ranges held, ascending, ends included; at least one. */
  readonly ranges: readonly (readonly [from: number, to: number])[];
}

/** What somebody holds of a room. */
export interface Receipt {
  readonly room: RoomId;
  readonly author: PeerId;
  readonly time: LogicalTime;
  /** The logs of those who were heard of lately, in no particular order. */
  readonly held: readonly HeldLog[];
}

/** A decoded receipt with the bytes it came in. */
export interface SignedReceipt extends Receipt, SignedPost {}

const formatVersion = 1;
const markBytesCount = 8;

/** What the signature goes over. */
const signingInput = tagged("starling/1 receipt\0");

/** The mark of a log. */
export function logMark(author: PeerId, log: LogId, crypto: CryptoSuite): LogMark {
  const name = new Uint8Array(idBytes + markBytesCount);
  name.set(lendId(author));
  name.set(fromId(log), idBytes);
  return crypto.sha256Hex(name).slice(0, 2 * markBytesCount) as LogMark;
}

/**
 * Signs a receipt.
 *
 * @param receipt What to say.
 * @param secretKey The author's Ed25519 secret key.
 * @param crypto The cryptography to use.
 */
export function signReceipt(
  receipt: Receipt,
  secretKey: Uint8Array,
  crypto: CryptoSuite,
): SignedReceipt {
  const signed = encodeCbor([
    formatVersion,
    fromId(receipt.room),
    fromId(receipt.author),
    receipt.time.ms,
    receipt.time.counter,
    receipt.held.map(({ mark, ranges }) => [Uint8Array.fromHex(mark), ranges]),
  ]);
  return { ...receipt, signed, signature: crypto.sign(secretKey, signingInput(signed)) };
}

/**
 * Decodes a receipt without verifying its signature.
 *
 * @param envelope The bytes as received.
 * @throws {MalformedError} If the bytes are no receipt of this format version.
 */
export function decodeReceipt(envelope: SignedPost): SignedReceipt {
  const [room, author, ms, counter, held] = signedFields(
    envelope.signed,
    "receipt",
    formatVersion,
    5,
  );
  return {
    room: toId<RoomId>(byteString(room, idBytes)),
    author: toId<PeerId>(byteString(author, idBytes)),
    time: { ms: integer(ms, 0, 2 ** 48 - 1), counter: integer(counter, 0, 65_535) },
    held: array(held, 0, wireLimits.receiptLogsMax).map(heldLog),
    // Copies: a receipt is kept for long, the frame that it came in must not be.
    signed: envelope.signed.slice(),
    signature: envelope.signature.slice(),
  };
}

/**
 * Whether the author's key made the signature.
 *
 * @param receipt A decoded receipt.
 * @param crypto The one verifier of the whole network.
 */
export function verifyReceipt(receipt: SignedReceipt, crypto: CryptoSuite): boolean {
  return crypto.verify(lendId(receipt.author), signingInput(receipt.signed), receipt.signature);
}

function heldLog(value: CborValue): HeldLog {
  const [mark, ranges] = array(value, 2, 2);
  let floor = 0;
  return {
    mark: byteString(mark, markBytesCount).toHex() as LogMark,
    ranges: array(ranges, 1, wireLimits.receiptRangesMax).map((range) => {
      const [from, to] = array(range, 2, 2);
      const first = integer(from, floor + 1, Number.MAX_SAFE_INTEGER);
      floor = integer(to, first, Number.MAX_SAFE_INTEGER);
      return [first, floor] as const;
    }),
  };
}

function array(
  value: CborValue | undefined,
  lengthMin: number,
  lengthMax: number,
): readonly CborValue[] {
  if (!Array.isArray(value) || value.length < lengthMin || value.length > lengthMax) {
    throw new MalformedError("array expected");
  }
  return value as readonly CborValue[];
}
