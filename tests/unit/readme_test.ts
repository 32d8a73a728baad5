/** Keeps the lists in README.md complete: options, commands, exit codes, and how tests are run. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { commandNames } from "../../ui/commands.ts";
import { englishHelp } from "../../ui/catalogue_help_en.ts";
import { optionNames } from "../../ui/option_table.ts";
import { exitCode } from "../../ui/run_face.ts";
import { projectFolder } from "./house_source.ts";

const readme = Deno.readTextFileSync(new URL("README.md", projectFolder));

/** A chapter, from its heading to the next one. */
function chapter(heading: string): string {
  const start = readme.indexOf(`\n## ${heading}\n`);
  assert(start >= 0, `README.md has no chapter "${heading}"`);
  const end = readme.indexOf("\n## ", start + 1);
  return readme.slice(start, end);
}

Deno.test("README.md: every option is described", () => {
  const text = chapter("Options");
  for (const name of optionNames) {
    // Options of later versions are named in a sentence, some with a value.
    assert(new RegExp(`--${name}(?![\\w-])`).test(text), `--${name}`);
  }
});

Deno.test("README.md: every command stands in its form", () => {
  const text = chapter("Commands").replaceAll(/\s+/g, " ");
  for (const name of commandNames) {
    assertStringIncludes(text, `\`${englishHelp.commands[name][0]}\``);
  }
});

Deno.test("README.md: every exit code is listed", () => {
  const listed = [...chapter("Options").matchAll(/^\| (\d+) /gm)].map((match) => Number(match[1]));
  assertEquals(listed, Object.values(exitCode));
});

Deno.test("README.md: the commands for tests are the gate's", () => {
  const gate = Deno.readTextFileSync(new URL(".ci/run", projectFolder));
  const command = /^readonly test_command="(.*)"$/m.exec(gate)?.[1];
  assert(command !== undefined);
  assertStringIncludes(chapter("Run the tests"), `\n${command}\n`);
  assertStringIncludes(
    chapter("Run the tests"),
    `\n${command.replace(/npx -y deno@\S+/, "deno")}\n`,
  );
});
