/** Connections that say nothing, or one byte now and then: closed in time, nobody else waits. */

import { assert, assertEquals, assertGreaterOrEqual, assertLess } from "@std/assert";
import { encodePreamble, spokenVersions } from "../../wire/preamble.ts";
import { ephemeral, PeerProcess, TempFolder } from "./peer_process.ts";
import { connect, FakeServer, readToEnd, writeAll } from "./raw_socket.ts";

const handshakeMs = 1_000;

Deno.test("silent connections: are closed after the deadline while others talk", async () => {
  using folder = new TempFolder();
  // Long enough for a process to start and talk on a machine that is busy.
  const handshakeMs = 6_000;
  await using a = await PeerProcess.start(ephemeral("a", ...folder.limits({ handshakeMs })));
  await using b = await PeerProcess.start(ephemeral("b"));
  const startMs = performance.now();
  let open = 20;
  const silent = await Promise.all(Array.from({ length: open }, () => connect(a.address)));
  const closed = Promise.all(silent.map((conn) => readToEnd(conn).finally(() => open--)));
  await b.get({ type: "connect", address: a.address });
  await Promise.all([a.meets(b.id), b.meets(a.id)]);
  await a.say("not held up");
  await b.hears("not held up");
  assertEquals(open, 20, "the others had to wait until the silent ones were gone");
  assertEquals((await closed).map((bytes) => bytes.length), Array(20).fill(0));
  assertGreaterOrEqual(performance.now() - startMs, handshakeMs * 0.9);
  for (const conn of silent) conn.close();
  const notice = await a.notice("refused-link");
  assert(/^refused a link from 127\.0\.0\.1:\d+: no handshake in time$/.test(notice.text));
});

Deno.test("slow connections: one byte at a time does not buy more time than the deadline", async () => {
  using folder = new TempFolder();
  await using a = await PeerProcess.start(ephemeral("a", ...folder.limits({ handshakeMs })));
  using conn = await connect(a.address);
  const startMs = performance.now();
  let open = true;
  const closed = readToEnd(conn).finally(() => open = false);
  // The preamble, and a first message of which the last bytes are never sent: all of it would
  // take a multiple of the deadline, in steps that are far shorter than it.
  const bytes = [...encodePreamble(spokenVersions), 0, 32, ...new Uint8Array(30)];
  let sent = 0;
  const trickle = async () => {
    for (; open && sent < bytes.length; sent++) {
      await writeAll(conn, Uint8Array.of(bytes[sent]!));
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  };
  await Promise.all([trickle(), closed]);
  assertLess(sent, bytes.length, "each byte has bought time");
  assertGreaterOrEqual(performance.now() - startMs, handshakeMs * 0.9);
});

Deno.test("unfinished handshakes: more than may wait at once hold nobody out for long", async () => {
  using folder = new TempFolder();
  const limits = folder.limits({ handshakeMs, handshakesMax: 8 });
  await using a = await PeerProcess.start(ephemeral("a", ...limits));
  const silent = await Promise.all(Array.from({ length: 30 }, () => connect(a.address)));
  await using b = await PeerProcess.start(ephemeral("b", "--peer", a.address));
  await Promise.all([a.meets(b.id), b.meets(a.id)]);
  for (const conn of silent) conn.close();
});

Deno.test("--peer: a host that accepts and says nothing is given up and tried again", async () => {
  using folder = new TempFolder();
  const limits = folder.limits({ handshakeMs: 300, dialBackoffMs: [100] });
  await using silent = new FakeServer(async (conn) => void await readToEnd(conn));
  await using a = await PeerProcess.start(ephemeral("a", "--peer", silent.address, ...limits));
  const first = await a.notice("dial-failed");
  assert(
    first.text.startsWith(`cannot reach ${silent.address}: no handshake in time; next try in`),
  );
  await a.next((line) => line.code === "dial-failed");
  assert(silent.accepted >= 2);
});
