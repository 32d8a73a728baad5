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
  reader.onLine = (line) => line.type === "message" && shown.push(line.id);
  await writer.say("the end");
  await reader.hears("the end");
  const ids = async (peer: PeerProcess) => (await peer.history()).map(({ id }) => id);
  const all = await ids(writer);
  assertEquals(all.length, texts.length + 1);
  for (let stored: string[] = []; stored.length < all.length;) {
    stored = await ids(reader);
    if (stored.length === all.length) assertEquals(stored, all);
    else await reader.next((line) => line.type === "message");
  }
  assertEquals(new Set(shown).size, shown.length, "a post was shown twice");
});
