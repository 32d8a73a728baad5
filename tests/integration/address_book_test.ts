/** Addresses: remembered over restarts, forgotten by hand, one link for several of one peer. */

import { assertEquals } from "@std/assert";
import { within } from "../within.ts";
import { freePort } from "./free_port.ts";
import { allMeet, ephemeral, type Line, PeerProcess, TempFolder } from "./peer_process.ts";

Deno.test("address book: who was reached once is dialled at the next start, unless forgotten", async () => {
  using folder = new TempFolder();
  const args = ["--data", folder.file("b"), "--no-listen"];
  await using a = await PeerProcess.start(ephemeral("a"));
  {
    await using b = await PeerProcess.start([...args, "--name", "b", "--peer", a.address]);
    await allMeet(a, b);
    await b.kill();
  }
  {
    await using b = await PeerProcess.start(args);
    await b.linkedTo(a.id);
    await b.command(`/disconnect ${a.address}`);
    await b.kill("SIGTERM");
  }
  await using b = await PeerProcess.start(args);
  assertEquals(await b.get({ type: "peers" }), []);
});

Deno.test("address book: two addresses of one peer make one link", async () => {
  await using a = await PeerProcess.start(ephemeral("a"));
  const byName = a.address.replace("127.0.0.1", "localhost");
  await using b = await PeerProcess.start(
    ephemeral("b", "--peer", a.address, "--peer", byName, "--peer", a.address),
  );
  await allMeet(a, b);
  await a.say("once");
  await b.hears("once");
  const oneUp = async () => {
    const links: Line[] = await b.get({ type: "peers" });
    return links.length === 1 && links[0]!.state === "up";
  };
  // The second dial may still be under way, and no event tells of its end.
  const dialled = async () => {
    while (!await oneUp());
  };
  await within(dialled());
  assertEquals(b.count("once"), 1);
});

Deno.test("address book: somebody else at a known address is somebody else", async () => {
  using folder = new TempFolder();
  const limits = folder.limits({ dialBackoffMs: [50] });
  // One that no other test can be given while nobody listens there.
  const address = `127.0.0.1:${freePort()}`;
  await using a = await PeerProcess.start(["--ephemeral", "--name", "a", "--listen", address]);
  const { id } = a;
  await using b = await PeerProcess.start(
    ["--ephemeral", "--name", "b", "--no-listen", "--peer", address, ...limits],
  );
  await allMeet(a, b);
  await a.kill();
  await using c = await PeerProcess.start(["--ephemeral", "--name", "a", "--listen", address]);
  await allMeet(b, c);
  await c.say("who am I?");
  const { from } = await b.hears("who am I?");
  assertEquals([from === c.id, from === id], [true, false]);
});
