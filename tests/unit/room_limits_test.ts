/** The limits of rooms, reached on a real engine: what is remembered, told and counted. */

import { assert, assertEquals, assertLess, assertLessOrEqual } from "@std/assert";
import { Room } from "../../peer/room.ts";
import { type LogId, type PeerId, toId } from "../../wire/ids.ts";
import { defaultLimits, type Limits } from "../../wire/limits.ts";
import type { Message } from "../../wire/message.ts";
import { encodeMessage } from "../../wire/message_encode.ts";
import type { FrontierEntry } from "../../wire/message_entries.ts";
import { decodePost, type Post, type SignedPost } from "../../wire/post.ts";
import type { SignedPresence } from "../../wire/presence.ts";
import { publicRoomId } from "../../wire/text.ts";
import { liveHeapBytes } from "../fuzz/live_heap.ts";
import { countingCrypto } from "../counting_crypto.ts";
import { LoneEngine, loneEpochMs, type TestNeighbour } from "../lone_engine.ts";
import { seededRng } from "../rng.ts";
import { relayed, sampleId, samplePost, samplePresence } from "../samples.ts";
import { seededCrypto } from "../seeded_crypto.ts";
import { MemoryStore } from "./memory_store.ts";

const crypto = seededCrypto(161);
const identity = crypto.generateEd25519(), author = crypto.generateEd25519();
const room = publicRoomId("lobby", crypto);
const rng = seededRng(161);
const limits = defaultLimits;

function lone(changes: Partial<Limits> = {}): LoneEngine {
  const engine = new LoneEngine({ crypto, identity, limits: changes });
  assert(engine.command({ type: "join", room: "lobby" }).ok);
  return engine;
}

const envelope = ({ signed, signature }: SignedPost): SignedPost => ({ signed, signature });
const posts = (...some: readonly Post[]): Message => ({
  type: "posts",
  room,
  posts: some.map((post) => relayed(post)),
});
const presence = (...some: readonly SignedPresence[]): Message => ({
  type: "presence",
  presences: some.map(envelope),
});

/** A first post in a log of its own. */
function freshPost(ms = loneEpochMs): Post {
  return samplePost(rng, author, crypto, { room, seq: 1, ms });
}

/** A fresh person's word of being here, as long as one can be. */
function longWord(ms: number): SignedPresence {
  return samplePresence(rng, crypto.generateEd25519(), crypto, {
    room,
    time: { ms, counter: 0 },
    state: "away",
    name: "x".repeat(limits.nameBytesMax),
    reason: "x".repeat(limits.awayBytesMax),
  });
}

Deno.test("roomsMax: one room more is not opened, and a closed one makes room", () => {
  const engine = lone({ roomsMax: 3 });
  const join = (name: string) => engine.command({ type: "join", room: name });
  assert(join("b").ok && join("c").ok && join("c").ok);
  const refused = join("d");
  assert(!refused.ok && refused.code === "too-many-rooms");
  assert(engine.command({ type: "leave", room: "b" }).ok);
  assert(join("d").ok);
});

Deno.test("neighbourRoomsMax: a neighbour that names more rooms loses its link", () => {
  const engine = lone();
  const neighbour = engine.link();
  for (let i = 0; i < limits.neighbourRoomsMax; i++) {
    neighbour.say({ type: "join", room: sampleId(rng) });
  }
  assertEquals(neighbour.closed, null);
  neighbour.say({ type: "join", room: sampleId(rng) });
  assertEquals(neighbour.closed, "malformed: too many rooms");
});

Deno.test("presencesPerJoinMax: a new neighbour is told of the latest, and of ourselves", () => {
  const engine = lone({ presencesPerJoinMax: 3 });
  const words = [1, 2, 3, 4, 5].map((ms) => longWord(loneEpochMs - ms));
  const teller = engine.link();
  for (const word of words) teller.say(presence(word));
  const newcomer = engine.link();
  newcomer.enter(room);
  const [own, others] = newcomer.heardOf("presence");
  assertEquals(own?.presences.length, 1);
  assertEquals(others?.presences, words.slice(2).map(envelope));
  const settled = engine.link();
  settled.say({ type: "join", room }, { type: "neighbour", room, others: 2 });
  const told = settled.heardOf("presence").flatMap(({ presences }) => presences);
  assertEquals(told.length, 1, "who has other neighbours has heard of the others");
});

Deno.test("presenceMs: our own word is renewed that often", () => {
  const engine = lone();
  const neighbour = engine.link();
  neighbour.enter(room);
  const before = neighbour.heardOf("presence").length;
  // Up to a tenth sooner, so that not all speak at once.
  engine.pass(0.9 * limits.presenceMs - 1);
  assertEquals(neighbour.heardOf("presence").length, before);
  engine.pass(0.1 * limits.presenceMs + 1);
  assertEquals(neighbour.heardOf("presence").length, before + 1);
});

Deno.test("headCandidatesMax and headsMax: a post refers to the latest four of what is kept", () => {
  const engine = lone({ headCandidatesMax: 6 });
  const neighbour = engine.link();
  neighbour.enter(room);
  const some = Array.from({ length: 20 }, (_, i) => freshPost(loneEpochMs - 1_000 + i));
  for (const post of some) neighbour.say(posts(post));
  const kept = engine.engine.sizes.headCandidatesMax ?? 0;
  assertEquals(kept, 6);
  const say = () =>
    engine.command({ type: "say", room: "lobby", kind: "text", text: "hi", reply: null });
  assert(say().ok);
  const said = neighbour.heardOf("posts").at(-1)!.posts.at(-1)!;
  const { heads } = decodePost(said, crypto);
  assertEquals(heads.toSorted(), some.slice(-limits.headsMax).map(({ id }) => id).sort());
});

Deno.test("dedupHistoryMs: of history only what was said lately is remembered, and all of it taken once", () => {
  const { dedupHistoryMs } = limits;
  const engine = lone();
  const before = engine.engine.sizes.dedupMax ?? 0;
  const at = (agoMs: number) => freshPost(engine.now.wallMs - agoMs);
  const some = [at(0), at(dedupHistoryMs), at(dedupHistoryMs + 1), at(86_400_000)];
  const take = () => assert(engine.command({ type: "import", posts: some }).ok);
  take();
  assertEquals(engine.engine.sizes.dedupMax, before + 2);
  const bo = engine.link();
  bo.enter(room);
  const appends = engine.store.writes;
  bo.say(posts(...some));
  take();
  assertEquals(engine.store.writes, appends);
});

Deno.test("dedupMax: what is no longer remembered is found in the store, and taken once", () => {
  const engine = lone({ dedupMax: 10 });
  const neighbour = engine.link();
  neighbour.enter(room);
  const some = Array.from({ length: 40 }, () => freshPost());
  const writes = engine.store.writes;
  for (const post of some) neighbour.say(posts(post));
  assertEquals(engine.store.writes, writes + some.length);
  assertLessOrEqual(engine.engine.sizes.dedupMax ?? Infinity, 10);
  for (const post of some) neighbour.say(posts(post, post));
  assertEquals(engine.store.writes, writes + some.length);
});

Deno.test("rangesPerLogMax: a post that would open one range more is left with its sender", () => {
  const engine = lone({ rangesPerLogMax: 3 });
  const neighbour = engine.link();
  neighbour.enter(room);
  const log = sampleId<Post["log"]>(rng, 8);
  const say = (seq: number) => {
    const post = samplePost(rng, author, crypto, { room, log, seq, ms: loneEpochMs });
    neighbour.say(posts(post));
    return engine.store.has(post.id);
  };
  assertEquals([2, 4, 6, 8, 5, 8].map(say), [true, true, true, false, true, true]);
});

Deno.test("memberMs and receiptHoldersMax: who was heard of lately counts, up to a number", () => {
  const engine = lone({ receiptHoldersMax: 3 });
  const neighbour = engine.link();
  neighbour.enter(room);
  const said = engine.command({ type: "say", room: "lobby", kind: "text", text: "x", reply: null });
  const members = () => engine.engine.receipt(said.ok ? said.id! : fail(), engine.now)?.members;
  assertEquals(members(), 0);
  for (let i = 0; i < 2; i++) neighbour.say(presence(longWord(loneEpochMs)));
  assertEquals(members(), 2);
  for (let i = 0; i < 5; i++) neighbour.say(presence(longWord(loneEpochMs)));
  assertEquals(members(), 3);
  engine.advance(limits.memberMs);
  assertEquals(members(), 3);
  engine.advance(1);
  assertEquals(members(), 0);
});

function fail(): never {
  throw new Error("The text was not accepted");
}

Deno.test("diskProbeMs: a full disk is tried again then, and nothing is called sent before", () => {
  const engine = lone();
  const say = () =>
    engine.command({ type: "say", room: "lobby", kind: "text", text: "hi", reply: null });
  const codes = () =>
    engine.notices.flatMap((notice) => notice.type === "notice" ? [notice.code] : []);
  engine.diskFails = true;
  const failed = say();
  assert(!failed.ok && failed.code === "disk-full");
  assertEquals(codes(), ["disk-trouble"]);
  engine.diskFails = false;
  const early = say();
  assert(!early.ok && early.code === "disk-error");
  const appends = engine.pass(limits.diskProbeMs - 1).filter(({ type }) => type === "append");
  assertEquals(appends, []);
  engine.pass(1);
  assertEquals(codes(), ["disk-trouble", "disk-recovered"]);
  assert(say().ok);
});

Deno.test("presentMax: people beyond it are not shown, and those shown stay", () => {
  const engine = lone({ presentMax: 2 });
  const neighbour = engine.link();
  for (let i = 0; i < 5; i++) neighbour.say(presence(longWord(loneEpochMs)));
  assertEquals(
    engine.engine.who("lobby", { monoMs: 0, wallMs: 0 }).length,
    3,
    "two, and this peer",
  );
  assertEquals(engine.engine.sizes.presentMax, 2);
});

Deno.test("presentMax: made-up keys push nobody out of those heard of whose key a person has named", () => {
  const friend = sampleId<PeerId>(rng), me = sampleId<PeerId>(rng);
  const limits = { ...defaultLimits, presentMax: 3 };
  const log = sampleId<LogId>(rng, 8);
  const isKnown = (peer: PeerId) => peer === friend;
  const heard = new Room(room, "lobby", me, log, new MemoryStore(), crypto, limits, isKnown);
  heard.onHeard(friend, 1);
  const strangers = Array.from({ length: 9 }, () => sampleId<PeerId>(rng));
  for (const [i, stranger] of strangers.entries()) heard.onHeard(stranger, 2 + i);
  assertEquals([friend, ...strangers].filter((peer) => heard.heardMs(peer) !== null), [
    friend,
    ...strangers.slice(-2),
  ]);
});

Deno.test("presenceWordsBurst, presenceWordsPerSecond: a flood of words is judged and passed on no faster", () => {
  const counting = countingCrypto(crypto);
  const engine = new LoneEngine({
    crypto: counting.crypto,
    identity,
    limits: { presenceWordsBurst: 20, presenceWordsPerSecond: 4 },
  });
  engine.command({ type: "join", room: "lobby" });
  const [liar, honest, friend] = [joining(engine), joining(engine), crypto.generateEd25519()];
  const flood = (count: number, keys = author) => {
    const words = Array.from({ length: count }, () => {
      const time = { ms: loneEpochMs, counter: ++counter };
      const reason = `${counter}`, name = `x${counter}`;
      return samplePresence(rng, keys, crypto, { room, time, state: "away", name, reason });
    });
    const [before, told] = [counting.verified, engine.notices.length];
    honest.heard.length = 0;
    liar.say(presence(...words));
    const passedOn = honest.heardOf("presence").length;
    const cost = counting.verified - before;
    assertLessOrEqual(engine.notices.length - told, 2 * cost, "on the screens");
    return [cost, passedOn];
  };
  let counter = 0;
  assertEquals(flood(60), [20, 20]);
  assertEquals(flood(60, crypto.generateEd25519()), [0, 0], "nor under another key");
  engine.advance(1_000);
  assertEquals(flood(60), [4, 4]);
  const peer = toId<PeerId>(friend.publicKey);
  assert(engine.command({ type: "petname", peer, name: "Friend" }).ok);
  assert(engine.command({ type: "verify", peer, on: true }).ok);
  assertEquals(flood(1, friend), [1, 1], "who is known has a share apart");
  assertEquals([liar.closed, honest.closed], [null, null]);
});

Deno.test("ownWordsBurst, ownWordsPerSecond: a neighbour that comes and goes all the time is heard less often", () => {
  const engine = lone({ ownWordsBurst: 6, ownWordsPerSecond: 2 });
  const fickle = engine.link({ peer: toId<PeerId>(author.publicKey) });
  fickle.enter(room);
  let counter = 0;
  const heard = () => {
    const before = engine.notices.length;
    for (let i = 0; i < 20; i++) {
      const time = { ms: loneEpochMs, counter: ++counter };
      const state = i % 2 === 0 ? "here" as const : "left" as const;
      fickle.say(presence(samplePresence(rng, author, crypto, { room, time, state, name: "x" })));
    }
    return engine.notices.slice(before).filter(({ type }) => type === "presence").length;
  };
  assertEquals(heard(), 6);
  engine.advance(1_000);
  assertEquals(heard(), 2);
});

Deno.test("namesMax: the names of people heard of long ago are forgotten", () => {
  const engine = lone({ namesMax: 4 });
  const neighbour = engine.link();
  const words = Array.from({ length: 9 }, () => longWord(loneEpochMs));
  for (const word of words) neighbour.say(presence(word));
  const nameless = words.filter(({ author: peer }) => engine.engine.nameOf(peer) === "");
  assertEquals(nameless, words.slice(0, 5));
});

/** What a neighbour hears that joins now. */
function joining(engine: LoneEngine): TestNeighbour {
  const neighbour = engine.link();
  neighbour.enter(room);
  return neighbour;
}

Deno.test("presencesPerJoinMax: even the longest words all reach a newcomer, in whole frames", () => {
  const engine = lone();
  const teller = joining(engine);
  for (let i = 0; i < limits.presencesPerJoinMax; i++) teller.say(presence(longWord(loneEpochMs)));
  const told = joining(engine).heardOf("presence").flatMap(({ presences }) => presences);
  assertEquals(told.length, limits.presencesPerJoinMax + 1);
});

Deno.test("frontierEntriesMax: even the longest entries fit a message with room to spare", () => {
  const edge = 2 ** 53 - 1;
  const entry: FrontierEntry = {
    author: sampleId(rng),
    log: sampleId(rng, 8),
    top: 2 ** 40,
    topId: sampleId(rng),
    above: Array.from({ length: limits.rangesAboveMax }, (_, i) => {
      const from = edge - 2 * (limits.rangesAboveMax - i);
      return [from, from];
    }),
  };
  const entries = new Array<FrontierEntry>(limits.frontierEntriesMax).fill(entry);
  const { length } = encodeMessage({ type: "frontier", room, entries, last: true });
  assertLessOrEqual(length, limits.pageBytesMax);
});

Deno.test("receipts: what neighbours claim to hold of logs that are none of ours costs no memory", () => {
  const engine = lone();
  const liar = joining(engine);
  const before = liveHeapBytes();
  for (let i = 0; i < 5_000; i++) {
    liar.say({ type: "have", room, log: sampleId(rng, 8), ranges: [[1, 1]] });
  }
  assertLess(liveHeapBytes() - before, 1024 * 1024);
});

Deno.test("join: said again it is not answered again", () => {
  const engine = lone();
  const neighbour = joining(engine);
  const before = neighbour.heardOf("presence").length;
  neighbour.say(...new Array<Message>(1_000).fill({ type: "join", room }));
  assertEquals([neighbour.heardOf("presence").length, neighbour.closed], [before, null]);
});

Deno.test("presentTellings: who closes and opens a room is not told each time that we are in it", () => {
  const engine = lone();
  const fickle = joining(engine);
  const told = () => fickle.heardOf("presence").length;
  const flap = () => fickle.say({ type: "leave", room }, { type: "join", room });
  assertEquals(told(), 1);
  for (let i = 0; i < 100; i++) flap();
  assertEquals([told(), fickle.closed], [limits.presentTellings, null]);
  engine.advance(limits.presenceMs);
  flap();
  assertEquals(told(), limits.presentTellings + 1);
});
