/** A member that stops reading: the others get everything, and it is dropped in time. */

import { assert, assertEquals, assertLess } from "@std/assert";
import { ephemeral, PeerProcess, TempFolder } from "./peer_process.ts";
import { RawLink } from "./raw_link.ts";

/** How long 15 MB may take, on a machine that does ten other things at once. */
const allMsMax = 240_000;

Deno.test("a member that stops reading: is dropped, and nobody else waits for it", async () => {
  using folder = new TempFolder();
  const stallMs = 2_000;
  // All of it goes out as gossip: history is sent only to those who ask for it.
  const limits = folder.limits({ stallMs, budgetBurst: 10_000 });
  await using a = await PeerProcess.start(ephemeral("a", ...limits));
  await using b = await PeerProcess.start(ephemeral("b", "--peer", a.address, ...limits));
  await Promise.all([a.meets(b.id), b.meets(a.id)]);
  using stalled = await RawLink.dial(a.address);
  await stalled.enter();
  const up = await a.linkedTo(stalled.identity.peer);
  // More than the system's buffers of both ends hold, so that bytes are left with the peer.
  const texts = Array.from({ length: 1_000 }, (_, i) => `${i} ${"x".repeat(15_000)}`);
  const says = texts.map((text) => JSON.stringify({ type: "say", room: "lobby", text }) + "\n");
  const startMs = performance.now();
  await a.write(says.join(""));
  await Promise.all(texts.map((text) => b.hears(text, allMsMax)));
  const tookMs = performance.now() - startMs;
  const down = await a.until((line) =>
    line.type === "peer" && line.event === "down" && line.peer === up.peer
  );
  assert(["stalled", "does not read"].includes(down.reason), down.reason);
  const goneMs = performance.now() - startMs;
  assertLess(goneMs, tookMs + stallMs * 3);
  assertEquals(b.messages.length, texts.length);
  assertEquals(new Set(b.messages.map(({ text }) => text)).size, texts.length);
});

Deno.test("a member whose process hangs: the others talk on, and it gets everything later", async () => {
  await using a = await PeerProcess.start(ephemeral("a"));
  await using b = await PeerProcess.start(ephemeral("b", "--peer", a.address));
  await using c = await PeerProcess.start(ephemeral("c", "--peer", a.address));
  await Promise.all([a.meets(b.id), a.meets(c.id), b.meets(a.id), c.meets(a.id)]);
  c.signal("SIGSTOP");
  const texts = Array.from({ length: 400 }, (_, i) => `${i} ${"y".repeat(8_000)}`);
  await Promise.all(texts.map((text) => a.say(text)));
  await Promise.all(texts.map((text) => b.hears(text)));
  c.signal("SIGCONT");
  await Promise.all(texts.map((text) => c.hears(text)));
  assertEquals([b.messages.length, c.messages.length], [400, 400]);
});
