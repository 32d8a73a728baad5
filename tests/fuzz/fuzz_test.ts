/**
 * The gate's part of fuzzing: all targets, 30 seconds in total. The environment gives more
 * (`STARLING_FUZZ_SECONDS=3600`), tests/fuzz/main.ts more choices.
 */

import { assert, assertEquals } from "@std/assert";
import { readCorpus } from "./corpus.ts";
import { replay } from "./fuzzer.ts";
import { fuzzTarget } from "./session.ts";
import { targets } from "./targets.ts";

const seconds = Number(Deno.env.get("STARLING_FUZZ_SECONDS") ?? 30);
const shares = targets.reduce((sum, { share }) => sum + share, 0);

Deno.test("fuzz: every case of the corpus is taken as it must be, by something fresh", async () => {
  let count = 0;
  for (const target of targets) {
    for (const { path, inputs } of readCorpus(target.name)) {
      const { failure } = await replay(target, inputs);
      assertEquals(failure, null, path);
      count++;
    }
  }
  assert(count > 0);
});

for (const target of targets) {
  Deno.test(`fuzz: ${target.name} keeps its promises, whatever it is given`, async () => {
    const length = { seconds: seconds * target.share / shares, inputsMax: Infinity };
    const failure = await fuzzTarget(target, 1, length);
    assert(failure === null, failure ?? "");
  });
}
