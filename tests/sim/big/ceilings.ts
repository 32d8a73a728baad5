/** What a run may cost at most, and what must come of it: the goals of the overlay in numbers. */

import type { Measured } from "./big_simulation.ts";
import type { Fault, Workload } from "./scenario.ts";

/** Known posts that come again, for each new one, while nothing is wrong. */
const copiesMax: Readonly<Record<Workload, number>> = { steady: 0.1, turns: 0.5, bursts: 0.5 };
/** With few posts in a room that has hardly come to rest, the tree is still being made. */
const briefSlack = 2;
/** Bytes written for each byte of posts that came in, less what silence costs as well. */
const bytesPerByteMax = 3;
/** Bytes that a peer writes in a second of silence; most are words of who is there. */
const idleBytesMax = 8_192;
/** From the beginning of a fault until posts come everywhere as fast as before. */
const healMsMax: Partial<Readonly<Record<Fault, number>>> = {
  gone30: 10_000,
  power30: 10_000,
  gone80: 60_000,
};
/** From the end of a fault that ends. */
const afterMsMax = 90_000;
/** Dials to where nobody is, of each peer, however many lies it is told. */
const strayDialsMax = 40;
/** How much more a large room may cost each peer than one of a hundred. */
const growthMax = 1.5;

/** Copies for each new post. */
export function copiesPerDelivery({ talk }: Measured): number {
  return talk.copies / Math.max(1, talk.fresh);
}

/** The most links that a post may have come over, on average of all posts. */
export function hopsMax(peers: number): number {
  return 2 * Math.log2(peers);
}

/** Bytes written for each byte of posts that came in, less what silence costs as well. */
export function bytesPerByte({ talk, idle }: Measured): number {
  const silentBytes = idle.bytes * talk.atMs / idle.atMs;
  return (talk.bytes - silentBytes) / Math.max(1, talk.deliveredBytes);
}

/** Bytes that a peer writes in a second of silence. */
export function idleBytes({ idle, scenario }: Measured): number {
  return idle.bytes / scenario.peers / idle.atMs * 1_000;
}

/** What one post costs each peer while people talk, silence included. */
export function workPerPost(
  { talk, scenario }: Measured,
): { readonly steps: number; readonly frames: number; readonly bytes: number } {
  const shares = scenario.peers * scenario.posts;
  return { steps: talk.steps / shares, frames: talk.frames / shares, bytes: talk.bytes / shares };
}

/** What is not as it must be, one sentence each; none if all is well. */
export function breaches(measured: Measured): string[] {
  const { scenario, hops, missed, apart, listed, strayDials } = measured;
  const { fault, workload, peers } = scenario;
  const found: string[] = [];
  const atMost = (what: string, value: number, most: number) => {
    if (!(value <= most)) found.push(`${what} ${round(value)}, at most ${round(most)}`);
  };
  atMost("posts missed", missed, 0);
  atMost("peers apart", apart, 0);
  atMost("not listed", listed.missing, 0);
  atMost("listed and gone", listed.ghosts, 0);
  atMost("stray dials per peer", strayDials, strayDialsMax);
  atMost("seconds to heal", measured.healMs / 1_000, (healMsMax[fault] ?? Infinity) / 1_000);
  if (healMsMax[fault] === undefined) {
    atMost("seconds after the fault", measured.afterMs / 1_000, afterMsMax / 1_000);
  }
  // Strangers are there before their fault begins.
  if (fault === "inbound90" || fault === "droppers") return found;
  const isBrief = scenario.length === "brief";
  const slack = isBrief ? briefSlack : 1;
  atMost("copies per delivery", copiesPerDelivery(measured), slack * copiesMax[workload]);
  atMost("mean last hop", hops.mean, slack * hopsMax(peers));
  // In a small room one odd tree is far from the mean.
  if (peers >= 1_000) atMost("last hop", hops.most, hopsMax(peers));
  // After a brief rest the room is not silent yet, and what silence costs is not known.
  if (isBrief) return found;
  atMost("bytes per byte", bytesPerByte(measured), bytesPerByteMax);
  atMost("idle bytes per second", idleBytes(measured), idleBytesMax);
  return found;
}

/**
 * Where a large room costs each peer too much more than one of a hundred, as sentences. What is
 * compared was measured before the fault.
 */
export function growth(all: readonly Measured[]): string[] {
  const found: string[] = [];
  for (const large of all) {
    const { peers, fault, workload, posts } = large.scenario;
    const small = all.find(({ scenario }) =>
      scenario.peers === 100 && scenario.fault === fault && scenario.workload === workload &&
      scenario.posts === posts
    );
    if (peers < 1_000 || small === undefined) continue;
    const [much, little] = [workPerPost(large), workPerPost(small)];
    for (const kind of ["steps", "frames", "bytes"] as const) {
      const ratio = much[kind] / little[kind];
      const line = `${workload}: ${kind} per peer at ${peers} are ${round(ratio)} x those at 100`;
      if (ratio > growthMax) found.push(`${line}, at most ${growthMax}`);
    }
  }
  return found;
}

/** Three digits at most behind the point, fewer for larger numbers. */
export function round(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? "never" : "-";
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${Number(value.toFixed(digits))}`;
}
