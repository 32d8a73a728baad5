/**
 * Line mode on a terminal, which `script` of util-linux plays: what a person sees and types.
 * The terminal echoes what is typed, as a real one does.
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ephemeral, PeerProcess, TempFolder } from "./peer_process.ts";
import { denoRun, Program } from "./program.ts";

const hasScript = await new Deno.Command("script", { args: ["--version"], stdout: "null" })
  .output().then(({ success }) => success, () => false);

/**
 * Starts the program on a terminal of its own. `exec`, because `script` runs its command in
 * the user's shell: one that stayed in between would take Ctrl-C as well and give its own
 * exit code (dash does, bash does not).
 */
function onTerminal(args: readonly string[]): Program {
  const quoted = [...denoRun, "--ui", "line", ...args].map((arg) => `'${arg}'`).join(" ");
  return new Program([], { command: ["script", "-qefc", `exec ${quoted}`, "/dev/null"] });
}

const sees = (program: Program, text: string) =>
  program.out.until((line) => line.replace(/\r$/, "") === text);

Deno.test("line mode on a terminal: history first, then what comes; exit asks", {
  ignore: !hasScript,
}, async () => {
  using folder = new TempFolder();
  await using a = await PeerProcess.start(ephemeral("ann"));
  const data = ["--data", folder.file("bo")];
  {
    await using bo = await PeerProcess.start([...data, "--name", "bo", "--no-listen"]);
    for (let i = 1; i <= 25; i++) await bo.say(`line ${i}`);
    await bo.kill("SIGTERM");
  }
  await using bo = onTerminal([...data, "--no-listen", "--peer", a.address]);
  await sees(bo, "-- end of history --");
  const history = bo.out.items.map((line) => /\tlobby\tbo\t(line \d+)\r?$/.exec(line)?.[1]);
  const last20 = Array.from({ length: 20 }, (_, i) => `line ${i + 6}`);
  assertEquals(history.filter((text) => text !== undefined), last20);
  await sees(bo, "-- ann is here (#lobby)");
  await bo.write("exit\n");
  await sees(bo, "-- leave? /quit");
  await bo.write("typed by a person 你好\n");
  const id = (await a.hears("typed by a person 你好")).id;
  await a.get({ type: "say", room: "lobby", text: "seen", reply: id });
  await bo.out.until((line) => /\tlobby\tann\t> bo: typed by a person 你好\r?$/.test(line));
  await bo.out.until((line) => /^\t\t\tseen\r?$/.test(line));
  await bo.write("/quit\n");
  const { code, stdout } = await bo.ending();
  assertEquals(code, 0);
  assert(!stdout.includes("\x1b"), "an escape sequence in line mode");
});

Deno.test("line mode on a terminal: the first run asks for a name until it is one", {
  ignore: !hasScript,
}, async () => {
  using folder = new TempFolder();
  const data = folder.file("new");
  await using program = onTerminal(["--data", data, "--listen", "127.0.0.1:0"]);
  await program.write("\u200b\n");
  await program.out.until((line) => line.includes("shows nothing"));
  await program.write("小明\n");
  await program.out.until((line) => line.includes("-- you are 小明, key "));
  await sees(program, "-- end of history --");
  // Ctrl-D on an empty line is the end of input.
  await program.write("\x04");
  assertEquals((await program.ending()).code, 0);
  assertEquals(await Deno.readTextFile(`${data}/name`), "小明\n");
});

Deno.test("line mode on a terminal: Ctrl-C leaves cleanly", {
  ignore: !hasScript,
}, async () => {
  await using a = await PeerProcess.start(ephemeral("ann"));
  await using program = onTerminal([
    ...["--ephemeral", "--name", "bo", "--no-listen", "--peer", a.address],
  ]);
  await sees(program, "-- ann is here (#lobby)");
  await program.write("\x03");
  const { code, stdout } = await program.ending();
  assertEquals(code, 0);
  const down = await a.until((line) => line.type === "peer" && line.event === "down");
  assertEquals(down.reason, "left");
  assertStringIncludes(stdout, "-- end of history --");
});
