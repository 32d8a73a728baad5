/**
 * `--lan` on a network of namespaces: peers that know no address find one another, strangers'
 * software sees them, and who floods the network with names gets nowhere.
 */

import { assert, assertEquals, assertLessOrEqual, assertStringIncludes } from "@std/assert";
import { Avahi, avahiPrograms } from "./avahi.ts";
import { lackingForNamespaces, Namespaces } from "./namespaces.ts";
import { allMeet, ephemeral, type Line, PeerProcess } from "./peer_process.ts";
import { denoRun, Program } from "./program.ts";

const lacking = await lackingForNamespaces();
const lackingAvahi = await lackingForNamespaces(...avahiPrograms);
if (lacking !== null) console.log(`lan: not run: ${lacking}`);
else if (lackingAvahi !== null) console.log(`lan: avahi is not run: ${lackingAvahi}`);

function start(network: Namespaces, index: number, ...more: string[]): Promise<PeerProcess> {
  const args = ["--ephemeral", "--name", `p${index}`, "--lan", ...more];
  return PeerProcess.start(args, { command: [...network.prefix(index), ...denoRun] });
}

Deno.test({
  name: "lan: two peers on one network find each other without an address",
  ignore: lacking !== null,
}, async () => {
  await using network = await Namespaces.create(2);
  await using a = await start(network, 0);
  await using b = await start(network, 1);
  await allMeet(a, b);
  await a.say("hello, whoever you are");
  await b.hears("hello, whoever you are");
  await b.say("hello yourself");
  await a.hears("hello yourself");
});

Deno.test({
  name: "lan: a peer that moved to another port is found there",
  ignore: lacking !== null,
}, async () => {
  await using network = await Namespaces.create(2);
  await using a = await start(network, 0, "--listen", "9801");
  await a.command("/listen 9802");
  // Does not listen, so that nobody but itself can have found the other.
  await using b = await start(network, 1, "--no-listen");
  await allMeet(a, b);
  const link = await b.linkedTo(a.id);
  assertEquals([link.direction, link.address], ["out", `${network.ip(0)}:9802`]);
});

Deno.test({
  name: "lan: avahi sees and resolves a peer, where it moves to, and that it leaves",
  ignore: lackingAvahi !== null,
}, async () => {
  await using network = await Namespaces.create(2);
  await using avahi = await Avahi.start(network, 1);
  const seen = avahi.browse("-rp");
  const resolved = (port: number) =>
    seen.out.until((line) =>
      line.startsWith("=;") && line.includes(`;${network.ip(0)};${port};"txtvers=1"`)
    );
  await using a = await start(network, 0, "--listen", "9801");
  const [, , , instance = ""] = (await resolved(9_801)).split(";");
  assert(/^[0-9a-f]{16}$/.test(instance), instance);
  const once = await avahi.browse("-rpt").ending();
  assertEquals(once.code, 0, once.stderr);
  assert(once.stdout.includes(`;${network.ip(0)};9801;`), once.stdout);
  await a.command("/listen off");
  await seen.out.until((line) => line.startsWith("-;") && line.includes(instance));
  await a.command("/listen 9802");
  await resolved(9_802);
  const gone = seen.out.next((line) => line.startsWith("-;") && line.includes(instance));
  assertEquals((await a.kill("SIGTERM")).code, 0);
  await gone;
});

Deno.test({
  name: "lan: floods of 10,000 forged names cost little and hide no friend",
  ignore: lacking !== null,
}, async () => {
  await using network = await Namespaces.create(3);
  await using a = await start(network, 0);
  const atStart = usage(a.pid);
  const startMs = performance.now();
  const seconds = () => (performance.now() - startMs) / 1_000;
  await using flood = new Program(["tests/integration/lan_forger.ts", "10000"], {
    command: [...network.prefix(1), Deno.execPath(), "run", "-A", "--quiet"],
  });
  // The first rounds fill the young heap, as any traffic does; from then on nothing may grow.
  const used = [atStart];
  do {
    await flood.out.until((line) => line === `round ${used.length}`);
    used.push(usage(a.pid));
  } while (growth(used) > 5 && used.length <= 6);
  assertLessOrEqual(growth(used), 5);
  assertLessOrEqual(used.at(-1)!.mib - used[0]!.mib, 64);
  assertLessOrEqual(used.at(-1)!.cpuSeconds, seconds() / 3);
  await using friend = await start(network, 2);
  await allMeet(a, friend);
  await friend.say("through all that noise");
  await a.hears("through all that noise");
  // No notice tells of each: a forger could fill the screen.
  assertEquals(a.lines.filter((line) => line.code === "dial-failed"), []);
  const known: Line[] = await a.get({ type: "peers" });
  const dialled = new Set(known.filter(({ lastError }) => lastError).map(({ address }) => address));
  assert(dialled.size > 0, "the flood was not heard");
  // Ten places for one source, and at most one a second.
  assertLessOrEqual(dialled.size, Math.min(10, Math.ceil(seconds()) + 1));
});

Deno.test({
  name: "lan: where another program holds the port, the peer says so and goes on",
  ignore: lacking !== null,
}, async () => {
  await using network = await Namespaces.create(1);
  const script = 'Deno.listenDatagram({ transport: "udp", hostname: "0.0.0.0", port: 5353 });' +
    'console.log("held"); setInterval(() => {}, 1e6);';
  await using holder = new Program(["--unstable-net", script], {
    command: [...network.prefix(0), Deno.execPath(), "eval"],
  });
  await holder.out.until((line) => line === "held");
  await using a = await start(network, 0);
  const { text } = await a.notice("lan-failed");
  assertStringIncludes(text, "UDP port 5353 is taken by another program");
  await a.say("to myself");
});

Deno.test("lan: where the port is not permitted, the peer says so and goes on", async () => {
  const allowed = ["--allow-env", "--allow-sys=networkInterfaces", "--allow-net=127.0.0.1"];
  const command = [Deno.execPath(), "run", "--quiet", "--no-prompt", ...allowed, "mod.ts"];
  await using a = await PeerProcess.start(ephemeral("a", "--lan"), { command });
  const { text } = await a.notice("lan-failed");
  assertStringIncludes(text, "not allowed by this program's permissions");
  await a.say("to myself");
  assertEquals(a.lines.filter(({ code }) => code === "lan-failed").length, 1);
});

/** How much more memory there is than a round before, in MiB. */
function growth(used: readonly Usage[]): number {
  return used.at(-1)!.mib - used.at(-2)!.mib;
}

interface Usage {
  readonly mib: number;
  readonly cpuSeconds: number;
}

/** Resident memory, and processor time spent, of a process. */
function usage(pid: number): Usage {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  const stat = Deno.readTextFileSync(`/proc/${pid}/stat`).split(") ")[1]!.split(" ");
  const kib = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)![1]);
  return { mib: kib / 1_024, cpuSeconds: (Number(stat[11]) + Number(stat[12])) / 100 };
}
