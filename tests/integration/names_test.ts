/** Names: shared by two, remembered over restarts, kept for people who are not here. */

import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { allMeet, ephemeral, PeerProcess, TempFolder } from "./peer_process.ts";
import { Program } from "./program.ts";

/** The columns of a post in line mode. */
const columns = (line: string) => line.split("\t");

Deno.test("line mode: two people with one name are told apart by a tag of their keys", async () => {
  await using bo = await PeerProcess.start(ephemeral("bo"));
  await using other = await PeerProcess.start(ephemeral("BO", "--peer", bo.address));
  await using reader = new Program([
    ...["--ephemeral", "--name", "ann", "--no-listen", "--peer", bo.address],
  ]);
  const here = (name: string) =>
    reader.err.until((line) => line.startsWith(`-- ${name}`) && line.endsWith("is here (#lobby)"));
  await Promise.all([here("bo"), here("BO"), allMeet(bo, other)]);
  await bo.say("I am the one");
  await other.say("no, I am");
  const [first, second] = await Promise.all(
    ["I am the one", "no, I am"].map((text) =>
      reader.out.until((line) => columns(line)[3] === text)
    ),
  );
  for (const [line, name, peer] of [[first, "bo", bo], [second, "BO", other]] as const) {
    const [, tag = ""] = columns(line!)[2]!.split("·");
    assertEquals(columns(line!)[2], `${name}·${tag}`);
    assert(tag.length >= 4 && peer.id.startsWith(tag), line);
  }
  // Programs are given the name as it is, and the key beside it.
  assertEquals((await bo.hears("no, I am")).name, "BO");
});

Deno.test("--name: is remembered, and changed by /nick or together with --data", async () => {
  using folder = new TempFolder();
  const data = ["--data", folder.file("ann"), "--no-listen"];
  const nameOf = async (args: readonly string[], nick?: string) => {
    await using peer = await PeerProcess.start(args);
    if (nick !== undefined) await peer.command(`/nick ${nick}`);
    await peer.kill("SIGTERM");
    return peer.lines[0]!.name;
  };
  assertEquals(await nameOf([...data, "--name", "ann"]), "ann");
  assertEquals(await nameOf(data, "安娜"), "ann");
  assertEquals(await nameOf(data), "安娜");
  assertEquals(await nameOf([...data, "--name", "ann again"]), "ann again");
  assertEquals(await nameOf(data), "ann again");
});

Deno.test("history: keeps the names of people who are not here, for those who never met them", async () => {
  using folder = new TempFolder();
  const data = ["--data", folder.file("ann"), "--listen", "127.0.0.1:0"];
  {
    await using ann = await PeerProcess.start([...data, "--name", "ann"]);
    await using zoe = await PeerProcess.start(ephemeral("Zoë", "--peer", ann.address));
    await allMeet(ann, zoe);
    await zoe.say("good-bye");
    await ann.hears("good-bye");
    await zoe.kill("SIGTERM");
    await ann.kill("SIGTERM");
  }
  await using ann = await PeerProcess.start(data);
  assertEquals((await ann.history()).map(({ name, text }) => `${name}: ${text}`), [
    "Zoë: good-bye",
  ]);
  await using cem = await PeerProcess.start(ephemeral("cem", "--peer", ann.address));
  assertEquals((await cem.hears("good-bye")).name, "Zoë");
});

Deno.test("profiles: two terminals are two people, and each comes back under its name", async () => {
  using folder = new TempFolder();
  const env = { XDG_DATA_HOME: folder.path };
  const start = async (...args: string[]) => {
    const program = new Program(["--no-listen", ...args], { env });
    const line = await program.err.until((text) => text.startsWith("-- you are "));
    const [, name, profile, key] = /^-- you are (.*), profile (.*), key ([0-9a-f]{4})…$/.exec(
      line,
    )!;
    return { program, name, profile, key };
  };
  const ann = await start("--name", "ann");
  await using _ann = ann.program;
  const bo = await start("--name", "bo");
  await using _bo = bo.program;
  assertEquals([ann.profile, bo.profile], ["default", "2"]);
  assertNotEquals(ann.key, bo.key);
  await Promise.all([ann.program.end(), bo.program.end()]);
  const again = await start("--name", "bo");
  await using _again = again.program;
  assertEquals([again.profile, again.key], ["2", bo.key]);
  const first = await start();
  await using _first = first.program;
  assertEquals([first.profile, first.name, first.key], ["default", "ann", ann.key]);
  const third = await start("--profile", "work", "--name", "ann");
  await using _third = third.program;
  assertEquals(third.profile, "work");
  assertNotEquals(third.key, ann.key);
  await Promise.all([again, first, third].map(({ program }) => program.end()));
});
