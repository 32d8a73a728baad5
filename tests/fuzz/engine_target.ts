/**
 * The engine under fire: varied messages of every type, in the room that it has open. Some of
 * the posts and presences in them are genuine, so that inputs get past the signatures.
 */

import { decodeCborSequence, encodeCbor } from "../../wire/cbor.ts";
import { type LogId, type PeerId, type PostId, toId } from "../../wire/ids.ts";
import { markOf } from "../../wire/mark.ts";
import type { Message } from "../../wire/message.ts";
import { encodeMessage } from "../../wire/message_encode.ts";
import { type Post, type SignedPost, signPost } from "../../wire/post.ts";
import { encodeBody, type PostBody } from "../../wire/post_body.ts";
import { publicRoomId } from "../../wire/text.ts";
import { seededRng } from "../rng.ts";
import { relayed, sampleMessages, samplePresence, sampleRecord } from "../samples.ts";
import { seededCrypto } from "../seeded_crypto.ts";
import { loneEpochMs } from "../lone_engine.ts";
import { FuzzedEngine } from "./fuzzed_engine.ts";
import type { Target } from "./target.ts";

const crypto = seededCrypto(221);
const identity = crypto.generateEd25519();
const author = crypto.generateEd25519();
const room = publicRoomId("lobby", crypto);
const ownLog = toId<LogId>(new Uint8Array(8).fill(1));
const log = toId<LogId>(new Uint8Array(8).fill(7));
const authorId = toId<PeerId>(author.publicKey);

const bodies: readonly PostBody[] = [
  { kind: "profile", name: "Ann" },
  { kind: "text", text: "hello", reply: null },
  { kind: "topic", text: "gardening" },
  { kind: "action", text: "waves", reply: null },
];

/** A log of 40 posts of every kind, and one post that parts from it at the 12th. */
function writeLog(): Post[] {
  const posts: Post[] = [];
  for (let seq = 1; seq <= 40; seq++) {
    const previous = posts.at(-1)?.id ?? null;
    const isLast = seq % 10 === 0;
    const body: PostBody = isLast
      ? { kind: "tombstone", target: previous! }
      : bodies[seq % bodies.length]!;
    const time = { ms: loneEpochMs - 100_000 + 1_000 * seq, counter: seq };
    const heads: PostId[] = posts.slice(-2).map(({ id }) => id);
    const fields = { ...encodeBody(body), room, author: authorId, log, seq, previous, time, heads };
    posts.push(signPost(fields, author.secretKey, crypto));
  }
  const parted = { ...posts[11]!, ...encodeBody({ kind: "text", text: "another", reply: null }) };
  return [...posts, signPost(parted, author.secretKey, crypto)];
}

const posts = writeLog();
const genuine = new Set(posts.map(({ id }) => id));
const stored = posts.slice(0, 5);
const envelope = ({ signed, signature }: SignedPost): SignedPost => ({ signed, signature });

function seedMessages(): Message[] {
  const rng = seededRng(221);
  const topId = posts[29]!.id;
  const word = (state: "here" | "away" | "left", ms: number) => {
    const time = { ms: loneEpochMs + ms, counter: 0 };
    return envelope(samplePresence(rng, author, crypto, { room, state, time, reason: "" }));
  };
  return [
    ...sampleMessages(rng, author, crypto, room),
    ...Array.from({ length: 8 }, (_, i): Message => ({
      type: "posts",
      room,
      posts: posts.slice(5 * i, 5 * i + 5).map((post) => relayed(post, i + 1)),
    })),
    { type: "posts", room, posts: [relayed(posts[40]!, 4, true)] },
    {
      type: "frontier",
      room,
      entries: [{ author: authorId, log, top: 30, topId, above: [[32, 35], [39, 40]] }],
      last: true,
    },
    // Numbers of requests begin at 1 in each engine.
    ...[1, 2, 3].map((request): Message => ({
      type: "page",
      room,
      request,
      posts: posts.slice(25, 40).map(envelope).reverse(),
      last: request !== 2,
    })),
    { type: "want", room, request: 1, ranges: [{ author: authorId, log, from: 1, to: 40 }] },
    { type: "have", room, log: ownLog, ranges: [[1, 1]] },
    { type: "presence", presences: [word("here", 0), word("away", 60_000)] },
    { type: "presence", presences: [word("left", 90_000)] },
    ...overlayMessages(),
    { type: "leave", room },
    { type: "join", room },
  ];
}

/** Words about neighbours, members and the tree, with records that are in order. */
function overlayMessages(): Message[] {
  const rng = seededRng(222);
  const record = () => sampleRecord(rng, crypto.generateEd25519(), crypto, { timeMs: loneEpochMs });
  const marks = (from: number, to: number) => posts.slice(from, to).map(({ id }) => markOf(id));
  return [
    ...[0, 1, 3].map((others): Message => ({ type: "neighbour", room, others })),
    ...[0, 3, 6].map((hopsLeft): Message => ({ type: "walk", room, hopsLeft, entry: record() })),
    { type: "walk", room, hopsLeft: 5, entry: sampleRecord(rng, identity, crypto) },
    { type: "members", room, entries: Array.from({ length: 8 }, record), ask: true },
    { type: "members", room, entries: [record()], ask: false },
    { type: "ihave", room, marks: marks(0, 5) },
    { type: "ihave", room, marks: marks(10, 40) },
    { type: "graft", room, marks: marks(0, 40) },
    { type: "prune", room },
    { type: "rest", room },
    { type: "neighbour", room, others: 0 },
    { type: "digest", room, buckets: [] },
  ];
}

/** Several messages in one frame, where they fit. */
function pairs(messages: readonly Uint8Array[]): Uint8Array[] {
  return messages.map((message, i) => {
    const next = messages[(i * 7 + 3) % messages.length]!;
    const items = [...decodeCborSequence(message), ...decodeCborSequence(next)];
    return Uint8Array.from(items.flatMap((item) => [...encodeCbor(item)]));
  });
}

export const engineTarget: Target = {
  name: "engine",
  shape: "cbor",
  share: 7,
  inputsPerRun: 300,
  open: () =>
    new FuzzedEngine({
      crypto,
      identity,
      room,
      stored,
      isGenuine: ({ id }) => genuine.has(id),
    }),
  seeds: () => {
    const messages = seedMessages().map(encodeMessage);
    return [...messages, ...pairs(messages)];
  },
};
