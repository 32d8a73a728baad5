/**
 * Compares what engines do with the transcripts beside this file. Read them to learn the
 * protocol; script.ts says how. After a change that is meant to alter them:
 *
 *     deno test -A tests/transcripts -- --update
 *
 * and look at every line of the difference before it is committed.
 */

import { assertEquals } from "@std/assert";
import { play } from "./script.ts";

const folder = new URL("./", import.meta.url);
const names = [...Deno.readDirSync(folder)].map(({ name }) => name)
  .filter((name) => name.endsWith(".txt")).sort();

for (const name of names) {
  Deno.test(`Engine acts as in transcripts/${name}`, () => {
    const file = new URL(name, folder);
    const written = Deno.readTextFileSync(file);
    const played = play(written);
    if (Deno.args.includes("--update") && played !== written) Deno.writeTextFileSync(file, played);
    else assertEquals(played, written);
  });
}

Deno.test("play makes of its own result the same again", () => {
  const script = "# A comment.\n\n$ peers ann\n$ ann: join lobby; say lobby hi\n";
  const played = play(script);
  assertEquals(play(played), played);
  assertEquals(played.split("\n").filter((line) => /^[#$]/.test(line)), [
    "# A comment.",
    "$ peers ann",
    "$ ann: join lobby; say lobby hi",
  ]);
});
