/**
 * Single posts at 20 per second: from `say` in one process, over both disks, to the notice
 * in another; over a bare TCP echo of 200 bytes by the same driver. Printed beside it is the
 * least that a post takes: the same pieces of cryptography, the same sync of own posts, one hop
 * and a write of others' posts to a file, with no program around them.
 *
 * All contenders are warm: a peer that has said nothing yet runs code that was not compiled, and
 * so does an echo.
 */

import { nodeCrypto } from "../io/crypto.ts";

import { Process } from "./process.ts";
import type { LeastOptions } from "./programs/least_reader.ts";
import { median, type Row } from "./report.ts";

const samples = 60;
const pauseMs = 50;

/** Before the samples, without pauses, and not counted. */
const warming = 300;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A pair of peers of which one says and the other hears. */
export async function postLatenciesMs(
  ann: Process,
  bo: Process,
  count = samples,
  everyMs = pauseMs,
): Promise<number[]> {
  const latencies: number[] = [];
  for (let i = 0; i < count; i++) {
    const heard = bo.nextOf("heard");
    await ann.write("1");
    const { atMs, text } = await heard;
    latencies.push(atMs - Number(text));
    if (everyMs > 0) await pause(everyMs);
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
  for (let i = 0; i < warming + samples; i++) {
    if (i >= warming) await pause(pauseMs);
    const start = performance.now();
    await conn.write(message);
    for (let read = 0; read < 200;) read += await conn.read(buffer) ?? 200;
    latencies.push(performance.now() - start);
  }
  return latencies.slice(warming);
}

/** Signed, synced, sealed, sent, opened, verified and written: what no peer can leave out. */
async function leastLatenciesMs(folder: string): Promise<number[]> {
  const crypto = nodeCrypto();
  const { publicKey, secretKey } = crypto.generateEd25519();
  const key = crypto.randomBytes(32);
  const message = new Uint8Array(236);
  const nothing = new Uint8Array(0);
  const options: LeastOptions = {
    file: `${folder}/read`,
    publicKey: publicKey.toHex(),
    key: key.toHex(),
    messageBytes: message.length,
  };
  await using reader = new Process("bench/programs/least_reader.ts", JSON.stringify(options));
  const { port } = await reader.nextOf("ready");
  using conn = await Deno.connect({ hostname: "127.0.0.1", port });
  conn.setNoDelay(true);
  using file = Deno.openSync(`${folder}/said`, { write: true, create: true });
  // As a write-ahead log that is used again: no sync has to make the file longer.
  file.writeSync(new Uint8Array(2 ** 20));
  file.syncSync();
  file.seekSync(0, Deno.SeekMode.Start);
  const latencies: number[] = [];
  for (let i = 0; i < warming + samples; i++) {
    if (i >= warming) await pause(pauseMs);
    const heard = reader.nextOf("heard");
    const startMs = performance.timeOrigin + performance.now();
    const post = Uint8Array.from([...message, ...crypto.sign(secretKey, message)]);
    file.writeSync(post);
    file.syncDataSync();
    await conn.write(crypto.seal(key, new Uint8Array(12), nothing, post));
    latencies.push((await heard).atMs - startMs);
  }
  return latencies.slice(warming);
}

const text = (each: readonly number[]) => `${median(each).toFixed(3)} ms`;

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
    await postLatenciesMs(ann, bo, warming, 0);
    const posts: number[] = [];
    const echoes: number[] = [];
    const least: number[] = [];
    for (let i = 0; i < rounds; i++) {
      echoes.push(median(await echoLatenciesMs()));
      posts.push(median(await postLatenciesMs(ann, bo)));
      least.push(median(await leastLatenciesMs(folder)));
    }
    return [{
      name: "post latency p50 ÷ TCP echo",
      value: median(posts.map((ms, i) => ms / (echoes[i] ?? NaN))),
      floor: 3,
      goal: 2,
      higher: false,
      detail: `${text(posts)} of ${text(echoes)}; the least that a post takes: ${text(least)}`,
    }];
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
