import { assert, assertEquals } from "@std/assert";
import { LinePump } from "../../ui/web/client/line_pump.ts";
import { noteRow, RoomLog, type Row, rowsMax } from "../../ui/web/client/room_log.ts";
import { textParts } from "../../ui/web/client/text_parts.ts";
import { within } from "../within.ts";

const row = (n: number, more: Partial<Row> = {}): Row => ({
  ...noteRow(`id${n}`, `post ${n}`),
  kind: "text",
  time: n,
  counter: 0,
  ...more,
});
const numbers = ({ rows }: RoomLog) => rows.map(({ time }) => time);
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n);

Deno.test("RoomLog keeps the one order, whatever comes first, and each post once", () => {
  const log = new RoomLog();
  log.older = false;
  for (const n of [3, 1, 2, 3]) log.add(row(n), true);
  assertEquals(numbers(log), [1, 2, 3]);
  log.add(row(2, { id: "b", counter: 1 }), true);
  log.add(row(2, { id: "a", counter: 1 }), true);
  assertEquals(log.rows.map(({ id }) => id), ["id1", "id2", "a", "b", "id3"]);
});

Deno.test("RoomLog: lines of the page stay in their order, behind what they follow", () => {
  const log = new RoomLog();
  log.older = false;
  const ahead = { ...row(1), time: Date.now() + 60_000, counter: 7 };
  log.add(ahead, true);
  for (let n = 1; n <= 12; n++) log.add(noteRow(`note-${n}`, `line ${n}`, log.rows.at(-1)), true);
  const lines = Array.from({ length: 12 }, (_, n) => `line ${n + 1}`);
  assertEquals(log.rows.map(({ text }) => text), [ahead.text, ...lines]);
});

Deno.test("RoomLog holds a window that follows the end, and moves it both ways", () => {
  const log = new RoomLog();
  log.prepend(range(1_000, 1_100).map((n) => row(n)), true);
  for (const n of range(1_100, 2_000)) log.add(row(n), true);
  assertEquals(numbers(log), range(2_000 - rowsMax, 2_000));
  assertEquals([log.older, log.newer], [true, false]);
  log.prepend(range(1_400, 1_500).map((n) => row(n)), true);
  assertEquals(numbers(log), range(1_400, 1_900));
  assertEquals([log.older, log.newer], [true, true]);
  // What is beyond the window comes when it is asked for.
  assertEquals(log.add(row(3_000), false), false);
  assertEquals(log.add(row(10), false), false);
  log.append(range(1_900, 2_000).map((n) => row(n)), false);
  assertEquals(numbers(log), range(1_500, 2_000));
  assertEquals([log.older, log.newer], [true, false]);
});

Deno.test("RoomLog keeps texts on their way when it begins anew, and ticks of what it has not", () => {
  const log = new RoomLog();
  log.add(row(1, { kind: "pending", id: "p", text: "mine" }), true);
  log.add(row(2), true);
  log.clear();
  assertEquals(log.rows.map(({ id }) => id), ["p"]);
  assertEquals([log.pending("mine"), log.pending("other")], ["p", null]);
  log.remove("p");
  assertEquals(log.pending("mine"), null);
  log.tick("id5", { state: "held", have: 1, members: 1 });
  log.add(row(5), true);
  assertEquals(log.rows[0]?.tick?.state, "held");
  const before = log.rows[0];
  log.tick("id5", { state: "held", have: 1, members: 1 });
  assert(log.rows[0] === before, "a row without a change is not drawn again");
});

Deno.test("RoomLog names own posts that not all have", () => {
  const log = new RoomLog();
  for (const n of [1, 2, 3, 4]) log.add(row(n, { own: n < 4 }), true);
  log.tick("id2", { state: "held" });
  log.tick("id3", { state: "stored" });
  assertEquals(log.unheld(), ["id1", "id3"]);
});

Deno.test("LinePump lets whoever waits for a line go on before the next one", async () => {
  const seen: string[] = [];
  const waiting = new Map<string, () => void>();
  const all = Promise.withResolvers<void>();
  const pump = new LinePump((line) => {
    seen.push(line);
    waiting.get(line)?.();
    if (line === "end") all.resolve();
    return waiting.has(line);
  });
  const answered = new Promise<void>((resolve) => waiting.set("answer", resolve));
  const deep = (async () => {
    await (async () => await answered)();
    seen.push("gone on");
  })();
  pump.push("event 1\nanswer\nevent 2");
  pump.push("end");
  await within(Promise.all([all.promise, deep]));
  assertEquals(seen, ["event 1", "answer", "gone on", "event 2", "end"]);
});

Deno.test("textParts() makes links of what says so itself, and of nothing else", () => {
  const links = (text: string) =>
    textParts(text).filter(({ href }) => href !== null).map(({ text, href }) => [text, href]);
  assertEquals(links("see https://a.example/x?y=1#z, and (http://b.example)."), [
    ["https://a.example/x?y=1#z", "https://a.example/x?y=1#z"],
    ["http://b.example", "http://b.example/"],
  ]);
  for (
    const text of [
      "javascript:alert(1)",
      "data:text/html,x",
      "file:///etc/passwd",
      "https://good.example@evil.example/",
      "https://",
      "ftp://a.example",
    ]
  ) assertEquals(links(text), [], text);
  // Letters that look alike are shown as what is looked up.
  assertEquals(links("https://\u0430pple.example/"), [[
    "https://xn--pple-43d.example/",
    "https://xn--pple-43d.example/",
  ]]);
  const text = "a\u202eb\nc\x1b[2J";
  assertEquals(textParts(text), [{ text: "ab\nc\u241b[2J", href: null }]);
});
