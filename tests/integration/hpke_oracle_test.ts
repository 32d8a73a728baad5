/** HPKE beside another's, in a process with the packages that only this needs. */

import { assertEquals } from "@std/assert";

const folder = new URL("../oracle/", import.meta.url);

Deno.test("HPKE: what we seal @hpke/core opens, and the other way round", async () => {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--check", "--frozen", "--config", "deno.json", "hpke.ts"],
    cwd: folder,
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  assertEquals([code, decoder.decode(stdout)], [0, "100 cases agree\n"], decoder.decode(stderr));
});
