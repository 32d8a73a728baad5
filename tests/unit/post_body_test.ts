/** The bodies of posts: what each kind holds, and what makes a reader refuse one. */

import { assert, assertEquals, assertLessOrEqual, assertThrows } from "@std/assert";
import { type CborValue, encodeCbor, MalformedError } from "../../wire/cbor.ts";
import type { PostId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { postKind, signPost } from "../../wire/post.ts";
import { decodeBody, encodeBody, type PostBody } from "../../wire/post_body.ts";
import { assertOneSpelling } from "../one_spelling.ts";
import { seededRng } from "../rng.ts";
import { sampleId, samplePost } from "../samples.ts";
import { seededCrypto } from "../seeded_crypto.ts";

const rng = seededRng(31);
const target = sampleId<PostId>(rng);
const longest = "é".repeat(defaultLimits.textBytesMax / 2);

const bodies: readonly PostBody[] = [
  { kind: "text", text: "hello", reply: null },
  { kind: "text", text: "你好，世界 👩‍👩‍👧\n\ttwo lines", reply: target },
  { kind: "text", text: "\ufeffwith a byte order mark", reply: null },
  { kind: "action", text: "waves", reply: null },
  { kind: "announcement", text: "the room moves", reply: target },
  { kind: "topic", text: "gardening" },
  { kind: "topic", text: "" },
  { kind: "profile", name: "Ann 你好" },
  { kind: "tombstone", target },
];
const wordy = [postKind.text, postKind.action, postKind.announcement];

const refused = (kind: number, value: CborValue) =>
  assertThrows(() => decodeBody(kind, encodeCbor(value)), MalformedError);

Deno.test("encodeBody and decodeBody agree on every kind that this version reads", () => {
  for (const body of bodies) {
    const { kind, body: bytes } = encodeBody(body);
    assertEquals(kind, postKind[body.kind]);
    assertEquals(decodeBody(kind, bytes), body);
  }
});

Deno.test("decodeBody keeps one spelling under every flipped bit, cut and byte too many", () => {
  for (const body of bodies) {
    const { kind, body: bytes } = encodeBody(body);
    assertOneSpelling(bytes, (data) => encodeBody(decodeBody(kind, data)!).body);
  }
});

Deno.test("decodeBody gives null for kinds that it does not know, and does not look inside", () => {
  const known = new Set<number>(bodies.map(({ kind }) => postKind[kind]));
  for (const kind of [...Object.values(postKind), 12, 65_535]) {
    if (!known.has(kind)) assertEquals(decodeBody(kind, Uint8Array.of(0xff, 0xff)), null);
  }
});

Deno.test("decodeBody ignores elements after those it knows, which a later version may add", () => {
  assertEquals(decodeBody(postKind.text, encodeCbor(["hi", null, "later", [1]])), {
    kind: "text",
    text: "hi",
    reply: null,
  });
  assertEquals(decodeBody(postKind.topic, encodeCbor(["hi", 1])), { kind: "topic", text: "hi" });
});

Deno.test("decodeBody refuses a body that is no array, too short, or of other types", () => {
  for (const kind of [...wordy, postKind.topic, postKind.profile, postKind.tombstone]) {
    for (const value of ["hi", 1, null, new Uint8Array(32), [], [null], [1], [[]]]) {
      refused(kind, value);
    }
    assertThrows(() => decodeBody(kind, new Uint8Array(0)), MalformedError);
  }
  for (const kind of wordy) {
    refused(kind, ["hi"]);
    for (const reply of [0, "", new Uint8Array(31), new Uint8Array(33)]) {
      refused(kind, ["hi", reply]);
    }
  }
  for (const length of [0, 8, 31, 33]) refused(postKind.tombstone, [new Uint8Array(length)]);
});

Deno.test("decodeBody refuses texts that say nothing, hold NUL or are too long", () => {
  for (const text of ["", " ", "\n\t\u3000", "a\0b", "x".repeat(16_385), longest + "x"]) {
    for (const kind of wordy) refused(kind, [text, null]);
    if (text !== "") refused(postKind.topic, [text]);
  }
  for (const name of ["", " ", "\u200b\u2060", "a\nb", "a\0b", "x".repeat(65)]) {
    refused(postKind.profile, [name]);
  }
});

Deno.test("decodeBody refuses half a character, which CBOR would carry only as wrong UTF-8", () => {
  const body = encodeCbor(["abc", null]);
  body.set(Uint8Array.fromHex("eda080"), 2);
  assertThrows(() => decodeBody(postKind.text, body), MalformedError);
});

Deno.test("encodeBody makes the longest text fit a post with all its other fields", () => {
  const crypto = seededCrypto(31);
  const author = crypto.generateEd25519();
  const body: PostBody = { kind: "announcement", text: longest, reply: target };
  const post = samplePost(rng, author, crypto, { body, seq: 2 });
  const heads = Array.from({ length: defaultLimits.headsMax }, () => sampleId<PostId>(rng));
  const time = { ms: 2 ** 48 - 1, counter: 65_535 };
  const fullest = signPost(
    { ...post, heads, time, seq: 2 ** 53 - 1 },
    author.secretKey,
    crypto,
  );
  assertLessOrEqual(fullest.signed.length + 64, defaultLimits.postBytesMax);
  assert(decodeBody(fullest.kind, fullest.body)?.kind === "announcement");
});
