/**
 * Posts of kind `sealed`: what one person writes to another, carried by a room that both share
 * (PROTOCOL.md, "Sealed posts").
 *
 * The body is [hint key, hint, enc, box]. The box is HPKE in base mode (RFC 9180, wire/hpke) to
 * the recipient's sealing key, with everything that the author signs before the body, and the
 * hint, as associated data: a ciphertext that somebody copies opens nowhere else. The hint is
 * 16 bytes of an HMAC that author and recipient alone can compute, so that the recipient knows
 * its posts at one HMAC each and nobody else learns whose they are. The author's hint key stands
 * in the post, because history brings the newest first and a profile often last.
 *
 * Left out: forward secrecy beyond the renewal of sealing keys, and hiding who wrote, when and
 * about how much; lengths are hidden within buckets.
 */

import { type CborValue, decodeCbor, encodeCbor, MalformedError } from "./cbor.ts";
import { concat } from "./concat.ts";
import type { CryptoSuite, KeyPair } from "./crypto_suite.ts";
import { openBase, sealBase } from "./hpke/hpke.ts";
import { fromId, idBytes, logIdBytes, type PeerId, type PostId, toId } from "./ids.ts";
import { byteString, type PostFields, signedHead } from "./post.ts";
import { checkText } from "./text.ts";

/** The X25519 keys that a profile tells, 32 bytes each. */
export interface SealingKeys {
  /** Messages are sealed to it; renewed weekly. */
  readonly sealing: Uint8Array;
  /** For hints; never renewed. */
  readonly hint: Uint8Array;
}

/** The fields of a sealed body. */
export interface SealedBody {
  /** The author's hint key. */
  readonly hintKey: Uint8Array;
  /** What the recipient recognises. */
  readonly hint: Uint8Array;
  /** `enc` of HPKE. */
  readonly enc: Uint8Array;
  /** The ciphertext. */
  readonly box: Uint8Array;
}

/** What two people say to each other. */
export type Words = {
  readonly kind: "text" | "action";
  readonly text: string;
  /** The post that it answers. */
  readonly reply: PostId | null;
};

/** What is sealed. */
export type LetterContent =
  | Words
  | {
    /** "I cannot open this post of yours: seal it again, to this key." */
    readonly kind: "resend";
    readonly id: PostId;
    readonly sealing: Uint8Array;
  };

/** A post up to its body: what a sealed body is bound to. */
export type PostHead = Omit<PostFields, "body">;

const hintBytes = 16, keyBytes = 32;
const encoder = new TextEncoder();
const pairTag = encoder.encode("starling/1 hint pair\0");
const hintTag = encoder.encode("starling/1 hint\0");
const infoTag = encoder.encode("starling/1 sealed\0");

/**
 * Sizes of what is encrypted. With fewer steps short messages cost more, with more of them a
 * length tells more. The last holds the longest text.
 */
const bucketBytes = [256, 512, 1_024, 2_048, 4_096, 8_192, 16_640] as const;
/** A length of 2 bytes stands before the content. */
const lengthBytes = 2;

/** Encodes the body of a sealed post. */
export function encodeSealedBody({ hintKey, hint, enc, box }: SealedBody): Uint8Array {
  return encodeCbor([hintKey, hint, enc, box]);
}

/**
 * Decodes the body of a sealed post.
 *
 * @throws {MalformedError} If it is none.
 */
export function decodeSealedBody(data: Uint8Array): SealedBody {
  const [hintKey, hint, enc, box] = list(data);
  return {
    hintKey: byteString(hintKey, keyBytes),
    hint: byteString(hint, hintBytes),
    enc: byteString(enc, keyBytes),
    box: byteString(box),
  };
}

/**
 * The secret of two people for hints.
 *
 * @param secretKey One's own hint key.
 * @param publicKey The other's.
 * @param peers Both, in either order.
 * @returns 32 bytes; `null` if the other's key is a point of small order.
 */
export function pairSecret(
  secretKey: Uint8Array,
  publicKey: Uint8Array,
  peers: readonly [PeerId, PeerId],
  crypto: CryptoSuite,
): Uint8Array | null {
  const shared = crypto.x25519(secretKey, publicKey);
  if (shared === null) return null;
  return crypto.hmacSha256(shared, concat(pairTag, ...peers.toSorted().map(fromId)));
}

/** What a hint is made over, used again by each: every sealed post of a room costs one. */
const hintInput = new Uint8Array(hintTag.length + 2 * idBytes + 2 * logIdBytes);
hintInput.set(hintTag);
const hintFields = hintInput.subarray(hintTag.length);
const roomField = hintFields.subarray(0, idBytes);
const authorField = hintFields.subarray(idBytes, 2 * idBytes);
const logField = hintFields.subarray(2 * idBytes, 2 * idBytes + logIdBytes);
const seqField = new DataView(hintInput.buffer, hintInput.length - 8);

/** The hint of a post between two people. */
export function hintOf(
  secret: Uint8Array,
  { room, author, log, seq }: Pick<PostFields, "room" | "author" | "log" | "seq">,
  crypto: CryptoSuite,
): Uint8Array {
  roomField.setFromHex(room);
  authorField.setFromHex(author);
  logField.setFromHex(log);
  seqField.setUint32(0, Math.floor(seq / 2 ** 32));
  seqField.setUint32(4, seq % 2 ** 32);
  return crypto.hmacSha256(secret, hintInput).subarray(0, hintBytes);
}

/** Who seals to whom. */
export interface Correspondence {
  readonly from: PeerId;
  readonly to: PeerId;
}

/**
 * Seals a content.
 *
 * @param head The post up to its body; its author is the sender.
 * @param to The recipient.
 * @param sealing The recipient's sealing key.
 * @param hints The sender's hint key and the secret of the two.
 * @returns The body; `null` if the key is a point of small order.
 */
export function sealContent(
  head: PostHead,
  to: PeerId,
  sealing: Uint8Array,
  hints: { readonly publicKey: Uint8Array; readonly secret: Uint8Array },
  content: LetterContent,
  crypto: CryptoSuite,
): Uint8Array | null {
  const hint = hintOf(hints.secret, head, crypto);
  const hintKey = hints.publicKey;
  const sealed = sealBase(
    sealing,
    infoOf({ from: head.author, to }, sealing),
    associatedData(head, hintKey, hint),
    padded(encodeContent(content)),
    crypto,
  );
  if (sealed === null) return null;
  return encodeSealedBody({ hintKey, hint, enc: sealed.enc, box: sealed.ciphertext });
}

/**
 * Opens a sealed body.
 *
 * @param head The post up to its body.
 * @param body Its body.
 * @param to The recipient.
 * @param sealing The recipient's key pair.
 * @returns The content's bytes; `null` if it was not sealed to this key, or not in this post.
 */
export function openContent(
  head: PostHead,
  body: SealedBody,
  to: PeerId,
  sealing: KeyPair,
  crypto: CryptoSuite,
): Uint8Array | null {
  const plain = openBase(
    body.enc,
    sealing,
    infoOf({ from: head.author, to }, sealing.publicKey),
    associatedData(head, body.hintKey, body.hint),
    body.box,
    crypto,
  );
  return plain === null ? null : unpadded(plain);
}

function infoOf({ from, to }: Correspondence, sealing: Uint8Array): Uint8Array {
  return concat(infoTag, fromId(from), fromId(to), sealing);
}

/** Both keys and hints have fixed lengths, so that no two triples give the same bytes. */
function associatedData(head: PostHead, hintKey: Uint8Array, hint: Uint8Array): Uint8Array {
  return concat(hintKey, hint, signedHead(head));
}

function padded(content: Uint8Array): Uint8Array {
  const size = bucketBytes.find((bytes) => bytes >= lengthBytes + content.length);
  if (size === undefined) throw new RangeError(`Cannot seal ${content.length} bytes: too many`);
  const plain = new Uint8Array(size);
  plain.set([content.length >> 8, content.length & 0xff]);
  plain.set(content, lengthBytes);
  return plain;
}

function unpadded(plain: Uint8Array): Uint8Array | null {
  const length = ((plain[0] ?? 0) << 8) | (plain[1] ?? 0);
  const end = lengthBytes + length;
  return end <= plain.length ? plain.slice(lengthBytes, end) : null;
}

const contentNumber = { text: 1, action: 2, resend: 3 } as const;

/** Encodes what is sealed, and what is kept of it on disk. */
export function encodeContent(content: LetterContent): Uint8Array {
  const number = contentNumber[content.kind];
  if (content.kind === "resend") {
    return encodeCbor([number, fromId(content.id), content.sealing]);
  }
  const reply = content.reply === null ? null : fromId(content.reply);
  return encodeCbor([number, content.text, reply]);
}

/**
 * Decodes what was sealed.
 *
 * @returns `null` for a content of a later version.
 * @throws {MalformedError} If it is none.
 */
export function decodeContent(data: Uint8Array): LetterContent | null {
  const [number, first, second] = list(data);
  switch (number) {
    case contentNumber.text:
    case contentNumber.action: {
      if (typeof first !== "string" || checkText(first) !== null) throw new MalformedError("text");
      const reply = second === null ? null : toId<PostId>(byteString(second, idBytes));
      return { kind: number === contentNumber.text ? "text" : "action", text: first, reply };
    }
    case contentNumber.resend:
      return {
        kind: "resend",
        id: toId<PostId>(byteString(first, idBytes)),
        sealing: byteString(second, keyBytes),
      };
    default:
      return null;
  }
}

function list(data: Uint8Array): readonly CborValue[] {
  const value = decodeCbor(data);
  if (!Array.isArray(value)) throw new MalformedError("sealed shape");
  return value as readonly CborValue[];
}
