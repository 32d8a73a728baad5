/** kill -9 while texts are said, and while others' texts come in. */

import { assertEquals } from "@std/assert";
import { killLoop } from "./kill_loop.ts";
import { ephemeral, PeerProcess, TempFolder } from "./peer_process.ts";

Deno.test("kill -9, 20 times in a stream of texts: 0 acknowledged lost, 0 doubled", () =>
  killLoop(20));

Deno.test("kill -9, 10 times while others' texts come in: all are there in the end, none is shown twice", async () => {
  using folder = new TempFolder();
  await using writer = await PeerProcess.start(ephemeral("writer"));
  const args = ["--data", folder.file("reader"), "--name", "reader", "--no-listen"];
  const shown: string[] = [];
  const texts: string[] = [];
  for (let round = 0; round < 10; round++) {
    await using reader = await PeerProcess.start([...args, "--peer", writer.address]);
    reader.onLine = (line) => line.type === "message" && shown.push(line.id);
    const batch = Array.from({ length: 200 }, (_, i) => `${round}.${i}`);
    texts.push(...batch);
    const said = Promise.all(batch.map((text) => writer.say(text)));
    await reader.hears(`${round}.${(round * 53) % 199}`);
    await reader.kill();
    await said;
  }
  await using reader = await PeerProcess.start([...args, "--peer", writer.address]);
  const ids = async (peer: PeerProcess) => (await peer.history()).map(({ id }) => id);
  const held = new Set<string>();
  reader.onLine = (line) => {
    if (line.type !== "message") return;
    shown.push(line.id);
    held.add(line.id);
  };
  for (const id of await ids(reader)) held.add(id);
  await writer.say("the end");
  const all = await ids(writer);
  assertEquals(all.length, texts.length + 1);
  // Looked at and waited for in one go: what comes meanwhile would be waited for in vain.
  while (held.size < all.length) await reader.next((line) => line.type === "message");
  assertEquals(await ids(reader), all);
  assertEquals(new Set(shown).size, shown.length, "a post was shown twice");
});
