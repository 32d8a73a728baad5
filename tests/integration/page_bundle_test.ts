/** The page's script is what its sources say: made again, it is the same to the byte. */

import { assert, assertEquals, assertLess } from "@std/assert";
import { pageFiles } from "../../ui/web/page_files.ts";
import { projectFolder } from "../unit/house_source.ts";
import { TempFolder } from "./peer_process.ts";

/** All files of the page together, as gzip packs them. */
const gzipBytesMax = 40 * 1024;

Deno.test("page.js is what `deno task bundle` makes of ui/web/client", async () => {
  using folder = new TempFolder();
  const out = folder.file("page.js");
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["bundle", "--frozen", "--platform", "browser", "--minify"],
      ...["-o", out, "ui/web/client/main.tsx"],
    ],
    cwd: projectFolder,
    stdout: "null",
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  const same = Deno.readTextFileSync(out) === pageFiles.get("/page.js")?.text;
  assertEquals(same, true, "run deno task bundle and commit ui/web/page.js");
});

Deno.test("the page weighs at most 40 KB with everything", async () => {
  const sizes = await Promise.all([...pageFiles.values()].map(async ({ text }) => {
    const packed = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
    return (await new Response(packed).arrayBuffer()).byteLength;
  }));
  const sum = sizes.reduce((all, size) => all + size, 0);
  console.log(`${(sum / 1024).toFixed(1)} KiB packed`);
  assertLess(sum, gzipBytesMax);
});
