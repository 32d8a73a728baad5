/**
 * Writes and fsyncs that fail, made by strace in the middle of a run: what was said to be sent
 * is there, what was refused is not, the peer lives, tells of it, and goes on when it can.
 */

import { assert, assertEquals, assertGreater } from "@std/assert";
import { nodeCrypto } from "../../io/crypto.ts";
import { SqliteStore } from "../../io/store/sqlite_store.ts";
import type { PostId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { type Line, PeerProcess, TempFolder } from "./peer_process.ts";
import { denoRun } from "./program.ts";

/** A way to fail: which call, with which error, from which call to which. */
export interface Fault {
  readonly call: "pwrite64" | "fsync";
  readonly error: "ENOSPC" | "EIO" | "EDQUOT" | "EROFS";
  readonly first: number;
  readonly last: number;
}

/** Texts of one run that must be kept. */
const textsPerRun = 30;

/** Runs a peer with a fault and checks what it has said; gives the number of failed calls. */
export async function withFault({ call, error, first, last }: Fault): Promise<number> {
  using folder = new TempFolder();
  const data = folder.file("ann");
  const database = `${data}/history.db`;
  const args = ["--data", data, "--no-listen", ...folder.limits({ diskProbeMs: 50 })];
  {
    // The folder is made in peace; what follows is about a life with faults.
    await using ann = await PeerProcess.start([...args, "--name", "ann"]);
    await ann.say("before");
    await ann.kill("SIGTERM");
  }
  const log = folder.file("trace");
  const command = [
    ...["strace", "-D", "-f", "--seccomp-bpf", "-o", log, "-P", database, "-P", `${database}-wal`],
    ...["-e", `trace=${call}`, "-e", `inject=${call}:error=${error}:when=${first}..${last}`],
    ...denoRun,
  ];
  const kept = new Set<string>();
  const refused = new Set<string>();
  {
    await using ann = await PeerProcess.start(args, { command });
    let recoveries = 0;
    for (let n = 0; kept.size < textsPerRun; n++) {
      const text = `text ${n};`;
      const { ok, error, data }: Line = await ann.ask({ type: "say", room: "lobby", text });
      if (ok) {
        kept.add(data.id);
        continue;
      }
      assert(/^disk-(full|error)$/.test(error.code), JSON.stringify(error));
      assert(!error.message.includes("\n"));
      refused.add(text);
      await ann.notice("disk-trouble");
      const recovered = () => ann.lines.filter(({ code }) => code === "disk-recovered").length;
      await ann.until(() => recovered() > recoveries);
      recoveries = recovered();
    }
    const shown = await ann.history();
    assertEquals(shown.filter(({ text }) => refused.has(text)), []);
    assertEquals([...kept].filter((id) => !shown.some((line) => line.id === id)), []);
    await ann.kill("SIGKILL");
  }
  const store = SqliteStore.open(database, nodeCrypto(), defaultLimits);
  try {
    assertEquals([...kept].filter((id) => !store.has(id as PostId)), [], "acknowledged and lost");
    const texts = [...store.allPosts()].map(({ post }) => new TextDecoder().decode(post.body));
    const sent = [...refused].filter((text) => texts.some((body) => body.includes(text)));
    assertEquals(sent, [], "refused and kept");
  } finally {
    store.close();
  }
  return (await Deno.readTextFile(log)).split("(INJECTED)").length - 1;
}

/** Faults of all kinds, until so many calls have failed. */
export async function diskFaults(failedMin: number): Promise<void> {
  const calls = ["pwrite64", "fsync", "pwrite64"] as const;
  const errors = ["ENOSPC", "EIO", "EDQUOT", "EROFS"] as const;
  let failed = 0;
  let runs = 0;
  for (; failed < failedMin; runs++) {
    const call = calls[runs % calls.length]!;
    const error = errors[runs % errors.length]!;
    const first = 2 + runs * 7 % 25;
    failed += await withFault({ call, error, first, last: first + runs * 5 % 24 });
    assertGreater(failed, runs, "most faults came too late to hit anything");
  }
  console.log(`${failed} calls failed in ${runs} runs: 0 false acknowledgements, 0 ends`);
}
