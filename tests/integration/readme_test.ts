/** Runs the example of NDJSON in README.md and compares what it prints, line by line. */

import { assert, assertEquals } from "@std/assert";

const project = new URL("../../", import.meta.url);

Deno.test("README.md: the example of NDJSON prints what it shows", async () => {
  const readme = await Deno.readTextFile(new URL("README.md", project));
  const [, command, shown] = /```console\n\$ (.*)\n([^]*?)```/.exec(readme) ?? [];
  assert(command !== undefined && shown !== undefined, "there is no example");
  const { code, stdout, stderr } = await new Deno.Command("sh", {
    args: ["-c", command.replace("deno run", '"$DENO" run')],
    cwd: project,
    env: { DENO: Deno.execPath(), NO_COLOR: "1" },
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  const printed = new TextDecoder().decode(stdout);
  assertEquals(
    printed.replaceAll(/"[0-9a-f]{64}"/g, '"…"').replace(/"time":\d+/, '"time":…'),
    shown,
  );
});
