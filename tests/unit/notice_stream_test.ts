import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { NoticeStream } from "../../io/notice_stream.ts";
import type { Notice } from "../../peer/notice.ts";
import { within } from "../within.ts";

function notice(n: number): Notice {
  return { type: "notice", room: null, code: "waiting", port: String(n) };
}

const portOf = (each: Notice) => each.type === "notice" && each.code === "waiting" ? each.port : "";

async function read(stream: NoticeStream, count: number): Promise<string[]> {
  const ports: string[] = [];
  for await (const each of stream) {
    ports.push(portOf(each));
    if (ports.length === count) break;
  }
  return ports;
}

Deno.test("NoticeStream gives notices in order, those before the reading too", async () => {
  const stream = new NoticeStream(10, () => {});
  stream.push(notice(1));
  stream.push(notice(2));
  const reading = read(stream, 3);
  stream.push(notice(3));
  assertEquals(await within(reading), ["1", "2", "3"]);
});

Deno.test("NoticeStream keeps the newest while nobody reads", async () => {
  const stream = new NoticeStream(10, () => {});
  for (let n = 0; n < 100; n++) stream.push(notice(n));
  assert(!stream.full);
  stream.end();
  const expected = Array.from({ length: 10 }, (_, i) => String(90 + i));
  assertEquals(await within(read(stream, Infinity)), expected);
});

Deno.test("NoticeStream is full for a slow reader, drops nothing and tells of relief", async () => {
  let relieved = 0;
  const stream = new NoticeStream(10, () => relieved++);
  const reader = stream[Symbol.asyncIterator]();
  for (let n = 0; n < 20; n++) stream.push(notice(n));
  assert(stream.full);
  for (let n = 0; n < 15; n++) {
    assertEquals(relieved, 0);
    assertEquals(await within(reader.next()), { done: false, value: notice(n) });
  }
  await within(reader.next());
  assert(!stream.full);
  assertEquals(relieved, 1);
});

Deno.test("NoticeStream has one reader at a time", async () => {
  const stream = new NoticeStream(10, () => {});
  const reader = stream[Symbol.asyncIterator]();
  assertThrows(() => stream[Symbol.asyncIterator](), TypeError, "one reader");
  const waiting = reader.next();
  await reader.return?.();
  assertEquals((await within(waiting)).done, true);
  stream.push(notice(1));
  assertEquals(await within(read(stream, 1)), ["1"]);
});

Deno.test("NoticeStream.end ends the reading after what waits, or with an error", async () => {
  const stream = new NoticeStream(10, () => {});
  stream.push(notice(1));
  stream.end(new Error("a fault"));
  stream.push(notice(2));
  const reader = stream[Symbol.asyncIterator]();
  assertEquals(await within(reader.next()), { done: false, value: notice(1) });
  await assertRejects(() => within(Promise.resolve(reader.next())), Error, "a fault");

  const other = new NoticeStream(10, () => {});
  const reading = read(other, 1);
  other.end();
  assertEquals(await within(reading), []);
});

Deno.test("NoticeStream.subscribe gives a second reader all that comes from then on", async () => {
  const stream = new NoticeStream(10, () => {});
  stream.push(notice(1));
  const second = stream.subscribe(1) as NoticeStream;
  stream.push(notice(2));
  const reading = read(second, 2);
  stream.push(notice(3));
  assertEquals(await within(reading), ["2", "3"]);
  assertEquals(await within(read(stream, 3)), ["1", "2", "3"]);
});

Deno.test("NoticeStream is full if any of its readers is, and one who has left is not waited for", async () => {
  let relieved = 0;
  const stream = new NoticeStream(4, () => relieved++);
  const second = stream.subscribe(1)[Symbol.asyncIterator]();
  for (let n = 0; n < 4; n++) stream.push(notice(n));
  assert(stream.full);
  assertThrows(() => stream.subscribe(1), RangeError, "1 read them already");
  await second.return?.();
  assert(!stream.full);
  assertEquals(relieved, 1);
  // Its place is free again.
  stream.subscribe(1);
});

Deno.test("NoticeStream.end ends all readers, and those who come later", async () => {
  const stream = new NoticeStream(4, () => {});
  const second = stream.subscribe(2);
  const reading = read(second as NoticeStream, Infinity);
  stream.push(notice(1));
  stream.end();
  assertEquals(await within(reading), ["1"]);
  assertEquals(await within(read(stream.subscribe(2) as NoticeStream, 1)), []);
});
