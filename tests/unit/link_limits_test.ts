/** The limits of links, reached on a real engine: how many, how long, how much, how often. */

import { assert, assertEquals, assertGreaterOrEqual, assertLess } from "@std/assert";
import type { Action } from "../../peer/action.ts";
import { type LogId, type PeerId, toId } from "../../wire/ids.ts";
import { defaultLimits, type Limits } from "../../wire/limits.ts";
import type { Post } from "../../wire/post.ts";
import { publicRoomId } from "../../wire/text.ts";
import { LoneEngine, numberedPeer, type TestNeighbour } from "../lone_engine.ts";
import { seededRng } from "../rng.ts";
import { relayed, samplePost } from "../samples.ts";
import { seededCrypto } from "../seeded_crypto.ts";

const crypto = seededCrypto(151);
const identity = crypto.generateEd25519(), author = crypto.generateEd25519();
const room = publicRoomId("lobby", crypto);
const rng = seededRng(151);
const limits = defaultLimits;
const log = toId<LogId>(new Uint8Array(8).fill(4));

function lone(changes: Partial<Limits> = {}, stored: readonly Post[] = []): LoneEngine {
  const engine = new LoneEngine({ crypto, identity, limits: changes, stored });
  assert(engine.command({ type: "join", room: "lobby" }).ok);
  return engine;
}

/** Addresses that are to be dialled now. */
function dials(actions: readonly Action[]): string[] {
  return actions.flatMap((action) => action.type === "dial" ? [action.address] : []);
}

/** A post whose signature is by somebody else. */
function forged(seq: number): Post {
  const post = samplePost(rng, author, crypto, { room, seq });
  return { ...post, signature: crypto.sign(identity.secretKey, post.signed) };
}

function sendForged(neighbour: TestNeighbour, count: number): void {
  for (let seq = 1; seq <= count && neighbour.closed === null; seq++) {
    neighbour.say({ type: "posts", room, posts: [relayed(forged(seq))] });
  }
}

Deno.test("connectionsInMax: one link more is refused, and a lost one makes room", () => {
  const engine = lone({ connectionsInMax: 3 });
  const links = [1, 2, 3].map(() => engine.link());
  assertEquals(engine.connect().closed, "full");
  assertEquals(engine.engine.inbound, 3);
  engine.give({ type: "disconnected", connection: links[0]!.connection, reason: "cut" });
  assertEquals(engine.link().closed, null);
});

Deno.test("/net: somebody from another machine has reached a peer, not somebody from its own", () => {
  const engine = lone();
  const reached = () => engine.engine.net().reached;
  for (const address of ["127.0.0.1:5", "[::1]:5"]) engine.link({ address });
  engine.link({ direction: "out", address: "10.0.0.9:1" });
  assertEquals(reached(), false);
  engine.link({ address: "10.0.0.9:5" });
  assertEquals(reached(), true);
});

Deno.test("connectionsOutMax: no more are dialled and held, and the next comes in turn", () => {
  const engine = lone({ connectionsOutMax: 2 });
  for (const port of [1, 2, 3]) {
    assert(engine.command({ type: "connect", address: `10.0.0.9:${port}` }).ok);
  }
  assertEquals(
    engine.engine.peers(engine.now).filter(({ state }) => state === "dialling").length,
    2,
  );
  engine.link({ direction: "out", address: "10.0.0.9:1" });
  assertEquals(dials(engine.pass(1)), []);
  const failed = engine.give({ type: "dialFailed", address: "10.0.0.9:2", reason: "refused" });
  assertEquals(dials(failed), ["10.0.0.9:3"]);
});

Deno.test("addressBookMax: addresses found beyond it are not remembered", () => {
  const engine = lone({ connectionsOutMax: 0 });
  for (let port = 1; port <= limits.addressBookMax + 50; port++) {
    engine.give({ type: "found", address: `10.0.0.9:${port}`, finder: "test" });
  }
  assertEquals(engine.engine.peers(engine.now).length, limits.addressBookMax);
});

Deno.test("handshakeMs: a connection that says nothing is closed then, and not before", () => {
  const engine = lone();
  engine.give({ type: "connected", connection: 900, direction: "in", address: "10.0.0.9:1" });
  const closes = (actions: readonly Action[]) => actions.filter(({ type }) => type === "close");
  assertEquals(closes(engine.pass(limits.handshakeMs - 1)), []);
  assertEquals(closes(engine.pass(1)).length, 1);
});

Deno.test("handshakeGraceMs: when the places are full, the oldest silent connection makes room", () => {
  const engine = lone({ handshakesMax: 3 });
  for (let i = 0; i < 3; i++) {
    const connection = 900 + i;
    engine.give({ type: "connected", connection, direction: "in", address: `10.0.0.9:${i + 1}` });
  }
  const closed = (actions: readonly Action[]) =>
    actions.flatMap((action) => action.type === "close" ? [action.connection] : []);
  assertEquals(closed(engine.pass(limits.handshakeGraceMs - 1)), []);
  assertEquals(closed(engine.pass(1)), [900]);
  assertEquals(engine.engine.handshakes, 2, "the others have their full time again");
});

Deno.test("crossingMs: of two links to one peer the newer stays, or in a crossing the one both choose", () => {
  for (const afterMs of [0, limits.crossingMs - 1, limits.crossingMs]) {
    const engine = lone();
    const peer = numberedPeer(7);
    const first = engine.link({ peer, direction: "in" });
    engine.advance(afterMs);
    const second = engine.link({ peer, direction: "out", address: "10.0.0.9:1" });
    const isOlderLost = afterMs >= limits.crossingMs || engine.me < peer;
    assertEquals(
      [first.closed, second.closed],
      isOlderLost ? ["duplicate", null] : [null, "duplicate"],
    );
    const closed = isOlderLost ? first : second;
    assertEquals(closed.heardOf("goodbye").map(({ reason }) => reason), ["duplicate"]);
  }
});

Deno.test("pingMs and deadMs: silence is answered by a ping, and then by the end", () => {
  const engine = lone();
  const silent = engine.link({ answersPings: false });
  const lively = engine.link();
  silent.say({ type: "pong", nonce: silent.heardOf("ping").at(-1)!.nonce });
  const before = silent.heardOf("ping").length;
  engine.pass(limits.pingMs - 1);
  assertEquals(silent.heardOf("ping").length, before);
  engine.pass(1);
  assertEquals(silent.heardOf("ping").length, before + 1);
  engine.pass(limits.deadMs - limits.pingMs - 1);
  assertEquals(silent.closed, null);
  engine.pass(1);
  assertEquals([silent.closed, lively.closed], ["dead", null]);
});

/** An engine with so much history that a neighbour can ask for more than a link may hold. */
function loaded(): LoneEngine {
  const text = "x".repeat(16_000);
  const posts = Array.from({ length: 60 }, (_, i) =>
    samplePost(rng, author, crypto, {
      room,
      log,
      seq: i + 1,
      body: { kind: "text", text, reply: null },
    }));
  return lone({}, posts);
}

Deno.test("writeHighWaterBytes and stallMs: who does not read is written to no more, then left", () => {
  const engine = loaded();
  const stalled = engine.link({ reads: false });
  stalled.enter(room);
  const ranges = [{ author: toId<PeerId>(author.publicKey), log, from: 1, to: 60 }];
  stalled.say({ type: "want", room, request: 1, ranges });
  const pong = () => stalled.say({ type: "pong", nonce: 0 });
  for (let i = 0; i < 10; i++) pong();
  assertGreaterOrEqual(stalled.unread, limits.writeHighWaterBytes);
  assertLess(stalled.unread, limits.writeHighWaterBytes + limits.frameBytesMax + 2);
  engine.pass(limits.stallMs - 1);
  pong();
  assertEquals(stalled.closed, null);
  engine.pass(1);
  assertEquals(stalled.closed, "stalled");
});

Deno.test("rekeyFramesMax and rekeyMs: a key is renewed before it has served too much or too long", () => {
  const counted = lone({ rekeyFramesMax: 4 });
  const many = counted.link();
  const rekeys = (neighbour: TestNeighbour) => neighbour.heardOf("rekey").length;
  for (let i = 1; i <= 40; i++) many.say({ type: "ping", nonce: i });
  assertEquals(many.heardOf("pong").length, 40);
  assertGreaterOrEqual(rekeys(many), 10);
  const aged = lone();
  const old = aged.link();
  for (let passed = 0; passed < limits.rekeyMs - limits.pingMs; passed += limits.pingMs) {
    aged.pass(limits.pingMs);
  }
  assertEquals(rekeys(old), 0);
  for (let i = 0; i < 2; i++) aged.pass(limits.pingMs);
  assertEquals([rekeys(old), old.closed], [1, null]);
});

Deno.test("invalidMax and banMs: a third wrong signature bans for ten minutes, then for twenty", () => {
  const engine = lone();
  const peer = numberedPeer(9);
  for (const banMs of [limits.banMs, 2 * limits.banMs]) {
    const liar = engine.link({ peer });
    sendForged(liar, limits.invalidMax - 1);
    assertEquals(liar.closed, null);
    sendForged(liar, 1);
    assertEquals(liar.closed, "wrong signatures");
    const minutes = engine.notices.findLast(({ type }) => type === "notice");
    assertEquals(minutes, {
      type: "notice",
      room: null,
      code: "banned",
      peer,
      minutes: banMs / 60_000,
    });
    engine.advance(banMs - 1);
    assertEquals(engine.connect({ peer }).closed, "banned for wrong signatures");
    engine.advance(1);
  }
});

Deno.test("bansMax: the oldest ban is forgotten for a further one", () => {
  const engine = lone({ bansMax: 2, invalidMax: 1 });
  const liars = [11, 12, 13].map(numberedPeer);
  for (const peer of liars) sendForged(engine.link({ peer }), 1);
  assertEquals(liars.map((peer) => engine.connect({ peer }).closed), [
    null,
    "banned for wrong signatures",
    "banned for wrong signatures",
  ]);
});

Deno.test("refusedNoticesMax and refusedNoticeMs: strangers who knock in vain do not fill a screen", () => {
  const full = new LoneEngine({ crypto, identity, limits: { connectionsInMax: 0 } });
  const refuse = (times: number) => {
    const before = full.notices.length;
    for (let i = 0; i < times; i++) assertEquals(full.connect().closed, "full");
    return full.notices.length - before;
  };
  assertEquals(refuse(limits.refusedNoticesMax + 30), limits.refusedNoticesMax);
  full.advance(limits.refusedNoticeMs - 1);
  assertEquals(refuse(3), 0);
  full.advance(1);
  assertEquals(refuse(3), 1);
});

Deno.test("refusedNoticesMax: nor do strangers who are banned under one key after the other", () => {
  const engine = lone();
  for (let i = 0; i < limits.refusedNoticesMax + 30; i++) {
    const liar = engine.link();
    sendForged(liar, limits.invalidMax);
    assertEquals(liar.closed, "wrong signatures");
  }
  const told = engine.notices.filter((each) => each.type === "notice" && each.code === "banned");
  assertEquals(told.length, limits.refusedNoticesMax);
});

Deno.test("clockJumpMs: a clock that jumps further, as after a sleep, has all links made anew", () => {
  for (const jumpMs of [limits.clockJumpMs, limits.clockJumpMs + 1, -limits.clockJumpMs - 1]) {
    const engine = lone();
    const links = [engine.link(), engine.link({ direction: "out", address: "10.0.0.9:1" })];
    engine.pass(1_000);
    engine.jump(jumpMs);
    const isFar = Math.abs(jumpMs) > limits.clockJumpMs;
    for (const { closed } of links) assertEquals(closed !== null, isFar, `${jumpMs}`);
  }
});
