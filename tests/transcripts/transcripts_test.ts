/** Plays every transcript of this folder again; see script.ts. */

import { assertEquals } from "@std/assert";
import { play } from "./script.ts";

const folder = new URL("./", import.meta.url);

for (const { name } of Deno.readDirSync(folder)) {
  if (!name.endsWith(".txt")) continue;
  Deno.test(`transcript ${name}: the engines do what it says, action by action`, () => {
    const text = Deno.readTextFileSync(new URL(name, folder));
    assertEquals(play(text), text);
  });
}
