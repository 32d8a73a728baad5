/**
 * Identifiers: the names of peers, rooms, posts and logs.
 *
 * On the wire they are byte strings; in memory they are lower-case hex, because a
 * JavaScript `Map` compares strings by value. Each kind is a branded type, so the compiler
 * refuses to take one for another; there is no property `brand` at run time. A network
 * address is never an identity.
 */

/** A peer: its 32-byte Ed25519 public key, as 64 hex digits. */
export type PeerId = string & { readonly brand: "PeerId" };
/** A room: 32 bytes, as 64 hex digits. */
export type RoomId = string & { readonly brand: "RoomId" };
/** A post: SHA-256 of its signed bytes, as 64 hex digits. */
export type PostId = string & { readonly brand: "PostId" };
/** One numbering of one author's posts: 8 random bytes, as 16 hex digits. */
export type LogId = string & { readonly brand: "LogId" };
/** Any identifier of this module. */
export type Id = PeerId | RoomId | PostId | LogId;

/** Bytes in a peer id, a room id and a post id. */
export const idBytes = 32;
/** Bytes in a log id. */
export const logIdBytes = 8;

/**
 * Names `bytes` as an identifier.
 *
 * @typeParam T Which identifier the bytes are.
 * @param bytes 32 bytes (8 for a log id).
 * @returns The bytes in lower-case hex.
 * @throws {RangeError} If the length is neither 32 nor 8.
 */
export function toId<T extends Id>(bytes: Uint8Array): T {
  if (bytes.length !== idBytes && bytes.length !== logIdBytes) {
    throw new RangeError(`Cannot name ${bytes.length} bytes: an identifier has 32 or 8`);
  }
  return bytes.toHex() as T;
}

/**
 * Reads an identifier that a person or program typed.
 *
 * @typeParam T Which identifier is expected; a log id is never typed.
 * @param text 64 hex digits, in either case.
 * @returns The identifier, or `null` if the text is none.
 */
export function parseId<T extends PeerId | RoomId | PostId>(text: string): T | null {
  return /^[0-9a-f]{64}$/i.test(text) ? text.toLowerCase() as T : null;
}

/**
 * The bytes that an identifier names.
 *
 * @param id The identifier.
 * @returns A fresh array of 32 bytes (8 for a log id).
 */
export function fromId(id: Id): Uint8Array {
  return Uint8Array.fromHex(id);
}

const lent = new Uint8Array(idBytes);

/**
 * The bytes that an identifier names, for a callee that is done with them when it returns.
 *
 * @param id The identifier, of 32 bytes.
 * @returns Memory that the next call uses again.
 */
export function lendId(id: PeerId | RoomId | PostId): Uint8Array {
  lent.setFromHex(id);
  return lent;
}
