/**
 * Posts that nobody has signed in earnest, made from posts that somebody has: one function for
 * each way to forge. None of them may ever be stored or passed on.
 */

import type { Rng } from "../../peer/ports.ts";
import { type CborValue, decodeCbor, encodeCbor } from "../../wire/cbor.ts";
import type { CryptoSuite, KeyPair } from "../../wire/crypto_suite.ts";
import { fromId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { type Post, type SignedPost, signPost } from "../../wire/post.ts";
import { encodeBody } from "../../wire/post_body.ts";
import { randomBelow, randomBytes } from "../rng.ts";
import { sampleId } from "../samples.ts";

/** What a forger has. */
export interface Forger {
  readonly rng: Rng;
  readonly crypto: CryptoSuite;
  /** Keys of the author; used only for what even the author may not do. */
  readonly author: KeyPair;
  /** Keys of the forger. */
  readonly own: KeyPair;
}

type Forge = (forger: Forger, post: Post, other: Post) => SignedPost;

/** The order of the group in which signatures are made (RFC 8032, section 5.1). */
const groupOrder = 2n ** 252n + 27742317777372353535851937790883648493n;
/** Public keys of small order, as wire/small_order.ts lists them, with the sign bit clear. */
const smallOrderKeys = [
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
];
const place = { room: 2, author: 3, seq: 5, ms: 7 } as const;

function fieldsOf(post: Post): CborValue[] {
  return [...decodeCbor(post.signed) as CborValue[]];
}

function withField(post: Post, index: number, value: CborValue): Uint8Array {
  const fields = fieldsOf(post);
  fields[index] = value;
  return encodeCbor(fields);
}

function flipped(rng: Rng, bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  const bit = randomBelow(rng, 8 * copy.length);
  copy[bit >> 3]! ^= 1 << (bit & 7);
  return copy;
}

function smallOrderKey(rng: Rng): Uint8Array {
  const key = Uint8Array.fromHex(smallOrderKeys[randomBelow(rng, smallOrderKeys.length)]!);
  if (rng.next() < 0.5) key[31]! |= 0x80;
  return key;
}

/** The second half of a signature plus some multiple of the group's order, if that fits. */
function shiftedSignature(signature: Uint8Array, times: bigint): Uint8Array {
  let scalar = 0n;
  for (const byte of signature.slice(32).reverse()) scalar = scalar << 8n | BigInt(byte);
  let shifted = (scalar + times * groupOrder) % 2n ** 256n;
  const copy = signature.slice();
  for (let i = 32; i < 64; i++, shifted >>= 8n) copy[i] = Number(shifted & 0xffn);
  return copy;
}

function signedAs(forger: Forger, key: KeyPair, tag: string, signed: Uint8Array): SignedPost {
  const input = Uint8Array.of(...new TextEncoder().encode(tag), ...signed);
  return { signed, signature: forger.crypto.sign(key.secretKey, input) };
}

const postTag = "starling/1 post\0";

/** The same fields in bytes that are not their one spelling. */
function respelt({ rng }: Forger, post: Post): Uint8Array {
  const [head, version, ...rest] = post.signed;
  switch (randomBelow(rng, 4)) {
    case 0: // The array's length in a byte of its own.
      return Uint8Array.of(0x98, head! & 31, version!, ...rest);
    case 1: // An array of indefinite length.
      return Uint8Array.of(0x9f, version!, ...rest, 0xff);
    case 2: // The version in two bytes.
      return Uint8Array.of(head!, 0x18, version!, ...rest);
    default: // Something behind it.
      return Uint8Array.of(...post.signed, randomBelow(rng, 256));
  }
}

/** All ways to forge, by the name under which they are counted. */
export const forgeries: Readonly<Record<string, Forge>> = {
  "altered bytes": ({ rng }, { signed, signature }) => ({
    signed: flipped(rng, signed),
    signature,
  }),
  "altered signature": ({ rng }, { signed, signature }) => ({
    signed,
    signature: flipped(rng, signature),
  }),
  "altered field": ({ rng }, post) => {
    const signed = withField(post, place.ms, post.time.ms + 1 + randomBelow(rng, 1_000));
    return { signed, signature: post.signature };
  },
  "altered text": (_forger, post) => {
    const { body } = encodeBody({ kind: "text", text: "not what was said", reply: null });
    return { signed: withField(post, 10, body), signature: post.signature };
  },
  "another's signature": (_forger, { signed }, { signature }) => ({ signed, signature }),
  "random signature": ({ rng }, { signed }) => ({ signed, signature: randomBytes(rng, 64) }),
  "re-encoded": (forger, post) => ({ signed: respelt(forger, post), signature: post.signature }),
  "re-encoded by its author": (forger, post) =>
    signedAs(forger, forger.author, postTag, respelt(forger, post)),
  "moved to this room": ({ crypto, author, rng }, post) => {
    const elsewhere = signPost({ ...post, room: sampleId(rng) }, author.secretKey, crypto);
    return {
      signed: withField(elsewhere, place.room, fromId(post.room)),
      signature: elsewhere.signature,
    };
  },
  "of another room": ({ crypto, author, rng }, post) =>
    signPost({ ...post, room: sampleId(rng) }, author.secretKey, crypto),
  "signed by the forger": (forger, post) => signedAs(forger, forger.own, postTag, post.signed),
  "under the author's name": (forger, post) => {
    const signed = withField(post, place.seq, post.seq + 1_000);
    return signedAs(forger, forger.own, postTag, signed);
  },
  "under the forger's name": (forger, post) => ({
    signed: withField(post, place.author, forger.own.publicKey),
    signature: post.signature,
  }),
  "small-order author": ({ rng }, post) => {
    const signed = withField(post, place.author, smallOrderKey(rng));
    // R the neutral point and S zero: valid for every message under such a key.
    const signature = new Uint8Array(64);
    signature[0] = 1;
    if (rng.next() < 0.3) signature.set(smallOrderKey(rng));
    return { signed, signature };
  },
  "signature S + L": ({ rng }, { signed, signature }) => ({
    signed,
    signature: shiftedSignature(signature, BigInt(1 + randomBelow(rng, 15))),
  }),
  "signature of other words": (forger, post) => {
    const tags = ["", "starling/1 presence\0", "starling/1 link key\0", "starling/1 post"];
    return signedAs(
      forger,
      forger.author,
      tags[randomBelow(forger.rng, tags.length)]!,
      post.signed,
    );
  },
  "another format version": (forger, post) =>
    signedAs(forger, forger.author, postTag, withField(post, 0, 2)),
  "larger than a post": (forger, post) =>
    signedAs(
      forger,
      forger.author,
      postTag,
      withField(post, 10, new Uint8Array(defaultLimits.postBytesMax)),
    ),
};
