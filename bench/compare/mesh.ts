/**
 * Sixteen peers with 64 links: a steady load of 20 posts per second in all, then as much as they
 * can, then both again with one of them killed in the middle.
 */

import { Cluster, type Contender, type Snapshot, type Taken } from "./cluster.ts";
import { exactMs, textBytes } from "./load.ts";
import { quantile, sum } from "./statistics.ts";
import { regularGraph } from "./topology.ts";

const peers = 16;
const degree = 8;
const seed = 1;
const postsPerSecond = 20;
/** For meshes and trees to form, several heartbeats of gossipsub. */
const formingMs = 4_000;
/** The start of a flood, which is not measured. */
const risingMs = 1_000;
/** A load with a kill: half of it before, half after. */
const killMs = 6_000;

/** What a load costs per delivery. */
export interface Cost {
  readonly deliveriesPerSecond: number;
  readonly duplicates: number;
  /** TCP payload per byte of delivered text. */
  readonly wire: number;
  /** The same with the headers of TCP, IP and Ethernet. */
  readonly wireWithHeaders: number;
  readonly cpuMs: number;
}

/** What sixteen peers reach. */
export interface MeshFigures {
  readonly steady: Cost;
  readonly full: Cost;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Resident memory of each after both loads. */
  readonly residentMiB: readonly number[];
  /** Links of each at the end of both loads, to show that they are those that were given. */
  readonly links: readonly number[];
  /** What each says of its neighbours after the steady and after the full load. */
  readonly about: readonly (readonly object[])[];
  /** Parts of the posts that arrived. */
  readonly steadyDelivered: number;
  readonly fullDelivered: number;
  /** Among those that live. */
  readonly steadyKillDelivered: number;
  readonly fullKillDelivered: number;
}

/** How much load. */
export interface MeshOptions {
  /** How long each of the two loads lasts. */
  readonly seconds: number;
  /** Posts that each may be ahead of what it has heard of the median other. */
  readonly window: number;
}

/** Measures one contender once. */
export async function measureMesh(
  contender: Contender,
  { seconds, window }: MeshOptions,
): Promise<MeshFigures> {
  const flood = flooding(window);
  await using mesh = await Cluster.start(contender, peers, regularGraph(peers, degree, seed));
  await pause(formingMs);
  await pace(mesh, "warm", 2_000);
  await flood(mesh, "warmer", 2_000);
  await mesh.settle();

  const steadyStart = await mesh.snapshot();
  const steadySaid = await pace(mesh, "steady", seconds * 1_000);
  const steadyEnd = await mesh.snapshot();
  await mesh.settle();
  const steady = await mesh.take("steady");

  const saying = flood(mesh, "full", seconds * 1_000 + risingMs);
  await pause(risingMs);
  const fullStart = await mesh.snapshot();
  await pause(seconds * 1_000 - 500);
  const fullEnd = await mesh.snapshot();
  const fullSaid = await saying;
  await mesh.settle();
  const full = await mesh.take("full");
  const { counted } = await mesh.snapshot();
  const residentMiB = mesh.residentMiB();

  const delaysMs = [...steady.values()].flatMap(({ delaysMs }) => delaysMs);
  return {
    steady: cost(steadyStart, steadyEnd),
    full: cost(fullStart, fullEnd),
    p50Ms: quantile(delaysMs, 0.5),
    p99Ms: quantile(delaysMs, 0.99),
    residentMiB,
    links: [...counted.values()].map(({ links }) => links),
    about: [steadyEnd, fullEnd].map((end) => [...end.counted.values()].map(({ about }) => about)),
    steadyDelivered: delivered(steadySaid, steady),
    fullDelivered: delivered(fullSaid, full),
    steadyKillDelivered: await withKill(mesh, "steady-kill", pace),
    fullKillDelivered: await withKill(mesh, "full-kill", flood),
  };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** How many posts each has said. */
type Said = ReadonlyMap<number, number>;

/** Makes peers talk for a time. */
type Load = (mesh: Cluster, phase: string, ms: number) => Promise<Said>;

/** All say in turn, at equal distances. */
async function pace(mesh: Cluster, phase: string, ms: number): Promise<Said> {
  const everyMs = peers / postsPerSecond * 1_000;
  const startMs = exactMs() + 100;
  const answers = await mesh.askAll((peer) => ({
    do: "pace",
    phase,
    count: Math.floor(ms / everyMs),
    everyMs,
    startMs: startMs + peer * everyMs / peers,
  }));
  return new Map([...answers].map(([peer, { said }]) => [peer, said]));
}

/** All say as much as they can within a window. */
function flooding(window: number): Load {
  return async (mesh, phase, ms) => {
    const untilMs = exactMs() + ms;
    const answers = await mesh.askAll(() => ({ do: "flood", phase, untilMs, window }));
    return new Map([...answers].map(([peer, { said }]) => [peer, said]));
  };
}

/** Kills one in the middle of a load and waits for the rest. */
async function withKill(
  mesh: Cluster,
  phase: string,
  load: Load,
): Promise<number> {
  const loading = load(mesh, phase, killMs);
  await pause(killMs / 2);
  await mesh.kill(mesh.living[0]!);
  const said = await loading;
  await mesh.settle();
  return delivered(said, await mesh.take(phase));
}

/** Which part of what the living have said has come to the other living. */
function delivered(said: Said, taken: ReadonlyMap<number, Taken>): number {
  const expected = sum([...said.values()]) * (taken.size - 1);
  const arrived = [...taken.values()].map(({ bySender }) =>
    sum([...said.keys()].map((sender) => bySender.get(sender) ?? 0))
  );
  return sum(arrived) / expected;
}

function cost(start: Snapshot, end: Snapshot): Cost {
  const each = [...end.counted].map(([peer, { atMs, fresh, copies }]) => {
    const before = start.counted.get(peer)!;
    const deliveries = fresh - before.fresh;
    return {
      deliveries,
      perSecond: deliveries / (atMs - before.atMs) * 1_000,
      copies: copies - before.copies,
    };
  });
  const deliveries = sum(each.map((one) => one.deliveries));
  const textsBytes = deliveries * textBytes;
  return {
    deliveriesPerSecond: sum(each.map(({ perSecond }) => perSecond)),
    duplicates: sum(each.map(({ copies }) => copies)) / deliveries,
    wire: (end.payloadBytes - start.payloadBytes) / textsBytes,
    wireWithHeaders: (end.wireBytes - start.wireBytes) / textsBytes,
    cpuMs: (end.cpuMs - start.cpuMs) / deliveries,
  };
}
