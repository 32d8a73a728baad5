/** Receipts as state: when our own is said, what it says, and what others' words do. */

import { assert, assertEquals, assertLess } from "@std/assert";
import { ReceiptRows } from "../../peer/receipt_rows.ts";
import { type LogId, type PeerId, type RoomId, toId } from "../../wire/ids.ts";
import { defaultLimits, type Limits } from "../../wire/limits.ts";
import { signPost } from "../../wire/post.ts";
import { encodeBody } from "../../wire/post_body.ts";
import { decodeReceipt, logMark, type SignedReceipt, signReceipt } from "../../wire/receipt.ts";
import { publicRoomId } from "../../wire/text.ts";
import { countingCrypto } from "../counting_crypto.ts";
import { LoneEngine, loneEpochMs, type TestNeighbour } from "../lone_engine.ts";
import { seededRng } from "../rng.ts";
import { relayed, sampleId } from "../samples.ts";
import { seededCrypto } from "../seeded_crypto.ts";

const {
  receiptMs,
  receiptManyMs,
  receiptGatherMs,
  receiptRepeatMs,
  receiptWaitsMax,
  presentTellings,
  receiptActiveMs,
  receiptForgetMs,
  receiptHoldersMax,
  receiptWordsBurst,
  receiptWordsPerSecond,
  undeliveredMs,
} = defaultLimits;
const crypto = seededCrypto(151);
const lobby = publicRoomId("lobby", crypto);
const rng = seededRng(151);
const ownLog = toId<LogId>(new Uint8Array(8).fill(1));

/** Somebody with a key who writes and confirms. */
class Person {
  readonly keys = crypto.generateEd25519();
  readonly peer = toId<PeerId>(this.keys.publicKey);
  readonly log = sampleId<LogId>(rng, 8);
  #seq = 0;

  /** The next text, said at a time. */
  says(text: string, ms: number) {
    const seq = ++this.#seq;
    const previous = seq === 1 ? null : sampleId<never>(rng);
    const fields = { room: lobby, author: this.peer, log: this.log, seq, previous, heads: [] };
    const body = encodeBody({ kind: "text", text, reply: null });
    return signPost({ ...fields, ...body, time: { ms, counter: 0 } }, this.keys.secretKey, crypto);
  }

  /** A word of what it holds of a log. */
  holds(of: PeerId, log: LogId, to: number, ms: number): SignedReceipt {
    const held = [{ mark: logMark(of, log, crypto), ranges: [[1, to] as const] }];
    const word = { room: lobby, author: this.peer, time: { ms, counter: 0 }, held };
    return signReceipt(word, this.keys.secretKey, crypto);
  }
}

const envelope = ({ signed, signature }: SignedReceipt) => ({ signed, signature });

function start(limits: Partial<Limits> = {}): { engine: LoneEngine; bo: TestNeighbour } {
  const engine = new LoneEngine({ crypto, identity: crypto.generateEd25519(), limits });
  engine.command({ type: "join", room: "lobby" });
  const bo = engine.link();
  bo.enter(lobby);
  return { engine, bo };
}

/** The receipts that a neighbour has heard. */
const wordsTo = (neighbour: TestNeighbour) =>
  neighbour.heardOf("receipts").flatMap(({ receipts }) => receipts.map(decodeReceipt));

const receipts = (engine: LoneEngine) =>
  engine.notices.flatMap((notice) =>
    notice.type === "receipt" ? [[notice.have, notice.members]] : []
  );

const deliveries = (engine: LoneEngine) =>
  engine.notices.flatMap((notice) =>
    notice.type === "delivery" ? [notice.reason ?? notice.state] : []
  );

Deno.test("Engine says what it holds once it has gathered, then every receiptMs at most, and once more receiptRepeatMs later", () => {
  const { engine, bo } = start();
  const ann = new Person();
  engine.pass(receiptRepeatMs + receiptMs);
  engine.pass(receiptRepeatMs + receiptMs);
  engine.pass(receiptMs);
  bo.heard.length = 0;
  const post = (text: string) =>
    bo.say({
      type: "posts",
      room: lobby,
      posts: [relayed(ann.says(text, engine.now.wallMs))],
    });
  post("one");
  post("two");
  engine.pass(receiptGatherMs / 2 - 1);
  assertEquals(wordsTo(bo), []);
  engine.pass(receiptGatherMs / 2 + 1);
  const mark = logMark(ann.peer, ann.log, crypto);
  assertEquals(wordsTo(bo).map(({ held }) => held), [[{ mark, ranges: [[1, 2]] }]]);
  post("three");
  engine.pass(receiptGatherMs + 1);
  assertEquals(wordsTo(bo).length, 1);
  engine.pass(receiptMs);
  assertEquals(wordsTo(bo).at(-1)?.held, [{ mark, ranges: [[1, 3]] }]);
  engine.pass(receiptRepeatMs - 1);
  assertEquals(wordsTo(bo).length, 2);
  engine.pass(1);
  assertEquals(wordsTo(bo).length, 3);
  engine.pass(10 * receiptRepeatMs);
  assertEquals(wordsTo(bo).length, 3);
});

Deno.test("Engine learns from a word of somebody without a link who has its posts, and passes the word on once", () => {
  const { engine, bo } = start();
  const cy = engine.link();
  cy.enter(lobby);
  engine.command({ type: "say", room: "lobby", kind: "text", text: "hello", reply: null });
  const far = new Person();
  const word = far.holds(engine.me, ownLog, 2, engine.now.wallMs);
  bo.say({ type: "receipts", room: lobby, receipts: [envelope(word), envelope(word)] });
  assertEquals(receipts(engine).at(-1), [1, 1]);
  assertEquals(engine.engine.undelivered, 0);
  assertEquals(wordsTo(cy).filter(({ author }) => author === far.peer).length, 1);
  assertEquals(wordsTo(bo).filter(({ author }) => author === far.peer).length, 0);
  // Who comes later hears it too, though nobody says it again.
  const late = engine.link();
  late.enter(lobby);
  assertEquals(wordsTo(late).filter(({ author }) => author === far.peer).length, 1);
});

Deno.test("Engine takes no word that is older, of another room, forged, of itself or from the future", () => {
  const { engine, bo } = start();
  engine.command({ type: "say", room: "lobby", kind: "text", text: "hello", reply: null });
  const far = new Person();
  const nowMs = engine.now.wallMs;
  const say = (word: SignedReceipt, room: RoomId = lobby) =>
    bo.say({ type: "receipts", room, receipts: [envelope(word)] });
  say(far.holds(engine.me, ownLog, 1, nowMs));
  const before = receipts(engine).length;
  say(far.holds(engine.me, ownLog, 2, nowMs - 1));
  say(far.holds(engine.me, ownLog, 2, nowMs + 999));
  say(far.holds(engine.me, ownLog, 2, nowMs + defaultLimits.clockAdvanceMs + 1));
  say(far.holds(engine.me, ownLog, 2, nowMs + 5_000), sampleId<RoomId>(rng));
  const forged = far.holds(engine.me, ownLog, 2, nowMs + 5_000);
  say({ ...forged, signature: new Uint8Array(64) });
  assertEquals(receipts(engine).length, before);
  assertEquals(bo.closed, null);
  say(far.holds(engine.me, ownLog, 2, nowMs + 5_000));
  assertEquals(receipts(engine).length, before + 1);
});

Deno.test("presentTellings: who comes and goes is not told each time who holds what", () => {
  const { engine, bo } = start();
  bo.say({
    type: "receipts",
    room: lobby,
    receipts: [envelope(new Person().holds(engine.me, ownLog, 1, engine.now.wallMs))],
  });
  const cy = engine.link();
  cy.enter(lobby);
  assertEquals(wordsTo(cy).length, 1);
  for (let i = 0; i < 20; i++) {
    cy.say({ type: "rest", room: lobby }, { type: "neighbour", room: lobby, others: 0 });
  }
  assertEquals(wordsTo(cy).length, presentTellings);
});

Deno.test("receiptActiveMs: authors that nobody has heard of for a day stand in no receipt", () => {
  const { engine, bo } = start();
  const old = new Person(), young = new Person();
  const nowMs = engine.now.wallMs;
  const posts = [
    old.says("long ago", nowMs - receiptActiveMs - 60_000),
    young.says("lately", nowMs - receiptActiveMs + 60_000),
  ];
  bo.say({ type: "posts", room: lobby, posts: posts.map((post) => relayed(post)) });
  engine.pass(receiptMs + receiptGatherMs);
  const marks = wordsTo(bo).at(-1)?.held.map(({ mark }) => mark);
  assertEquals(marks, [logMark(young.peer, young.log, crypto)]);
});

Deno.test("receiptManyMs: in a room of many each says it more rarely", () => {
  const rows = new ReceiptRows(defaultLimits);
  assertEquals(rows.periodMs(receiptHoldersMax), receiptMs);
  assertLess(receiptManyMs, rows.periodMs(receiptHoldersMax + 1));
  assertEquals(rows.periodMs(10 * receiptHoldersMax), 10 * receiptManyMs);
});

Deno.test("receiptWaitsMax: while a room hears enough words ours is put off, but not for good", () => {
  const rows = new ReceiptRows(defaultLimits);
  const half = () => 0.5;
  const hear = (count: number, nowMs: number) => {
    for (let i = 0; i < count; i++) rows.onHeard(nowMs);
  };
  hear(receiptHoldersMax, 0);
  assertEquals(rows.waits(2, half, 0), false, "as many as a small room may say");
  hear(1, 0);
  for (let i = 0; i < receiptWaitsMax; i++) {
    assertEquals(rows.waits(2, half, 0), true);
    assertEquals(rows.dueMs, receiptMs);
  }
  assertEquals(rows.waits(2, half, 0), false, "long enough");
  const laterMs = 10 * receiptMs;
  const many = 2 * receiptHoldersMax;
  const few = Math.floor(receiptHoldersMax * receiptMs / receiptManyMs);
  const others = new ReceiptRows(defaultLimits);
  for (let i = 0; i < few; i++) others.onHeard(laterMs);
  assertEquals(others.waits(many, half, laterMs), false);
  others.onHeard(laterMs);
  assertEquals(others.waits(many, half, laterMs), true, "a room of many says less");
  assertEquals(others.dueMs, laterMs + 2 * receiptManyMs);
  assertEquals(others.waits(many, half, laterMs + receiptMs), false, "words fade");
});

Deno.test("receiptHoldersMax: so many words are kept, those of known keys first", () => {
  const rows = new ReceiptRows({ ...defaultLimits, receiptHoldersMax: 2 });
  const people = [new Person(), new Person(), new Person(), new Person()];
  const known = people[0]!.peer;
  for (const person of people) {
    rows.onWord(person.holds(known, ownLog, 1, loneEpochMs), (peer) => peer === known);
  }
  assertEquals([...rows.rows].map(({ author }) => author), [known, people[3]!.peer]);
  assertEquals(rows.sizes, { rows: 2, times: 4 });
});

Deno.test("receiptForgetMs: a full table takes in whom a person knows, and others for those who are silent", () => {
  const rows = new ReceiptRows({ ...defaultLimits, presentMax: 3 });
  const people = Array.from({ length: 5 }, () => new Person());
  const [known, ...strangers] = people as [Person, ...Person[]];
  const isKnown = (peer: PeerId) => peer === known.peer;
  const word = (person: Person, ms: number) => person.holds(person.peer, ownLog, 1, ms);
  const hear = (words: readonly SignedReceipt[], nowMs: number) =>
    words.filter((each) => {
      const isNews = rows.isNews(each, nowMs, isKnown);
      if (isNews) rows.onWord(each, isKnown);
      return isNews;
    }).length;
  const nowMs = loneEpochMs;
  const words = strangers.map((person, i) => word(person, nowMs + i));
  assertEquals(hear(words, nowMs), 3, "the table is full");
  const own = word(known, nowMs + 9);
  assertEquals(hear([own], nowMs), 1);
  assertEquals(rows.sizes.times, 3);
  assertEquals(hear([own, ...words, ...words], nowMs + 9), 0, "none goes round a second time");
  const laterMs = nowMs + receiptForgetMs + 10;
  const later = strangers.map((person) => word(person, laterMs));
  assertEquals(hear(later, laterMs - 20), 2, "who is remembered");
  assertEquals(hear(later, laterMs), 0, "they have spoken");
  const lastMs = laterMs + receiptForgetMs + 1;
  const last = strangers.map((person) => word(person, lastMs));
  assertEquals(hear(last, lastMs), 2, "for two who were silent");
  assertEquals(rows.sizes.times, 3);
});

Deno.test("receiptForgetMs: strangers that are a minute ahead keep out nobody whom a person knows", () => {
  const rows = new ReceiptRows({ ...defaultLimits, presentMax: 3 });
  const [ann, bo, ...strangers] = Array.from({ length: 5 }, () => new Person());
  const isKnown = (peer: PeerId) => peer === ann!.peer || peer === bo!.peer;
  for (const each of strangers) {
    rows.onWord(each.holds(each.peer, ownLog, 1, loneEpochMs + 60_000), isKnown);
  }
  for (const [i, friend] of [ann!, bo!].entries()) {
    const word = friend.holds(friend.peer, ownLog, 1, loneEpochMs + i);
    assert(rows.isNews(word, loneEpochMs, isKnown), `friend ${i}`);
    rows.onWord(word, isKnown);
    assert(!rows.isNews(word, loneEpochMs, isKnown), "none goes round a second time");
  }
});

Deno.test("receiptWordsBurst, receiptWordsPerSecond: a flood of keys costs so many verifications", () => {
  const counting = countingCrypto(crypto);
  const engine = new LoneEngine({ crypto: counting.crypto, identity: crypto.generateEd25519() });
  engine.command({ type: "join", room: "lobby" });
  const bo = engine.link();
  bo.enter(lobby);
  const flood = (count: number) => {
    const words = Array.from(
      { length: count },
      () => envelope(new Person().holds(engine.me, ownLog, 1, engine.now.wallMs)),
    );
    const before = counting.verified;
    for (let i = 0; i < count; i += 100) {
      bo.say({ type: "receipts", room: lobby, receipts: words.slice(i, i + 100) });
    }
    return counting.verified - before;
  };
  assertEquals(flood(receiptWordsBurst + 100), receiptWordsBurst);
  engine.pass(1_000);
  assertEquals(flood(200), receiptWordsPerSecond);
});

Deno.test("Engine tells how far an own post has come, and why nobody has it", () => {
  const { engine, bo } = start();
  const say = (text: string) => {
    const outcome = engine.command({ type: "say", room: "lobby", kind: "text", text, reply: null });
    assert(outcome.ok && outcome.id !== null);
    return outcome.id;
  };
  const report = (id: Parameters<typeof engine.engine.receipt>[0]) => {
    const { state, reason } = engine.engine.receipt(id, engine.now)!;
    return reason ?? state;
  };
  const first = say("to bo");
  assertEquals([report(first), deliveries(engine)], ["handed", ["handed"]]);
  engine.pass(undeliveredMs);
  assertEquals([report(first), deliveries(engine)], ["unconfirmed", ["handed", "unconfirmed"]]);
  bo.say({ type: "have", room: lobby, log: ownLog, ranges: [[1, 2]] });
  assertEquals([report(first), deliveries(engine).at(-1)], ["held", "held"]);
  const second = say("to nobody");
  engine.give({ type: "disconnected", connection: bo.connection, reason: "cut" });
  assertEquals([report(second), deliveries(engine).at(-1)], ["stored", "stored"]);
  engine.pass(undeliveredMs);
  assertEquals([report(second), deliveries(engine).at(-1)], ["alone", "alone"]);
  const sentences = engine.notices.filter((each) =>
    each.type === "notice" && each.code === "undelivered"
  );
  assertEquals(sentences.length, 1, "many posts and links make one sentence a minute");
  const again = engine.link();
  again.enter(lobby);
  again.say({
    type: "want",
    room: lobby,
    request: 1,
    ranges: [{ author: engine.me, log: ownLog, from: 1, to: 9 }],
  });
  assertEquals([report(second), deliveries(engine).at(-1)], ["handed", "handed"]);
});
