/**
 * A newcomer gets the past: 20,000 posts of 100 bytes from one neighbour that does nothing else,
 * verified and stored. From "ready" to the last of them, over this machine's own verify rate.
 */

import { number, Process } from "./process.ts";
import { median, type Row } from "./report.ts";

const posts = 20_000;

async function backfilledPerSecond(): Promise<number> {
  const folder = await Deno.makeTempDir();
  try {
    const base = { limits: {}, reportEvery: posts };
    await using ann = new Process(
      "bench/programs/peer.ts",
      JSON.stringify({ ...base, data: `${folder}/ann`, name: "ann", peers: [] }),
    );
    const { address } = await ann.nextOf("ready");
    const said = ann.nextOf("said");
    await ann.write(`${posts} ${"x".repeat(100)}`);
    await said;
    await using bo = new Process(
      "bench/programs/peer.ts",
      JSON.stringify({ ...base, data: `${folder}/bo`, name: "bo", peers: [address] }),
    );
    await bo.nextOf("ready");
    const startMs = performance.timeOrigin + performance.now();
    return posts / ((await bo.nextOf("heard")).atMs - startMs) * 1_000;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Measures five times, in turn with the verify rate. */
export async function backfill(rounds = 5): Promise<Row[]> {
  const rates: number[] = [];
  const verifies: number[] = [];
  for (let i = 0; i < rounds; i++) {
    verifies.push(await number("bench/programs/verify_rate.ts"));
    rates.push(await backfilledPerSecond());
  }
  return [{
    name: "back-filled posts/s ÷ verify rate",
    value: median(rates.map((rate, i) => rate / (verifies[i] ?? NaN))),

    // Those of live posts: nobody has set any for this.
    floor: 0.5,
    goal: 0.8,
    higher: true,
    detail: `${median(rates).toFixed(0)}/s of ${median(verifies).toFixed(0)}/s`,
  }];
}
