/** Who is in a room: newer words replace older ones, silence and lost links end a stay. */

import { assert, assertEquals } from "@std/assert";
import { RoomPresence } from "../../peer/presence.ts";
import type { PeerId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";
import type { SignedPresence } from "../../wire/presence.ts";
import { seededRng } from "../rng.ts";
import { sampleId } from "../samples.ts";

const { presenceMaxAgeMs, presenceMs, clockSkewMs } = defaultLimits;
/** How long a word counts in a room of few. */
const lastsMs = presenceMaxAgeMs - 5_000;
const networkMs = 1_800_000_000_000;
const rng = seededRng(111);
const ann = sampleId<PeerId>(rng), bo = sampleId<PeerId>(rng);

/** A word; signatures are the engine's business. */
function word(
  author: PeerId,
  ms: number,
  state: SignedPresence["state"] = "here",
): SignedPresence {
  const bytes = new Uint8Array(0);
  return {
    room: sampleId(rng),
    author,
    time: { ms, counter: 0 },
    state,
    name: "x",
    reason: "",
    signed: bytes,
    signature: bytes,
  };
}

Deno.test("RoomPresence takes a word once, and then only newer ones", () => {
  const presence = new RoomPresence(defaultLimits);
  const first = word(ann, networkMs);
  assert(presence.isNews(first, networkMs, false));
  assertEquals(presence.onWord(first, false, networkMs, 0), "join");
  assert(!presence.isNews(first, networkMs, true));
  assert(!presence.isNews(word(ann, networkMs - 1), networkMs, true));
  const next = word(ann, networkMs + 1, "away");
  assert(presence.isNews(next, networkMs, false));
  assertEquals(presence.onWord(next, false, networkMs, 5), "away");
  assertEquals([presence.present, presence.count], [[next], 1]);
  const again = word(ann, networkMs + 2, "away");
  assertEquals(presence.onWord(again, false, networkMs, 6), "refreshed");
  const lunch = { ...word(ann, networkMs + 3, "away"), reason: "lunch" };
  assertEquals(presence.onWord(lunch, false, networkMs, 7), "away");
  assertEquals(presence.onWord(word(ann, networkMs + 4), false, networkMs, 8), "away");
});

Deno.test("RoomPresence takes what a clock far ahead has stamped from its owner alone, and once", () => {
  const presence = new RoomPresence(defaultLimits);
  const aheadMs = networkMs + clockSkewMs + 60_000;
  const [first, second] = [word(ann, aheadMs), word(ann, aheadMs + 1, "away")];
  for (const each of [first, second]) {
    assert(presence.isNews(each, networkMs, true, true));
    presence.onWord(each, true, networkMs, 0);
    assert(!presence.isNews(each, networkMs, true, true), "again");
  }
  // Each of those who are linked to its author passes it on to the others.
  for (const each of [first, second]) assert(!presence.isNews(each, networkMs, false, true));
  const right = word(ann, networkMs);
  assert(presence.isNews(right, networkMs, false, true), "the clock was set");
  presence.onWord(right, true, networkMs, 0);
  for (const each of [first, second, right]) {
    assert(!presence.isNews(each, networkMs, false, true));
  }
});

Deno.test("RoomPresence knows when it hears of too few of those who are here", () => {
  const presence = new RoomPresence(defaultLimits);
  const full = new RoomPresence({ ...defaultLimits, presentMax: 10 });
  assert(!presence.hearsFew(0), "nobody is here");
  const people = Array.from({ length: 10 }, () => sampleId<PeerId>(rng));
  const hear = (count: number, nowMs: number) => {
    for (const each of people.slice(0, count)) {
      for (const list of [presence, full]) {
        list.onWord(word(each, networkMs + nowMs), true, networkMs + nowMs, nowMs);
      }
    }
  };
  hear(10, 0);
  assert(!presence.hearsFew(presenceMs), "each may take a period");
  hear(9, presenceMs);
  assert(!presence.hearsFew(presenceMs * 2), "one may have left without a word");
  hear(8, presenceMs * 2);
  assert(presence.hearsFew(presenceMs * 2.2));
  assert(!full.hearsFew(presenceMs * 2.2), "others do not pass on whom they do not list");
});

Deno.test("RoomPresence believes a word passed on by others for as long as it would count", () => {
  const presence = new RoomPresence(defaultLimits);
  const heard = (ageMs: number, direct: boolean, isLinked = direct) =>
    presence.isNews(word(ann, networkMs - ageMs), networkMs, direct, isLinked);
  assert(heard(lastsMs - 1, false));
  assert(!heard(lastsMs, false), "it would come and go with every copy");
  assert(heard(-clockSkewMs, false));
  assert(!heard(-clockSkewMs - 1, false));
  assert(heard(10 * presenceMaxAgeMs, true), "a direct link is proof of being here");
  assert(heard(10 * presenceMaxAgeMs, false, true), "and so it is for what others pass on");
});

Deno.test("RoomPresence ends a stay some seconds before its last word is a minute old", () => {
  const presence = new RoomPresence(defaultLimits);
  assertEquals(presence.deadlineMs, Infinity);
  presence.onWord(word(ann, networkMs), false, networkMs, 100);
  presence.onWord(word(bo, networkMs), false, networkMs, 200);
  assertEquals(presence.deadlineMs, 100 + lastsMs);
  assertEquals(presence.onTime(99 + lastsMs), []);
  assertEquals(presence.onTime(100 + lastsMs), [ann]);
  assertEquals([presence.has(ann), presence.has(bo)], [false, true]);
});

Deno.test("RoomPresence counts a word anew that its author's own link brings after others have", () => {
  const presence = new RoomPresence(defaultLimits);
  const signed = (byte: number) => ({
    ...word(ann, networkMs - 40_000),
    signature: new Uint8Array([byte]),
  });
  presence.onOwnLink(signed(1), 0);
  assertEquals(presence.count, 0, "its signature is still to be verified");
  presence.onWord(signed(1), false, networkMs, 100);
  assertEquals(presence.deadlineMs, 100 + lastsMs - 40_000);
  presence.onOwnLink(signed(2), 200);
  assertEquals(presence.deadlineMs, 100 + lastsMs - 40_000, "not what was verified");
  presence.onOwnLink(signed(1), 200);
  assertEquals(presence.deadlineMs, 200 + lastsMs);
  assertEquals(presence.heard(300).map(({ heardMsAgo }) => heardMsAgo), [100]);
});

Deno.test("RoomPresence lets nobody come back by an older word after a goodbye", () => {
  const presence = new RoomPresence(defaultLimits);
  presence.onWord(word(ann, networkMs), false, networkMs, 0);
  const gone = word(ann, networkMs + 10, "left");
  assert(presence.isNews(gone, networkMs, false));
  assertEquals(presence.onWord(gone, false, networkMs, 0), "leave");
  assert(!presence.isNews(word(ann, networkMs + 9), networkMs, true));
  assert(presence.isNews(word(ann, networkMs + 11), networkMs, false));
  assertEquals(
    presence.onWord(word(bo, networkMs, "left"), false, networkMs, 0),
    "refreshed",
    "was never here",
  );
});

Deno.test("RoomPresence gives somebody whose link is lost a moment to be heard another way", () => {
  const presence = new RoomPresence(defaultLimits);
  presence.onWord(word(ann, networkMs), false, networkMs, 0);
  presence.onLinkLost(bo, 10);
  presence.onLinkLost(ann, 10);
  assertEquals(presence.deadlineMs, 10 + 1.25 * presenceMs);
  presence.onWord(word(ann, networkMs + 1), false, networkMs, 20);
  assertEquals(presence.deadlineMs, 20 + lastsMs);
  presence.onLinkLost(ann, 20 + lastsMs - 1);
  assertEquals(presence.deadlineMs, 20 + lastsMs, "no loss makes a stay longer");
});

Deno.test("RoomPresence is empty when no neighbour is left", () => {
  const presence = new RoomPresence(defaultLimits);
  presence.onWord(word(ann, networkMs), false, networkMs, 0);
  presence.onWord(word(bo, networkMs), false, networkMs, 0);
  assertEquals(presence.onAlone(), [ann, bo]);
  assertEquals([presence.count, presence.onAlone()], [0, []]);
});

Deno.test("RoomPresence: made-up people keep nobody out whom a person knows, and push none of them out", () => {
  const friends = [ann, bo];
  const presence = new RoomPresence(
    { ...defaultLimits, presentMax: 3 },
    (peer) => friends.includes(peer),
  );
  const hears = (peer: PeerId, ms: number, isLinked = false) => {
    const said = word(peer, networkMs + ms);
    if (!presence.isNews(said, networkMs + ms, isLinked)) return false;
    presence.onWord(said, isLinked, networkMs + ms, ms);
    return true;
  };
  const strangers = Array.from({ length: 9 }, () => sampleId<PeerId>(rng));
  assertEquals(strangers.map((each, i) => hears(each, i)).filter((isNews) => isNews).length, 3);
  assert(friends.every((each) => hears(each, 10)), "only heard of");
  for (const [i, each] of strangers.entries()) hears(each, 20 + i, true);
  assertEquals(presence.present.map(({ author }) => author), [...friends, strangers.at(-1)]);
});

Deno.test("RoomPresence keeps presentMax people, and as many who have left", () => {
  const presence = new RoomPresence({ ...defaultLimits, presentMax: 3 });
  const many = Array.from({ length: 9 }, () => sampleId<PeerId>(rng));
  const isNews = (peer: PeerId) => presence.isNews(word(peer, networkMs), networkMs, false);
  for (const peer of many) {
    if (isNews(peer)) presence.onWord(word(peer, networkMs), false, networkMs, 0);
  }
  assertEquals(presence.present.map(({ author }) => author), many.slice(0, 3));
  assert(presence.isNews(word(many[3]!, networkMs), networkMs, true), "over its own link");
  assertEquals(presence.onWord(word(many[3]!, networkMs), true, networkMs, 0), "join");
  assertEquals(presence.present.map(({ author }) => author), many.slice(1, 4));
  for (const peer of many) presence.onWord(word(peer, networkMs + 1, "left"), false, networkMs, 0);
  const remembered = many.filter((peer) =>
    !presence.isNews(word(peer, networkMs), networkMs, true)
  );
  assertEquals(remembered, many.slice(-3));
});

Deno.test("RoomPresence counts what was long on its way from when it was said", () => {
  const presence = new RoomPresence(defaultLimits);
  presence.onWord(word(ann, networkMs - 10_000), false, networkMs, 100);
  assertEquals(presence.deadlineMs, 100 + lastsMs - 10_000);
  presence.onWord(word(ann, networkMs - 5_000), true, networkMs, 200);
  assertEquals(presence.deadlineMs, 200 + lastsMs, "an own link shows that it is now");
  assertEquals(presence.heard(700).map(({ heardMsAgo }) => heardMsAgo), [500]);
});

Deno.test("RoomPresence: beyond presentOften people each speaks more rarely and is kept longer", () => {
  const { presentOften } = defaultLimits;
  for (const people of [1, presentOften, 4 * presentOften]) {
    const presence = new RoomPresence(defaultLimits);
    for (let i = 1; i < people; i++) {
      presence.onWord(word(sampleId(rng), networkMs), false, networkMs, 0);
    }
    const periodMs = presenceMs * Math.max(1, people / presentOften);
    assertEquals(presence.periodMs, periodMs);
    const last = word(ann, networkMs);
    presence.onWord(last, false, networkMs, 0);
    const keptMs = people > presentOften ? lastsMs + 2 * periodMs : lastsMs;
    presence.onTime(keptMs - 1);
    assert(presence.has(ann), `${people}`);
    presence.onTime(keptMs + 10);
    assert(!presence.has(ann), `${people}`);
  }
});
