import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { openDatabase } from "../../io/store/database_file.ts";
import { migrate, schemaVersion, storedVersion } from "../../io/store/schema.ts";
import { SqliteStore } from "../../io/store/sqlite_store.ts";
import { StoreError, type StoreErrorCode } from "../../io/store/store_error.ts";
import type { LogId, PeerId, RoomId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";
import type { Post } from "../../wire/post.ts";
import { seededCrypto } from "../seeded_crypto.ts";
import { arrivals, Author, count } from "./author.ts";

const crypto = seededCrypto(1);
const alice = new Author(crypto);
const { room } = alice;

/** Runs a test with a path for a database in a folder of its own. */
function inFolder(body: (path: string, folder: string) => void): void {
  const folder = Deno.makeTempDirSync();
  try {
    body(`${folder}/history.db`, folder);
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

/** A store together with its connection, so that a test can set it otherwise. */
function withConnection(path: string, body: (store: SqliteStore, db: DatabaseSync) => void): void {
  const db = openDatabase(path);
  const store = new SqliteStore(db, path, crypto, defaultLimits);
  try {
    body(store, db);
  } finally {
    store.close();
  }
}

function assertRefused(code: StoreErrorCode, action: () => unknown): StoreError {
  const error = assertThrows(action, StoreError);
  assertEquals(error.code, code);
  assert(!error.message.includes("\n"));
  return error;
}

/** Opening is refused, names the file, and leaves every file as it was. */
function assertKept(code: StoreErrorCode, path: string): void {
  const folder = path.slice(0, path.lastIndexOf("/"));
  const contents = () =>
    [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) => !name.endsWith("-shm"))
      .sort().map((name) => [name, Deno.readFileSync(`${folder}/${name}`).toHex()]);
  const before = contents();
  const error = assertRefused(code, () => SqliteStore.open(path, crypto, defaultLimits));
  assertStringIncludes(error.message, path);
  const after = contents().filter(([name, hex]) => !(name!.endsWith("-wal") && hex === ""));
  assertEquals(after, before.filter(([name, hex]) => !(name!.endsWith("-wal") && hex === "")));
}

async function unpacked(url: URL): Promise<Uint8Array> {
  const packed = new Blob([await Deno.readFile(url)]).stream();
  return await new Response(packed.pipeThrough(new DecompressionStream("gzip"))).bytes();
}

function tops(store: SqliteStore): number[] {
  return store.frontier(room).map(({ top }) => top);
}

Deno.test("SqliteStore open finds everything again", () => {
  inFolder((path) => {
    const posts = alice.texts(1, 2, 4);
    const tombstone = alice.post(5, { kind: "tombstone", target: posts[1]!.id });
    const before = withStore(path, (store) => {
      store.append(arrivals(posts, "own"), "00000000000000ff" as LogId, 1_000);
      store.append(arrivals([tombstone]), null, 2_000);
      store.kept.rememberRoom(room, "lobby");
      store.kept.rememberAddress("10.0.0.5:9797", alice.peer, 3_000);
      return [store.frontier(room), store.timeline(room, null, 9), store.kept.rooms()];
    });
    withStore(path, (store) => {
      assertEquals(
        [store.frontier(room), store.timeline(room, null, 9), store.kept.rooms()],
        before,
      );
      assertEquals(store.kept.rooms(), [{ id: room, name: "lobby" }]);
      assertEquals(store.kept.meta("log"), "00000000000000ff");
      assertEquals(store.kept.addresses().map(({ address }) => address), ["10.0.0.5:9797"]);
      assertEquals(store.stored(posts[0]!.id)?.arrivedMs, 1_000);
    });
  });
});

Deno.test("SqliteStore open makes files that only their owner can read", () => {
  if (Deno.build.os === "windows") return;
  inFolder((path) => {
    const modes = () =>
      ["", "-wal", "-shm"].map((suffix) => Deno.statSync(path + suffix).mode! & 0o777);
    withStore(path, (store) => {
      store.append(arrivals(alice.texts(1)), null, 5);
      assertEquals(modes(), [0o600, 0o600, 0o600]);
    });
    Deno.chmodSync(path, 0o644);
    withStore(path, (store) => {
      store.append(arrivals(alice.texts(2)), null, 5);
      assertEquals(modes(), [0o600, 0o600, 0o600]);
    });
  });
});

Deno.test("SqliteStore append syncs own posts, new logs and probes, and no others", () => {
  inFolder((path) => {
    withConnection(path, (store, db) => {
      const level = () => db.prepare("PRAGMA synchronous").get()!["synchronous"];
      const [normal, full] = [1, 2];
      assertEquals(db.prepare("PRAGMA journal_mode").get()!["journal_mode"], "wal");
      store.append(arrivals(alice.texts(1)), null, 5);
      assertEquals(level(), normal);
      store.append([...arrivals(alice.texts(2)), ...arrivals(alice.texts(3), "own")], null, 5);
      assertEquals(level(), full);
      store.append(arrivals(alice.texts(4), "history"), null, 5);
      assertEquals(level(), normal);
      store.append([], null, 5);
      assertEquals(level(), full);
      store.append(arrivals(alice.texts(5)), "00000000000000ff" as LogId, 5);
      assertEquals(level(), full);
    });
  });
});

Deno.test("SqliteStore append that finds the disk full leaves nothing behind, and works later", () => {
  inFolder((path) => {
    withConnection(path, (store, db) => {
      store.append(arrivals(alice.texts(1), "own"), alice.log, 5);
      const seen =
        () => [store.frontier(room), store.timeline(room, null, 9), store.kept.meta("log")];
      const before = seen();
      const pages = db.prepare("PRAGMA page_count").get()!["page_count"] as number;
      db.exec(`PRAGMA max_page_count = ${pages + 2}`);
      const large = count(2, 9).map((seq) => alice.text(seq, "x".repeat(16_000)));
      for (const origin of ["own", "live"] as const) {
        const newLog = "00000000000000ff" as LogId;
        assertRefused("disk-full", () => store.append(arrivals(large, origin), newLog, 5));
        assertEquals(seen(), before);
        assertEquals(large.filter(({ id }) => store.has(id)), []);
      }
      assertRefused("disk-full", () => store.append([], null, 5));
      db.exec("PRAGMA max_page_count = 100000");
      store.append([], null, 5);
      store.append(arrivals(large, "own"), null, 5);
      assertEquals(tops(store), [9]);
    });
  });
});

Deno.test("SqliteStore append says of an own post that the file is gone, and does not store it", () => {
  for (const replace of [false, true]) {
    inFolder((path) => {
      withStore(path, (store) => {
        store.append(arrivals(alice.texts(1), "own"), null, 5);
        Deno.removeSync(path);
        if (replace) Deno.writeTextFileSync(path, "something else");
        const refused = assertRefused(
          "disk-error",
          () => store.append(arrivals(alice.texts(2), "own"), null, 5),
        );
        assertStringIncludes(refused.detail, "removed or replaced");
        assertRefused("disk-error", () => store.append([], null, 5));
        assertEquals(tops(store), [1]);
      });
    });
  }
});

Deno.test("SqliteStore open refuses a newer format and keeps the file", () => {
  inFolder((path) => {
    withStore(path, (store) => store.append(arrivals(alice.texts(1)), null, 5));
    const other = new DatabaseSync(path);
    try {
      other.exec(`PRAGMA user_version = ${schemaVersion + 1}`);
      // Only the write-ahead log knows of it yet.
      assertKept("newer", path);
    } finally {
      other.close();
    }
    assertKept("newer", path);
  });
});

Deno.test("SqliteStore open refuses another program's database and keeps it", () => {
  inFolder((path) => {
    const other = new DatabaseSync(path);
    other.exec("PRAGMA application_id = 42; CREATE TABLE post (a); INSERT INTO post VALUES (1)");
    other.close();
    assertKept("foreign", path);
  });
});

Deno.test("SqliteStore open refuses what is no whole database and keeps it", () => {
  inFolder((path) => {
    withStore(path, (store) => store.append(arrivals(alice.texts(...count(1, 200))), null, 5));
    const whole = Deno.readFileSync(path);
    const pageBytes = 4096;
    const cases = {
      empty: new Uint8Array(0),
      "a text": new TextEncoder().encode("not a database at all".repeat(100)),
      "less than a header": whole.slice(0, 60),
      "the first page alone": whole.slice(0, pageBytes),
      "cut off": whole.slice(0, whole.length - 5 * pageBytes),
      "a page of zeros": whole.slice().fill(0, 6 * pageBytes, 7 * pageBytes),
      "no tables": whole.slice().fill(0, 100, pageBytes),
    };
    for (const bytes of Object.values(cases)) {
      Deno.writeFileSync(path, bytes);
      assertKept("damaged", path);
    }
  });
});

Deno.test("SqliteStore open refuses a log without its database", () => {
  inFolder((path) => {
    withStore(path, (store) => {
      store.append(arrivals(alice.texts(1)), null, 5);
      Deno.copyFileSync(`${path}-wal`, `${path}-kept`);
    });
    Deno.removeSync(path);
    Deno.renameSync(`${path}-kept`, `${path}-wal`);
    assertKept("damaged", path);
  });
});

Deno.test("SqliteStore tells damage or reads what was written, whichever bit of the file flips", () => {
  inFolder((path) => {
    const posts = alice.texts(...count(1, 300));
    withStore(path, (store) => store.append(arrivals(posts), null, 5));
    const whole = Deno.readFileSync(path);
    const random = new DataView(seededCrypto(7).randomBytes(8 * 100).buffer);
    let refused = 0;
    for (let index = 0; index < 100; index++) {
      const spoilt = whole.slice();
      const at = random.getUint32(8 * index) % spoilt.length;
      spoilt[at]! ^= 1 << (random.getUint32(8 * index + 4) & 7);
      Deno.writeFileSync(path, spoilt);
      try {
        withStore(path, (store) => {
          for (const { id, signed, signature } of posts) {
            const read = store.get(id);
            if (read !== null) assertEquals(read, { signed, signature });
          }
          store.frontier(room);
          for (const { id } of posts) store.stored(id);
          store.timeline(room, null, 300);
          store.append(arrivals(alice.texts(301), "own"), null, 5);
        });
      } catch (error) {
        assert(error instanceof StoreError, `flip at ${at}: ${error}`);
        refused++;
      }
      for (const suffix of ["-wal", "-shm"]) {
        try {
          Deno.removeSync(path + suffix);
        } catch (error) {
          assert(error instanceof Deno.errors.NotFound);
        }
      }
    }
    assert(refused > 20, `only ${refused} of 100 were noticed`);
  });
});

Deno.test("SqliteStore gives out no post whose bytes have changed on the disk", () => {
  inFolder((path) => {
    const post = alice.text(1);
    withConnection(path, (store, db) => {
      store.append(arrivals([post]), null, 5);
      db.prepare("UPDATE post SET signature = ?").run(new Uint8Array(64));
      assertRefused("damaged", () => store.get(post.id));
      assertRefused("damaged", () => store.range(room, alice.peer, alice.log, 1, 1, 1));
      assertRefused("damaged", () => store.newest(room, 1));
      assertRefused("damaged", () => store.stored(post.id));
      assertRefused("damaged", () => store.timeline(room, null, 1));
      assertRefused("damaged", () => [...store.allPosts()]);
    });
  });
});

Deno.test("SqliteStore allPosts gives every post once in the order of arrival, also while others come", () => {
  withStore(":memory:", (store) => {
    const posts = alice.texts(...count(600, 1));
    store.append(arrivals(posts.slice(0, 500)), null, 5);
    const given: Post[] = [];
    for (const { post } of store.allPosts()) {
      if (given.push(post) === 10) store.append(arrivals(posts.slice(500)), null, 6);
    }
    assertEquals(given.map(({ seq }) => seq), count(600, 1));
  });
});

Deno.test("SqliteStore addresses keeps the live ones up to the limit, with what became of them", () => {
  const limits = { ...defaultLimits, addressBookMax: 3 };
  const store = SqliteStore.open(":memory:", crypto, limits);
  const [ann, ben] = ["aa".repeat(32) as PeerId, "bb".repeat(32) as PeerId];
  const addresses = () => store.kept.addresses().map(({ address }) => address);
  for (const [index, address] of ["a:1", "b:1", "c:1", "d:1"].entries()) {
    store.kept.rememberAddress(address, ann, index);
  }
  assertEquals(addresses(), ["d:1", "a:1", "c:1"], "one is known longest, two answered last");
  store.kept.rememberAddress("a:1", ben, 9);
  const once = { peer: ann, successes: 1, failures: 0 };
  const a = { address: "a:1", peer: ben, firstMs: 0, succeededMs: 9, successes: 2, failures: 0 };
  const d = { ...once, address: "d:1", firstMs: 3, succeededMs: 3 };
  const c = { ...once, address: "c:1", firstMs: 2, succeededMs: 2 };
  assertEquals(store.kept.addresses(), [a, d, c]);
  for (const address of ["a:1", "d:1", "a:1", "never:1"]) store.kept.failedAddress(address);
  assertEquals(store.kept.addresses(), [c, { ...a, failures: 2 }, { ...d, failures: 1 }]);
  store.kept.rememberAddress("e:1", ann, 1);
  assertEquals(addresses(), ["c:1", "a:1", "e:1"], "of the newer ones most failures go first");
  store.kept.rememberAddress("a:1", ann, 10);
  assertEquals(store.kept.addresses()[0], { ...a, peer: ann, succeededMs: 10, successes: 3 });
  store.kept.forgetAddress("a:1");
  store.kept.forgetAddress("never:1");
  assertEquals(addresses(), ["c:1", "e:1"]);
  store.close();
});

Deno.test("SqliteStore addresses: a machine that answers under ever new keys pushes no friend out", () => {
  const store = SqliteStore.open(":memory:", crypto, defaultLimits);
  const peerOf = (n: number) => n.toString(16).padStart(64, "0") as PeerId;
  const friends = count(1, 4).map((n) => `10.0.0.${n}:9797`);
  for (const [n, address] of friends.entries()) store.kept.rememberAddress(address, peerOf(n), n);
  store.kept.failedAddress(friends[0]!);
  // Two a minute, for eight hours.
  for (const n of count(1, 1_000)) {
    store.kept.rememberAddress(`203.0.113.1:${10_000 + n}`, peerOf(10 + n), 60_000 + n * 30_000);
  }
  const book = store.kept.addresses();
  assertEquals(book.length, defaultLimits.addressBookMax);
  const dialled = book.slice(0, defaultLimits.linksKept).map(({ address }) => address);
  assertEquals(dialled.filter((address) => friends.includes(address)), friends);
  // Who has not answered in so long makes room.
  for (const _ of count(1, 64)) store.kept.failedAddress(friends[0]!);
  store.kept.rememberAddress("203.0.113.2:1", peerOf(9), 400_000_000);
  const left = store.kept.addresses().map(({ address }) => address);
  assertEquals(friends.filter((address) => left.includes(address)), friends.slice(1));
  store.close();
});

Deno.test("SqliteStore rooms names those that were joined, and knows others by their posts", () => {
  withStore(":memory:", (store) => {
    const other = "cd".repeat(32) as RoomId;
    store.append(arrivals([alice.text(1), alice.text(1, "there", { room: other })]), null, 5);
    store.kept.rememberRoom(room, "lobby");
    store.kept.rememberRoom(room, "lobby");
    assertEquals(store.kept.rooms(), [{ id: room, name: "lobby" }, { id: other, name: null }]);
  });
});

Deno.test("SqliteStore markRead moves forward only, and unread counts what others said since", () => {
  inFolder((path) => {
    const bob = new Author(crypto);
    const [first, second, third] = bob.texts(1, 2, 3) as [Post, Post, Post];
    const own = alice.text(4), there = bob.text(9, "there", { room: "cd".repeat(32) as RoomId });
    withStore(path, (store) => {
      assertEquals(store.readUpTo(room), null);
      assertEquals(store.unread(room, alice.peer, 9), 0);
      store.append(arrivals([first, second, third, own, there]), null, 5);
      assertEquals(store.readUpTo(room), null);
      assertEquals(store.unread(room, alice.peer, 9), 3);
      assertEquals(store.unread(room, alice.peer, 2), 1, "the own one is among the newest two");
      assertEquals(store.markRead(room, second.id), true);
      assertEquals(store.markRead(room, first.id), false);
      assertEquals(store.markRead(room, there.id), null);
      assertEquals(store.markRead(room, bob.text(77).id), null);
    });
    withStore(path, (store) => {
      assertEquals(store.readUpTo(room), second.id);
      assertEquals(store.unread(room, alice.peer, 9), 1);
      assertEquals(store.markRead(room, own.id), true);
      assertEquals(store.unread(room, alice.peer, 9), 0);
      const gone = bob.text(5), last = bob.text(6);
      const tombstone = bob.post(7, { kind: "tombstone", target: gone.id });
      store.append(arrivals([gone, last, tombstone]), null, 5);
      assertEquals(store.unread(room, alice.peer, 9), 1);
    });
  });
});

Deno.test("SqliteStore unread leaves out who is blocked, and costs little where nothing was read", () => {
  inFolder((path) => {
    const bob = new Author(crypto);
    const texts = bob.texts(...Array.from({ length: 3_000 }, (_, i) => i + 1));
    withConnection(path, (store, db) => {
      store.append(arrivals(texts), null, 5);
      const person = { accepted: false, verified: false, verifiedName: null, petname: null };
      store.correspondence.rememberPerson(bob.peer, { ...person, blocked: true });
      assertEquals(store.unread(room, alice.peer, 1_000), 0);
      store.correspondence.rememberPerson(bob.peer, { ...person, blocked: false });
      assertEquals(store.unread(room, alice.peer, 1_000), 1_000);
      // Counted again only when something has changed: without the table it still answers.
      db.exec("ALTER TABLE read_marker RENAME TO elsewhere");
      assertEquals(store.unread(room, alice.peer, 1_000), 1_000);
      assertThrows(() => store.unread(room, alice.peer, 999));
    });
  });
});

Deno.test("SqliteStore settings are found again, byte for byte, until they are forgotten", () => {
  inFolder((path) => {
    const values = { a: "", "draft:~00": "x\0y\n\uFEFF", "\uFEFFb\0": "你好" };
    withStore(path, (store) => {
      assertEquals(store.kept.setting("a"), null);
      for (const [key, value] of Object.entries(values)) store.kept.saveSetting(key, value);
      store.kept.saveSetting("gone", "x");
      store.kept.saveSetting("gone", null);
    });
    withStore(path, (store) => {
      for (const [key, value] of Object.entries(values)) {
        assertEquals(store.kept.setting(key), value);
      }
      assertEquals(store.kept.setting("gone"), null);
      assertEquals(store.kept.settingsBytesBeside("a"), 9 + 7 + 5 + 6);
      store.kept.saveSetting("a", "other");
      assertEquals(store.kept.setting("a"), "other");
    });
  });
});

Deno.test("migrate brings the database of version 1 up to date, with all that was in it", async () => {
  const old = await unpacked(new URL("../vectors/data/history_v1.db.gz", import.meta.url));
  const author = seededCrypto(41);
  const [ann, bob] = [new Author(author), new Author(author)];
  inFolder((path) => {
    Deno.writeFileSync(path, old);
    for (const _start of ["migrated", "as it is"]) {
      withStore(path, (store) => {
        const held = store.frontier(room).map(({ author, top, above }) => ({ author, top, above }));
        const ranges: [number, number][] = [[7, 9]];
        assertEquals(held.toSorted((a, b) => b.top - a.top), [
          { author: ann.peer, top: 40, above: [] },
          { author: bob.peer, top: 3, above: ranges },
        ]);
        assertEquals([...store.allPosts()].length, 46);
        assertEquals(store.stored(bob.text(2).id)?.withdrawn, true);
        assertEquals(store.kept.meta("log"), ann.log);
        assertEquals(store.kept.rooms(), [{ id: room, name: "lobby" }]);
        assertEquals(store.kept.addresses().map(({ address }) => address), ["10.0.0.5:9797"]);
        // What was there before there were markers is not news.
        const newest = store.timeline(room, null, 1).rows[0]!.post.id;
        assertEquals([store.readUpTo(room), store.unread(room, ann.peer, 9)], [newest, 0]);
        assertEquals(store.search("昨天", room, null, 99).rows.length, 39);
        while (store.index(10) > 0);
        assertEquals(store.search("昨天", room, null, 99).rows.length, 39);
      });
    }
    withStore(path, (store) => store.append(arrivals([ann.text(41)], "own"), null, 5));
  });
});

Deno.test("migrate leaves a database as it was if a rung fails", () => {
  const db = new DatabaseSync(":memory:");
  migrate(db, 1);
  db.exec("CREATE TABLE setting (in_the_way)");
  assertThrows(() => migrate(db), Error, "already exists");
  assertEquals([storedVersion(db), db.isTransaction], [1, false]);
  assertThrows(() => db.prepare("SELECT * FROM read_marker"), Error, "no such table");
  db.exec("DROP TABLE setting");
  migrate(db);
  assertEquals(storedVersion(db), schemaVersion);
  db.close();
});

Deno.test("migrate brings an empty database to the present version, once", () => {
  const db = new DatabaseSync(":memory:");
  assertEquals(storedVersion(db), 0);
  migrate(db);
  migrate(db);
  assertEquals(storedVersion(db), schemaVersion);
  db.close();
});
