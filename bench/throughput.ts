/**
 * Two processes over loopback: 20,000 signed posts of 100 bytes, stored on both sides.
 * The rate from the first word to the last delivery, over this machine's own verify rate.
 * Both contenders are warm: some posts, and some verifications, come before and do not count.
 */

import { number, Process } from "./process.ts";
import { median, type Row } from "./report.ts";

const posts = 20_000;
const warming = 2_000;

async function deliveredPerSecond(): Promise<number> {
  const folder = await Deno.makeTempDir();
  try {
    const base = { limits: {}, reportEvery: warming };
    await using bo = new Process(
      "bench/programs/peer.ts",
      JSON.stringify({ ...base, data: `${folder}/bo`, name: "bo", peers: [] }),
    );
    const { address } = await bo.nextOf("ready");
    const joined = bo.next((said) => said.type === "presence" && said.event === "join");
    await using ann = new Process(
      "bench/programs/peer.ts",
      JSON.stringify({ ...base, data: `${folder}/ann`, name: "ann", peers: [address] }),
    );
    await joined;
    const warm = [ann.nextOf("said"), bo.nextOf("heard")];
    await ann.write(`${warming} ${"x".repeat(100)}`);
    await Promise.all(warm);
    const said = ann.nextOf("said");
    const heard = bo.next((line) => line.heard === warming + posts);
    await ann.write(`${posts} ${"x".repeat(100)}`);
    return posts / ((await heard).atMs - (await said).startMs) * 1_000;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Measures five times, in turn with the verify rate. */
export async function throughput(rounds = 5): Promise<Row[]> {
  const rates: number[] = [];
  const verifies: number[] = [];
  for (let i = 0; i < rounds; i++) {
    verifies.push(await number("bench/programs/verify_rate.ts"));
    rates.push(await deliveredPerSecond());
  }
  const ratios = rates.map((rate, i) => rate / (verifies[i] ?? NaN));
  return [{
    name: "delivered posts/s ÷ verify rate",
    value: median(ratios),
    floor: 0.5,
    goal: 0.8,
    higher: true,
    detail: `${median(rates).toFixed(0)}/s of ${median(verifies).toFixed(0)}/s`,
  }];
}
