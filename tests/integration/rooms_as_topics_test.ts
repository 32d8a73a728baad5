/** Several rooms over one session: only members of a room carry it, join and leave at any time. */

import { assertEquals } from "@std/assert";
import { allMeet, ephemeral, PeerProcess, TempFolder } from "./peer_process.ts";

/** Whether a text stands anywhere in a folder, in the database or its log. */
function carries(folder: string, text: string): boolean {
  const wanted = new TextEncoder().encode(text);
  return [...Deno.readDirSync(folder)].filter(({ isFile }) => isFile).some(({ name }) => {
    const bytes = Deno.readFileSync(`${folder}/${name}`);
    for (let at = bytes.indexOf(wanted[0]!); at >= 0; at = bytes.indexOf(wanted[0]!, at + 1)) {
      if (wanted.every((byte, i) => bytes[at + i] === byte)) return true;
    }
    return false;
  });
}

/** Joins a room at some peers and waits until they see one another in it. */
async function share(room: string, ...peers: readonly PeerProcess[]): Promise<void> {
  await Promise.all(peers.map((peer) => peer.get({ type: "join", room })));
  await Promise.all(peers.flatMap((peer) => {
    const others = peers.filter((other) => other !== peer);
    return others.map((other) => peer.meets(other.id, room));
  }));
}

const inRoom = (peer: PeerProcess, room: string) =>
  peer.messages.filter((line) => line.room === room).map(({ text }) => text);

Deno.test("rooms: three linked peers, two rooms: who is not in a room never gets its posts", async () => {
  using folder = new TempFolder();
  const kept = (name: string) => ["--data", folder.file(name), "--name", name];
  const listen = ["--listen", "127.0.0.1:0"];
  await using a = await PeerProcess.start([...kept("a"), ...listen]);
  await using b = await PeerProcess.start([...kept("b"), ...listen, "--peer", a.address]);
  await using c = await PeerProcess.start(
    [...kept("c"), ...listen, "--peer", a.address, "--peer", b.address],
  );
  await allMeet(a, b, c);
  await Promise.all([share("red", a, b), share("blue", b, c)]);
  const said = Array.from({ length: 50 }, (_, i) => `${i}`);
  await Promise.all([
    ...said.map((i) => a.say(`crimson ${i}`, "red")),
    ...said.map((i) => c.say(`azure ${i}`, "blue")),
    ...said.map((i) => b.say(`scarlet ${i}`, "red")),
  ]);
  await Promise.all([
    ...said.map((i) => b.hears(`crimson ${i}`)),
    ...said.map((i) => b.hears(`azure ${i}`)),
    ...said.map((i) => a.hears(`scarlet ${i}`)),
  ]);
  // Over the same links, after all that.
  for (const peer of [a, b]) await peer.say(`end of ${peer.id}`);
  await Promise.all([a, b].map((peer) => c.hears(`end of ${peer.id}`)));
  assertEquals([inRoom(a, "blue"), inRoom(c, "red")], [[], []]);
  assertEquals([inRoom(b, "red").length, inRoom(b, "blue").length], [100, 50]);
  for (const peer of [a, b, c]) await peer.end();
  // Nor are they on the disk of somebody who only has links to those who carry them.
  const texts = ["crimson 7", "scarlet 7", "azure 7"];
  assertEquals(texts.map((text) => carries(folder.file("a"), text)), [true, true, false]);
  assertEquals(texts.map((text) => carries(folder.file("b"), text)), [true, true, true]);
  assertEquals(texts.map((text) => carries(folder.file("c"), text)), [false, false, true]);
});

Deno.test("rooms: a room does not pass through somebody who is not in it, until he joins", async () => {
  await using middle = await PeerProcess.start(ephemeral("middle"));
  const end = (name: string) =>
    PeerProcess.start(["--ephemeral", "--name", name, "--no-listen", "--peer", middle.address]);
  await using a = await end("a");
  await using b = await end("b");
  await allMeet(a, middle, b);
  await Promise.all([a, b].map((peer) => peer.get({ type: "join", room: "red" })));
  await a.say("nobody hears this", "red");
  await a.say("mark");
  await b.hears("mark");
  assertEquals([inRoom(b, "red"), inRoom(middle, "red")], [[], []]);
  await middle.get({ type: "join", room: "red" });
  const late = await Promise.all([b, middle].map((peer) => peer.hears("nobody hears this")));
  assertEquals(late.map(({ origin, room }) => [origin, room]), Array(2).fill(["history", "red"]));
  await Promise.all([a.meets(b.id, "red"), b.meets(a.id, "red")]);
  await b.say("now we talk", "red");
  assertEquals((await a.hears("now we talk")).origin, "live");
  await middle.get({ type: "part", room: "red" });
  await a.until((line) =>
    line.type === "presence" && line.event === "leave" && line.room === "red" &&
    line.from === middle.id
  );
  await a.say("alone again", "red");
  await a.say("second mark");
  await Promise.all([b, middle].map((peer) => peer.hears("second mark")));
  assertEquals([b.count("alone again"), middle.count("alone again")], [0, 0]);
});

Deno.test("rooms: who parts and joins again gets what was said in between, once", async () => {
  await using a = await PeerProcess.start(ephemeral("a"));
  await using b = await PeerProcess.start(ephemeral("b", "--peer", a.address));
  await using c = await PeerProcess.start(
    ephemeral("c", "--peer", a.address, "--peer", b.address),
  );
  await allMeet(a, b, c);
  await share("red", a, b, c);
  const texts: string[] = [];
  for (let round = 0; round < 3; round++) {
    const before = `before ${round}`;
    await a.say(before, "red");
    await c.hears(before);
    await c.get({ type: "part", room: "red" });
    const between = Array.from({ length: 20 }, (_, i) => `${round}.${i}`);
    await Promise.all(between.map((text, i) => [a, b][i % 2]!.say(text, "red")));
    for (const peer of [a, b]) {
      await peer.say(`mark ${round} of ${peer.id}`);
      await c.hears(`mark ${round} of ${peer.id}`);
    }
    assertEquals(between.filter((text) => c.count(text) > 0), []);
    await c.get({ type: "join", room: "red" });
    const filled = await Promise.all(between.map((text) => c.hears(text)));
    assertEquals(new Set(filled.map(({ origin }) => origin)), new Set(["history"]));
    texts.push(before, ...between);
  }
  assertEquals(inRoom(c, "red").toSorted(), texts.toSorted());
  const ids = async (peer: PeerProcess) => (await peer.history("red")).map(({ id }) => id);
  const order = await ids(a);
  assertEquals(order.length, texts.length);
  assertEquals(await ids(b), order);
  assertEquals(await ids(c), order);
});
