/**
 * Forged posts against the engine: none may be stored and none may reach the honest neighbour,
 * while the genuine posts that they were made from are taken once, forgeries or not.
 */

import { assert, assertEquals } from "@std/assert";
import type { Rng } from "../../peer/ports.ts";
import { type LogId, type PeerId, type PostId, toId } from "../../wire/ids.ts";
import { encodeMessage } from "../../wire/message_encode.ts";
import { type Post, type SignedPost, signPost } from "../../wire/post.ts";
import { encodeBody } from "../../wire/post_body.ts";
import { publicRoomId } from "../../wire/text.ts";
import { randomBelow } from "../rng.ts";
import { relayed } from "../samples.ts";
import { seededCrypto } from "../seeded_crypto.ts";
import { forgeries } from "./forgeries.ts";
import { loneEpochMs } from "../lone_engine.ts";
import { FuzzedEngine } from "./fuzzed_engine.ts";
import type { Made, Run, Target } from "./target.ts";

const crypto = seededCrypto(231);
const identity = crypto.generateEd25519();
const author = crypto.generateEd25519(), own = crypto.generateEd25519();
const room = publicRoomId("lobby", crypto);
const ways = Object.entries(forgeries);

function writePosts(): Post[] {
  const posts: Post[] = [];
  for (let seq = 1; seq <= 64; seq++) {
    posts.push(signPost(
      {
        ...encodeBody({ kind: "text", text: `post ${seq}`, reply: null }),
        room,
        author: toId<PeerId>(author.publicKey),
        log: toId<LogId>(new Uint8Array(8).fill(3)),
        seq,
        previous: posts.at(-1)?.id ?? null,
        time: { ms: loneEpochMs - 100_000 + seq, counter: 0 },
        heads: [],
      },
      author.secretKey,
      crypto,
    ));
  }
  return posts;
}

const posts = writePosts();
const genuine = new Set<PostId>(posts.map(({ id }) => id));

function frame(envelopes: readonly SignedPost[]): Uint8Array {
  return encodeMessage({ type: "posts", room, posts: envelopes.map((each) => relayed(each)) });
}

/** The genuine post that a frame carries, by the frame's bytes in hex. */
const genuineFrames = new Map(posts.map((post) => [frame([post]).toHex(), post]));

class ForgeryRun implements Run {
  readonly #taken = new Set<PostId>();
  readonly #engine = new FuzzedEngine({
    crypto,
    identity,
    room,
    stored: posts.slice(0, 8),
    isGenuine: ({ id }) => genuine.has(id),
    // Nobody is banned, so that every forgery is judged by its signature.
    limits: { invalidMax: Infinity },
  });

  feed(input: Uint8Array): string {
    const words = this.#engine.feed(input);
    const post = genuineFrames.get(input.toHex());
    const isNew = post !== undefined && post.seq > 8 && !this.#taken.has(post.id);
    const expected = isNew ? [post.id] : [];
    assertEquals(this.#engine.stored.map(({ id }) => id), expected);
    assertEquals(this.#engine.passedOn.map(({ id }) => id), expected);
    for (const id of expected) this.#taken.add(id);
    return words;
  }
}

function make(rng: Rng): Made {
  const pick = () => posts[randomBelow(rng, posts.length)]!;
  const post = pick();
  if (rng.next() < 0.03) return { input: frame([post]), sort: "genuine" };
  if (rng.next() < 0.03) {
    const page = [post].map(({ signed, signature }) => ({ signed, signature }));
    const request = randomBelow(rng, 4);
    const input = encodeMessage({ type: "page", room, request, posts: page, last: true });
    return { input, sort: "genuine, in a page that was not asked for" };
  }
  const [sort, forge] = ways[randomBelow(rng, ways.length)]!;
  let other = pick();
  if (other === post) other = posts[post.seq % posts.length]!;
  const forged = forge({ rng, crypto, author, own }, post, other);
  assert(forged.signed !== post.signed || forged.signature !== post.signature);
  return { input: frame([forged]), sort };
}

export const forgeriesTarget: Target = {
  name: "forgeries",
  shape: "cbor",
  share: 5,
  inputsPerRun: 400,
  open: () => new ForgeryRun(),
  seeds: () => [],
  make,
};
