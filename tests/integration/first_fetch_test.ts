/**
 * The first start of somebody who has nothing: with an empty cache Deno fetches all that the
 * lock file names, whether it is used or not, so a careless dependency costs every newcomer.
 */

import { assert, assertGreater, assertLess } from "@std/assert";

const project = new URL("../../", import.meta.url);
/** 5 MB unpacked; what goes over the wire is less. */
const bytesMax = 5_000_000;

async function bytesIn(folder: string): Promise<number> {
  let sum = 0;
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    sum += isDirectory ? await bytesIn(path) : (await Deno.lstat(path)).size;
  }
  return sum;
}

Deno.test("mod.ts: a first run with an empty cache fetches at most 5 MB", async () => {
  const cache = await Deno.makeTempDir({ prefix: "starling-cache-" });
  try {
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["cache", "--frozen", "mod.ts"],
      cwd: project,
      env: { DENO_DIR: cache, NO_COLOR: "1" },
      stdout: "null",
    }).output();
    assert(success, new TextDecoder().decode(stderr));
    // Beside it lie what Deno has compiled and its own notes, which nobody had to fetch.
    const bytes = await bytesIn(`${cache}/npm`);
    console.log(`${(bytes / 1e6).toFixed(1)} MB fetched`);
    assertGreater(bytes, 0);
    assertLess(bytes, bytesMax);
  } finally {
    await Deno.remove(cache, { recursive: true });
  }
});
