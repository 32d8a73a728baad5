/**
 * What the store costs: posts of others in batches and one by one, own posts, and what a
 * neighbour or a screen asks for. Run with `deno bench -A bench/store_bench.ts`; the figures
 * in comments under io/store are from here.
 */

import { nodeCrypto } from "../io/crypto.ts";
import { SqliteStore } from "../io/store/sqlite_store.ts";
import type { PostId } from "../wire/ids.ts";
import { defaultLimits } from "../wire/limits.ts";
import type { Post } from "../wire/post.ts";
import { arrivals, Author, count } from "../tests/unit/author.ts";

const crypto = nodeCrypto();
// The store does not look at signatures, and making them would be most of the preparation.
const alice = new Author({ ...crypto, sign: () => new Uint8Array(64).fill(0xc3) });
const { room, peer, log } = alice;
const batchPosts = 500;

const folder = Deno.makeTempDirSync();
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
const store = SqliteStore.open(`${folder}/history.db`, crypto, defaultLimits);
let last = 0;

/** The next texts of the one author, 60 bytes each. */
function nextPosts(posts: number): Post[] {
  last += posts;
  return count(last - posts + 1, last).map((seq) => alice.text(seq, `post ${seq}`.padEnd(60)));
}

const held: PostId[] = [];
for (let batch = 0; batch < 100; batch++) {
  const posts = nextPosts(batchPosts);
  store.append(arrivals(posts), null, 1);
  held.push(...posts.map(({ id }) => id));
}
let turn = 0;

Deno.bench(`append of ${batchPosts} posts of others`, { n: 60, warmup: 5 }, (bench) => {
  const batch = arrivals(nextPosts(batchPosts));
  bench.start();
  store.append(batch, null, 1);
  bench.end();
});

Deno.bench(`append of ${batchPosts} posts that are held`, { n: 60, warmup: 5 }, (bench) => {
  const again = store.timeline(room, held[10_000]!, batchPosts).rows.map(({ post }) => post);
  bench.start();
  store.append(arrivals(again), null, 1);
  bench.end();
});

Deno.bench("append of one post of others", { n: 1_000, warmup: 50 }, (bench) => {
  const one = arrivals(nextPosts(1));
  bench.start();
  store.append(one, null, 1);
  bench.end();
});

Deno.bench("append of one own post, synced", { n: 1_000, warmup: 50 }, (bench) => {
  const one = arrivals(nextPosts(1), "own");
  bench.start();
  store.append(one, null, 1);
  bench.end();
});

Deno.bench("has", () => {
  store.has(held[(turn += 7_919) % held.length]!);
});

Deno.bench("get", () => {
  store.get(held[(turn += 7_919) % held.length]!);
});

Deno.bench("range of one page of 60 KiB", () => {
  store.range(room, peer, log, 1, 1_000 + (turn++ % 10_000), defaultLimits.pageBytesMax);
});

Deno.bench("timeline of 50", () => {
  store.timeline(room, held[(turn += 7_919) % held.length]!, 50);
});

Deno.bench("frontier", () => {
  store.frontier(room);
});
