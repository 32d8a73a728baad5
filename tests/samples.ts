/**
 * Random values of everything that travels, for the tests of codecs and as what the fuzzer
 * begins with. The same generator state gives the same values.
 */

import type { Rng } from "../peer/ports.ts";
import { type CborValue, encodeCbor } from "../wire/cbor.ts";
import type { CryptoSuite, KeyPair } from "../wire/crypto_suite.ts";
import { type Id, type LogId, type PeerId, type PostId, type RoomId, toId } from "../wire/ids.ts";
import { signRecord } from "../wire/address_record.ts";
import type { BriefPost } from "../wire/brief.ts";
import { defaultLimits } from "../wire/limits.ts";
import { markOf } from "../wire/mark.ts";
import type { Message } from "../wire/message.ts";
import type {
  FloorEntry,
  FrontierEntry,
  RecordEntry,
  RelayedPost,
  WantedRange,
} from "../wire/message_entries.ts";
import { type Post, type SignedPost, signPost } from "../wire/post.ts";
import { encodeBody, type PostBody } from "../wire/post_body.ts";
import { type SignedPresence, signPresence } from "../wire/presence.ts";
import { logMark, type SignedReceipt, signReceipt } from "../wire/receipt.ts";
import { randomBelow, randomBytes } from "./rng.ts";

/** A random identifier: 32 bytes, or 8 for a log. */
export function sampleId<T extends Id>(rng: Rng, bytes: 32 | 8 = 32): T {
  return toId<T>(randomBytes(rng, bytes));
}

const texts = ["hello", "", "\ufeff", "你好，世界", "👩‍👩‍👧 family", "a\0b", "line\nline", "e\u0301"];

/** A random value of the CBOR subset. */
export function sampleValue(rng: Rng, depthMax: number): CborValue {
  const edges = [0, 23, 24, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1];
  switch (randomBelow(rng, depthMax > 0 ? 8 : 6)) {
    case 0:
      return rng.next() < 0.5;
    case 1:
      return null;
    case 2:
      return randomBytes(rng, randomBelow(rng, 40));
    case 3:
      return texts[randomBelow(rng, texts.length)]!;
    case 4:
      return edges[randomBelow(rng, edges.length)]!;
    case 5:
      return randomBelow(rng, 2 ** (1 + randomBelow(rng, 32)));
    default:
      return Array.from({ length: randomBelow(rng, 6) }, () => sampleValue(rng, depthMax - 1));
  }
}

/** What a sample post is made of, where that matters. */
export interface PostWishes {
  readonly room?: RoomId;
  readonly log?: LogId;
  readonly seq?: number;
  readonly previous?: PostId | null;
  readonly body?: PostBody;
  readonly ms?: number;
}

/** A random post, signed by `author`. */
export function samplePost(
  rng: Rng,
  author: KeyPair,
  crypto: CryptoSuite,
  wishes: PostWishes = {},
): Post {
  const seq = wishes.seq ?? 1 + randomBelow(rng, 3);
  const body: PostBody = wishes.body ?? { kind: "text", text: "hello there", reply: null };
  return signPost(
    {
      ...encodeBody(body),
      room: wishes.room ?? sampleId(rng),
      author: toId<PeerId>(author.publicKey),
      log: wishes.log ?? sampleId(rng, 8),
      seq,
      previous: wishes.previous ?? (seq === 1 ? null : sampleId(rng)),
      time: { ms: wishes.ms ?? 1_795_200_000_000 + randomBelow(rng, 1_000_000), counter: 0 },
      heads: Array.from({ length: randomBelow(rng, 5) }, () => sampleId<PostId>(rng)),
    },
    author.secretKey,
    crypto,
  );
}

/** A random presence, signed by `author`. */
export function samplePresence(
  rng: Rng,
  author: KeyPair,
  crypto: CryptoSuite,
  wishes: Partial<SignedPresence> = {},
): SignedPresence {
  const states = ["here", "away", "left"] as const;
  return signPresence(
    {
      room: wishes.room ?? sampleId(rng),
      author: toId<PeerId>(author.publicKey),
      time: wishes.time ?? { ms: 1_795_200_000_000 + randomBelow(rng, 1_000), counter: 3 },
      state: wishes.state ?? states[randomBelow(rng, 3)]!,
      name: wishes.name ?? "Ann 你好",
      reason: wishes.reason ?? (rng.next() < 0.5 ? "" : "at lunch"),
    },
    author.secretKey,
    crypto,
  );
}

/** What somebody holds of a few logs. */
export function sampleReceipt(
  rng: Rng,
  author: KeyPair,
  crypto: CryptoSuite,
  room: RoomId,
): SignedReceipt {
  const held = Array.from({ length: randomBelow(rng, 3) }, () => ({
    mark: logMark(sampleId(rng), sampleId(rng, 8), crypto),
    ranges: [[1 + randomBelow(rng, 4), 5 + randomBelow(rng, 300)] as const],
  }));
  const time = {
    ms: 1_795_200_000_000 + randomBelow(rng, 1_000_000),
    counter: randomBelow(rng, 9),
  };
  const peer = toId<PeerId>(author.publicKey);
  return signReceipt({ room, author: peer, time, held }, author.secretKey, crypto);
}

/** A post as gossip brings it; `wide` if it goes to all neighbours. */
export function relayed({ signed, signature }: SignedPost, hops = 1, wide = false): RelayedPost {
  return wide ? { signed, signature, hops, wide } : { signed, signature, hops };
}

function sampleFloor(rng: Rng): FloorEntry {
  const kept = sampleRanges(rng, 0).slice(0, 3);
  return {
    author: sampleId(rng, 32),
    log: sampleId(rng, 8),
    seq: (kept.at(-1)?.[1] ?? 0) + 1 + randomBelow(rng, 9),
    id: sampleId(rng, 32),
    kept,
  };
}

/** Where `author` can be dialled, as members tell one another. */
export function sampleRecord(
  rng: Rng,
  author: KeyPair,
  crypto: CryptoSuite,
  wishes: { readonly timeMs?: number; readonly addresses?: readonly string[] } = {},
): RecordEntry {
  const { signed, signature } = signRecord(
    {
      author: toId<PeerId>(author.publicKey),
      timeMs: wishes.timeMs ?? 1_795_200_000_000 + randomBelow(rng, 1_000_000),
      port: 1 + randomBelow(rng, 65_535),
      addresses: wishes.addresses ?? ["10.0.0.5:9797", "[2001:db8::1]:9797"],
    },
    author.secretKey,
    crypto,
  );
  return { signed, signature, hint: rng.next() < 0.5 ? null : "10.0.0.5:9797" };
}

/** Ascending ranges above `floor`. */
function sampleRanges(rng: Rng, floor: number): [number, number][] {
  let last = floor;
  return Array.from({ length: randomBelow(rng, 4) }, () => {
    const from = last + 1 + randomBelow(rng, 40);
    last = from + randomBelow(rng, 1_000);
    return [from, last];
  });
}

function sampleEntry(rng: Rng): FrontierEntry {
  const top = randomBelow(rng, 3) * randomBelow(rng, 100_000);
  return {
    author: sampleId(rng),
    log: sampleId(rng, 8),
    top,
    topId: top === 0 ? null : sampleId(rng),
    above: sampleRanges(rng, top),
  };
}

function sampleWant(rng: Rng): WantedRange {
  const from = 1 + randomBelow(rng, 300);
  return { author: sampleId(rng), log: sampleId(rng, 8), from, to: from + randomBelow(rng, 300) };
}

/** One message of each type, in the order of their numbers. */
export function sampleMessages(
  rng: Rng,
  author: KeyPair,
  crypto: CryptoSuite,
  room: RoomId = sampleId(rng),
): Message[] {
  const some = <T>(most: number, make: () => T) =>
    Array.from({ length: randomBelow(rng, most + 1) }, make);
  const post = () => {
    const { signed, signature } = samplePost(rng, author, crypto, { room });
    return { signed, signature };
  };
  const word = () => {
    const { signed, signature } = samplePresence(rng, author, crypto, { room });
    return { signed, signature };
  };
  const receipt = () => {
    const { signed, signature } = sampleReceipt(rng, author, crypto, room);
    return { signed, signature };
  };
  const record = () => sampleRecord(rng, author, crypto);
  const hello = record();
  const mark = () => markOf(sampleId(rng));
  const refusals = [
    "unknown",
    "expired",
    "revoked",
    "used-up",
    "not-maker",
    "removed",
    "later",
  ] as const;
  const reasons = ["leaving", "duplicate", "full", "disconnect", "idle"] as const;
  return [
    {
      type: "hello",
      wallMs: 1_795_200_000_000 + randomBelow(rng, 1_000_000),
      record: rng.next() < 0.5 ? null : { signed: hello.signed, signature: hello.signature },
      observed: "[2001:db8::1]:40000",
    },
    { type: "join", room },
    { type: "leave", room },
    {
      type: "posts",
      room,
      posts: some(2, () => relayed(post(), randomBelow(rng, 128), rng.next() < 0.5)),
    },
    { type: "have", room, log: sampleId(rng, 8), ranges: sampleRanges(rng, 0) },
    { type: "frontier", room, entries: some(3, () => sampleEntry(rng)), last: rng.next() < 0.5 },
    {
      type: "want",
      room,
      request: randomBelow(rng, 1_000),
      ranges: some(3, () => sampleWant(rng)),
    },
    { type: "page", room, request: 7, posts: some(2, post), last: rng.next() < 0.5 },
    { type: "presence", presences: some(2, word) },
    { type: "ping", nonce: randomBelow(rng, 2 ** 32) },
    { type: "pong", nonce: randomBelow(rng, 2 ** 32) },
    { type: "rekey" },
    { type: "goodbye", reason: reasons[randomBelow(rng, 5)]! },
    { type: "neighbour", room, others: randomBelow(rng, 4) },
    { type: "rest", room },
    { type: "walk", room, hopsLeft: randomBelow(rng, 7), entry: record() },
    { type: "members", room, entries: some(3, record), ask: rng.next() < 0.5 },
    { type: "ihave", room, marks: some(4, mark) },
    { type: "graft", room, marks: some(4, mark) },
    { type: "prune", room },
    {
      type: "digest",
      room,
      buckets: [...new Set(some(4, () => randomBelow(rng, 256)))].sort((a, b) => a - b)
        .map((bucket) => ({ bucket, hash: sampleId<LogId>(rng, 8) })),
    },
    { type: "receipts", room, receipts: some(2, receipt) },
    { type: "floors", room, floors: some(3, () => sampleFloor(rng)) },
    { type: "seek", room, request: 9, id: sampleId(rng), most: 1 + randomBelow(rng, 64) },
    {
      type: "forks",
      room,
      entries: some(2, () => ({
        author: sampleId<PeerId>(rng),
        log: sampleId<LogId>(rng, 8),
        ends: some(3, () => ({ seq: 1 + randomBelow(rng, 300), id: sampleId<PostId>(rng) })),
      })),
    },
    {
      type: "redeem",
      salt: randomBytes(rng, 16),
      tag: randomBytes(rng, 16),
      box: randomBytes(rng, 176),
    },
    {
      type: "welcome",
      tag: randomBytes(rng, 16),
      enc: randomBytes(rng, 32),
      box: randomBytes(rng, randomBelow(rng, defaultLimits.welcomeBytesMax + 1)),
    },
    { type: "refused", tag: randomBytes(rng, 16), reason: refusals[randomBelow(rng, 7)]! },
    { type: "brief", anew: rng.next() < 0.5, posts: some(3, () => sampleBrief(rng, room)) },
    { type: "again", number: randomBelow(rng, 2 ** 40) },
  ];
}

/** A brief post that refers to anything. */
function sampleBrief(rng: Rng, room: RoomId): BriefPost {
  const reference = () => rng.next() < 0.5 ? sampleId<PostId>(rng) : randomBelow(rng, 100);
  const place = () => randomBelow(rng, defaultLimits.briefLogsMax);
  const log: BriefPost["log"] = rng.next() < 0.5 ? place() : {
    room: rng.next() < 0.5 ? room : place(),
    author: sampleId(rng),
    log: sampleId(rng, 8),
  };
  return {
    log,
    kind: 1 + randomBelow(rng, 12),
    step: 1 + randomBelow(rng, 3),
    previous: rng.next() < 0.5 ? null : reference(),
    ms: randomBelow(rng, 100_000),
    counter: randomBelow(rng, 10),
    heads: Array.from({ length: randomBelow(rng, 5) }, reference),
    body: randomBytes(rng, randomBelow(rng, 50)),
    signature: randomBytes(rng, 64),
    hops: randomBelow(rng, 128),
    wide: rng.next() < 0.5,
  };
}

/** A message with a number and elements of the caller's choice. */
export function rawMessage(...elements: readonly CborValue[]): Uint8Array {
  return encodeCbor(elements);
}
