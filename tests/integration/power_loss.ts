/**
 * Loss of power: folders that the recorded calls of a peer can have left are opened again.
 * Every post that was said to be sent is there, the database is whole, nothing is refused.
 */

import { assert, assertEquals, assertGreater } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { nodeCrypto } from "../../io/crypto.ts";
import { openData } from "../open_data.ts";
import type { PostId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { seededRng } from "../rng.ts";
import { within } from "../within.ts";
import { Disk, type DiskCall, isComplete, readCalls, straceCommand } from "./disk_log.ts";
import { ephemeral, PeerProcess, TempFolder } from "./peer_process.ts";
import { denoRun } from "./program.ts";

/** A peer under strace; what it has done to its folder, once it has ended. */
class Recorded {
  readonly calls: DiskCall[] = [];
  #runs = 0;
  constructor(private readonly folder: TempFolder, private readonly data: string) {}

  /** Runs a peer, ends it in some way, and takes up what it has done. */
  async run(
    args: readonly string[],
    body: (peer: PeerProcess) => Promise<void>,
    ending: "SIGTERM" | "SIGKILL",
  ): Promise<void> {
    const log = this.folder.file(`trace-${this.#runs++}`);
    const command = [...straceCommand, "-o", log, ...denoRun];
    {
      await using peer = await PeerProcess.start(["--data", this.data, ...args], { command });
      await body(peer);
      await peer.kill(ending);
    }
    const ended = async () => {
      // The tracer writes the end down after the peer has gone: that of each thread.
      while (!isComplete(await Deno.readTextFile(log))) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    await within(ended());
    this.calls.push(...readCalls(await Deno.readTextFile(log), this.data));
  }
}

/** What makes the store write in all its ways: synced, not synced, over a checkpoint, recovering. */
async function record(folder: TempFolder, data: string): Promise<DiskCall[]> {
  await using bo = await PeerProcess.start(ephemeral("bo"));
  const recorded = new Recorded(folder, data);
  const args = ["--name", "ann", "--no-listen", "--peer", bo.address];
  let said = 0;
  const talk = async (ann: PeerProcess, texts: number, bytes: number) => {
    for (let n = 0; n < texts; n++) {
      const own = ann.say(`own ${said} ${"x".repeat(n % 5 === 0 ? bytes : 20)}`);
      // What others say is not synced, and stands in the log between what is.
      const other = bo.say(`other ${said++} ${"y".repeat(n % 7 === 0 ? bytes : 20)}`);
      await Promise.all([own, other]);
    }
    await ann.hears(`other ${said - 1} ${"y".repeat((texts - 1) % 7 === 0 ? bytes : 20)}`);
  };
  await recorded.run(args, (ann) => talk(ann, 20, 2_000), "SIGTERM");
  await recorded.run(args, (ann) => talk(ann, 30, 500), "SIGKILL");
  // Enough for the write-ahead log to be written into the database and begun anew.
  await recorded.run(args, (ann) => talk(ann, 250, 16_000), "SIGKILL");
  await recorded.run(args, (ann) => talk(ann, 10, 500), "SIGTERM");
  return recorded.calls;
}

/** The own posts that were said to be sent in some output. */
function acknowledged(text: string): string[] {
  return text.split("\n").flatMap((line) => {
    const [, id] =
      /^\{"type":"result".*"ok":true.*"data":\{"id":"([0-9a-f]{64})"\}\}$/.exec(line) ?? [];
    return id === undefined ? [] : [id];
  });
}

/** Opens a folder as a start does; gives what it must have kept. */
async function check(folder: string, ids: readonly string[]): Promise<void> {
  const crypto = nodeCrypto();
  const data = await openData({ dir: folder, name: "ann" }, crypto, defaultLimits);
  try {
    const lost = ids.filter((id) => !data.store.has(id as PostId));
    assertEquals(lost, [], "acknowledged and lost");
    for (const id of ids) data.store.get(id as PostId);
  } finally {
    data.close();
  }
  const db = new DatabaseSync(`${folder}/history.db`);
  try {
    const { integrity_check: found } = db.prepare("PRAGMA integrity_check").get() as Record<
      string,
      string
    >;
    assertEquals(found, "ok");
  } finally {
    db.close();
  }
}

/**
 * Records a peer, and opens that many folders that a loss of power can have left.
 *
 * @param seed Chooses the moments, and what of the unsynced writes is there.
 */
export async function powerLoss(images: number, seed: number): Promise<void> {
  using folder = new TempFolder();
  const data = folder.file("ann");
  const calls = await record(folder, data);
  const count = (type: DiskCall["type"]) => calls.filter((call) => call.type === type).length;
  const seen = { writes: count("write"), syncs: count("sync"), acknowledged: 0 };
  const rng = seededRng(seed);
  // The moments are spread over all calls; each image takes the disk as it is then.
  const moments = Array.from({ length: images }, () => Math.floor(rng.next() * calls.length))
    .sort((a, b) => a - b);
  const disk = new Disk();
  const ids: string[] = [];
  let output = "";
  let done = 0;
  for (const moment of moments) {
    for (; done <= moment; done++) {
      const call = calls[done]!;
      disk.perform(call);
      if (call.type !== "said") continue;
      output += call.text;
      const whole = output.lastIndexOf("\n") + 1;
      ids.push(...acknowledged(output.slice(0, whole)));
      output = output.slice(whole);
    }
    const image = folder.file(`image-${moment}`);
    await Deno.mkdir(image, { mode: 0o700, recursive: true });
    for (const [name, bytes] of disk.afterPowerLoss(rng)) {
      await Deno.writeFile(`${image}/${name}`, bytes, { mode: 0o600 });
    }
    try {
      await check(image, ids);
    } catch (error) {
      throw new Error(`Seed ${seed}, after call ${moment} of ${calls.length}`, { cause: error });
    }
    await Deno.remove(image, { recursive: true });
    seen.acknowledged = ids.length;
  }
  assertGreater(seen.syncs, 300);
  assertGreater(seen.writes, 1_000);
  assert(seen.acknowledged > 100, `only ${seen.acknowledged} were acknowledged`);
  console.log(`${images} images, seed ${seed}: ${JSON.stringify(seen)}, 0 lost, 0 refused`);
}
