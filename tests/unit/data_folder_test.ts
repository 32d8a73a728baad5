import {
  assert,
  assertEquals,
  assertNotEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import type { DataFolder, DataOptions } from "../../io/data_folder.ts";
import { DataError, type DataErrorCode } from "../../io/data_error.ts";
import { createIdentity } from "../../io/identity.ts";
import { noteDamage } from "../../io/store/rescue.ts";
import { StoreError } from "../../io/store/store_error.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { openData } from "../open_data.ts";
import { seededCrypto } from "../seeded_crypto.ts";
import { arrivals, Author } from "./author.ts";

const crypto = seededCrypto(5);
const modesExist = Deno.build.os !== "windows";

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync();
  try {
    await body(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

async function visit<T>(
  options: DataOptions,
  body: (data: DataFolder) => T | Promise<T>,
): Promise<T> {
  const data = await openData(options, crypto, defaultLimits);
  try {
    return await body(data);
  } finally {
    data.close();
  }
}

async function assertRefused(code: DataErrorCode, options: DataOptions): Promise<DataError> {
  const error = await assertRejects(() => openData(options, crypto, defaultLimits), DataError);
  assertEquals(error.code, code, error.message);
  assert(!error.message.includes("\n"));
  return error;
}

Deno.test("openData makes what is missing and finds it all again", async () => {
  await inFolder(async (folder) => {
    const dir = `${folder}/data`;
    const alice = new Author(crypto);
    const first = await visit({ dir, name: "ann" }, (data) => {
      assertEquals([data.fresh, data.profile, data.folder], [true, null, dir]);
      data.store.append(arrivals([alice.text(1)], "own"), null, 5);
      data.store.kept.rememberRoom(alice.room, "lobby");
      return data;
    });
    await visit({ dir }, (data) => {
      assertEquals([data.fresh, data.name, data.newLogReason], [false, "ann", null]);
      assertEquals([data.identity, data.log], [first.identity, first.log]);
      assertEquals(data.store.frontier(alice.room)[0]?.top, 1);
      assertEquals(data.lacksModes, !modesExist);
      data.rememberName("anna");
    });
    assertEquals(await visit({ dir }, ({ name }) => name), "anna");
    assertEquals(await visit({ dir, name: "ben" }, ({ name }) => name), "ben");
    assertEquals(await visit({ dir }, ({ name }) => name), "ben");
  });
});

Deno.test("openData makes folders and files for their owner only", async () => {
  if (!modesExist) return;
  await inFolder(async (folder) => {
    const empty = `${folder}/empty`;
    Deno.mkdirSync(empty);
    Deno.chmodSync(empty, 0o777);
    for (const dir of [`${folder}/new`, empty]) {
      await visit({ dir, name: "ann" }, (data) => {
        data.store.append([], null, 5);
        assertEquals(Deno.statSync(dir).mode! & 0o777, 0o700);
        const names = [...Deno.readDirSync(dir)].map(({ name }) => name).sort();
        const database = ["history.db", "history.db-shm", "history.db-wal"];
        assertEquals(names, [...database, "identity", "lock", "name"]);
        for (const name of names) {
          assertEquals(Deno.statSync(`${dir}/${name}`).mode! & 0o777, 0o600);
        }
      });
    }
  });
});

Deno.test("openData refuses a folder that is in use, until it is closed", async () => {
  await inFolder(async (dir) => {
    await visit({ dir }, async (data) => {
      assertStringIncludes((await assertRefused("in-use", { dir })).message, dir);
      data.close();
      await visit({ dir }, () => {});
    });
  });
});

Deno.test("openData gives two starts without a name two people", async () => {
  await inFolder(async (home) => {
    await visit({ home }, async (first) => {
      await visit({ home }, (second) => {
        assertEquals([first.profile, second.profile], ["default", "2"]);
        assertNotEquals(first.identity.peer, second.identity.peer);
      });
      await visit({ home, profile: "work" }, (named) => assertEquals(named.profile, "work"));
    });
    assertEquals(await visit({ home, name: "ann" }, ({ profile }) => profile), "3");
    assertEquals(await visit({ home, name: "ann" }, ({ profile, name }) => [profile, name]), [
      "3",
      "ann",
    ]);
  });
});

Deno.test("openData in memory keeps nothing and is somebody new each time", async () => {
  const peers = await Promise.all(
    [1, 2].map(() =>
      visit({ ephemeral: true, name: "ann" }, (data) => {
        assertEquals([data.name, data.folder, data.profile, data.fresh], ["ann", null, null, true]);
        data.rememberName("anna");
        return data.identity.peer;
      })
    ),
  );
  assertNotEquals(peers[0], peers[1]);
});

Deno.test("openData takes in an identity where nobody is, and never in place of another", async () => {
  await inFolder(async (folder) => {
    const identity = await createIdentity(crypto);
    const dir = `${folder}/moved`;
    for (let start = 0; start < 2; start++) {
      await visit({ dir, identity }, (data) => assertEquals(data.identity, identity));
    }
    await visit({ dir: `${folder}/other` }, () => {});
    const error = await assertRefused("key-exists", { dir: `${folder}/other`, identity });
    assertStringIncludes(error.message, "somebody else");
    await visit({ home: `${folder}/home` }, () => {});
    await visit({ home: `${folder}/home`, identity }, (data) => {
      assertEquals([data.profile, data.identity], ["2", identity]);
    });
  });
});

Deno.test("openData does not take in an identity that is another profile's already", async () => {
  await inFolder(async (home) => {
    const identity = await createIdentity(crypto);
    await visit({ home }, () => {});
    await visit({ home, identity }, ({ profile }) => assertEquals(profile, "2"));
    for (const options of [{ home, identity }, { home, identity, profile: "work" }]) {
      const error = await assertRefused("key-exists", options);
      assertStringIncludes(error.message, "you are already here as profile 2");
    }
    await visit({ home, identity, profile: "2" }, (data) => assertEquals(data.identity, identity));
    assertEquals([...Deno.readDirSync(home)].map(({ name }) => name).sort(), ["2", "default"]);
  });
});

Deno.test("openData is fresh until a room has been opened: a start that fails does not count", async () => {
  await inFolder(async (dir) => {
    for (let start = 0; start < 2; start++) {
      await visit({ dir, name: "ann" }, ({ fresh }) => assert(fresh));
    }
    await visit({ dir }, ({ store }) => store.kept.rememberRoom(new Author(crypto).room, "lobby"));
    await visit({ dir }, ({ fresh }) => assert(!fresh));
  });
});

Deno.test("openData takes a new log in a copied folder, and the same key", async () => {
  await inFolder(async (folder) => {
    const original = await visit({ dir: `${folder}/a` }, (data) => data);
    Deno.mkdirSync(`${folder}/b`, { mode: 0o700 });
    for (const name of ["identity", "history.db"]) {
      Deno.copyFileSync(`${folder}/a/${name}`, `${folder}/b/${name}`);
    }
    await visit({ dir: `${folder}/b` }, (copy) => {
      assertEquals([copy.newLogReason, copy.identity], ["copied", original.identity]);
      assertNotEquals(copy.log, original.log);
    });
  });
});

Deno.test("openData says in one line what is wrong with a folder, frees it and keeps its files", async () => {
  await inFolder(async (folder) => {
    const dir = `${folder}/data`;
    const [key, database] = [`${dir}/identity`, `${dir}/history.db`];
    const spoil = async (code: DataErrorCode, path: string, change: () => void) => {
      await visit({ dir }, () => {});
      change();
      const bytes = Deno.readFileSync(path);
      for (let start = 0; start < 2; start++) {
        assertStringIncludes((await assertRefused(code, { dir })).message, path);
      }
      assertEquals(Deno.readFileSync(path), bytes);
      Deno.removeSync(dir, { recursive: true });
    };
    await spoil("key-damaged", key, () => Deno.writeTextFileSync(key, "?", { append: true }));
    if (modesExist) await spoil("open-to-others", key, () => Deno.chmodSync(key, 0o644));
    await spoil("database-newer", database, () => {
      const db = new DatabaseSync(database);
      db.exec("PRAGMA user_version = 999");
      db.close();
    });
    await spoil("database-foreign", database, () => {
      Deno.removeSync(database);
      const db = new DatabaseSync(database);
      db.exec("CREATE TABLE post (a)");
      db.close();
    });
  });
});

Deno.test("openData keeps a damaged database under another name, saves what it can, and says so", async () => {
  await inFolder(async (dir) => {
    const database = `${dir}/history.db`;
    const author = new Author(crypto);
    const before = await visit({ dir }, (data) => {
      data.store.append(arrivals(author.texts(1, 2, 3)), null, 5);
      data.store.kept.rememberRoom(author.room, "lobby");
      data.store.kept.saveSetting("a", "b");
      return data;
    });
    // What nobody else could give back: keys, letters in the clear, what was decided of people.
    const beside = `SELECT hex(secret) AS a, (SELECT hex(content) FROM letter) AS b,
      (SELECT petname FROM person) AS c, (SELECT room.name FROM letter JOIN room
        ON room.id = letter.room) AS d, (SELECT count(*) FROM read_marker) AS e FROM sealing_key`;
    const seen: Record<string, unknown> = { a: "02", b: "BEEF", c: "al", d: "lobby", e: 1 };
    const sql = (statement: string) => {
      const db = new DatabaseSync(database);
      try {
        return db.prepare(statement).get();
      } finally {
        db.close();
      }
    };
    sql("INSERT INTO room (key, name) VALUES (x'00', 'spoilt')");
    sql("UPDATE room SET id = id + 50");
    sql("UPDATE log SET room = room + 50");
    sql("UPDATE post SET room = room + 50");
    sql("INSERT INTO sealing_key VALUES (x'01', x'02', 3, 4)");
    sql("INSERT INTO person VALUES (zeroblob(32), 1, 0, 0, 'al', NULL)");
    sql(
      `INSERT INTO letter SELECT zeroblob(32), id, zeroblob(32), zeroblob(32), 1, 2, 3, 4, x'beef' FROM room
      WHERE name = 'lobby'`,
    );
    sql("INSERT INTO read_marker SELECT id, 1, 2, zeroblob(32) FROM room WHERE name = 'lobby'");
    assertEquals({ ...sql(beside) }, seen);
    // As after a page was found damaged while running, in a file too large to be checked.
    noteDamage(new StoreError("damaged", database, "a page"));
    noteDamage(new StoreError("disk-full", `${database}-other`, "no room"));
    const asides: (string | undefined)[] = [];
    for (const posts of [3, 0]) {
      await visit({ dir }, (data) => {
        assertEquals(data.rescue?.posts, posts);
        asides.push(data.rescue?.aside);
        assertEquals(data.identity, before.identity);
        assertNotEquals(data.log, before.log);
        assertEquals(data.store.newest(author.room, 9).length, posts);
        assertEquals(data.store.kept.setting("a"), posts === 3 ? "b" : null);
        assertEquals(data.fresh, posts !== 3);
      });
      if (posts === 3) assertEquals({ ...sql(beside) }, seen);
      await visit({ dir }, (data) => assertEquals(data.rescue, null));
      Deno.truncateSync(database);
    }
    assertEquals(asides, ["history.db.damaged", "history.db.damaged-2"]);
    const names = [...Deno.readDirSync(dir)].map(({ name }) => name).sort();
    assertEquals(names, ["history.db", ...asides, "identity", "lock"]);
  });
});

Deno.test("openData does not become somebody new where there is history without a key", async () => {
  await inFolder(async (dir) => {
    const { identity } = await visit({ dir }, (data) => data);
    Deno.removeSync(`${dir}/identity`);
    await assertRefused("key-missing", { dir });
    await visit({ dir, identity }, (data) => assertEquals(data.identity, identity));
  });
});

Deno.test("openData starts anew where a start was cut off after the key", async () => {
  await inFolder(async (dir) => {
    const { identity } = await visit({ dir }, (data) => data);
    Deno.removeSync(`${dir}/history.db`);
    Deno.writeTextFileSync(`${dir}/history.db.new`, "half a databa");
    await visit({ dir }, (data) => assertEquals(data.identity, identity));
  });
});

Deno.test("openData refuses a folder that cannot be, or that others can change", async () => {
  await inFolder(async (folder) => {
    Deno.writeTextFileSync(`${folder}/file`, "");
    await assertRefused("unusable", { dir: `${folder}/file` });
    await assertRefused("profile-name", { home: folder, profile: "../up" });
    if (!modesExist) return;
    Deno.chmodSync(folder, 0o777);
    const { message } = await assertRefused("open-to-others", { dir: folder });
    assertStringIncludes(message, "mode 0777");
  });
});
