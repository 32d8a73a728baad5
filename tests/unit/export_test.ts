/** An export holds every post of every kind, byte for byte, and an import brings all of it back. */

import { assertEquals } from "@std/assert";
import { exportPosts } from "../../io/export.ts";
import { importPosts } from "../../io/import.ts";
import { SqliteStore } from "../../io/store/sqlite_store.ts";
import type { LogId, RoomId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { type Post, postKind } from "../../wire/post.ts";
import { decodeBody } from "../../wire/post_body.ts";
import { nodeCrypto } from "../../io/crypto.ts";
import { arrivals, Author, count } from "./author.ts";

const crypto = nodeCrypto();
const [ann, bob] = [new Author(crypto), new Author(crypto)];
const knowledge = {
  nameOf: () => "somebody",
  read: (post: Post) => {
    try {
      return decodeBody(post.kind, post.body);
    } catch {
      return null;
    }
  },
};
const elsewhere = "cd".repeat(32) as RoomId;

/** A post of every kind that there is a number for, and of one that nobody knows. */
function everyKind(): Post[] {
  const kinds = [...Object.values(postKind), 4_711, 65_535];
  // To whoever does not know a kind its body is bytes; to whoever knows it these are none.
  const opaque = kinds.map((kind, index) =>
    ann.text(index + 1, "x", { kind, body: Uint8Array.from(count(0, 40)) })
  );
  const next = kinds.length + 1;
  const target = ann.text(next + 4, "taken back");
  return [
    ...opaque,
    ann.post(next, { kind: "profile", name: "änn \u202e" }),
    ann.post(next + 1, { kind: "topic", text: "" }),
    ann.post(next + 2, { kind: "action", text: "waves\r\n\t\u0000?", reply: opaque[0]!.id }),
    ann.post(next + 3, { kind: "announcement", text: "👩‍👩‍👧 \u001b[31m", reply: null }),
    ann.post(next + 5, { kind: "tombstone", target: target.id }),
    target,
    ann.text(next + 6, "one branch"),
    ann.text(next + 6, "another branch"),
    ann.text(1, "there", { room: elsewhere, log: "00000000000000aa" as LogId }),
    bob.text(7, "x".repeat(16_384)),
    bob.text(Number.MAX_SAFE_INTEGER, "far", { time: { ms: 2 ** 48 - 1, counter: 65_535 } }),
  ];
}

Deno.test("exportPosts() and importPosts() carry every kind of post, byte for byte, both ways", async () => {
  const folder = Deno.makeTempDirSync();
  const stores = count(1, 2).map(() => SqliteStore.open(":memory:", crypto, defaultLimits));
  const [from, to] = stores as [SqliteStore, SqliteStore];
  try {
    const posts = everyKind();
    from.append(arrivals(posts), null, 5);
    from.kept.rememberRoom(ann.room, "lobby");
    const files = ["a", "b"].map((name) => `${folder}/${name}.ndjson`) as [string, string];
    assertEquals(await exportPosts(files[0], from, knowledge), posts.length);
    const target = {
      crypto,
      store: to,
      take: (some: readonly Post[]) =>
        Promise.resolve(to.append(arrivals([...some], "history"), null, 9)),
    };
    assertEquals(await importPosts(files[0], target), {
      added: posts.length,
      known: 0,
      refused: 0,
    });
    assertEquals(await importPosts(files[0], target), {
      added: 0,
      known: posts.length,
      refused: 0,
    });
    for (const post of posts) assertEquals(to.stored(post.id)?.post, post);
    for (const room of [ann.room, elsewhere]) {
      assertEquals(to.frontier(room), from.frontier(room));
      const withdrawn = (store: SqliteStore) =>
        store.timeline(room, null, 99).rows.map((row) => [row.post.id, row.withdrawn]);
      assertEquals(withdrawn(to), withdrawn(from));
    }
    // What was taken in is given out again as it was, in the same order.
    to.kept.rememberRoom(ann.room, "lobby");
    await exportPosts(files[1], to, knowledge);
    assertEquals(await Deno.readTextFile(files[1]), await Deno.readTextFile(files[0]));
  } finally {
    for (const store of stores) store.close();
    Deno.removeSync(folder, { recursive: true });
  }
});
