/** Ports: asked for and taken, the default and the next free one, IPv6, and hosts by name. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { lackingForNamespaces, Namespaces } from "./namespaces.ts";
import { allMeet, PeerProcess, TempFolder } from "./peer_process.ts";
import { denoRun, patient, Program } from "./program.ts";
import { FakeServer } from "./raw_socket.ts";

const someone = ["--ephemeral", "--name", "x"];

const lacking = await lackingForNamespaces();
if (lacking !== null) console.log(`ports: the default port is not tried: ${lacking}`);

Deno.test("--listen: a port that was asked for and is taken is one line and exit code 1", async () => {
  await using other = new FakeServer(() => Promise.resolve());
  const [, port = ""] = other.address.split(":");
  for (const place of [other.address, port]) {
    const { code, stdout, stderr } = await Program.run([...someone, "--listen", place]);
    assertEquals([code, stdout], [1, ""]);
    const [line = "", ...rest] = stderr.split("\n");
    assertEquals(rest, [""]);
    for (const words of [port, "taken", "--listen PORT"]) assertStringIncludes(line, words);
  }
});

Deno.test("--listen: an address that is none of this machine's is one line and exit code 1", async () => {
  const { code, stdout, stderr } = await Program.run([...someone, "--listen", "192.0.2.1:0"]);
  assertEquals([code, stdout, stderr.split("\n").length], [1, "", 2], stderr);
  assertStringIncludes(
    stderr,
    "192.0.2.1:0: address not available on this machine. Choose another",
  );
  const zh = await Program.run([...someone, "--listen", "192.0.2.1:0", "--lang", "zh"]);
  assertEquals([zh.code, zh.stdout, zh.stderr.split("\n").length], [1, "", 2], zh.stderr);
  assertStringIncludes(zh.stderr, " 192.0.2.1:0：本机没有这个地址；换一个端口或地址");
});

const byDefault = "--listen: without it the default port is taken, or the next that is free";
Deno.test(byDefault, { ignore: lacking !== null }, async () => {
  // On a machine where nobody else takes the default port, nor gives it free meanwhile.
  await using network = await Namespaces.create(1);
  const options = { command: [...network.prefix(0), ...denoRun] };
  await using first = await PeerProcess.start(someone, options);
  await using second = await PeerProcess.start(someone, options);
  assertEquals(
    [first, second].map(({ address }) => address),
    ["127.0.0.1:9797", "127.0.0.1:9798"],
  );
  await second.get({ type: "connect", address: first.address });
  await allMeet(first, second);
  // One socket serves both families; who comes by IPv4 is shown with an IPv4 address.
  const [link] = await first.get({ type: "peers" });
  assertMatch(link.address, /^127\.0\.0\.1:\d+$/);
});

Deno.test("--peer -: dials what the first line of input says, and sends the others", async () => {
  await using a = await PeerProcess.start([...someone, "--listen", "127.0.0.1:0"]);
  const args = ["--ephemeral", "--name", "y", "--no-listen", "--peer", "-", ...patient];
  const { code } = await Program.run(args, `${a.address}\nfirst\nsecond`);
  assertEquals(code, 0);
  await Promise.all([a.hears("first"), a.hears("second")]);
  assertEquals(a.messages.length, 2);
  // Lines are counted as whoever wrote them counts: the address was the first.
  const json = await Program.run([...args, "--ui", "json"], `${a.address}\nnonsense\n`);
  const [error] = json.stdout.split("\n").filter((line) => line.includes("bad-json"));
  assertEquals(JSON.parse(error!).line, 2);
});

function hasIpv6(): boolean {
  try {
    Deno.listen({ hostname: "::1", port: 0 }).close();
    return true;
  } catch {
    return false;
  }
}

const ipv6 = "--listen, --peer: IPv6 and host names work like IPv4 addresses";
Deno.test(ipv6, { ignore: !hasIpv6() }, async () => {
  await using six = await PeerProcess.start([...someone, "--listen", "[::1]:0"]);
  assert(/^\[::1\]:\d+$/.test(six.address), six.address);
  await using four = await PeerProcess.start([...someone, "--listen", "127.0.0.1:0"]);
  const byName = four.address.replace("127.0.0.1", "localhost");
  await using both = await PeerProcess.start(
    [...someone, "--no-listen", "--peer", six.address, "--peer", byName],
  );
  await allMeet(six, four, both);
});

Deno.test("--config: gives the same options as the command line, which goes before it", async () => {
  using folder = new TempFolder();
  const path = folder.file("starling.json");
  const config = { name: "from the file", listen: "127.0.0.1:0", room: ["kitchen", "garden"] };
  Deno.writeTextFileSync(path, JSON.stringify({ ...config, ephemeral: true, ui: "line" }));
  await using peer = await PeerProcess.start(["--config", path, "--name", "from the line"]);
  assertEquals(peer.lines[0]!.name, "from the line");
  const rooms = await peer.command("/rooms");
  assertEquals(rooms.map((line) => /#\w+/.exec(line)![0]).toSorted(), ["#garden", "#kitchen"]);
});
