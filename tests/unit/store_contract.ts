/**
 * What every store of posts must do: one test body, run over the memory store and over the
 * SQLite store (store_test.ts).
 */

import { assert, assertEquals } from "@std/assert";
import type { PostStore } from "../../io/store/store.ts";
import type { Arrival } from "../../peer/action.ts";
import type { Letter } from "../../peer/letter.ts";
import type { LogId, PeerId, PostId, RoomId } from "../../wire/ids.ts";
import { comparePosts, type Post, postKind, type SignedPost } from "../../wire/post.ts";
import type { Words } from "../../wire/sealed.ts";
import { publicRoomId } from "../../wire/text.ts";
import { seededCrypto } from "../seeded_crypto.ts";
import { arrivals, Author, count, testEpochMs } from "./author.ts";

/** A post as the engine's port gives it. */
function envelopes(posts: readonly Post[]): SignedPost[] {
  return posts.map(({ signed, signature }) => ({ signed, signature }));
}

function sizeOf({ signed, signature }: SignedPost): number {
  return signed.length + signature.length;
}

/**
 * Runs the contract.
 *
 * @param name The class that is tested.
 * @param open Opens an empty store; it is disposed of at the end of each test.
 */
export function testStore(name: string, open: () => PostStore & Partial<Disposable>): void {
  const crypto = seededCrypto(1);
  const alice = new Author(crypto), bob = new Author(crypto);
  const { room } = alice;
  const elsewhere = publicRoomId("elsewhere", crypto);

  const test = (sentence: string, body: (store: PostStore) => void) => {
    Deno.test(`${name} ${sentence}`, () => {
      const store = open();
      try {
        body(store);
      } finally {
        store[Symbol.dispose]?.();
      }
    });
  };
  const ids = (posts: readonly { readonly id: PostId }[]) => posts.map(({ id }) => id);
  const page = (store: PostStore, before: PostId | null, limit: number) => {
    const { rows, more } = store.timeline(room, before, limit);
    return { ids: ids(rows.map(({ post }) => post)), more };
  };

  test("knows nothing at first", (store) => {
    const post = alice.text(1);
    assertEquals(store.has(post.id), false);
    assertEquals(store.get(post.id), null);
    assertEquals(store.stored(post.id), null);
    assertEquals(store.range(room, alice.peer, alice.log, 1, 9, 9_999), []);
    assertEquals(store.frontier(room), []);
    assertEquals(store.newest(room, 9), []);
    assertEquals(store.profiles(room), []);
    assertEquals(store.topic(room), null);
    assertEquals(store.lastTime(alice.peer), null);
    assertEquals(store.timeline(room, null, 9), { rows: [], more: false });
    assertEquals(store.correspondence.letter(post.id), null);
    assertEquals(store.correspondence.letters(alice.peer, null, 9), { rows: [], more: false });
    assertEquals(store.correspondence.correspondents(9), []);
    assertEquals(store.receipts(room), { words: [], holders: [] });
  });

  test("keeps who holds what of a room that it knows, newer in place of older", (store) => {
    const word = (author: Author, ms: number) => {
      const time = { ms, counter: 0 };
      const [signed, signature] = [Uint8Array.of(ms), Uint8Array.of(ms + 1)];
      return { room, author: author.peer, time, held: [], signed, signature };
    };
    const kept = (author: Author, ms: number) => {
      const { signed, signature } = word(author, ms);
      return { signed, signature };
    };
    const held = (peer: PeerId, ...ranges: [number, number][]) => ({
      log: alice.log,
      peer,
      ranges,
    });
    const inOrder = ({ words, holders }: ReturnType<PostStore["receipts"]>) => ({
      words: words.toSorted((a, b) => a.signed[0]! - b.signed[0]!),
      holders: holders.toSorted((a, b) => a.peer < b.peer ? -1 : 1),
    });
    const none = { words: [], gone: [], holders: [] };
    store.keepReceipts(room, { ...none, words: [word(bob, 1)] });
    assertEquals(store.receipts(room), { words: [], holders: [] }, "nothing is known of it yet");
    store.append(arrivals([alice.text(1)]), null, 5);
    store.keepReceipts(room, {
      words: [word(alice, 1), word(bob, 2)],
      gone: [],
      holders: [held(alice.peer, [1, 1]), held(bob.peer, [1, 2], [5, 9])],
    });
    store.keepReceipts(room, { ...none, words: [word(bob, 3)], holders: [held(bob.peer, [1, 9])] });
    assertEquals(inOrder(store.receipts(room)), {
      words: [kept(alice, 1), kept(bob, 3)],
      holders: [held(alice.peer, [1, 1]), held(bob.peer, [1, 9])].toSorted((a, b) =>
        a.peer < b.peer ? -1 : 1
      ),
    });
    assertEquals(store.receipts(elsewhere), { words: [], holders: [] });
    store.keepReceipts(room, { words: [], gone: [alice.peer], holders: [held(bob.peer)] });
    assertEquals(store.receipts(room), {
      words: [kept(bob, 3)],
      holders: [held(alice.peer, [1, 1])],
    });
  });

  test("gives back every byte of a post, NUL and a view into a larger array included", (store) => {
    const post = alice.post(1, { kind: "text", text: "", reply: null }, {
      kind: 4_711,
      body: Uint8Array.from(count(0, 255)),
    });
    const larger = new Uint8Array(post.signed.length + 20).fill(7);
    larger.set(post.signed, 10);
    const signed = larger.subarray(10, 10 + post.signed.length);
    store.append(arrivals([{ ...post, signed }]), null, 5);
    assertEquals(store.get(post.id), { signed: post.signed, signature: post.signature });
    assertEquals(store.stored(post.id)?.post, post);
  });

  test("keeps the largest post and the largest numbers", (store) => {
    const post = alice.text(Number.MAX_SAFE_INTEGER, "x".repeat(16_384), {
      time: { ms: 2 ** 48 - 1, counter: 65_535 },
    });
    store.append(arrivals([post]), null, 5);
    assertEquals(store.stored(post.id)?.post, post);
    const { seq } = post;
    assertEquals(store.frontier(room)[0]?.above, [[seq, seq]]);
    assertEquals(store.lastTime(alice.peer), post.time);
    assertEquals(page(store, null, 9), { ids: [post.id], more: false });
    assertEquals(store.range(room, alice.peer, alice.log, seq, seq, 1).length, 1);
  });

  test("keeps when and how a post came first", (store) => {
    const posts = alice.texts(1, 2, 3);
    store.append(
      [
        { post: posts[0]!, origin: "own" },
        { post: posts[1]!, origin: "live" },
        { post: posts[2]!, origin: "history" },
      ],
      null,
      1_000,
    );
    store.append(arrivals(posts), null, 2_000);
    assertEquals(posts.map(({ id }) => store.stored(id)), [
      { post: posts[0]!, origin: "own", arrivedMs: 1_000, withdrawn: false },
      { post: posts[1]!, origin: "live", arrivedMs: 1_000, withdrawn: false },
      { post: posts[2]!, origin: "history", arrivedMs: 1_000, withdrawn: false },
    ]);
  });

  test("takes a post once, also twice in one batch", (store) => {
    const posts = alice.texts(1, 2, 1, 2, 1);
    store.append(arrivals(posts), null, 5);
    store.append(arrivals(posts), null, 5);
    assertEquals(store.newest(room, 9), envelopes(alice.texts(2, 1)));
    assertEquals(store.frontier(room)[0]?.top, 2);
  });

  test("takes nothing at all, and a new log alone", (store) => {
    store.append([], null, 5);
    store.append([], alice.log, 5);
    store.append(arrivals([alice.text(1)], "own"), bob.log, 5);
    assertEquals(store.newest(room, 9).length, 1);
  });

  test("frontier gives the top, its id, and the ranges above, by author and log", (store) => {
    const other = "00000000000000ff" as LogId;
    store.append(arrivals([...alice.texts(1, 2, 3, 6, 7, 10)]), null, 5);
    store.append(arrivals([...bob.texts(4, 5)]), null, 5);
    store.append(arrivals([bob.text(1, "in another log", { log: other })]), null, 5);
    const expected = [
      {
        author: alice.peer,
        log: alice.log,
        top: 3,
        topId: alice.text(3).id,
        above: [[6, 7], [10, 10]] as [number, number][],
        latestMs: testEpochMs + 10,
      },
      {
        author: bob.peer,
        log: bob.log,
        top: 0,
        topId: null,
        above: [[4, 5]] as [number, number][],
        latestMs: testEpochMs + 5,
      },
      {
        author: bob.peer,
        log: other,
        top: 1,
        topId: bob.text(1, "in another log", { log: other }).id,
        above: [],
        latestMs: testEpochMs + 1,
      },
    ];
    expected.sort((a, b) => a.author + a.log < b.author + b.log ? -1 : 1);
    assertEquals(store.frontier(room), expected);
    assertEquals(store.frontier(elsewhere), []);
  });

  test("frontier grows together when the missing posts come, in whatever batches", (store) => {
    const above = () => store.frontier(room).map(({ top, above }) => ({ top, above }));
    const take = (...sequences: number[]) =>
      store.append(arrivals(alice.texts(...sequences)), null, 5);
    take(9, 8, 7);
    assertEquals(above(), [{ top: 0, above: [[7, 9]] }]);
    take(3, 5);
    assertEquals(above(), [{ top: 0, above: [[3, 3], [5, 5], [7, 9]] }]);
    take(4);
    assertEquals(above(), [{ top: 0, above: [[3, 5], [7, 9]] }]);
    take(12, 1);
    assertEquals(above(), [{ top: 1, above: [[3, 5], [7, 9], [12, 12]] }]);
    take(6, 2);
    assertEquals(above(), [{ top: 9, above: [[12, 12]] }]);
    take(10, 14, 11, 13);
    assertEquals(above(), [{ top: 14, above: [] }]);
    assertEquals(store.frontier(room)[0]?.topId, alice.text(14).id);
  });

  test("frontier is right after a back-fill from the newest, page by page", (store) => {
    for (let from = 500; from > 0; from -= 50) {
      const posts = alice.texts(...count(from, from - 49));
      store.append(arrivals(posts, "history"), null, 5);
      const [holding] = store.frontier(room);
      if (from > 50) assertEquals(holding?.above, [[from - 49, 500]]);
      else assertEquals(holding, { ...holding!, top: 500, above: [] });
    }
  });

  test("frontier counts the two posts of a fork once and names the lower id", (store) => {
    const fork = (seq: number) => alice.text(seq, "otherwise");
    store.append(arrivals([...alice.texts(1, 2), fork(2)]), null, 5);
    const lower = (seq: number) => ids([alice.text(seq), fork(seq)]).sort()[0]!;
    const latestMs = testEpochMs + 2;
    const place = { author: alice.peer, log: alice.log };
    const expected = { ...place, top: 2, topId: lower(2), above: [], latestMs };
    assertEquals(store.frontier(room), [expected]);
    store.append(arrivals([alice.text(4), fork(4), fork(1)]), null, 5);
    const later = { ...expected, latestMs: testEpochMs + 4 };
    assertEquals(store.frontier(room), [{ ...later, above: [[4, 4]] }]);
    store.append(arrivals([alice.text(3)]), null, 5);
    assertEquals(store.frontier(room), [{ ...later, top: 4, topId: lower(4) }]);
    assertEquals(store.newest(room, 99).length, 7);
  });

  test("forks gives the places with more than one post, of a room, in whatever batches", (store) => {
    const fork = (seq: number, text = "otherwise") => alice.text(seq, text);
    store.append(arrivals([...alice.texts(1, 2, 3), fork(2)]), null, 5);
    const place = { author: alice.peer, log: alice.log };
    assertEquals(store.forks(room), [{ ...place, seq: 2 }]);
    store.append(
      arrivals([fork(1), fork(2, "again"), ...bob.texts(1), ...alice.texts(1)]),
      null,
      5,
    );
    assertEquals(store.forks(room), [{ ...place, seq: 1 }, { ...place, seq: 2 }]);
    assertEquals(store.forks(elsewhere), []);
  });

  test("frontier is that of the memory of it, over random batches with gaps and forks", (store) => {
    const held = new Map<number, PostId[]>();
    const random = seededCrypto(99);
    const draw = (below: number) => random.randomBytes(1)[0]! % below;
    for (let batch = 0; batch < 120; batch++) {
      const posts = count(0, draw(8)).map(() =>
        alice.text(1 + draw(60), draw(10) === 0 ? "fork" : "same")
      );
      store.append(arrivals(posts), null, 5);
      for (const { seq, id } of posts) {
        const branches = held.get(seq) ?? [];
        held.set(seq, branches.includes(id) ? branches : [...branches, id].sort());
      }
      let top = 0;
      while (held.has(top + 1)) top++;
      const above: [number, number][] = [];
      for (const seq of [...held.keys()].filter((seq) => seq > top).sort((a, b) => a - b)) {
        if (above.at(-1)?.[1] === seq - 1) above.at(-1)![1] = seq;
        else above.push([seq, seq]);
      }
      const topId = held.get(top)?.[0] ?? null;
      const { author, log } = { author: alice.peer, log: alice.log };
      const latestMs = testEpochMs + Math.max(...held.keys());
      assertEquals(store.frontier(room), [{ author, log, top, topId, above, latestMs }]);
    }
  });

  test("range gives one log newest first, with sequences, both ends included", (store) => {
    store.append(arrivals([...alice.texts(3, 1, 2, 5), ...bob.texts(2, 3)]), null, 5);
    const range = (from: number, to: number, author: PeerId = alice.peer, of: RoomId = room) =>
      store.range(of, author, alice.log, from, to, 99_999);
    const expected = (...sequences: number[]) =>
      sequences.map((seq) => ({ seq, ...envelopes([alice.text(seq)])[0]! }));
    assertEquals(range(1, 9), expected(5, 3, 2, 1));
    assertEquals(range(2, 3), expected(3, 2));
    assertEquals(range(4, 4), []);
    assertEquals(range(3, 2), []);
    assertEquals(range(1, 9, bob.peer), []);
    assertEquals(range(1, 9, alice.peer, elsewhere), []);
  });

  test("range stops before the bytes are exceeded but gives at least one post", (store) => {
    const posts = alice.texts(3, 2, 1);
    store.append(arrivals(posts), null, 5);
    const size = sizeOf(posts[0]!);
    const given = (bytesMax: number) =>
      store.range(room, alice.peer, alice.log, 1, 3, bytesMax).map(({ seq }) => seq);
    assertEquals(given(0), [3]);
    assertEquals(given(2 * size - 1), [3]);
    assertEquals(given(2 * size), [3, 2]);
    assertEquals(given(3 * size), [3, 2, 1]);
  });

  test("range gives a fork's posts together, the lower id first, if they fit", (store) => {
    const forks = ids([alice.text(2, "post x"), alice.text(2, "post y")]).sort();
    const all = [alice.text(3, "post z"), alice.text(2, "post x"), alice.text(2, "post y")];
    store.append(arrivals(all), null, 5);
    const size = sizeOf(all[0]!);
    const given = (to: number, posts: number) =>
      store.range(room, alice.peer, alice.log, 1, to, posts * size).map(({ signed }) =>
        all.find((post) => post.signed.toHex() === signed.toHex())!.id
      );
    assertEquals(given(3, 3), [all[0]!.id, ...forks]);
    assertEquals(given(3, 2), [all[0]!.id]);
    assertEquals(given(2, 2), forks);
    assertEquals(given(2, 1), forks.slice(0, 1));
  });

  test("newest gives all kinds in the one order, newest first", (store) => {
    const posts = [
      alice.text(1, "b", { time: { ms: testEpochMs, counter: 1 } }),
      alice.text(2, "a", { time: { ms: testEpochMs, counter: 0 } }),
      alice.post(3, { kind: "profile", name: "Alice" }, {
        time: { ms: testEpochMs - 1, counter: 9 },
      }),
      bob.text(1, "c", { time: { ms: testEpochMs, counter: 1 } }),
      bob.post(2, { kind: "profile", name: "Bob" }, { time: { ms: testEpochMs + 1, counter: 0 } }),
    ];
    store.append(arrivals(posts), null, 5);
    store.append(arrivals([alice.text(9, "not here", { room: elsewhere })]), null, 5);
    const expected = envelopes(posts.toSorted(comparePosts).reverse());
    assertEquals(store.newest(room, 99), expected);
    assertEquals(store.newest(room, 3), expected.slice(0, 3));
    assertEquals(store.newest(room, 0), []);
  });

  test("profiles gives the newest of each author, over all of its logs", (store) => {
    const named = (author: Author, seq: number, name: string, log = author.log) =>
      author.post(seq, { kind: "profile", name }, { log });
    const other = "00000000000000ff" as LogId;
    const posts = [named(alice, 3, "C"), named(alice, 1, "A"), named(alice, 2, "B", other)];
    store.append(arrivals([...posts, alice.text(9), named(bob, 7, "Bob")]), null, 5);
    const newest = [named(alice, 3, "C"), named(bob, 7, "Bob")];
    newest.sort((a, b) => a.author < b.author ? -1 : 1);
    assertEquals(store.profiles(room), envelopes(newest));
    assertEquals(store.profiles(elsewhere), []);
  });

  test("topic gives the newest by time, whoever set it", (store) => {
    const topics = [1, 2, 3].map((seq) => alice.post(seq, { kind: "topic", text: `${seq}` }));
    const last = bob.post(1, { kind: "topic", text: "last" }, { time: topics[2]!.time });
    store.append(arrivals([topics[2]!, topics[0]!, topics[1]!, last, alice.text(9)]), null, 5);
    const newest = [topics[2]!, last].sort(comparePosts)[1]!;
    assertEquals(store.topic(room), envelopes([newest])[0]!);
    assertEquals(store.topic(elsewhere), null);
  });

  test("lastTime is the latest of an author in any room, not the last to come", (store) => {
    const late = alice.text(1, "late", { room: elsewhere, time: { ms: 9, counter: 7 } });
    const early = alice.text(2, "early", { time: { ms: 9, counter: 6 } });
    store.append(arrivals([late]), null, 5);
    store.append(arrivals([early, bob.text(1)]), null, 5);
    assertEquals(store.lastTime(alice.peer), { ms: 9, counter: 7 });
  });

  test("timeline pages through what is shown, oldest first within a page", (store) => {
    const shown = count(1, 7).map((seq) =>
      seq % 2 === 0
        ? alice.post(seq, { kind: "action", text: "waves", reply: null })
        : bob.text(seq, undefined, { time: { ms: testEpochMs + (seq & 4), counter: seq & 2 } })
    );
    const topic = alice.post(20, { kind: "topic", text: "" });
    const said = bob.post(20, { kind: "announcement", text: "tomorrow", reply: null });
    const hidden = [
      alice.post(8, { kind: "profile", name: "Alice" }),
      alice.text(9, "unknown", { kind: 4_711 }),
      alice.text(10, "sealed", { kind: postKind.sealed }),
    ];
    store.append(arrivals([...hidden, ...shown, topic, said].reverse()), null, 5);
    const order = ids([...shown, topic, said].sort(comparePosts));
    assertEquals(page(store, null, 99), { ids: order, more: false });
    assertEquals(page(store, null, 9), { ids: order, more: false });
    assertEquals(page(store, null, 4), { ids: order.slice(5), more: true });
    assertEquals(page(store, order[5]!, 4), { ids: order.slice(1, 5), more: true });
    assertEquals(page(store, order[1]!, 4), { ids: order.slice(0, 1), more: false });
    assertEquals(page(store, order[0]!, 4), { ids: [], more: false });
    assertEquals(page(store, null, 0), { ids: [], more: true });
    const beforeHidden = order.filter((id) => comparePosts(store.stored(id)!.post, hidden[0]!) < 0);
    assertEquals(page(store, hidden[0]!.id, 99), { ids: beforeHidden, more: false });
  });

  test("timelineAfter goes the other way, from any post of the room", (store) => {
    const posts = alice.texts(1, 2, 3, 4);
    const profile = alice.post(5, { kind: "profile", name: "alice" });
    const there = alice.text(9, "there", { room: elsewhere });
    store.append(arrivals([...posts, profile, there]), null, 5);
    const after = (id: PostId, limit: number) => {
      const { rows, more } = store.timelineAfter(room, id, limit);
      return { ids: ids(rows.map(({ post }) => post)), more };
    };
    const [one, two, three, four] = ids(posts) as [PostId, PostId, PostId, PostId];
    assertEquals(after(one, 2), { ids: [two, three], more: true });
    assertEquals(after(two, 2), { ids: [three, four], more: false });
    assertEquals(after(four, 2), { ids: [], more: false });
    assertEquals(after(profile.id, 2), { ids: [], more: false });
    assertEquals(after(there.id, 2), { ids: [], more: false });
    assertEquals(after(alice.text(99).id, 2), { ids: [], more: false });
  });

  test("timeline is empty before a post that is not held, or held in another room", (store) => {
    const other = alice.text(5, "there", { room: elsewhere });
    store.append(arrivals([...alice.texts(1, 2), other]), null, 5);
    assertEquals(page(store, bob.text(9).id, 9), { ids: [], more: false });
    assertEquals(page(store, other.id, 9), { ids: [], more: false });
  });

  for (const order of ["target first", "tombstone first", "in one batch"] as const) {
    test(`timeline marks a post withdrawn by its author (${order})`, (store) => {
      const [target, kept] = [alice.text(1), alice.text(2)];
      const tombstone = alice.post(3, { kind: "tombstone", target: target.id });
      const batches = order === "target first"
        ? [[target, kept], [tombstone]]
        : order === "tombstone first"
        ? [[tombstone], [kept, target]]
        : [[tombstone, target, kept]];
      for (const batch of batches) store.append(arrivals(batch), null, 5);
      const { rows } = store.timeline(room, null, 9);
      assertEquals(rows.map(({ post, withdrawn }) => [post.id, withdrawn]), [
        [target.id, true],
        [kept.id, false],
      ]);
      assertEquals(store.stored(target.id)?.withdrawn, true);
      assert(store.get(target.id) !== null);
    });
  }

  test("timeline heeds no tombstone of somebody else, of another room, or unreadable", (store) => {
    const target = alice.text(1);
    const tombstone = { kind: "tombstone", target: target.id } as const;
    store.append(
      arrivals([
        target,
        bob.post(1, tombstone),
        alice.post(2, tombstone, { room: elsewhere }),
        alice.post(2, tombstone, { body: Uint8Array.of(0xff) }),
      ]),
      null,
      5,
    );
    assertEquals(store.timeline(room, null, 9).rows.map(({ withdrawn }) => withdrawn), [false]);
  });

  test("letters are kept with their posts, and read by person, page by page", (store) => {
    const sealed = (author: Author, seq: number) =>
      author.post(seq, { kind: "text", text: "", reply: null }, {
        kind: postKind.sealed,
        body: Uint8Array.of(seq),
      });
    const words = (text: string): Words => ({ kind: "text", text, reply: null });
    const arrival = (post: Post, letter: Letter): Arrival => ({
      post,
      origin: "live",
      kept: { type: "letter", letter },
    });
    const carol = new Author(crypto);
    const mine = sealed(alice, 1), his = [sealed(bob, 2), sealed(bob, 3)] as const;
    const letters = [
      arrival(mine, { peer: bob.peer, content: { ...words("from me"), reply: his[0].id } }),
      arrival(his[1], { peer: bob.peer, content: { ...words("second"), kind: "action" } }),
      arrival(his[0], { peer: bob.peer, content: words("first") }),
      arrival(sealed(carol, 9), { peer: carol.peer, content: words("hello") }),
    ];
    const silent = [
      arrival(sealed(bob, 4), { peer: bob.peer, content: null }),
      arrival(sealed(bob, 5), { peer: bob.peer, content: words("again"), isCopy: true }),
      arrival(sealed(bob, 6), {
        peer: bob.peer,
        content: { kind: "resend", id: mine.id, sealing: new Uint8Array(32) },
      }),
    ];
    store.append([...letters, ...silent], null, 5);
    store.append(arrivals([bob.post(7, { kind: "tombstone", target: his[1].id })]), null, 6);
    const letter = store.correspondence.letter(mine.id);
    assertEquals(letter, {
      id: mine.id,
      room,
      peer: bob.peer,
      isMine: true,
      seq: 1,
      time: mine.time,
      arrivedMs: 5,
      content: { kind: "text", text: "from me", reply: his[0].id },
      withdrawn: false,
    });
    assertEquals(silent.map(({ post }) => store.correspondence.letter(post.id)), [
      null,
      null,
      null,
    ]);
    const read = (before: PostId | null, limit: number) => {
      const { rows, more } = store.correspondence.letters(bob.peer, before, limit);
      return { texts: rows.map(({ content, withdrawn }) => [content.text, withdrawn]), more };
    };
    const [one, two, three] = [["from me", false], ["first", false], ["second", true]];
    assertEquals(read(null, 9), { texts: [one, two, three], more: false });
    assertEquals(read(null, 2), { texts: [two, three], more: true });
    assertEquals(read(his[1].id, 1), { texts: [two], more: true });
    assertEquals(read(mine.id, 9), { texts: [], more: false });
    assertEquals(read(silent[0]!.post.id, 9), { texts: [], more: false });
    const after = (id: PostId, limit: number) => {
      const { rows, more } = store.correspondence.lettersAfter(bob.peer, id, limit);
      return { texts: rows.map(({ content, withdrawn }) => [content.text, withdrawn]), more };
    };
    assertEquals(after(mine.id, 9), { texts: [two, three], more: false });
    assertEquals(after(mine.id, 1), { texts: [two], more: true });
    assertEquals(after(letters[3]!.post.id, 9), { texts: [], more: false });
    const people = (limit: number) =>
      store.correspondence.correspondents(limit).map(({ peer, content }) => [peer, content.text]);
    assertEquals(people(9), [[carol.peer, "hello"], [bob.peer, "from me"]]);
    assertEquals(people(1), [[carol.peer, "hello"]]);
  });

  test("topic and profiles pass over what was withdrawn", (store) => {
    const named = [1, 2].map((seq) => alice.post(seq, { kind: "profile", name: `${seq}` }));
    const topics = [3, 4].map((seq) => alice.post(seq, { kind: "topic", text: `${seq}` }));
    store.append(arrivals([...named, ...topics]), null, 5);
    const withdraw = (seq: number, { id }: Post) =>
      alice.post(seq, { kind: "tombstone", target: id });
    store.append(arrivals([withdraw(5, named[1]!), withdraw(6, topics[1]!)]), null, 5);
    assertEquals(store.profiles(room), envelopes([named[0]!]));
    assertEquals(store.topic(room), envelopes([topics[0]!])[0]!);
    store.append(arrivals([withdraw(7, named[0]!), withdraw(8, topics[0]!)]), null, 5);
    assertEquals(store.profiles(room), []);
    assertEquals(store.topic(room), null);
  });
}
