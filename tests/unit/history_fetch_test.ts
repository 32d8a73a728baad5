/** Asking for history: what is missing, from whom, in which portions, and when again. */

import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { HistoryFetch, type Want } from "../../peer/history_fetch.ts";
import { type LogKey, logKey } from "../../peer/log_key.ts";
import { type Range, RangeSet } from "../../peer/ranges.ts";
import type { LogId, PeerId, RoomId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";
import type { FrontierEntry } from "../../wire/message_entries.ts";
import { randomBelow, seededRng } from "../rng.ts";
import { sampleId } from "../samples.ts";

const { wantPostsPerLogMax, wantRangesMax, wantBytesMax, wantAloneMs } = defaultLimits;
const { pageMs, pageBytesMax, askAgainMs } = defaultLimits;
const rng = seededRng(121);
const room = sampleId<RoomId>(rng), otherRoom = sampleId<RoomId>(rng);
const author = sampleId<PeerId>(rng), log = sampleId<LogId>(rng, 8);
const key = logKey(author, log);
const nothing = () => [];
const signed = new Uint8Array(100);

function entry(top: number, above: readonly Range[] = []): FrontierEntry {
  return { author, log, top, topId: null, above };
}

function manyEntries(count: number): FrontierEntry[] {
  return Array.from({ length: count }, () => ({ ...entry(5), log: sampleId<LogId>(rng, 8) }));
}

/** The answer to a request: something of each range, and whether it was the last of it. */
function answer(fetch: HistoryFetch, connection: number, want: Want, now: number, last = true) {
  for (const { author, log, to } of want.ranges) {
    fetch.onCame(
      connection,
      want.request,
      { room: want.room, seq: to, signed },
      logKey(author, log),
    );
  }
  return fetch.onPage(connection, want.request, 100, last, now);
}

const rangesOf = (want: Want | null) => want?.ranges.map(({ from, to }) => [from, to]) ?? null;

Deno.test("HistoryFetch asks for what a neighbour holds and we do not, newest first", () => {
  const fetch = new HistoryFetch(defaultLimits);
  const held: Range[] = [[1, 3], [7, 8]];
  fetch.onFrontier(1, room, [entry(10, [[20, 30]])], () => held);
  const want = fetch.nextWant(1, () => held, 0);
  assertEquals(want?.room, room);
  assertEquals(rangesOf(want), [[20, 30], [9, 10], [4, 6]]);
});

Deno.test("HistoryFetch asks nothing where nothing is missing, and nobody who has said nothing", () => {
  const fetch = new HistoryFetch(defaultLimits);
  fetch.onFrontier(1, room, [entry(10), entry(0)], () => [[1, 10]]);
  assertEquals(fetch.nextWant(1, () => [[1, 10]], 0), null);
  assertEquals(fetch.nextWant(2, nothing, 0), null);
  assertEquals([fetch.deadlineMs, fetch.idle], [Infinity, []]);
});

Deno.test("HistoryFetch adds up statements about one log, whichever comes first", () => {
  const statements = [entry(2), { ...entry(4), above: [[7, 8]] as const }, entry(3)];
  for (const order of [statements, statements.toReversed()]) {
    const fetch = new HistoryFetch(defaultLimits);
    for (const each of order) fetch.onFrontier(1, room, [each], nothing);
    assertEquals(rangesOf(fetch.nextWant(1, nothing, 0)), [[7, 8], [1, 4]]);
  }
});

Deno.test("HistoryFetch has one request in flight to a neighbour until its last page", () => {
  const fetch = new HistoryFetch(defaultLimits);
  fetch.onFrontier(1, room, [entry(10)], nothing);
  const want = fetch.nextWant(1, nothing, 0)!;
  const { request } = want;
  assertEquals(fetch.nextWant(1, nothing, 0), null);
  assert(!fetch.onPage(1, request, 100, false, 0));
  assert(!fetch.onPage(1, request + 1, 100, true, 0), "of another request");
  assert(!fetch.onPage(2, request, 100, true, 0), "from another neighbour");
  assertEquals(fetch.nextWant(1, nothing, 0), null);
  assert(answer(fetch, 1, want, 0));
  assertEquals(rangesOf(fetch.nextWant(1, () => [[1, 9]], 0)), [[10, 10]]);
});

Deno.test("wantPostsAheadMax: HistoryFetch has two small requests in flight, and waits for them in turn", () => {
  const limits = { ...defaultLimits, wantPostsAheadMax: 8 };
  const fetch = new HistoryFetch(limits);
  const want = (posts: number, held = nothing) => fetch.nextWant(1, held, 0, () => true, posts);
  fetch.onFrontier(1, room, [entry(100)], nothing);
  const first = want(5)!;
  assertEquals([rangesOf(first), want(4)], [[[96, 100]], null], "together they would be 9");
  const second = want(3)!;
  assertEquals([rangesOf(second), want(1)], [[[93, 95]], null], "a third one");
  assertEquals(fetch.deadlineMs, wantAloneMs);
  // The second answer begins when the first has ended.
  assert(answer(fetch, 1, first, 7_000));
  assertEquals([fetch.deadlineMs, fetch.idle], [7_000 + wantAloneMs, []]);
  // Until it is stored it counts as asked for.
  fetch.onStoring(1, second.request);
  assert(answer(fetch, 1, second, 8_000));
  assertEquals([rangesOf(want(3)), fetch.idle], [[[98, 100]], []], "the first was not kept so");
  fetch.onSettled();
  assertEquals(rangesOf(want(3)), [[95, 97]]);
});

Deno.test("HistoryFetch asks others for the same when nothing has come for wantAloneMs", () => {
  const fetch = new HistoryFetch(defaultLimits);
  for (const connection of [1, 2, 3]) fetch.onFrontier(connection, room, [entry(10)], nothing);
  fetch.nextWant(1, nothing, 0);
  assertEquals(fetch.deadlineMs, wantAloneMs);
  assertEquals(fetch.onTime(wantAloneMs - 1), []);
  assertEquals(fetch.nextWant(2, nothing, wantAloneMs - 1), null);
  assertEquals(fetch.onTime(wantAloneMs), [], "it may answer yet");
  const { request } = fetch.nextWant(2, nothing, wantAloneMs)!;
  assertEquals(fetch.nextWant(3, nothing, wantAloneMs), null, "one at a time");
  assert(!fetch.onPage(2, request, 100, false, wantAloneMs + 1));
  fetch.onTime(2 * wantAloneMs);
  assertEquals(fetch.nextWant(3, nothing, 2 * wantAloneMs), null, "it comes");
  assertEquals(fetch.onTime(pageMs), [{ connection: 1, room }]);
});

Deno.test("HistoryFetch does not call silent who was slower than another", () => {
  for (const late of [true, false]) {
    const fetch = new HistoryFetch(defaultLimits);
    for (const connection of [1, 2]) fetch.onFrontier(connection, room, [entry(10)], nothing);
    const slow = fetch.nextWant(1, nothing, 0)!;
    // What is known before anybody else was asked is no answer.
    fetch.onCame(1, slow.request, { room, seq: 10, signed }, key);
    fetch.onTime(wantAloneMs);
    const quick = fetch.nextWant(2, nothing, wantAloneMs)!;
    fetch.onPage(2, quick.request, 100, true, wantAloneMs + 1);
    // Nor is what it was not asked for.
    assert(!fetch.onCame(1, slow.request, { room, seq: 11, signed }, key));
    if (late) assert(fetch.onCame(1, slow.request, { room, seq: 10, signed }, key));
    assertEquals(fetch.onTime(pageMs), late ? [] : [{ connection: 1, room }]);
  }
});

Deno.test("HistoryFetch gives up a second request with the first", () => {
  const fetch = new HistoryFetch(defaultLimits);
  fetch.onFrontier(1, room, [entry(100)], nothing);
  fetch.onFrontier(2, room, [entry(100)], nothing);
  const small = (connection: number, now: number) =>
    fetch.nextWant(connection, nothing, now, () => true, 50);
  assertEquals([rangesOf(small(1, 0)), rangesOf(small(1, 0))], [[[51, 100]], [[1, 50]]]);
  assertEquals(small(2, 0), null);
  assertEquals(fetch.onTime(pageMs), [{ connection: 1, room }]);
  assertEquals([rangesOf(small(2, pageMs)), rangesOf(small(2, pageMs))], [
    [[51, 100]],
    [[1, 50]],
  ]);
  assertEquals(small(1, pageMs), null, "it rests");
});

Deno.test("HistoryFetch takes at most 1,024 posts of a log in one request, so that logs take turns", () => {
  const fetch = new HistoryFetch(defaultLimits);
  fetch.onFrontier(1, room, [entry(5_000), { ...entry(3), log: sampleId(rng, 8) }], nothing);
  const want = fetch.nextWant(1, nothing, 0)!;
  assertEquals(rangesOf(want), [[5_000 - wantPostsPerLogMax + 1, 5_000], [1, 3]]);
});

Deno.test("HistoryFetch names at most wantRangesMax ranges, of other logs the next time", () => {
  const fetch = new HistoryFetch(defaultLimits);
  const entries = manyEntries(2 * wantRangesMax);
  fetch.onFrontier(1, room, entries, nothing);
  const first = fetch.nextWant(1, nothing, 0)!;
  fetch.onPage(1, first.request, 100, true, 0);
  const second = fetch.nextWant(1, nothing, 0)!;
  assertLessOrEqual(first.ranges.length, wantRangesMax);
  assertEquals(new Set([...first.ranges, ...second.ranges].map((range) => range.log)).size, 128);
  const scattered = Array.from({ length: 30 }, (_, i): Range => [2 * i + 2, 2 * i + 2]);
  fetch.onFrontier(
    2,
    room,
    manyEntries(40).map((e) => ({ ...e, top: 0, above: scattered })),
    nothing,
  );
  assertEquals(fetch.nextWant(2, nothing, 0)!.ranges.length, wantRangesMax);
  // One range of the first log, then four of each: the last gets what is left.
  fetch.onFrontier(
    3,
    room,
    manyEntries(41).map((each, i) => ({
      ...each,
      top: 0,
      above: i === 0 ? [[2, 2]] : scattered,
    })),
    nothing,
  );
  assertEquals(fetch.nextWant(3, nothing, 0)!.ranges.length, wantRangesMax);
});

Deno.test("HistoryFetch does not ask two neighbours for the same posts at once", () => {
  const fetch = new HistoryFetch(defaultLimits);
  for (const connection of [1, 2]) fetch.onFrontier(connection, room, [entry(2_000)], nothing);
  const first = fetch.nextWant(1, nothing, 0)!;
  assertEquals(rangesOf(first), [[977, 2_000]]);
  assertEquals(rangesOf(fetch.nextWant(2, nothing, 0)), [[1, 976]]);
  fetch.onLinkLost(2);
  fetch.onFrontier(3, room, [entry(900)], nothing);
  assertEquals(rangesOf(fetch.nextWant(3, nothing, 0)), [[1, 900]]);
});

Deno.test("HistoryFetch counts as asked what it asked this neighbour for, and nothing else", () => {
  const fetch = new HistoryFetch(defaultLimits);
  fetch.onFrontier(1, room, [entry(10)], () => [[1, 4]]);
  const { request } = fetch.nextWant(1, () => [[1, 4]], 0)!;
  const asked = (connection: number, number: number, seq: number, of = room, from = key) =>
    fetch.isAsked(connection, number, { room: of, seq }, from);
  assertEquals([4, 5, 10, 11].map((seq) => asked(1, request, seq)), [false, true, true, false]);
  assert(!asked(2, request, 5));
  assert(!asked(1, request + 1, 5));
  assert(!asked(1, request, 5, otherRoom));
  assert(!asked(1, request, 5, room, logKey(author, sampleId<LogId>(rng, 8))));
  fetch.onPage(1, request, 100, true, 0);
  assert(!asked(1, request, 5), "the answer is over");
});

Deno.test("HistoryFetch leaves a neighbour alone that brought nothing, twice as long each time", () => {
  const fetch = new HistoryFetch(defaultLimits);
  fetch.onFrontier(1, room, [entry(10)], nothing);
  let now = 0;
  for (const restMs of [askAgainMs, 2 * askAgainMs, 4 * askAgainMs]) {
    const { request } = fetch.nextWant(1, nothing, now)!;
    fetch.onPage(1, request, 0, true, now);
    assertEquals(fetch.deadlineMs, now + restMs);
    assertEquals(fetch.nextWant(1, nothing, now + restMs - 1), null);
    now += restMs;
    fetch.onTime(now);
  }
  fetch.onFrontier(1, room, [entry(11)], nothing);
  assertEquals(rangesOf(fetch.nextWant(1, nothing, now)), [[1, 11]], "it says that it has more");
});

Deno.test("HistoryFetch is not hurried by a neighbour that says the same again", () => {
  const fetch = new HistoryFetch(defaultLimits);
  fetch.onFrontier(1, room, [entry(10)], nothing);
  const { request } = fetch.nextWant(1, nothing, 0)!;
  fetch.onPage(1, request, 0, true, 0);
  fetch.onFrontier(1, room, [entry(10)], nothing);
  assertEquals(fetch.nextWant(1, nothing, askAgainMs - 1), null);
});

Deno.test("HistoryFetch gives up a request whose pages bring nothing new", () => {
  const fetch = new HistoryFetch(defaultLimits);
  for (const connection of [1, 2]) fetch.onFrontier(connection, room, [entry(10)], nothing);
  const { request } = fetch.nextWant(1, nothing, 0)!;
  assertEquals(fetch.nextWant(2, nothing, 0), null, "it is asked of another");
  for (let now = 0; now < pageMs; now += 1_000) fetch.onPage(1, request, 0, false, now);
  assertEquals(fetch.onTime(pageMs), [{ connection: 1, room }], "its neighbour sends nothing");
  assertEquals(rangesOf(fetch.nextWant(2, nothing, pageMs)), [[1, 10]]);
});

Deno.test("HistoryFetch gives up a request whose page does not come, and each page buys time", () => {
  const fetch = new HistoryFetch(defaultLimits);
  for (const connection of [1, 2]) fetch.onFrontier(connection, room, [entry(10)], nothing);
  const { request } = fetch.nextWant(1, nothing, 0)!;
  fetch.onPage(1, request, pageBytesMax, false, 3_000);
  assertEquals(fetch.deadlineMs, 3_000 + pageMs);
  fetch.onTime(3_000 + pageMs - 1);
  assertEquals(fetch.nextWant(2, nothing, 3_000 + pageMs - 1), null);
  assertEquals(fetch.onTime(3_000 + pageMs), [], "its neighbour has sent something");
  assertEquals(rangesOf(fetch.nextWant(2, nothing, 3_000 + pageMs)), [[1, 10]]);
});

Deno.test("HistoryFetch asks others for the same when an answer comes slower than a page in pageMs", () => {
  const fetch = new HistoryFetch(defaultLimits);
  for (const connection of [1, 2]) fetch.onFrontier(connection, room, [entry(10)], nothing);
  const { request } = fetch.nextWant(1, nothing, 0)!;
  fetch.onPage(1, request, 512, false, wantAloneMs - 1);
  assertEquals(fetch.deadlineMs, wantAloneMs + 512 * pageMs / pageBytesMax);
  fetch.onTime(wantAloneMs);
  assertEquals(fetch.nextWant(2, nothing, wantAloneMs), null);
  fetch.onTime(wantAloneMs + 100);
  assertEquals(rangesOf(fetch.nextWant(2, nothing, wantAloneMs + 100)), [[1, 10]]);
  assertEquals([1, 2].map((connection) => fetch.lateness(connection)), [1, 0]);
});

Deno.test("HistoryFetch asks others for what waits behind an answer that does not come", () => {
  const fetch = new HistoryFetch(defaultLimits);
  const want = (of: number, now: number) =>
    rangesOf(fetch.nextWant(of, nothing, now, () => true, 8));
  for (const connection of [1, 2]) fetch.onFrontier(connection, room, [entry(16)], nothing);
  assertEquals([want(1, 0), want(1, 0)], [[[9, 16]], [[1, 8]]]);
  assertEquals(want(2, 0), null);
  fetch.onTime(wantAloneMs);
  assertEquals([want(2, wantAloneMs), want(2, wantAloneMs)], [[[9, 16]], [[1, 8]]]);
});

Deno.test("HistoryFetch leaves alone the logs of which an answer had nothing, if it was not too long", () => {
  const [first, second] = manyEntries(2) as [FrontierEntry, FrontierEntry];
  const asked = (bytes: number) => {
    const fetch = new HistoryFetch(defaultLimits);
    fetch.onFrontier(1, room, [first, second], nothing);
    const { request } = fetch.nextWant(1, nothing, 0)!;
    const post = { room, seq: 5, signed: new Uint8Array(bytes) };
    fetch.onCame(1, request, post, logKey(author, first.log));
    fetch.onPage(1, request, 100, true, 0);
    return fetch.nextWant(1, nothing, 0)!.ranges.map(({ log }) => log);
  };
  assertEquals(asked(100), [first.log]);
  assertEquals(asked(wantBytesMax), [first.log, second.log]);
});

Deno.test("HistoryFetch forgets a room that is closed, and the request in it", () => {
  const fetch = new HistoryFetch(defaultLimits);
  fetch.onFrontier(1, room, [entry(10)], nothing);
  fetch.onFrontier(1, otherRoom, [entry(4)], nothing);
  const { request } = fetch.nextWant(1, nothing, 0)!;
  fetch.onRoomClosed(1, room);
  fetch.onRoomClosed(9, room);
  assert(!fetch.onPage(1, request, 100, true, 0));
  assertEquals(fetch.nextWant(1, nothing, 0)?.room, otherRoom);
});

Deno.test("HistoryFetch remembers at most missingLogsMax logs of a room", () => {
  const fetch = new HistoryFetch({ ...defaultLimits, missingLogsMax: 10, wantRangesMax: 100 });
  fetch.onFrontier(1, room, manyEntries(30), nothing);
  assertEquals(fetch.nextWant(1, nothing, 0)!.ranges.length, 10);
});

Deno.test("HistoryFetch remembers at most claimRangesMax ranges of a room, the newest of each log", () => {
  const fetch = new HistoryFetch({ ...defaultLimits, claimRangesMax: 100, wantRangesMax: 1_000 });
  const scattered = (start: number) =>
    Array.from({ length: 32 }, (_, i): Range => [start + 2 * i, start + 2 * i]);
  const logs = manyEntries(9);
  // Again and again, each time with others.
  for (let start = 1_000; start < 2_000; start += 64) {
    for (const each of logs) {
      fetch.onFrontier(1, room, [{ ...each, above: scattered(start) }], nothing);
    }
    assertLessOrEqual(fetch.claimRanges, 100);
  }
  assertEquals([fetch.claimRanges, fetch.missingLogs], [100, 9]);
  fetch.onLeftOver(1, { room, author, log, seq: 7 }, 0);
  assertEquals([fetch.claimRanges, fetch.missingLogs], [100, 9]);
  const want = fetch.nextWant(1, nothing, 0)!;
  assertEquals(want.ranges.filter(({ to }) => to > 5).every(({ to }) => to > 1_800), true);
  fetch.onRoomClosed(1, room);
  fetch.onLeftOver(1, { room, author, log, seq: 7 }, 0);
  assertEquals(fetch.claimRanges, 1);
});

Deno.test("HistoryFetch has what was not kept of a neighbour's claims told again", () => {
  const fetch = new HistoryFetch({ ...defaultLimits, claimRangesMax: 2 });
  fetch.onFrontier(1, room, [entry(0, [[2, 2], [4, 4], [6, 6]])], nothing);
  const want = fetch.nextWant(1, nothing, 0)!;
  assertEquals(rangesOf(want), [[6, 6], [4, 4]]);
  assertEquals(fetch.takeCut(1), [], "not before the rest is here");
  const held = () => [[4, 4], [6, 6]] as const;
  answer(fetch, 1, want, 0);
  assertEquals([fetch.nextWant(1, held, 0), fetch.takeCut(1)], [null, [room]]);
});

Deno.test("HistoryFetch gives the place of a log that was asked for in vain to another one", () => {
  const fetch = new HistoryFetch({ ...defaultLimits, missingLogsMax: 1 });
  const [first, second] = manyEntries(2) as [FrontierEntry, FrontierEntry];
  const asked = () => fetch.nextWant(1, nothing, 0)?.ranges.map(({ log }) => log) ?? null;
  fetch.onFrontier(1, room, [first], nothing);
  fetch.onFrontier(1, room, [second], nothing);
  const { request, ranges: [wanted] } = fetch.nextWant(1, nothing, 0)!;
  assertEquals(wanted!.log, first.log);
  fetch.onPage(1, request, 0, true, 0);
  assertEquals(asked(), null);
  fetch.onFrontier(1, room, [second], nothing);
  assertEquals(asked(), [second.log]);
  assertEquals(fetch.missingLogs, 1);
});

Deno.test("HistoryFetch brings everything that any neighbour holds, in 60 random networks", () => {
  for (let seed = 0; seed < 60; seed++) {
    const random = seededRng(seed);
    const fetch = new HistoryFetch({ ...defaultLimits, wantPostsPerLogMax: 8, wantRangesMax: 4 });
    const logs = Array.from({ length: 1 + randomBelow(random, 5) }, () => sampleId<LogId>(rng, 8));
    const own = new Map<LogKey, RangeSet>(logs.map((id) => [logKey(author, id), new RangeSet()]));
    const twin = new Set<string>();
    const held = (_: RoomId, of: LogKey) => own.get(of)!.ranges;
    const neighbours = [1, 2, 3].map((connection) => {
      const theirs = new Map<LogId, RangeSet>();
      for (const id of logs) {
        const set = new RangeSet();
        for (let n = 1; n < 40; n++) {
          if (random.next() < 0.6) {
            set.add(n, n);
            twin.add(`${id} ${n}`);
          }
        }
        theirs.set(id, set);
        const above = set.top > 0 ? set.ranges.slice(1) : set.ranges;
        fetch.onFrontier(connection, room, [{ ...entry(set.top, above), log: id }], held);
      }
      return { connection, theirs };
    });
    for (let turn = 0, idle = 0; idle < 3; turn++) {
      const { connection, theirs } = neighbours[turn % 3]!;
      const want = fetch.nextWant(connection, held, turn);
      idle = want === null ? idle + 1 : 0;
      for (const { log: id, from, to } of want?.ranges ?? []) {
        for (let n = from; n <= to; n++) {
          assert(theirs.get(id)!.has(n), `seed ${seed}: asked for what is not held`);
          assert(fetch.isAsked(connection, want!.request, { room, seq: n }, logKey(author, id)));
          own.get(logKey(author, id))!.add(n, n);
        }
      }
      if (want !== null) answer(fetch, connection, want, turn);
    }
    const got = [...own].flatMap(([of, set]) =>
      set.ranges.flatMap(([from, to]) =>
        Array.from({ length: to - from + 1 }, (_, i) => `${of.slice(64)} ${from + i}`)
      )
    );
    assertEquals(got.sort(), [...twin].sort(), `seed ${seed}`);
  }
});

Deno.test("HistoryFetch asks for one log of each author before a second one of any", () => {
  const fetch = new HistoryFetch({ ...defaultLimits, wantRangesMax: 4 });
  const other = { ...entry(5), author: sampleId<PeerId>(rng) };
  fetch.onFrontier(1, room, [...manyEntries(5), other], nothing);
  const authors = fetch.nextWant(1, nothing, 0)!.ranges.map((range) => range.author);
  assertEquals(authors, [author, other.author, author, author]);
});

Deno.test("heldBackMs: HistoryFetch leaves an author alone whose day is used up, and says how much there is", () => {
  const { heldBackMs } = defaultLimits;
  const fetch = new HistoryFetch(defaultLimits);
  const other = { ...entry(5), author: sampleId<PeerId>(rng) };
  fetch.onFrontier(1, room, [entry(7_000), other], nothing);
  const mayFetch = (_room: RoomId, of: PeerId) => of !== author;
  const want = fetch.nextWant(1, nothing, 0, mayFetch)!;
  assertEquals(want.ranges.map((range) => range.author), [other.author]);
  assertEquals(fetch.takeHeldBack(), [{ room, author, posts: 7_000 }]);
  assertEquals(fetch.takeHeldBack(), []);
  answer(fetch, 1, want, 1);
  const held = (_room: RoomId, of: LogKey): Range[] => of === key ? [] : [[1, 5]];
  assertEquals(fetch.nextWant(1, held, 2), null);
  assertEquals([fetch.deadlineMs, fetch.lacking(room, held, 2)], [heldBackMs, 0]);
  fetch.onMore(room);
  assertEquals(fetch.lacking(room, held, 3), 7_000);
  assertEquals(rangesOf(fetch.nextWant(1, held, 3)), [[7_000 - wantPostsPerLogMax + 1, 7_000]]);
});

Deno.test("HistoryFetch asks only for what joins where a log is in as many pieces as it may be", () => {
  const limits = { ...defaultLimits, rangesPerLogMax: 2 };
  const held = new RangeSet();
  held.add(1, 1);
  held.add(13, 14);
  const fetch = new HistoryFetch(limits);
  fetch.onFrontier(1, room, [entry(8, [[10, 12], [16, 17]])], () => held.ranges);
  const asked: (number[][] | null)[] = [];
  for (let want; (want = fetch.nextWant(1, () => held.ranges, 0)) !== null;) {
    asked.push(rangesOf(want)!);
    for (const { from, to } of want.ranges) held.add(from, to);
    answer(fetch, 1, want, 0);
    if (asked.length === 3) fetch.onFrontier(1, room, [entry(8, [[10, 17]])], () => held.ranges);
  }
  assertEquals(asked.slice(0, 3), [[[10, 12], [2, 2]], [[3, 3]], [[4, 4]]]);
  assertEquals(held.ranges, [[1, 8], [10, 17]]);
});
