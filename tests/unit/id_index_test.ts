import { assert, assertEquals, assertThrows } from "@std/assert";
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
const alice = new Author({ ...crypto, sign: () => new Uint8Array(64) });

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

/** Each of the posts is found by its id, and is that post. */
function assertFound(store: SqliteStore, posts: readonly Post[]): void {
  for (const post of posts) {
    assert(store.has(post.id), `post ${post.seq} is not found`);
    assertEquals(store.get(post.id)?.signed, post.signed);
  }
}

Deno.test("IdIndex finds posts in memory, on disk and after a start", () => {
  const folder = Deno.makeTempDirSync();
  try {
    const path = `${folder}/history.db`;
    const posts = alice.texts(...count(1, recentIdsMax + 10));
    const sample = posts.filter(({ seq }) => seq % 100 === 1 || seq > recentIdsMax - 10);
    withConnection(path, (store, db) => {
      store.append(arrivals(posts.slice(0, recentIdsMax - 1)), null, 5);
      assertEquals([rows(db, "post_id"), rows(db, "recent_id")], [0, recentIdsMax - 1]);
      assertFound(store, sample.filter(({ seq }) => seq < recentIdsMax));
      assert(!store.has(posts.at(-1)!.id));
    });
    withConnection(path, (store, db) => {
      assertEquals(rows(db, "recent_id"), recentIdsMax - 1);
      store.append(arrivals(posts.slice(0, recentIdsMax)), null, 5);
      assertEquals([rows(db, "post_id"), rows(db, "recent_id")], [recentIdsMax, 0]);
      store.append(arrivals(posts), null, 5);
      assertEquals([rows(db, "post_id"), rows(db, "recent_id")], [recentIdsMax, 10]);
      assertFound(store, sample);
    });
    withConnection(path, (store, db) => {
      assertEquals([rows(db, "post_id"), rows(db, "recent_id")], [recentIdsMax, 10]);
      assertFound(store, sample);
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
