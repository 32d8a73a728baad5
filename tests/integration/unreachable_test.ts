/** Dialling what does not answer: told once in plain words, tried again ever more slowly. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { allMeet, ephemeral, PeerProcess, TempFolder } from "./peer_process.ts";
import { freePort } from "./free_port.ts";
import { FakeServer, readToEnd, writeAll } from "./raw_socket.ts";

Deno.test("--peer: a port where nothing listens is tried again after 1 s, then after 5 s", async () => {
  const address = `127.0.0.1:${freePort()}`;
  await using a = await PeerProcess.start(ephemeral("a", "--peer", address));
  const failed = () => a.lines.filter(({ code }) => code === "dial-failed");
  await a.until(() => failed().length === 2);
  const [first, second] = failed().map(({ text }) => text);
  const words = `cannot reach ${address}: connection refused: nothing listens there; next try in`;
  assertEquals(first, `${words} 1 s`);
  // A quarter more or less, so that peers do not dial in step.
  assert([4, 5, 6].some((seconds) => second === `${words} ${seconds} s`), second);
});

Deno.test("--peer: what waits to be tried again is listed with what failed and when it is tried", async () => {
  using folder = new TempFolder();
  const address = `127.0.0.1:${freePort()}`;
  // Long enough for it to be waiting still when it is asked.
  const limits = folder.limits({ dialBackoffMs: [600_000] });
  await using a = await PeerProcess.start(ephemeral("a", "--peer", address, ...limits));
  await a.notice("dial-failed");
  const [link] = await a.get({ type: "peers" });
  assertEquals([link.state, link.direction, link.peer, link.address], [
    ...["waiting", "out", null, address],
  ]);
  assertEquals(link.lastError, "connection refused: nothing listens there");
  assert(link.nextTryMs > 300_000 && link.nextTryMs <= 750_000, `${link.nextTryMs}`);
  const [, line = ""] = await a.command("/peers");
  assertMatch(
    line,
    /^127\.0\.0\.1:\d+ +tries in \d+ min +connection refused: nothing listens there$/,
  );
});

Deno.test("--peer: somebody who comes up at the address later is found without a word", async () => {
  using folder = new TempFolder();
  const limits = folder.limits({ dialBackoffMs: [50] });
  const address = `127.0.0.1:${freePort()}`;
  await using a = await PeerProcess.start(ephemeral("a", "--peer", address, ...limits));
  await a.notice("dial-failed");
  await a.say("said to nobody");
  await using b = await PeerProcess.start(["--ephemeral", "--name", "b", "--listen", address]);
  await allMeet(a, b);
  assertEquals((await b.hears("said to nobody")).origin, "history");
});

Deno.test("--peer: the own address is not dialled, and is no reason to stop", async () => {
  await using a = await PeerProcess.start(ephemeral("a"));
  const { ok, error } = await a.ask({ type: "connect", address: a.address });
  assertEquals([ok, error.code], [false, "own-address"]);
  const port = a.address.split(":")[1];
  // By another of its names it is found out in the handshake.
  await a.get({ type: "connect", address: `localhost:${port}` });
  const { text } = await a.notice("dialled-self");
  assertEquals(text, `localhost:${port} is this peer itself: not dialled again`);
  assertEquals(await a.get({ type: "peers" }), []);
});

/** What a stranger answers, and what the person who dialled it is told. */
const answers: readonly (readonly [answer: string, words: string])[] = [
  ["HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n", "it looks like an HTTP response"],
  ["SSH-2.0-OpenSSH_9.2\r\n", "it looks like SSH"],
  ["220 mail.example ESMTP\r\n", "it looks like a mail or file server"],
  ["\x15\x03\x01\x00\x02\x02\x0a", "it looks like TLS"],
  ["starling\0\x01\0\x01", "it looks like another Starling that dials too"],
];

for (const [answer, words] of answers) {
  Deno.test(`--peer: a server that answers ${JSON.stringify(answer.slice(0, 8))} is told as what it is`, async () => {
    await using server = new FakeServer(async (conn) => {
      await conn.read(new Uint8Array(1_024));
      await writeAll(conn, Uint8Array.from(answer, (char) => char.charCodeAt(0)));
      await readToEnd(conn);
    });
    await using a = await PeerProcess.start(ephemeral("a", "--peer", server.address));
    const { text } = await a.notice("dial-failed");
    assertStringIncludes(text, `cannot reach ${server.address}: `);
    assertStringIncludes(text, words);
    await a.say("goes on");
    assertEquals(a.count("goes on"), 1);
  });
}
