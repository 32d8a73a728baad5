/** Search finds what looking at every post finds, whatever of it the index knows. */

import { assertEquals } from "@std/assert";
import { openDatabase } from "../../io/store/database_file.ts";
import { SqliteStore } from "../../io/store/sqlite_store.ts";
import type { PostId, RoomId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { comparePosts, type Post } from "../../wire/post.ts";
import { seededRng } from "../rng.ts";
import { seededCrypto } from "../seeded_crypto.ts";
import { arrivals, Author, count } from "./author.ts";

const crypto = seededCrypto(81);
const alice = new Author(crypto), bob = new Author(crypto);
const { room } = alice;
const elsewhere = "cd".repeat(32) as RoomId;

function inStore(body: (store: SqliteStore) => void): void {
  const store = SqliteStore.open(":memory:", crypto, defaultLimits);
  try {
    body(store);
  } finally {
    store.close();
  }
}

/** The texts found, and whether there is more; before and after all is indexed. */
function find(
  store: SqliteStore,
  query: string,
  { where = null, before = null, limit = 50 }: {
    where?: RoomId | null;
    before?: PostId | null;
    limit?: number;
  } = {},
): PostId[] {
  const page = store.search(query, where, before, limit);
  while (store.index(100) > 0);
  assertEquals(store.unindexed, 0);
  const indexed = store.search(query, where, before, limit);
  assertEquals(page.rows.map(({ post }) => post.id), indexed.rows.map(({ post }) => post.id));
  assertEquals([page.more, page.unsearched], [indexed.more, 0]);
  return page.rows.map(({ post }) => post.id);
}

const ids = (posts: readonly Post[]) => posts.map(({ id }) => id);

Deno.test("SqliteStore search finds all words of a question, in any order, case, width and script", () => {
  const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ["build", ["does the new build start?", "Building", "reBUILDs"], ["bui ld", "biuld"]],
    ["new build", ["a new build", "build it anew"], ["new", "build"]],
    ["昨天试过", ["可以，昨天试过 👍"], ["昨天，试过", "试过昨天"]],
    ["昨天", ["可以，昨天试过 👍", "昨天", "昨天昨天"], ["昨日", "天昨"]],
    ["天", ["可以，昨天试过 👍", "天", "天天"], ["大"]],
    ["👍", ["可以，昨天试过 👍"], ["👎"]],
    ["👩‍👩‍👧", ["fam 👩‍👩‍👧!"], ["👩👩👧"]],
    ["é", ["cafe\u0301", "Été"], ["cafe"]],
    ["ＡＢＣ", ["abc", "xABCx", "ａｂｃ"], ["ab c"]],
    ['say "hi"', ['they "hi" say'], ["say hi"]],
    ["OR", ["this or that"], ["this and that"]],
    ["%", ["100%", "% is"], ["100"]],
    ["ok go", ["go, ok?"], ["ok", "go"]],
    ["x", ["x"], ["y"]],
    ["ab", ["ab", "cab", "abc"], ["a b", "ba"]],
    ["ΣΊΣΥΦΟΣ", ["σίσυφος"], ["σίσυφο"]],
  ];
  for (const [query, yes, no] of cases) {
    inStore((store) => {
      const found = yes.map((text, index) => alice.text(index + 1, text));
      const others = no.map((text, index) => bob.text(index + 1, text));
      store.append(arrivals([...found, ...others]), null, 5);
      assertEquals(find(store, query), ids(found.toSorted(comparePosts)), query);
    });
  }
});

Deno.test("SqliteStore search gives texts, acts, topics and announcements, and none taken back", () => {
  inStore((store) => {
    const text = alice.text(1, "the needle"), back = alice.text(2, "a needle");
    const act = alice.post(3, { kind: "action", text: "needles", reply: null });
    const topic = alice.post(4, { kind: "topic", text: "needle work" });
    const said = alice.post(5, { kind: "announcement", text: "needle", reply: null });
    const profile = alice.post(6, { kind: "profile", name: "needle" });
    const unknown = alice.post(7, { kind: "text", text: "needle", reply: null }, { kind: 4_711 });
    const tombstone = alice.post(8, { kind: "tombstone", target: back.id });
    const there = bob.text(1, "needle there", { room: elsewhere, time: { ms: 1, counter: 0 } });
    const all = [text, back, act, topic, said, profile, unknown, tombstone, there];
    store.append(arrivals(all), null, 5);
    const inLobby = [text, act, topic, said];
    assertEquals(find(store, "needle"), ids([there, ...inLobby]));
    assertEquals(find(store, "needle", { where: room }), ids(inLobby));
    assertEquals(find(store, "needle", { where: elsewhere }), [there.id]);
    assertEquals(find(store, "needle", { where: "ee".repeat(32) as RoomId }), []);
    assertEquals(find(store, "needle", { before: topic.id }), ids([there, text, act]));
    assertEquals(find(store, "needle", { before: topic.id, limit: 1 }), [act.id]);
    assertEquals(store.search("needle", null, topic.id, 1).more, true);
    assertEquals(find(store, "needle", { before: alice.text(99).id }), []);
    assertEquals(find(store, " \t\n"), []);
  });
});

Deno.test("SqliteStore search says how many posts it has not looked through, and later finds them", () => {
  inStore((store) => {
    const posts = count(1, 2_100).map((seq) => alice.text(seq, seq <= 100 ? "early" : "late"));
    store.append(arrivals(posts), null, 5);
    assertEquals(store.unindexed, 2_100);
    assertEquals(store.search("early", null, null, 9), { rows: [], more: false, unsearched: 100 });
    assertEquals(store.index(60), 60);
    assertEquals(store.search("early", null, null, 9).unsearched, 40);
    assertEquals(store.search("early", null, null, 99).rows.length, 60);
    while (store.index(1_000) === 1_000);
    assertEquals(store.search("early", null, null, 999).rows.length, 100);
  });
});

Deno.test("SqliteStore search agrees with looking at every post: rare, frequent and clustered words", () => {
  const rng = seededRng(17);
  const vocabulary = ["lorem", "ipsum", "好", "你好", "dolor", "sit"];
  inStore((store) => {
    const posts: Post[] = [];
    for (let seq = 1; seq <= 4_000; seq++) {
      const words = count(1, 4).map(() => vocabulary[Math.floor(rng.next() * 6)]!);
      // Frequent long ago, and rare since: neither few candidates nor many among the newest.
      if (seq < 1_500) words.push("ancient");
      if (seq % 501 === 0) words.push("needle");
      posts.push(alice.text(seq, words.join(" "), {
        room: seq % 3 === 0 ? elsewhere : room,
        time: { ms: 1_000_000 + Math.floor(rng.next() * 50) + seq * 10, counter: seq % 2 },
      }));
    }
    for (let at = 0; at < posts.length; at += 500) {
      store.append(arrivals(posts.slice(at, at + 500)), null, 5);
    }
    while (store.index(1_000) === 1_000);
    const sorted = posts.toSorted(comparePosts);
    const textOf = (post: Post) => store.stored(post.id)!.post.body;
    const decoder = new TextDecoder();
    for (
      const query of [
        "lorem",
        "needle",
        "ancient",
        "你好",
        "好",
        "ancient needle",
        "sit dolor",
        "nn",
      ]
    ) {
      for (const where of [null, room, elsewhere]) {
        for (const before of [null, sorted[3_000]!, sorted[1_000]!]) {
          const expected = sorted.filter((post) =>
            (where === null || post.room === where) &&
            (before === null || comparePosts(post, before) < 0) &&
            query.split(" ").every((word) => decoder.decode(textOf(post)).includes(word))
          );
          const page = store.search(query, where, before?.id ?? null, 20);
          assertEquals(page.rows.map(({ post }) => post.id), ids(expected.slice(-20)), query);
          assertEquals(page.more, expected.length > 20, query);
        }
      }
    }
  });
});

Deno.test("SqliteStore index passes over a spoilt row", () => {
  const db = openDatabase(":memory:");
  const store = new SqliteStore(db, ":memory:", crypto, defaultLimits);
  try {
    const [spoilt, whole] = [alice.text(1, "one needle"), alice.text(2, "two needles")];
    store.append(arrivals([spoilt, whole]), null, 5);
    db.prepare("UPDATE post SET signature = ? WHERE seq = 1").run(new Uint8Array(64));
    assertEquals([store.index(9), store.index(9)], [2, 0]);
    assertEquals(find(store, "needle"), [whole.id]);
  } finally {
    store.close();
  }
});
