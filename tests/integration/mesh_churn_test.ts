/** Twelve peers in a random mesh, of which somebody is killed and restarted all the time. */

import { meshChurn } from "./mesh_churn.ts";

const seed = 2;

Deno.test(`mesh of 12, kill -9 and restart under load: equal sets, each post shown once (seed ${seed})`, () =>
  meshChurn({ seed, peers: 12, rounds: 8, texts: 10, settleMs: 60_000 }));
