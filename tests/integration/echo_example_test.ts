/** The echo bot of examples/, which is the library as a stranger would use it. */

import { assertEquals, assertLessOrEqual } from "@std/assert";
import { ephemeral, PeerProcess } from "./peer_process.ts";
import { Program } from "./program.ts";

const example = "examples/echo.ts";

Deno.test("examples/echo.ts: answers each text once, as an answer, and is about 20 lines", async () => {
  await using a = await PeerProcess.start(ephemeral("ann"));
  const command = [Deno.execPath(), "run", "-A", "--quiet", example];
  await using echo = new Program([a.address], { command });
  await echo.out.until((line) => line.startsWith("echo is reached at 127.0.0.1:"));
  const bot = await a.until((line) => line.type === "presence" && line.name === "echo");
  const id = await a.say("hello there");
  const answer = await a.hears("ann: hello there");
  assertEquals([answer.from, answer.reply, answer.name], [bot.from, id, "echo"]);
  await a.command("/me waves");
  await a.say("again");
  await a.hears("ann: again");
  assertEquals(a.messages.filter(({ from }) => from === bot.from).length, 2);
  echo.signal("SIGINT");
  const { code, stderr } = await echo.ending();
  assertEquals([code, stderr], [0, ""]);
  const down = await a.until((line) => line.type === "peer" && line.event === "down");
  assertEquals(down.reason, "left");
  const lines = (await Deno.readTextFile(new URL(`../../${example}`, import.meta.url))).split("\n");
  assertLessOrEqual(lines.filter((line) => line.trim() !== "").length, 25);
});

Deno.test("examples/echo.ts: a text too long to be echoed is passed over, a bad address is one line", async () => {
  const command = [Deno.execPath(), "run", "-A", "--quiet", example];
  await using a = await PeerProcess.start(ephemeral("ann"));
  await using _echo = new Program([a.address], { command });
  await a.until((line) => line.type === "presence" && line.name === "echo");
  await a.say("x".repeat(16_384));
  await a.say("short");
  await a.hears("ann: short");
  assertEquals(a.messages.filter(({ name }) => name === "echo").length, 1);
  const bad = await Program.run(["nowhere"], "", { command });
  assertEquals([bad.code, bad.stderr.split("\n").length], [1, 2], bad.stderr);
});

Deno.test("examples/echo.ts: a peer that dials the bot is answered like one that it dialled", async () => {
  const command = [Deno.execPath(), "run", "-A", "--quiet", example];
  await using echo = new Program([], { command });
  const line = await echo.out.until((text) => text.startsWith("echo is reached at "));
  const address = /127\.0\.0\.1:\d+/.exec(line)![0];
  await using a = await PeerProcess.start(ephemeral("ann", "--peer", address));
  await a.until((text) => text.type === "presence" && text.name === "echo");
  await a.say("你好");
  await a.hears("ann: 你好");
});
