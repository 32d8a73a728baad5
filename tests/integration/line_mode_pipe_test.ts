/** Line mode in a pipe: exact lines on standard output, everything else on standard error. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { within } from "../within.ts";
import { ephemeral, PeerProcess, TempFolder } from "./peer_process.ts";
import { denoRun, patient, Program } from "./program.ts";

const reader = (address: string, ...more: string[]) =>
  new Program(
    ["--ephemeral", "--name", "reader", "--no-listen", "--peer", address, ...patient, ...more],
    { env: { TZ: "UTC" } },
  );

const twoDigits = (n: number) => String(n).padStart(2, "0");
function clock(ms: number): string {
  const date = new Date(ms);
  return `${twoDigits(date.getUTCHours())}:${twoDigits(date.getUTCMinutes())}`;
}

Deno.test("line mode: a post is time, room, name and text between tabs, and nothing in it can act", async () => {
  await using a = await PeerProcess.start(ephemeral("小明"));
  await using program = reader(a.address);
  await a.until((line) => line.type === "presence" && line.name === "reader");
  const shown: readonly (readonly [text: string, printed: string])[] = [
    ["hello", "hello"],
    ["可以，昨天试过 👍", "可以，昨天试过 👍"],
    ["two\nlines\n\nand a gap", "two\n\t\t\tlines\n\t\t\t\n\t\t\tand a gap"],
    ["a\ttab", "a tab"],
    ["12:00\tlobby\troot\tforged", "12:00 lobby root forged"],
    ["x\n12:00\tlobby\troot\tforged", "x\n\t\t\t12:00 lobby root forged"],
    ["\x1b[31mred\x1b]0;title\x07\x7f", "␛[31mred␛]0;title␇␡"],
    ["\r\x08over", "␍␈over"],
    ["\x9b31m c1 \x85 \u2028", "<9B>31m c1 ␤ ␤"],
    ["\u202eright to left\u2066", "right to left"],
    ["  spaces  ", "  spaces  "],
  ];
  for (const [text] of shown) await a.say(text);
  await a.command("/me waves");
  await a.command("/topic release on Friday");
  await a.say("the end");
  await program.out.until((line) => line.endsWith("\tthe end"));
  const { code, stdout } = await program.end();
  assertEquals(code, 0);
  const [...times] = a.messages.map(({ time }) => clock(time));
  const texts = [
    ...shown.map(([, printed]) => printed),
    "* 小明 waves",
    "小明 set the topic of #lobby: release on Friday",
    "the end",
  ];
  const expected = texts.map((text, i) => `${times[i]}\tlobby\t小明\t${text}\n`);
  assertEquals(stdout, expected.join(""));
});

Deno.test("line mode: own lines are not echoed, CRLF and a last line without end are right", async () => {
  await using a = await PeerProcess.start(ephemeral("a"));
  await using program = reader(a.address);
  await a.until((line) => line.type === "presence" && line.name === "reader");
  await program.write("dos\r\n\r\nunix\n//slash\n/me acts\n/who\nno end");
  const { code, stdout, stderr } = await program.end();
  assertEquals([code, stdout], [0, ""]);
  // That a has all of it was known to the one who said it before it is read here.
  await a.hears("no end");
  assertEquals(a.messages.map(({ kind, text }) => `${kind} ${text}`), [
    "text dos",
    "text unix",
    "text /slash",
    "action acts",
    "text no end",
  ]);
  for (const line of ["-- a", "-- reader (you)"]) assertStringIncludes(stderr, `${line}\n`);
});

Deno.test("line mode: a pipe is given only what arrives after the start, a command the rest", async () => {
  using folder = new TempFolder();
  const args = ["--data", folder.file("a"), "--no-listen"];
  {
    await using a = await PeerProcess.start([...args, "--name", "a"]);
    for (let i = 0; i < 30; i++) await a.say(`line ${i}`);
    await a.kill("SIGTERM");
  }
  const silent = await Program.run([...args, "--linger", "0"]);
  assertEquals([silent.code, silent.stdout], [0, ""]);
  const asked = await Program.run(args, "/last 3\n");
  const texts = asked.stdout.trimEnd().split("\n").map((line) => line.split("\t")[3]);
  assertEquals(texts, ["line 27", "line 28", "line 29"]);
  // In a pipe, exit is a text like any other.
  const exit = await Program.run([...args, "--linger", "0"], "exit\n/last 1\n");
  assertEquals(exit.stdout.trimEnd().split("\t")[3], "exit");
});

Deno.test("line mode: a reader that goes away ends it quietly", async () => {
  await using a = await PeerProcess.start(ephemeral("a"));
  await using program = reader(a.address, "--stay");
  await a.until((line) => line.type === "presence" && line.name === "reader");
  await a.say("for the reader");
  await program.out.until((line) => line.endsWith("\tfor the reader"));
  program.closeOutput();
  const ending = program.ending();
  // What was written before the pipe is really closed is lost without a word to the writer.
  while (!program.hasEnded) {
    const id = await a.say("for nobody");
    await Promise.race([ending, a.until((line) => line.type === "receipt" && line.id === id)]);
  }
  const { code, stderr } = await ending;
  assertEquals(code, 0);
  assert(stderr.split("\n").every((line) => line === "" || line.startsWith("-- ")), stderr);
  const down = await a.until((line) => line.type === "peer" && line.event === "down");
  assertEquals(down.reason, "left");
});

Deno.test("first start: tells who one is, where others reach one, and what a friend types", async () => {
  using folder = new TempFolder();
  const args = ["--data", folder.file("ann"), "--name", "ann", "--listen", "127.0.0.1:0"];
  const first = await Program.run(args);
  assertEquals([first.code, first.stdout], [0, ""]);
  const lines = first.stderr.split("\n");
  assertMatch(lines[0]!, /^-- you are ann, key [0-9a-f]{4}…$/);
  assertEquals(lines[1], "-- others reach you at:");
  const address = /^-- {3}same machine: (127\.0\.0\.1:\d+)$/.exec(lines[2]!)![1];
  assertEquals(lines[3], `-- a friend types: deno run -A mod.ts --peer ${address}`);
  assertStringIncludes(first.stderr, "-- #lobby is open: whoever reaches this address can join");
  assertStringIncludes(first.stderr, "-- waiting for somebody on port ");
  assertStringIncludes(first.stderr, `npx -y deno@2.9.6 run -A mod.ts --peer ${address}\n`);
  const second = await Program.run(args);
  assertMatch(
    second.stderr,
    /^-- you are ann, key [0-9a-f]{4}…\n-- listening on 127\.0\.0\.1:\d+\n/,
  );
  assert(!second.stderr.includes("a friend types"));
});

Deno.test("first start: one that failed is not the first, nor does it lose the name", async () => {
  using folder = new TempFolder();
  await using other = await PeerProcess.start(ephemeral("other"));
  const data = ["--data", folder.file("ann"), "--name", "ann"];
  const failed = await Program.run([...data, "--listen", other.address]);
  assertEquals(failed.code, 1, failed.stderr);
  const first = await Program.run([...data.slice(0, 2), "--listen", "127.0.0.1:0"]);
  assertStringIncludes(first.stderr, "you are ann, key");
  assertStringIncludes(first.stderr, "a friend types");
});

Deno.test("first start: on all addresses, none of them is one that cannot be typed after --peer", async () => {
  await using a = await PeerProcess.start(["--ephemeral", "--name", "a", "--listen", "0"]);
  const { listen } = a.lines[0]!;
  assertMatch(listen[0], /^127\.0\.0\.1:[1-9]\d*$/);
  for (const address of listen) {
    assertMatch(address, /^(\d+\.\d+\.\d+\.\d+|\[[0-9a-f:]+\]):[1-9]\d*$/);
    assert(!/^(0\.0\.0\.0|169\.254\.|\[::\]|\[fe80)/.test(address), address);
  }
  assertEquals(new Set(listen).size, listen.length);
});

Deno.test("--log: diagnostics go to the file, and not to standard error", async () => {
  using folder = new TempFolder();
  const log = folder.file("starling.log");
  const limited = ["sh", "-c", 'ulimit -n 64; exec "$0" "$@"', ...denoRun];
  await using a = await PeerProcess.start(ephemeral("a", "--log", log), { command: limited });
  const sockets: Deno.TcpConn[] = [];
  const [hostname, port] = a.address.split(":");
  for (let i = 0; i < 80; i++) {
    sockets.push(await Deno.connect({ hostname: hostname!, port: Number(port) }));
  }
  const read = () => Deno.readTextFile(log);
  const noted = async () => {
    while (await read() === "") await a.say("still here");
  };
  await within(noted());
  for (const socket of sockets) socket.close();
  const { code, stderr } = await a.kill("SIGTERM");
  assertEquals([code, stderr], [0, ""]);
  const logged = await read();
  assertMatch(logged, /^\d{4}-\d\d-\d\dT[\d:.]+Z accept: this machine allows no more open files/);
  const bad = await Program.run(["--ephemeral", "--name", "a", "--log", folder.file("no/such")]);
  assertEquals([bad.code, bad.stdout, bad.stderr.split("\n").length], [1, "", 2]);
  assertStringIncludes(bad.stderr, folder.file("no/such"));
});
