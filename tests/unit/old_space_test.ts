/**
 * What a back-fill leaves in V8's old space, where only a full collection finds it, which comes
 * late: a page of memory that it takes there stays taken for as long as the program runs.
 */

import { assertLess } from "@std/assert";
import { getHeapSpaceStatistics } from "node:v8";
import { nodeCrypto } from "../../io/crypto.ts";
import { SqliteStore } from "../../io/store/sqlite_store.ts";
import { Batch } from "../../peer/batch.ts";
import { HeldLogs } from "../../peer/held_logs.ts";
import { Heads } from "../../peer/heads.ts";
import { logKey } from "../../peer/log_key.ts";
import { type LogId, type PostId, type RoomId, toId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";
import type { Post } from "../../wire/post.ts";
import { seededRng } from "../rng.ts";
import { sampleId, samplePost } from "../samples.ts";
import { seededCrypto } from "../seeded_crypto.ts";

const crypto = seededCrypto(83), rng = seededRng(83);
const author = crypto.generateEd25519();
const room = sampleId<RoomId>(rng), log = sampleId<LogId>(rng, 8);
/** Of the next post: each test has names of its own, for one that was ever copied is so once. */
let nextSeq = 1_000_000;
const batchPosts = 32, postsPerRound = 3_200, rounds = 4;

function oldBytes(): number {
  const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === "old_space");
  return space!.space_used_size;
}

/** The same post under a name that nothing has asked for yet, with another place. */
function renamed(post: Post, seq: number): Post {
  const name = new Uint8Array(32);
  new DataView(name.buffer).setUint32(0, seq);
  return { ...post, id: toId<PostId>(name), seq, previous: null };
}

/**
 * Bytes of old space a post, in the best of some rounds: what others do, and what is compiled,
 * comes on top.
 */
function oldBytesPerPost(take: (posts: readonly Post[]) => void): number {
  const sample = samplePost(rng, author, crypto, { room, log, seq: 2 });
  let least = Infinity;
  for (let round = 0; round < rounds; round++) {
    const before = oldBytes();
    for (let taken = 0; taken < postsPerRound; taken += batchPosts) {
      take(Array.from({ length: batchPosts }, () => renamed(sample, nextSeq--)));
    }
    const grown = oldBytes() - before;
    // A collection in between would show nothing.
    if (grown >= 0) least = Math.min(least, grown / postsPerRound);
  }
  return least;
}

Deno.test("the store leaves next to nothing in old space for a post", () => {
  const store = SqliteStore.open(":memory:", nodeCrypto(), defaultLimits);
  const bytes = oldBytesPerPost((posts) => {
    store.append(posts.map((post) => ({ post, origin: "history" })), null, 0);
    for (const { id } of posts) store.isWithdrawn(id);
  });
  store.close();
  assertLess(bytes, 40);
});

Deno.test("a batch leaves next to nothing in old space for a post", () => {
  const held = new HeldLogs(room);
  const bytes = oldBytesPerPost((posts) => {
    const batch = new Batch();
    for (const post of posts) {
      if (batch.has(post)) continue;
      batch.reserve(held, logKey(post.author, post.log), post.seq, 1_024);
      batch.add({ post, origin: "history" }, 1, null);
    }
  });
  assertLess(bytes, 40);
});

Deno.test("heads leave next to nothing in old space for a post that is older than all of them", () => {
  const heads = new Heads(4);
  for (let i = 0; i < 4; i++) heads.add({ id: sampleId(rng), time: { ms: 2e12 + i, counter: 0 } });
  const bytes = oldBytesPerPost((posts) => {
    for (const { id, heads: referred, time } of posts) {
      heads.onReferred({ previous: id, heads: referred, time });
      heads.add({ id, time });
    }
  });
  assertLess(bytes, 40);
});
