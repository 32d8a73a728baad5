/** What is measured of a run, from the peers' work and the ledger. */

import type { PeerId } from "../../../wire/ids.ts";
import type { Ledger, Track } from "./ledger.ts";
import type { LightNetwork } from "./light_network.ts";
import { type LightPeer, roomName } from "./light_peer.ts";

/** Work and gossip of all honest peers up to a moment. */
export interface Totals {
  readonly atMs: number;
  readonly steps: number;
  readonly frames: number;
  readonly bytes: number;
  readonly fresh: number;
  readonly copies: number;
  readonly deliveries: number;
  readonly deliveredBytes: number;
}

/** Adds up what honest peers have done so far. */
export function totals(peers: readonly LightPeer[], ledger: Ledger, atMs: number): Totals {
  let steps = 0, frames = 0, bytes = 0, fresh = 0, copies = 0;
  for (const { work, gossip } of peers) {
    steps += work.steps;
    frames += work.frames;
    bytes += work.bytes;
    fresh += gossip.fresh;
    copies += gossip.copies;
  }
  const { deliveries, deliveredBytes } = ledger;
  return { atMs, steps, frames, bytes, fresh, copies, deliveries, deliveredBytes };
}

/** What was done between two moments. */
export function between(first: Totals, last: Totals): Totals {
  return {
    atMs: last.atMs - first.atMs,
    steps: last.steps - first.steps,
    frames: last.frames - first.frames,
    bytes: last.bytes - first.bytes,
    fresh: last.fresh - first.fresh,
    copies: last.copies - first.copies,
    deliveries: last.deliveries - first.deliveries,
    deliveredBytes: last.deliveredBytes - first.deliveredBytes,
  };
}

/** Posts times peers: who runs and lacks a text that somebody who runs holds. */
export function missed(peers: readonly LightPeer[], tracks: Iterable<Track>): number {
  const running = peers.filter(({ engine }) => engine !== null);
  let count = 0;
  for (const { arrivedMs } of tracks) {
    const lacking = running.filter(({ number }) => Number.isNaN(arrivedMs[number])).length;
    // What died with all who held it is nobody's fault.
    if (lacking < running.length) count += lacking;
  }
  return count;
}

/** Links from the author to the last who got a post: over all posts, and on average. */
export function lastHops(
  peers: readonly LightPeer[],
  tracks: readonly Track[],
): { readonly most: number; readonly mean: number } {
  const each = tracks.map(({ hops }) => Math.max(0, ...peers.map(({ number }) => hops[number]!)));
  const sum = each.reduce((sum, hop) => sum + hop, 0);
  return { most: Math.max(0, ...each), mean: each.length === 0 ? 0 : sum / each.length };
}

/** How long posts took to the last who got them: the slowest, and on average. */
export function lastArrivals(
  peers: readonly LightPeer[],
  tracks: readonly Track[],
): { readonly mostMs: number; readonly meanMs: number } {
  const each = tracks.map((track) => completeMs(peers, track) - track.sentMs);
  const sum = each.reduce((sum, ms) => sum + ms, 0);
  return { mostMs: Math.max(0, ...each), meanMs: each.length === 0 ? 0 : sum / each.length };
}

/**
 * How long after a moment posts took again no longer than usual: until the last post that came
 * late somewhere had come everywhere. `Infinity` if one never has.
 */
export function healMs(
  peers: readonly LightPeer[],
  tracks: readonly Track[],
  sinceMs: number,
  promptMs: number,
): number {
  let healedMs = sinceMs;
  for (const track of tracks) {
    if (track.author.engine === null) continue;
    const lastMs = completeMs(peers, track);
    if (lastMs - track.sentMs > promptMs) healedMs = Math.max(healedMs, lastMs);
  }
  return healedMs - sinceMs;
}

/** When a post had come to everybody who runs now. */
function completeMs(peers: readonly LightPeer[], { arrivedMs }: Track): number {
  let last = 0;
  for (const { engine, number } of peers) {
    if (engine === null) continue;
    const ms = arrivedMs[number]!;
    if (Number.isNaN(ms)) return Infinity;
    last = Math.max(last, ms);
  }
  return last;
}

/** Honest peers that run and are not linked, over honest peers, with the most of them. */
export function apart(peers: readonly LightPeer[], network: LightNetwork): number {
  const running = new Set(peers.filter(({ engine }) => engine !== null));
  const parents = new Map([...running].map((peer) => [peer, peer]));
  const rootOf = (peer: LightPeer): LightPeer => {
    let root = peer;
    for (let next; (next = parents.get(root)!) !== root; root = next) {
      parents.set(root, parents.get(next)!);
    }
    return root;
  };
  for (const end of network.ends) {
    const [near, far] = [end.host, end.other.host] as [LightPeer, LightPeer];
    if (!end.other.isOpen || !running.has(near) || !running.has(far)) continue;
    parents.set(rootOf(near), rootOf(far));
  }
  const sizes = new Map<LightPeer, number>();
  for (const peer of running) sizes.set(rootOf(peer), (sizes.get(rootOf(peer)) ?? 0) + 1);
  return running.size - Math.max(0, ...sizes.values());
}

/** How wrong the lists of who is there are: people times lists. */
export function listErrors(
  peers: readonly LightPeer[],
): { readonly missing: number; readonly ghosts: number } {
  const running = peers.filter(({ engine }) => engine !== null);
  const there = new Set<PeerId>(running.map(({ id }) => id));
  const known = new Set<PeerId>(peers.map(({ id }) => id));
  let missing = 0, ghosts = 0;
  for (const { engine } of running) {
    const listed = engine!.who(roomName, { monoMs: 0, wallMs: 0 }).map(({ from }) => from);
    missing += running.length - listed.filter((id) => there.has(id)).length;
    ghosts += listed.filter((id) => known.has(id) && !there.has(id)).length;
  }
  return { missing, ghosts };
}
