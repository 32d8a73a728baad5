/**
 * Private rooms: the id that commits to founder and secret, the tags by which two peers find out
 * that they share a room, and the encryption of what is said in it (PROTOCOL.md, "Private
 * rooms").
 *
 * The secret is 32 random bytes, never made from anything that people could remember. Whoever
 * knows it can show so on a link, to those alone who know it too: a tag is an HMAC over the
 * handshake's hash and the sender's key, and 16 of them go over every link, of which all but the
 * real ones are random. What is said is encrypted under the secret of an epoch (wire/epoch.ts),
 * with a key of its own for each post: 16 random bytes make it, so that a restored backup that
 * numbers a post a second time uses no key twice.
 *
 * Left out: hiding lengths and times from members, and forward secrecy within an epoch.
 */

import { type CborValue, decodeCbor, encodeCbor, MalformedError } from "./cbor.ts";
import { concat } from "./concat.ts";
import type { CryptoSuite } from "./crypto_suite.ts";
import { fromId, idBytes, type PeerId, type PostId, type RoomId, toId } from "./ids.ts";
import { tagBytes } from "./message_entries.ts";
import { byteString, type PostFields, postKind, signedHead } from "./post.ts";

/** Bytes of the secret of a room, and of that of an epoch. */
export const secretBytes = 32;

const saltBytes = 16;
/** Each key encrypts one thing, so that no nonce is needed. */
const nonce = new Uint8Array(12);

const encoder = new TextEncoder();
const idTag = encoder.encode("starling/1 private room\0");
const linkTag = encoder.encode("starling/1 room tag\0");
const bodyTag = encoder.encode("starling/1 private body\0");
const nameTag = encoder.encode("starling/1 private name\0");

/** A post up to its body: what an encrypted body is bound to. */
type PostHead = Omit<PostFields, "body">;

/** The id of a private room. */
export function privateRoomId(
  founder: PeerId,
  secret: Uint8Array,
  crypto: CryptoSuite,
): RoomId {
  return toId<RoomId>(crypto.sha256(concat(idTag, fromId(founder), secret)));
}

/**
 * What somebody shows on a link who knows the secret of a room.
 *
 * @param handshakeHash Of the link, so that a tag is worth nothing on another one.
 * @param round Counts the messages with tags in this direction, from 0: of two, nobody can tell
 * which tags stand for the same room.
 * @param peer Who shows it: a tag that is sent back says nothing.
 * @returns 16 bytes.
 */
export function roomTag(
  secret: Uint8Array,
  handshakeHash: Uint8Array,
  round: number,
  peer: PeerId,
  crypto: CryptoSuite,
): Uint8Array {
  const place = new Uint8Array(4);
  new DataView(place.buffer).setUint32(0, round);
  const input = concat(linkTag, handshakeHash, place, fromId(peer));
  return crypto.hmacSha256(secret, input).subarray(0, tagBytes);
}

/** Whether posts of a kind are encrypted as a whole; of the others the protocol itself is made. */
export function isVeiled(kind: number): boolean {
  return kind === postKind.text || kind === postKind.action || kind === postKind.profile ||
    kind === postKind.topic || kind === postKind.announcement;
}

/** An encrypted body. */
export interface VeiledBody {
  /** The epoch whose secret opens it. */
  readonly epoch: PostId;
  /** 16 random bytes. */
  readonly salt: Uint8Array;
  /** Ciphertext and tag. */
  readonly box: Uint8Array;
}

/**
 * Encrypts the body of a post.
 *
 * @param head All that is signed before it.
 * @param plain The body as it would stand in a public room.
 * @param epoch The epoch's id.
 * @param secret The epoch's secret.
 */
export function veilBody(
  head: PostHead,
  plain: Uint8Array,
  epoch: PostId,
  secret: Uint8Array,
  crypto: CryptoSuite,
): Uint8Array {
  const salt = crypto.randomBytes(saltBytes);
  const key = bodyKey(head, secret, salt, crypto);
  return encodeCbor([fromId(epoch), salt, crypto.seal(key, nonce, signedHead(head), plain)]);
}

/**
 * Decodes an encrypted body.
 *
 * @throws {MalformedError} If it is none.
 */
export function decodeVeiled(data: Uint8Array): VeiledBody {
  const [epoch, salt, box] = list(decodeCbor(data));
  return {
    epoch: toId<PostId>(byteString(epoch, idBytes)),
    salt: byteString(salt, saltBytes),
    box: byteString(box),
  };
}

/**
 * Opens an encrypted body.
 *
 * @param secret The epoch's.
 * @returns `null` if it was not encrypted under this secret, or not in this post.
 */
export function unveilBody(
  head: PostHead,
  { salt, box }: VeiledBody,
  secret: Uint8Array,
  crypto: CryptoSuite,
): Uint8Array | null {
  return crypto.open(bodyKey(head, secret, salt, crypto), nonce, signedHead(head), box);
}

function bodyKey(
  { author, log, seq }: PostHead,
  secret: Uint8Array,
  salt: Uint8Array,
  crypto: CryptoSuite,
): Uint8Array {
  const place = new Uint8Array(8);
  new DataView(place.buffer).setBigUint64(0, BigInt(seq));
  const input = concat(bodyTag, fromId(author), fromId(log), place, salt);
  return crypto.hmacSha256(secret, input);
}

/** Encrypts a room's name under the room's own secret: it stands in the founding post. */
export function veilName(
  name: string,
  founder: PeerId,
  secret: Uint8Array,
  crypto: CryptoSuite,
): Uint8Array {
  const salt = crypto.randomBytes(saltBytes);
  const key = crypto.hmacSha256(secret, concat(nameTag, salt));
  return concat(salt, crypto.seal(key, nonce, fromId(founder), encoder.encode(name)));
}

/** The inverse of {@linkcode veilName}; `null` if it is none of this room. */
export function unveilName(
  box: Uint8Array,
  founder: PeerId,
  secret: Uint8Array,
  crypto: CryptoSuite,
): string | null {
  const [salt, sealed] = [box.subarray(0, saltBytes), box.subarray(saltBytes)];
  if (salt.length < saltBytes) return null;
  const key = crypto.hmacSha256(secret, concat(nameTag, salt));
  const plain = crypto.open(key, nonce, fromId(founder), sealed);
  if (plain === null) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(plain);
  } catch {
    return null;
  }
}

function list(value: CborValue): readonly CborValue[] {
  if (!Array.isArray(value)) throw new MalformedError("veiled shape");
  return value as readonly CborValue[];
}
