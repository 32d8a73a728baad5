import { assertEquals } from "@std/assert";
import { SqliteStore } from "../../io/store/sqlite_store.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { seededCrypto } from "../seeded_crypto.ts";
import { arrivals, Author } from "./author.ts";
import { MemoryStore } from "./memory_store.ts";
import { testStore } from "./store_contract.ts";

testStore("MemoryStore", () => new MemoryStore());

testStore("SqliteStore", () => {
  const store = SqliteStore.open(":memory:", seededCrypto(2), defaultLimits);
  return Object.assign(store, { [Symbol.dispose]: () => store.close() });
});

Deno.test("MemoryStore clone has what a crash leaves, and goes its own way", () => {
  const alice = new Author(seededCrypto(1));
  const store = new MemoryStore();
  store.append(arrivals([alice.text(1)], "own"), alice.log, 5);
  store.append(arrivals([alice.text(2)]), null, 5);
  store.append(arrivals([alice.text(3)]), null, 5);
  assertEquals([store.synced, store.writes], [1, 3]);
  const tops = (of: MemoryStore) => of.frontier(alice.room).map(({ top }) => top);
  const afterCrash = store.clone();
  const afterPowerLoss = store.clone(store.synced);
  afterCrash.append(arrivals([alice.text(4)]), null, 5);
  assertEquals([tops(store), tops(afterCrash), tops(afterPowerLoss)], [[3], [4], [1]]);
  assertEquals(afterPowerLoss.log, alice.log);
});
