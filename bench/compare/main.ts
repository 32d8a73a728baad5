/**
 * Starling side by side with js-libp2p's gossipsub, in turn, with the same load and links:
 * `deno task bench:compare`. Every text has 100 bytes. Options:
 *
 * - `--runs 5` how often each is measured; the table holds medians
 * - `--seconds 10` how long each of the two loads of 16 peers lasts
 * - `--window 32` how many posts each sender of a full load may be ahead of the others
 * - `--only pair`, `--only mesh` for a part
 * - `--contender starling` for one alone
 */

import { parseArgs } from "node:util";
import type { Contender } from "./cluster.ts";
import { isAlone, runAlone } from "./loopback.ts";
import { measureMesh } from "./mesh.ts";
import { measurePair } from "./pair.ts";
import { type Run, table } from "./table.ts";

const { values: options } = parseArgs({
  args: Deno.args,
  options: {
    runs: { type: "string", default: "5" },
    seconds: { type: "string", default: "10" },
    window: { type: "string", default: "32" },
    only: { type: "string" },
    contender: { type: "string" },
  },
});

if (!isAlone()) {
  const code = await runAlone();
  if (code !== null) Deno.exit(code);
  console.error(
    "No network namespace can be made here: the bytes on the wire hold those of all programs.",
  );
}

const seconds = Number(options.seconds);
const window = Number(options.window);
const runs: Record<Contender, Run[]> = { starling: [], libp2p: [] };
const contenders = (Object.keys(runs) as Contender[]).filter((contender) =>
  options.contender === undefined || options.contender === contender
);
for (let i = 0; i < Number(options.runs); i++) {
  for (const contender of contenders) {
    const run = {
      pair: options.only === "mesh" ? null : await measurePair(contender),
      mesh: options.only === "pair" ? null : await measureMesh(contender, { seconds, window }),
    };
    runs[contender].push(run);
    console.error(`run ${i + 1}, ${contender}: ${JSON.stringify(run)}`);
  }
}
for (const line of table(runs)) console.log(line);
