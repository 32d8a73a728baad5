/** Three in a ring: every line goes both ways round and is shown once. */

import { assertEquals } from "@std/assert";
import { allMeet, ephemeral, PeerProcess } from "./peer_process.ts";

Deno.test("ring of three: every line is shown once at each, and receipts count both others", async () => {
  await using a = await PeerProcess.start(ephemeral("a"));
  await using b = await PeerProcess.start(ephemeral("b", "--peer", a.address));
  await using c = await PeerProcess.start(
    ephemeral("c", "--peer", a.address, "--peer", b.address),
  );
  const peers = [a, b, c];
  await allMeet(...peers);
  await Promise.all([c.linkedTo(a.id), c.linkedTo(b.id), b.linkedTo(a.id)]);
  const texts = peers.flatMap((_, i) => Array.from({ length: 40 }, (_, n) => `${i} says ${n}`));
  await Promise.all(texts.map((text) => peers[Number(text[0])]!.say(text)));
  await Promise.all(peers.flatMap((peer) => texts.map((text) => peer.hears(text))));
  // A last round over every link: a second copy would have come before it.
  for (const peer of peers) await peer.say(`end of ${peer.id}`);
  await Promise.all(peers.flatMap((peer) => peers.map(({ id }) => peer.hears(`end of ${id}`))));
  for (const peer of peers) {
    assertEquals(peer.messages.length, texts.length + 3);
    for (const text of texts) assertEquals(peer.count(text), 1);
  }
  const ids = (await a.history()).map(({ id }) => id);
  for (const peer of [b, c]) assertEquals((await peer.history()).map(({ id }) => id), ids);
  const own = a.messages.find(({ text }) => text === "0 says 39")!;
  const receipt = await a.until((line) =>
    line.type === "receipt" && line.id === own.id && line.have === 2
  );
  assertEquals(receipt.members, 2);
});

Deno.test("ring of three: peers that dial each other at the same time keep one link", async () => {
  await using a = await PeerProcess.start(ephemeral("a"));
  await using b = await PeerProcess.start(ephemeral("b"));
  await Promise.all([
    a.get({ type: "connect", address: b.address }),
    b.get({ type: "connect", address: a.address }),
  ]);
  await allMeet(a, b);
  await a.say("once");
  await b.say("once more");
  await Promise.all([b.hears("once"), a.hears("once more")]);
  for (const peer of [a, b]) {
    const links = await peer.get({ type: "peers" });
    assertEquals(links.filter(({ state }: { state: string }) => state === "up").length, 1);
    assertEquals([peer.count("once"), peer.count("once more")], [1, 1]);
  }
});
