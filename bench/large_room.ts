/**
 * A room of a million stored posts: how fast they are stored and indexed, what they take on
 * the disk, how long a start takes until the newest can be read, and a search over all.
 *
 * The posts are made here, by 50 authors, with texts of 100 bytes of English and Chinese; only
 * their signatures are no real ones, because making them would be most of the preparation and
 * a store does not look at them.
 */

import process from "node:process";
import { nodeCrypto } from "../io/crypto.ts";
import { SqliteStore } from "../io/store/sqlite_store.ts";
import { arrivals, Author } from "../tests/unit/author.ts";
import { seededRng } from "../tests/rng.ts";
import { defaultLimits } from "../wire/limits.ts";
import { Process } from "./process.ts";
import { median, type Row } from "./report.ts";

const batchPosts = 500;
const textBytes = 100;
const searchRuns = 5;

/** What is searched for: how often it stands there says the table of words. */
const questions = ["needle", "friday", "release build", "火车", "昨天", "的", "zzzzzz", "é"];

const words = ("release friday build start does new yesterday try network friend message storage " +
  "engine history page search quick brown fox lazy dog over jumps 可以 昨天 试过 的 你好 世界 消息")
  .split(" ");

/** What making the room has shown. */
interface Made {
  readonly insertsPerSecond: number;
  readonly indexedPerSecond: number;
  readonly bytesPerPost: number;
  readonly indexBytesPerPost: number;
}

/** Makes a folder with an identity and that many posts in the lobby. */
async function makeRoom(folder: string, posts: number): Promise<Made> {
  await firstScreen(folder);
  const crypto = nodeCrypto();
  const unsigned = { ...crypto, sign: () => new Uint8Array(64).fill(0xc3) };
  const authors = Array.from({ length: 50 }, () => new Author(unsigned));
  const rng = seededRng(1);
  const encoder = new TextEncoder();
  const text = (n: number) => {
    let made = n % 5_000 === 0 ? `needle ${n} 火车` : "";
    while (encoder.encode(made).length < textBytes - 8) {
      made += ` ${words[Math.floor(rng.next() * words.length)]}`;
      if (rng.next() < 0.15) made += ` ${Math.floor(rng.next() * 1e6).toString(36)}`;
    }
    return made.trim();
  };
  const store = SqliteStore.open(`${folder}/history.db`, crypto, defaultLimits);
  try {
    let insertMs = 0;
    const cpuMs = () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1_000;
    };
    for (let n = 0; n < posts; n += batchPosts) {
      const batch = Array.from({ length: batchPosts }, (_, index) => {
        const at = n + index;
        const author = authors[at % authors.length]!;
        const seq = Math.floor(at / authors.length) + 1;
        const time = { ms: Date.now() - (posts - at) * 1_000, counter: 0 };
        return author.text(seq, text(at), { time });
      });
      const startMs = cpuMs();
      store.append(arrivals(batch), null, Date.now());
      insertMs += cpuMs() - startMs;
    }
    const bytes = folderBytes(folder);
    const startMs = cpuMs();
    while (store.index(defaultLimits.carePosts) > 0);
    const indexMs = cpuMs() - startMs;
    return {
      insertsPerSecond: posts / insertMs * 1_000,
      indexedPerSecond: posts / indexMs * 1_000,
      bytesPerPost: bytes / posts,
      indexBytesPerPost: (folderBytes(folder) - bytes) / posts,
    };
  } finally {
    store.close();
  }
}

function folderBytes(folder: string): number {
  return [...Deno.readDirSync(folder)]
    .reduce((sum, { name }) => sum + Deno.statSync(`${folder}/${name}`).size, 0);
}

/** Starts a peer until the newest 50 posts of the lobby have come; in milliseconds. */
async function firstScreen(
  folder: string,
  then: (peer: Process) => Promise<void> = () => Promise.resolve(),
): Promise<number> {
  const startMs = performance.now();
  await using peer = new Process(
    ...["mod.ts", "--ui", "json", "--name", "ann", "--listen", "127.0.0.1:0", "--data", folder],
  );
  await peer.nextOf("ready");
  await ask(peer, { type: "history", room: "lobby", limit: 50 });
  const ms = performance.now() - startMs;
  await then(peer);
  return ms;
}

async function ask(peer: Process, command: Record<string, unknown>): Promise<number> {
  const startMs = performance.now();
  const answer = peer.next(({ type, ref }) => type === "result" && ref === 1);
  await peer.write(JSON.stringify({ ref: 1, ...command }));
  if (!(await answer).ok) throw new Error(`${JSON.stringify(command)} was refused`);
  return performance.now() - startMs;
}

/** Measures all of it; `STARLING_BENCH_POSTS` sets another number of posts. */
export async function largeRoom(rounds = 5): Promise<Row[]> {
  const posts = Number(Deno.env.get("STARLING_BENCH_POSTS") ?? 1_000_000);
  const [large, empty] = [await Deno.makeTempDir(), await Deno.makeTempDir()];
  try {
    const made = await makeRoom(large, posts);
    await firstScreen(empty);
    const [ofLarge, ofEmpty]: [number[], number[]] = [[], []];
    const searchMs = new Map<string, number>();
    for (let round = 0; round < rounds; round++) {
      ofEmpty.push(await firstScreen(empty));
      ofLarge.push(
        await firstScreen(large, async (peer) => {
          if (round > 0) return;
          for (const query of questions) {
            const runs: number[] = [];
            for (let run = 0; run < searchRuns; run++) {
              runs.push(await ask(peer, { type: "search", query, limit: 50 }));
            }
            searchMs.set(query, median(runs));
          }
        }),
      );
    }
    const more = median(ofLarge.map((ms, round) => ms - ofEmpty[round]!));
    const searches = [...searchMs].map(([query, ms]) => `${query} ${ms.toFixed(0)} ms`).join(", ");
    const both = `${median(ofLarge).toFixed(0)} ms, empty ${median(ofEmpty).toFixed(0)} ms`;
    const each = `${made.bytesPerPost.toFixed(0)} bytes a post`;
    return [
      {
        name: `start to first screen of ${posts} posts, ms more than of an empty room`,
        value: more,
        floor: 200,
        goal: 100,
        higher: false,
        detail: both,
      },
      {
        name: `search over ${posts} posts, ms, the slowest of ${questions.length}`,
        value: Math.max(...searchMs.values()),
        floor: 100,
        goal: 50,
        higher: false,
        detail: searches,
      },
      {
        name: "bytes on disk per byte of text, without the index of the search",
        value: made.bytesPerPost / textBytes,
        floor: 8,
        goal: 6,
        higher: false,
        detail: `${each}, the index ${made.indexBytesPerPost.toFixed(0)}`,
      },
      {
        name: "posts stored in batches of 500, thousands a second of processor time",
        value: made.insertsPerSecond / 1_000,
        floor: 50,
        goal: 100,
        higher: true,
        detail: `indexed behind them: ${made.indexedPerSecond.toFixed(0)}/s`,
      },
    ];
  } finally {
    await Deno.remove(large, { recursive: true });
    await Deno.remove(empty, { recursive: true });
  }
}
