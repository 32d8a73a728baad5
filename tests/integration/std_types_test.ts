/**
 * The npm build of the standard library brings no types; std.d.ts declares what is used of it.
 * That is worth something only if a wrong call is then refused, so both a right and some wrong
 * ones go through the type checker.
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";

const project = new URL("../../", import.meta.url);

/** What `deno check` says of a program. */
async function check(text: string): Promise<{ readonly success: boolean; readonly said: string }> {
  const folder = await Deno.makeTempDir({ prefix: "starling-types-" });
  try {
    const path = `${folder}/program.ts`;
    await Deno.writeTextFile(path, text);
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["check", "--quiet", "--frozen", "--config", "deno.json", path],
      cwd: project,
      env: { NO_COLOR: "1" },
      stdout: "null",
    }).output();
    return { success, said: new TextDecoder().decode(stderr) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("std.d.ts: a right call of each module is accepted", async () => {
  const { success, said } = await check(`
    import { assertEquals, assertThrows } from "@std/assert";
    import { parseArgs } from "@std/cli/parse-args";
    import { promptSecret } from "@std/cli/prompt-secret";
    import { decodeBase64 } from "@std/encoding/base64";
    assertEquals<number>(decodeBase64("AA==").length, 1);
    assertThrows(() => parseArgs(["--name", "ann"], { string: ["name"] }), RangeError);
    const secret: string | null = promptSecret("passphrase:");
    assertEquals(secret, null);
  `);
  assert(success, said);
});

Deno.test("std.d.ts: a wrong call of each module is a type error", async () => {
  const { success, said } = await check(`
    import { assertEquals } from "@std/assert";
    import { parseArgs } from "@std/cli/parse-args";
    import { promptSecret } from "@std/cli/prompt-secret";
    import { encodeBase64 } from "@std/encoding/base64";
    assertEquals<string>(1, "1");
    parseArgs("--name ann");
    promptSecret(1);
    encodeBase64([1]);
  `);
  assertEquals(success, false);
  for (const line of [6, 7, 8, 9]) assertStringIncludes(said, `program.ts:${line}:`);
  assertStringIncludes(said, "TS2345");
  assertStringIncludes(said, "Found 4 errors.");
});

Deno.test("std.d.ts: a module or function that is not declared is a type error", async () => {
  const { success, said } = await check(`
    import { unzip } from "@std/encoding/base64";
    unzip();
  `);
  assertEquals(success, false);
  assertStringIncludes(said, "unzip");
});
