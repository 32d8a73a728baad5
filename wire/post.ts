/**
 * Posts: what a person signs.
 *
 * A post is an envelope of fixed fields around a body. The signed bytes are the CBOR array
 * of PROTOCOL.md section "Posts"; the id is their SHA-256, so neither the text alone nor the
 * signature makes the id. What was received is kept and passed on byte for byte: a `Post`
 * carries the bytes it was decoded from. The body is a byte string, so that a kind unknown
 * here, or one that is encrypted, is carried like any other.
 */

import { type CborValue, decodeCbor, encodeCbor, MalformedError } from "./cbor.ts";
import type { CryptoSuite } from "./crypto_suite.ts";
import { tagged } from "./domain_tag.ts";
import {
  idBytes,
  lendId,
  type LogId,
  logIdBytes,
  type PeerId,
  type PostId,
  type RoomId,
  toId,
} from "./ids.ts";
import { wireLimits } from "./limits_wire.ts";

/** The kinds of posts, by their number on the wire. */
export const postKind = {
  text: 1,
  action: 2,
  profile: 3,
  topic: 4,
  announcement: 5,
  sealed: 6,
  membership: 7,
  epoch: 8,
  invite: 9,
  close: 10,
  tombstone: 11,
} as const;

/** Hybrid logical time (Kulkarni et al. 2014): 48-bit milliseconds and a 16-bit counter. */
export interface LogicalTime {
  /** Milliseconds since 1970, as far as the author's clock can be believed. */
  readonly ms: number;
  /** Tells apart what happened within one millisecond. */
  readonly counter: number;
}

/** The fields that an author signs. */
export interface PostFields {
  /** One of {@linkcode postKind}, or a number that this version does not know. */
  readonly kind: number;
  /** The room it belongs to; a copy in another room is another post. */
  readonly room: RoomId;
  /** Whose it is. */
  readonly author: PeerId;
  /** Which of the author's numberings. */
  readonly log: LogId;
  /** From 1, without gaps, per room, author and log. */
  readonly seq: number;
  /** The id of the post with `seq - 1`; `null` for the first. */
  readonly previous: PostId | null;
  /** When, by the author's hybrid logical clock. */
  readonly time: LogicalTime;
  /** Up to 4 posts of others that the author had seen. */
  readonly heads: readonly PostId[];
  /** What {@linkcode encodeBody} made, or what another version of the program put there. */
  readonly body: Uint8Array;
}

/** A post as it travels and rests: the bytes that were signed, and the signature. */
export interface SignedPost {
  /** The CBOR array that the author signed. */
  readonly signed: Uint8Array;
  /** 64 bytes of Ed25519. */
  readonly signature: Uint8Array;
}

/** A decoded post together with its bytes. */
export interface Post extends PostFields, SignedPost {
  /** SHA-256 of `signed`. */
  readonly id: PostId;
}

const formatVersion = 1;
const signatureBytes = 64;
const timeMsMax = 2 ** 48 - 1;
const counterMax = 2 ** 16 - 1;

/**
 * Something of a later version of this format. Who passes it on has done nothing wrong: it is
 * left out, and the link goes on.
 */
export class NewerFormatError extends MalformedError {}

/** What the signature goes over. */
const signingInput = tagged("starling/1 post\0");

/**
 * Signs a post.
 *
 * @param fields What to sign.
 * @param secretKey The author's Ed25519 secret key.
 * @param crypto The cryptography to use.
 * @returns The post with its id, bytes and signature.
 * @throws {RangeError} If the encoded post would be larger than a post may be.
 */
export function signPost(fields: PostFields, secretKey: Uint8Array, crypto: CryptoSuite): Post {
  const signed = encodeFields(fields);
  if (signed.length + signatureBytes > wireLimits.postBytesMax) {
    throw new RangeError(`Cannot sign a post of ${signed.length} bytes: it is too large`);
  }
  const signature = crypto.sign(secretKey, signingInput(signed));
  return { ...fields, id: crypto.sha256Hex(signed) as PostId, signed, signature };
}

/**
 * Puts a post together from its fields, without verifying its signature.
 *
 * @param fields What was signed.
 * @param signature 64 bytes, as received.
 * @param crypto Used for the id only.
 * @returns The post; if the signature is right, `signed` are the bytes that were signed.
 * @throws {MalformedError} If it would be larger than a post may be.
 */
export function assemblePost(
  fields: PostFields,
  signature: Uint8Array,
  crypto: CryptoSuite,
): Post {
  const signed = encodeFields(fields);
  if (signed.length + signatureBytes > wireLimits.postBytesMax) {
    throw new MalformedError("post too large");
  }
  return { ...fields, id: crypto.sha256Hex(signed) as PostId, signed, signature };
}

/**
 * Decodes a post whose id is known, as it was stored under it.
 *
 * @param envelope The stored bytes.
 * @param id Its id.
 */
export function readPost(envelope: SignedPost, id: PostId): Post {
  const post = decodeFields(envelope);
  post.id = id;
  return post;
}

function encodeFields(fields: PostFields): Uint8Array {
  const elements = headElements(fields);
  elements.push(fields.body);
  return encodeCbor(elements);
}

/**
 * All that an author signs before the body: what the ciphertext of an encrypted body is bound to.
 *
 * @returns A CBOR array.
 */
export function signedHead(fields: Omit<PostFields, "body">): Uint8Array {
  return encodeCbor(headElements(fields));
}

function headElements(fields: Omit<PostFields, "body">): Parameters<typeof encodeCbor>[0][] {
  return [
    formatVersion,
    fields.kind,
    { hex: fields.room },
    { hex: fields.author },
    { hex: fields.log },
    fields.seq,
    fields.previous === null ? null : { hex: fields.previous },
    fields.time.ms,
    fields.time.counter,
    fields.heads.map((hex) => ({ hex })),
  ];
}

/**
 * Decodes a post without verifying its signature.
 *
 * @param envelope The bytes as received.
 * @param crypto Used for the id only.
 * @returns The post; its `signed` and `signature` are the arrays passed in.
 * @throws {MalformedError} If the bytes are no post of this format version.
 */
export function decodePost(envelope: SignedPost, crypto: CryptoSuite): Post {
  const { signed, signature } = envelope;
  if (signed.length + signatureBytes > wireLimits.postBytesMax) {
    throw new MalformedError("post too large");
  }
  if (signature.length !== signatureBytes) throw new MalformedError("signature of wrong length");
  const post = decodeFields(envelope);
  post.id = crypto.sha256Hex(signed) as PostId;
  return post;
}

/**
 * The id of the post before, which is all that is read: without a hash over the post itself.
 *
 * @param stored A post that was decoded before.
 * @returns `null` for the first of a log.
 */
export function previousOf(stored: SignedPost): PostId | null {
  return decodeFields(stored).previous;
}

/** Names of the post before; posts come in runs of one log, and those of a run share them. */
let [lastRoom, lastAuthor, lastLog] = ["" as RoomId, "" as PeerId, "" as LogId];

/** A post that waits for its id: one object for all of it, for a back-fill makes many. */
function decodeFields({ signed, signature }: SignedPost): Post & { id: PostId } {
  const value = decodeCbor(signed);
  if (!Array.isArray(value)) throw new MalformedError("post shape");
  if (typeof value[0] === "number" && value[0] > formatVersion) throw new NewerFormatError("post");
  if (value.length !== 11) throw new MalformedError("post shape");
  const [version, kind, room, author, log, seq, previous, ms, counter, heads, body] =
    value as readonly CborValue[];
  if (version !== formatVersion) throw new MalformedError("post version");
  if (!Array.isArray(heads) || heads.length > wireLimits.headsMax) {
    throw new MalformedError("post heads");
  }
  lastRoom = again(lastRoom, toId<RoomId>(byteString(room, idBytes)));
  lastAuthor = again(lastAuthor, toId<PeerId>(byteString(author, idBytes)));
  lastLog = again(lastLog, toId<LogId>(byteString(log, logIdBytes)));
  const post = {
    kind: integer(kind, 1, 65_535),
    room: lastRoom,
    author: lastAuthor,
    log: lastLog,
    seq: integer(seq, 1, Number.MAX_SAFE_INTEGER),
    previous: previous === null ? null : toId<PostId>(byteString(previous, idBytes)),
    time: { ms: integer(ms, 0, timeMsMax), counter: integer(counter, 0, counterMax) },
    heads: heads.map((head) => toId<PostId>(byteString(head, idBytes))),
    body: byteString(body),
    id: "" as PostId,
    signed,
    signature,
  };
  if ((post.seq === 1) !== (post.previous === null)) {
    throw new MalformedError("post without a link to the one before");
  }
  return post;
}

/** The one of two equal strings that is there already. */
function again<T extends string>(known: T, read: T): T {
  return read === known ? known : read;
}

/**
 * Whether the author's key made the signature.
 *
 * @param post A decoded post.
 * @param crypto The one verifier of the whole network.
 */
export function verifyPost(post: Post, crypto: CryptoSuite): boolean {
  return crypto.verify(lendId(post.author), signingInput(post.signed), post.signature);
}

/**
 * Whether the authors' keys made the signatures of many posts.
 *
 * @param posts Decoded posts.
 * @param crypto A suite; one that verifies nothing together does it one by one.
 */
export function verifyPosts(posts: readonly Post[], crypto: CryptoSuite): boolean[] {
  if (crypto.verifyAll === undefined) return posts.map((post) => verifyPost(post, crypto));
  return crypto.verifyAll(posts.length, (index) => {
    const { author, signed, signature } = posts[index]!;
    return { publicKey: lendId(author), message: signingInput(signed), signature };
  });
}

/** Sorts by logical time, then id: the one order of every screen. */
export function comparePosts(
  a: { readonly time: LogicalTime; readonly id: PostId },
  b: { readonly time: LogicalTime; readonly id: PostId },
): number {
  return compareTimes(a.time, b.time) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** Negative if `a` was before `b`, zero if they are equal. */
export function compareTimes(a: LogicalTime, b: LogicalTime): number {
  return a.ms - b.ms || a.counter - b.counter;
}

/**
 * The fields of a signed word of state, which stand behind its version.
 *
 * @param signed Its bytes.
 * @param what How it is called in errors.
 * @param version The version that is read here.
 * @param count How many fields there are.
 * @throws {NewerFormatError} If its version is a later one.
 */
export function signedFields(
  signed: Uint8Array,
  what: string,
  version: number,
  count: number,
): readonly CborValue[] {
  const value = decodeCbor(signed);
  if (!Array.isArray(value)) throw new MalformedError(`${what} shape`);
  const [first, ...fields] = value as readonly CborValue[];
  if (typeof first === "number" && first > version) throw new NewerFormatError(what);
  if (fields.length !== count || first !== version) throw new MalformedError(`${what} shape`);
  return fields;
}

/** The byte string in `value`, of exactly `length` bytes where a length is given. */
export function byteString(value: CborValue | undefined, length?: number): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new MalformedError("byte string expected");
  if (length !== undefined && value.length !== length) {
    throw new MalformedError(`byte string of ${length} bytes expected`);
  }
  return value;
}

/** The integer in `value`, from `min` to `max`. */
export function integer(value: CborValue | undefined, min: number, max: number): number {
  if (typeof value !== "number" || value < min || value > max) {
    throw new MalformedError(`integer from ${min} to ${max} expected`);
  }
  return value;
}
