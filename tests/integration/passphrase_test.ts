/**
 * --passphrase in the real program: asked for on a terminal, the first line of a pipe. And what
 * a program that opens a chat is asked for.
 */

import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { DataError } from "../../io/data_error.ts";
import { findIdentity, protectedFile } from "../../io/identity_move.ts";
import type { ChatOptions, StartedChat } from "../../io/chat_options.ts";
import { startChat } from "../../io/open_chat.ts";
import { TempFolder } from "./peer_process.ts";
import { denoRun, Program } from "./program.ts";

const hasScript = await new Deno.Command("script", { args: ["--version"], stdout: "null" })
  .output().then(({ success }) => success, () => false);

Deno.test("--passphrase in a pipe: the first line protects, opens, changes and is taken away", async () => {
  using folder = new TempFolder();
  const data = folder.file("data");
  const run = (input: string, ...args: string[]) =>
    Program.run(["--data", data, "--name", "ann", "--no-listen", ...args], input);
  const first = await run("correct horse\n/rooms\n", "--passphrase");
  assertEquals(first.code, 0, first.stderr);
  assertStringIncludes(first.stderr, "the identity file is under a passphrase now");
  assertStringIncludes(first.stderr, "-- * #lobby: 1 person");
  const file = await Deno.readTextFile(`${data}/identity`);
  assertMatch(file, /^starling exported identity 1\npeer [0-9a-f]{64}\nsalt [0-9a-f]{32}\nbox /);

  const without = await run("correct horse\n");
  assertEquals([without.code, without.stdout, without.stderr.split("\n").length], [1, "", 2]);
  assertStringIncludes(without.stderr, "it is under a passphrase. Start on a terminal, or with");
  const wrong = await run("battery staple\n", "--passphrase");
  assertEquals([wrong.code, wrong.stdout], [1, ""]);
  assertEquals(
    wrong.stderr,
    `Cannot open the identity in "${data}/identity": the passphrase is another one\n`,
  );
  const empty = await run("", "--passphrase");
  assertEquals([empty.code, empty.stdout, empty.stderr.split("\n").length], [2, "", 2]);
  assertStringIncludes(
    empty.stderr,
    "the passphrase is empty, nothing was done: type one, or give",
  );
  assertEquals(await Deno.readTextFile(`${data}/identity`), file);

  const json = '{"ref":1,"type":"command","line":"/rooms"}\n';
  const bot = await run(`correct horse\n${json}`, "--passphrase", "--ui", "json");
  assertEquals(bot.code, 0, bot.stderr);
  const [ready, result] = bot.stdout.split("\n").map((line) =>
    line === "" ? null : JSON.parse(line)
  );
  assertEquals([ready.type, ready.name, result.ref, result.ok], ["ready", "ann", 1, true]);

  const changed = await run("correct horse\nbattery staple\n", "--passphrase=change");
  assertStringIncludes(changed.stderr, "under the new passphrase now");
  assertEquals((await run("correct horse\n", "--passphrase")).code, 1);
  const removed = await run("battery staple\n", "--passphrase=remove");
  assertStringIncludes(removed.stderr, "under no passphrase any more");
  const last = await run("");
  assertEquals(last.code, 0, last.stderr);
  const key = (text: string) => /key ([0-9a-f]{4})…/.exec(text)?.[1];
  assertEquals(key(last.stderr), key(first.stderr));
});

Deno.test("--passphrase on a terminal: is asked for twice, hidden, and then at every start", {
  ignore: !hasScript,
}, async () => {
  using folder = new TempFolder();
  const args = ["--data", folder.file("data"), "--name", "ann", "--no-listen", "--ui", "line"];
  const start = (...more: string[]) => {
    const quoted = [...denoRun, ...args, ...more].map((arg) => `'${arg}'`).join(" ");
    return new Program([], { command: ["script", "-qefc", `exec ${quoted}`, "/dev/null"] });
  };
  const answers = async (program: Program, question: string, passphrase: string) => {
    await program.begun.until((text) => text.includes(question));
    // The question stands there a moment before typing is hidden; a star says that it is.
    const hidden = program.begun.next((text) => text.includes("*"));
    await program.write("x");
    await hidden;
    await program.write(`\x7f${passphrase}\n`);
  };
  {
    await using ann = start("--passphrase");
    await answers(ann, "new passphrase for the identity file:", "geheim");
    await answers(ann, "once more:", "geheim");
    await ann.out.until((line) => line.includes("under a passphrase now"));
    await ann.write("/quit\n");
    const { code, stdout } = await ann.ending();
    assertEquals(code, 0);
    assert(!stdout.includes("geheim"), "what was typed is shown");
  }
  {
    await using ann = start();
    await answers(ann, "passphrase for the identity file:", "falsch");
    const { code, stdout } = await ann.ending();
    assertEquals(code, 1);
    assertStringIncludes(stdout, "the passphrase is another one");
    assert(!stdout.includes("falsch"));
  }
  await using ann = start();
  await answers(ann, "passphrase for the identity file:", "geheim");
  await ann.out.until((line) => line.includes("you are ann"));
  await ann.write("/quit\n");
  assertEquals((await ann.ending()).code, 0);
});

/** Starts and ends a peer; tells what it was asked for. */
async function visit(
  data: string,
  options: ChatOptions,
  answers: readonly string[] = [],
): Promise<{ readonly asked: readonly string[]; readonly protection: StartedChat["protection"] }> {
  const asked: string[] = [];
  const passphrase = (which: "present" | "new") => {
    asked.push(which);
    return Promise.resolve(answers[asked.length - 1]!);
  };
  const { chat, protection } = await startChat({
    data,
    name: "ann",
    listen: false,
    passphrase,
    ...options,
  });
  await chat.close();
  return { asked, protection };
}

Deno.test("startChat asks for what it needs and no more, and tells what it has changed", async () => {
  using folder = new TempFolder();
  const [plain, fresh] = [folder.file("plain"), folder.file("fresh")];
  const nothing = { asked: [], protection: null };
  assertEquals(await visit(plain, {}), nothing);
  assertEquals(await visit(plain, { protect: "remove" }), nothing);
  assertEquals(await visit(plain, { protect: "protect" }, ["a"]), {
    asked: ["new"],
    protection: "protected",
  });
  assertEquals(await visit(fresh, { protect: "protect" }, ["a"]), {
    asked: ["new"],
    protection: "protected",
  });
  for (const protect of [undefined, "protect"] as const) {
    assertEquals(await visit(plain, { protect }, ["a"]), {
      asked: ["present"],
      protection: null,
    });
  }
  assertEquals(await visit(plain, { protect: "change" }, ["a", "b"]), {
    asked: ["present", "new"],
    protection: "changed",
  });
  assertEquals(await visit(plain, { protect: "remove" }, ["b"]), {
    asked: ["present"],
    protection: "removed",
  });
  assertEquals(await visit(plain, {}), nothing);
  assertEquals(await visit(plain, { ephemeral: true, protect: "protect" }), nothing);
});

Deno.test("startChat leaves nothing locked or changed when the passphrase is wrong or not told", async () => {
  using folder = new TempFolder();
  const data = folder.file("data");
  await visit(data, { protect: "protect" }, ["right"]);
  const text = Deno.readTextFileSync(`${data}/identity`);
  const refused = async (options: ChatOptions, answers: readonly string[]) =>
    (await assertRejects(() => visit(data, options, answers), DataError)).code;
  assertEquals(await refused({ protect: "change" }, ["wrong", "new"]), "passphrase");
  assertEquals(await refused({ passphrase: undefined }, []), "passphrase-wanted");
  const gone = () => Promise.reject(new Error("gone"));
  await assertRejects(() => visit(data, { passphrase: gone }), Error, "gone");
  assertEquals(Deno.readTextFileSync(`${data}/identity`), text);
  assertEquals((await visit(data, {}, ["right"])).asked, ["present"]);
});

Deno.test("findIdentity opens a protected identity for an export", async () => {
  using folder = new TempFolder();
  const whose = { data: folder.file("data"), profile: null, name: null };
  await visit(whose.data, {});
  assertEquals(protectedFile(whose), null);
  const { peer } = (await findIdentity(whose)).identity;
  await visit(whose.data, { protect: "protect" }, ["a"]);
  assertEquals(protectedFile(whose), `${whose.data}/identity`);
  assertEquals((await findIdentity(whose, "a")).identity.peer, peer);
  assertEquals((await assertRejects(() => findIdentity(whose, "b"), DataError)).code, "passphrase");
});
