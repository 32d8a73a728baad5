/**
 * Runs the benches: `deno task bench`, or `deno task bench throughput latency` for some.
 * Every figure is a ratio of two things measured in turn in one run, the median of five.
 */

import { largeRoom } from "./large_room.ts";
import { away } from "./away.ts";
import { backfill } from "./backfill.ts";
import { latency } from "./latency.ts";
import { idleLinks } from "./links.ts";
import { privateRooms } from "./private.ts";
import { line } from "./report.ts";
import { screen } from "./screen.ts";
import { sealed } from "./sealed.ts";
import { stalledReader } from "./stalled.ts";
import { start } from "./start.ts";
import { throughput } from "./throughput.ts";

const benches = {
  throughput,
  backfill,
  away,
  latency,
  start,
  screen,
  links: idleLinks,
  stalled: stalledReader,
  large: largeRoom,
  sealed,
  private: privateRooms,
};

const wanted = Deno.args.length > 0 ? Deno.args : Object.keys(benches);
for (const name of wanted) {
  const bench = benches[name as keyof typeof benches];
  if (bench === undefined) {
    console.error(`No bench ${JSON.stringify(name)}; there are ${Object.keys(benches).join(", ")}`);
    Deno.exit(2);
  }
  for (const row of await bench()) console.log(line(row));
}
