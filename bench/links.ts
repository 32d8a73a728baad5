/**
 * What an idle encrypted link costs in memory, over a bare listener with one 4 KiB buffer per
 * connection; and whether a post among three active peers is slowed by 1,100 idle ones.
 */

import { postLatenciesMs } from "./latency.ts";
import { Process } from "./process.ts";
import { median, type Row } from "./report.ts";

const links = 1_100;
const settleMs = 3_000;

const settle = () => new Promise((resolve) => setTimeout(resolve, settleMs));
const limits = { connectionsInMax: 2_000 };

/** MiB per 100 links. */
async function growth(server: Process, address: string, kind: "sealed" | "bare"): Promise<number> {
  await settle();
  const before = server.residentMiB();
  await using client = new Process("bench/programs/idle_links.ts", address, String(links), kind);
  await client.nextOf("ready");
  await settle();
  return (server.residentMiB() - before) / links * 100;
}

async function bareGrowth(): Promise<number> {
  await using server = new Process("bench/programs/bare_listener.ts");
  const { port } = await server.nextOf("ready");
  return await growth(server, `127.0.0.1:${port}`, "bare");
}

function peer(folder: string, name: string, peers: readonly string[]): Process {
  const options = { data: `${folder}/${name}`, name, peers, reportEvery: 1, limits };
  return new Process("bench/programs/peer.ts", JSON.stringify(options));
}

async function sealedGrowth(): Promise<number> {
  const folder = await Deno.makeTempDir();
  try {
    await using server = peer(folder, "ann", []);
    const { address } = await server.nextOf("ready");
    return await growth(server, address, "sealed");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Median latency among three peers without and with idle links at the one in the middle. */
async function slowdown(): Promise<{ calm: number; loaded: number }> {
  const folder = await Deno.makeTempDir();
  try {
    await using ann = peer(folder, "ann", []);
    const { address } = await ann.nextOf("ready");
    const joined = () => ann.next((said) => said.type === "presence" && said.event === "join");
    const first = joined();
    await using bo = peer(folder, "bo", [address]);
    await first;
    const second = joined();
    await using _cy = peer(folder, "cy", [address]);
    await second;
    const calm = median(await postLatenciesMs(ann, bo));
    await using idle = new Process(
      "bench/programs/idle_links.ts",
      ...[address, String(links), "sealed"],
    );
    await idle.nextOf("ready");
    return { calm, loaded: median(await postLatenciesMs(ann, bo)) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Measures all in turn. */
export async function idleLinks(rounds = 5): Promise<Row[]> {
  const bare: number[] = [];
  const sealed: number[] = [];
  const slow: { calm: number; loaded: number }[] = [];
  for (let i = 0; i < rounds; i++) {
    bare.push(await bareGrowth());
    sealed.push(await sealedGrowth());
    slow.push(await slowdown());
  }
  const calm = median(slow.map((run) => run.calm));
  const loaded = median(slow.map((run) => run.loaded));
  return [
    {
      name: "memory per 100 idle links ÷ bare listener",
      value: median(sealed.map((miB, i) => miB / (bare[i] ?? NaN))),
      floor: 4,
      goal: 2,
      higher: false,
      detail: `${median(sealed).toFixed(2)} MiB of ${median(bare).toFixed(2)} MiB, ${links} links`,
    },
    {
      name: `post latency with ${links} idle links ÷ without`,
      value: median(slow.map((run) => run.loaded / run.calm)),
      floor: 1.5,
      goal: 1.1,
      higher: false,
      detail: `${loaded.toFixed(3)} ms of ${calm.toFixed(3)} ms`,
    },
  ];
}
