/** The program under the permissions that the README's service gives it, and what it touches. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ephemeral, PeerProcess, TempFolder } from "./peer_process.ts";
import { Program } from "./program.ts";

/** As in the unit of the README: the network, the data folder, and the machine's addresses. */
function narrow(data: string): string[] {
  return [
    ...[Deno.execPath(), "run", "--quiet", "--no-prompt", "--frozen", "--allow-net=127.0.0.1"],
    ...[`--allow-read=${data}`, `--allow-write=${data}`, "--allow-sys=networkInterfaces"],
    "mod.ts",
  ];
}

interface Access {
  readonly permission: string;
  readonly value: string;
}

Deno.test("permissions: a narrow set is enough, and nothing outside of it is even tried", async () => {
  using folder = new TempFolder();
  const data = folder.file("a");
  const audit = folder.file("audit.jsonl");
  await using b = await PeerProcess.start(ephemeral("b"));
  const options = { command: narrow(data), env: { DENO_AUDIT_PERMISSIONS: audit } };
  const args = ["--data", data, "--name", "a", "--listen", "127.0.0.1:0", "--peer", b.address];
  for (let start = 0; start < 2; start++) {
    await using a = await PeerProcess.start(args, options);
    await Promise.all([a.linkedTo(b.id), b.linkedTo(a.id)]);
    await a.say(`said at start ${start}`);
    await b.hears(`said at start ${start}`);
    await b.say(`answer ${start}`);
    await a.hears(`answer ${start}`);
    const lines = ["/help", "/who", "/peers", "/nick aa", "/topic x", "/me waves", "/listen 0"];
    for (const line of [...lines, `/export ${data}/${start}.ndjson`]) await a.command(line);
    assertEquals((await a.kill("SIGTERM")).code, 0);
  }
  const accesses = (await Deno.readTextFile(audit)).trim().split("\n")
    .map((line) => JSON.parse(line) as Access);
  assert(accesses.length > 20);
  const unexpected = accesses.filter(({ permission, value }) => {
    switch (permission) {
      case "read":
      case "write":
        return value !== data && !value.startsWith(`${data}/`);
      case "net":
        return value !== b.address && value !== "127.0.0.1:0";
      case "sys":
        return value !== "networkInterfaces";
      case "env":
        // Asked only where permitted, which here is none of them.
        return true;
      default:
        return true;
    }
  });
  assertEquals(unexpected.map(({ permission, value }) => `${permission} ${value}`), []);
});

Deno.test("permissions: what is missing is one line and exit code 1, never a question", async () => {
  using folder = new TempFolder();
  const data = folder.file("a");
  const args = ["--ui", "json", "--name", "a", "--data", folder.file("elsewhere"), "--no-listen"];
  const { code, stdout, stderr } = await Program.run(args, "", { command: narrow(data) });
  assertEquals([code, stdout], [1, ""], stderr);
  const [line = "", ...rest] = stderr.split("\n");
  assertEquals(rest, [""], stderr);
  assertStringIncludes(line, folder.file("elsewhere"));
});

Deno.test("permissions: a peer that may not dial says so, and goes on", async () => {
  using folder = new TempFolder();
  const data = folder.file("a");
  await using b = await PeerProcess.start(ephemeral("b"));
  const command = narrow(data).map((arg) => arg === "--allow-net=127.0.0.1" ? "--deny-net" : arg);
  const args = ["--data", data, "--name", "a", "--no-listen", "--peer", b.address];
  await using a = await PeerProcess.start(args, { command });
  const { text } = await a.notice("dial-failed");
  assertStringIncludes(text, "not allowed by this program's permissions");
  await a.say("to myself");
  assertEquals(a.count("to myself"), 1);
});
