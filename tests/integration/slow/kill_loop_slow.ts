/** The long run of kill_loop_test.ts. */

import { killLoop } from "../kill_loop.ts";

Deno.test("kill -9, 200 times in a stream of texts: 0 acknowledged lost, 0 doubled", () =>
  killLoop(200));
