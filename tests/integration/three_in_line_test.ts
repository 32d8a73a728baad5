/**
 * Three in a line: A and C cannot be dialled and so have no link, and B between them passes on,
 * dies and returns.
 */

import { assertEquals } from "@std/assert";
import { freePort } from "./free_port.ts";
import { allMeet, ephemeral, type Line, PeerProcess, TempFolder } from "./peer_process.ts";

/** Starts of retries in a few milliseconds: B is away for a moment only. */
const quick = { dialBackoffMs: [50, 100, 200] };

Deno.test("three in a line: A and C see each other's lines and presence exactly once", async () => {
  await using b = await PeerProcess.start(ephemeral("b"));
  const hidden = ["--no-listen", "--peer", b.address];
  await using a = await PeerProcess.start(["--ephemeral", "--name", "a", ...hidden]);
  await using c = await PeerProcess.start(["--ephemeral", "--name", "c", ...hidden]);
  await allMeet(a, b, c);
  await Promise.all([a.say("from a"), b.say("from b"), c.say("from c")]);
  for (const text of ["from a", "from b", "from c"]) {
    for (const peer of [a, b, c]) await peer.hears(text);
  }
  // One more through everybody: what was to come twice would have come before it.
  await c.say("last");
  await a.hears("last");
  for (const peer of [a, b, c]) {
    for (const text of ["from a", "from b", "from c"]) assertEquals(peer.count(text), 1);
    const joins = peer.lines.filter(({ type, event }) => type === "presence" && event === "join");
    assertEquals(joins.length, 2);
  }
  const links: Line[] = await c.get({ type: "peers" });
  assertEquals(links.map(({ peer }) => peer), [b.id]);
  const ids = async (peer: PeerProcess) => (await peer.history()).map(({ id }) => id);
  assertEquals(await ids(c), await ids(a));
  assertEquals(await ids(b), await ids(a));
});

Deno.test("three in a line: B is killed and restarted; its history is there and nothing is lost", async () => {
  using folder = new TempFolder();
  const limits = folder.limits(quick);
  const startB = (listen: string) =>
    PeerProcess.start([
      ...["--data", folder.file("b"), "--name", "b", "--listen", listen, ...limits],
    ]);
  // One that nobody else can be given while nobody listens there.
  const address = `127.0.0.1:${freePort()}`;
  const first = await startB(address);
  await using _first = first;
  const { id } = first;
  const hidden = ["--no-listen", "--peer", address, ...limits];
  await using a = await PeerProcess.start(["--ephemeral", "--name", "a", ...hidden]);
  await using c = await PeerProcess.start(["--ephemeral", "--name", "c", ...hidden]);
  await allMeet(a, first, c);
  await Promise.all([a.say("a before"), first.say("b before"), c.say("c before")]);
  await Promise.all([a.hears("c before"), c.hears("a before"), a.hears("b before")]);
  await Promise.all([first.hears("a before"), first.hears("c before")]);
  await first.kill();
  for (const peer of [a, c]) {
    await peer.until((line) => line.type === "peer" && line.event === "down" && line.peer === id);
  }
  await Promise.all([a.say("a meanwhile"), c.say("c meanwhile")]);
  await using b = await startB(address);
  assertEquals(b.id, id);
  const before = await b.history();
  const said = ["a before", "b before", "c before"];
  assertEquals(before.slice(0, 3).map(({ text }) => text).toSorted(), said);
  await Promise.all([a.hears("c meanwhile"), c.hears("a meanwhile")]);
  await Promise.all([b.hears("a meanwhile"), b.hears("c meanwhile")]);
  await b.say("b after");
  await Promise.all([a.hears("b after"), c.hears("b after")]);
  for (const peer of [a, c]) {
    for (const text of [...said, "a meanwhile", "c meanwhile", "b after"]) {
      assertEquals(peer.count(text), 1, text);
    }
  }
  // What was there before is not shown again; what came meanwhile is shown as late.
  for (const text of said) assertEquals(b.count(text), 0);
  assertEquals(
    b.messages.map(({ text, origin }) => `${origin} ${text}`).toSorted(),
    ["history a meanwhile", "history c meanwhile", "own b after"],
  );
});

Deno.test("late joiner: everything that was said before comes, once, in order, by every author", async () => {
  await using a = await PeerProcess.start(ephemeral("a"));
  await using b = await PeerProcess.start(ephemeral("b", "--peer", a.address));
  await allMeet(a, b);
  const numbers = Array.from({ length: 300 }, (_, i) => i);
  await Promise.all(numbers.map((i) => (i % 2 ? a : b).say(`line ${i}`)));
  await using c = await PeerProcess.start(ephemeral("c", "--peer", b.address));
  await Promise.all(numbers.map((i) => c.hears(`line ${i}`)));
  await a.say("live again");
  await c.hears("live again");
  assertEquals(c.messages.length, numbers.length + 1);
  const texts = async (peer: PeerProcess) => (await peer.history()).map(({ text }) => text);
  assertEquals(await texts(c), await texts(a));
  const late = c.messages.filter(({ text }) => text !== "live again");
  assertEquals(new Set(late.map(({ origin }) => origin)), new Set(["history"]));
  assertEquals(new Set(late.map(({ name }) => name)), new Set(["a", "b"]));
});

Deno.test("returner: what was said meanwhile comes at the next start, what was known does not", async () => {
  using folder = new TempFolder();
  await using a = await PeerProcess.start(ephemeral("a"));
  const args = ["--data", folder.file("b"), "--no-listen", "--peer", a.address];
  {
    await using b = await PeerProcess.start([...args, "--name", "b"]);
    await allMeet(a, b);
    await a.say("one");
    await b.hears("one");
    await b.say("two");
    await b.kill("SIGTERM");
  }
  await a.hears("two");
  await a.say("three");
  await a.say("four");
  await using b = await PeerProcess.start(args);
  await b.hears("four");
  assertEquals(b.messages.map(({ text }) => text), ["three", "four"]);
  const stored = (await b.history()).map(({ text, origin }) => `${origin} ${text}`);
  assertEquals(stored, ["history one", "own two", "history three", "history four"]);
});
