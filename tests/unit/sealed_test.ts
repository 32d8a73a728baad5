/** Sealed bodies: they open in their own post, for their own recipient, and nowhere else. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { encodeCbor, MalformedError } from "../../wire/cbor.ts";
import { type LogId, type PeerId, type PostId, type RoomId, toId } from "../../wire/ids.ts";
import { postKind } from "../../wire/post.ts";
import {
  decodeContent,
  decodeSealedBody,
  encodeContent,
  hintOf,
  type LetterContent,
  openContent,
  pairSecret,
  type PostHead,
  sealContent,
} from "../../wire/sealed.ts";
import { randomBytes, seededRng } from "../rng.ts";
import { sampleId } from "../samples.ts";
import { seededCrypto } from "../seeded_crypto.ts";

const crypto = seededCrypto(301);
const rng = seededRng(301);
const peer = () => toId<PeerId>(crypto.generateEd25519().publicKey);
const [ann, bo, eve] = [peer(), peer(), peer()];
const hints = { ann: crypto.generateX25519(), bo: crypto.generateX25519() };
const sealing = crypto.generateX25519();
const secret = pairSecret(hints.ann.secretKey, hints.bo.publicKey, [ann, bo], crypto)!;

const head: PostHead = {
  kind: postKind.sealed,
  room: sampleId<RoomId>(rng),
  author: ann,
  log: sampleId<LogId>(rng, 8),
  seq: 7,
  previous: sampleId<PostId>(rng),
  time: { ms: 1_795_200_000_000, counter: 3 },
  heads: [sampleId<PostId>(rng), sampleId<PostId>(rng)],
};
const words: LetterContent = { kind: "text", text: "under the oak", reply: null };

function seal(content: LetterContent = words, at: PostHead = head): Uint8Array {
  const from = { publicKey: hints.ann.publicKey, secret };
  return sealContent(at, bo, sealing.publicKey, from, content, crypto)!;
}

const open = (body: Uint8Array, at: PostHead = head, to = bo, key = sealing) =>
  openContent(at, decodeSealedBody(body), to, key, crypto);

Deno.test("sealContent: what is sealed opens again, for each kind of content", () => {
  const contents: LetterContent[] = [
    words,
    { kind: "action", text: "waves 你好", reply: sampleId<PostId>(rng) },
    { kind: "resend", id: sampleId<PostId>(rng), sealing: randomBytes(rng, 32) },
    { kind: "text", text: "x".repeat(16_384), reply: sampleId<PostId>(rng) },
  ];
  for (const content of contents) {
    const plain = open(seal(content));
    assert(plain !== null);
    assertEquals(decodeContent(plain), content);
  }
});

Deno.test("openContent: a ciphertext opens in no other post, for nobody else and with no other key", () => {
  const body = seal();
  const elsewhere: Partial<PostHead>[] = [
    { author: eve },
    { room: sampleId<RoomId>(rng) },
    { log: sampleId<LogId>(rng, 8) },
    { seq: 8 },
    { previous: sampleId<PostId>(rng) },
    { time: { ms: head.time.ms + 1, counter: 3 } },
    { time: { ms: head.time.ms, counter: 4 } },
    { heads: [] },
    { kind: postKind.text },
  ];
  for (const change of elsewhere) {
    assertEquals(open(body, { ...head, ...change }), null, JSON.stringify(change));
  }
  assertEquals(open(body, head, eve), null);
  assertEquals(open(body, head, bo, crypto.generateX25519()), null);
  // Eve's own key under Bo's name: what is sealed to her says so.
  const evil = crypto.generateX25519();
  assertEquals(open(body, head, eve, { ...evil, publicKey: sealing.publicKey }), null);
});

Deno.test("openContent: no bit of a body can be changed", () => {
  const body = seal();
  const fields = decodeSealedBody(body);
  let refused = 0;
  for (let bit = 0; bit < body.length * 8; bit++) {
    const changed = body.slice();
    changed[bit >> 3]! ^= 1 << (bit & 7);
    try {
      const decoded = decodeSealedBody(changed);
      assertEquals(openContent(head, decoded, bo, sealing, crypto), null, `bit ${bit}`);
    } catch (error) {
      assert(error instanceof MalformedError, `bit ${bit}: ${error}`);
    }
    refused++;
  }
  assertEquals(refused, body.length * 8);
  assertEquals(fields.hintKey, hints.ann.publicKey);
});

Deno.test("sealContent: lengths tell a bucket and no more", () => {
  const boxBytes = (letters: number) =>
    decodeSealedBody(seal({ ...words, text: "x".repeat(letters) } as LetterContent)).box.length;
  const sizes = new Map<number, number>();
  for (let letters = 1; letters <= 16_384; letters += 61) {
    const size = boxBytes(letters);
    sizes.set(size, (sizes.get(size) ?? 0) + 1);
  }
  assertEquals([...sizes.keys()].map((size) => size - 16), [
    ...[256, 512, 1_024, 2_048, 4_096, 8_192, 16_640],
  ]);
  assertEquals(boxBytes(1), boxBytes(240));
});

Deno.test("hintOf: the two compute the same, another pair, room, log or sequence another", () => {
  const other = pairSecret(hints.bo.secretKey, hints.ann.publicKey, [bo, ann], crypto)!;
  assertEquals(other, secret);
  const hint = hintOf(secret, head, crypto).toHex();
  assertEquals(hintOf(other, head, crypto).toHex(), hint);
  assertEquals(decodeSealedBody(seal()).hint.toHex(), hint);
  const mine = crypto.generateX25519();
  // Whoever claims Ann's hint key as an own one has another name, and so another secret.
  const claimed = pairSecret(hints.bo.secretKey, hints.ann.publicKey, [bo, eve], crypto)!;
  const strange = pairSecret(mine.secretKey, hints.bo.publicKey, [eve, bo], crypto)!;
  const all = [
    hintOf(claimed, head, crypto),
    hintOf(strange, head, crypto),
    hintOf(secret, { ...head, room: sampleId<RoomId>(rng) }, crypto),
    hintOf(secret, { ...head, author: bo }, crypto),
    hintOf(secret, { ...head, log: sampleId<LogId>(rng, 8) }, crypto),
    hintOf(secret, { ...head, seq: 8 }, crypto),
  ].map((each) => each.toHex());
  assertEquals(new Set([hint, ...all]).size, 7);
  assertEquals(pairSecret(mine.secretKey, new Uint8Array(32), [eve, bo], crypto), null);
});

Deno.test("decodeContent: refuses what is none, and leaves out what a later version seals", () => {
  const refused = [
    encodeCbor("x"),
    encodeCbor([1]),
    encodeCbor([1, "", null]),
    encodeCbor([1, "a\0", null]),
    encodeCbor([1, "x".repeat(16_385), null]),
    encodeCbor([2, "x", new Uint8Array(31)]),
    encodeCbor([3, new Uint8Array(32), new Uint8Array(31)]),
  ];
  for (const data of refused) assertThrows(() => decodeContent(data), MalformedError);
  assertEquals(decodeContent(encodeCbor([4, 1])), null);
  assertEquals(decodeContent(encodeContent(words)), words);
  for (const body of [encodeCbor([]), encodeCbor(1), encodeCbor([new Uint8Array(32)])]) {
    assertThrows(() => decodeSealedBody(body), MalformedError);
  }
});

Deno.test("sealContent: the same words in the same place are never sealed with one key twice", () => {
  const bodies = Array.from({ length: 50 }, () => decodeSealedBody(seal()));
  assertEquals(new Set(bodies.map(({ enc }) => enc.toHex())).size, 50);
  assertEquals(new Set(bodies.map(({ box }) => box.toHex())).size, 50);
  // The hint says only whose it is.
  assertEquals(new Set(bodies.map(({ hint }) => hint.toHex())).size, 1);
});
