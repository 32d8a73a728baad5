/**
 * Random damage to a database: bits, bytes and whole pages. A start never fails, every post
 * that is given out is the one that was stored, and if any is missing that was told.
 */

import { assert, assertEquals } from "@std/assert";
import { openOrRescue } from "../../io/store/rescue.ts";
import { SqliteStore } from "../../io/store/sqlite_store.ts";
import { StoreError } from "../../io/store/store_error.ts";
import { nodeCrypto } from "../../io/crypto.ts";
import type { Rng } from "../../peer/ports.ts";
import type { PostId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";
import type { Post } from "../../wire/post.ts";
import { seededRng } from "../rng.ts";
import { arrivals, Author, count } from "../unit/author.ts";
import { TempFolder } from "./peer_process.ts";

const pageBytes = 4_096;
const crypto = nodeCrypto();

/** A database with some hundred posts, indexed in part. */
export function fill(path: string): Post[] {
  const [ann, bo] = [new Author(crypto), new Author(crypto)];
  const posts = count(1, 150).flatMap((seq) => [
    ann.text(seq, `own ${seq} ${"x".repeat(seq % 9 === 0 ? 3_000 : 40)}`),
    bo.text(seq, `other ${seq}`),
  ]);
  const store = SqliteStore.open(path, crypto, defaultLimits);
  for (let at = 0; at < posts.length; at += 50) {
    store.append(arrivals(posts.slice(at, at + 50), at % 100 === 0 ? "own" : "live"), null, at);
  }
  store.index(200);
  store.close();
  return posts;
}

/** Damages some bytes; says which. */
function damage(bytes: Uint8Array, rng: Rng): string {
  const below = (n: number) => Math.floor(rng.next() * n);
  const page = below(bytes.length / pageBytes);
  const at = page * pageBytes + below(pageBytes);
  switch (below(4)) {
    case 0:
      bytes[at]! ^= 1 << below(8);
      return `a bit of byte ${at}`;
    case 1:
      bytes[at] = below(256);
      return `byte ${at}`;
    case 2: {
      const length = Math.min(512, bytes.length - at);
      for (let n = 0; n < length; n++) bytes[at + n] = below(256);
      return `${length} bytes from ${at}`;
    }
    default:
      bytes.fill(below(2) * 0xff, page * pageBytes, (page + 1) * pageBytes);
      return `all of page ${page}`;
  }
}

/** Reads everything; `null` if the store says that it is damaged. */
function readAll(store: SqliteStore, posts: readonly Post[]): Set<PostId> | null {
  const found = new Set<PostId>();
  try {
    for (const { id, signed, signature } of posts) {
      const read = store.get(id);
      if (read === null) continue;
      assertEquals(read, { signed, signature });
      found.add(id);
    }
    const room = posts[0]!.room;
    store.frontier(room);
    store.timeline(room, null, 500);
    store.search("own", null, null, 500);
    store.index(500);
    for (const _ of store.allPosts());
    return found;
  } catch (error) {
    assert(error instanceof StoreError && error.code === "damaged", `${error}`);
    return null;
  }
}

/** Damages a database so many times, each time from whole, and starts on it as a peer does. */
export function pageFlips(rounds: number, seed: number): void {
  using folder = new TempFolder();
  const path = folder.file("history.db");
  const posts = fill(path);
  const whole = Deno.readFileSync(path);
  const rng = seededRng(seed);
  const seen = { unnoticed: 0, rescued: 0, posts: 0 };
  for (let round = 0; round < rounds; round++) {
    for (const { name } of Deno.readDirSync(folder.path)) Deno.removeSync(folder.file(name));
    const bytes = whole.slice();
    const what = damage(bytes, rng);
    Deno.writeFileSync(path, bytes);
    try {
      let told = false;
      // Damage that only shows while running ends it; the next start then knows.
      for (let start = 0;; start++) {
        assert(start < 2, "two starts were not enough");
        const { store, rescue } = openOrRescue(path, crypto, defaultLimits);
        let found: Set<PostId> | null;
        try {
          if (rescue !== null) {
            told = true;
            assertEquals(Deno.readFileSync(folder.file(rescue.aside)), bytes);
            seen.rescued++;
            seen.posts += rescue.posts;
          }
          found = readAll(store, posts);
          if (found !== null) {
            assert(told || found.size === posts.length, "posts are missing, and nobody was told");
            if (rescue !== null) assertEquals(found.size, rescue.posts);
          }
        } finally {
          store.close();
        }
        if (found !== null) break;
        Deno.writeTextFileSync(`${path}.suspect`, "");
        if (start === 0 && !told) Deno.writeFileSync(path, bytes);
      }
      if (!told) seen.unnoticed++;
    } catch (error) {
      throw new Error(`Seed ${seed}, round ${round}: ${what}`, { cause: error });
    }
  }
  const saved = (100 * seen.posts / (seen.rescued * posts.length)).toFixed(1);
  console.log(
    `${rounds} damages, seed ${seed}: ${seen.rescued} put aside with ${saved} % of their ` +
      `posts saved, ${seen.unnoticed} without effect on any post, 0 crashes, 0 silent losses`,
  );
}
