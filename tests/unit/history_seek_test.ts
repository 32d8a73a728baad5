/** Posts that are asked for by their ids: when somebody is to be asked again. */

import { assertEquals, assertLess } from "@std/assert";
import { HistorySeek } from "../../peer/history_seek.ts";
import type { PostId, RoomId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { processorMs } from "../processor_ms.ts";
import { seededRng } from "../rng.ts";
import { sampleId } from "../samples.ts";

const { pageMs, askAgainMs, wantAloneMs } = defaultLimits;
const rng = seededRng(907);
const room = sampleId<RoomId>(rng);
const newId = () => sampleId<PostId>(rng);

/** Posts that are sought, and the number of the last request. */
class Seeking {
  readonly seek = new HistorySeek(defaultLimits);
  request = 0;

  ask(connection: number, nowMs: number): PostId | null {
    return this.seek.next(connection, () => true, () => ++this.request, nowMs)?.id ?? null;
  }
}

Deno.test("HistorySeek wants no wake for a rest of somebody who is being asked", () => {
  const seeking = new Seeking();
  const { seek } = seeking;
  const [first, second] = [newId(), newId()];
  seek.onMissing(room, first);
  assertEquals(seeking.ask(1, 0), first);
  seek.onPage(1, seeking.request, 0);
  assertEquals(seek.deadlineMs, askAgainMs);
  seek.onMissing(room, second);
  const askedMs = askAgainMs - 1;
  assertEquals(seeking.ask(1, askedMs), second);
  assertEquals(seek.deadlineMs, askedMs + wantAloneMs, "the rest ends before that");
  seek.onTime(askedMs + wantAloneMs);
  assertEquals(seek.deadlineMs, askedMs + pageMs);
  assertEquals(seeking.ask(1, askAgainMs), null);
  seek.onTime(askedMs + pageMs);
  assertEquals(seek.deadlineMs, askAgainMs);
  assertEquals(seeking.ask(1, askedMs + pageMs), first);
});

Deno.test("HistorySeek gives a request up in time, though the post has come another way", () => {
  const seeking = new Seeking();
  const id = newId();
  seeking.seek.onMissing(room, id);
  assertEquals(seeking.ask(1, 0), id);
  seeking.seek.onStored(id);
  assertEquals([seeking.seek.size, seeking.seek.deadlineMs], [0, pageMs]);
  seeking.seek.onTime(pageMs);
  assertEquals(seeking.seek.deadlineMs, Infinity);
});

Deno.test("HistorySeek asks others for what one neighbour does not answer in wantAloneMs", () => {
  const seeking = new Seeking();
  const { seek } = seeking;
  const id = newId();
  seek.onMissing(room, id);
  assertEquals(seeking.ask(1, 0), id);
  seek.onTime(wantAloneMs - 1);
  assertEquals(seeking.ask(2, wantAloneMs - 1), null);
  seek.onTime(wantAloneMs);
  assertEquals([seeking.ask(1, wantAloneMs), seeking.ask(2, wantAloneMs)], [null, id]);
  seek.onCame(2, seeking.request, { room, id, previous: newId() });
  seek.onTime(2 * wantAloneMs);
  assertEquals(seeking.ask(3, 2 * wantAloneMs), null, "it comes");
});

Deno.test("HistorySeek gives up what one neighbour makes up in no time, and keeps what others say", () => {
  const seeking = new Seeking();
  const [named, honest] = [newId(), newId()];
  seeking.seek.onMissing(room, named);
  seeking.seek.onMissing(room, honest, 2);
  const made = Array.from({ length: 50_000 }, newId);
  const started = processorMs();
  for (const id of made) seeking.seek.onMissing(room, id, 1);
  // To count anew who says how much for each of them took ten times as long.
  assertLess(processorMs() - started, 1_500);
  assertEquals(seeking.seek.size, defaultLimits.seeksMax);
  assertEquals([seeking.ask(3, 0), seeking.ask(2, 0)], [named, honest]);
  seeking.seek.onLinkLost(1);
  assertEquals(seeking.seek.size, 2);
  seeking.seek.onMissing(room, honest);
  seeking.seek.onLinkLost(2);
  assertEquals(seeking.seek.size, 2, "a post names it now");
});
