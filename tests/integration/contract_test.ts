/**
 * The command line and the NDJSON interface as programs rely on them: names and order of the
 * fields, answers, exit codes; and that a reader which stops costs no memory.
 */

import { assert, assertEquals, assertLess, assertMatch } from "@std/assert";
import { within } from "../within.ts";
import { allMeet, ephemeral, type Line, PeerProcess, TempFolder } from "./peer_process.ts";
import { denoRun, Program } from "./program.ts";

/** The names of a line's fields, in their order. */
const fields = (line: Line | undefined) => Object.keys(line ?? {}).join(" ");

const messageFields = "v type id kind room from name text time seq origin private reply";

Deno.test("NDJSON: every line has the fields of the contract, in its order", async () => {
  await using ann = await PeerProcess.start(ephemeral("ann"));
  await using bo = await PeerProcess.start(ephemeral("bo", "--peer", ann.address));
  await allMeet(ann, bo);
  assertEquals(fields(ann.lines[0]), "v type peer name listen web");
  assertEquals([ann.lines[0]!.v, ann.lines[0]!.web], [1, null]);
  assertMatch(ann.id, /^[0-9a-f]{64}$/);

  const up = await bo.linkedTo(ann.id);
  assertEquals(fields(up), "type event peer address direction reason");
  assertEquals([up.address, up.direction, up.reason], [ann.address, "out", null]);
  assertEquals((await ann.linkedTo(bo.id)).direction, "in");
  assertEquals(fields(await ann.meets(bo.id)), "type event room from name");

  const said = await ann.ask({ type: "say", room: "lobby", text: "hello" });
  assertEquals(fields(said), "type ref ok error data");
  assertEquals([said.ok, said.error, fields(said.data)], [true, null, "id"]);
  const own = await ann.hears("hello");
  assertEquals(fields(own), messageFields);
  const { v, kind, room, from, name, origin, reply } = own;
  assertEquals([v, kind, room, from, name, origin, own.private, reply], [
    ...[1, "text", "lobby", ann.id, "ann", "own", false, null],
  ]);
  assert(Math.abs(own.time - Date.now()) < 60_000 && Number.isInteger(own.time));
  const heard = await bo.hears("hello");
  assertEquals([heard.id, heard.origin, heard.seq], [said.data.id, "live", own.seq]);
  assertEquals(ann.count("hello"), 1, "an own post comes back once");
  const receipt = await ann.until((line) => line.type === "receipt" && line.id === own.id);
  assertEquals(fields(receipt), "type id room have members");
  assertEquals([receipt.have, receipt.members], [1, 1]);

  await ann.command(`/delete`);
  const taken = await bo.until((line) => line.type === "withdrawn");
  assertEquals([fields(taken), taken.id], ["type id room from", own.id]);
  await ann.command("/nick anna");
  assertEquals(fields(await bo.notice("renamed")), "type code text room");

  const who = await ann.get({ type: "who", room: "lobby" });
  assertEquals(who.map(fields), ["from name self away", "from name self away"]);
  const peers = await ann.get({ type: "peers" });
  const peerFields = "peer name address direction state rttMs lastError nextTryMs";
  assertEquals(peers.map(fields), [peerFields]);
  const history = await ann.get({ type: "history", room: "lobby" });
  assertEquals(fields(history), "messages more");
  assertEquals(fields(history.messages[0]), `${messageFields} withdrawn`);
  assertEquals(fields(await ann.get({ type: "command", line: "/rooms" })), "lines");
  await ann.write("nonsense\n");
  const error = await ann.until((line) => line.type === "error");
  assertEquals([fields(error), error.code], ["type code message line", "bad-json"]);
  const refused = await ann.ask({ type: "say", room: "lobby", text: " " });
  assertEquals([refused.ok, fields(refused.error), refused.data], [false, "code message", null]);
  assertEquals(refused.error.code, "text-empty");

  await bo.get({ type: "quit" });
  const down = await ann.until((line) => line.type === "peer" && line.event === "down");
  assertEquals([fields(down), down.reason], ["type event peer address direction reason", "left"]);
  const left = await ann.until((line) => line.type === "presence" && line.event === "leave");
  assertEquals([left.from, left.name], [bo.id, "bo"]);
  assertEquals((await bo.end()).code, 0);
});

Deno.test("NDJSON: in Chinese the sentences differ, and no field and no code", async () => {
  const lines = async (lang: string) => {
    const input = [
      "nonsense",
      '{"ref":1,"type":"say","room":"x","text":"y"}',
      '{"ref":2,"type":"sya"}',
    ];
    const args = ["--ui", "json", "--ephemeral", "--no-listen", "--name", "ann", "--lang", lang];
    const { code, stdout, stderr } = await Program.run(args, input.join("\n"));
    assertEquals([code, stderr], [0, ""]);
    return stdout.trimEnd().split("\n").slice(1).map((line) => JSON.parse(line));
  };
  const [english, chinese] = [await lines("en"), await lines("zh")];
  const codes = (all: Line[]) => all.map((line) => line.code ?? line.error.code);
  assertEquals(codes(chinese), ["bad-json", "not-joined", "bad-command"]);
  assertEquals(codes(chinese), codes(english));
  assertEquals(chinese.map(fields), english.map(fields));
  for (const line of chinese) assertMatch(line.message ?? line.error.message, /\p{Script=Han}/u);
});

Deno.test("--no-listen, --listen: ready names what can be typed after --peer, loopback first", async () => {
  await using none = await PeerProcess.start(["--ephemeral", "--name", "a", "--no-listen"]);
  assertEquals(none.lines[0]!.listen, []);
  await using one = await PeerProcess.start(ephemeral("b"));
  assertEquals(one.lines[0]!.listen.length, 1);
  assertMatch(one.address, /^127\.0\.0\.1:[1-9]\d*$/);
});

Deno.test("a usage error: starts nothing and leaves nothing behind", async () => {
  using folder = new TempFolder();
  const data = folder.file("data");
  const { code, stdout, stderr } = await Program.run(["--data", data, "--linger", "soon"]);
  assertEquals([code, stdout], [2, ""]);
  assertEquals(stderr, '--linger "soon": must be seconds from 0 to 86400, as in 5 or 0.5\n');
  assertEquals([...Deno.readDirSync(folder.path)], []);
});

const hasScript = await new Deno.Command("script", { args: ["--version"], stdout: "null" })
  .output().then(({ success }) => success, () => false);

Deno.test("TERM=dumb: a terminal without cursor gets line mode, all commands and no sequence", {
  ignore: !hasScript,
}, async () => {
  const args = [...denoRun, "--ephemeral", "--no-listen", "--name", "ann"].join(" ");
  const env = { TERM: "dumb", NO_COLOR: "" };
  await using ann = new Program([], {
    command: ["script", "-qefc", `exec ${args}`, "/dev/null"],
    env,
  });
  const sees = (text: string) => ann.out.until((line) => line.replace(/\r$/, "") === text);
  await sees("-- end of history --");
  await ann.write("/rooms\n/clear\n/set theme ascii\n/lang zh\n/who\n/quit\n");
  await sees("-- * #lobby: 1 person");
  await sees("-- ann（你）");
  const { code, stdout } = await ann.ending();
  assertEquals(code, 0);
  // deno-lint-ignore no-control-regex -- sequences are what it looks for
  assert(!/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/.test(stdout), JSON.stringify(stdout));
});

const hasProc = Deno.build.os === "linux";

/** Resident memory of a process, in MiB. */
function residentMib(pid: number): number {
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(Deno.readTextFileSync(`/proc/${pid}/status`))!;
  return Number(kib) / 1_024;
}

/** Reads what a process writes only when it is told to. */
class StandingReader implements AsyncDisposable {
  readonly child: Deno.ChildProcess;

  constructor(args: readonly string[]) {
    const [command = "", ...rest] = denoRun;
    this.child = new Deno.Command(command, {
      args: [...rest, "--ui", "json", ...args],
      cwd: new URL("../../", import.meta.url).pathname,
      env: { LC_ALL: "C" },
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
  }

  /** Lines from now on, until `enough` says so. */
  async read(enough: (line: Line) => boolean): Promise<Line[]> {
    const lines: Line[] = [];
    let rest = "";
    for await (const text of this.child.stdout.pipeThrough(new TextDecoderStream())) {
      const pieces = (rest + text).split("\n");
      rest = pieces.pop() ?? "";
      for (const piece of pieces) {
        const line = JSON.parse(piece);
        lines.push(line);
        if (enough(line)) return lines;
      }
    }
    return lines;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.child.stdin.close().catch(() => {});
    try {
      this.child.kill("SIGKILL");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
    await this.child.stdout.cancel().catch(() => {});
    await this.child.status;
  }
}

Deno.test("a reader of standard output that stops: memory does not grow, and nothing is lost", {
  ignore: !hasProc,
}, async () => {
  const posts = 6_000;
  const filling = "x".repeat(4_000);
  await using ann = await PeerProcess.start(ephemeral("ann"));
  await using bo = new StandingReader(
    ["--ephemeral", "--name", "bo", "--no-listen", "--peer", ann.address],
  );
  await ann.until((line) => line.type === "presence" && line.name === "bo");
  const before = residentMib(bo.child.pid);
  // 24 MB, of which a pipe holds 64 KiB.
  const lines = Array.from(
    { length: posts },
    (_, i) => JSON.stringify({ type: "say", room: "lobby", text: `${i} ${filling}` }),
  );
  await ann.write(lines.join("\n") + "\n");
  await ann.hears(`${posts - 1} ${filling}`, 60_000);
  // All that is asked of ann is answered behind the texts; bo has had as much time to take them.
  for (let i = 0; i < 20; i++) await ann.get({ type: "who", room: "lobby" });
  const grown = residentMib(bo.child.pid) - before;
  assertLess(grown, 120, `${before} MiB before, ${grown} more`);
  let missing = posts;
  const all = await within(bo.read((line) => line.type === "message" && --missing === 0));
  const shown = all.filter(({ type }) => type === "message").map(({ text }) => parseInt(text));
  assertEquals(new Set(shown).size, posts, "each is shown, and none twice");
});
