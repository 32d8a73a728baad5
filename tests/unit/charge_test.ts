/** Who is in charge is a function of the posts: the same for every order in which they came. */

import { assert, assertEquals } from "@std/assert";
import { Charge } from "../../peer/charge.ts";
import type { Ruling } from "../../peer/ruling.ts";
import type { PeerId } from "../../wire/ids.ts";
import { defaultLimits, type Limits } from "../../wire/limits.ts";
import { type Post, postKind } from "../../wire/post.ts";
import { seededRng } from "../rng.ts";
import { seededCrypto } from "../seeded_crypto.ts";
import { OwnedAuthor } from "./owned_author.ts";

function club(seed = 1) {
  const crypto = seededCrypto(seed);
  const founder = new OwnedAuthor(crypto);
  const founding = founder.found("club");
  const person = () => new OwnedAuthor(crypto, founder.room);
  const rulingOf = (posts: readonly Post[], limits: Partial<Limits> = {}) =>
    charged(founder, posts, limits).ruling!;
  const charged = (who: OwnedAuthor, posts: readonly Post[], limits: Partial<Limits> = {}) => {
    const charge = new Charge(who.room, crypto, { ...defaultLimits, ...limits });
    feed(charge, posts);
    return charge;
  };
  return { crypto, founder, founding, person, rulingOf, charged };
}

/** As the engine does: whoever turns out to be an officer is read anew from what is stored. */
function feed(charge: Charge, posts: readonly Post[]): void {
  const stored: Post[] = [];
  const loaded = new Set<PeerId>();
  for (const post of posts) {
    stored.push(post);
    charge.take(post);
    for (let more = true; more;) {
      more = false;
      for (const officer of charge.officers) {
        if (loaded.has(officer)) continue;
        loaded.add(officer);
        more = true;
        for (const each of stored) {
          if (each.author === officer) charge.take(each, new Set([officer]));
        }
      }
    }
  }
}

const counts = (ruling: Ruling, posts: readonly Post[]) => posts.map((post) => ruling.counts(post));

Deno.test("Charge knows nobody until the founding post proves itself", () => {
  const { crypto, founder, founding, person, charged } = club();
  const mallory = person();
  const { deed } = charged(founder, [founding]).ruling!.acts[0]!;
  assert(deed.act === "found");
  const forged = mallory.act(1, { act: "found", name: deed.name, salt: deed.salt });
  assertEquals(charged(founder, [forged, mallory.act(2, { act: "close" })]).ruling, null);
  const charge = new Charge(founder.room, crypto, defaultLimits);
  assert(charge.take(founding));
  assert(!charge.take(forged), "only the founder's key makes this id");
  assertEquals(charge.ruling!.founder, founder.peer);
  assertEquals(charge.ruling!.name, "club");
});

Deno.test("Charge: announcements and topics count from those in charge alone", () => {
  const { founder, founding, person, rulingOf } = club();
  const [ann, bob] = [person(), person()];
  const early = ann.say(1, "too early", "announcement");
  const named = founder.act(2, { act: "admin", peer: ann.peer, logs: ann.marks() });
  const heard = ann.say(3, "hear", "announcement");
  const last = ann.post(4, { kind: "topic", text: "topic" });
  const ended = founder.act(5, { act: "no-admin", peer: ann.peer, logs: ann.marks() });
  const late = ann.say(6, "still?", "announcement");
  // An earlier date makes nothing valid.
  const dated = ann.say(3, "dated back", "announcement");
  const other = bob.say(7, "me too", "announcement");
  const own = founder.say(8, "mine", "announcement");
  const ruling = rulingOf([
    founding,
    ...[early, named, heard, last, ended, late, dated, other, own],
  ]);
  assertEquals(
    counts(ruling, [early, heard, last, late, dated, other, own]),
    [false, true, true, false, false, false, true],
  );
  assert(ruling.counts(ann.say(9, "a text")), "everybody may say something");
  assertEquals(ruling.acts.map(({ deed }) => deed.act), [
    "found",
    "admin",
    "announce",
    "topic",
    "no-admin",
    "announce",
  ]);
});

Deno.test("Charge: a removal cuts each log where it was, and a readmission goes on from there", () => {
  const { founder, founding, person, rulingOf } = club();
  const bob = person();
  const before = bob.say(1, "before");
  const removal = founder.act(2, { act: "remove", peer: bob.peer, logs: bob.marks() });
  const after = bob.say(3, "after");
  const dated = bob.say(0, "dated back");
  const marks = bob.marks();
  const again = founder.act(4, { act: "readmit", peer: bob.peer, logs: marks });
  const back = bob.say(5, "back");
  const twin = bob.twin(before, "in place of it");
  bob.newLog();
  const hidden = bob.say(1, "in another log");
  const removed = rulingOf([founding, removal]);
  assertEquals(
    counts(removed, [before, after, dated, back, twin, hidden]),
    [true, false, false, false, false, false],
  );
  assertEquals([removed.isIn(bob.peer), removed.isIn(founder.peer)], [false, true]);
  const readmitted = rulingOf([again, founding, removal]);
  assertEquals(counts(readmitted, [before, after, dated, back, twin]), [
    true,
    false,
    false,
    true,
    false,
  ]);
  assert(readmitted.isIn(bob.peer));
});

Deno.test("Charge: of two admins who remove each other at once the one named first stays", () => {
  const { founder, founding, person, rulingOf } = club();
  const [ann, bob] = [person(), person()];
  const naming = [ann, bob].map((who, i) =>
    founder.act(i + 1, { act: "admin", peer: who.peer, logs: [] })
  );
  const [annMarks, bobMarks] = [ann.marks(), bob.marks()];
  // Bob's act is the earlier one, and dated back as well.
  const byBob = bob.act(-50, { act: "remove", peer: ann.peer, logs: annMarks });
  const byAnn = ann.act(10, { act: "remove", peer: bob.peer, logs: bobMarks });
  for (const posts of [[byBob, byAnn], [byAnn, byBob]]) {
    const ruling = rulingOf([founding, ...posts, ...naming]);
    assertEquals([ruling.isIn(ann.peer), ruling.isIn(bob.peer)], [true, false]);
  }
});

Deno.test("Charge: who was removed from above is not admitted from below, nor given more room", () => {
  const { founder, founding, person, rulingOf } = club();
  const [ann, bob] = [person(), person()];
  const naming = founder.act(1, { act: "admin", peer: ann.peer, logs: [] });
  const cut = bob.say(2, "the last that counts");
  const removal = founder.act(3, { act: "remove", peer: bob.peer, logs: bob.marks() });
  const more = bob.say(4, "more");
  const wider = ann.act(5, { act: "remove", peer: bob.peer, logs: bob.marks() });
  const again = ann.act(6, { act: "readmit", peer: bob.peer, logs: bob.marks() });
  const ruling = rulingOf([founding, naming, removal, wider, again]);
  assertEquals(counts(ruling, [cut, more]), [true, false]);
  assertEquals([ruling.isIn(bob.peer), ruling.removedBy(bob.peer)], [false, 0]);
  assert(!rulingOf([founding, naming, wider]).isIn(bob.peer));
  assert(rulingOf([founding, naming, wider, again]).isIn(bob.peer));
});

Deno.test("Charge: a closed room counts nothing that is later, whoever says it", () => {
  const { founder, founding, person, rulingOf } = club();
  const [ann, bob] = [person(), person()];
  const said = bob.say(1, "before");
  const inVain = bob.act(2, { act: "close" });
  assertEquals(rulingOf([founding, said, inVain]).closed, null);
  const naming = founder.act(3, { act: "admin", peer: ann.peer, logs: [] });
  const closing = ann.act(4, { act: "close" });
  const ruling = rulingOf([founding, said, inVain, naming, closing]);
  assertEquals(ruling.closed?.by, ann.peer);
  const late = [bob.say(5, "late"), founder.say(6, "late too", "announcement")];
  assertEquals(counts(ruling, [said, ...late]), [true, false, false]);
});

Deno.test("Charge: those in charge hide posts of those below them", () => {
  const { founder, founding, person, rulingOf } = club();
  const [ann, bob] = [person(), person()];
  const naming = founder.act(1, { act: "admin", peer: ann.peer, logs: [] });
  const [mine, his] = [founder.say(2, "mine"), bob.say(3, "rude")];
  const hide = (who: OwnedAuthor, target: Post) =>
    who.post(4, { kind: "tombstone", target: target.id });
  const posts = [founding, naming, hide(ann, mine), hide(ann, his), hide(bob, mine)];
  const ruling = rulingOf(posts);
  assertEquals([ruling.hides(mine), ruling.hides(his)], [false, true]);
});

Deno.test("Charge: no more admins than adminsMax, and no more acts than actsMax, count", () => {
  const { founder, founding, person, rulingOf, charged } = club();
  const people = [person(), person(), person()];
  const naming = people.map(({ peer }, i) => founder.act(i + 1, { act: "admin", peer, logs: [] }));
  const ruling = rulingOf([founding, ...naming.toReversed()], { adminsMax: 2 });
  assertEquals(people.map(({ peer }) => ruling.rank(peer)), [1, 2, Infinity]);
  const few = charged(founder, [founding, ...naming.toReversed()], { actsMax: 2 });
  assertEquals([few.size, few.ruling!.acts.map(({ id }) => id)], [2, [
    founding.id,
    naming[0]!.id,
    naming[1]!.id,
  ]]);
});

Deno.test("Charge: 10,000 random orders of arrival give one and the same result", () => {
  const { crypto, founder, founding, person } = club(3);
  const [ann, bob, cat, dan, eve] = [person(), person(), person(), person(), person()];
  const posts: Post[] = [founding];
  const add = (post: Post) => posts.push(post);
  add(bob.say(1, "one"));
  for (const [i, who] of [ann, bob, cat].entries()) {
    add(founder.act(2 + i, { act: "admin", peer: who.peer, logs: who.marks() }));
  }
  // At once, with clocks that are wrong either way.
  const [annMarks, bobMarks] = [ann.marks(), bob.marks()];
  add(bob.act(3, { act: "remove", peer: ann.peer, logs: annMarks }));
  add(ann.act(900, { act: "remove", peer: bob.peer, logs: bobMarks }));
  add(dan.say(5, "rude"));
  add(cat.act(6, { act: "remove", peer: dan.peer, logs: dan.marks() }));
  add(dan.say(-400, "dated back"));
  add(bob.act(7, { act: "readmit", peer: dan.peer, logs: dan.marks() }));
  add(ann.act(8, { act: "readmit", peer: dan.peer, logs: dan.marks() }));
  add(dan.say(9, "thanks"));
  add(founder.act(10, { act: "no-admin", peer: cat.peer, logs: cat.marks() }));
  add(cat.say(11, "I still speak up", "announcement"));
  add(cat.act(-5, { act: "remove", peer: eve.peer, logs: [] }));
  add(eve.say(12, "hello"));
  add(ann.post(13, { kind: "topic", text: "peace" }));
  add(eve.post(14, { kind: "topic", text: "war" }));
  add(ann.post(15, { kind: "tombstone", target: eve.posts[0]!.id }));
  // A removed one with all its old keys, and strangers without any.
  for (let i = 0; i < 12; i++) add(bob.act(20 + i, { act: "remove", peer: ann.peer, logs: [] }));
  for (let i = 0; i < 100; i++) add(person().act(40 + i, { act: "close" }));
  add(ann.act(1_000, { act: "close" }));
  add(eve.say(1_001, "after the end"));
  const people = [founder, ann, bob, cat, dan, eve].map(({ peer }) => peer);
  const result = (order: readonly Post[]) => {
    const charge = new Charge(founder.room, crypto, defaultLimits);
    feed(charge, order);
    const ruling = charge.ruling!;
    return JSON.stringify([
      people.map((peer) => [ruling.rank(peer), ruling.isIn(peer), ruling.removedBy(peer)]),
      posts.map((post) => [ruling.counts(post), ruling.hides(post)]),
      ruling.acts.map(({ id }) => id),
      ruling.closed,
    ]);
  };
  const expected = result(posts);
  const shown = posts.filter(({ kind }) => kind === postKind.text);
  const ruling = (() => {
    const charge = new Charge(founder.room, crypto, defaultLimits);
    feed(charge, posts);
    return charge.ruling!;
  })();
  // "one" of bob, dan's three, eve's two.
  assertEquals(counts(ruling, shown), [true, true, false, true, true, false]);
  assertEquals([ruling.isIn(ann.peer), ruling.isIn(bob.peer)], [true, false]);
  const rng = seededRng(11);
  for (let round = 0; round < 10_000; round++) {
    const order = [...posts];
    for (let i = order.length - 1; i > 0; i--) {
      const j = Math.floor(rng.next() * (i + 1));
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    assertEquals(result(order), expected);
  }
});
