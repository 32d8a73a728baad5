/**
 * What a person chooses, in the real program: kept in the profile, behind a configuration
 * file, which is behind an option, and before the environment.
 */

import { assertEquals } from "@std/assert";
import { Program } from "./program.ts";

const nobody = ["--no-listen", "--name", "ann"];

/** What `/set lang` and `/lang` are answered with in a run. */
async function answers(
  folder: string,
  args: readonly string[],
  input: string,
  env: Record<string, string> = {},
): Promise<string[]> {
  const all = ["--data", folder, ...nobody, ...args];
  const { code, stderr, stdout } = await Program.run(all, input, { env });
  assertEquals([code, stdout], [0, ""]);
  return stderr.split("\n").slice(0, -1);
}

Deno.test("/lang is kept, before the environment and behind --config and --lang", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const file = `${folder}.json`;
    await Deno.writeTextFile(file, '{"lang": "en"}');
    const data = `${folder}/data`;
    const english = (lines: string[]) => lines.some((line) => line.startsWith("-- you are ann"));
    const first = await answers(data, [], "/lang zh\n", { LC_ALL: "en_US.UTF-8" });
    assertEquals([english(first), first.at(-1)], [true, "-- 现在用中文"]);
    const second = await answers(data, [], "", { LC_ALL: "en_US.UTF-8" });
    assertEquals(second[0]?.startsWith("-- 你是 ann"), true, second[0]);
    assertEquals(english(await answers(data, ["--config", file], "")), true);
    assertEquals(english(await answers(data, ["--lang", "en"], "")), true);
    await Deno.writeTextFile(file, '{"lang": "zh"}');
    assertEquals(english(await answers(data, ["--config", file, "--lang", "en"], "")), true);
    await answers(data, [], "/set lang default\n");
    assertEquals(english(await answers(data, [], "", { LC_ALL: "C" })), true);
    await Deno.remove(file);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("/set color is kept; --color always colours even a pipe, and nothing else does", async () => {
  const folder = await Deno.makeTempDir();
  const data = `${folder}/data`;
  try {
    const plain = await answers(data, [], "/set theme ascii\n/rooms\n");
    assertEquals(plain.at(-1), "-- * #lobby: 1 person");
    const coloured = await answers(data, ["--color", "always"], "/set theme\n");
    assertEquals(
      coloured.at(-1)?.startsWith("\x1b[90m-- theme      ascii "),
      true,
      coloured.at(-1),
    );
    await answers(data, [], "/set color always\n");
    assertEquals(
      (await answers(data, [], "/rooms\n")).at(-1),
      "\x1b[90m-- * #lobby: 1 person\x1b[0m",
    );
    const never = await answers(data, ["--color", "never"], "/rooms\n");
    assertEquals(never.at(-1), "-- * #lobby: 1 person");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
