/** A sender faster than its reader: nothing is merged, split, doubled or lost. */

import { assert, assertEquals } from "@std/assert";
import { ephemeral, type Line, PeerProcess } from "./peer_process.ts";
import { patient, Program } from "./program.ts";
import { within } from "../within.ts";

const count = 10_000;
/** How long all of them may take, on a machine that does ten other things at once. */
const allMsMax = 240_000;
const texts = Array.from({ length: count }, (_, i) => `line ${i} of a long file, 第${i}行`);

Deno.test("line mode: 10,000 lines of a pipe arrive once each and in order, and are delivered", async () => {
  await using reader = await PeerProcess.start(ephemeral("reader"));
  const heard: string[] = [];
  const { promise: all, resolve } = Promise.withResolvers<void>();
  reader.onLine = (line) => {
    if (line.type === "message" && heard.push(line.text) === count) resolve();
  };
  const args = [
    "--ephemeral",
    "--name",
    "cat",
    "--no-listen",
    "--peer",
    reader.address,
    ...patient,
  ];
  await using cat = new Program(args);
  await cat.write(texts.join("\n"));
  const { code, stdout } = await cat.end(allMsMax);
  assertEquals([code, stdout], [0, ""]);
  await within(all);
  assertEquals(heard.length, count);
  // Those said before the link was up come as history, in order among themselves.
  assertEquals(new Set(heard).size, count);
  const stored = (await reader.history()).map(({ text }) => text);
  assert(stored.every((text, i) => text === texts[i]), "the order of the history is another");
});

Deno.test("say: 10,000 texts without waiting are all answered in order, and arrive once each", async () => {
  await using reader = await PeerProcess.start(ephemeral("reader"));
  await using writer = await PeerProcess.start(ephemeral("writer", "--peer", reader.address));
  await Promise.all([reader.meets(writer.id), writer.meets(reader.id)]);
  const heard: Line[] = [];
  const answered: number[] = [];
  const finished = Promise.withResolvers<void>();
  const done = (_: number) =>
    heard.length === count && answered.length === count && finished.resolve();
  reader.onLine = (line) => {
    if (line.type === "message") done(heard.push(line));
  };
  writer.onLine = ({ type, ref, ok }) => {
    if (type === "result" && ok) done(answered.push(ref));
  };
  const says = texts.map((text, ref) => JSON.stringify({ ref, type: "say", room: "lobby", text }));
  await writer.write(says.join("\n") + "\n");
  await within(finished.promise, allMsMax);
  // What exceeds the budget of gossip comes as history, the newest first.
  const live = heard.filter(({ origin }) => origin === "live").map(({ seq }) => seq);
  assertEquals(live, live.toSorted((a, b) => a - b));
  const inOrder = heard.toSorted((a, b) => a.seq - b.seq);
  assert(inOrder.every(({ text }, i) => text === texts[i]), "a text is not what was said");
  assert(answered.every((ref, i) => ref === i), "the answers came in another order");
  // Its own messages come behind their answers, and the last of them has the last number.
  const { id: last } = await writer.hears(texts.at(-1)!);
  const receipt = await writer.until(({ type, id }) => type === "receipt" && id === last);
  assertEquals(receipt.have, 1);
  assertEquals([reader.messages.length, writer.messages.length], [count, count]);
});

Deno.test("say: quick short and long texts in turn never merge and never split", async () => {
  await using reader = await PeerProcess.start(ephemeral("reader"));
  await using writer = await PeerProcess.start(ephemeral("writer", "--peer", reader.address));
  await Promise.all([reader.meets(writer.id), writer.meets(reader.id)]);
  const mixed = Array.from(
    { length: 200 },
    (_, i) => i % 2 ? `${i}` : String(i % 10).repeat(16_000 + i),
  );
  for (const text of mixed) {
    await writer.write(JSON.stringify({ type: "say", room: "lobby", text }) + "\n");
  }
  // What the link cannot take at once comes as history, behind what is said later.
  await Promise.all(mixed.map((text) => reader.hears(text)));
  assertEquals(reader.messages.length, mixed.length);
  const stored = (await reader.history()).map(({ text }) => text);
  assert(stored.every((text, i) => text === mixed[i]), "a text is not what was said");
});
