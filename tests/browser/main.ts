/**
 * Runs the tests of the page in a real browser, with packages of their own (deno.json here).
 * Where there is no browser it says so and passes, but not in the gate, which has one.
 */

import { chromiumPath } from "./chromium.ts";

const folder = new URL(".", import.meta.url).pathname;
const config = ["--config", `${folder}deno.json`];

async function main(files: readonly string[]): Promise<number> {
  if (chromiumPath() === null) {
    console.log("tests of the page: not run, this machine has no Chromium");
    return Deno.env.get("CI") === "true" ? 1 : 0;
  }
  // What these files need stands in a configuration that the tasks of the project do not read.
  const steps = [
    ["fmt", "--check", ...config, folder],
    ["lint", ...config, folder],
    ["check", "--quiet", "--frozen", ...config, folder],
    ["test", "--frozen", "--parallel", "-A", ...config, ...files.length > 0 ? files : [folder]],
  ];
  for (const args of steps) {
    const { code } = await new Deno.Command(Deno.execPath(), { args }).spawn().status;
    if (code !== 0) return code;
  }
  return 0;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
