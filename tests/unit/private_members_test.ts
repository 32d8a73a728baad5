/**
 * Who belongs to a private room follows from the posts and from nothing else: whoever is removed
 * can make as many keys, logs and dates as he likes, and everybody else computes the same members
 * and the same posts, in whatever order all that has come.
 */

import { assert, assertEquals } from "@std/assert";
import { Charge } from "../../peer/charge.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { seededRng } from "../rng.ts";
import { PrivateAuthor } from "./private_author.ts";
import {
  all,
  company,
  crypto,
  resistInOrders,
  ruled,
  rulerOf,
  shuffled,
  view,
} from "./private_orders.ts";

// 10,000 in tests/integration/slow.
Deno.test("a removed member with old keys and 100 fresh identities changes nothing, in 500 orders", () => {
  resistInOrders(500);
});

Deno.test("of two admins who remove each other at once the one named first stays, everywhere", () => {
  const { people } = company(4);
  const [founder, first, second, ann] = people as [
    PrivateAuthor,
    PrivateAuthor,
    PrivateAuthor,
    PrivateAuthor,
  ];
  founder.act(10, { act: "admin", peer: first.peer, logs: [] });
  founder.act(11, { act: "admin", peer: second.peer, logs: [] });
  founder.add(12, ann);
  for (const each of [first, second, ann]) each.say(20);
  const [firstMarks, secondMarks] = [first.marks(), second.marks()];
  // The second is earlier by his clock, and removes somebody else as well.
  second.remove(30, first, firstMarks);
  second.remove(31, ann);
  first.remove(40, second, secondMarks);
  first.say(50);
  const posts = all(people);
  const expected = view(ruled(posts), posts);
  const rng = seededRng(78);
  for (let order = 0; order < 1_000; order++) {
    assertEquals(view(ruled(shuffled(posts, rng)), posts), expected);
  }
  const ruling = ruled(posts)!;
  assert(ruling.isIn(first.peer) && ruling.isIn(ann.peer) && !ruling.isIn(second.peer));
});

Deno.test("leaving, coming back, and additions by those who have left", () => {
  const { people } = company(4);
  const [founder, ann, bo, cy] = people as [
    PrivateAuthor,
    PrivateAuthor,
    PrivateAuthor,
    PrivateAuthor,
  ];
  founder.add(10, ann);
  ann.add(20, bo);
  ann.remove(30, ann);
  ann.add(40, cy);
  let ruling = ruled(all(people))!;
  assert(!ruling.isIn(ann.peer) && ruling.isIn(bo.peer) && !ruling.isIn(cy.peer));
  const void_ = ann.posts.at(-1)!;
  bo.add(50, ann, ann.marks());
  const back = ann.say(60);
  ruling = ruled(all(people))!;
  assert(ruling.isIn(ann.peer) && ruling.counts(back) && !ruling.counts(void_));
  assert(!ruling.isIn(cy.peer), "what was void stays void");
  assertEquals(ruling.acts.map(({ deed }) => deed.act), [
    "found-private",
    "add",
    "add",
    "remove",
    "add",
  ]);
});

Deno.test("who was removed comes back by the same rank or a higher one", () => {
  const { people } = company(5);
  const [founder, first, second, ann, bo] = people as [
    PrivateAuthor,
    PrivateAuthor,
    PrivateAuthor,
    PrivateAuthor,
    PrivateAuthor,
  ];
  founder.act(10, { act: "admin", peer: first.peer, logs: [] });
  founder.act(11, { act: "admin", peer: second.peer, logs: [] });
  founder.add(12, ann);
  founder.add(13, bo);
  first.remove(20, ann);
  for (const [ms, other] of [[30, bo], [31, second]] as const) {
    other.add(ms, ann);
    assert(!ruled(all(people))!.isIn(ann.peer));
    assertEquals(ruled(all(people))!.removedBy(ann.peer), 1);
  }
  first.add(40, ann);
  assert(ruled(all(people))!.isIn(ann.peer));
});

Deno.test("somebody who is put out before anybody adds him stays out", () => {
  const { people } = company(3);
  const [founder, ann, bo] = people as [PrivateAuthor, PrivateAuthor, PrivateAuthor];
  founder.add(10, ann);
  founder.remove(20, bo, []);
  ann.add(30, bo);
  assert(!ruled(all(people))!.isIn(bo.peer));
  assert(!ruled(all(people))!.membership!.known.has(bo.peer));
});

Deno.test("a sealing key that its owner has not signed makes nobody a member", () => {
  const { people } = company(2);
  const [founder, ann] = people as [PrivateAuthor, PrivateAuthor];
  const proof = { ...ann.proof, sealing: crypto.randomBytes(32) };
  founder.act(10, { act: "add", peer: ann.peer, logs: [], proof, invite: null });
  assert(!ruled(all(people))!.isIn(ann.peer));
});

Deno.test("actsMax: a flood of void acts pushes out nothing that counts", () => {
  const { people } = company(4);
  const [founder, ann, bo, mal] = people as [
    PrivateAuthor,
    PrivateAuthor,
    PrivateAuthor,
    PrivateAuthor,
  ];
  for (const [i, guest] of [ann, bo, mal].entries()) founder.add(100 + i, guest);
  founder.remove(200, mal);
  mal.newLog();
  // Earlier than all others by their dates.
  for (let i = 0; i < 60; i++) mal.remove(i, bo, []);
  const limits = { ...defaultLimits, actsMax: 16 };
  const rng = seededRng(79);
  for (let order = 0; order < 50; order++) {
    const ruling = ruled(shuffled(all(people), rng), limits)!;
    assert(ruling.isIn(ann.peer) && ruling.isIn(bo.peer) && !ruling.isIn(mal.peer));
  }
});

Deno.test("a chain of additions is followed to its end, also one that was dated backwards", () => {
  const { people } = company(1);
  const [founder] = people as [PrivateAuthor];
  const chain = Array.from({ length: 300 }, () => new PrivateAuthor(crypto, founder.room));
  founder.add(100_000, chain[0]!);
  for (const [i, each] of chain.slice(1).entries()) chain[i]!.add(99_999 - i, each);
  const ruling = ruled(all([founder, ...chain]))!;
  assertEquals(ruling.membership!.members.size, chain.length + 1);
});

Deno.test("of what members do who are not in charge only additions and leaving are kept as acts", () => {
  const { founding, people } = company(3);
  const [founder, ann, bo] = people as [PrivateAuthor, PrivateAuthor, PrivateAuthor];
  const charge = new Charge(founding.room, crypto, defaultLimits, rulerOf(founding.room));
  for (const post of [founding, founder.add(1, ann), founder.add(2, bo)]) charge.take(post);
  const guest = new PrivateAuthor(crypto, founding.room);
  const kept = [ann.add(10, guest), bo.remove(11, bo)].map((post) => charge.take(post));
  assertEquals([kept, charge.size], [[true, true], 4]);
  // A thousand of these made every further act cost a ruling over all of them.
  const junk = [
    ann.remove(12, guest),
    ann.remove(13, founder),
    ann.act(14, { act: "admin", peer: ann.peer, logs: [] }),
  ];
  assertEquals([junk.map((post) => charge.take(post)), charge.size], [[false, false, false], 4]);
  charge.take(founder.act(20, { act: "admin", peer: ann.peer, logs: [] }));
  assert(charge.take(junk[0]!), "it counts for an admin, whoever heard of it first");
  assert(!charge.ruling!.isIn(guest.peer));
});
