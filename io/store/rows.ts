/** Rows of the table `post`, and what becomes of them. */

import type { StatementSync } from "node:sqlite";
import type { Arrival } from "../../peer/action.ts";
import type { CryptoSuite } from "../../wire/crypto_suite.ts";
import { decodePost, type SignedPost } from "../../wire/post.ts";
import { crc32 } from "./crc32.ts";
import type { StoredPost } from "./store.ts";
import { StoreError } from "./store_error.ts";

/**
 * Lets a statement give its rows as arrays. A row with names, and what `run` gives, lies in V8's
 * old space from the beginning, 64 bytes or more (measured); what runs for each post should not.
 */
export function inArrays(statement: StatementSync): StatementSync {
  // The runtime has it, its types lack it.
  type Full = StatementSync & { setReturnArrays(enabled: boolean): void };
  (statement as Full).setReturnArrays(true);
  return statement;
}

/** The columns of {@linkcode EnvelopeRow}. */
export const envelopeColumns = "post.signed, post.signature, post.sum";

/** What it takes to send a post on. */
export interface EnvelopeRow {
  /** The bytes that the author signed. */
  readonly signed: Uint8Array;
  /** 64 bytes. */
  readonly signature: Uint8Array;
  /** {@linkcode envelopeSum} when it was stored. */
  readonly sum: number;
}

/**
 * An SQL condition: the author has withdrawn the post in `post`. It is evaluated when
 * reading, so that it does not matter which of the two came first.
 */
export const withdrawnCondition = `EXISTS (
  SELECT 1 FROM withdrawal JOIN log ON log.id = post.log
  WHERE withdrawal.target = post.hash
    AND withdrawal.author = log.author AND withdrawal.room = post.room)`;

/** The columns of {@linkcode StoredRow}. */
export const storedColumns =
  `post.id, ${envelopeColumns}, post.arrived_ms, post.origin, ${withdrawnCondition} AS withdrawn`;

/** What it takes to show a post. */
export interface StoredRow extends EnvelopeRow {
  /** The row's integer, ascending in the order of arrival. */
  readonly id: number;
  /** In milliseconds since 1970. */
  readonly arrived_ms: number;
  /** {@linkcode originNumber} of it. */
  readonly origin: number;
  /** 1 if it is. */
  readonly withdrawn: number;
}

const origins = ["own", "live", "history"] as const satisfies readonly Arrival["origin"][];

/** The number under which an origin is stored. */
export function originNumber(origin: Arrival["origin"]): number {
  return origins.indexOf(origin);
}

/** CRC-32 of a post's bytes, for `post.sum`. */
export function envelopeSum(post: SignedPost): number {
  return crc32(post.signature, crc32(post.signed));
}

/**
 * The post's bytes as they were stored.
 *
 * @param path The database file, for the message.
 * @throws {StoreError} "damaged", if they are no longer the same.
 */
export function toEnvelope(row: EnvelopeRow, path: string): SignedPost {
  const envelope = { signed: row.signed, signature: row.signature };
  if (envelopeSum(envelope) !== row.sum) {
    throw new StoreError("damaged", path, "the bytes of a stored post have changed");
  }
  return envelope;
}

/** An index leads to another post than the one asked for: no single row is spoilt then. */
export function wrongRow(path: string): StoreError {
  return new StoreError("damaged", path, "an index leads to another post than it should");
}

/**
 * The decoded post with what is known of it.
 *
 * @param path The database file, for the message.
 * @param crypto Used for the id.
 * @throws {StoreError} "damaged", if the bytes are not those that were stored.
 */
export function toStoredPost(row: StoredRow, path: string, crypto: CryptoSuite): StoredPost {
  const origin = origins[row.origin];
  if (origin === undefined) {
    throw new StoreError("damaged", path, `a stored post has the origin ${row.origin}`);
  }
  return {
    post: decodePost(toEnvelope(row, path), crypto),
    arrivedMs: row.arrived_ms,
    origin,
    withdrawn: row.withdrawn === 1,
  };
}
