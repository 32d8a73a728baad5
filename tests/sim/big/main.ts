/**
 * Thousands of peers: `deno task sim:big` writes the whole table; `--peers 100,1000 --workload
 * turns --fault gone30 --seed 7` runs what is named (each may be a list with commas), and
 * `--limit graftMs=300`, as often as wanted, changes the table of limits for it. The table goes
 * to the standard output as markdown, what happens meanwhile to the other. Ends with code 1 if
 * something is not as ceilings.ts wants it.
 */

import { type Measured, simulateBig } from "./big_simulation.ts";
import {
  breaches,
  bytesPerByte,
  copiesPerDelivery,
  growth,
  idleBytes,
  round,
  workPerPost,
} from "./ceilings.ts";
import {
  commandOf,
  type Fault,
  faults,
  type Options,
  readOptions,
  type Scenario,
  scenarioOf,
  type Workload,
  workloads,
} from "./scenario.ts";

/** How often progress is told. */
const tellMs = 5_000;

const columns: readonly (readonly [title: string, cell: (measured: Measured) => string])[] = [
  ["peers", ({ scenario }) => `${scenario.peers}`],
  ["workload", ({ scenario }) => scenario.workload],
  ["fault", ({ scenario }) => scenario.fault],
  ["copies per delivery", (measured) => round(copiesPerDelivery(measured))],
  ["last hop: most, mean", ({ hops }) => `${hops.most}, ${round(hops.mean)}`],
  [
    "ms to the last: most, mean",
    ({ arrivals }) => `${round(arrivals.mostMs)}, ${round(arrivals.meanMs)}`,
  ],
  ["bytes per byte", (measured) => round(bytesPerByte(measured))],
  ["idle bytes/s", (measured) => round(idleBytes(measured))],
  ["steps, frames, bytes per peer and post", (measured) => {
    const { steps, frames, bytes } = workPerPost(measured);
    return `${round(steps)}, ${round(frames)}, ${round(bytes)}`;
  }],
  ["neighbours: mean, most", ({ neighbours }) => `${round(neighbours.mean)}, ${neighbours.most}`],
  [
    "s to heal, after the fault",
    ({ healMs, afterMs, scenario }) =>
      scenario.fault === "none" ? "" : `${round(healMs / 1_000)}, ${round(afterMs / 1_000)}`,
  ],
  ["missed", ({ missed }) => `${missed}`],
  ["too much", (measured) => breaches(measured).join("; ")],
];

const options = readOptions(Deno.args);
const all: Measured[] = [];
let failed = 0;
console.log(`| ${[...columns.map(([title]) => title), "took"].join(" | ")} |`);
console.log(`|${" --- |".repeat(columns.length + 1)}`);
for (const scenario of scenarios(options)) {
  const startMs = performance.now();
  let toldMs = startMs;
  const measured = simulateBig(scenario, (text) => {
    if (performance.now() - toldMs < tellMs) return;
    toldMs = performance.now();
    console.error(`${text}, ${Math.round(Deno.memoryUsage().rss / 2 ** 20)} MiB`);
  });
  all.push(measured);
  const seconds = Math.round((performance.now() - startMs) / 1_000);
  const mebibytes = Math.round(Deno.memoryUsage().rss / 2 ** 20);
  const cells = columns.map(([, cell]) => cell(measured));
  console.log(`| ${[...cells, `${seconds} s, ${mebibytes} MiB`].join(" | ")} |`);
  for (const breach of breaches(measured)) {
    failed++;
    console.error(`${breach}\n  ${commandOf(scenario)}`);
  }
}
for (const breach of growth(all)) {
  failed++;
  console.error(breach);
}
if (failed > 0) Deno.exit(1);

/** What was named in every combination, or the whole table. */
function scenarios({ peers, workloads: named, faults: wrong, isTable, rest }: Options): Scenario[] {
  const of = (peers: number, workload: Workload, fault: Fault) =>
    scenarioOf({ ...rest, peers, workload, fault });
  if (!isTable) {
    return peers.flatMap((count) =>
      named.flatMap((workload) => wrong.map((fault) => of(count, workload, fault)))
    );
  }
  return [
    ...[10, 100, 1_000].flatMap((count) =>
      workloads.map((workload) => of(count, workload, "none"))
    ),
    ...faults.filter((fault) => fault !== "none").map((fault) => of(100, "turns", fault)),
    of(1_000, "steady", "rush"),
    of(1_000, "turns", "gone30"),
    of(1_000, "turns", "power30"),
    of(1_000, "turns", "churn"),
    of(10_000, "steady", "none"),
    of(10_000, "turns", "none"),
    of(10_000, "steady", "gone80"),
  ];
}
