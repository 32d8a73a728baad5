/** Two peers: how many posts per second go one way, and how long a single one takes. */

import { Cluster, type Contender } from "./cluster.ts";
import { exactMs } from "./load.ts";
import { quantile, sum } from "./statistics.ts";

const warming = 1_000;
const posts = 20_000;
const paced = 100;
const everyMs = 50;

/** What two peers reach. */
export interface PairFigures {
  readonly postsPerSecond: number;
  readonly p50Ms: number;
  /** Part of the posts of both loads that arrived. */
  readonly delivered: number;
}

/** Measures one contender once. */
export async function measurePair(contender: Contender): Promise<PairFigures> {
  await using pair = await Cluster.start(contender, 2, [[0, 1]]);
  await pair.ask(0, { do: "burst", phase: "warm", count: warming });
  await pair.settle(warming);
  const { startMs } = await pair.ask(0, { do: "burst", phase: "burst", count: posts });
  await pair.settle(warming + posts);
  const burst = (await pair.take("burst")).get(1)!;
  const arrived = sum([...burst.bySender.values()]);

  await pair.ask(0, { do: "pace", phase: "pace", count: paced, everyMs, startMs: exactMs() + 100 });
  await pair.settle(warming + arrived + paced);
  const { delaysMs } = (await pair.take("pace")).get(1)!;
  return {
    postsPerSecond: arrived / (burst.lastMs - startMs) * 1_000,
    p50Ms: quantile(delaysMs, 0.5),
    delivered: (arrived + delaysMs.length) / (posts + paced),
  };
}
