/** Who holds what, across runs: kept on the disk, and read again when it is wanted. */

import { assertEquals } from "@std/assert";
import type { Action } from "../../peer/action.ts";
import { type LogId, type PeerId, type PostId, toId } from "../../wire/ids.ts";
import { defaultLimits, type Limits } from "../../wire/limits.ts";
import { decodeReceipt, logMark, type SignedReceipt, signReceipt } from "../../wire/receipt.ts";
import { publicRoomId } from "../../wire/text.ts";
import { LoneEngine, type TestNeighbour } from "../lone_engine.ts";
import { seededCrypto } from "../seeded_crypto.ts";
import type { MemoryStore } from "./memory_store.ts";

const { receiptKeepMs, rangesAboveMax } = defaultLimits;
const crypto = seededCrypto(152);
const lobby = publicRoomId("lobby", crypto);
const ownLog = toId<LogId>(new Uint8Array(8).fill(1));
const me = crypto.generateEd25519();

/** Somebody who signs words of what is held. */
class Person {
  readonly keys = crypto.generateEd25519();
  readonly peer = toId<PeerId>(this.keys.publicKey);

  holds(to: number, ms: number): SignedReceipt {
    const mark = logMark(toId<PeerId>(me.publicKey), ownLog, crypto);
    const held = [{ mark, ranges: [[1, to] as const] }];
    const word = { room: lobby, author: this.peer, time: { ms, counter: 0 }, held };
    return signReceipt(word, this.keys.secretKey, crypto);
  }
}

interface Run {
  readonly engine: LoneEngine;
  readonly kept: Extract<Action, { type: "keepReceipts" }>[];
}

function run(store?: MemoryStore, limits: Partial<Limits> = {}): Run {
  const kept: Run["kept"] = [];
  const engine = new LoneEngine({
    crypto,
    identity: me,
    limits,
    ...store === undefined ? {} : { store },
    watch: (action) => void (action.type === "keepReceipts" && kept.push(action)),
  });
  engine.command({ type: "join", room: "lobby" });
  return { engine, kept };
}

function linked({ engine }: Run): TestNeighbour {
  const bo = engine.link();
  bo.enter(lobby);
  return bo;
}

function say(engine: LoneEngine): PostId {
  const said = engine.command({ type: "say", room: "lobby", kind: "text", text: "x", reply: null });
  if (!said.ok || said.id === null) throw new Error("It was not said");
  return said.id;
}

function tell(bo: TestNeighbour, ...words: readonly SignedReceipt[]): void {
  const receipts = words.map(({ signed, signature }) => ({ signed, signature }));
  bo.say({ type: "receipts", room: lobby, receipts });
}

const holdersOf = (engine: LoneEngine, id: PostId) =>
  engine.engine.receipt(id, engine.now)?.holders.toSorted();

const wordsTo = (neighbour: TestNeighbour) =>
  neighbour.heardOf("receipts").flatMap(({ receipts }) =>
    receipts.map((each) => decodeReceipt(each).author)
  );

Deno.test("Engine knows in its next run who holds its posts, by links and by words, and shows the words again", () => {
  const first = run();
  const bo = linked(first);
  const id = say(first.engine);
  const far = new Person();
  tell(bo, far.holds(2, first.engine.now.wallMs));
  bo.say({ type: "have", room: lobby, log: ownLog, ranges: [[1, 2]] });
  const holders = [bo.peer, far.peer].toSorted();
  assertEquals(holdersOf(first.engine, id), holders);
  first.engine.pass(receiptKeepMs);
  assertEquals(first.kept.length, 1);

  const second = run(first.engine.store);
  assertEquals(holdersOf(second.engine, id), holders);
  assertEquals(second.engine.engine.receipt(id, second.engine.now)?.state, "held");
  const cy = linked(second);
  assertEquals(wordsTo(cy), [far.peer]);
  // An older word is none in this run either.
  tell(cy, far.holds(1, first.engine.now.wallMs - 5_000));
  second.engine.pass(receiptKeepMs);
  assertEquals(second.kept, []);
});

Deno.test("receiptKeepMs: what changes within it is written once, and what is the same not at all", () => {
  const { engine, kept } = run();
  const bo = linked({ engine, kept });
  say(engine);
  const far = new Person();
  const startMs = engine.now.wallMs;
  for (let i = 0; i < 4; i++) {
    tell(bo, far.holds(2, startMs + i * 1_200));
    assertEquals(kept, []);
    engine.pass(receiptKeepMs / 4);
  }
  assertEquals(kept.length, 1);
  assertEquals(kept[0]?.change.words.map(({ time }) => time.ms), [startMs + 3_600]);
  for (let i = 0; i < 3; i++) {
    bo.say({ type: "have", room: lobby, log: ownLog, ranges: [[1, 2]] });
    engine.pass(receiptKeepMs);
  }
  assertEquals(kept.length, 2);
  assertEquals(kept[1]?.change, {
    words: [],
    gone: [],
    holders: [{ log: ownLog, peer: bo.peer, ranges: [[1, 2]] }],
  });
});

Deno.test("Engine keeps who holds what before it leaves a room or quits", () => {
  for (const command of [{ type: "leave", room: "lobby" }, { type: "quit" }] as const) {
    const first = run();
    const bo = linked(first);
    const id = say(first.engine);
    bo.say({ type: "have", room: lobby, log: ownLog, ranges: [[2, 2]] });
    first.engine.command(command);
    assertEquals(first.kept.length, 1);
    // A room that is not open is asked about as well.
    if (command.type === "leave") assertEquals(holdersOf(first.engine, id), [bo.peer]);
    const second = run(first.engine.store);
    assertEquals(holdersOf(second.engine, id), [bo.peer]);
    assertEquals(second.engine.command({ type: "leave", room: "lobby" }).ok, true);
    assertEquals(second.kept, [], "what is read is kept already");
    assertEquals(second.engine.command({ type: "join", room: "lobby" }).ok, true);
    assertEquals(holdersOf(second.engine, id), [bo.peer]);
  }
});

Deno.test("receiptHoldersMax: who is forgotten in memory goes from the disk, too", () => {
  const first = run(undefined, { receiptHoldersMax: 2 });
  const bo = linked(first);
  say(first.engine);
  const people = [new Person(), new Person(), new Person(), new Person()];
  const startMs = first.engine.now.wallMs;
  for (const [i, person] of people.entries()) {
    tell(bo, person.holds(2, startMs + i));
    first.engine.pass(receiptKeepMs);
  }
  const { words, holders } = first.engine.store.receipts(lobby);
  const last = people.slice(-2).map(({ peer }) => peer).toSorted();
  assertEquals(words.map((word) => decodeReceipt(word).author).toSorted(), last);
  assertEquals(holders.map(({ peer }) => peer).toSorted(), last);
});

Deno.test("rangesAboveMax: of a holder of scattered posts the newest ranges are kept", () => {
  const first = run();
  const bo = linked(first);
  const count = 2 * rangesAboveMax + 8;
  for (let i = 0; i < count; i++) say(first.engine);
  const ranges = Array.from({ length: count / 2 }, (_, i) => [2 * i + 2, 2 * i + 2] as const);
  bo.say({ type: "have", room: lobby, log: ownLog, ranges });
  first.engine.pass(receiptKeepMs);
  const { holders } = first.engine.store.receipts(lobby);
  assertEquals(holders.map((each) => each.ranges), [ranges.slice(-rangesAboveMax)]);
});

Deno.test("Engine shows nobody a kept word that is spoilt, forged or of another room", () => {
  const first = run();
  const id = say(first.engine);
  const [good, forged, spoilt, astray] = [
    new Person(),
    new Person(),
    new Person(),
    new Person(),
  ] as const;
  const ms = first.engine.now.wallMs;
  const word = astray.holds(2, ms);
  const elsewhere = signReceipt(
    { ...word, room: publicRoomId("elsewhere", crypto) },
    astray.keys.secretKey,
    crypto,
  );
  first.engine.store.keepReceipts(lobby, {
    words: [
      good.holds(2, ms),
      { ...forged.holds(2, ms), signature: new Uint8Array(64) },
      { ...spoilt.holds(2, ms), signed: Uint8Array.of(1, 2, 3) },
      elsewhere,
    ],
    gone: [],
    // Of a log that is none of ours nobody asks.
    holders: [{ log: toId<LogId>(new Uint8Array(8).fill(9)), peer: good.peer, ranges: [[1, 2]] }],
  });
  const second = run(first.engine.store);
  assertEquals(wordsTo(linked(second)), [good.peer]);
  assertEquals(holdersOf(second.engine, id), []);
});

Deno.test("Engine goes on where who holds what cannot be written", () => {
  const first = run();
  const bo = linked(first);
  const id = say(first.engine);
  first.engine.diskFails = true;
  bo.say({ type: "have", room: lobby, log: ownLog, ranges: [[1, 2]] });
  first.engine.pass(receiptKeepMs);
  assertEquals(holdersOf(first.engine, id), [bo.peer]);
  assertEquals(holdersOf(run(first.engine.store).engine, id), []);
});
