/** Posts: their bytes, ids and signatures, and the one order of every screen. */

import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { type CborValue, decodeCbor, encodeCbor, MalformedError } from "../../wire/cbor.ts";
import { type PostId, toId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";
import {
  comparePosts,
  compareTimes,
  decodePost,
  type Post,
  type SignedPost,
  signPost,
  verifyPost,
} from "../../wire/post.ts";
import { signPresence } from "../../wire/presence.ts";
import { assertOneSpelling } from "../one_spelling.ts";
import { randomBelow, seededRng } from "../rng.ts";
import { sampleId, samplePost } from "../samples.ts";
import { seededCrypto } from "../seeded_crypto.ts";

const crypto = seededCrypto(21);
const author = crypto.generateEd25519();
const rng = seededRng(21);
const post = samplePost(rng, author, crypto, { seq: 2 });

const envelope = ({ signed, signature }: SignedPost): SignedPost => ({ signed, signature });
const elements = () => [...decodeCbor(post.signed) as CborValue[]];
const decoded = (signed: Uint8Array) => decodePost({ signed, signature: post.signature }, crypto);

/** The bytes that the decoded fields make when they are signed again. */
function respell(signed: Uint8Array): Uint8Array {
  return signPost(decoded(signed), author.secretKey, crypto).signed;
}

function refused(change: (fields: CborValue[]) => void): void {
  const fields = elements();
  change(fields);
  assertThrows(() => decoded(encodeCbor(fields)), MalformedError);
}

function accepted(change: (fields: CborValue[]) => void): Post {
  const fields = elements();
  change(fields);
  return decoded(encodeCbor(fields));
}

Deno.test("decodePost gives back what signPost took, and verifyPost agrees, for 200 posts", () => {
  for (let i = 0; i < 200; i++) {
    const signed = samplePost(rng, author, crypto);
    const again = decodePost(envelope(signed), crypto);
    assertEquals(again, signed);
    assert(verifyPost(again, crypto));
    assertEquals(again.id, toId<PostId>(crypto.sha256(signed.signed)));
  }
});

Deno.test("decodePost keeps the very arrays that were received", () => {
  const received = envelope(post);
  const { signed, signature } = decodePost(received, crypto);
  assert(signed === received.signed && signature === received.signature);
});

Deno.test("decodePost keeps one spelling under every flipped bit, cut and byte too many", () => {
  for (const seq of [1, 2, 30]) {
    const { signed } = samplePost(rng, author, crypto, { seq });
    assertOneSpelling(signed, respell);
  }
});

Deno.test("verifyPost refuses a post with any bit of its bytes or of its signature flipped", () => {
  let judged = 0;
  for (let bit = 0; bit < 8 * post.signed.length; bit++) {
    const signed = post.signed.slice();
    signed[bit >> 3]! ^= 1 << (bit & 7);
    try {
      assert(!verifyPost(decoded(signed), crypto), `bit ${bit}`);
      judged++;
    } catch (error) {
      assert(error instanceof MalformedError, `bit ${bit}: ${error}`);
    }
  }
  assert(judged > 500);
  for (let bit = 0; bit < 8 * 64; bit++) {
    const signature = post.signature.slice();
    signature[bit >> 3]! ^= 1 << (bit & 7);
    assert(!verifyPost({ ...post, signature }, crypto), `bit ${bit} of the signature`);
  }
});

Deno.test("verifyPost refuses a signature by another key, of another room, and of a presence", () => {
  const other = crypto.generateEd25519();
  const forged = signPost(post, other.secretKey, crypto);
  assertEquals(forged.id, post.id);
  assert(!verifyPost(forged, crypto));
  const elsewhere = signPost({ ...post, room: sampleId(rng) }, author.secretKey, crypto);
  assertNotEquals(elsewhere.id, post.id);
  assert(!verifyPost({ ...elsewhere, signature: post.signature }, crypto));
  const word = signPresence(
    {
      room: post.room,
      author: post.author,
      time: post.time,
      state: "here",
      name: "Ann",
      reason: "",
    },
    author.secretKey,
    crypto,
  );
  assert(!verifyPost({ ...post, signed: word.signed, signature: word.signature }, crypto));
  assert(!crypto.verify(author.publicKey, post.signed, post.signature), "without a domain tag");
});

Deno.test("decodePost refuses another format version, and fields too few or too many", () => {
  refused((fields) => fields[0] = 2);
  refused((fields) => fields[0] = 0);
  refused((fields) => fields.push(null));
  refused((fields) => fields.pop());
  for (const signed of ["", "80", "f6", "01", "8b", "8b01"]) {
    assertThrows(() => decoded(Uint8Array.fromHex(signed)), MalformedError);
  }
});

Deno.test("decodePost refuses fields of another type, length or range", () => {
  const bounds: [index: number, least: number, most: number][] = [
    [1, 1, 65_535],
    [5, 2, 2 ** 53 - 1],
    [7, 0, 2 ** 48 - 1],
    [8, 0, 65_535],
  ];
  for (const [index, least, most] of bounds) {
    accepted((fields) => fields[index] = least);
    accepted((fields) => fields[index] = most);
    if (most < 2 ** 53 - 1) refused((fields) => fields[index] = most + 1);
    if (index !== 5 && least > 0) refused((fields) => fields[index] = least - 1);
  }
  for (const index of [2, 3, 4, 6]) {
    const length = index === 4 ? 8 : 32;
    for (const wrong of [0, length - 1, length + 1]) {
      refused((fields) => fields[index] = new Uint8Array(wrong));
    }
  }
  for (let index = 0; index < 11; index++) {
    for (const wrong of ["text", true, [1], [[]], index === 6 ? 1 : null]) {
      refused((fields) => fields[index] = wrong);
    }
  }
});

Deno.test("decodePost wants a link to the post before from the second on, and none in the first", () => {
  refused((fields) => fields[6] = null);
  refused((fields) => fields[5] = 1);
  refused((fields) => fields[5] = 0);
  const first = accepted((fields) => [fields[5], fields[6]] = [1, null]);
  assertEquals([first.seq, first.previous], [1, null]);
});

Deno.test("decodePost takes 4 heads and refuses a fifth", () => {
  const heads = (count: number) => Array.from({ length: count }, () => new Uint8Array(32));
  const { headsMax } = defaultLimits;
  assertEquals(accepted((fields) => fields[9] = heads(headsMax)).heads.length, headsMax);
  refused((fields) => fields[9] = heads(headsMax + 1));
});

Deno.test("decodePost and signPost take 20 KiB with the signature, and not one byte more", () => {
  const sized = (bytes: number) => {
    const small = signPost({ ...post, body: new Uint8Array(1_000) }, author.secretKey, crypto);
    const body = new Uint8Array(1_000 + bytes - 64 - small.signed.length);
    return signPost({ ...post, body }, author.secretKey, crypto);
  };
  const largest = sized(defaultLimits.postBytesMax);
  assertEquals(largest.signed.length + largest.signature.length, defaultLimits.postBytesMax);
  assertEquals(decodePost(envelope(largest), crypto).id, largest.id);
  assertThrows(() => sized(defaultLimits.postBytesMax + 1), RangeError, "too large");
  const fields = elements();
  fields[10] = new Uint8Array(largest.body.length + 1);
  assertThrows(() => decoded(encodeCbor(fields)), MalformedError, "too large");
  for (const length of [0, 63, 65]) {
    const signature = new Uint8Array(length);
    assertThrows(() => decodePost({ ...post, signature }, crypto), MalformedError, "signature");
  }
});

Deno.test("signPost gives equal fields equal ids, and the same words twice two ids", () => {
  assertEquals(signPost(post, author.secretKey, crypto).id, post.id);
  const next = signPost({ ...post, seq: 3, previous: post.id }, author.secretKey, crypto);
  assertNotEquals(next.id, post.id);
});

Deno.test("comparePosts puts 300 posts into one order, whatever order they came in", () => {
  const posts = Array.from({ length: 300 }, () => ({
    id: sampleId<PostId>(rng),
    time: { ms: randomBelow(rng, 20), counter: randomBelow(rng, 3) },
  }));
  const slow = (a: typeof posts[0], b: typeof posts[0]) => {
    const key = (p: typeof posts[0]) =>
      [p.time.ms, p.time.counter].map((n) => String(n).padStart(6, "0")).join("") + p.id;
    return key(a) < key(b) ? -1 : 1;
  };
  const sorted = posts.toSorted(comparePosts);
  assertEquals(sorted, posts.toSorted(slow));
  for (let i = 0; i < 5; i++) {
    const shuffled = posts.toSorted(() => rng.next() - 0.5);
    assertEquals(shuffled.sort(comparePosts), sorted);
  }
  assertEquals(comparePosts(posts[0]!, posts[0]!), 0);
  assert(compareTimes({ ms: 1, counter: 9 }, { ms: 2, counter: 0 }) < 0);
});
