/**
 * Direct messages between real processes: A and C cannot be dialled and so have no link, and B
 * between them carries what it cannot read.
 */

import { assert, assertEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { nodeCrypto } from "../../io/crypto.ts";
import { decodePost, postKind } from "../../wire/post.ts";
import { decodeSealedBody } from "../../wire/sealed.ts";
import { allMeet, PeerProcess, TempFolder } from "./peer_process.ts";

/** Whether any file of a folder holds these bytes. */
function holds(folder: string, bytes: Uint8Array): boolean {
  const needle = String.fromCharCode(...bytes);
  return [...Deno.readDirSync(folder)].some(({ name, isFile }) => {
    if (!isFile) return false;
    return new TextDecoder("latin1").decode(Deno.readFileSync(`${folder}/${name}`)).includes(
      needle,
    );
  });
}

const utf8 = (text: string) => new TextEncoder().encode(text);

/** Secrets that only their owner's folder may hold. */
function secretsOf(folder: string): Uint8Array[] {
  const text = Deno.readTextFileSync(`${folder}/identity`);
  const inFile = [...text.matchAll(/^(?:signing|link|hint|sealing) ([0-9a-f]{64})$/gm)];
  using db = new DatabaseSync(`${folder}/history.db`, { readOnly: true });
  const rows = db.prepare("SELECT secret FROM sealing_key").all() as { secret: Uint8Array }[];
  assertEquals([inFile.length, rows.length > 0], [4, true]);
  return [...inFile.map((match) => Uint8Array.fromHex(match[1]!)), ...rows.map((r) => r.secret)];
}

Deno.test("a direct message goes through a third peer, which holds ciphertext that names nobody", async () => {
  using folder = new TempFolder();
  const [dataA, dataB, dataC] = ["a", "b", "c"].map((name) => folder.file(name)) as [
    string,
    string,
    string,
  ];
  const log = folder.file("b.log");
  const words = "the treasure lies under the old oak";
  {
    await using b = await PeerProcess.start(
      ["--data", dataB, "--name", "b", "--listen", "127.0.0.1:0", "--log", log],
    );
    const hidden = ["--no-listen", "--peer", b.address];
    await using a = await PeerProcess.start(["--data", dataA, "--name", "a", ...hidden]);
    await using c = await PeerProcess.start(["--data", dataC, "--name", "c", ...hidden]);
    await allMeet(a, b, c);
    // So that each has heard the other's profile.
    await Promise.all([a.say("a is here"), c.say("c is here")]);
    await Promise.all([a.hears("c is here"), c.hears("a is here")]);

    const first = await a.get({ type: "direct", to: c.id, text: words });
    const request = await c.until(({ type }) => type === "request");
    assertEquals(request, { type: "request", from: a.id, name: "a", text: words, id: first.id });
    assertEquals(
      await c.get({ type: "requests" }),
      [{ ...request, type: undefined }].map(
        ({ type: _, ...fields }) => fields,
      ),
    );
    await c.get({ type: "accept", from: a.id });
    assertEquals(await c.get({ type: "requests" }), []);
    assertEquals((await c.history(`@${a.id}`)).map(({ text, from }) => [text, from]), [
      [words, a.id],
    ]);

    await c.get({ type: "direct", to: a.id, text: "dig at night", reply: first.id });
    const answer = await a.hears("dig at night");
    const { room, from, reply, origin, kind } = answer;
    assertEquals([room, from, reply, origin, kind, answer.private], [
      `@${c.id}`,
      c.id,
      first.id,
      "live",
      "text",
      true,
    ]);
    const own = (await a.history(`@${c.id}`))[0]!;
    assertEquals([own.text, own.origin, own.room], [words, "own", `@${c.id}`]);

    // A room's word after it: B has seen all of it, and shows none.
    await a.say("done");
    await b.hears("done");
    assertEquals(b.count(words) + b.count("dig at night"), 0);
    assertEquals((await b.history()).filter((line) => line.private), []);
  }
  for (const text of [words, "dig at night"]) {
    assert(holds(dataA, utf8(text)) && holds(dataC, utf8(text)));
    assert(!holds(dataB, utf8(text)), text);
    assert(!Deno.readTextFileSync(log).includes(text), text);
  }
  for (const secret of [...secretsOf(dataA), ...secretsOf(dataC)]) {
    assert(!holds(dataB, secret) && !holds(dataB, utf8(secret.toHex())));
  }
  const crypto = nodeCrypto();
  using db = new DatabaseSync(`${dataB}/history.db`, { readOnly: true });
  const rows = db.prepare("SELECT signed, signature FROM post WHERE kind = ?")
    .all(postKind.sealed) as { signed: Uint8Array; signature: Uint8Array }[];
  assertEquals(rows.length, 2);
  const names = [...secretsOf(dataA), ...secretsOf(dataC)].slice(1)
    .map((secret) => crypto.x25519PublicKey(secret).toHex());
  for (const row of rows) {
    const post = decodePost(row, crypto);
    const { hintKey } = decodeSealedBody(post.body);
    const bytes = row.signed.toHex();
    const others = names.filter((key) => key !== hintKey.toHex());
    for (const key of others) assert(!bytes.includes(key));
    const peers = [dataA, dataC].map((data) =>
      /^peer (\w+)/m.exec(Deno.readTextFileSync(`${data}/identity`))![1]!
    );
    for (const peer of peers) assertEquals(bytes.includes(peer), peer === post.author);
  }
});

Deno.test("a direct message written while the other is away arrives through a third peer", async () => {
  using folder = new TempFolder();
  await using b = await PeerProcess.start(
    ["--data", folder.file("b"), "--name", "b", "--listen", "127.0.0.1:0"],
  );
  const hidden = ["--no-listen", "--peer", b.address];
  const dataC = ["--data", folder.file("c"), ...hidden];
  let to = "";
  {
    await using a = await PeerProcess.start(["--data", folder.file("a"), "--name", "a", ...hidden]);
    {
      await using c = await PeerProcess.start([...dataC, "--name", "c"]);
      to = c.id;
      await allMeet(a, c);
      await Promise.all([a.say("a is here"), c.say("c is here")]);
      await Promise.all([a.hears("c is here"), c.hears("a is here")]);
      await c.get({ type: "direct", to: a.id, text: "write to me" });
      await a.until(({ type }) => type === "request");
      await a.get({ type: "accept", from: to });
      await c.kill("SIGTERM");
    }
    await a.get({ type: "direct", to, text: "while you were away" });
    await a.say("and in public");
    await b.hears("and in public");
    await a.kill("SIGTERM");
  }
  await using c = await PeerProcess.start(dataC);
  const letter = await c.hears("while you were away");
  assertEquals([letter.origin, letter.private], ["history", true]);
  assertEquals((await c.history(letter.room)).map(({ text }) => text), [
    "write to me",
    "while you were away",
  ]);
  assertEquals(b.count("while you were away"), 0);
});

Deno.test("/msg and /query reach a person, a stranger waits, and whom one blocks is not heard", async () => {
  await using b = await PeerProcess.start(
    ["--ephemeral", "--name", "bo", "--listen", "127.0.0.1:0"],
  );
  await using a = await PeerProcess.start(
    ["--ephemeral", "--name", "ann", "--no-listen", "--peer", b.address],
  );
  await allMeet(a, b);
  await a.say("hi");
  await b.hears("hi");
  await b.say("ho");
  await a.hears("ho");
  const refused = await a.ask({ type: "direct", to: "f".repeat(64), text: "x" });
  assertEquals(refused.error.code, "no-key");
  await a.command("/msg bo psst");
  await b.until(({ type, text }) => type === "request" && text === "psst");
  const [line] = await b.command("/requests");
  assert(line!.startsWith(`ann (key ${a.id}): psst`));
  const accepted = await b.command("/accept ann");
  assert(accepted[1]!.endsWith("@ann\tann\tpsst"), accepted[1]);
  await b.command("/query ann");
  await b.get({ type: "command", line: "/me nods" });
  const nod = await a.hears("nods");
  assertEquals([nod.kind, nod.room, nod.private], ["action", `@${b.id}`, true]);
  const receipt = await b.until(({ type, id }) => type === "receipt" && id === nod.id);
  assertEquals([receipt.have, receipt.members, receipt.room], [1, 1, `@${a.id}`]);
  await a.command("/block bo");
  await b.get({ type: "direct", to: a.id, text: "you do not see this" });
  const hidden = await b.say("nor this");
  await b.command("/join lobby");
  // Stored by a, which shows nothing of it.
  await b.until(({ type, id }) => type === "receipt" && id === hidden);
  await a.say("from a");
  await b.hears("from a");
  assertEquals(a.count("nor this") + a.count("you do not see this"), 0);
  assertEquals((await a.history()).map(({ text }) => text), ["hi", "from a"]);
  await a.command("/unblock bo");
  assertEquals((await a.history()).map(({ text }) => text), ["hi", "ho", "nor this", "from a"]);
  assertEquals((await a.history(`@${b.id}`)).at(-1)!.text, "you do not see this");
});

Deno.test("/verify shows both the same digits, and /petname changes one screen alone", async () => {
  await using b = await PeerProcess.start(
    ["--ephemeral", "--name", "bo", "--listen", "127.0.0.1:0"],
  );
  await using a = await PeerProcess.start(
    ["--ephemeral", "--name", "ann", "--no-listen", "--peer", b.address],
  );
  await allMeet(a, b);
  const digits = (lines: string[]) => lines.filter((line) => /^ +\d{5} \d{5}/.test(line));
  const [ours, theirs] = [await a.command("/verify bo"), await b.command("/verify ann")];
  assertEquals(digits(ours).length, 3);
  assertEquals(digits(ours), digits(theirs));
  const qr = await a.command("/verify bo qr");
  assert(qr.length > 12 && qr.slice(1).every((line) => /^[ ▀▄█]+$/u.test(line)), qr[3]);
  await a.command("/verify bo yes");
  assert((await a.command("/whois bo"))[0]!.endsWith("; verified"));
  assert((await a.command("/who")).includes("bo [verified]"));
  await a.command("/petname bo = Bob from work");
  assert((await a.command("/who")).includes("Bob from work [verified]"));
  assert((await a.command("/whois Bob from work"))[0]!.includes("; calls itself bo; verified"));
  await b.say("hello");
  assertEquals((await a.hears("hello")).name, "Bob from work");
  assertEquals((await b.history())[0]!.name, "bo");
  assertEquals(await a.command("/petname bo ="), ["Bob from work is called bo here"]);
});
