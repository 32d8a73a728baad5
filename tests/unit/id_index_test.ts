import { assert, assertEquals, assertLess, assertThrows } from "@std/assert";
import type { DatabaseSync } from "node:sqlite";
import { openDatabase } from "../../io/store/database_file.ts";
import { recentIdsMax } from "../../io/store/id_index.ts";
import { SqliteStore } from "../../io/store/sqlite_store.ts";
import { StoreError } from "../../io/store/store_error.ts";
import { defaultLimits } from "../../wire/limits.ts";
import type { Post } from "../../wire/post.ts";
import { seededCrypto } from "../seeded_crypto.ts";
import { arrivals, Author, count } from "./author.ts";

const crypto = seededCrypto(1);
// The store does not look at signatures, and making thousands would take most of the time.
const [alice, bob] = [1, 2].map(() =>
  new Author({ ...crypto, sign: () => new Uint8Array(64) })
) as [
  Author,
  Author,
];

function withConnection(path: string, body: (store: SqliteStore, db: DatabaseSync) => void): void {
  const db = openDatabase(path);
  const store = new SqliteStore(db, path, crypto, defaultLimits);
  try {
    body(store, db);
  } finally {
    store.close();
  }
}

function rows(db: DatabaseSync, table: "post_id" | "recent_id"): number {
  const row = db.prepare(`SELECT count(*) AS count FROM ${table}`).get();
  return (row as unknown as { count: number }).count;
}

function mark(db: DatabaseSync): number {
  const row = db.prepare("SELECT last FROM post_id_mark").get();
  return (row as unknown as { last: number }).last;
}

function lastRow(db: DatabaseSync): number {
  const row = db.prepare("SELECT max(id) AS last FROM post").get();
  return (row as unknown as { last: number }).last;
}

/** Removes what arrived before. */
function prune(store: SqliteStore, arrivedBeforeMs: number): void {
  const rules = {
    ruleOf: () => ({ arrivedBeforeMs, bytesMax: Infinity }),
    bytesMax: Infinity,
    me: alice.peer,
    isKnown: () => false,
    wallMs: 1_000,
  };
  assert([...store.prune(rules)].length > 0);
}

/** Each of the posts is found by its id, and is that post. */
function assertFound(store: SqliteStore, posts: readonly Post[]): void {
  for (const post of posts) {
    assert(store.has(post.id), `post ${post.seq} is not found`);
    assertEquals(store.get(post.id)?.signed, post.signed);
  }
}

/** All that is stored is found, in one of the indexes only. */
function assertWhole(store: SqliteStore, db: DatabaseSync, posts: readonly Post[]): void {
  assertEquals(rows(db, "post_id") + rows(db, "recent_id"), posts.length);
  assertFound(store, posts);
}

Deno.test("IdIndex finds posts in memory, while it merges, on disk and after a start", () => {
  const folder = Deno.makeTempDirSync();
  try {
    const path = `${folder}/history.db`;
    const posts = alice.texts(...count(1, recentIdsMax + 300));
    let stored = recentIdsMax - 1;
    const next = (store: SqliteStore, some: number) => {
      store.append(arrivals(posts.slice(stored, stored + some)), null, 5);
      stored += some;
    };
    withConnection(path, (store, db) => {
      store.append(arrivals(posts.slice(0, stored)), null, 5);
      assertEquals([rows(db, "post_id"), rows(db, "recent_id")], [0, stored]);
      assertFound(store, posts.slice(0, stored));
      assert(!store.has(posts.at(-1)!.id));
    });
    withConnection(path, (store, db) => {
      assertEquals(rows(db, "recent_id"), stored);
      while (rows(db, "post_id") < recentIdsMax / 2) {
        const merged = rows(db, "post_id");
        next(store, 1);
        assertEquals(rows(db, "post_id"), merged + 64);
      }
      assertWhole(store, db, posts.slice(0, stored));
      const merged = rows(db, "post_id");
      next(store, 100);
      assertEquals(rows(db, "post_id"), merged + 400);
    });
    // What was merged is not known yet, and is merged once more.
    withConnection(path, (store, db) => {
      assertEquals(rows(db, "recent_id"), stored);
      assertFound(store, posts.slice(0, stored));
      while (mark(db) === 0) next(store, 1);
      assertFound(store, posts.slice(0, stored));
    });
    withConnection(path, (store, db) => {
      assertLess(rows(db, "recent_id"), recentIdsMax / 2);
      assertFound(store, posts.slice(0, stored));
    });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("IdIndex finds what gets the number of a row that is removed while it merges", () => {
  const folder = Deno.makeTempDirSync();
  try {
    const path = `${folder}/history.db`;
    const posts = alice.texts(...count(1, recentIdsMax + 300));
    const others = bob.texts(...count(1, 101));
    let stored = recentIdsMax - 50;
    withConnection(path, (store, db) => {
      const next = () => store.append(arrivals([posts[stored++]!]), null, 100);
      store.append(arrivals([...posts.slice(0, stored), others[100]!]), null, 100);
      store.append(arrivals(others.slice(0, 100)), null, 5);
      assertEquals(rows(db, "post_id"), 400);
      const last = lastRow(db);
      prune(store, 10);
      assertEquals(lastRow(db), last - 100);
      assertWhole(store, db, [...posts.slice(0, stored), others[100]!]);
      while (mark(db) === 0) next();
      assertFound(store, posts.slice(0, stored));
    });
    withConnection(path, (store, db) => {
      assertLess(rows(db, "recent_id"), recentIdsMax / 2);
      assertFound(store, [...posts.slice(0, stored), others[100]!]);
      assert(!others.slice(0, 100).some(({ id }) => store.has(id)));
    });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("IdIndex is undone with the transaction that fails, also while it merges", () => {
  withConnection(":memory:", (store, db) => {
    const posts = alice.texts(...count(1, recentIdsMax));
    store.append(arrivals(posts.slice(0, 10)), null, 5);
    db.exec(`CREATE TRIGGER full AFTER UPDATE ON post_id_mark
      BEGIN SELECT RAISE (ABORT, 'full'); END`);
    assertThrows(() => store.append(arrivals(posts), null, 5), StoreError);
    assertEquals([rows(db, "post_id"), rows(db, "recent_id")], [0, 10]);
    assertFound(store, posts.slice(0, 10));
    assert(!store.has(posts[10]!.id));
    db.exec("DROP TRIGGER full");
    store.append(arrivals(posts), null, 5);
    assertEquals([rows(db, "post_id"), rows(db, "recent_id")], [recentIdsMax, 0]);
    assertFound(store, posts.slice(0, 20));
  });
});

Deno.test("IdIndex merges later what a transaction that fails had merged", () => {
  withConnection(":memory:", (store, db) => {
    const posts = alice.texts(...count(1, recentIdsMax + 300));
    let stored = recentIdsMax - 1;
    const next = () => {
      store.append(arrivals([posts[stored]!]), null, 5);
      stored++;
    };
    store.append(arrivals(posts.slice(0, stored)), null, 5);
    next();
    db.exec(`CREATE TRIGGER full AFTER INSERT ON post_id BEGIN SELECT RAISE (ABORT, 'full'); END`);
    for (let i = 0; i < 3; i++) assertThrows(next, StoreError);
    db.exec("DROP TRIGGER full");
    assertWhole(store, db, posts.slice(0, stored));
    while (stored < posts.length) next();
    assertWhole(store, db, posts);
  });
});

Deno.test("IdIndex tells apart posts whose ids begin alike", () => {
  withConnection(":memory:", (store, db) => {
    const posts = alice.texts(1, 2, 3);
    store.append(arrivals(posts.slice(0, 2)), null, 5);
    for (const table of ["post_id", "recent_id"]) {
      db.exec(`INSERT OR IGNORE INTO ${table}
        SELECT substr(a.hash, 1, 8), b.id FROM post AS a, post AS b`);
    }
    assertFound(store, posts.slice(0, 2));
    const alike = posts[0]!.id.slice(0, 16) + posts[2]!.id.slice(16) as Post["id"];
    assert(!store.has(alike));
    assertEquals(store.get(alike), null);
    assertEquals(store.stored(alike), null);
  });
});
