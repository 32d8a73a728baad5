/** One data folder, several processes or copies: who gets it, and how posts are numbered. */

import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { allMeet, ephemeral, type Line, PeerProcess, TempFolder } from "./peer_process.ts";
import { Program } from "./program.ts";

Deno.test("data folder in use: a second process is refused every time, and the first goes on", async () => {
  using temp = new TempFolder();
  const folder = temp.file("ann");
  const args = ["--data", folder, "--name", "ann", "--no-listen"];
  await using first = await PeerProcess.start(args);
  for (let i = 0; i < 10; i++) {
    const ends = await Promise.all([Program.run(args), Program.run(args)]);
    for (const { code, stdout, stderr } of ends) {
      assertEquals([code, stdout, stderr.split("\n").length], [1, "", 2], stderr);
      assertStringIncludes(stderr, `"${folder}"`);
      assertStringIncludes(stderr, `another Starling (process ${first.pid})`);
    }
    await first.say(`${i}`);
  }
  await first.kill();
  await using again = await PeerProcess.start(args);
  assertEquals((await again.history()).length, 10);
});

Deno.test("data folder wanted by four at once: exactly one gets it", async () => {
  using temp = new TempFolder();
  const args = ["--data", temp.file("ann"), "--name", "ann", "--no-listen"];
  const peers = [1, 2, 3, 4].map(() => new PeerProcess(args));
  try {
    const ready = peers.map((peer) =>
      peer.until((line) => line.type === "ready").then(() => true, () => false)
    );
    assertEquals((await Promise.all(ready)).filter((is) => is).length, 1);
  } finally {
    for (const peer of peers) await peer[Symbol.asyncDispose]();
  }
});

Deno.test("data folder that was copied: the copy is the same person under a new numbering", async () => {
  using temp = new TempFolder();
  const [folder, copy] = [temp.file("ann"), temp.file("copy")];
  {
    const args = ["--data", folder, "--name", "ann", "--no-listen"];
    await using ann = await PeerProcess.start(args);
    await ann.say("worth keeping");
    await ann.kill("SIGTERM");
  }
  Deno.mkdirSync(copy, { mode: 0o700 });
  for (const { name } of Deno.readDirSync(folder)) {
    Deno.copyFileSync(`${folder}/${name}`, `${copy}/${name}`);
  }
  await using ann = await PeerProcess.start(["--data", copy, "--no-listen"]);
  await ann.notice("new-log");
  await ann.say("from the copy");
  const history = await ann.history();
  assertEquals(history.map(({ text, seq }) => [text, seq > 0]), [
    ["worth keeping", true],
    ["from the copy", true],
  ]);
  assert(history[1]!.seq <= history[0]!.seq, "the copy goes on numbering where the original does");
});

Deno.test("data folder restored from a backup: gets its posts back and numbers anew, without a fork", async () => {
  using temp = new TempFolder();
  const database = `${temp.file("ann")}/history.db`;
  await using bo = await PeerProcess.start(ephemeral("bo"));
  const args = ["--data", temp.file("ann"), "--name", "ann", "--no-listen", "--peer", bo.address];
  const say = async (text: string) => {
    await using ann = await PeerProcess.start(args);
    await allMeet(ann, bo);
    await ann.say(text);
    await bo.hears(text);
    await ann.kill("SIGTERM");
  };
  await say("one");
  const backup = Deno.readFileSync(database);
  await say("two");
  Deno.writeFileSync(database, backup);
  await using ann = await PeerProcess.start(args);
  await ann.hears("two");
  assertStringIncludes((await ann.notice("new-log")).text, "older than what others have of you");
  await ann.say("three");
  await bo.hears("three");
  for (const peer of [ann, bo]) {
    assertEquals((await peer.history()).map(({ text }) => text), ["one", "two", "three"]);
  }
  const [, two, three] = await bo.history();
  assertNotEquals(three!.seq, two!.seq + 1);
});

Deno.test("data folder restored and written to alone: both posts of the place are shown by all, and the key is flagged", async () => {
  using temp = new TempFolder();
  const database = `${temp.file("ann")}/history.db`;
  await using bo = await PeerProcess.start(ephemeral("bo"));
  const alone = ["--data", temp.file("ann"), "--name", "ann", "--no-listen"];
  const args = [...alone, "--peer", bo.address];
  const say = async (text: string, where: readonly string[]) => {
    await using ann = await PeerProcess.start([...where]);
    await ann.say(text);
    if (where === args) await bo.hears(text);
    await ann.kill("SIGTERM");
  };
  await say("one", args);
  const backup = Deno.readFileSync(database);
  await say("two", args);
  Deno.writeFileSync(database, backup);
  await say("two, otherwise", alone);
  await using ann = await PeerProcess.start(args);
  const isFork = (line: Line) => line.type === "fork" && line.name === "ann";
  await Promise.all([ann.hears("two"), bo.hears("two, otherwise")]);
  const [seen] = await Promise.all([bo.until(isFork), ann.until(isFork), ann.notice("new-log")]);
  assertEquals([seen.room, seen.from, seen.ids.length], ["lobby", ann.id, 2]);
  await ann.say("three");
  await bo.hears("three");
  const texts = async (peer: PeerProcess) => (await peer.history()).map(({ text }) => text);
  assertEquals(await texts(bo), await texts(ann));
  assertEquals((await texts(bo)).toSorted(), ["one", "three", "two", "two, otherwise"]);
  assertStringIncludes((await bo.command("/whois ann"))[0]!, "two places at once");
});
