/** More peers and more posts than the gate has time for. */

import { assertEquals } from "@std/assert";
import { within } from "../../within.ts";
import { allMeet, ephemeral, PeerProcess } from "../peer_process.ts";

const ids = async (peer: PeerProcess) => (await peer.history()).map(({ id }) => id);

/** Resolves when a peer has shown so many messages. */
async function shows(peer: PeerProcess, count: number): Promise<void> {
  let shown = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  peer.onLine = (line) => line.type === "message" && ++shown === count && resolve();
  await within(promise, 300_000);
}

Deno.test("star of nine: what each says is shown once to each, and the order is one", async () => {
  await using hub = await PeerProcess.start(ephemeral("hub"));
  await using stack = new AsyncDisposableStack();
  const peers = [hub];
  for (let i = 0; i < 8; i++) {
    const peer = await PeerProcess.start(ephemeral(`peer-${i}`, "--peer", hub.address));
    peers.push(stack.use(peer));
  }
  await allMeet(...peers);
  const texts = peers.flatMap((_, i) => Array.from({ length: 100 }, (_, n) => `${i} says ${n}`));
  await Promise.all(texts.map((text) => peers[Number(text[0])]!.say(text)));
  await Promise.all(peers.flatMap((peer) => texts.map((text) => peer.hears(text))));
  const order = await ids(hub);
  assertEquals(order.length, texts.length);
  for (const peer of peers) {
    assertEquals(peer.messages.length, texts.length);
    assertEquals(await ids(peer), order);
  }
});

Deno.test("chain of eight: a text goes through seven links, once, and a late end gets it all", async () => {
  await using stack = new AsyncDisposableStack();
  const peers: PeerProcess[] = [];
  for (let i = 0; i < 8; i++) {
    const before = peers.at(-1);
    const more = before === undefined ? [] : ["--peer", before.address];
    peers.push(stack.use(await PeerProcess.start(ephemeral(`peer-${i}`, ...more))));
  }
  await allMeet(...peers);
  const texts = Array.from({ length: 400 }, (_, i) => `${i % 8} says ${i}`);
  await Promise.all(texts.map((text) => peers[Number(text[0])]!.say(text)));
  const last = peers.at(-1)!;
  await using late = await PeerProcess.start(ephemeral("late", "--peer", last.address));
  for (const peer of [...peers, late]) {
    await Promise.all(texts.map((text) => peer.hears(text)));
    assertEquals(peer.messages.length, texts.length);
    assertEquals(await ids(peer), await ids(peers[0]!));
  }
});

Deno.test("late joiner: 30,000 posts of three authors come in completely", async () => {
  await using a = await PeerProcess.start(ephemeral("a"));
  await using b = await PeerProcess.start(ephemeral("b", "--peer", a.address));
  await using c = await PeerProcess.start(ephemeral("c", "--peer", b.address));
  await allMeet(a, b, c);
  const sayMany = async (peer: PeerProcess, count: number) => {
    for (let i = 0; i < count; i += 500) {
      await Promise.all(Array.from({ length: 500 }, (_, k) => peer.say(`${i + k}`)));
    }
  };
  const have = [a, b, c].map((peer) => shows(peer, 30_000));
  await Promise.all([a, b, c].map((peer) => sayMany(peer, 10_000)));
  await Promise.all(have);
  await using late = await PeerProcess.start(ephemeral("late", "--peer", c.address));
  const startMs = performance.now();
  await shows(late, 30_000);
  console.log(`${Math.round(30_000 / (performance.now() - startMs) * 1_000)} posts/s`);
  const order = await ids(late);
  assertEquals(new Set(order).size, 30_000);
  for (const peer of [a, b, c]) assertEquals((await ids(peer)).join(), order.join());
});
