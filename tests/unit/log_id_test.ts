import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { filePlace, isSameFile, type OpenedLog, openLog } from "../../io/log_id.ts";
import { SqliteStore } from "../../io/store/sqlite_store.ts";
import type { LogId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { seededCrypto } from "../seeded_crypto.ts";
import { arrivals, Author } from "./author.ts";

const crypto = seededCrypto(4);

function inFolder(body: (folder: string) => void): void {
  const folder = Deno.makeTempDirSync();
  try {
    body(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function withStore<T>(path: string, body: (store: SqliteStore) => T): T {
  const store = SqliteStore.open(path, crypto, defaultLimits);
  try {
    return body(store);
  } finally {
    store.close();
  }
}

function open(path: string): OpenedLog {
  return withStore(path, (store) => openLog(store, filePlace(path), crypto));
}

Deno.test("openLog draws 8 random bytes once, and keeps them at each start", () => {
  inFolder((folder) => {
    const first = open(`${folder}/a`);
    assertMatch(first.log, /^[0-9a-f]{16}$/);
    assertEquals(first.newLogReason, null);
    assertEquals(open(`${folder}/a`), first);
    assertNotEquals(open(`${folder}/b`).log, first.log);
  });
});

Deno.test("openLog draws a new one for a copy, once, and leaves the original its own", () => {
  inFolder((folder) => {
    const original = open(`${folder}/a`);
    Deno.copyFileSync(`${folder}/a`, `${folder}/b`);
    const copy = open(`${folder}/b`);
    assertNotEquals(copy.log, original.log);
    assertEquals(copy.newLogReason, "copied");
    assertEquals(open(`${folder}/b`), { ...copy, newLogReason: null });
    assertEquals(open(`${folder}/a`), original);
  });
});

Deno.test("openLog keeps the log of a database that was moved", () => {
  inFolder((folder) => {
    const before = open(`${folder}/a`);
    Deno.mkdirSync(`${folder}/sub`);
    Deno.renameSync(`${folder}/a`, `${folder}/sub/b`);
    assertEquals(open(`${folder}/sub/b`), before);
  });
});

Deno.test("openLog keeps a log that the engine has changed to", () => {
  inFolder((folder) => {
    const alice = new Author(crypto);
    open(`${folder}/a`);
    const log = "00000000000000ff" as LogId;
    withStore(`${folder}/a`, (store) => {
      store.append(arrivals([alice.text(1, "first", { log })], "own"), log, 5);
    });
    assertEquals(open(`${folder}/a`), { log, newLogReason: null });
  });
});

Deno.test("openLog in memory draws one of its own each time", () => {
  const inMemory = () => withStore(":memory:", (store) => openLog(store, null, crypto));
  assertEquals(inMemory().newLogReason, null);
  assertNotEquals(inMemory().log, inMemory().log);
});

Deno.test("isSameFile goes by inode and birth; by the device only where the birth is unknown", () => {
  const file = { dev: 1, ino: 7, bornMs: 1_000 };
  assertEquals(isSameFile(file, { ...file }), true);
  assertEquals(isSameFile(file, { ...file, ino: 8 }), false);
  assertEquals(isSameFile(file, { ...file, bornMs: 1_001 }), false);
  assertEquals(isSameFile(file, { ...file, dev: 2 }), true);
  const unborn = { ...file, bornMs: null };
  assertEquals(isSameFile(file, unborn), true);
  assertEquals(isSameFile(unborn, { ...unborn, dev: 2 }), false);
  assertEquals(isSameFile(null, file), false);
  assertEquals(isSameFile(null, null), true);
});
