/** Churn in a mesh whose links are delayed, split, reset, half-closed and corrupted. */

import { faultyChurn } from "./mesh_faulty.ts";

const seed = 3;

Deno.test(`mesh of 12 through faulty proxies, kill -9 and restart: equal sets, each post shown once (seed ${seed})`, () =>
  faultyChurn({ seed, peers: 12, rounds: 8, texts: 10, settleMs: 90_000 }));
