/** What else may knock at the port: browsers, TLS, other versions, noise. One notice, no harm. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { decodeRefusal, encodePreamble, encodeRefusal } from "../../wire/preamble.ts";
import { allMeet, ephemeral, PeerProcess, TempFolder } from "./peer_process.ts";
import { converse, FakeServer, readToEnd, writeAll } from "./raw_socket.ts";

const latin = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
const noise = crypto.getRandomValues(new Uint8Array(2_000));
noise[0] = 0xaa;

/**
 * A peer for which a closed socket means that it was closed at once, and notices that are not
 * told mean that they never will be, however slow the machine is.
 */
function patient(folder: TempFolder): Promise<PeerProcess> {
  const limits = folder.limits({ handshakeMs: 600_000, refusedNoticeMs: 600_000 });
  return PeerProcess.start(ephemeral("a", ...limits));
}

/** What is said first, and how the notice calls it. */
const greetings: readonly (readonly [bytes: Uint8Array, words: string])[] = [
  [latin("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"), "it looks like an HTTP request"],
  [latin("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), "it looks like an HTTP/2 request"],
  [latin("\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03") as Uint8Array, "it looks like TLS"],
  [latin("SSH-2.0-OpenSSH_9.2\r\n"), "it looks like SSH"],
  [latin("\x13BitTorrent protocol"), "it looks like BitTorrent"],
  [latin("\x05\x01\0"), "it looks like SOCKS"],
  [encodeRefusal({ lowest: 1, highest: 1 }), "it looks like a Starling's refusal"],
  [noise, "it begins with the bytes aa"],
];

Deno.test("a foreign greeting: is closed at once without an answer, and told in one notice", async () => {
  using folder = new TempFolder();
  await using a = await patient(folder);
  for (const [bytes, words] of greetings) {
    const told = a.next(({ code }) => code === "refused-link");
    assertEquals((await converse(a.address, bytes)).length, 0, words);
    assertStringIncludes((await told).text, words);
  }
  await using b = await PeerProcess.start(ephemeral("b", "--peer", a.address));
  await allMeet(a, b);
  await b.say("the door is still open");
  await a.hears("the door is still open");
  const notices = a.lines.filter(({ code }) => code === "refused-link");
  assertEquals(notices.length, greetings.length);
});

Deno.test("a foreign greeting: hundreds of them do not fill the screen", async () => {
  using folder = new TempFolder();
  await using a = await patient(folder);
  const knock = async () => {
    for (let i = 0; i < 50; i++) await converse(a.address, latin("GET / HTTP/1.1\r\n\r\n"));
  };
  const dial = async () => {
    const preamble = encodePreamble({ lowest: 7, highest: 9 });
    for (let i = 0; i < 50; i++) await converse(a.address, preamble);
  };
  await Promise.all([knock(), knock(), dial(), dial()]);
  await a.say("alive");
  const told = a.lines.filter(({ code }) => ["refused-link", "version-mismatch"].includes(code));
  assertEquals(told.length, 10);
});

Deno.test("another version: who dials with versions 7 to 9 is refused in the clear, and told", async () => {
  using folder = new TempFolder();
  await using a = await patient(folder);
  const preamble = encodePreamble({ lowest: 7, highest: 9 });
  const greeting = new Uint8Array([...preamble, 0, 32, ...new Uint8Array(32)]);
  const reply = await converse(a.address, greeting);
  assertEquals(new TextDecoder().decode(reply.subarray(0, 8)), "starl-no");
  assertEquals(decodeRefusal(reply), { lowest: 1, highest: 1 });
  assertEquals(reply.length, 12);
  const { text } = await a.notice("version-mismatch");
  assertStringIncludes(text, "speaks versions 7 to 9");
  assertStringIncludes(text, "must update");
  await a.say("and nothing else");
  assertEquals(a.lines.filter(({ code }) => code === "refused-link"), []);
});

Deno.test("another version: a peer that refuses ours is told as such, and tried again", async () => {
  await using server = new FakeServer(async (conn) => {
    await conn.read(new Uint8Array(1_024));
    await writeAll(conn, encodeRefusal({ lowest: 7, highest: 9 }));
    await readToEnd(conn);
  });
  using folder = new TempFolder();
  // So long that it is still waiting when it is asked.
  const limits = folder.limits({ dialBackoffMs: [600_000] });
  await using a = await PeerProcess.start(ephemeral("a", "--peer", server.address, ...limits));
  const { text } = await a.notice("version-mismatch");
  assertStringIncludes(text, `${server.address} speaks another version`);
  assertStringIncludes(text, "speaks versions 7 to 9");
  const [{ state, lastError }] = await a.get({ type: "peers" });
  assertEquals(state, "waiting");
  assertStringIncludes(lastError, "7 to 9");
});

Deno.test("another version: a range that includes ours is accepted", async () => {
  using folder = new TempFolder();
  await using a = await patient(folder);
  const preamble = encodePreamble({ lowest: 0, highest: 65_535 });
  // A right first message would follow; a wrong one is a failed handshake, not a version.
  const reply = await converse(
    a.address,
    new Uint8Array([...preamble, 0, 32, ...new Uint8Array(32)]),
  );
  assertEquals(reply.length, 0);
  await a.notice("refused-link");
  assertEquals(a.lines.filter(({ code }) => code === "version-mismatch"), []);
});
