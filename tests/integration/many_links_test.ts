/** Over a thousand encrypted links at one peer, which goes on serving its friends. */

import {
  assert,
  assertEquals,
  assertGreaterOrEqual,
  assertLess,
  assertStringIncludes,
} from "@std/assert";
import { within } from "../within.ts";
import { Log } from "./log.ts";
import { ephemeral, PeerProcess, TempFolder } from "./peer_process.ts";
import { denoRun } from "./program.ts";
import { RawLink } from "./raw_link.ts";
import { connect, readToEnd } from "./raw_socket.ts";

const links = 1_100;

Deno.test("1,100 links: all stand, all are given what is said, and friends still get in", async () => {
  using folder = new TempFolder();
  const limits = folder.limits({ connectionsInMax: 2_000 });
  await using a = await PeerProcess.start(ephemeral("a", ...limits));
  await using b = await PeerProcess.start(ephemeral("b", "--peer", a.address));
  await b.meets(a.id);
  const [entered, heard] = [new Log<number>(), new Log<number>()];
  const open: RawLink[] = [];
  const ends: Promise<void>[] = [];
  try {
    const dialMany = async (first: number) => {
      for (let i = first; i < links; i += 20) {
        const link = await RawLink.dial(a.address, 2_048);
        open.push(link);
        link.onMessage = ({ type }) => {
          // Whoever is told who is here has been let into the room.
          if (type === "presence") entered.add(i);
          else if (type === "posts") heard.add(i);
        };
        await link.enter();
        ends.push(link.listen());
      }
    };
    await Promise.all(Array.from({ length: 20 }, (_, i) => dialMany(i)));
    await entered.until(() => new Set(entered.items).size === links);
    const startMs = a.program.processorMs;
    const everybody = heard.until(() => heard.items.length === links);
    await a.say("to all of you");
    await Promise.all([everybody, b.hears("to all of you")]);
    // In time of the processor: what else the machine does has no part in it.
    assertLess(a.program.processorMs - startMs, 3_000);
    assertEquals(new Set(heard.items).size, links);
    await using c = await PeerProcess.start(ephemeral("c", "--peer", a.address));
    await c.meets(a.id);
    await c.say("let me in, too");
    await b.hears("let me in, too");
  } finally {
    for (const link of open) link[Symbol.dispose]();
    await Promise.all(ends);
  }
  await a.say("and without them");
  await b.hears("and without them");
});

Deno.test("limits.connectionsInMax: one link more waits, and is let in when another goes", async () => {
  using folder = new TempFolder();
  const limits = folder.limits({ connectionsInMax: 3 });
  await using a = await PeerProcess.start(ephemeral("a", ...limits));
  const links = await Promise.all([1, 2, 3].map(() => RawLink.dial(a.address)));
  await Promise.all(links.map((link) => a.linkedTo(link.identity.peer)));
  const waiting = RawLink.dial(a.address);
  links[0]![Symbol.dispose]();
  using late = await waiting;
  await a.linkedTo(late.identity.peer);
  for (const link of links) link[Symbol.dispose]();
});

Deno.test("descriptor limit: a peer without free descriptors waits, lives on, and accepts again", async () => {
  using folder = new TempFolder();
  const limited = ["sh", "-c", 'ulimit -n 256; exec "$0" "$@"', ...denoRun];
  // These links answer no ping, and none may end before the last of them is there.
  const limits = folder.limits({ deadMs: 600_000 });
  await using a = await PeerProcess.start(ephemeral("a", ...limits), { command: limited });
  const links: RawLink[] = [];
  let waiting: Promise<RawLink> | null = null;
  const full = a.program.err.until((line) => line.includes(" accept: ")).then(() => null);
  try {
    while (waiting === null && links.length < 256) {
      const dialled = RawLink.dial(a.address);
      const link = await Promise.race([dialled, full]);
      if (link === null) waiting = dialled;
      else links.push(link);
    }
    assertGreaterOrEqual(links.length, 150);
    // It can still store, and answer.
    await a.say("full");
    assertEquals((await a.history()).map(({ text }) => text), ["full"]);
    for (const link of links.splice(0, 20)) link[Symbol.dispose]();
    assert(waiting !== null);
    links.push(await within(waiting));
  } finally {
    for (const link of links) link[Symbol.dispose]();
  }
  const { code, stderr } = await a.kill("SIGTERM");
  assertEquals(code, 0);
  assertStringIncludes(stderr, "accept: this machine allows no more open files; trying again");
});

Deno.test("a port scanner: a thousand sockets that open and close leave the peer as it was", async () => {
  await using a = await PeerProcess.start(ephemeral("a"));
  const scan = async () => {
    for (let i = 0; i < 50; i++) (await connect(a.address)).close();
  };
  await Promise.all(Array.from({ length: 20 }, scan));
  using last = await connect(a.address);
  last.closeWrite();
  await readToEnd(last);
  await using b = await PeerProcess.start(ephemeral("b", "--peer", a.address));
  await Promise.all([a.meets(b.id), b.meets(a.id)]);
  const told = a.lines.filter(({ type }) => type === "notice").length;
  assertLess(told, 20);
});
