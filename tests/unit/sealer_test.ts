/** Who can seal to whom, who opens what, and how much of it is remembered. */

import { assert, assertEquals } from "@std/assert";
import { Sealer } from "../../peer/sealer.ts";
import { SealingKeys } from "../../peer/sealing_keys.ts";
import type { KeyPair } from "../../wire/crypto_suite.ts";
import { type PeerId, toId } from "../../wire/ids.ts";
import { defaultLimits, type Limits } from "../../wire/limits.ts";
import { type Post, postKind, signPost } from "../../wire/post.ts";
import type { LetterContent } from "../../wire/sealed.ts";
import { publicRoomId } from "../../wire/text.ts";
import { seededCrypto } from "../seeded_crypto.ts";

const crypto = seededCrypto(303);
const room = publicRoomId("lobby", crypto);
const words: LetterContent = { kind: "text", text: "psst", reply: null };
const never = { ms: 0, counter: 0 };

/** Somebody with keys. */
class Person {
  readonly signing: KeyPair = crypto.generateEd25519();
  readonly peer = toId<PeerId>(this.signing.publicKey);
  readonly keys: SealingKeys;
  readonly sealer: Sealer;

  constructor(limits: Partial<Limits> = {}) {
    const all = { ...defaultLimits, ...limits };
    const first = { ...crypto.generateX25519(), madeMs: 0, agedMs: 0 };
    this.keys = new SealingKeys([], first, all);
    this.sealer = new Sealer(this.peer, crypto.generateX25519(), this.keys, crypto, all);
  }

  knows(...others: readonly Person[]): this {
    for (const { peer, sealer } of others) this.sealer.onProfile(peer, sealer.profileKeys, never);
    return this;
  }

  writes(to: Person, content: LetterContent = words, seq = 1): Post {
    const head = {
      kind: postKind.sealed,
      room,
      author: this.peer,
      log: toId<Post["log"]>(new Uint8Array(8)),
      seq,
      previous: seq === 1 ? null : toId<Post["id"]>(new Uint8Array(32)),
      time: never,
      heads: [],
    };
    const body = this.sealer.seal(head, to.peer, content)!;
    return signPost({ ...head, body }, this.signing.secretKey, crypto);
  }
}

Deno.test("Sealer: the recipient alone opens a letter, without ever having heard of the sender", () => {
  const ann = new Person(), bo = new Person(), cy = new Person();
  ann.knows(bo);
  const letter = ann.writes(bo);
  assertEquals(bo.sealer.open(letter), { peer: ann.peer, content: words });
  assertEquals(cy.sealer.open(letter), null);
  assertEquals(ann.sealer.open(letter), null);
});

Deno.test("Sealer: a ciphertext that somebody signs as an own post is for nobody", () => {
  const ann = new Person(), bo = new Person(), eve = new Person();
  const letter = ann.knows(bo).writes(bo);
  const stolen = signPost({ ...letter, author: eve.peer }, eve.signing.secretKey, crypto);
  assertEquals(bo.sealer.open(stolen), null);
});

Deno.test("Sealer: what was sealed to an old key opens as long as the key is there", () => {
  const ann = new Person(), bo = new Person({ sealingKeysMax: 2 });
  const letter = ann.knows(bo).writes(bo);
  bo.keys.renew(crypto.generateX25519(), 1);
  assertEquals(bo.sealer.open(letter)?.content, words);
  bo.keys.renew(crypto.generateX25519(), 2);
  assertEquals(bo.sealer.open(letter), { peer: ann.peer, content: null });
});

Deno.test("Sealer: the newest profile tells the keys, whatever comes last", () => {
  const ann = new Person(), bo = new Person();
  const old = bo.sealer.profileKeys;
  bo.keys.renew(crypto.generateX25519(), 1);
  ann.sealer.onProfile(bo.peer, bo.sealer.profileKeys, { ms: 2, counter: 0 });
  ann.sealer.onProfile(bo.peer, old, { ms: 1, counter: 9 });
  const fresh = new Person();
  assert(bo.sealer.open(ann.writes(bo))?.content !== null);
  assertEquals(ann.sealer.isKnown(fresh.peer), false);
  assertEquals(ann.sealer.canSeal(fresh.peer), false);
});

Deno.test("Sealer: of a profile nothing is kept but the keys", () => {
  const ann = new Person(), bo = new Person();
  const { sealing, hint } = bo.sealer.profileKeys;
  const frame = new Uint8Array(65_535);
  frame.set([...sealing, ...hint]);
  const keys = { sealing: frame.subarray(0, 32), hint: frame.subarray(32, 64) };
  ann.sealer.onProfile(bo.peer, keys, never);
  frame.fill(0);
  assertEquals(bo.sealer.open(ann.writes(bo))?.content, words);
});

Deno.test("Sealer: keys that are points of small order are written to by nobody", () => {
  const ann = new Person(), bo = new Person();
  const zero = new Uint8Array(32);
  const good = bo.sealer.profileKeys;
  for (const keys of [{ ...good, sealing: zero }, { ...good, hint: zero }]) {
    ann.sealer.onProfile(bo.peer, keys, never);
    assert(ann.sealer.isKnown(bo.peer));
    assertEquals(ann.sealer.canSeal(bo.peer), false);
  }
  ann.sealer.onProfile(bo.peer, good, never);
  assert(ann.sealer.canSeal(bo.peer));
  assertEquals(ann.sealer.canSeal(bo.peer, zero), false);
});

Deno.test("Sealer: keys and pairs are remembered up to namesMax and hintPairsMax", () => {
  const ann = new Person({ namesMax: 3, hintPairsMax: 3 });
  const others = Array.from({ length: 5 }, () => new Person().knows(ann));
  ann.knows(...others);
  for (const other of others) assertEquals(ann.sealer.open(other.writes(ann))?.content, words);
  assertEquals(ann.sealer.sizes, { told: 3, secrets: 3 });
  assertEquals(others.map(({ peer }) => ann.sealer.isKnown(peer)), [
    false,
    false,
    true,
    true,
    true,
  ]);
  // Forgotten, it is computed again.
  assertEquals(ann.sealer.open(others[0]!.writes(ann, words, 2))?.content, words);
});

Deno.test("Sealer: keys of people one knows stay, however many strangers come", () => {
  const [friend, ...others] = Array.from({ length: 6 }, () => new Person());
  const limits = { ...defaultLimits, namesMax: 2 };
  const ann = new Person();
  const hint = crypto.generateX25519();
  const sealer = new Sealer(ann.peer, hint, ann.keys, crypto, limits, (p) => p === friend!.peer);
  for (const { peer, sealer: { profileKeys } } of [friend!, ...others]) {
    sealer.onProfile(peer, profileKeys, never);
  }
  assertEquals([sealer.sizes.told, sealer.isKnown(friend!.peer)], [2, true]);
});

Deno.test("Sealer: a body that cannot be read, or says nothing, is for nobody", () => {
  const ann = new Person(), bo = new Person();
  const letter = ann.knows(bo).writes(bo);
  const bare = signPost({ ...letter, body: Uint8Array.of(0xff) }, ann.signing.secretKey, crypto);
  assertEquals(bo.sealer.open(bare), null);
  const empty = ann.writes(bo, { kind: "text", text: "", reply: null });
  assertEquals(bo.sealer.open(empty), null);
});
