import { pageFlips } from "./page_flips.ts";

Deno.test("a damaged database: never a crash, never a silent loss, and what can be read is saved", () =>
  pageFlips(30, Date.now() % 1_000_000));
