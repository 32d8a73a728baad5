/** The lock of a data folder between processes; within one it is in tests/unit/folder_lock_test.ts. */

import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { DataError } from "../../io/data_error.ts";
import { FolderLock } from "../../io/folder_lock.ts";
import { within } from "../within.ts";

async function inFolder(body: (folder: string) => unknown): Promise<void> {
  const folder = Deno.makeTempDirSync();
  try {
    await body(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** Another process that tries to take the lock, says how that went, and keeps it until it ends. */
function otherProcess(folder: string): Deno.ChildProcess {
  const code = `import { FolderLock } from "${import.meta.resolve("../../io/folder_lock.ts")}";
    const lock = FolderLock.tryTake(Deno.args[0]);
    console.log(lock === null ? "refused" : "taken");
    await Deno.stdin.read(new Uint8Array(1));`;
  const config = new URL("../../deno.json", import.meta.url).pathname;
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-check",
      "--config",
      config,
      `data:text/javascript,${encodeURIComponent(code)}`,
      folder,
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
}

async function firstLine(process: Deno.ChildProcess): Promise<string> {
  const reader = process.stdout.getReader();
  const { value } = await within(reader.read());
  reader.releaseLock();
  return new TextDecoder().decode(value).trim();
}

async function end(process: Deno.ChildProcess): Promise<void> {
  process.kill("SIGKILL");
  await Promise.all([process.stdout.cancel(), process.stdin.abort().catch(() => {})]);
  await within(process.status);
}

Deno.test("FolderLock is refused while another process has it, and free once that was killed", async () => {
  await inFolder(async (folder) => {
    const other = otherProcess(folder);
    try {
      assertEquals(await firstLine(other), "taken");
      const error = assertThrows(() => FolderLock.take(folder), DataError);
      assertStringIncludes(error.message, `(process ${other.pid})`);
    } finally {
      await end(other);
    }
    FolderLock.take(folder).release();
  });
});

Deno.test("FolderLock is refused to another process while this one has it", async () => {
  await inFolder(async (folder) => {
    const lock = FolderLock.take(folder);
    const other = otherProcess(folder);
    try {
      assertEquals(await firstLine(other), "refused");
    } finally {
      lock.release();
      await end(other);
    }
  });
});

/** Starts processes one after the other, beside this thread; each shares our files for a moment. */
function startProcesses(count: number): Promise<void> {
  const code = `for (let i = 0; i < ${count}; i++) new Deno.Command("true").outputSync();
    postMessage(null);`;
  const worker = new Worker(`data:text/javascript,${encodeURIComponent(code)}`, { type: "module" });
  return new Promise((resolve, reject) => {
    worker.onmessage = () => {
      worker.terminate();
      resolve();
    };
    worker.onerror = ({ message }) => reject(new Error(message));
  });
}

Deno.test("FolderLock is free at once, also while processes are being started", async () => {
  await inFolder(async (folder) => {
    let going = true;
    const started = startProcesses(100).finally(() => going = false);
    while (going) {
      for (let i = 0; i < 50; i++) FolderLock.take(folder).release();
      await new Promise((resolve) => setTimeout(resolve));
    }
    await within(started);
  });
});
