/** Start to "ready", and resident memory at rest, over a program that says hello. */

import { Process } from "./process.ts";
import { median, type Row } from "./report.ts";

const restMs = 2_000;

async function startOf(...args: string[]): Promise<{ ms: number; miB: number }> {
  const start = performance.now();
  await using process = new Process(...args);
  await process.nextOf("ready");
  const ms = performance.now() - start;
  await new Promise((resolve) => setTimeout(resolve, restMs));
  return { ms, miB: process.residentMiB() };
}

async function startOfPeer(): Promise<{ ms: number; miB: number }> {
  const folder = await Deno.makeTempDir();
  try {
    return await startOf(
      "mod.ts",
      ...["--ui", "json", "--name", "ann", "--listen", "127.0.0.1:0", "--data", folder],
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Measures both in turn. */
export async function start(rounds = 5): Promise<Row[]> {
  const hellos: { ms: number; miB: number }[] = [];
  const peers: { ms: number; miB: number }[] = [];
  await startOfPeer();
  for (let i = 0; i < rounds; i++) {
    hellos.push(await startOf("bench/programs/hello.ts"));
    peers.push(await startOfPeer());
  }
  const of = (runs: readonly { ms: number; miB: number }[], key: "ms" | "miB") =>
    median(runs.map((run) => run[key]));
  const row = (
    name: string,
    key: "ms" | "miB",
    floor: number,
    goal: number,
    unit: string,
  ): Row => ({
    name,
    value: median(peers.map((peer, i) => peer[key] / (hellos[i]?.[key] ?? NaN))),
    floor,
    goal,
    higher: false,
    detail: `${of(peers, key).toFixed(0)} ${unit} of ${of(hellos, key).toFixed(0)} ${unit}`,
  });
  return [
    row("start to ready ÷ hello world", "ms", 7, 5, "ms"),
    row("resident memory at rest ÷ hello world", "miB", 2.5, 2, "MiB"),
  ];
}
