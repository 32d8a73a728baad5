/**
 * Rulings over the posts of a private room as they come in any order, and what somebody who was
 * removed tries against them.
 */

import { assert, assertEquals } from "@std/assert";
import { Charge } from "../../peer/charge.ts";
import type { ActPost, Ruling } from "../../peer/ruling.ts";
import { privateRuler } from "../../peer/members.ts";
import type { CryptoSuite } from "../../wire/crypto_suite.ts";
import type { PeerId, RoomId } from "../../wire/ids.ts";
import { defaultLimits, type Limits } from "../../wire/limits.ts";
import type { Post } from "../../wire/post.ts";
import { seededRng } from "../rng.ts";
import { seededCrypto } from "../seeded_crypto.ts";
import { PrivateAuthor } from "./private_author.ts";

const seeded = seededCrypto(501);
const verdicts = new Map<string, boolean>();
/** Each signature is verified once, however many orders there are. */
export const crypto: CryptoSuite = {
  ...seeded,
  verify: (key, message, signature) => {
    const name = signature.toHex();
    const known = verdicts.get(name);
    if (known !== undefined) return known;
    const verdict = seeded.verify(key, message, signature);
    verdicts.set(name, verdict);
    return verdict;
  },
};
const secret = crypto.randomBytes(32);

/** A room with people in it; the first is the founder. */
export function company(names: number): {
  readonly founding: Post;
  readonly people: readonly PrivateAuthor[];
} {
  const founder = new PrivateAuthor(crypto);
  const founding = founder.found("club", secret);
  const others = Array.from({ length: names - 1 }, () => new PrivateAuthor(crypto, founder.room));
  return { founding, people: [founder, ...others] };
}

/** How acts of the room are read and judged. */
export const rulerOf = (room: RoomId) => privateRuler(room, secret, crypto);

/** Takes posts as an engine does: those of people not known yet are looked at again later. */
export function ruled(posts: readonly Post[], limits: Limits = defaultLimits): Ruling | null {
  const [{ room }] = posts as [Post];
  const charge = new Charge(room, crypto, limits, rulerOf(room));
  const waiting = new Map<PeerId, Post[]>();
  let known = charge.officers;
  for (const post of posts) {
    const all = waiting.get(post.author) ?? [];
    all.push(post);
    waiting.set(post.author, all);
    if (!charge.take(post, known)) continue;
    for (let more = true; more;) {
      more = false;
      const now = charge.officers;
      for (const peer of now) {
        if (known.has(peer)) continue;
        more = true;
        for (const stored of waiting.get(peer) ?? []) charge.take(stored, now);
      }
      known = now;
    }
  }
  return charge.ruling;
}

/** What everybody must agree on. */
export function view(ruling: Ruling | null, posts: readonly Post[]): string {
  if (ruling === null) return "nothing";
  const members = [...ruling.membership!.members].sort().join(" ");
  const counting = posts.filter((post) => ruling.counts(post)).map(({ id }) => id).sort();
  const acts = ruling.acts.map(({ id }: ActPost) => id).join(" ");
  const closed = ruling.closed?.id ?? "open";
  return [members, counting.join(" "), acts, closed, ruling.name].join("\n");
}

export function shuffled<T>(items: readonly T[], rng: ReturnType<typeof seededRng>): T[] {
  const all = [...items];
  for (let i = all.length - 1; i > 0; i--) {
    const j = Math.floor(rng.next() * (i + 1));
    [all[i], all[j]] = [all[j]!, all[i]!];
  }
  return all;
}

/** All that they have signed. */
export const all = (people: readonly PrivateAuthor[]) => people.flatMap(({ posts }) => posts);

/**
 * A removed member with old keys and 100 fresh identities does what it can.
 *
 * @param orders In so many orders all of it comes; each must give the same.
 */
export function resistInOrders(orders: number): void {
  const { people } = company(7);
  const [founder, first, second, ann, bo, mal, eve] = people as [
    PrivateAuthor,
    PrivateAuthor,
    PrivateAuthor,
    PrivateAuthor,
    PrivateAuthor,
    PrivateAuthor,
    PrivateAuthor,
  ];
  founder.act(10, { act: "admin", peer: first.peer, logs: [] });
  founder.act(11, { act: "admin", peer: second.peer, logs: [] });
  for (const [i, guest] of [ann, bo, mal].entries()) founder.add(20 + i, guest);
  for (const each of [ann, bo, mal, first]) each.say(40);
  // Eve comes by mal, while mal is a member.
  mal.add(50, eve);
  eve.say(60);
  const cut = mal.marks();
  second.remove(100, mal, cut);
  const honest = [...all(people)];
  const expected = view(ruled(honest), honest);
  // What mal does from then on, or says to have done before.
  const fresh = Array.from({ length: 100 }, () => new PrivateAuthor(crypto, founder.room));
  const doings: Post[] = [];
  for (const [i, identity] of fresh.entries()) {
    if (i % 25 === 0) mal.newLog();
    doings.push(mal.add(i % 2 === 0 ? 45 : 200 + i, identity));
    doings.push(identity.say(i % 3 === 0 ? 46 : 300));
    const next = fresh[(i + 1) % fresh.length]!;
    doings.push(identity.add(i % 2 === 0 ? 47 : 300, next));
  }
  for (const victim of [ann, bo, first, founder]) {
    mal.newLog();
    doings.push(mal.remove(30, victim, []), mal.remove(400, victim, []));
    doings.push(mal.act(15, { act: "admin", peer: mal.peer, logs: [] }));
    doings.push(
      mal.act(120, { act: "close" }),
      mal.add(130, mal),
      fresh[0]!.remove(30, victim, []),
    );
  }
  const posts = [...honest, ...doings];
  const rng = seededRng(77);
  for (let order = 0; order < orders; order++) {
    const ruling = ruled(shuffled(posts, rng));
    const seen = view(ruling, honest);
    if (seen !== expected) assertEquals(seen, expected, `order ${order}`);
    if (order % 100 !== 0) continue;
    assertEquals(doings.filter((post) => ruling!.counts(post)), []);
    assert(ruling!.isIn(eve.peer) && !ruling!.isIn(mal.peer));
    assert(fresh.every(({ peer }) => !ruling!.isIn(peer)));
  }
}
