/** Runs seeds in a thread of its own. */

import { simulate } from "./simulation.ts";
import { answerOrders } from "./threads.ts";

/** What is to be run. */
export interface SeedOrder {
  readonly seed: number;
  readonly peers: number | null;
}

answerOrders(({ seed, peers }: SeedOrder) => simulate(seed, peers, null));
