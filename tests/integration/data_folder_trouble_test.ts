/** Data folders that cannot be used: one line with a way out, exit code 1, nothing changed. */

import { assertEquals, assertLess, assertMatch, assertStringIncludes } from "@std/assert";
import { createHash } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { ephemeral, PeerProcess, TempFolder } from "./peer_process.ts";
import { Program } from "./program.ts";

/** Runs the program on a folder that it must refuse; gives its one line. */
async function refusal(folder: string, more: readonly string[] = []): Promise<string> {
  const args = ["--no-listen", "--data", folder, ...more];
  const { code, stdout, stderr } = await Program.run(args);
  assertEquals([code, stdout], [1, ""], stderr);
  const [line = "", ...rest] = stderr.split("\n");
  assertEquals(rest, [""], stderr);
  assertLess(line.length, 400);
  return line;
}

/** A folder with one post of ann in it. */
async function withHistory(folder: string): Promise<void> {
  const args = ["--data", folder, "--name", "ann", "--no-listen"];
  await using ann = await PeerProcess.start(args);
  await ann.say("worth keeping");
  assertEquals((await ann.kill("SIGTERM")).code, 0);
}

async function texts(folder: string): Promise<string[]> {
  await using ann = await PeerProcess.start(["--data", folder, "--no-listen"]);
  const history = await ann.history();
  await ann.kill("SIGTERM");
  return history.map(({ text }) => text);
}

/** Overwrites bytes in the middle of a file. */
function spoil(path: string, offset: number, bytes: Uint8Array): void {
  using file = Deno.openSync(path, { write: true });
  file.seekSync(offset, Deno.SeekMode.Start);
  file.writeSync(bytes);
}

function sql(path: string, statement: string): void {
  const db = new DatabaseSync(path);
  db.exec(statement);
  db.close();
}

/** What may have happened to a folder, and what the one line must hold. */
const troubles: readonly (readonly [
  what: string,
  file: string,
  harm: (path: string) => void,
  words: readonly string[],
])[] = [
  ["a flipped digit", "identity", (path) => {
    const text = Deno.readTextFileSync(path);
    const at = text.indexOf("signing ") + 20;
    Deno.writeTextFileSync(
      path,
      text.slice(0, at) + (text[at] === "0" ? "1" : "0") + text.slice(at + 1),
    );
  }, ["damaged", "backup"]],
  ["an empty key", "identity", (path) => Deno.truncateSync(path, 0), ["damaged", "backup"]],
  ["a cut key", "identity", (path) => Deno.truncateSync(path, 200), ["damaged", "backup"]],
  ["noise for a key", "identity", (path) => {
    Deno.writeFileSync(path, crypto.getRandomValues(new Uint8Array(400)));
  }, ["damaged", "backup"]],
  ["a key that others can read", "identity", (path) => Deno.chmodSync(path, 0o644), [
    "others can read it (mode 0644)",
    "chmod 600",
  ]],
  ["a key of a newer version", "identity", (path) => {
    const text = Deno.readTextFileSync(path);
    const body = text.slice(0, text.lastIndexOf("sum ")).replace("identity 1", "identity 2");
    const sum = createHash("sha256").update(body).digest("hex");
    Deno.writeTextFileSync(path, `${body}sum ${sum}\n`);
  }, ["a newer Starling wrote it"]],
  ["a lost key", "identity", (path) => Deno.removeSync(path), ["is gone", "Put it back"]],
  ["a database of a newer version", "history.db", (path) => sql(path, "PRAGMA user_version = 99"), [
    "its format is 99",
    "newer Starling",
  ]],
  [
    "a database of another program",
    "history.db",
    (path) => sql(path, "PRAGMA application_id = 7"),
    [
      "another program made it",
      "another folder",
    ],
  ],
];

for (const [what, file, harm, words] of troubles) {
  Deno.test(`data folder with ${what}: is refused, left as it is, and works when it is mended`, async () => {
    using temp = new TempFolder();
    const folder = temp.file("ann");
    await withHistory(folder);
    const path = `${folder}/${file}`;
    const before = Deno.readFileSync(path);
    harm(path);
    const harmed = snapshot(folder);
    for (let i = 0; i < 2; i++) {
      const line = await refusal(folder);
      for (const word of [folder, ...words]) assertStringIncludes(line, word);
      assertEquals(snapshot(folder), harmed);
    }
    Deno.writeFileSync(path, before, { mode: 0o600 });
    Deno.chmodSync(path, 0o600);
    assertEquals(await texts(folder), ["worth keeping"]);
  });
}

/** Names, modes and contents of a folder's files, but for the lock and what SQLite keeps beside. */
function snapshot(folder: string): string[] {
  const files = [...Deno.readDirSync(folder)].map(({ name }) => name)
    .filter((name) => name !== "lock" && !/-(wal|shm)$/.test(name));
  return files.toSorted().map((name) => {
    const path = `${folder}/${name}`;
    const sum = Deno.readFileSync(path).reduce((a, b) => (a * 31 + b) % 0xffffff, 7);
    return `${name} ${(Deno.statSync(path).mode! & 0o777).toString(8)} ${sum}`;
  });
}

/** What may have happened to a database; whether its posts can still be read. */
const damages: readonly (readonly [
  what: string,
  harm: (path: string) => void,
  readable: boolean,
])[] = [
  ["that is empty", (path) => Deno.truncateSync(path, 0), false],
  ["that is cut", (path) => Deno.truncateSync(path, 20_000), false],
  ["without its head", (path) => spoil(path, 0, new Uint8Array(100)), false],
  ["with spoilt pages", (path) => {
    const pages = Deno.statSync(path).size / 4_096;
    for (let page = 1; page < pages; page++) {
      spoil(path, page * 4_096, new Uint8Array(64).fill(0x5a));
    }
  }, false],
  ["that is a text", (path) => Deno.writeTextFileSync(path, "Dear diary, ".repeat(500)), false],
  ["with an index that is wrong", (path) => {
    const db = new DatabaseSync(path);
    const { rootpage } = db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'post_time'")
      .get() as { rootpage: number };
    db.close();
    spoil(path, (rootpage - 1) * 4_096, new Uint8Array(64).fill(0x5a));
  }, true],
];

for (const [what, harm, readable] of damages) {
  Deno.test(`data folder with a database ${what}: is kept, and the history comes back`, async () => {
    using temp = new TempFolder();
    const folder = temp.file("ann");
    await using bo = await PeerProcess.start(ephemeral("bo"));
    const args = ["--data", folder, "--no-listen", "--peer", bo.address];
    {
      await using ann = await PeerProcess.start([...args, "--name", "ann"]);
      await ann.say("worth keeping");
      await bo.hears("worth keeping");
      assertEquals((await ann.kill("SIGTERM")).code, 0);
    }
    const path = `${folder}/history.db`;
    harm(path);
    const harmed = Deno.readFileSync(path);
    await using ann = await PeerProcess.start(args);
    const told = await ann.notice("history-damaged");
    assertStringIncludes(told.text, "history.db.damaged");
    // Two names and a text, or bo's name had not come yet.
    assertMatch(told.text, readable ? /; [23] posts could be saved/ : /; 0 posts could be saved/);
    assertEquals(Deno.readFileSync(`${path}.damaged`), harmed);
    if (readable) assertEquals((await ann.history()).map(({ text }) => text), ["worth keeping"]);
    else await ann.hears("worth keeping");
    // Own posts are numbered anew, so that none of the lost numbers is given twice.
    await ann.say("again");
    const again = await bo.hears("again");
    assertEquals(again.from, ann.id);
    assertEquals((await ann.history()).map(({ text }) => text), ["worth keeping", "again"]);
    assertEquals((await ann.kill("SIGTERM")).code, 0);
    await using later = await PeerProcess.start(args);
    assertEquals((await later.history()).length, 2);
    assertEquals(later.lines.filter(({ code }) => code === "history-damaged"), []);
  });
}

Deno.test("data folder that cannot be made: is one line that names it, whoever runs it", async () => {
  using temp = new TempFolder();
  Deno.writeTextFileSync(temp.file("file"), "not a folder");
  const places = [temp.file("file"), temp.file("file/below"), "/proc/starling"];
  for (const place of places) {
    const line = await refusal(place);
    assertStringIncludes(line, place);
    assertMatch(line, /^Cannot .* or name another place\.$/);
  }
  // A name that would clear the screen and look like a second line.
  assertStringIncludes(await refusal(temp.file("file/\x1b[2J\nx")), "file/␛[2J␊x");
  assertEquals(Deno.readTextFileSync(temp.file("file")), "not a folder");
});

Deno.test("data folder that others can write to: is refused, and an empty one is made private", async () => {
  using temp = new TempFolder();
  const open = temp.file("open");
  Deno.mkdirSync(open);
  Deno.chmodSync(open, 0o777);
  Deno.writeTextFileSync(`${open}/notes.txt`, "mine");
  assertStringIncludes(await refusal(open), `chmod 700 "${open}"`);
  Deno.removeSync(`${open}/notes.txt`);
  await withHistory(open);
  assertEquals(Deno.statSync(open).mode! & 0o777, 0o700);
});
