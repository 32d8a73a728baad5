/** What work costs: counted so that what else the machine does has no part in it. */

import process from "node:process";

/** What this process has used of the processor so far, in milliseconds; take differences. */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
