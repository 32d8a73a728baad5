/** Who is linked with whom: a random regular graph, the same for the same seed. */

/** Two peers by their numbers; the first dials. */
export type Link = readonly [from: number, to: number];

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * A connected graph in which all have the same number of links.
 *
 * Stubs are paired at random and bad pairs mended by exchanging ends with another pair: drawing
 * again until all pairs are good would take millions of draws at degree 8.
 *
 * @param peers How many.
 * @param degree Links of each; `peers * degree` must be even.
 * @param seed The same seed gives the same graph.
 */
export function regularGraph(peers: number, degree: number, seed: number): Link[] {
  if (peers * degree % 2 !== 0 || degree >= peers) {
    throw new RangeError(`No regular graph of degree ${degree} on ${peers} peers`);
  }
  const random = numbers(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  for (;;) {
    const stubs = Array.from({ length: peers * degree }, (_, i) => i % peers);
    for (let i = stubs.length - 1; i > 0; i--) exchange(stubs, i, below(i + 1));
    for (let tries = 0; tries < 10_000; tries++) {
      const bad = badPairs(stubs);
      if (bad.length === 0) break;
      exchange(stubs, 2 * bad[0]! + 1, 2 * below(stubs.length / 2) + 1);
    }
    const links = pairs(stubs);
    if (badPairs(stubs).length === 0 && isConnected(peers, links)) return links;
  }
}

function exchange(stubs: number[], a: number, b: number): void {
  [stubs[a], stubs[b]] = [stubs[b]!, stubs[a]!];
}

function pairs(stubs: readonly number[]): Link[] {
  return Array.from({ length: stubs.length / 2 }, (_, i) => [stubs[2 * i]!, stubs[2 * i + 1]!]);
}

/** Pairs of one peer with itself, and pairs that are there already. */
function badPairs(stubs: readonly number[]): number[] {
  const seen = new Set<string>();
  const bad: number[] = [];
  for (const [i, [a, b]] of pairs(stubs).entries()) {
    const name = `${Math.min(a, b)} ${Math.max(a, b)}`;
    if (a === b || seen.has(name)) bad.push(i);
    seen.add(name);
  }
  return bad;
}

function isConnected(peers: number, links: readonly Link[]): boolean {
  const reached = new Set([0]);
  for (const peer of reached) {
    for (const [a, b] of links) {
      if (a === peer) reached.add(b);
      if (b === peer) reached.add(a);
    }
  }
  return reached.size === peers;
}
