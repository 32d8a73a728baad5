/**
 * What programs without types may pass to a handle: it must not reach the engine, which
 * trusts the types of its inputs.
 */

import { ChatError } from "../peer/errors.ts";
import { parseId, type PeerId, type PostId } from "../wire/ids.ts";

/** So much of a wrong text is said again in the message, in units of UTF-16. */
const shownMax = 80;

/**
 * The value, if it is a string.
 *
 * @param field How the value is called, for the message.
 * @throws {ChatError} `bad-field`.
 */
export function stringIn(field: string, value: unknown): string {
  if (typeof value !== "string") throw badField(field, value, "give a string");
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
  if (id === null) throw badField(field, value, "give the id of a post, as say() returns it");
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
  if (id === null) throw badField(field, value, "give the key of a peer, as peers() names it");
  return id;
}

/**
 * The error for a value of the wrong kind.
 *
 * @param field How the value is called.
 * @param value What was passed; of a long text the beginning is said.
 * @param remedy What to pass in its place, from `give` on.
 */
export function badField(field: string, value: unknown, remedy: string): ChatError {
  return new ChatError("bad-field", `Cannot use ${spelled(value)} as ${field}: ${remedy}`);
}

/** Objects and functions by their kind alone: their `toString` is not ours and may throw. */
function spelled(value: unknown): string {
  if (typeof value === "string") {
    return JSON.stringify(value.length > shownMax ? `${value.slice(0, shownMax)}…` : value);
  }
  const isPlain = value === null || !["object", "function"].includes(typeof value);
  return isPlain ? String(value) : `the ${typeof value}`;
}
