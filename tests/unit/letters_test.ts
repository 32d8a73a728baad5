/** What the store keeps for its person alone, over a restart. */

import { assertEquals } from "@std/assert";
import { SqliteStore } from "../../io/store/sqlite_store.ts";
import type { Arrival } from "../../peer/action.ts";
import { nobodyYet, type SealingKey } from "../../peer/letter.ts";
import type { PostId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { seededCrypto } from "../seeded_crypto.ts";
import { Author } from "./author.ts";
import { peerId } from "./fake_chat.ts";

const crypto = seededCrypto(305);
const key = (madeMs: number, agedMs = 0): SealingKey => ({
  ...crypto.generateX25519(),
  madeMs,
  agedMs,
});

function withFile(body: (open: () => SqliteStore) => void): void {
  const folder = Deno.makeTempDirSync();
  try {
    body(() => SqliteStore.open(`${folder}/history.db`, crypto, defaultLimits));
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test("SqliteStore keeps decisions about people and sealing keys over a restart", () => {
  withFile((open) => {
    const [bo, cy] = [peerId("b"), peerId("c")];
    const zoe = { ...nobodyYet, blocked: true, verified: true, verifiedName: "cy", petname: "Zoë" };
    const keys = [key(1, 7.5), key(2)];
    const first = open();
    assertEquals([first.correspondence.people(), first.correspondence.sealingKeys()], [[], []]);
    first.correspondence.rememberPerson(bo, { ...nobodyYet, accepted: true });
    first.correspondence.rememberPerson(cy, zoe);
    first.correspondence.rememberPerson(bo, { ...nobodyYet, blocked: true });
    first.correspondence.rememberKeys([key(0), ...keys]);
    first.correspondence.rememberKeys(keys);
    first.close();
    const second = open();
    assertEquals(
      new Map(second.correspondence.people()),
      new Map([
        [bo, { ...nobodyYet, blocked: true }],
        [cy, zoe],
      ]),
    );
    assertEquals(second.correspondence.sealingKeys(), [{ ...keys[0]!, agedMs: 8 }, keys[1]!]);
    second.close();
  });
});

Deno.test("SqliteStore keeps new keys together with the profile that tells them, or neither", () => {
  withFile((open) => {
    const store = open();
    const author = new Author(crypto);
    const keys = [key(1)];
    const post = author.post(1, { kind: "profile", name: "Ann" });
    const arrival = { post, origin: "own", kept: { type: "keys", keys } } as const;
    store.append([arrival], null, 5);
    assertEquals(store.correspondence.sealingKeys(), keys);
    // A post that is held already brings nothing.
    store.append([{ ...arrival, kept: { type: "keys", keys: [key(2)] } }], null, 6);
    assertEquals(store.correspondence.sealingKeys(), keys);
    store.close();
  });
});

Deno.test("SqliteStore keeps up to where a chat was read, and counts what came after", () => {
  withFile((open) => {
    const store = open();
    const [me, bo] = [new Author(crypto), new Author(crypto)];
    const letter = (author: Author, seq: number): Arrival => ({
      post: author.text(seq),
      origin: "live",
      kept: {
        type: "letter",
        letter: { peer: bo.peer, content: { kind: "text", text: `${seq}`, reply: null } },
      },
    });
    const arrivals = [letter(bo, 1), letter(me, 2), letter(bo, 3), letter(bo, 4)];
    store.append(arrivals, null, 5);
    const [first, second, third] = arrivals.map(({ post }) => post.id) as [PostId, PostId, PostId];
    assertEquals([
      store.correspondence.letterReadUpTo(bo.peer),
      store.correspondence.unreadLetters(bo.peer, 9),
    ], [null, 3]);
    assertEquals(store.correspondence.unreadLetters(bo.peer, 2), 2);
    assertEquals(store.correspondence.markLetterRead(bo.peer, second), true);
    assertEquals([
      store.correspondence.letterReadUpTo(bo.peer),
      store.correspondence.unreadLetters(bo.peer, 9),
    ], [second, 2]);
    assertEquals(store.correspondence.markLetterRead(bo.peer, first), false);
    assertEquals(store.correspondence.markLetterRead(me.peer, third), false);
    assertEquals(store.correspondence.markLetterRead(bo.peer, third), true);
    store.close();
    const again = open();
    assertEquals([
      again.correspondence.letterReadUpTo(bo.peer),
      again.correspondence.unreadLetters(bo.peer, 9),
    ], [third, 1]);
    again.close();
  });
});

Deno.test("SqliteStore searchLetters finds words in what was written to or by one or anybody", () => {
  withFile((open) => {
    const store = open();
    const [me, bo, cy] = [new Author(crypto), new Author(crypto), new Author(crypto)];
    const letter = (author: Author, peer: Author, seq: number, text: string): Arrival => ({
      post: author.text(seq),
      origin: "live",
      kept: {
        type: "letter",
        letter: { peer: peer.peer, content: { kind: "text", text, reply: null } },
      },
    });
    const arrivals = [
      letter(bo, bo, 1, "a red fox"),
      letter(me, bo, 2, "RED, blue and 昨天"),
      letter(cy, cy, 3, "blue, red"),
      letter(bo, bo, 4, "taken back: red"),
    ];
    const back = bo.post(9, { kind: "tombstone", target: arrivals[3]!.post.id });
    store.append([...arrivals, { post: back, origin: "live" }], null, 5);
    const found = (query: string, peer: Author | null = null, limit = 9, before?: PostId) =>
      store.correspondence.searchLetters(query, peer?.peer ?? null, before ?? null, limit).rows
        .map(({ id }) => arrivals.findIndex(({ post }) => post.id === id) + 1);
    assertEquals(found("red"), [3, 2, 1]);
    assertEquals(found("blue red"), [3, 2]);
    assertEquals(found("red", bo), [2, 1]);
    assertEquals(found("昨天"), [2]);
    assertEquals(found("red", null, 1), [3, 2], "one more than wanted");
    assertEquals(found("red", null, 9, arrivals[1]!.post.id), [1]);
    assertEquals(found("red", null, 9, me.text(77).id), []);
    assertEquals(store.correspondence.searchLetters("red", null, null, 9).unsearched, 0);
    store.close();
  });
});
