/**
 * Written while nobody is there: what was said goes to a friend later, through a third person,
 * and its author learns who has it, also from somebody who has left again.
 */

import { assertEquals, assertMatch } from "@std/assert";
import { within } from "../within.ts";
import { type Line, PeerProcess, TempFolder } from "./peer_process.ts";

const isReceipt = (have: number) => (line: Line) => line.type === "receipt" && line.have === have;

/** What `/info` says of a post. */
async function info(peer: PeerProcess, id: unknown): Promise<string> {
  const { lines }: { lines: string[] } = await peer.get({ type: "command", line: `/info ${id}` });
  return `${lines.at(-1)}`;
}

/** Of posts of an earlier run no event tells: neighbours say who has them a moment after a link. */
async function heldByBoth(peer: PeerProcess, id: unknown): Promise<void> {
  const asked = async () => {
    while (!/^held by 2 of 2 others: (bo, cy|cy, bo)$/.test(await info(peer, id)));
  };
  await within(asked());
}

Deno.test("away and back: lines written alone reach a friend through a third person, in order, with receipts", async () => {
  using folder = new TempFolder();
  const texts = ["is anybody here?", "then I write it down", "until later"];
  const limits = folder.limits({ undeliveredMs: 500 });
  const annArgs = ["--data", folder.file("ann"), "--name", "ann", "--no-listen", ...limits];
  {
    await using ann = await PeerProcess.start(annArgs);
    for (const text of texts) await ann.say(text);
    await ann.until((line) => line.type === "delivery" && line.reason === "alone");
    await ann.kill("SIGTERM");
  }
  const boArgs = ["--data", folder.file("bo"), "--name", "bo", "--listen", "127.0.0.1:0"];
  await using bo = await PeerProcess.start(boArgs);
  {
    await using ann = await PeerProcess.start([...annArgs, "--peer", bo.address]);
    for (const text of texts) await bo.hears(text);
    await ann.kill("SIGTERM");
  }
  let ids: unknown[];
  {
    // Cy never meets ann.
    const cyArgs = ["--data", folder.file("cy"), "--name", "cy", "--no-listen"];
    await using cy = await PeerProcess.start([...cyArgs, "--peer", bo.address]);
    for (const text of texts) await cy.hears(text);
    const heard = await cy.history();
    assertEquals(heard.map(({ text }) => text), texts);
    ids = heard.map(({ id }) => id);
    await bo.until((line) =>
      line.type === "presence" && line.event === "join" && line.name === "cy"
    );
    await bo.say("cy was here");
    await bo.until(isReceipt(1));
    await cy.kill("SIGTERM");
  }
  // Ann has a third start: bo is linked, cy is gone. Both have what she wrote.
  await using ann = await PeerProcess.start([...annArgs, "--peer", bo.address]);
  await ann.hears("cy was here");
  const last = await ann.say("back again");
  await ann.until((line) => line.type === "receipt" && line.id === last);
  for (const id of ids) await heldByBoth(ann, id);
  assertEquals(await info(ann, last), "held by 1 of 2 others: bo");
});

Deno.test("away and back: who holds what is known after kill -9 and a restart, to its author and to who carries it", async () => {
  using folder = new TempFolder();
  const limits = folder.limits({ receiptKeepMs: 1 });
  const args = (name: string) => ["--data", folder.file(name), "--name", name, ...limits];
  let id: unknown;
  {
    await using bo = await PeerProcess.start([...args("bo"), "--listen", "127.0.0.1:0"]);
    const away = ["--no-listen", "--peer", bo.address];
    {
      await using ann = await PeerProcess.start([...args("ann"), ...away]);
      id = await ann.say("is anybody here?");
      await ann.until(isReceipt(1));
      const next = await ann.say("ah, bo");
      // What was told of the first is written by the time that anything is told of the second.
      await ann.until((line) => line.type === "receipt" && line.id === next);
      await ann.kill("SIGKILL");
    }
    await using cy = await PeerProcess.start([...args("cy"), ...away]);
    await cy.hears("ah, bo");
    const word = await bo.say("hello cy");
    await bo.until((line) => line.type === "receipt" && line.id === word);
    // A goodbye takes with it what was not said yet.
    await cy.kill("SIGTERM");
    await bo.until((line) =>
      line.type === "presence" && line.event === "leave" && line.from === cy.id
    );
    await bo.kill("SIGTERM");
  }
  {
    await using ann = await PeerProcess.start([...args("ann"), "--no-listen"]);
    assertMatch(await info(ann, id), /^held by 1 of \d others?: bo$/);
  }
  // Bo starts anew and has only his disk to know it from that cy has it, too.
  await using bo = await PeerProcess.start([...args("bo"), "--listen", "127.0.0.1:0"]);
  await using ann = await PeerProcess.start([
    ...args("ann"),
    "--no-listen",
    "--peer",
    bo.address,
  ]);
  await ann.hears("hello cy");
  const last = await ann.say("back again");
  await ann.until((line) => line.type === "receipt" && line.id === last);
  await heldByBoth(ann, id);
});
