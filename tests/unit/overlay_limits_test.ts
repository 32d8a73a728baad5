/** The limits of overlay, records, budgets and slots, reached on a real engine. */

import { assert, assertEquals } from "@std/assert";
import type { Action } from "../../peer/action.ts";
import { decodeRecord } from "../../wire/address_record.ts";
import { type LogId, type PeerId, type PostId, toId } from "../../wire/ids.ts";
import { defaultLimits, type Limits } from "../../wire/limits.ts";
import { markOf } from "../../wire/mark.ts";
import type { Message } from "../../wire/message.ts";
import { publicRoomId } from "../../wire/text.ts";
import { LoneEngine, loneEpochMs, numberedPeer, type TestNeighbour } from "../lone_engine.ts";
import { seededRng } from "../rng.ts";
import { relayed, sampleId, samplePost, samplePresence, sampleRecord } from "../samples.ts";
import { seededCrypto } from "../seeded_crypto.ts";

const crypto = seededCrypto(311);
const identity = crypto.generateEd25519(), author = crypto.generateEd25519();
const room = publicRoomId("lobby", crypto);
const rng = seededRng(311);
const limits = defaultLimits;

function lone(changes: Partial<Limits> = {}): LoneEngine {
  const engine = new LoneEngine({ crypto, identity, limits: changes });
  assert(engine.command({ type: "join", room: "lobby" }).ok);
  engine.give({ type: "listening", port: 9797, addresses: ["10.0.0.1:9797"] });
  return engine;
}

function joining(engine: LoneEngine): TestNeighbour {
  const neighbour = engine.link();
  neighbour.enter(room);
  return neighbour;
}

/** Members that nobody has heard of. */
function members(count: number): Message {
  const entries = Array.from({ length: count }, () => {
    const entry = sampleRecord(rng, crypto.generateEd25519(), crypto, { timeMs: loneEpochMs });
    return { ...entry, hint: null };
  });
  return { type: "members", room, entries, ask: false };
}

const known = (engine: LoneEngine) => engine.engine.sizes.passiveMax ?? 0;

function dials(actions: readonly Action[]): string[] {
  return actions.flatMap((action) => action.type === "dial" ? [action.address] : []);
}

Deno.test("recordMessagesBurst and recordMessagesPerSecond: more messages with records are dropped", () => {
  const engine = lone({ passiveMax: 1_000 });
  const neighbour = joining(engine);
  for (let i = 0; i < limits.recordMessagesBurst + 20; i++) neighbour.say(members(1));
  assertEquals(known(engine), limits.recordMessagesBurst);
  engine.advance(1_000);
  for (let i = 0; i < 20; i++) neighbour.say(members(1));
  assertEquals(known(engine), limits.recordMessagesBurst + limits.recordMessagesPerSecond);
  assertEquals(neighbour.closed, null);
  const other = joining(engine);
  other.say(members(1));
  assertEquals(
    known(engine),
    limits.recordMessagesBurst + limits.recordMessagesPerSecond + 1,
    "each link has its own",
  );
});

Deno.test("neighbourWordsBurst and neighbourWordsPerSecond: who comes and goes too often is refused", () => {
  const engine = lone();
  const fickle = joining(engine);
  const told = () => fickle.heardOf("frontier").length;
  // It has said one word already.
  for (let i = 1; i < limits.neighbourWordsBurst; i++) {
    fickle.say({ type: "rest", room }, { type: "neighbour", room, others: 0 });
  }
  const [before, refused] = [told(), fickle.heardOf("rest").length];
  assertEquals(refused, 0);
  for (let i = 0; i < 20; i++) {
    fickle.say({ type: "rest", room }, { type: "neighbour", room, others: 0 });
  }
  assertEquals([told(), fickle.heardOf("rest").length], [before, 20]);
  engine.advance(1_000);
  for (let i = 0; i < 20; i++) {
    fickle.say({ type: "rest", room }, { type: "neighbour", room, others: 0 });
  }
  assertEquals(fickle.heardOf("rest").length, 40 - limits.neighbourWordsPerSecond);
});

Deno.test("presentTellings: who comes and goes is not told each time who is in the room", () => {
  const engine = lone();
  const here = joining(engine);
  const time = { ms: loneEpochMs, counter: 0 };
  const { signed, signature } = samplePresence(rng, author, crypto, { room, time, state: "here" });
  here.say({ type: "presence", presences: [{ signed, signature }] });
  const fickle = joining(engine);
  const about = () => fickle.heardOf("presence").length;
  const alone = about();
  for (let i = 0; i < 10; i++) {
    fickle.say({ type: "rest", room }, { type: "neighbour", room, others: 0 });
  }
  assertEquals(about() - alone, limits.presentTellings - 1, "it was told once at first");
  engine.advance(limits.presenceMs);
  const later = about();
  fickle.say({ type: "rest", room }, { type: "neighbour", room, others: 0 });
  assert(about() > later);
});

Deno.test("passiveMax and membersPerMessage: so many members are kept, and so many told", () => {
  const engine = lone();
  const teller = joining(engine);
  for (let i = 0; i < 10; i++) teller.say(members(limits.membersPerMessage));
  assertEquals(known(engine), limits.passiveMax);
  teller.say({ type: "members", room, entries: [], ask: true });
  const told = teller.heardOf("members").at(-1)!;
  assertEquals([told.entries.length, told.ask], [limits.membersPerMessage, false]);
  assertEquals(decodeRecord(told.entries[0]!).author, engine.me, "ourselves first");
});

Deno.test("vainGraftsMax: a neighbour that announces and never sends is none any longer", () => {
  const engine = lone();
  const others = Array.from({ length: 3 }, () => joining(engine));
  const silent = joining(engine);
  const marks = () => [1, 2].map(() => markOf(sampleId<PostId>(rng)));
  for (let spentMs = 0; spentMs < 2 * limits.vainMs; spentMs += 1_000) {
    silent.say({ type: "ihave", room, marks: marks() });
    engine.advance(1_000);
  }
  assert(silent.heardOf("graft").length > 0);
  assertEquals(silent.heardOf("rest").length, 1);
  silent.say({ type: "neighbour", room, others: 0 });
  assertEquals([silent.heardOf("rest").length, silent.closed], [2, null]);
  assertEquals(others.map((each) => each.heardOf("rest").length), [0, 0, 0]);
});

Deno.test("recordRenewMs: our own record stays as it is for so long, and is signed anew then", () => {
  const engine = lone();
  const record = () => engine.link().heardOf("hello")[0]!.record!;
  const first = record();
  assertEquals(decodeRecord(first).port, 9797);
  engine.advance(limits.recordRenewMs);
  assertEquals(record(), first);
  engine.advance(1);
  const second = decodeRecord(record());
  assertEquals(second.timeMs - decodeRecord(first).timeMs, limits.recordRenewMs + 1);
  engine.give({ type: "listening", port: 9798, addresses: [] });
  assertEquals([decodeRecord(record()).port, decodeRecord(record()).addresses], [9798, []]);
  engine.give({ type: "listening", port: null, addresses: [] });
  assertEquals(engine.link().heardOf("hello")[0]!.record, null);
});

Deno.test("idleLinkMs and linksKept: a link that no room needs is ended, if enough are left", () => {
  for (const linksKept of [0, 1]) {
    const engine = lone({ linksKept });
    const needed = [joining(engine), joining(engine)];
    const idle = engine.link({ direction: "out", address: "10.0.0.9:1" });
    const inbound = engine.link();
    engine.pass(limits.idleLinkMs - 1);
    assertEquals(idle.closed, null);
    for (let i = 0; i < 4; i++) engine.pass(limits.pingMs);
    assertEquals(idle.closed, linksKept === 0 ? "idle" : null);
    for (const { closed } of [...needed, inbound]) assertEquals(closed, null);
    if (linksKept !== 0) continue;
    assertEquals(idle.heardOf("goodbye").map(({ reason }) => reason), ["idle"]);
  }
});

Deno.test("linksKept: so many links are lacking for whom remembered addresses are dialled", () => {
  const engine = lone({ linksKept: 3 });
  engine.link();
  const found: Action[] = [];
  for (let port = 1; port <= 9; port++) {
    found.push(...engine.give({ type: "found", address: `10.0.0.9:${port}`, finder: "book" }));
  }
  assertEquals(dials(found), ["10.0.0.9:1", "10.0.0.9:2"]);
  engine.link({ direction: "out", address: "10.0.0.9:1" });
  engine.link({ direction: "out", address: "10.0.0.9:2" });
  assertEquals(dials(engine.pass(1)), []);
});

Deno.test("linksPerPublicHost and linksPerPrivateHost: no address takes all places of strangers", () => {
  const hosts: [host: string, most: number][] = [
    ["8.8.4.4", limits.linksPerPublicHost],
    ["10.0.0.7", limits.linksPerPrivateHost],
  ];
  for (const [host, most] of hosts) {
    const engine = lone();
    const connect = (port: number, from = host) =>
      engine.connect({ address: `${from}:${port}` }).closed;
    for (let i = 0; i < most; i++) assertEquals(connect(40_000 + i), null);
    assert(connect(50_000) !== null, "one too many");
    assertEquals(connect(50_001, "9.9.9.9"), null, "others have their own");
  }
  const wide = lone();
  const visit = (host: string) => wide.connect({ address: `[${host}]:40000` }).closed;
  for (let i = 1; i <= limits.linksPerPublicHost; i++) assertEquals(visit(`2a01::${i}`), null);
  assert(visit("2a01::9:9") !== null, "whoever has an address of IPv6 has 2^64");
  assertEquals(visit("2a01:0:0:1::1"), null);
  const engine = lone();
  for (let i = 0; i < limits.linksPerPrivateHost + 5; i++) {
    assertEquals(engine.connect({ address: `127.0.0.1:${40_000 + i}` }).closed, null);
  }
});

/** A link that is made by hand, so that its key is known from then on. */
function befriend(engine: LoneEngine, peer: PeerId, port: number): void {
  const address = `10.0.0.8:${port}`;
  assert(engine.command({ type: "connect", address }).ok);
  const { connection } = engine.link({ peer, direction: "out", address });
  engine.give({ type: "disconnected", connection, reason: "cut" });
}

Deno.test("knownSlotsPart: some places are left to those whom a person has named", () => {
  const engine = lone({ connectionsInMax: 32 });
  const friend = numberedPeer(900);
  befriend(engine, friend, 1);
  const places = 32 - 32 * limits.knownSlotsPart;
  const links = Array.from({ length: 32 }, () => engine.connect());
  assertEquals(links.filter(({ closed }) => closed === null).length, places);
  assertEquals(engine.connect({ peer: friend }).closed, null);
});

Deno.test("knownKeysMax: the key that was named first is forgotten", () => {
  const engine = lone({ connectionsInMax: 4, knownSlotsPart: 1, knownKeysMax: 2 });
  const keys = [901, 902, 903].map(numberedPeer);
  keys.forEach((peer, i) => befriend(engine, peer, 1 + i));
  const isLetIn = keys.map((peer) => engine.connect({ peer }).closed === null);
  assertEquals(isLetIn, [false, true, true]);
});

Deno.test("pacedNoticeMs: a person is told that own posts go out by history, and not too often", () => {
  const engine = lone({ budgetBurst: 2, budgetPerSecond: 0 });
  const neighbour = joining(engine);
  const say = () =>
    assert(
      engine.command({ type: "say", room: "lobby", kind: "text", text: "hi", reply: null }).ok,
    );
  const told = () =>
    engine.notices.filter((notice) => notice.type === "notice" && notice.code === "paced").length;
  for (let i = 0; i < 5; i++) say();
  const posts = neighbour.heardOf("posts").flatMap((message) => message.posts);
  assert(posts.length <= 2, "the rest is left to history");
  assertEquals(told(), 1);
  engine.pass(limits.pacedNoticeMs - 1);
  say();
  assertEquals(told(), 1);
  engine.pass(1);
  say();
  assertEquals(told(), 2);
});

Deno.test("budgetBurst and overBudgetMs: what exceeds a budget is fetched a while later", () => {
  const engine = lone({ budgetBurst: 2, budgetPerSecond: 0 });
  const neighbour = joining(engine);
  const log = toId<LogId>(new Uint8Array(8).fill(6));
  const posts = [1, 2, 3, 4].map((seq) =>
    samplePost(rng, author, crypto, { room, log, seq, ms: loneEpochMs })
  );
  for (const post of posts) neighbour.say({ type: "posts", room, posts: [relayed(post)] });
  assertEquals(posts.map(({ id }) => engine.store.has(id)), [true, true, false, false]);
  assertEquals(neighbour.heardOf("want"), []);
  engine.pass(limits.overBudgetMs - 1);
  assertEquals(neighbour.heardOf("want"), []);
  engine.pass(1);
  const [want] = neighbour.heardOf("want");
  const peer = toId<PeerId>(author.publicKey);
  assertEquals(want?.ranges, [{ author: peer, log, from: 3, to: 4 }]);
  neighbour.say({
    type: "page",
    room,
    request: want!.request,
    posts: posts.slice(2).reverse(),
    last: true,
  });
  assert(posts.every(({ id }) => engine.store.has(id)));
});
