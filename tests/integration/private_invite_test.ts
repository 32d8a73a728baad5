/**
 * Invites to private rooms between real processes: made by one peer, pasted into another; what a
 * third learns, who gets the last use, and what becomes of somebody who is removed.
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { decodeInvite, encodeInvite } from "../../wire/invite.ts";
import { ephemeral, PeerProcess, TempFolder } from "./peer_process.ts";
import { patient, Program } from "./program.ts";

/** Founds a private room; resolves with how it is called. */
async function found(peer: PeerProcess, name: string): Promise<string> {
  await peer.command(`/room new ${name} --private`);
  const rooms = await peer.get({ type: "rooms" });
  return rooms.find(({ title }: { title?: string }) => title === name).room;
}

/** Everything that a folder holds, and what a peer has said, as text of one byte a character. */
function everything(path: string): string {
  const files: string[] = [];
  for (const { name, isFile } of Deno.readDirSync(path)) {
    if (isFile) files.push(new TextDecoder("latin1").decode(Deno.readFileSync(`${path}/${name}`)));
    else files.push(everything(`${path}/${name}`));
  }
  return files.join("\n");
}

/** How a secret might stand in a file. */
function spellings(bytes: Uint8Array): string[] {
  return [
    new TextDecoder("latin1").decode(bytes),
    bytes.toHex(),
    bytes.toHex().toUpperCase(),
    bytes.toBase64(),
    bytes.toBase64({ alphabet: "base64url", omitPadding: true }),
  ];
}

Deno.test("an invite whose first address leads nowhere says so, and the next one is tried", async () => {
  await using ann = await PeerProcess.start(ephemeral("ann"));
  const room = await found(ann, "plans");
  const whole = decodeInvite((await ann.get({ type: "invite", room })).invite);
  // Bo is linked to nobody: who is linked to the inviter already needs no address.
  await using bo = await PeerProcess.start(ephemeral("bo"));
  const lost = "127.0.0.1:1";
  const address = encodeInvite({ ...whole, addresses: [lost, ...whole.addresses] });
  await bo.get({ type: "connect", address });
  assertStringIncludes((await bo.notice("dial-failed")).text, lost);
  assertEquals((await bo.notice("let-in")).room, room);
});

Deno.test("an invite made by one peer and pasted into another opens a private room; a third learns nothing", async () => {
  using folder = new TempFolder();
  const [annLog, boLog, cyLog] = ["ann.log", "bo.log", "cy.log"].map((name) => folder.file(name));
  const args = (name: string, log: string, ...more: readonly string[]) => [
    "--data",
    folder.file(name),
    "--name",
    name,
    "--listen",
    "127.0.0.1:0",
    "--log",
    log,
    ...more,
  ];
  await using ann = await PeerProcess.start(args("ann", annLog!));
  const room = await found(ann, "plans");
  const { invite } = await ann.get({ type: "invite", room, count: 2 });
  const { ticket } = decodeInvite(invite);
  assert(ticket !== null);
  // Cy shares the lobby with both, carries what is said there, and belongs to nothing else.
  await using cy = await PeerProcess.start(args("cy", cyLog!, "--peer", ann.address));
  await cy.meets(ann.id);
  {
    await using bo = await PeerProcess.start(args("bo", boLog!, "--peer", cy.address));
    await bo.meets(cy.id);
    const data = await bo.get({ type: "connect", address: invite });
    assertEquals([data.room, data.peer], [null, ann.id]);
    const letIn = await bo.notice("let-in");
    assertEquals([letIn.room, letIn.peer], [room, ann.id]);
    // Whoever was let in can speak at once.
    await bo.say("violet it is", room);
    await ann.hears("violet it is");
    await ann.say("the plan is violet", room);
    await bo.hears("the plan is violet");
    assertEquals((await ann.hears("violet it is")).private, true);
    // What all say in the lobby goes on beside it.
    await cy.say("good morning");
    await Promise.all([ann.hears("good morning"), bo.hears("good morning")]);

    const list = await ann.get({ type: "invites", room });
    assertEquals(
      list.map(({ used, count, ended }: Record<string, unknown>) => [used, count, ended]),
      [
        [1, 2, null],
      ],
    );
    await bo.end();
  }
  {
    // Bo's disk has the room; the invite is not needed again.
    await using bo = await PeerProcess.start(args("bo", boLog!, "--peer", ann.address));
    await bo.meets(ann.id, room);
    await ann.say("welcome back", room);
    await bo.hears("welcome back");
    await bo.end();
  }
  await Promise.all([ann.end(), cy.end()]);
  const seen = everything(folder.file("cy")) + Deno.readTextFileSync(cyLog!) +
    cy.lines.map((line) => JSON.stringify(line)).join("\n");
  assertStringIncludes(seen, "good morning", "what it carries is found by this search");
  const words = ["violet", "plans", "welcome back", invite.slice(9, 60), ticket.seed];
  const id = Uint8Array.fromHex(room.slice(1));
  for (const word of [...words, id]) {
    for (const spelling of typeof word === "string" ? [word] : spellings(word)) {
      assert(!seen.includes(spelling), `cy's folder or log holds ${spelling}`);
    }
  }
  // Nobody's log and nobody's disk holds the invite or its seed.
  for (const [name, log] of [["ann", annLog!], ["bo", boLog!]] as const) {
    const all = everything(folder.file(name)) + Deno.readTextFileSync(log);
    assertStringIncludes(all, new TextDecoder("latin1").decode(id), "but the room they do hold");
    for (const spelling of [invite.slice(9, 60), ...spellings(ticket.seed)]) {
      assert(!all.includes(spelling), `${name} holds ${spelling}`);
    }
  }
});

Deno.test("two who take the last use of an invite at once: exactly one is let in", async () => {
  await using ann = await PeerProcess.start(ephemeral("ann"));
  const room = await found(ann, "plans");
  const { invite } = await ann.get({ type: "invite", room, count: 1 });
  await using bo = await PeerProcess.start(ephemeral("bo", "--peer", ann.address));
  await using cy = await PeerProcess.start(ephemeral("cy", "--peer", ann.address));
  await Promise.all([bo.linkedTo(ann.id), cy.linkedTo(ann.id)]);
  const outcome = (peer: PeerProcess) =>
    peer.until(({ code }) => code === "let-in" || code === "not-let-in");
  const outcomes = [bo, cy].map((peer) => outcome(peer));
  await Promise.all([bo, cy].map((peer) => peer.get({ type: "connect", address: invite })));
  const codes = (await Promise.all(outcomes)).map(({ code, reason }) => reason ?? code);
  assertEquals(codes.toSorted(), ["let-in", "used-up"]);
  const [mine] = (await ann.get({ type: "rooms" })).filter((each: { room: string }) =>
    each.room === room
  );
  assertEquals(mine.members, 2);
});

Deno.test("who is removed is locked out while the rest chat on, and no invite leads back", async () => {
  await using ann = await PeerProcess.start(ephemeral("ann"));
  const room = await found(ann, "plans");
  const { invite } = await ann.get({ type: "invite", room });
  await using bo = await PeerProcess.start(ephemeral("bo", "--peer", invite));
  await using cy = await PeerProcess.start(ephemeral("cy", "--peer", invite));
  await Promise.all([bo.notice("let-in"), cy.notice("let-in")]);
  await Promise.all([ann.meets(bo.id, room), ann.meets(cy.id, room)]);
  await ann.say("all three read this", room);
  await Promise.all([bo.hears("all three read this"), cy.hears("all three read this")]);
  await ann.get({ type: "command", line: `/remove ${cy.id}`, room });
  // Each learns of it by itself: that bo knows says nothing of cy.
  await Promise.all([bo.notice("removed"), cy.notice("removed")]);
  await ann.say("two read this", room);
  await bo.hears("two read this");
  await bo.say("and this", room);
  await ann.hears("and this");
  assertEquals((await cy.ask({ type: "say", room, text: "hello?" })).ok, false);
  // The invite by which all came has ended, for cy and for whomever cy gives it to.
  await using dan = await PeerProcess.start(ephemeral("dan", "--peer", invite));
  assertEquals((await dan.notice("not-let-in")).reason, "revoked");
  await cy.get({ type: "connect", address: (await ann.get({ type: "invite", room })).invite });
  assertEquals((await cy.notice("not-let-in")).reason, "removed");
  assertEquals([cy.count("two read this"), cy.count("and this")], [0, 0]);
});

Deno.test("--peer - reads an invite to a private room, and no other room is opened", async () => {
  await using ann = await PeerProcess.start(ephemeral("ann"));
  const room = await found(ann, "plans");
  const { invite } = await ann.get({ type: "invite", room });
  const args = ["--ui", "json", "--ephemeral", "--name", "bo", "--no-listen", "--peer", "-"];
  await using bo = new Program(args);
  await bo.write(`${invite}\n`);
  await bo.out.until((line) => line.includes("let-in"));
  await ann.meets((JSON.parse(bo.out.items[0]!) as { peer: string }).peer, room);
  await bo.write('{"ref":1,"type":"rooms"}\n');
  const answer = await bo.out.until((line) => line.includes('"ref":1'));
  const { data } = JSON.parse(answer) as { data: readonly { room: string }[] };
  assertEquals(data.map((each) => each.room), [room]);
});

Deno.test("--message with an invite to a private room is said there, or not at all", async () => {
  await using ann = await PeerProcess.start(ephemeral("ann"));
  const room = await found(ann, "plans");
  const { invite } = await ann.get({ type: "invite", room, count: 1 });
  const args = (text: string) => [
    "--ephemeral",
    "--name",
    "bo",
    "--no-listen",
    "--peer",
    invite,
    "--message",
    text,
    ...patient,
  ];
  const { code } = await Program.run(args("out of a script"));
  assertEquals(code, 0);
  assertEquals((await ann.hears("out of a script")).room, room);
  const late = await Program.run(args("too late"));
  assertEquals(late.code, 3);
  assertStringIncludes(late.stderr, "as many people as it was for");
  assertEquals(ann.count("too late"), 0);
});

Deno.test("the lines of a pipe behind an invite to a private room are said there, or exit code 3 tells", async () => {
  await using ann = await PeerProcess.start(ephemeral("ann"));
  const room = await found(ann, "plans");
  const { invite } = await ann.get({ type: "invite", room, count: 1 });
  const args = ["--ephemeral", "--name", "bo", "--no-listen", "--peer", "-", ...patient];
  const first = await Program.run(args, `${invite}\nout of a pipe\nand one more\n`);
  assertEquals(first.code, 0, first.stderr);
  for (const text of ["out of a pipe", "and one more"]) {
    assertEquals((await ann.hears(text)).room, room);
  }
  const late = await Program.run(args, `${invite}\ntoo late\n`);
  assertEquals(late.code, 3);
  assertStringIncludes(late.stderr, "nothing of the input was sent");
  assertEquals(ann.count("too late"), 0);
});

Deno.test("/invite in a private room: for how many, until when, listed and taken back", async () => {
  await using ann = await PeerProcess.start(ephemeral("ann"));
  const room = await found(ann, "plans");
  const run = async (line: string) =>
    (await ann.get({ type: "command", line, room })).lines as string[];
  const [line] = await run("/invite --count 2 --expires 12h");
  assertStringIncludes(line!, "2 people");
  assertStringIncludes(line!, "12 hours");
  const { expiresMs } = decodeInvite(line!.slice(line!.lastIndexOf("starling:")));
  const hours = (expiresMs! - Date.now()) / 3_600_000;
  assert(hours > 11.9 && hours <= 12, `${hours}`);
  const drawn = await run("/invite --expires never --qr");
  assert(drawn.length > 20 && drawn.slice(1).every((each) => /^[█▀▄ ]+$/.test(each)));
  const list = await run("/invite --list");
  assertEquals(list.length, 2);
  const id = list[0]!.split(" ")[0]!;
  assertStringIncludes((await run(`/invite --revoke ${id}`))[0]!, id);
  assertStringIncludes((await run("/invite --list"))[0]!, "taken back");
  const taken = line!.slice(line!.lastIndexOf("starling:"));
  await using bo = await PeerProcess.start(ephemeral("bo", "--peer", taken));
  assertStringIncludes((await bo.notice("not-let-in")).text, "taken back");
  for (const wrong of ["/invite --count 0", "/invite --expires soon", "/invite --revoke zz"]) {
    const { ok, error } = await ann.ask({ type: "command", line: wrong, room });
    assertEquals([ok, error.code], [false, "bad-command"], wrong);
  }
  // In a public room nobody can count, and it is said so.
  const { error } = await ann.ask({ type: "command", line: "/invite --count 3", room: "lobby" });
  assertEquals(error.code, "not-available");
  assertStringIncludes(error.message, "public room");
});
