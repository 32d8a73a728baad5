/** History and identities that move from one folder to another as files. */

import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { allMeet, ephemeral, PeerProcess, TempFolder } from "./peer_process.ts";
import { nodeCrypto } from "../../io/crypto.ts";
import { Author } from "../unit/author.ts";
import { Program } from "./program.ts";

Deno.test("/export, --import: the history of one peer becomes another's, byte for byte", async () => {
  using folder = new TempFolder();
  const file = folder.file("history.ndjson");
  await using a = await PeerProcess.start(ephemeral("小明"));
  await using b = await PeerProcess.start(ephemeral("bo", "--peer", a.address));
  await allMeet(a, b);
  const long = "漢".repeat(5_000);
  for (const text of ["one", "two\nlines\ttab \x1b[31m", long]) await a.say(text);
  await b.hears(long);
  await b.say("of somebody else");
  await a.hears("of somebody else");
  await a.say("a mistake");
  await a.command("/delete");
  const [line] = await a.command(`/export ${file}`);
  const history = await a.history();
  // Beside the texts: a profile of each, and what took one of them back.
  assertEquals(line, `wrote ${history.length + 3} posts to ${file}`);
  const lines = (await Deno.readTextFile(file)).trimEnd().split("\n").map((l) => JSON.parse(l));
  assertEquals(lines.length, history.length + 3);
  assertEquals(new Set(lines.map(({ v, type }) => `${v} ${type}`)), new Set(["1 post"]));
  const again = await a.ask({ type: "command", line: `/export ${file}` });
  assertEquals([again.ok, again.error.code], [false, "file"]);
  const data = ["--data", folder.file("c"), "--no-listen"];
  for (let i = 0; i < 2; i++) {
    await using c = await PeerProcess.start([...data, "--name", "cem", "--import", file]);
    const facts = (peer: PeerProcess) =>
      peer.history().then((all) => all.map(({ id, from, name, text }) => [id, from, name, text]));
    assertEquals(await facts(c), await facts(a));
    assertEquals(c.messages.filter(({ origin }) => origin === "live"), []);
    await c.kill("SIGTERM");
  }
});

Deno.test("--import: posts of a room that is not open are there when it is opened", async () => {
  using folder = new TempFolder();
  const file = folder.file("kitchen.ndjson");
  await using a = await PeerProcess.start(ephemeral("ann", "--room", "kitchen"));
  await a.say("soup", "kitchen");
  await a.command(`/export ${file}`);
  await using c = await PeerProcess.start(
    ["--ephemeral", "--name", "cem", "--no-listen", "--import", file],
  );
  await c.get({ type: "join", room: "kitchen" });
  const history = (await c.history("kitchen")).map(({ name, text }) => `${name}: ${text}`);
  assertEquals(history, ["ann: soup"]);
});

Deno.test("--import: what a file has beyond the limits is counted and told, in both languages", async () => {
  using folder = new TempFolder();
  const [file, config] = [folder.file("history.ndjson"), folder.file("config.json")];
  const author = new Author(nodeCrypto());
  const lines = [2, 4, 6, 8].map((seq) => {
    const { signed, signature } = author.text(seq);
    return JSON.stringify({ v: 1, signed: signed.toBase64(), signature: signature.toBase64() });
  });
  await Deno.writeTextFile(file, lines.join("\n"));
  await Deno.writeTextFile(config, '{"limits":{"rangesPerLogMax":3}}');
  const someone = ["--ephemeral", "--name", "x", "--no-listen", "--config", config];
  for (
    const [lang, words] of [["en", "-- 1 post of it was not taken in:"], [
      "zh",
      "其中 1 条没有读入",
    ]]
  ) {
    const { code, stderr } = await Program.run([...someone, "--lang", lang!, "--import", file]);
    assertEquals(code, 0);
    assertStringIncludes(stderr, words!);
  }
});

Deno.test("--import: line mode tells what was new, and a damaged file is one line and exit code 1", async () => {
  using folder = new TempFolder();
  const file = folder.file("history.ndjson");
  const someone = ["--ephemeral", "--name", "x", "--no-listen"];
  {
    await using a = await PeerProcess.start(ephemeral("ann"));
    for (let i = 0; i < 5; i++) await a.say(`${i}`);
    await a.command(`/export ${file}`);
  }
  const right = await Program.run([...someone, "--import", file]);
  assertEquals(right.code, 0);
  assertStringIncludes(right.stderr, `-- took in 6 new posts from ${file}, 0 were known`);
  const lines = (await Deno.readTextFile(file)).split("\n");
  const post = JSON.parse(lines[2]!);
  const spoilt = {
    ...post,
    signature: post.signature.replace(/^./, (first: string) => first === "A" ? "B" : "A"),
  };
  const damages: readonly (readonly [text: string, words: string])[] = [
    [[...lines.slice(0, 2), JSON.stringify(spoilt)].join("\n"), "line 3 has a wrong signature"],
    [lines.join("\n").slice(0, -30), "line 6 is not JSON"],
    ["hello\n", "line 1 is not JSON"],
    ['{"v":2,"type":"post"}\n', "line 1 is not of an export of this version"],
    ['{"v":1,"type":"post","signed":"AAAA","signature":"AAAA"}\n', "line 1 holds no right post"],
  ];
  for (const [text, words] of damages) {
    await Deno.writeTextFile(file, text);
    const { code, stdout, stderr } = await Program.run([...someone, "--import", file]);
    assertEquals([code, stdout, stderr.split("\n").length], [1, "", 2], stderr);
    assertStringIncludes(stderr, words);
    assertStringIncludes(stderr, file);
  }
  const missing = await Program.run([...someone, "--import", folder.file("nothing")]);
  assertEquals(missing.code, 1);
  assertStringIncludes(missing.stderr, folder.file("nothing"));
});

Deno.test("--export-identity, --import-identity: a person moves under a passphrase, key and all", async () => {
  using folder = new TempFolder();
  const [old, young, file] = ["old", "young", "me.identity"].map((name) => folder.file(name));
  let id = "";
  {
    await using ann = await PeerProcess.start(["--data", old!, "--name", "ann", "--no-listen"]);
    id = ann.id;
    await ann.say("on the old machine");
    await ann.kill("SIGTERM");
  }
  const passphrase = "correct horse 电池\n";
  const exporting = ["--data", old!, "--export-identity", file!];
  const written = await Program.run(exporting, passphrase);
  assertEquals([written.code, written.stderr], [0, ""]);
  assertStringIncludes(
    written.stdout,
    `wrote the identity of ann, key ${id.slice(0, 4)}…, to ${file}`,
  );
  const text = await Deno.readTextFile(file!);
  const secret = /signing ([0-9a-f]{64})/.exec(await Deno.readTextFile(`${old}/identity`))![1]!;
  assert(!text.includes(secret) && text.includes(id));
  assertEquals(Deno.statSync(file!).mode! & 0o777, 0o600);
  const twice = await Program.run(exporting, passphrase);
  assertEquals(twice.code, 1);
  assertStringIncludes(twice.stderr, "the file exists already");
  const importing = ["--data", young!, "--import-identity", file!, "--no-listen", "--name", "ann"];
  const wrong = await Program.run(importing, "correct horse\n");
  assertEquals([wrong.code, wrong.stdout], [1, ""]);
  assertStringIncludes(wrong.stderr, "the passphrase is another one");
  const empty = await Program.run(importing, "\n");
  assertEquals(empty.code, 2);
  const right = await Program.run(importing, passphrase);
  assertEquals(right.code, 0, right.stderr);
  assertStringIncludes(right.stderr, `took in the identity of ${file}`);
  assertStringIncludes(right.stderr, `you are ann, key ${id.slice(0, 4)}…`);
  await using ann = await PeerProcess.start(["--data", young!, "--no-listen"]);
  assertEquals([ann.id, ann.lines[0]!.name], [id, "ann"]);
  // What is said here is numbered under a log of its own, whatever the old machine goes on to say.
  const seen = await Promise.all([ann.say("on the new machine"), ann.hears("on the new machine")]);
  assertEquals(seen[1].seq, 2);
  const logs = [old, young].map((data) => {
    const db = new DatabaseSync(`${data}/history.db`, { readOnly: true });
    const row = db.prepare("SELECT value FROM meta WHERE key = 'log'").get();
    db.close();
    return (row as { value: string }).value;
  });
  assertMatch(logs.join(), /^[0-9a-f]{16},[0-9a-f]{16}$/);
  assertNotEquals(logs[0], logs[1]);
  const other = await Program.run(["--data", folder.file("bo"), "--name", "bo", "--no-listen"]);
  assertEquals(other.code, 0);
  const refused = await Program.run(
    ["--data", folder.file("bo"), "--import-identity", file!, "--no-listen"],
    passphrase,
  );
  assertEquals(refused.code, 1);
  assertStringIncludes(refused.stderr, "somebody else is there");
});

Deno.test("--export-identity: the person who is running is exported, and nobody is made", async () => {
  using folder = new TempFolder();
  const env = { XDG_DATA_HOME: folder.file("home") };
  const exporting = ["--export-identity", folder.file("me.identity")];
  const nobody = await Program.run(exporting, "secret\n", { env });
  assertEquals([nobody.code, nobody.stdout], [1, ""]);
  assertStringIncludes(nobody.stderr, "there is no identity in");
  await using ann = new Program(["--name", "ann", "--no-listen"], { env });
  const line = await ann.err.until((text) => text.startsWith("-- you are "));
  const [, tag] = /^-- you are ann, profile default, key ([0-9a-f]{4})…$/.exec(line)!;
  const typo = await Program.run([...exporting, "--profile", "typo"], "secret\n", { env });
  assertEquals([typo.code, typo.stdout], [1, ""]);
  const wrong = await Program.run([...exporting, "--ephemeral"], "secret\n", { env });
  assertEquals([wrong.code, wrong.stdout], [2, ""]);
  const right = await Program.run(exporting, "secret\n", { env });
  assertEquals([right.code, right.stderr], [0, ""]);
  assertStringIncludes(right.stdout, `the identity of ann, profile default, key ${tag}…, to `);
  const importing = ["--import-identity", folder.file("me.identity"), "--no-listen"];
  const twin = await Program.run(importing, "secret\n", { env });
  assertEquals(twin.code, 1);
  assertStringIncludes(twin.stderr, "you are already here as profile default");
  const profiles = [...Deno.readDirSync(folder.file("home/starling"))].map(({ name }) => name);
  assertEquals(profiles, ["default"]);
});

Deno.test("an imported identity: gets its own history back from others, and goes on from there", async () => {
  using folder = new TempFolder();
  const file = folder.file("me.identity");
  await using bo = await PeerProcess.start(ephemeral("bo"));
  const args = (name: string) => ["--data", folder.file(name), "--no-listen", "--peer", bo.address];
  let id = "";
  {
    await using ann = await PeerProcess.start([...args("old"), "--name", "ann"]);
    id = ann.id;
    await allMeet(ann, bo);
    await ann.say("before");
    await bo.hears("before");
    await ann.kill("SIGTERM");
  }
  await Program.run(["--data", folder.file("old"), "--export-identity", file], "secret\n");
  await Program.run(
    ["--data", folder.file("young"), "--import-identity", file, "--no-listen", "--name", "ann"],
    "secret\n",
  );
  await using ann = await PeerProcess.start(args("young"));
  assertEquals(ann.id, id);
  await ann.hears("before");
  await ann.say("after");
  await bo.hears("after");
  const texts = async (peer: PeerProcess) => (await peer.history()).map(({ text }) => text);
  assertEquals([await texts(ann), await texts(bo)], [["before", "after"], ["before", "after"]]);
});
