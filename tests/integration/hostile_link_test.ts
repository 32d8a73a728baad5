/** Bytes that attack a link, before and after its handshake: that link ends, and nothing else. */

import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { encodePreamble, spokenVersions } from "../../wire/preamble.ts";
import { within } from "../within.ts";
import { allMeet, ephemeral, type Line, PeerProcess } from "./peer_process.ts";
import { RawLink } from "./raw_link.ts";
import { gossip, RawAuthor } from "./raw_author.ts";
import { connect, converse, proxyTo, writeAll } from "./raw_socket.ts";

const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes));
const isDown = (peer: string) => (line: Line) =>
  line.type === "peer" && line.event === "down" && line.peer === peer;

Deno.test("before the handshake: random bytes and cut handshakes close that socket only", async () => {
  await using a = await PeerProcess.start(ephemeral("a"));
  await using b = await PeerProcess.start(ephemeral("b", "--peer", a.address));
  await allMeet(a, b);
  const preamble = encodePreamble(spokenVersions);
  const attacks = Array.from({ length: 300 }, (_, i) => {
    if (i % 3 === 0) return random(1 + i);
    if (i % 3 === 1) return new Uint8Array([...preamble, ...random(1 + i)]);
    return new Uint8Array([...preamble, 0, 32, ...random(32), ...random(i)]);
  });
  const attack = async (bytes: Uint8Array) => {
    using conn = await connect(a.address);
    await writeAll(conn, bytes);
    await conn.closeWrite().catch(() => {});
    await conn.read(new Uint8Array(1_024)).catch(() => null);
  };
  for (let i = 0; i < attacks.length; i += 20) {
    await Promise.all(attacks.slice(i, i + 20).map(attack));
    await a.say(`${i}`);
  }
  await b.hears("280");
  assertEquals(b.lines.filter(({ type, event }) => type === "peer" && event === "down"), []);
});

Deno.test("after the handshake: random bytes, frames and messages close that link only", async () => {
  await using a = await PeerProcess.start(ephemeral("a"));
  await using b = await PeerProcess.start(ephemeral("b", "--peer", a.address));
  await allMeet(a, b);
  for (let i = 0; i < 60; i++) {
    using link = await RawLink.dial(a.address);
    if (i % 2 === 0) await link.enter();
    if (i % 3 === 0) await link.sendRaw(random(1 + i * 7));
    else if (i % 3 === 1) await link.sendBytes(random(1 + i * 7));
    else await link.sendRaw(new Uint8Array([0xff, 0xff, ...random(65_535)]));
    // A length that promises more than comes is no fault yet: the end of it is.
    if (i % 3 === 0) await link.closeWrite();
    await within(link.listen());
    const down = await a.until(isDown(link.identity.peer));
    assertNotEquals(down.reason, "left");
  }
  await a.say("still linked");
  await b.hears("still linked");
  assertEquals(b.lines.filter(({ type, event }) => type === "peer" && event === "down"), []);
});

Deno.test("replay: a frame sent twice, and one of another link, end the link", async () => {
  await using a = await PeerProcess.start(ephemeral("a"));
  {
    using link = await RawLink.dial(a.address);
    await link.enter();
    const frame = link.seal(gossip(new RawAuthor(link.identity).post("once")));
    await link.sendRaw(frame);
    await a.hears("once");
    await link.sendRaw(frame);
    await within(link.listen());
    const { reason } = await a.until(isDown(link.identity.peer));
    assert(/^broken: /.test(reason), reason);
  }
  using first = await RawLink.dial(a.address);
  using second = await RawLink.dial(a.address);
  await second.enter();
  const foreign = first.seal({ type: "ping", nonce: 1 });
  await second.sendRaw(foreign);
  await within(second.listen());
  assert(/^broken: /.test((await a.until(isDown(second.identity.peer))).reason));
  // The first link is not touched by what was done with its frame.
  await first.sendRaw(foreign);
  await first.enter();
  await a.say("alive");
  assertEquals([a.count("once"), a.count("alive")], [1, 1]);
  assertEquals(a.lines.filter(isDown(first.identity.peer)), []);
});

Deno.test("replay: a recorded handshake opens nothing", async () => {
  await using a = await PeerProcess.start(ephemeral("a"));
  const recorded: Uint8Array[] = [];
  const recorder = proxyTo(a.address, async (bytes, to) => {
    if (to.remoteAddr.port === Number(a.address.split(":")[1])) recorded.push(bytes);
    await writeAll(to, bytes);
  });
  await using _recorder = recorder;
  await using b = await PeerProcess.start(ephemeral("b", "--peer", recorder.address));
  await allMeet(a, b);
  await b.say("once");
  await a.hears("once");
  await b.kill();
  await a.until(isDown(b.id));
  const all = new Uint8Array(await new Blob(recorded as BlobPart[]).arrayBuffer());
  await converse(a.address, all);
  await a.notice("refused-link");
  assertEquals(a.lines.filter(({ type, event }) => type === "peer" && event === "up").length, 1);
  assertEquals(a.count("once"), 1);
});

Deno.test("truncation: an end without a goodbye is told as a cut, in both directions", async () => {
  await using a = await PeerProcess.start(ephemeral("a"));
  using link = await RawLink.dial(a.address);
  await link.enter();
  await a.linkedTo(link.identity.peer);
  await link.closeWrite();
  assertEquals((await a.until(isDown(link.identity.peer))).reason, "closed by the other side");
  // And one that is right says so.
  using polite = await RawLink.dial(a.address);
  await polite.enter();
  await polite.send({ type: "goodbye", reason: "leaving" });
  assertEquals((await a.until(isDown(polite.identity.peer))).reason, "left");
});
