/** Churn in a mesh whose links are delayed, split, reset, half-closed and corrupted. */

import { faultyChurn, hasManyLoopbacks } from "./mesh_faulty.ts";

const seed = 3;
if (!hasManyLoopbacks) console.log("mesh_faulty_test.ts: not run, loopback has one address only");

Deno.test({
  name:
    `mesh of 12 through faulty proxies, kill -9 and restart: equal sets, each post shown once (seed ${seed})`,
  ignore: !hasManyLoopbacks,
  fn: () => faultyChurn({ seed, peers: 12, rounds: 8, texts: 10, settleMs: 90_000 }),
});
