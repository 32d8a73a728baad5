/** Which invites to a private room hold, as a function of its posts. */

import { assert, assertEquals } from "@std/assert";
import {
  atTime,
  type InviteEnd,
  judgeInvite,
  type MadeInvite,
  type RoomFacts,
  timelessInvites,
} from "../../peer/invites.ts";
import { type LogId, type PeerId, type PostId, type RoomId, toId } from "../../wire/ids.ts";
import { encodeInviteDeed, type InviteDeed } from "../../wire/invite_post.ts";
import { type Post, postKind, signPost } from "../../wire/post.ts";
import { randomBelow, seededRng } from "../rng.ts";
import { seededCrypto } from "../seeded_crypto.ts";

const crypto = seededCrypto(911);
const room = toId<RoomId>(crypto.randomBytes(32));
const wallMs = 1_800_000_000_000;

/** A member that posts deeds. */
class Member {
  readonly keys = crypto.generateEd25519();
  readonly peer = toId<PeerId>(this.keys.publicKey);
  readonly log = toId<LogId>(crypto.randomBytes(8));
  #previous: PostId | null = null;
  #seq = 0;

  post(deed: InviteDeed, ms: number): Post {
    const place = { room, author: this.peer, log: this.log, seq: ++this.#seq, heads: [] };
    const body = { kind: postKind.invite, body: encodeInviteDeed(deed) };
    const time = { ms, counter: 0 };
    const post = signPost(
      { ...place, ...body, previous: this.#previous, time },
      this.keys.secretKey,
      crypto,
    );
    this.#previous = post.id;
    return post;
  }
}

const key = (byte: number) => new Uint8Array(32).fill(byte);
const make = (byte: number, count: number | null = null, expiresMs: number | null = null) =>
  ({ deed: "make", key: key(byte), expiresMs, count }) as const;

/** A room of some people, the first of whom has founded it. */
function room1(people: readonly Member[], wishes: Partial<RoomFacts> = {}): RoomFacts {
  return {
    isIn: (peer) => people.some((each) => each.peer === peer),
    rank: (peer) => peer === people[0]?.peer ? 0 : Infinity,
    counts: ({ author }) => people.some(({ peer }) => peer === author),
    uses: [],
    removed: null,
    ...wishes,
  };
}

/** As they stand at a time. */
function invitesIn(posts: Post[], facts: RoomFacts, atMs: number): MadeInvite[] {
  return timelessInvites(posts, facts).map((invite) => atTime(invite, atMs));
}

const ends = (posts: Post[], facts: RoomFacts): (InviteEnd | null)[] =>
  invitesIn(posts, facts, wallMs).map(({ end }) => end);
const none = () => 0;

Deno.test("atTime: an invite holds until its time is over", () => {
  const ann = new Member();
  const posts = [
    ann.post(make(1), 1_000),
    ann.post(make(2, null, wallMs), 2_000),
    ann.post(make(3, null, wallMs - 60_000), 3_000),
  ];
  assertEquals(ends(posts, room1([ann])), [null, null, "expired"]);
  const [, second] = invitesIn(posts, room1([ann]), wallMs);
  assertEquals([second!.author, second!.key, second!.time.ms], [ann.peer, key(2), 2_000]);
});

Deno.test("timelessInvites: its author and those above take it back, nobody else", () => {
  const [founder, ann, bo] = [new Member(), new Member(), new Member()];
  const facts = room1([founder, ann, bo]);
  const made = ann.post(make(1), 1_000);
  for (
    const [by, end] of [[ann, "revoked"], [founder, "revoked"], [bo, null]] as const
  ) {
    const taken = by.post({ deed: "revoke", invite: made.id }, 2_000);
    assertEquals(ends([made, taken], facts), [end]);
    assertEquals(ends([taken, made], facts), [end], "whatever came first");
  }
  const own = founder.post(make(2), 3_000);
  assertEquals(ends([own, ann.post({ deed: "revoke", invite: own.id }, 4_000)], facts), [null]);
});

Deno.test("timelessInvites: it ends with who made it, and with the removal of anybody after it", () => {
  const [founder, ann] = [new Member(), new Member()];
  const posts = [founder.post(make(1), 1_000), ann.post(make(2), 2_000)];
  const left = room1([founder], { counts: () => true });
  assertEquals(ends(posts, left), [null, "revoked"]);
  assertEquals(ends(posts, room1([founder])), [null], "and what does not count was never made");
  const removed = (ms: number) => room1([founder, ann], { removed: { ms, counter: 0 } });
  assertEquals(ends(posts, removed(1_500)), ["removal", null]);
  assertEquals(ends(posts, removed(2_500)), ["removal", "removal"]);
  assertEquals(ends(posts, removed(500)), [null, null]);
});

Deno.test("timelessInvites: uses are counted by who let in, each guest once", () => {
  const [founder, ann] = [new Member(), new Member()];
  const [one, two] = [new Member().peer, new Member().peer];
  const posts = [ann.post(make(1, 2), 1_000), ann.post(make(2), 1_001)];
  const use = (author: PeerId, peer: PeerId, byte: number) => ({
    author,
    peer,
    key: key(byte).toHex(),
  });
  const usesOf = (uses: RoomFacts["uses"]) =>
    invitesIn(posts, room1([founder, ann], { uses }), wallMs).map(({ used, end }) => [used, end]);
  assertEquals(usesOf([use(ann.peer, one, 1), use(ann.peer, one, 1)]), [[1, null], [0, null]]);
  // Whoever honours another's counted invite breaks the rules, and takes no place from its maker.
  assertEquals(usesOf([use(founder.peer, one, 1), use(founder.peer, one, 2)]), [[0, null], [
    1,
    null,
  ]]);
  assertEquals(usesOf([use(ann.peer, one, 1), use(ann.peer, two, 1)]), [[2, "used-up"], [0, null]]);
});

Deno.test("timelessInvites: of two posts about one key by one author the first counts", () => {
  const [ann, bo] = [new Member(), new Member()];
  const posts = [ann.post(make(1, 1), 2_000), ann.post(make(1), 3_000), bo.post(make(1), 1_000)];
  const all = invitesIn(posts, room1([ann, bo]), wallMs);
  assertEquals(all.map(({ author, count }) => [author, count]), [[bo.peer, null], [ann.peer, 1]]);
});

Deno.test("timelessInvites: what cannot be read is none", () => {
  const ann = new Member();
  const post = ann.post(make(1), 1_000);
  const posts = [
    { ...post, body: Uint8Array.of(0xff) },
    { ...post, body: Uint8Array.fromHex("8109") },
    { ...post, kind: postKind.text },
  ];
  assertEquals(invitesIn(posts, room1([ann]), wallMs), []);
});

Deno.test("timelessInvites: the order in which posts come changes nothing", () => {
  const people = [new Member(), new Member(), new Member()];
  const [founder, ann, bo] = people as [Member, Member, Member];
  const made = [founder, ann, bo].flatMap((by, i) =>
    [0, 1, 2].map((n) => by.post(make(3 * i + n, n === 0 ? null : n), 1_000 + 10 * i + n))
  );
  const posts = [
    ...made,
    ann.post(make(0), 1_500),
    founder.post({ deed: "revoke", invite: made[4]!.id }, 1_600),
    bo.post({ deed: "revoke", invite: made[5]!.id }, 1_700),
    bo.post({ deed: "revoke", invite: made[6]!.id }, 1_800),
  ];
  const facts = room1(people, { removed: { ms: 1_011, counter: 0 } });
  const first = invitesIn(posts, facts, wallMs);
  assert(new Set(first.map(({ end }) => end)).size > 2);
  const rng = seededRng(913);
  for (let i = 0; i < 1_000; i++) {
    for (let at = posts.length - 1; at > 0; at--) {
      const other = randomBelow(rng, at + 1);
      [posts[at], posts[other]] = [posts[other]!, posts[at]!];
    }
    assertEquals(invitesIn(posts, facts, wallMs), first);
  }
});

Deno.test("judgeInvite: a counted invite is honoured by its maker alone, an uncounted one by all", () => {
  const [ann, bo, cy] = [new Member(), new Member(), new Member()];
  const facts = room1([ann, bo]);
  const made = invitesIn([ann.post(make(1, 1), 1_000), ann.post(make(2), 1_001)], facts, wallMs);
  const [counted, uncounted] = [made.slice(0, 1), made.slice(1)];
  const judged = (invites: typeof made, me: PeerId) =>
    judgeInvite({ invites, me, pending: none }, facts);
  assertEquals(judged(counted, ann.peer), counted[0]);
  assertEquals(judged(counted, bo.peer), "not-maker");
  assertEquals(judged(uncounted, bo.peer), uncounted[0]);
  assertEquals(judged(uncounted, cy.peer), "unknown", "who is no member lets nobody in");
  assertEquals(judged([], ann.peer), "unknown");
});

Deno.test("judgeInvite: what is decided and not stored counts, so that the last place is given once", () => {
  const ann = new Member();
  const facts = room1([ann]);
  const invites = invitesIn([ann.post(make(1, 1), 1_000)], facts, wallMs);
  const judged = (pending: number) =>
    judgeInvite({ invites, me: ann.peer, pending: () => pending }, facts);
  assertEquals(judged(0), invites[0]);
  assertEquals(judged(1), "used-up");
});

Deno.test("judgeInvite: the reason is told", () => {
  const [founder, ann] = [new Member(), new Member()];
  const reason = (posts: Post[], facts: RoomFacts) =>
    judgeInvite(
      { invites: invitesIn(posts, facts, wallMs), me: founder.peer, pending: none },
      facts,
    );
  const both = room1([founder, ann]);
  const made = founder.post(make(1), 1_000);
  const taken = founder.post({ deed: "revoke", invite: made.id }, 2_000);
  assertEquals(reason([made, taken], both), "revoked");
  assertEquals(reason([founder.post(make(2, 1, wallMs - 60_000), 3_000)], both), "expired");
  const removed = room1([founder, ann], { removed: { ms: 9_000, counter: 0 } });
  assertEquals(reason([made], removed), "revoked");
});
