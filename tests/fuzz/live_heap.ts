/**
 * What is really in use on the heap. The collector is asked to run first: without that, the
 * figure is how long it has not run.
 */

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Bytes of live objects. */
export function liveHeapBytes(): number {
  collect();
  return Deno.memoryUsage().heapUsed;
}
