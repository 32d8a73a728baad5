/** Private rooms on the wire: ids, tags, bodies, acts and seals fit where they belong and nowhere else. */

import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { encodeCbor, MalformedError } from "../../wire/cbor.ts";
import { commitmentOf, decodeEpoch, encodeEpoch, openSeal, sealEpoch } from "../../wire/epoch.ts";
import { fromId, type LogId, type PeerId, type PostId, type RoomId, toId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { type PostFields, postKind } from "../../wire/post.ts";
import {
  decodePrivateAct,
  encodePrivateAct,
  isProven,
  type PrivateAct,
  proveSealing,
} from "../../wire/private_acts.ts";
import {
  decodeVeiled,
  isVeiled,
  privateRoomId,
  roomTag,
  unveilBody,
  unveilName,
  veilBody,
  veilName,
} from "../../wire/private_room.ts";
import { encodeAct } from "../../wire/owned_room.ts";
import { randomBytes, seededRng } from "../rng.ts";
import { sampleId } from "../samples.ts";
import { seededCrypto } from "../seeded_crypto.ts";

const crypto = seededCrypto(411);
const rng = seededRng(411);
const keys = { ann: crypto.generateEd25519(), bo: crypto.generateEd25519() };
const [ann, bo] = [toId<PeerId>(keys.ann.publicKey), toId<PeerId>(keys.bo.publicKey)];
const secret = crypto.randomBytes(32);
const epoch = sampleId<PostId>(rng);

const head: Omit<PostFields, "body"> = {
  kind: postKind.text,
  room: sampleId<RoomId>(rng),
  author: ann,
  log: sampleId<LogId>(rng, 8),
  seq: 2 ** 40 + 7,
  previous: sampleId<PostId>(rng),
  time: { ms: 1_795_200_000_000, counter: 3 },
  heads: [sampleId<PostId>(rng)],
};

/** The same with one field changed, for each field that is signed before the body. */
const others: readonly Partial<typeof head>[] = [
  { kind: postKind.action },
  { room: sampleId<RoomId>(rng) },
  { author: bo },
  { log: sampleId<LogId>(rng, 8) },
  { seq: head.seq + 1 },
  { previous: sampleId<PostId>(rng) },
  { time: { ms: 1_795_200_000_001, counter: 3 } },
  { time: { ms: 1_795_200_000_000, counter: 4 } },
  { heads: [] },
];

Deno.test("privateRoomId() is another for each founder and secret", () => {
  const id = privateRoomId(ann, secret, crypto);
  assertEquals(id, privateRoomId(ann, secret.slice(), crypto));
  assertNotEquals(id, privateRoomId(bo, secret, crypto));
  assertNotEquals(id, privateRoomId(ann, crypto.randomBytes(32), crypto));
});

Deno.test("roomTag() is another for each secret, handshake, round and person", () => {
  const hash = randomBytes(rng, 32);
  const tags = [
    roomTag(secret, hash, 0, ann, crypto),
    roomTag(crypto.randomBytes(32), hash, 0, ann, crypto),
    roomTag(secret, randomBytes(rng, 32), 0, ann, crypto),
    roomTag(secret, hash, 1, ann, crypto),
    roomTag(secret, hash, 0, bo, crypto),
  ].map((tag) => tag.toHex());
  assertEquals(new Set(tags).size, tags.length);
  assertEquals(tags[0], roomTag(secret, hash, 0, ann, crypto).toHex());
  assertEquals(tags[0]!.length, 32);
});

Deno.test("unveilBody(): a body opens in its own post and under its own secret alone", () => {
  const plain = randomBytes(rng, 200);
  const body = decodeVeiled(veilBody(head, plain, epoch, secret, crypto));
  assertEquals(body.epoch, epoch);
  assertEquals(unveilBody(head, body, secret, crypto), plain);
  for (const other of others) {
    assertEquals(unveilBody({ ...head, ...other }, body, secret, crypto), null);
  }
  assertEquals(unveilBody(head, body, crypto.randomBytes(32), crypto), null);
  for (let bit = 0; bit < body.box.length * 8; bit += 5) {
    const box = body.box.slice();
    box[bit >> 3]! ^= 1 << (bit & 7);
    assertEquals(unveilBody(head, { ...body, box }, secret, crypto), null);
  }
});

Deno.test("veilBody(): a place that is written twice takes another key each time", () => {
  const plain = new Uint8Array(40);
  const boxes = Array.from(
    { length: 64 },
    () => decodeVeiled(veilBody(head, plain, epoch, secret, crypto)).box.toHex(),
  );
  assertEquals(new Set(boxes).size, boxes.length);
});

Deno.test("veilBody(): the longest text still fits a post", () => {
  const plain = encodeCbor(["x".repeat(defaultLimits.textBytesMax), fromId(epoch)]);
  const body = veilBody({ ...head, heads: [epoch, epoch, epoch, epoch] }, plain, epoch, secret, {
    ...crypto,
  });
  assert(body.length + 600 < defaultLimits.postBytesMax);
});

Deno.test("isVeiled(): words and names are, what the protocol is made of is not", () => {
  const veiled = Object.entries(postKind).filter(([, kind]) => isVeiled(kind)).map(([name]) =>
    name
  );
  assertEquals(veiled, ["text", "action", "profile", "topic", "announcement"]);
});

Deno.test("decodeVeiled() refuses what is no encrypted body", () => {
  const right = [fromId(epoch), new Uint8Array(16), new Uint8Array(20)];
  for (
    const wrong of [
      encodeCbor("text"),
      encodeCbor([]),
      encodeCbor([fromId(epoch).slice(1), ...right.slice(1)]),
      encodeCbor([right[0]!, new Uint8Array(15), right[2]!]),
      encodeCbor([right[0]!, right[1]!, "box"]),
      new Uint8Array([0xff]),
    ]
  ) assertThrows(() => decodeVeiled(wrong), MalformedError);
});

Deno.test("unveilName() gives the name back to whoever knows the secret", () => {
  const box = veilName("Küche 厨房", ann, secret, crypto);
  assertEquals(unveilName(box, ann, secret, crypto), "Küche 厨房");
  assertEquals(unveilName(box, bo, secret, crypto), null);
  assertEquals(unveilName(box, ann, crypto.randomBytes(32), crypto), null);
  assertEquals(unveilName(box.subarray(0, 9), ann, secret, crypto), null);
});

const logs = [{ log: head.log, seq: 3, id: epoch }];
const proof = proveSealing(randomBytes(rng, 32), keys.bo.secretKey, crypto);

Deno.test("decodePrivateAct() gives back what encodePrivateAct() wrote, for each act", () => {
  const nameBox = veilName("x".repeat(64), ann, secret, crypto);
  const acts: PrivateAct[] = [
    { act: "found-private", nameBox, sealing: proof.sealing, history: true },
    { act: "add", peer: bo, logs, proof, invite: null },
    { act: "add", peer: bo, logs: [], proof, invite: randomBytes(rng, 32) },
    ...(["admin", "no-admin", "remove"] as const).map((act) => ({ act, peer: bo, logs })),
    { act: "close" },
  ];
  for (const act of acts) {
    const { kind, body } = encodePrivateAct(act);
    assertEquals(decodePrivateAct(kind, body), act);
  }
});

Deno.test("decodePrivateAct() leaves alone what belongs into owned rooms", () => {
  for (
    const act of [
      { act: "found", name: "club", salt: new Uint8Array(16) },
      { act: "readmit", peer: bo, logs },
    ] as const
  ) {
    const { kind, body } = encodeAct(act);
    assertEquals(decodePrivateAct(kind, body), null);
  }
  const kind = postKind.membership;
  assertEquals(decodePrivateAct(postKind.text, encodeCbor([7])), null);
  for (
    const wrong of [
      encodeCbor([6, new Uint8Array(129), new Uint8Array(32), true]),
      encodeCbor([6, new Uint8Array(60), new Uint8Array(32), 1]),
      encodeCbor([7, fromId(bo), [], new Uint8Array(31), new Uint8Array(64), null]),
      encodeCbor([7, fromId(bo), [], new Uint8Array(32), new Uint8Array(63), null]),
      encodeCbor([7, fromId(bo), [], new Uint8Array(32), new Uint8Array(64)]),
    ]
  ) assertThrows(() => decodePrivateAct(kind, wrong), MalformedError);
});

Deno.test("isProven(): nobody gives somebody else a sealing key", () => {
  assert(isProven(proof, bo, crypto));
  assert(!isProven(proof, ann, crypto));
  assert(!isProven({ ...proof, sealing: randomBytes(rng, 32) }, bo, crypto));
});

Deno.test("openSeal(): an epoch's secret opens for its member, in its post", () => {
  const pair = crypto.generateX25519();
  const commitment = commitmentOf(head.room, secret, crypto);
  const seal = sealEpoch(head, { peer: bo, sealing: pair.publicKey }, epoch, secret, crypto)!;
  const older = crypto.generateX25519();
  const body = encodeEpoch({ commitment: null, seals: [seal] });
  const [read] = decodeEpoch(body).seals;
  assertEquals(read, seal);
  assertEquals(openSeal(head, seal, commitment, [pair, older], crypto), secret);
  assertEquals(openSeal(head, { ...seal, to: ann }, commitment, [pair], crypto), null);
  assertEquals(openSeal(head, seal, commitment, [older], crypto), null);
  assertEquals(openSeal(head, seal, randomBytes(rng, 32), [pair], crypto), null);
  for (const other of others) {
    assertEquals(openSeal({ ...head, ...other }, seal, commitment, [pair], crypto), null);
  }
});

Deno.test("sealEpoch(): nothing is sealed to a point of small order", () => {
  const to = { peer: bo, sealing: new Uint8Array(32) };
  assertEquals(sealEpoch(head, to, null, secret, crypto), null);
});

Deno.test("decodeEpoch(): a post holds 128 seals, and each names its epoch", () => {
  const seal = { to: bo, epoch, enc: randomBytes(rng, 32), box: randomBytes(rng, 48) };
  const most = Array.from({ length: defaultLimits.sealsMax }, () => seal);
  const full = encodeEpoch({ commitment: null, seals: most });
  assertEquals(decodeEpoch(full).seals.length, defaultLimits.sealsMax);
  assert(full.length + 600 < defaultLimits.postBytesMax, `${full.length}`);
  const more = encodeEpoch({ commitment: null, seals: [...most, seal] });
  assertThrows(() => decodeEpoch(more), MalformedError, "too many seals");
  const nameless = encodeEpoch({ commitment: null, seals: [{ ...seal, epoch: null }] });
  assertThrows(() => decodeEpoch(nameless), MalformedError, "no epoch");
});
