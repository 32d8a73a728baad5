/** Invites between real processes: made by one, given to another in every way there is. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { decodeInvite, encodeInvite } from "../../wire/invite.ts";
import { ephemeral, PeerProcess, TempFolder } from "./peer_process.ts";
import { patient, Program } from "./program.ts";

const guest = ["--ui", "json", "--ephemeral", "--name", "bo", "--no-listen"];

Deno.test("an invite made by one process and pasted into another: they talk in its room", async () => {
  using folder = new TempFolder();
  const [log, data] = [folder.file("a.log"), folder.file("bo")];
  await using ann = await PeerProcess.start(ephemeral("ann", "--room", "dev", "--log", log));
  const { invite } = await ann.get({ type: "invite", room: "dev" });
  const [line] = await ann.command("/invite");
  assertStringIncludes(line!, "#dev");
  assertEquals(decodeInvite(line!.slice(line!.indexOf("starling:"))).peer, ann.id);
  {
    await using bo = await PeerProcess.start(
      ["--data", data, "--name", "bo", "--no-listen", "--peer", invite],
    );
    await Promise.all([ann.meets(bo.id, "dev"), bo.meets(ann.id, "dev")]);
    await bo.say("thanks for the invite", "dev");
    assertEquals((await ann.hears("thanks for the invite")).from, bo.id);
    assertEquals((await bo.get({ type: "rooms" })).map(({ room }: { room: string }) => room), [
      "dev",
    ]);
    await using cy = await PeerProcess.start(ephemeral("cy"));
    assertEquals(await cy.get({ type: "connect", address: invite.toUpperCase() }), {
      room: "dev",
      peer: ann.id,
      addresses: [ann.address],
    });
    await cy.meets(ann.id, "dev");
  }
  assert(!Deno.readTextFileSync(log).includes("starling:"));
  // The disk of the guest holds what it leads to, and not the invite itself.
  for (const { name } of Deno.readDirSync(data)) {
    const text = new TextDecoder("latin1").decode(Deno.readFileSync(`${data}/${name}`));
    assert(!text.includes(invite.slice(9, 40)), name);
  }
});

Deno.test("--peer - reads an invite from standard input", async () => {
  await using ann = await PeerProcess.start(ephemeral("ann", "--room", "dev"));
  const { invite } = await ann.get({ type: "invite", room: "dev" });
  const say = '{"type":"say","room":"dev","text":"out of a pipe"}\n';
  const { code } = await Program.run([...guest, "--peer", "-", ...patient], `${invite}\n${say}`);
  assertEquals(code, 0);
  await ann.hears("out of a pipe");
});

Deno.test("/invite --qr draws the invite", async () => {
  await using ann = await PeerProcess.start(ephemeral("ann"));
  const lines = await ann.command("/invite --qr");
  const [, first = ""] = lines;
  assert(lines.length - 1 >= first.length / 2 && first.length > 30);
  assert(lines.slice(1).every((line) => line.length === first.length));
  assert(lines.slice(1).every((line) => /^[█▀▄ ]+$/.test(line)), first);
});

Deno.test("an invite that cannot be taken: one line that says why, exit code 2, nothing started", async () => {
  const whole = {
    peer: "ab".repeat(32) as Parameters<typeof encodeInvite>[0]["peer"],
    room: "lobby",
    addresses: ["127.0.0.1:1"],
    expiresMs: null,
    ticket: null,
  };
  const invite = encodeInvite(whole);
  const wrong = invite.slice(0, 20) + (invite[20] === "q" ? "p" : "q") + invite.slice(21);
  const expired = encodeInvite({ ...whole, expiresMs: Date.now() - 3_600_000 });
  const bad: readonly (readonly [string, string, string])[] = [
    [wrong, "character 21 is wrong", "第 21 个字符"],
    [invite.slice(0, -1), "damaged: copy all of it", "邀请已损坏"],
    [expired, "expired within the last", "邀请已过期"],
  ];
  using folder = new TempFolder();
  for (const [text, english, chinese] of bad) {
    for (const [lang, words] of [["en", english], ["zh", chinese]] as const) {
      const args = ["--data", folder.file("none"), "--lang", lang, "--peer", text];
      const { code, stdout, stderr } = await Program.run(args);
      assertEquals([code, stdout], [2, ""]);
      assertStringIncludes(stderr, words);
      assertEquals(stderr.trimEnd().split("\n").length, 1);
    }
  }
  assertEquals([...Deno.readDirSync(folder.path)], []);
});

Deno.test("somebody else at the address of an invite: told, and no link", async () => {
  await using other = await PeerProcess.start(ephemeral("cy"));
  await using bo = await PeerProcess.start(guest.slice(2));
  const invite = encodeInvite({
    peer: bo.id.replace(/^./, (digit: string) => digit === "0" ? "1" : "0") as Parameters<
      typeof encodeInvite
    >[0]["peer"],
    room: "lobby",
    addresses: [other.address],
    expiresMs: null,
    ticket: null,
  });
  await bo.get({ type: "connect", address: invite });
  assertStringIncludes((await bo.notice("not-inviter")).text, other.address);
  assertEquals(await bo.get({ type: "peers" }), []);
});
