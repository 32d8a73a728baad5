/** Links whose bytes come one at a time, late, or cut off anywhere. */

import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { freePort } from "./free_port.ts";
import { hasManyLoopbacks } from "./mesh_faulty.ts";
import { allMeet, ephemeral, PeerProcess, TempFolder } from "./peer_process.ts";
import { proxyTo, writeAll } from "./raw_socket.ts";

Deno.test("link: handshake and frames that come byte by byte are read like any other", async () => {
  await using a = await PeerProcess.start(ephemeral("a"));
  await using proxy = proxyTo(a.address, async (bytes, to) => {
    for (const byte of bytes) await writeAll(to, Uint8Array.of(byte));
  });
  await using b = await PeerProcess.start(ephemeral("b", "--peer", proxy.address));
  await allMeet(a, b);
  const long = "漢字".repeat(2_500);
  await Promise.all([a.say("short"), a.say(long), b.say("and back")]);
  await Promise.all([b.hears("short"), b.hears(long), a.hears("and back")]);
  assertEquals([b.messages.length, a.messages.length], [3, 3]);
});

const cuts = "link: a cut at any place is told as a cut, and what was cut off comes after it";
Deno.test(cuts, { ignore: !hasManyLoopbacks }, async () => {
  using folder = new TempFolder();
  const limits = folder.limits({ dialBackoffMs: [20] });
  // Nobody dials a port of its own because others told of it: there is no way round the proxy,
  // which a slow machine would find between two dials of it.
  const port = freePort();
  await using a = await PeerProcess.start([
    ...["--ephemeral", "--name", "a", "--listen", `127.0.0.1:${port}`],
  ]);
  let left = Infinity;
  await using proxy = proxyTo(a.address, async (bytes, to) => {
    await writeAll(to, bytes.subarray(0, left));
    left -= bytes.length;
    if (left <= 0) proxy.cut();
  });
  await using b = await PeerProcess.start(
    ["--ephemeral", "--name", "b", "--listen", `127.0.0.2:${port}`, "--peer", proxy.address]
      .concat(limits),
  );
  await allMeet(a, b);
  for (const [round, bytes] of [0, 1, 2, 17, 18, 100, 301, 1_000, 5_000].entries()) {
    const text = `${round} ${"x".repeat(400)}`;
    left = bytes;
    const down = b.next((line) => line.type === "peer" && line.event === "down");
    const up = b.next((line) => line.type === "peer" && line.event === "up");
    const said = a.say(text);
    // What is not enough to reach the cut is followed by more.
    const filler = `more ${"y".repeat(10_000)} ${round}`;
    const filled = a.say(filler);
    assertNotEquals((await down).reason, "left");
    left = Infinity;
    await up;
    await Promise.all([said, filled, b.hears(text), b.hears(filler)]);
  }
  await a.say("end");
  await b.hears("end");
  const texts = b.messages.map(({ text }) => text);
  assertEquals(texts.length, 19);
  assertEquals(new Set(texts).size, 19);
  assert(proxy.accepted >= 10);
});
