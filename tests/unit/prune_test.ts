/** What is removed, in which order, what stays, and what is known of it afterwards. */

import { assert, assertEquals, assertLess } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { openDatabase } from "../../io/store/database_file.ts";
import { Floors } from "../../io/store/floors.ts";
import type { PruneRules } from "../../io/store/prune.ts";
import { SqliteStore } from "../../io/store/sqlite_store.ts";
import { logKey } from "../../peer/log_key.ts";
import type { LogId, PeerId, PostId, RoomId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";
import type { Post } from "../../wire/post.ts";
import { seededCrypto } from "../seeded_crypto.ts";
import { arrivals, Author, count } from "./author.ts";

const crypto = seededCrypto(91);
const alice = new Author(crypto), bob = new Author(crypto), carol = new Author(crypto);
const me = new Author(crypto);
const { room } = alice;
const elsewhere = "cd".repeat(32) as RoomId;
const keepAll = { arrivedBeforeMs: 0, bytesMax: Infinity };

function inStore(body: (store: SqliteStore, db: DatabaseSync) => void): void {
  const db = openDatabase(":memory:");
  const store = new SqliteStore(db, ":memory:", crypto, defaultLimits);
  try {
    body(store, db);
    const check = db.prepare("PRAGMA integrity_check").get()!["integrity_check"];
    assertEquals(check, "ok");
  } finally {
    store.close();
  }
}

/** Prunes to the end; the rooms that were touched. */
function prune(store: SqliteStore, rules: Partial<PruneRules>): RoomId[] {
  const touched = new Set<RoomId>();
  const all = {
    ruleOf: () => keepAll,
    bytesMax: Infinity,
    me: me.peer,
    isKnown: () => false,
    wallMs: 1_000_000,
    ...rules,
  };
  for (const rooms of store.prune(all)) for (const each of rooms) touched.add(each);
  return [...touched];
}

const before = (arrivedBeforeMs: number) => ({ ruleOf: () => ({ ...keepAll, arrivedBeforeMs }) });
const seqs = (store: SqliteStore, author: Author, where = room) =>
  store.range(where, author.peer, author.log, 1, 99_999, 2 ** 30).map(({ seq }) => seq).reverse();
const floorOf = (store: SqliteStore, { peer, log }: Author, where = room) =>
  store.floor(where, logKey(peer, log));
const held = (store: SqliteStore, author: Author) => {
  const found = store.frontier(room).find((entry) => entry.author === author.peer)!;
  return { top: found.top, topId: found.topId, above: found.above };
};

Deno.test("SqliteStore prune removes what arrived before, from the beginning of each log", () => {
  inStore((store) => {
    store.append(arrivals(alice.texts(1, 2, 3)), null, 100);
    store.append(arrivals([...alice.texts(4, 5), ...bob.texts(1, 2)]), null, 200);
    store.append(arrivals([alice.text(1, "there", { room: elsewhere })]), null, 50);
    while (store.index(2) > 0);
    assertEquals(prune(store, before(100)), []);
    assertEquals(prune(store, before(101)), [room]);
    assertEquals(seqs(store, alice), [4, 5]);
    assertEquals(seqs(store, bob), [1, 2]);
    // The newest of each log stays, to refer to.
    assertEquals(seqs(store, alice, elsewhere), [1]);
    assertEquals(floorOf(store, alice), { seq: 3, id: alice.text(3).id, kept: [] });
    assertEquals([floorOf(store, bob), floorOf(store, alice, elsewhere)], [null, null]);
    assertEquals(held(store, alice), { top: 5, topId: alice.text(5).id, above: [] });
    assertEquals([store.has(alice.text(3).id), store.get(alice.text(3).id)], [false, null]);
    assertEquals(store.stored(alice.text(3).id), null);
    assertEquals(store.timeline(room, null, 9).rows.length, 4);
    assertEquals(store.search("post", room, null, 9).rows.length, 4);
    assertEquals(prune(store, before(101)), []);
  });
});

Deno.test("SqliteStore prune counts gaps below the floor as held, and keeps ranges above", () => {
  inStore((store) => {
    store.append(arrivals(alice.texts(1, 2, 5, 6, 9)), null, 100);
    store.append(arrivals(alice.texts(10, 14)), null, 200);
    assertEquals(held(store, alice).above, [[5, 6], [9, 10], [14, 14]]);
    prune(store, before(101));
    assertEquals(seqs(store, alice), [10, 14]);
    assertEquals(floorOf(store, alice)?.seq, 9);
    assertEquals(held(store, alice), { top: 10, topId: alice.text(10).id, above: [[14, 14]] });
    store.append(arrivals(alice.texts(12, 13)), null, 250);
    store.append(arrivals(alice.texts(11)), null, 300);
    assertEquals(held(store, alice), { top: 14, topId: alice.text(14).id, above: [] });
  });
});

Deno.test("SqliteStore prune remembers the id at a floor that is the top", () => {
  inStore((store) => {
    store.append(arrivals(alice.texts(1, 2)), null, 100);
    store.append(arrivals(alice.texts(9)), null, 200);
    prune(store, before(101));
    const { id } = alice.text(2);
    assertEquals(floorOf(store, alice), { seq: 2, id, kept: [] });
    assertEquals(held(store, alice), { top: 2, topId: id, above: [[9, 9]] });
  });
});

Deno.test("SqliteStore prune keeps names, topic, announcements and membership, and tells of them", () => {
  inStore((store, db) => {
    const posts = [
      alice.post(1, { kind: "profile", name: "al" }),
      alice.post(2, { kind: "profile", name: "alice" }),
      alice.post(3, { kind: "topic", text: "old" }),
      alice.post(4, { kind: "topic", text: "new" }),
      alice.post(5, { kind: "announcement", text: "hear", reply: null }),
      alice.text(6),
      alice.text(7, "x", { kind: 7 }),
      alice.text(8),
      alice.post(9, { kind: "topic", text: "back" }),
    ];
    const back = alice.post(10, { kind: "tombstone", target: posts[8]!.id });
    store.append(arrivals([...posts, back]), null, 100);
    store.append(arrivals(alice.texts(11)), null, 200);
    prune(store, before(101));
    assertEquals(seqs(store, alice), [2, 4, 5, 7, 11]);
    const kept = [[2, 2], [4, 5], [7, 7]] as [number, number][];
    assertEquals(floorOf(store, alice), { seq: 10, id: back.id, kept });
    assertEquals(store.profiles(room).length, 1);
    assertEquals(store.topic(room)?.signed, posts[3]!.signed);
    // As another start reads it.
    assertEquals(new Floors(db).of(room, logKey(alice.peer, alice.log)), {
      seq: 10,
      id: back.id,
      kept,
    });
  });
});

Deno.test("SqliteStore prune removes a fork as a whole, and finds what gets the number of a removed row", () => {
  inStore((store) => {
    const forks = ["a", "b"].map((text) => alice.text(2, text));
    store.append(arrivals([alice.text(1), forks[0]!]), null, 100);
    store.append(arrivals([forks[1]!, alice.text(3), bob.text(2)]), null, 200);
    store.append(arrivals([bob.text(1)]), null, 200);
    prune(store, before(101));
    const [low, high] = forks.map(({ id }) => id).sort() as [PostId, PostId];
    assertEquals(seqs(store, alice), [2, 2, 3]);
    prune(store, before(1_000));
    assertEquals(seqs(store, alice), [3]);
    assertEquals([store.has(low), store.has(high)], [false, false]);
    assertEquals(seqs(store, bob), [2]);
    // bob's first came last: its row's number is given to his third, which is found all the same.
    while (store.index(9) > 0);
    store.append(arrivals(bob.texts(3)), null, 2_000);
    assertEquals(store.search("post 3", room, null, 9).rows.length, 2);
    while (store.index(9) > 0);
    assertEquals(store.search("post 3", room, null, 9).rows.length, 2);
    assertEquals(store.get(bob.text(3).id)?.signed, bob.text(3).signed);
  });
});

Deno.test("SqliteStore prune makes a room smaller by the oldest arrivals of all its logs", () => {
  inStore((store) => {
    for (let n = 0; n < 40; n++) {
      const batch = count(n * 25 + 1, n * 25 + 25).flatMap((
        seq,
      ) => [alice.text(seq), bob.text(seq)]);
      store.append(arrivals(batch), null, 1_000 * n);
    }
    const bytes = store.bytesUsed;
    const ruleOf = () => ({ arrivedBeforeMs: 0, bytesMax: bytes / 2 });
    assertEquals(prune(store, { ruleOf, wallMs: 40_000 }), [room]);
    const [ofAlice, ofBob] = [seqs(store, alice), seqs(store, bob)];
    assertEquals(ofAlice, ofBob);
    assert(ofAlice.length > 300 && ofAlice.length < 500, `${ofAlice.length}`);
    assertEquals(ofAlice.at(-1), 1_000);
    assertLess(store.bytesUsed, bytes * 0.6);
  });
});

Deno.test("SqliteStore prune for the whole folder: largest stranger first, known last, own never", () => {
  inStore((store) => {
    const text = "x".repeat(300);
    const of = (author: Author, posts: number) =>
      count(1, posts).map((seq) => author.text(seq, text));
    store.kept.rememberRoom(room, "lobby");
    store.append(arrivals(of(me, 300), "own"), null, 1);
    store.append(arrivals([...of(alice, 300), ...of(bob, 200), ...of(carol, 100)]), null, 2);
    const isKnown = (peer: PeerId) => peer === carol.peer;
    const left = () => [me, alice, bob, carol].map((author) => seqs(store, author).length);
    const total = store.bytesUsed;
    prune(store, { bytesMax: total + 1, isKnown });
    assertEquals(left(), [300, 300, 200, 100]);
    prune(store, { bytesMax: Math.floor(total * 0.95), isKnown });
    const [, large, small, known] = left();
    assert(large! < 300 && large! >= 150 && small === 200 && known === 100, `${left()}`);
    prune(store, { bytesMax: Math.floor(total * 0.7), isKnown });
    assert(Math.abs(left()[1]! - left()[2]!) <= 256 && left()[3] === 100, `${left()}`);
    prune(store, { bytesMax: Math.floor(total * 0.4), isKnown });
    assertEquals(left().slice(0, 3), [300, 0, 0]);
    prune(store, { bytesMax: 1, isKnown });
    assertEquals(left(), [300, 0, 0, 1]);
    assertEquals(prune(store, { bytesMax: 1, isKnown }), []);
  });
});

Deno.test("SqliteStore prune for the whole folder also takes what strangers announce in public rooms", () => {
  inStore((store) => {
    const loud = (seq: number, where: RoomId): Post =>
      bob.post(seq, { kind: "announcement", text: "x".repeat(99), reply: null }, { room: where });
    const posts = count(1, 100).flatMap((seq) => [loud(seq, room), loud(seq, elsewhere)]);
    store.append(arrivals(posts), null, 2);
    store.kept.rememberRoom(room, "lobby");
    prune(store, { bytesMax: 1 });
    assertEquals([seqs(store, bob).length, seqs(store, bob, elsewhere).length], [0, 100]);
  });
});

Deno.test("SqliteStore prune for the whole folder: a key for each post pushes out nobody who is known", () => {
  inStore((store) => {
    store.kept.rememberRoom(room, "lobby");
    store.append(arrivals(alice.texts(...count(1, 300))), null, 1);
    const bytesMax = store.bytesUsed * 2;
    const strangers = count(1, 300).map(() => new Author(crypto));
    const name = "x".repeat(64), text = "x".repeat(5_000);
    for (const each of strangers) {
      store.append(
        arrivals([each.post(1, { kind: "profile", name }), each.text(2, text), each.text(3, text)]),
        null,
        2,
      );
    }
    assert(store.bytesUsed > 4 * bytesMax);
    let pieces = 0;
    const isKnown = (peer: PeerId) => peer === alice.peer;
    const rules = { ruleOf: () => keepAll, bytesMax, me: me.peer, isKnown, wallMs: 1_000_000 };
    for (const _ of store.prune(rules)) pieces++;
    assertEquals(seqs(store, alice).length, 300);
    assertLess(store.bytesUsed, bytesMax);
    assert(pieces > 300, `${pieces} pieces, between which others have their turn`);
    // What is said next goes on from the floor.
    const [oldest] = strangers as [Author];
    assertEquals(seqs(store, oldest), []);
    const { id } = oldest.text(3, text);
    assertEquals(floorOf(store, oldest), { seq: 3, id, kept: [] });
    assertEquals(held(store, oldest), { top: 3, topId: id, above: [] });
    store.append(arrivals(oldest.texts(4)), null, 3);
    assertEquals(held(store, oldest), { top: 4, topId: oldest.text(4).id, above: [] });
  });
});

Deno.test("SqliteStore prune works in pieces between which posts come in", () => {
  inStore((store) => {
    store.append(arrivals(alice.texts(...count(1, 1_000))), null, 100);
    const pieces = store.prune({
      ...before(101),
      bytesMax: Infinity,
      me: me.peer,
      isKnown: () => false,
      wallMs: 1_000,
    });
    let done = 0;
    for (const _ of pieces) {
      done++;
      store.append(
        arrivals([
          alice.text(1_000 + done),
          alice.text(1, `in ${done}`, {
            log: `${done}`.padStart(16, "0") as LogId,
          }),
        ]),
        null,
        200,
      );
    }
    assert(done >= 4, `${done}`);
    assertEquals(seqs(store, alice), count(1_001, 1_000 + done));
  });
});
