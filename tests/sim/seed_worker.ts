/** Runs seeds in a thread of its own: one comes as a message, and its outcome goes back. */

import { simulate } from "./simulation.ts";

/** What is to be run. */
export interface SeedOrder {
  readonly seed: number;
  readonly peers: number | null;
}

const thread = globalThis as unknown as {
  onmessage: (event: MessageEvent<SeedOrder>) => void;
  postMessage(outcome: unknown): void;
};
thread.onmessage = ({ data: { seed, peers } }) => thread.postMessage(simulate(seed, peers, null));
