/** How a run ends: every way to leave, and the code that a script sees. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { allMeet, ephemeral, PeerProcess, TempFolder } from "./peer_process.ts";
import { denoRun, type Ending, patient, Program } from "./program.ts";

const alone = ["--ephemeral", "--name", "ann", "--no-listen"];
const leave: readonly (readonly [how: string, (peer: PeerProcess) => Promise<Ending>])[] = [
  ["quit", async (peer) => (await peer.get({ type: "quit" }), await peer.program.ending())],
  ["/quit", async (peer) => (await peer.command("/quit"), await peer.program.ending())],
  ["end of input", (peer) => peer.end()],
  ["SIGTERM", (peer) => peer.kill("SIGTERM")],
  ["SIGHUP", (peer) => peer.kill("SIGHUP")],
  ["SIGINT", (peer) => peer.kill("SIGINT")],
];

for (const [how, act] of leave) {
  Deno.test(`leaving by ${how}: says goodbye, leaves nothing on standard error, exits with 0`, async () => {
    await using ann = await PeerProcess.start(ephemeral("ann"));
    await using bo = await PeerProcess.start(ephemeral("bo", "--peer", ann.address));
    await allMeet(ann, bo);
    const { code, stderr } = await act(bo);
    assertEquals([code, stderr], [0, ""]);
    const down = await ann.until((line) => line.type === "peer" && line.event === "down");
    assertEquals(down.reason, "left");
  });
}

Deno.test("leaving by a second SIGINT: does not wait for a neighbour that hangs, exits with 130", async () => {
  using folder = new TempFolder();
  // The first one would wait as long, however late the second comes.
  const limits = folder.limits({ closeMs: 600_000 });
  await using ann = await PeerProcess.start(ephemeral("ann"));
  await using bo = await PeerProcess.start(ephemeral("bo", "--peer", ann.address, ...limits));
  await allMeet(ann, bo);
  ann.signal("SIGSTOP");
  bo.signal("SIGINT");
  await bo.until((line) => line.type === "peer" && line.event === "down");
  assertEquals((await bo.kill("SIGINT")).code, 130);
});

Deno.test("end of input: waits for delivery and exits with 0, or with 3 if nobody took it", async () => {
  await using ann = await PeerProcess.start(ephemeral("ann"));
  const say = '{"type":"say","room":"lobby","text":"are you there?"}\n';
  const args = ["--ui", "json", "--ephemeral", "--name", "bo", "--no-listen"];
  const delivered = await Program.run([...args, "--peer", ann.address, ...patient], say);
  assertEquals(delivered.code, 0);
  await ann.hears("are you there?");
  const lost = await Program.run([...args, "--linger", "0.1"], say);
  assertEquals(lost.code, 3);
  assertStringIncludes(lost.stdout, '"code":"undelivered"');
});

Deno.test("--message: exits with 0 once another member has it", async () => {
  await using ann = await PeerProcess.start(ephemeral("ann"));
  const args = ["--ephemeral", "--name", "cron", "--no-listen", "--peer", ann.address];
  const text = "disk full on web1: 你好\nsecond line";
  const { code, stdout } = await Program.run([...args, "--message", text, ...patient]);
  assertEquals([code, stdout], [0, ""]);
  assertEquals((await ann.hears(text)).name, "cron");
  const there = await Program.run([
    ...args,
    "--message",
    "to a room",
    "--room",
    "builds",
    "--linger",
    "0.2",
  ]);
  // Nobody else has that room open, so nobody can hold it.
  assertEquals([there.code, ann.count("to a room")], [3, 0]);
});

Deno.test("--message: exits with 3 and says so if nobody took it in time", async () => {
  const { code, stderr } = await Program.run([...alone, "--message", "x", "--linger", "0.1"]);
  assertEquals(code, 3);
  assertStringIncludes(stderr, "-- 1 post ");
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`--message: ${signal} before another member has it exits with 3 and says so`, async () => {
    await using cron = new Program([...alone, "--ui", "json", "--message", "x", "--linger", "60"], {
      command: denoRun,
    });
    await cron.out.until((line) => line.includes('"origin":"own"'));
    const { code, stdout } = await cron.kill(signal);
    assertEquals(code, 3);
    assertStringIncludes(stdout, '"code":"undelivered"');
  });
}

Deno.test("--stay: the end of input does not end it, a signal does, with 0", async () => {
  await using ann = new Program([...ephemeral("ann", "--stay")], { command: denoRun });
  const line = await ann.err.until((text) => text.includes("same machine:"));
  const address = /127\.0\.0\.1:\d+/.exec(line)![0];
  const ended = ann.end();
  await using bo = await PeerProcess.start(ephemeral("bo", "--peer", address));
  await bo.until((text) => text.type === "presence" && text.event === "join");
  await bo.say("still here?");
  await ann.out.until((text) => text.endsWith("\tstill here?"));
  ann.signal("SIGTERM");
  assertEquals((await ended).code, 0);
});

Deno.test("--help, --version: print to standard output and exit with 0", async () => {
  const [help, version] = await Promise.all([Program.run(["--help"]), Program.run(["--version"])]);
  for (const { code, stderr } of [help, version]) assertEquals([code, stderr], [0, ""]);
  for (const option of ["--peer", "--listen", "--room", "--data", "--stay", "--config"]) {
    assertStringIncludes(help.stdout, option);
  }
  assertEquals(/^starling \d+\.\d+\.\d+\n$/.test(version.stdout), true);
});

Deno.test("--help: a reader that has gone is no failure, a full disk is one line and exit code 1", async () => {
  const into = (rest: string) => {
    const script = `"$0" run -A --quiet mod.ts --help ${rest}`;
    return Program.run([], "", { command: ["sh", "-c", script, Deno.execPath()] });
  };
  assertEquals(await into("| :"), { code: 0, stdout: "", stderr: "" });
  if (Deno.build.os !== "linux") return;
  const full = await into("> /dev/full");
  assertEquals(full, {
    code: 1,
    stdout: "",
    stderr: "cannot write to standard output: no space left on device\n",
  });
});
