/** A folder in use, 100 times over, by two at once each time. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { PeerProcess, TempFolder } from "../peer_process.ts";
import { Program } from "../program.ts";

Deno.test("data folder in use: 200 further processes are refused, all of them", async () => {
  using temp = new TempFolder();
  const args = ["--data", temp.file("ann"), "--name", "ann", "--no-listen"];
  await using first = await PeerProcess.start(args);
  for (let i = 0; i < 100; i++) {
    const ends = await Promise.all([Program.run(args), Program.run(args)]);
    for (const { code, stderr } of ends) {
      assertEquals(code, 1);
      assertStringIncludes(stderr, `another Starling (process ${first.pid})`);
    }
  }
  await first.say("alive");
});

Deno.test("data folder wanted by two at once, 50 times: exactly one gets it", async () => {
  using temp = new TempFolder();
  const args = ["--data", temp.file("ann"), "--name", "ann", "--no-listen"];
  for (let i = 0; i < 50; i++) {
    await using one = new PeerProcess(args);
    await using two = new PeerProcess(args);
    const ready = [one, two].map((peer) =>
      peer.until((line) => line.type === "ready").then(() => true, () => false)
    );
    assertEquals((await Promise.all(ready)).toSorted(), [false, true]);
  }
});
