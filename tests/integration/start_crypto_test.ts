/** A start, the first one or a later one, is over before `node:crypto` is loaded. */

import { assertEquals } from "@std/assert";
import { TempFolder } from "./peer_process.ts";

/** Opens a chat twice in one folder and says what was loaded of Node by then, and by a post. */
const program = `
  const { openChat } = await import(Deno.args[0]);
  const { getBuiltinModule } = process;
  let loaded = [];
  process.getBuiltinModule = (name) => (loaded.push(name), getBuiltinModule.call(process, name));
  // The clock stands still, so that no start is slow: silence ends only by what is said.
  performance.now = () => 1_000;
  const seen = [];
  const chat = await openChat({ data: Deno.args[1], name: "ann", listen: { port: 0 } });
  seen.push([...loaded]);
  if (Deno.args[2] === "say") await chat.say("lobby", "hello");
  seen.push(loaded.includes("node:crypto"), (await chat.timeline("lobby")).posts.map((post) => post.text));
  console.log(JSON.stringify(seen));
  await chat.close();
`;

async function start(folder: TempFolder, ...args: readonly string[]): Promise<unknown> {
  const path = folder.file("program.ts");
  await Deno.writeTextFile(path, program);
  const config = new URL("../../deno.json", import.meta.url).pathname;
  const module = new URL("../../mod.ts", import.meta.url).href;
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", "--no-check", "--quiet", "--config", config],
      ...[path, module, folder.file("data"), ...args],
    ],
  }).output();
  const decoder = new TextDecoder();
  assertEquals([success, decoder.decode(stderr)], [true, ""]);
  return JSON.parse(decoder.decode(stdout));
}

Deno.test("a start needs no node:crypto, with history or without; the first post does", async () => {
  using folder = new TempFolder();
  assertEquals(await start(folder), [[], false, []]);
  assertEquals(await start(folder, "say"), [[], true, ["hello"]]);
  assertEquals(await start(folder), [[], false, ["hello"]]);
});
