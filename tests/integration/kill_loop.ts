/**
 * kill -9 in a stream of texts: what was acknowledged is there after the restart, once.
 * The log of what was acknowledged is outside of the peer: in this process.
 */

import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { ephemeral, PeerProcess, TempFolder } from "./peer_process.ts";

/**
 * A second start must not take longer, whatever the first one left. It is counted in time of the
 * processor, so that what else a machine does has no part in it.
 */
const startMsMax = 2_000;

/** How long the other side may take for the last of 25,000 texts. */
const allHeardMsMax = 120_000;

/** Kills a peer that many times in a stream of its own texts, and checks what is left. */
export async function killLoop(kills: number): Promise<void> {
  using folder = new TempFolder();
  const limits = folder.limits({ dialBackoffMs: [50] });
  await using reader = await PeerProcess.start(ephemeral("reader"));
  const args = ["--data", folder.file("writer"), "--name", "writer", "--no-listen"];
  const heard = new Set<string>();
  reader.onLine = (line) => {
    if (line.type === "message") heard.add(line.id);
  };
  const acknowledged = new Map<string, string>();
  let said = 0;
  let slowestMs = 0;
  for (let round = 0; round < kills; round++) {
    const startMs = performance.now();
    await using writer = await PeerProcess.start([...args, "--peer", reader.address, ...limits]);
    slowestMs = Math.max(slowestMs, performance.now() - startMs);
    assertLess(writer.program.processorMs, startMsMax);
    const texts = new Map<number, string>();
    writer.onLine = (line) => {
      if (line.type === "result" && line.ok) acknowledged.set(line.data.id, texts.get(line.ref)!);
    };
    // Somewhere in the middle of these, at another place in each round.
    const stop = 1 + (round * 37) % 180;
    const enough = writer.next((line) => line.type === "result" && line.ref === stop);
    const batch = Array.from({ length: 200 }, (_, ref) => {
      texts.set(ref, `text ${said++}`);
      return JSON.stringify({ ref, type: "say", room: "lobby", text: texts.get(ref) }) + "\n";
    });
    const written = writer.write(batch.join(""));
    await enough;
    await writer.kill();
    await written;
  }
  assertGreater(acknowledged.size, kills);
  await using writer = await PeerProcess.start([...args, "--peer", reader.address, ...limits]);
  await writer.say("the end");
  await reader.hears("the end");
  const stored = await writer.history();
  const byId = new Map(stored.map(({ id, text }) => [id, text]));
  assertEquals(byId.size, stored.length, "an id stands twice in the history");
  assertEquals(new Set(stored.map(({ text }) => text)).size, stored.length, "a text stands twice");
  const lost = [...acknowledged].filter(([id, text]) => byId.get(id) !== text);
  assertEquals(lost, []);
  // And the other side ends up with exactly the same, each shown once.
  await reader.until(() => stored.every(({ id }) => heard.has(id)), allHeardMsMax);
  const shown = reader.messages.map(({ id }) => id);
  assertEquals(new Set(shown).size, shown.length, "the reader was shown a post twice");
  assertEquals(shown.toSorted(), [...byId.keys()].toSorted());
  const numbers = stored.map(({ seq }) => seq);
  assert(new Set(numbers).size === numbers.length, "a number was given twice");
  assertEquals(writer.lines.filter(({ code }) => code === "new-log"), []);
  await writer.kill("SIGTERM");
  const db = new DatabaseSync(`${folder.file("writer")}/history.db`, { readOnly: true });
  try {
    assertEquals({ ...db.prepare("PRAGMA integrity_check").get() }, { integrity_check: "ok" });
  } finally {
    db.close();
  }
  console.log(
    `${kills} kills, ${acknowledged.size} acknowledged: 0 lost, 0 doubled, the slowest start ` +
      `${slowestMs.toFixed(0)} ms`,
  );
}
