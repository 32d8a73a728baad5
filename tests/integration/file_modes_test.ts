/** What lies on the disk can be read by its owner only, whatever the umask of the shell. */

import { assertEquals } from "@std/assert";
import { PeerProcess, TempFolder } from "./peer_process.ts";
import { denoRun } from "./program.ts";

const modeOf = (path: string) => (Deno.statSync(path).mode! & 0o7777).toString(8);

for (const umask of ["000", "022", "077"]) {
  Deno.test(`file modes under umask ${umask}: folder 0700, every file 0600, while it runs and after`, async () => {
    using temp = new TempFolder();
    const data = temp.file("deep/ann");
    const command = ["sh", "-c", `umask ${umask}; exec "$0" "$@"`, ...denoRun];
    const log = temp.file("ann.log");
    const args = ["--data", data, "--name", "ann", "--no-listen", "--log", log];
    await using ann = await PeerProcess.start(args, { command });
    for (let i = 0; i < 20; i++) await ann.say(`${i} ${"x".repeat(10_000)}`);
    await ann.command(`/nick 安娜`);
    await ann.command(`/export ${temp.file("export.ndjson")}`);
    const modes = () =>
      Object.fromEntries(
        [...Deno.readDirSync(data)].map(({ name }) => [name, modeOf(`${data}/${name}`)]),
      );
    const kept = { "history.db": "600", identity: "600", lock: "600", name: "600" };
    assertEquals(modes(), { ...kept, "history.db-shm": "600", "history.db-wal": "600" });
    assertEquals(modeOf(data), "700");
    assertEquals([modeOf(log), modeOf(temp.file("export.ndjson"))], ["600", "600"]);
    assertEquals((await ann.kill("SIGTERM")).code, 0);
    assertEquals(modes(), kept);
  });
}
