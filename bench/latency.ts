/**
 * Single posts at 20 per second: from `say` in one process, over both disks, to the notice
 * in another; over a bare TCP echo of 200 bytes by the same driver.
 */

import { Process } from "./process.ts";
import { median, type Row } from "./report.ts";

const samples = 60;
const pauseMs = 50;

const pause = () => new Promise((resolve) => setTimeout(resolve, pauseMs));

/** A pair of peers of which one says and the other hears. */
export async function postLatenciesMs(
  ann: Process,
  bo: Process,
  count = samples,
): Promise<number[]> {
  const latencies: number[] = [];
  for (let i = 0; i < count; i++) {
    const heard = bo.nextOf("heard");
    await ann.write("1");
    const { atMs, text } = await heard;
    latencies.push(atMs - Number(text));
    await pause();
  }
  return latencies;
}

async function echoLatenciesMs(): Promise<number[]> {
  await using server = new Process("bench/programs/echo_server.ts");
  const { port } = await server.nextOf("ready");
  using conn = await Deno.connect({ hostname: "127.0.0.1", port });
  conn.setNoDelay(true);
  const message = new Uint8Array(200);
  const buffer = new Uint8Array(200);
  const latencies: number[] = [];
  for (let i = 0; i < samples; i++) {
    const start = performance.now();
    await conn.write(message);
    for (let read = 0; read < 200;) read += await conn.read(buffer) ?? 200;
    latencies.push(performance.now() - start);
    await pause();
  }
  return latencies;
}

/** Measures five times, in turn with the echo. */
export async function latency(rounds = 5): Promise<Row[]> {
  const folder = await Deno.makeTempDir();
  try {
    const base = { limits: {}, reportEvery: 1 };
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
    const posts: number[] = [];
    const echoes: number[] = [];
    for (let i = 0; i < rounds; i++) {
      echoes.push(median(await echoLatenciesMs()));
      posts.push(median(await postLatenciesMs(ann, bo)));
    }
    return [{
      name: "post latency p50 ÷ TCP echo",
      value: median(posts.map((ms, i) => ms / (echoes[i] ?? NaN))),
      floor: 3,
      goal: 2,
      higher: false,
      detail: `${median(posts).toFixed(3)} ms of ${median(echoes).toFixed(3)} ms`,
    }];
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
