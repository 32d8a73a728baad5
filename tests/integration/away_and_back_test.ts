/**
 * Written while nobody is there: what was said goes to a friend later, through a third person,
 * and its author learns who has it, also from somebody who has left again.
 */

import { assertEquals, assertMatch } from "@std/assert";
import { type Line, PeerProcess, TempFolder } from "./peer_process.ts";

const isReceipt = (have: number) => (line: Line) => line.type === "receipt" && line.have === have;

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
  const info = async (id: unknown) => {
    const { lines }: { lines: string[] } = await ann.get({ type: "command", line: `/info ${id}` });
    return lines.at(-1);
  };
  for (const id of ids) {
    assertMatch(`${await info(id)}`, /^held by 2 of 2 others: (bo, cy|cy, bo)$/);
  }
  assertEquals(await info(last), "held by 1 of 2 others: bo");
});
