/** Answering for history: pages in their order and size. */

import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { HistoryServe } from "../../peer/history_serve.ts";
import type { PostReader, SequencedPost } from "../../peer/ports.ts";
import type { LogId, PeerId, RoomId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { seededRng } from "../rng.ts";
import { sampleId } from "../samples.ts";

const { pageBytesMax, wantBytesMax } = defaultLimits;
const rng = seededRng(131);
const room = sampleId<RoomId>(rng), otherRoom = sampleId<RoomId>(rng);
const author = sampleId<PeerId>(rng);
const log = sampleId<LogId>(rng, 8), otherLog = sampleId<LogId>(rng, 8);

/** A store in which every log has posts 1 to `top`, all of one size, without those in `gaps`. */
function readerOf(top: number, postBytes: number, gaps: readonly number[] = []): PostReader {
  return {
    has: () => false,
    floor: () => null,
    isWithdrawn: () => false,
    get: () => null,
    range: (_room, _author, _log, from, to, bytesMax) => {
      const posts: SequencedPost[] = [];
      let bytes = 0;
      for (let seq = Math.min(to, top); seq >= from; seq--) {
        if (gaps.includes(seq)) continue;
        bytes += postBytes;
        if (posts.length > 0 && bytes > bytesMax) break;
        posts.push({ seq, signed: new Uint8Array(postBytes - 64), signature: new Uint8Array(64) });
      }
      return posts;
    },
    frontier: () => [],
    forks: () => [],
    newest: () => [],
    profiles: () => [],
    topic: () => null,
    acts: () => [],
    receipts: () => ({ words: [], holders: [] }),
    inviteDeeds: () => [],
    lastTime: () => null,
  };
}

const range = (from: number, to: number, of = log) => ({ author, log: of, from, to });

/** The sequences of all pages of an answer. */
function answer(serve: HistoryServe, connection: number): number[][] {
  const pages: number[][] = [];
  for (let page; (page = serve.nextPage(connection)) !== null;) {
    pages.push((page.posts as SequencedPost[]).map(({ seq }) => seq));
    assertEquals(page.last, serve.nextPage(9) === null && page.last);
    if (page.last) break;
  }
  assertEquals(serve.nextPage(connection), null);
  return pages;
}

Deno.test("HistoryServe reads each range newest first, in the order asked, into one page", () => {
  const serve = new HistoryServe(defaultLimits, readerOf(10, 200, [9]));
  assertEquals(serve.nextPage(1), null);
  serve.onWant(1, room, 7, [range(8, 10), range(1, 2, otherLog), range(4, 4)]);
  const page = serve.nextPage(1)!;
  assertEquals([page.room, page.request, page.last], [room, 7, true]);
  assertEquals((page.posts as SequencedPost[]).map(({ seq }) => seq), [10, 8, 2, 1, 4]);
  assertEquals(serve.nextPage(1), null);
});

Deno.test("HistoryServe answers two small requests in their order, and gives up a large one for the next", () => {
  const limits = { ...defaultLimits, wantPostsAheadMax: 8 };
  const given = (serve: HistoryServe) => {
    const pages: [number, number[]][] = [];
    for (let page; (page = serve.nextPage(1)) !== null;) {
      pages.push([page.request, (page.posts as SequencedPost[]).map(({ seq }) => seq)]);
    }
    return pages;
  };
  const serve = new HistoryServe(limits, readerOf(99, 200));
  serve.onWant(1, room, 7, [range(1, 3)]);
  serve.onWant(1, room, 8, [range(4, 8)]);
  assertEquals(given(serve), [[7, [3, 2, 1]], [8, [8, 7, 6, 5, 4]]]);
  serve.onWant(1, room, 9, [range(1, 3)]);
  serve.onWant(1, room, 10, [range(4, 9)]);
  assertEquals(given(serve), [[10, [9, 8, 7, 6, 5, 4]]]);
  for (const request of [11, 12, 13]) serve.onWant(1, room, request, [range(1, 1)]);
  assertEquals(given(serve), [[13, [1]]]);
  serve.onWant(1, room, 14, [range(1, 1)]);
  serve.onWant(1, otherRoom, 15, [range(2, 2)]);
  serve.onRoomClosed(1, room);
  assertEquals(given(serve), [[15, [2]]]);
});

Deno.test("HistoryServe answers a request for what it does not hold with one empty page", () => {
  const serve = new HistoryServe(defaultLimits, readerOf(10, 200));
  serve.onWant(1, room, 7, [range(11, 2 ** 53 - 1)]);
  assertEquals(answer(serve, 1), [[]]);
  serve.onWant(1, room, 8, []);
  assertEquals(answer(serve, 1), [[]]);
});

Deno.test("HistoryServe splits an answer into pages that fit a message, without loss or repeat", () => {
  for (const postBytes of [200, 1_000, 7_000, 20_480]) {
    const top = Math.floor(wantBytesMax / (postBytes + 8)) - 1;
    const serve = new HistoryServe(defaultLimits, readerOf(top, postBytes));
    serve.onWant(1, room, 7, [range(1, top)]);
    const pages = answer(serve, 1);
    for (const page of pages) {
      assertLessOrEqual(page.length * (postBytes + 8), pageBytesMax + 8 * page.length);
    }
    assertEquals(pages.flat(), Array.from({ length: top }, (_, i) => top - i));
  }
});

Deno.test("HistoryServe ends an answer after wantBytesMax, so that the rest is asked for again", () => {
  const serve = new HistoryServe(defaultLimits, readerOf(100_000, 1_000));
  serve.onWant(1, room, 7, [range(1, 100_000)]);
  const seqs = answer(serve, 1).flat();
  assertEquals(seqs, Array.from({ length: seqs.length }, (_, i) => 100_000 - i));
  assert(Math.abs(seqs.length * 1_008 - wantBytesMax) < 2_016, `${seqs.length} posts`);
});

Deno.test("HistoryServe gives up an earlier request for a later one, a closed room, a lost link", () => {
  const serve = new HistoryServe(defaultLimits, readerOf(2_000, 1_000));
  serve.onWant(1, room, 7, [range(1, 2_000)]);
  serve.nextPage(1);
  serve.onWant(1, otherRoom, 8, [range(1, 1)]);
  assertEquals(answer(serve, 1), [[1]]);
  serve.onWant(1, room, 9, [range(1, 2_000)]);
  serve.onRoomClosed(1, otherRoom);
  assert(serve.nextPage(1) !== null);
  serve.onRoomClosed(1, room);
  assertEquals(serve.nextPage(1), null);
  serve.onWant(1, room, 9, [range(1, 2_000)]);
  serve.onLinkLost(1);
  assertEquals(serve.nextPage(1), null);
});
