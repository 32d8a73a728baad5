/** Rewrites the transcripts as the engines play them now: `deno task transcripts`. */

import { play } from "./script.ts";

const folder = new URL("./", import.meta.url);

for (const { name } of Deno.readDirSync(folder)) {
  if (!name.endsWith(".txt")) continue;
  const path = new URL(name, folder);
  const text = Deno.readTextFileSync(path);
  const played = play(text);
  if (played === text) continue;
  Deno.writeTextFileSync(path, played);
  console.log(`rewrote ${name}`);
}
