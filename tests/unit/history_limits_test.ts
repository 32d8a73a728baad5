/** An engine and its neighbours over forks: what it keeps, asks for and answers. */

import { assert, assertEquals } from "@std/assert";
import type { LogId } from "../../wire/ids.ts";
import { defaultLimits, type Limits } from "../../wire/limits.ts";
import { decodePost, type Post } from "../../wire/post.ts";
import { countingCrypto } from "../counting_crypto.ts";
import { LoneEngine, type TestNeighbour } from "../lone_engine.ts";
import { seededRng } from "../rng.ts";
import { relayed, sampleId } from "../samples.ts";
import { seededCrypto } from "../seeded_crypto.ts";
import { Author, count } from "./author.ts";

const { forkEndsMax, forkEndsBurst, forkEndsPerSecond } = defaultLimits;
const { seeksBurst, seeksPerSecond, digestsBurst, digestsPerSecond, wantAloneMs } = defaultLimits;
const crypto = seededCrypto(171);
const rng = seededRng(171);
const ann = new Author(crypto);
const lobby = ann.room;

function start(stored: readonly Post[] = [], limits: Partial<Limits> = {}) {
  const identity = crypto.generateEd25519();
  const engine = new LoneEngine({ crypto, identity, stored, limits });
  engine.command({ type: "join", room: "lobby" });
  const bo = engine.link();
  bo.enter(lobby);
  return { engine, bo };
}

function branch(name: string, from: number, to: number, before: Post | null): Post[] {
  const posts: Post[] = [];
  for (let seq = from; seq <= to; seq++) {
    posts.push(
      ann.text(seq, `${name}${seq}`, { previous: posts.at(-1)?.id ?? before?.id ?? null }),
    );
  }
  return posts;
}

const trunk = branch("trunk", 1, 3, null);
const left = branch("left", 4, 6, trunk[2]!);
const right = branch("right", 4, 6, trunk[2]!);

const says = (neighbour: TestNeighbour, ...posts: readonly Post[]) =>
  neighbour.say({ type: "posts", room: lobby, posts: posts.map((post) => relayed(post)) });

/** Answers the last question for an id. */
function answer(neighbour: TestNeighbour, posts: readonly Post[]): void {
  const { request, id } = neighbour.heardOf("seek").at(-1)!;
  assertEquals(id, posts[0]?.id);
  const envelopes = posts.map(({ signed, signature }) => ({ signed, signature }));
  neighbour.say({ type: "page", room: lobby, request, posts: envelopes, last: true });
}

/** A part of an answer, with one post. */
function page(neighbour: TestNeighbour, request: number, { signed, signature }: Post): void {
  const posts = [{ signed, signature }];
  neighbour.say({ type: "page", room: lobby, request, posts, last: false });
}

const forks = (engine: LoneEngine) => engine.notices.filter(({ type }) => type === "fork");

Deno.test("Engine finds a branch of equal length by the id of the top, and goes back to where it left", () => {
  const { engine, bo } = start([...trunk, ...left]);
  const { author, log } = trunk[0]!;
  const entry = { author, log, top: 6, topId: right[2]!.id, above: [] };
  bo.say({ type: "frontier", room: lobby, entries: [entry], last: true });
  answer(bo, [right[2]!, right[1]!]);
  assertEquals(forks(engine).length, 1, "one notice for a log, however many places");
  answer(bo, [right[0]!, trunk[2]!]);
  assertEquals(bo.heardOf("seek").length, 2, "the branches have met");
  for (const post of right) assert(engine.store.has(post.id));
  const shown = engine.notices.flatMap((each) => each.type === "message" ? [each.post.text] : []);
  assertEquals(shown.toSorted(), ["right4", "right5", "right6"]);
  assertEquals(bo.closed, null);
});

Deno.test("Engine finds a branch where a post does not link to what is held, and by what it is told of ends", () => {
  const { bo } = start([...trunk, ...left.slice(0, 2)]);
  says(bo, right[2]!);
  assertEquals(bo.heardOf("seek").at(-1)?.id, right[1]!.id);
  const other = start([...trunk, ...left]);
  const { author, log } = trunk[0]!;
  const end = { seq: 4, id: right[0]!.id };
  other.bo.say({ type: "forks", room: lobby, entries: [{ author, log, ends: [end] }] });
  answer(other.bo, [right[0]!]);
  assert(other.engine.store.has(right[0]!.id));
});

Deno.test("Engine finds what lacks behind the newest posts of a room, by what it is told of ends beside it", () => {
  const { bo } = start([...trunk, right[1]!, ...left], { headCandidatesMax: 1 });
  assertEquals(bo.heardOf("seek"), [], "only the newest are looked at after a start");
  const { author, log } = trunk[0]!;
  const end = { seq: 4, id: left[0]!.id };
  bo.say({ type: "forks", room: lobby, entries: [{ author, log, ends: [end] }] });
  assertEquals(bo.heardOf("seek").map(({ id }) => id), [right[0]!.id]);
});

Deno.test("Engine takes nothing of a page for an id that the id does not lead to", () => {
  const { engine, bo } = start([...trunk, ...left]);
  const { author, log } = trunk[0]!;
  const entry = { author, log, top: 6, topId: right[2]!.id, above: [] };
  bo.say({ type: "frontier", room: lobby, entries: [entry], last: true });
  const { request } = bo.heardOf("seek").at(-1)!;
  const wrong = [right[0]!, right[1]!].map(({ signed, signature }) => ({ signed, signature }));
  bo.say({ type: "page", room: lobby, request, posts: wrong, last: true });
  assert(!engine.store.has(right[0]!.id) && !engine.store.has(right[1]!.id));
});

Deno.test("Engine asks for history first of whom it has something new from, however many claim it", () => {
  const { engine, bo: silent } = start();
  const [other, giver] = [engine.link(), engine.link()];
  for (const link of [other, giver]) link.enter(lobby);
  const { author, log } = trunk[0]!;
  for (const link of [silent, other, giver]) {
    const entry = { author, log, top: 3, topId: null, above: [] };
    link.say({ type: "frontier", room: lobby, entries: [entry], last: true });
  }
  const asked = () => [silent, other, giver].map((link) => link.heardOf("want").length);
  assertEquals(asked(), [1, 0, 0]);
  engine.pass(1_000);
  says(giver, new Author(crypto).text(1, "something new", { previous: null }));
  engine.pass(wantAloneMs - 1_001);
  assertEquals(asked(), [1, 0, 0]);
  engine.pass(1);
  assertEquals(asked(), [1, 0, 1]);
});

Deno.test("Engine asks others for what a neighbour holds back that answers with posts of its own", () => {
  const { engine, bo } = start();
  const cy = engine.link();
  cy.enter(lobby);
  engine.pass(1_000);
  const own = new Author(crypto);
  const claim = (of: Author, top: number) => ({
    type: "frontier" as const,
    room: lobby,
    entries: [{ author: of.peer, log: of.log, top, topId: null, above: [] }],
    last: true,
  });
  bo.say(claim(ann, 3), claim(own, 90));
  cy.say(claim(ann, 3));
  const { request } = bo.heardOf("want").at(-1)!;
  for (let seq = 90; cy.heardOf("want").length === 0; seq--) {
    assert(seq > 84, "nobody else was asked within six seconds");
    page(bo, request, own.text(seq));
    engine.pass(1_000);
  }
  assertEquals(cy.heardOf("want")[0]!.ranges.at(-1)?.author, ann.peer);
});

Deno.test("Engine asks those last whose answers were late, however new what they send", () => {
  const { engine, bo } = start();
  const [cy, dy] = [engine.link(), engine.link()];
  for (const link of [cy, dy]) link.enter(lobby);
  engine.pass(1_000);
  const { author, log } = trunk[0]!;
  const entries = [{ author, log, top: 3, topId: null, above: [] }];
  for (const link of [bo, cy, dy]) link.say({ type: "frontier", room: lobby, entries, last: true });
  engine.pass(wantAloneMs);
  const asked = () => [bo, cy, dy].map((link) => link.heardOf("want").length);
  assertEquals(asked(), [1, 1, 0]);
  const { request } = bo.heardOf("want")[0]!;
  page(bo, request, trunk[2]!);
  bo.say({ type: "page", room: lobby, request, posts: [], last: true });
  engine.pass(wantAloneMs);
  assertEquals(asked(), [1, 1, 1]);
});

Deno.test("forkEndsMax: Engine tells a neighbour that lacks them the ends of branches, so many", () => {
  const { bo } = start([...trunk, ...left, ...right], { forkEndsMax: 1 });
  assertEquals([bo.heardOf("digest").length, bo.heardOf("frontier").length], [1, 0]);
  bo.say({ type: "digest", room: lobby, buckets: [] });
  const told = bo.heardOf("forks").flatMap(({ entries }) => entries.flatMap(({ ends }) => ends));
  assertEquals(told.length, 1);
  assert([left[2]!.id, right[2]!.id].includes(told[0]!.id));
});

Deno.test("seeksBurst, seeksPerSecond: Engine answers so many questions for ids, with what leads there", () => {
  const { engine, bo } = start([...trunk, ...left, ...right]);
  const ask = (count: number) => {
    bo.heard.length = 0;
    for (let request = 0; request < count; request++) {
      bo.say({ type: "seek", room: lobby, request, id: right[2]!.id, most: 4 });
    }
    return bo.heardOf("page");
  };
  const pages = ask(seeksBurst + 10);
  assertEquals(pages.length, seeksBurst);
  const ids = pages[0]!.posts.map((post) => decodePost(post, crypto).id);
  assertEquals(ids, [right[2]!, right[1]!, right[0]!, trunk[2]!].map(({ id }) => id));
  engine.pass(1_000);
  assertEquals(ask(50).length, seeksPerSecond);
});

Deno.test("forkEndsBurst, forkEndsPerSecond: Engine looks for so many ends of branches", () => {
  const { engine, bo } = start(trunk);
  let looked = 0;
  const has = engine.store.has.bind(engine.store);
  engine.store.has = (id) => (looked++, has(id));
  const { author, log } = trunk[0]!;
  const ends = count(1, forkEndsMax).map(() => ({ seq: 2, id: trunk[1]!.id }));
  const entries = count(1, 64).map(() => ({ author, log, ends }));
  const looksFor = (messages: number) => {
    looked = 0;
    for (let i = 0; i < messages; i++) bo.say({ type: "forks", room: lobby, entries });
    // Once for the end itself, and once for what stands before the place after it.
    return looked / 2;
  };
  assertEquals(looksFor(100), forkEndsBurst);
  engine.pass(1_000);
  assertEquals(looksFor(10), forkEndsPerSecond);
  assertEquals(bo.closed, null);
});

Deno.test("digestsBurst, digestsPerSecond: Engine looks at its logs for so many digests", () => {
  const { engine, bo } = start(trunk);
  const tell = (count: number) => {
    bo.heard.length = 0;
    for (let i = 0; i < count; i++) bo.say({ type: "digest", room: lobby, buckets: [] });
    return bo.heardOf("frontier").length;
  };
  assertEquals(tell(digestsBurst + 10), digestsBurst);
  engine.pass(1_000);
  assertEquals(tell(50), digestsPerSecond);
  bo.say({ type: "rest", room: lobby }, { type: "neighbour", room: lobby, others: 0 });
  assertEquals(tell(50), 0, "nor for being a neighbour anew");
});

Deno.test("statedLogsBurst, statedLogsPerSecond: Engine states all logs, and then waits for as long", () => {
  // One more is our own.
  const stored = Array.from(
    { length: 199 },
    () => ann.text(1, "one", { log: sampleId<LogId>(rng, 8) }),
  );
  const { engine, bo } = start(stored, { statedLogsBurst: 450, statedLogsPerSecond: 50 });
  const stated = () => {
    bo.heard.length = 0;
    bo.say({ type: "digest", room: lobby, buckets: [] });
    return bo.heardOf("frontier").flatMap(({ entries }) => entries).length;
  };
  assertEquals([stated(), stated(), stated(), stated()], [200, 200, 200, 0]);
  engine.pass(2_000);
  assertEquals(stated(), 0, "150 were told beyond what may be at once");
  engine.pass(2_000);
  assertEquals([stated(), stated()], [200, 0]);
  bo.say({ type: "rest", room: lobby }, { type: "neighbour", room: lobby, others: 0 });
  assertEquals(stated(), 0, "nor for being a neighbour anew");
});

Deno.test("statedLogsPerSecond: who may not be told yet is told our digest, to which it answers", () => {
  const { engine, bo } = start(trunk, { statedLogsBurst: 1, statedLogsPerSecond: 0.01 });
  bo.say({ type: "digest", room: lobby, buckets: [] });
  assertEquals([bo.heardOf("digest").length, bo.heardOf("frontier").length], [1, 1]);
  bo.say({ type: "digest", room: lobby, buckets: [{ bucket: 1, hash: "00".repeat(8) }] });
  engine.pass(defaultLimits.digestMs);
  assertEquals([bo.heardOf("digest").length, bo.heardOf("frontier").length], [2, 1]);
});

Deno.test("allowanceOfLog: the first post of a log takes more of a day than those after it", () => {
  const limits = { allowancePosts: 100, allowanceOfLog: 20 };
  const taken = (posts: readonly Post[]) => {
    const { engine, bo } = start([], limits);
    for (const post of posts) says(bo, post);
    return posts.filter(({ id }) => engine.store.has(id)).length;
  };
  const apart = Array.from({ length: 30 }, () => {
    const someone = new Author(crypto);
    return someone.text(1);
  });
  assertEquals(taken(apart), 5, "whoever makes a key for each post");
  assertEquals(taken(ann.texts(...count(1, 150))), 81);
});

Deno.test("logsPerAuthorMax: what finds no place costs a budget as much as what does", () => {
  const counting = countingCrypto(crypto);
  const identity = crypto.generateEd25519();
  const limits = { logsPerAuthorMax: 1, budgetBurst: 5, budgetPerSecond: 2 };
  const engine = new LoneEngine({ crypto: counting.crypto, identity, limits });
  engine.command({ type: "join", room: "lobby" });
  const bo = engine.link();
  bo.enter(lobby);
  const flood = () => {
    const before = counting.verified;
    const logs = Array.from({ length: 12 }, () => sampleId<LogId>(rng, 8));
    says(bo, ...logs.map((log) => ann.text(1, "one", { log })));
    return counting.verified - before;
  };
  assertEquals([flood(), flood()], [5, 0]);
  engine.advance(1_000);
  assertEquals(flood(), 2);
});

Deno.test("logsPerAuthorMax, logsPerKnownMax: of one author so many logs are kept", () => {
  const first = () => ann.text(1, "one", { log: sampleId<LogId>(rng, 8) });
  const limits = { logsPerAuthorMax: 3, logsPerKnownMax: 5 };
  const stranger = start([first()], limits);
  says(stranger.bo, first(), first(), first(), first());
  assertEquals(stranger.engine.store.newest(lobby, 99).length, 1 + 3, "with our own name");
  const friend = start([first()], limits);
  const address = "10.0.0.9:9797";
  friend.engine.command({ type: "connect", address });
  friend.engine.link({ direction: "out", address, peer: ann.peer });
  says(friend.bo, ...Array.from({ length: 9 }, first));
  assertEquals(friend.engine.store.newest(lobby, 99).length, 1 + 5);
});

Deno.test("Engine tells of a gap that stays, and when it has healed", () => {
  const { engine, bo } = start(trunk.slice(0, 1));
  says(bo, trunk[2]!);
  for (let i = 0; i < 3; i++) engine.pass(defaultLimits.gapMs);
  const gaps = () =>
    engine.notices.flatMap((each) => each.type === "gap" ? [[each.missing, each.asking]] : []);
  assertEquals(gaps(), [[1, ""]]);
  says(bo, trunk[1]!);
  for (let i = 0; i < 3; i++) engine.pass(defaultLimits.gapMs);
  assertEquals(gaps(), [[1, ""], [0, ""]]);
});

Deno.test("Engine tells of a gap that one neighbour says to have removed and another offers", () => {
  const { engine, bo } = start(trunk.slice(0, 1));
  const liar = engine.link();
  liar.enter(lobby);
  const { author, log } = trunk[0]!;
  const floor = { author, log, seq: 2 ** 40, id: trunk[1]!.id, kept: [] };
  liar.say({ type: "floors", room: lobby, floors: [floor] });
  says(bo, trunk[2]!);
  const gaps = () => {
    for (let i = 0; i < 3; i++) engine.pass(defaultLimits.gapMs);
    return engine.notices.filter(({ type }) => type === "gap").length;
  };
  assertEquals(gaps(), 1, "who was not asked has nothing to say");
  const other = start(trunk.slice(0, 1));
  const entry = { author, log, top: 3, topId: trunk[2]!.id, above: [] };
  const second = other.engine.link();
  second.enter(lobby);
  for (const each of [other.bo, second]) {
    each.say({ type: "frontier", room: lobby, entries: [entry], last: true });
  }
  other.bo.say({ type: "floors", room: lobby, floors: [floor] });
  says(second, trunk[2]!);
  for (let i = 0; i < 3; i++) other.engine.pass(defaultLimits.gapMs);
  assertEquals(other.engine.notices.filter(({ type }) => type === "gap").length, 1);
});

Deno.test("wantPostsLiveMax, liveMs: Engine asks for little at a time while people talk", () => {
  const { wantPostsLiveMax, liveMs, wantPostsPerLogMax } = defaultLimits;
  const asked = (quietMs: number, rttMs = 0) => {
    const engine = new LoneEngine({ crypto, identity: crypto.generateEd25519() });
    engine.command({ type: "join", room: "lobby" });
    const bo = engine.link({ answersPings: false });
    engine.pass(rttMs);
    bo.say({ type: "pong", nonce: bo.heardOf("ping")[0]!.nonce });
    bo.enter(lobby);
    if (quietMs > 0) says(bo, ann.text(1, "hello"));
    engine.pass(quietMs);
    const entry = { author: ann.peer, log: sampleId<LogId>(rng, 8), top: 9_000, topId: null };
    bo.say({ type: "frontier", room: lobby, entries: [{ ...entry, above: [] }], last: true });
    return bo.heardOf("want").map(({ ranges }) =>
      ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0)
    );
  };
  const twoSmall = [wantPostsLiveMax, wantPostsLiveMax];
  assertEquals(asked(liveMs - 1), twoSmall);
  assertEquals(asked(liveMs), [wantPostsPerLogMax]);
  assertEquals(asked(0), twoSmall, "on a new link nobody has had the time to talk");
  assertEquals(asked(1, 100), [250, 250], "a long link is used while its answers are on their way");
  assertEquals(asked(1, 300), [wantPostsPerLogMax], "two would be too much");
});
