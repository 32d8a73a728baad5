/** How the others learn that somebody has gone: a goodbye, a killed process, a silent link. */

import { assertEquals, assertNotEquals } from "@std/assert";
import { within } from "../within.ts";
import { allMeet, ephemeral, type Line, PeerProcess, TempFolder } from "./peer_process.ts";
import { Program } from "./program.ts";
import { RawLink } from "./raw_link.ts";

const isDown = (peer: string) => (line: Line) =>
  line.type === "peer" && line.event === "down" && line.peer === peer;
const isLeave = (peer: string) => (line: Line) =>
  line.type === "presence" && line.event === "leave" && line.from === peer;

/** Resolves when a peer's link to another one is down; it may have been so before. */
async function unlinked(peer: PeerProcess, other: string): Promise<void> {
  const last = () => peer.lines.findLast((line) => line.type === "peer" && line.peer === other);
  await peer.until(() => last()?.event === "down");
}

Deno.test("leaving: a goodbye is told as such, at once, to neighbours and their neighbours", async () => {
  await using a = await PeerProcess.start(ephemeral("a"));
  await using b = await PeerProcess.start(ephemeral("b", "--peer", a.address));
  await using c = await PeerProcess.start(ephemeral("c", "--peer", b.address));
  await allMeet(a, b, c);
  await c.get({ type: "quit" });
  const down = await b.until(isDown(c.id));
  assertEquals([down.direction, down.reason], ["in", "left"]);
  for (const peer of [a, b]) {
    const leave = await peer.until(isLeave(c.id));
    assertEquals([leave.room, leave.name], ["lobby", "c"]);
  }
  assertEquals((await c.end()).code, 0);
});

Deno.test("leaving: a killed peer is told as a cut link, never as one who left", async () => {
  await using a = await PeerProcess.start(ephemeral("a"));
  await using b = await PeerProcess.start(ephemeral("b", "--peer", a.address));
  await allMeet(a, b);
  await b.kill();
  assertNotEquals((await a.until(isDown(b.id))).reason, "left");
  await a.until(isLeave(b.id));
});

Deno.test("leaving: links that are reset in the middle of what is said harm nobody else", async () => {
  await using a = await PeerProcess.start(ephemeral("a"));
  await using b = await PeerProcess.start(ephemeral("b", "--peer", a.address));
  await allMeet(a, b);
  for (let i = 0; i < 30; i++) {
    const link = await RawLink.dial(a.address);
    await link.enter();
    await a.linkedTo(link.identity.peer);
    const said = Promise.all([a.say(`${i} ${"x".repeat(10_000)}`), a.say(`${i}`)]);
    // A socket that is closed over bytes it has not read sends a reset.
    link[Symbol.dispose]();
    await said;
    assertNotEquals((await a.until(isDown(link.identity.peer))).reason, "left");
  }
  const said = Array.from({ length: 30 }, (_, i) => [`${i} ${"x".repeat(10_000)}`, `${i}`]).flat();
  await Promise.all(said.map((text) => b.hears(text)));
  assertEquals(b.messages.length, 60);
  assertEquals(b.lines.filter(({ event }) => event === "down"), []);
});

Deno.test("leaving: somebody far away who is killed is gone when the word of being here is old", async () => {
  using folder = new TempFolder();
  // A word counts for half of its age: long enough to come in time on a machine that is busy.
  const limits = folder.limits({ presenceMs: 500, presenceMaxAgeMs: 10_000 });
  await using b = await PeerProcess.start(ephemeral("b", ...limits));
  const hidden = ["--no-listen", "--peer", b.address, ...limits];
  await using a = await PeerProcess.start(["--ephemeral", "--name", "a", ...hidden]);
  await using c = await PeerProcess.start(["--ephemeral", "--name", "c", ...hidden]);
  await allMeet(a, b, c);
  await a.kill();
  await c.until(isLeave(a.id));
  // On a very slow machine a was gone and here again before it was killed.
  const others = async () => {
    const who: Line[] = await c.get({ type: "who", room: "lobby" });
    return who.map(({ name }) => name).toSorted().join();
  };
  const gone = async () => {
    while (await others() !== "b,c");
  };
  await within(gone());
});

Deno.test("leaving: a link that goes silent is found dead, and comes back when the peer does", async () => {
  using folder = new TempFolder();
  const limits = folder.limits({ pingMs: 200, deadMs: 700, dialBackoffMs: [50, 100] });
  await using a = await PeerProcess.start(ephemeral("a", ...limits));
  await using b = await PeerProcess.start(ephemeral("b", "--peer", a.address, ...limits));
  await allMeet(a, b);
  b.signal("SIGSTOP");
  const down = await a.until(isDown(b.id));
  assertEquals(down.reason, "dead");
  await a.until(isLeave(b.id));
  // On a slow machine a link may have gone that way before, and come back.
  await unlinked(a, b.id);
  await a.say("said while b was stopped");
  const returned = a.next((line) => line.type === "peer" && line.event === "up");
  b.signal("SIGCONT");
  await returned;
  await b.hears("said while b was stopped");
  await b.say("here again");
  await a.hears("here again");
  assertEquals([b.count("said while b was stopped"), a.count("here again")], [1, 1]);
});

Deno.test("leaving: line mode tells who comes and goes on standard error", async () => {
  await using a = new Program(ephemeral("a"));
  const listening = await a.err.until((line) => line.includes("same machine: 127.0.0.1:"));
  const address = /127\.0\.0\.1:\d+/.exec(listening)![0];
  await a.err.until((line) => line.startsWith("-- waiting for somebody on port "));
  for (const [signal, how] of [["SIGTERM", "they left"], ["SIGKILL", ""]] as const) {
    await using b = await PeerProcess.start(ephemeral(`b-${signal}`, "--peer", address));
    await a.err.until((line) => line.startsWith(`-- linked from `));
    await a.err.until((line) => line === `-- b-${signal} is here (#lobby)`);
    await b.kill(signal);
    await a.err.until((line) => line === `-- b-${signal} is gone (#lobby)`);
    await a.err.until((line) =>
      line.startsWith(`-- the link to b-${signal} (`) && line.endsWith(how)
    );
  }
  assertEquals((await a.end()).stdout, "");
});
