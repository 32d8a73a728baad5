/**
 * A disk that takes nothing more, played by the system's limit on the size of files: nothing
 * is called sent, the person is told, and all goes on when there is room again.
 */

import { assert, assertEquals } from "@std/assert";
import { allMeet, ephemeral, type Line, PeerProcess, TempFolder } from "./peer_process.ts";
import { denoRun } from "./program.ts";

const hasPrlimit = await new Deno.Command("prlimit", { args: ["--version"], stdout: "null" })
  .output().then(({ success }) => success, () => false);

Deno.test("a full disk: refuses what is said, keeps what is there, and recovers", {
  ignore: !hasPrlimit,
}, async () => {
  using folder = new TempFolder();
  const limits = folder.limits({ diskProbeMs: 200 });
  // 400 blocks of 512 bytes, as a soft limit that can be lifted while it runs.
  const script = `trap "" XFSZ; ulimit -S -f 400; exec "$0" "$@"`;
  const args = ["--data", folder.file("a"), "--name", "a", "--listen", "127.0.0.1:0", ...limits];
  await using a = await PeerProcess.start(args, { command: ["sh", "-c", script, ...denoRun] });
  await using b = await PeerProcess.start(ephemeral("b", "--peer", a.address));
  await allMeet(a, b);
  const kept: string[] = [];
  let refused: Line | null = null;
  for (let i = 0; refused === null && i < 200; i++) {
    const text = `${i} ${"x".repeat(5_000)}`;
    const { ok, error, data } = await a.ask({ type: "say", room: "lobby", text });
    if (ok) kept.push(data.id);
    else refused = error;
  }
  assert(/^disk-(full|error)$/.test(refused!.code), JSON.stringify(refused));
  await a.notice("disk-trouble");
  assert(kept.length > 0);
  const again = await a.ask({ type: "say", room: "lobby", text: "still no room" });
  assertEquals(again.ok, false);
  // What others say stays with them; the link and the questions go on.
  const ofB = await b.say("said while a's disk was full");
  assertEquals((await a.history()).map(({ id }) => id), kept);
  assertEquals(a.lines.filter(({ event }) => event === "down"), []);
  const { success } = await new Deno.Command("prlimit", {
    args: ["--fsize=unlimited", "--pid", String(a.pid)],
  }).output();
  assert(success);
  await a.notice("disk-recovered");
  await a.hears("said while a's disk was full");
  const last = await a.say("room again");
  await b.hears("room again");
  // What the link did not take at once comes as history, behind what is said later.
  await Promise.all(kept.map((id) => b.until((line) => line.type === "message" && line.id === id)));
  const ids = async (peer: PeerProcess) => (await peer.history()).map(({ id }) => id);
  assertEquals(await ids(a), [...kept, ofB, last]);
  assertEquals(await ids(b), [...kept, ofB, last]);
  assertEquals(b.messages.length, kept.length + 2);
  assertEquals((await a.kill("SIGTERM")).code, 0);
});
