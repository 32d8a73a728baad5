/** The long run of page_flips_test.ts. */

import { pageFlips } from "../page_flips.ts";

Deno.test("a damaged database, 1,000 times: never a crash, never a silent loss", () =>
  pageFlips(1_000, Date.now() % 1_000_000));
