import { assertEquals, assertStringIncludes } from "@std/assert";
import { canTrace } from "./disk_log.ts";
import { diskFaults } from "./disk_faults.ts";
import { PeerProcess, TempFolder } from "./peer_process.ts";

const hasStrace = await canTrace();
if (!hasStrace) console.log("failing disks: strace is missing, or may not trace here");

Deno.test("writes and fsyncs that fail: nothing is called sent that is not, and it goes on later", {
  ignore: !hasStrace,
}, () => diskFaults(25));

Deno.test("a history that is removed while it is open: is told, and nothing is called sent", async () => {
  using folder = new TempFolder();
  const data = folder.file("ann");
  const args = ["--data", data, "--no-listen", ...folder.limits({ diskProbeMs: 50 })];
  {
    await using ann = await PeerProcess.start([...args, "--name", "ann"]);
    await ann.say("before");
    Deno.renameSync(`${data}/history.db`, folder.file("moved"));
    const { ok, error } = await ann.ask({ type: "say", room: "lobby", text: "into nothing" });
    assertEquals([ok, error.code], [false, "disk-error"]);
    assertStringIncludes(error.message, "removed or replaced");
    await ann.notice("disk-trouble");
    // Put back it is the same file, and all goes on.
    Deno.renameSync(folder.file("moved"), `${data}/history.db`);
    await ann.notice("disk-recovered");
    await ann.say("after");
    Deno.removeSync(`${data}/history.db`);
    const gone = await ann.ask({ type: "say", room: "lobby", text: "into nothing" });
    assertEquals(gone.ok, false);
    await ann.kill("SIGKILL");
  }
  // What was written last is still beside it: not a fresh start, and not a silent one.
  await using ann = await PeerProcess.start(args);
  await ann.notice("history-damaged");
  assertEquals(Deno.statSync(`${data}/history.db.damaged-wal`).isFile, true);
});
