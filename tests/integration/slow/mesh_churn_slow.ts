/** Minutes of what mesh_churn_test.ts and mesh_faulty_test.ts do for seconds. */

import { meshChurn } from "../mesh_churn.ts";
import { faultyChurn, hasManyLoopbacks } from "../mesh_faulty.ts";

const churn = { peers: 12, rounds: 60, texts: 20, settleMs: 180_000 };
if (!hasManyLoopbacks) console.log("mesh_churn_slow.ts: no proxies, loopback has one address only");

for (const seed of [11, 12]) {
  Deno.test(`mesh of 12, 60 times kill -9 and restart under load: equal sets, each post shown once (seed ${seed})`, () =>
    meshChurn({ seed, ...churn }));

  Deno.test({
    name:
      `mesh of 12 through faulty proxies, 60 times kill -9: equal sets, each post shown once (seed ${seed})`,
    ignore: !hasManyLoopbacks,
    fn: () => faultyChurn({ seed, ...churn }),
  });
}
