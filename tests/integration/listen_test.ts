/** Starting and stopping to listen while running. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { allMeet, ephemeral, PeerProcess } from "./peer_process.ts";
import { connect, FakeServer } from "./raw_socket.ts";

const addressIn = (line: string | undefined) => /127\.0\.0\.1:\d+/.exec(line ?? "")![0];

Deno.test("/listen: off closes the port and keeps the links, a port opens it again", async () => {
  await using a = await PeerProcess.start(ephemeral("a"));
  await using b = await PeerProcess.start(ephemeral("b", "--peer", a.address));
  await allMeet(a, b);
  assertEquals(await a.command("/listen"), [`listening on ${a.address}`]);
  assertEquals(await a.command("/listen off"), ["not listening"]);
  await assertRejects(() => connect(a.address), Deno.errors.ConnectionRefused);
  await a.say("still linked");
  await b.hears("still linked");
  const [line] = await a.command("/listen 0");
  const address = addressIn(line);
  await using c = await PeerProcess.start(ephemeral("c", "--peer", address));
  await allMeet(a, b, c);
  await c.say("through the new port");
  await b.hears("through the new port");
});

Deno.test("/listen: a port that is taken is refused, and the one before stays", async () => {
  await using a = await PeerProcess.start(ephemeral("a"));
  await using other = new FakeServer(() => Promise.resolve());
  const [, port] = other.address.split(":");
  const { ok, error } = await a.ask({ type: "command", line: `/listen ${port}` });
  assertEquals([ok, error.code], [false, "port-taken"]);
  assert(error.message.includes(other.address), error.message);
  assertEquals(await a.command("/listen"), [`listening on ${a.address}`]);
  using conn = await connect(a.address);
  assertEquals(conn.remoteAddr.port, Number(a.address.split(":")[1]));
  for (const line of ["/listen 65536", "/listen x", "/listen -1"]) {
    const refused = await a.ask({ type: "command", line });
    assertEquals([refused.ok, refused.error.code], [false, "bad-command"]);
  }
});

Deno.test("/listen: a peer that was started dial-only can become one that others dial", async () => {
  await using a = await PeerProcess.start(["--ephemeral", "--name", "a", "--no-listen"]);
  assertEquals(await a.command("/listen"), ["not listening"]);
  const address = addressIn((await a.command("/listen 0"))[0]);
  await using b = await PeerProcess.start(ephemeral("b", "--peer", address));
  await allMeet(a, b);
  await b.say("found you");
  await a.hears("found you");
});

Deno.test("/connect, /disconnect: links are opened and ended by hand, and /reconnect hurries", async () => {
  await using a = await PeerProcess.start(ephemeral("a"));
  await using b = await PeerProcess.start(ephemeral("b"));
  assertEquals(await b.command(`/connect ${a.address}`), [`dialling ${a.address}`]);
  await allMeet(a, b);
  await b.command(`/disconnect ${a.address}`);
  const down = await a.until((line) => line.type === "peer" && line.event === "down");
  assertEquals(down.reason, "disconnected");
  assertEquals(await b.get({ type: "peers" }), []);
  const unknown = await b.ask({ type: "command", line: "/disconnect 127.0.0.1:1" });
  assertEquals([unknown.ok, unknown.error.code], [false, "no-such-peer"]);
  await a.kill();
  await b.get({ type: "connect", address: a.address });
  await b.notice("dial-failed");
  const again = b.next((line) => line.code === "dial-failed");
  assertEquals(await b.command("/reconnect"), ["dialling what waited"]);
  await again;
});
