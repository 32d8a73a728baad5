/**
 * What programs without types may pass to a handle: it must not reach the engine, which
 * trusts the types of its inputs.
 */

import { ChatError } from "../peer/errors.ts";
import { parseId, type PeerId, type PostId } from "../wire/ids.ts";

/**
 * The value, if it is a string.
 *
 * @param field How the value is called, for the message.
 * @throws {ChatError} `bad-field`.
 */
export function stringIn(field: string, value: unknown): string {
  if (typeof value !== "string") throw badField(field, value);
  return value;
}

/**
 * The value, if it is the id of a post.
 *
 * @param field How the value is called, for the message.
 * @throws {ChatError} `bad-field`.
 */
export function postIdIn(field: string, value: unknown): PostId {
  const id = typeof value === "string" ? parseId<PostId>(value) : null;
  if (id === null) throw badField(field, value);
  return id;
}

/**
 * The bytes of UTF-8 that a text has.
 *
 * @param field How the text is called, for the message.
 * @param text The text.
 * @param most How many it may have.
 * @throws {ChatError} `bad-field`.
 */
export function bytesIn(field: string, text: string, most: number): number {
  const { length } = new TextEncoder().encode(text);
  if (length <= most) return length;
  throw new ChatError("bad-field", `Cannot use ${length} bytes as ${field}: ${most} are the most`);
}

/**
 * The value, if it is the key of a peer.
 *
 * @param field How the value is called, for the message.
 * @throws {ChatError} `bad-field`.
 */
export function peerIdIn(field: string, value: unknown): PeerId {
  const id = typeof value === "string" ? parseId<PeerId>(value) : null;
  if (id === null) throw badField(field, value);
  return id;
}

/** The error for a value of the wrong kind. */
export function badField(field: string, value: unknown): ChatError {
  return new ChatError("bad-field", `Cannot use ${String(value)} as ${field}`);
}
