/** What neighbours are told of what is held: digests where much may be unknown, and single logs. */

import { assert, assertEquals, assertLessOrEqual, assertNotEquals } from "@std/assert";
import { Digest, type Stated } from "../../peer/digest.ts";
import { HistoryTell } from "../../peer/history_tell.ts";
import { type LogKey, logKey, splitLogKey } from "../../peer/log_key.ts";
import { Progress } from "../../peer/progress.ts";
import type { LogId, PeerId, RoomId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { logMark } from "../../wire/receipt.ts";
import { seededRng } from "../rng.ts";
import { sampleId } from "../samples.ts";
import { seededCrypto } from "../seeded_crypto.ts";

const { frontierMs, frontierEntriesMax, digestMs, progressMs, progressMin } = defaultLimits;
const rng = seededRng(132);
const crypto = seededCrypto(132);
const room = sampleId<RoomId>(rng), otherRoom = sampleId<RoomId>(rng);
const author = sampleId<PeerId>(rng);

const keys = (count: number) =>
  Array.from({ length: count }, () => logKey(author, sampleId<LogId>(rng, 8)));

/** Everything that a neighbour is told at one time. */
function told(tell: HistoryTell, now: number): (LogKey | "digest")[] {
  const got: (LogKey | "digest")[] = [];
  for (let part; (part = tell.next(1, now)) !== null;) {
    if (part.type === "digest") got.push("digest");
    else {
      assertLessOrEqual(part.keys.length, frontierEntriesMax);
      got.push(...part.keys);
      if (part.last) break;
    }
  }
  return got.sort();
}

Deno.test("HistoryTell begins with a digest and tells the logs in which it differs, in portions", () => {
  const tell = new HistoryTell(defaultLimits);
  const differing = keys(3 * frontierEntriesMax + 1);
  assertEquals([tell.next(1, 0), tell.deadlineMs(() => true)], [null, Infinity]);
  tell.onNews(1, room, "all");
  assertEquals([tell.deadlineMs(() => true), tell.deadlineMs(() => false)], [0, Infinity]);
  assertEquals(told(tell, 0), ["digest"]);
  assertEquals(told(tell, 1_000_000), []);
  tell.onDigest(1, room, differing.slice(1));
  tell.onDigest(1, room, differing);
  assertEquals(told(tell, 1), differing.toSorted());
});

Deno.test("digestMs: HistoryTell repeats a digest while it differs, ever more rarely", () => {
  const tell = new HistoryTell(defaultLimits);
  tell.onNews(1, room, "all");
  assertEquals(told(tell, 0), ["digest"]);
  let now = 0;
  for (const waitMs of [digestMs, 2 * digestMs, 4 * digestMs]) {
    tell.onDigest(1, room, []);
    assertEquals(told(tell, now + waitMs - 1), []);
    assertEquals(tell.deadlineMs(() => true), now + waitMs);
    now += waitMs;
    assertEquals(told(tell, now), ["digest"]);
  }
  // A digest that changes is answered sooner: something has come since.
  tell.onDigest(1, room, [], "another");
  assertEquals(tell.deadlineMs(() => true), now + digestMs);
  tell.onDigest(1, room, null);
  assertEquals(tell.deadlineMs(() => true), Infinity);
  // Who hears a digest without having told one answers with its own at once.
  tell.onDigest(2, room, []);
  assertEquals(tell.next(2, now)?.type, "digest");
});

Deno.test("HistoryTell names logs with news once, after a pause since the last time", () => {
  const tell = new HistoryTell(defaultLimits);
  const some = keys(3);
  tell.onNews(1, room, some);
  tell.onNews(1, room, some.slice(1));
  assertEquals(told(tell, 100), some.toSorted());
  tell.onNews(1, room, some.slice(0, 1));
  assertEquals(told(tell, 99 + frontierMs), []);
  assertEquals(tell.deadlineMs(() => true), 100 + frontierMs);
  assertEquals(told(tell, 100 + frontierMs), some.slice(0, 1));
});

Deno.test("HistoryTell goes over to a digest when the logs with news are too many", () => {
  const tell = new HistoryTell(defaultLimits);
  tell.onNews(1, room, keys(257));
  assertEquals(told(tell, 0), ["digest"]);
  tell.onNews(1, room, "all");
  assertEquals([told(tell, frontierMs - 1), told(tell, frontierMs)], [[], ["digest"]]);
});

Deno.test("HistoryTell forgets what it had to tell of a closed room and a lost link", () => {
  const tell = new HistoryTell(defaultLimits);
  tell.onNews(1, room, "all");
  tell.onNews(1, otherRoom, "all");
  tell.onRoomClosed(1, room);
  assertEquals(tell.next(1, 0)?.room, otherRoom);
  tell.onNews(1, room, "all");
  tell.onLinkLost(1);
  tell.onRoomClosed(1, room);
  assertEquals([tell.next(1, 10_000), tell.deadlineMs(() => true)], [null, Infinity]);
});

Deno.test("Digest is equal for equal holdings in any order, and names the logs of differing buckets", () => {
  const all = keys(600);
  const tops = new Map(all.map((key, i) => [key, i + 1]));
  const stated = (top: (key: LogKey) => number) => (key: LogKey): Stated => ({
    entry: { ...splitLogKey(key), top: top(key), topId: null, above: [] },
    forks: null,
  });
  const same = stated((key) => tops.get(key)!);
  const [mine, theirs] = [new Digest(room, crypto), new Digest(room, crypto)];
  for (const key of all) mine.onChanged(key);
  for (const key of all.toReversed()) theirs.onChanged(key);
  const own = mine.buckets(same);
  assertEquals(mine.differing(own, theirs.buckets(same)), null);
  assertEquals(new Set(own.map(({ bucket }) => bucket)).size, own.length);
  const changed = all[7]!;
  theirs.onChanged(changed);
  const other = theirs.buckets(stated((key) => tops.get(key)! + (key === changed ? 1 : 0)));
  const differing = mine.differing(own, other)!;
  assert(differing.includes(changed));
  const bucketOf = (key: LogKey) => {
    const { author, log } = splitLogKey(key);
    return logMark(author, log, crypto).slice(0, 2);
  };
  assertEquals(new Set(differing.map(bucketOf)), new Set([bucketOf(changed)]));
  // What only one side has is a difference, on whichever side.
  assertEquals(mine.differing(own, [])?.length, all.length);
  assertEquals(new Digest(room, crypto).differing([], own), []);
  assertEquals(new Digest(room, crypto).differing([], []), null);
});

Deno.test("Digest differs where two peers hold different ends of branches", () => {
  const [key] = keys(1);
  const digest = (seq: number) => {
    const one = new Digest(room, crypto);
    one.onChanged(key!);
    const ends = [{ seq, id: "00".repeat(32) as never }];
    return one.buckets((of) => ({ entry: null, forks: { ...splitLogKey(of), ends } }));
  };
  assertEquals(digest(3), digest(3));
  assertNotEquals(digest(3), digest(4));
});

Deno.test("progressMs, progressMin: Progress tells how far it is, and the end, unless it was little", () => {
  const progress = new Progress(defaultLimits);
  const fetch = (count: number, now: number) => {
    for (let i = 0; i < count; i++) progress.onFetched(now);
  };
  fetch(10, 0);
  assertEquals(progress.dueMs, progressMs);
  assertEquals(progress.onTime(progressMin, progressMs), { fetched: 10, total: 10 + progressMin });
  fetch(40, progressMs);
  assertEquals(progress.onTime(60, 2 * progressMs), { fetched: 50, total: progressMin + 10 });
  assertEquals(progress.onTime(60, 3 * progressMs), null, "it stands still");
  assertEquals(progress.dueMs, Infinity);
  fetch(60, 9 * progressMs);
  assertEquals(progress.onTime(0, 10 * progressMs), { fetched: 110, total: 110 });
  fetch(5, 11 * progressMs);
  assertEquals(progress.onTime(0, 12 * progressMs), null, "too little to tell of");
});

Deno.test("logsTellingMax: of more logs than are named one by one a digest is told", () => {
  const tell = new HistoryTell({ ...defaultLimits, logsTellingMax: 3 });
  const some = keys(4);
  tell.onNews(1, room, some.slice(0, 3));
  assertEquals(told(tell, 0), some.slice(0, 3).toSorted());
  tell.onNews(1, room, some.slice(0, 3));
  tell.onNews(1, room, some.slice(3));
  assertEquals(told(tell, frontierMs), ["digest"]);
});
