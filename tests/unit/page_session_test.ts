import { assert, assertEquals } from "@std/assert";
import { loadCatalogues } from "../../ui/catalogue.ts";
import { PageHub } from "../../ui/web/page_hub.ts";
import type { PageEnd } from "../../ui/web/page_line.ts";
import { memoryLimits, PageMemory } from "../../ui/web/page_memory.ts";
import { within } from "../within.ts";
import { FakeChat, peerId, post } from "./fake_chat.ts";
import { settle } from "./fake_terminal.ts";

// deno-lint-ignore no-explicit-any -- the shape of a line is what the tests are about
type Line = Record<string, any>;

/** A page without a browser. */
class FakePage {
  readonly lines: Line[] = [];
  closed: readonly [code: number, reason: string] | null = null;
  readonly #end: PageEnd;

  constructor(hub: PageHub) {
    this.#end = hub.attach({
      send: (text) => this.lines.push(...text.split("\n").map((line) => JSON.parse(line))),
      close: (code, reason) => this.closed = [code, reason],
    });
  }

  /** Sends a text and gives what comes of it. */
  async send(text: string | Line): Promise<Line[]> {
    const before = this.lines.length;
    const wait = this.#end.text(typeof text === "string" ? text : JSON.stringify(text));
    await wait;
    await settle();
    return this.lines.slice(before);
  }

  /** Says hello; gives the answer's data. */
  async hello(more: Line = {}): Promise<Line> {
    const lines = await this.send({ ref: "h", type: "hello", v: 1, lang: "en", ...more });
    return lines.find(({ type }) => type === "result")?.data;
  }

  gone(): void {
    this.#end.gone();
  }

  /** The events so far, as number and text. */
  get events(): [number, string][] {
    return this.lines.filter(({ n }) => n !== undefined).map(({ n, text }) => [n, text]);
  }
}

interface Stage {
  readonly chat: FakeChat;
  readonly hub: PageHub;
  readonly running: Promise<void>;
}

function stage(unnamed = false): Stage {
  const chat = new FakeChat();
  const onFault = (error: unknown) => {
    throw error;
  };
  const hub = new PageHub({ chat, language: "en", unnamed, link: "http://x/#t", onFault });
  return { chat, hub, running: hub.run() };
}

async function end({ chat, running }: Stage): Promise<void> {
  await chat.close();
  await within(running);
}

const said = (text: string) => ({ type: "message", post: post({ text }) }) as const;

Deno.test("PageSession greets, numbers events and speaks the NDJSON interface", async () => {
  const here = stage();
  const page = new FakePage(here.hub);
  here.chat.notify(said("before"));
  await settle();
  assertEquals(page.lines, []);
  const hello = await page.hello();
  assertEquals([hello.after, hello.resumed, hello.unnamed, hello.name], [1, false, false, "ann"]);
  assertEquals([page.lines[0]?.type, page.lines[0]?.web], ["ready", "http://x/#t"]);
  here.chat.notify(said("one"), said("two"));
  await settle();
  assertEquals(page.events, [[2, "one"], [3, "two"]]);
  const [rooms] = await page.send({ ref: 1, type: "rooms" });
  assertEquals([rooms?.ok, rooms?.data[0].room], [true, "lobby"]);
  await end(here);
  assertEquals(page.closed, [4002, "stopped"]);
});

Deno.test("PageSession tells who is away and that others are in charge, which the NDJSON interface does not", async () => {
  const here = stage();
  const page = new FakePage(here.hub);
  await page.hello();
  const away = { type: "away", room: "lobby", from: here.chat.me, name: "ann" } as const;
  const charge = { type: "charge", room: `~${"c".repeat(64)}` } as const;
  here.chat.notify({ ...away, reason: "lunch" }, { ...away, reason: null }, charge);
  await settle();
  assertEquals(page.lines.filter(({ n }) => n > 0), [
    { n: 1, ...away, reason: "lunch" },
    { n: 2, ...away, reason: null },
    { n: 3, ...charge },
  ]);
  await end(here);
});

Deno.test("PageSession resumes after a break without a gap and without a double", async () => {
  const here = stage();
  const first = new FakePage(here.hub);
  const { run } = await first.hello();
  here.chat.notify(said("one"), said("two"));
  await settle();
  first.gone();
  here.chat.notify(said("three"));
  await settle();
  const again = new FakePage(here.hub);
  const hello = await again.hello({ run, after: 1 });
  assertEquals([hello.resumed, hello.after], [true, 3]);
  here.chat.notify(said("four"));
  await settle();
  assertEquals(again.events, [[2, "two"], [3, "three"], [4, "four"]]);
  assertEquals(first.events, [[1, "one"], [2, "two"]]);
  const other = new FakePage(here.hub);
  assertEquals((await other.hello({ run: "of before", after: 1 })).resumed, false);
  const future = new FakePage(here.hub);
  assertEquals((await future.hello({ run, after: 99 })).resumed, false);
  await end(here);
});

Deno.test("PageSession says a text once, however often the page sends it", async () => {
  const here = stage();
  const page = new FakePage(here.hub);
  await page.hello();
  here.chat.hold = true;
  const say = { ref: "page-00001", type: "say", room: "lobby", text: "once" };
  assertEquals(await page.send(say), []);
  page.gone();
  const again = new FakePage(here.hub);
  await again.hello();
  assertEquals(await again.send(say), []);
  here.chat.release();
  await settle();
  const answers = again.lines.filter(({ ref }) => ref === "page-00001");
  assertEquals(answers.map(({ ok }) => ok), [true]);
  assertEquals((await again.send(say)).map(({ ref, ok }) => [ref, ok]), [["page-00001", true]]);
  assertEquals(here.chat.calls.filter(([method]) => method === "say").length, 1);
  // Another ref is another text, even with the same words.
  here.chat.hold = false;
  await again.send({ ...say, ref: "page-00002" });
  assertEquals(here.chat.calls.filter(([method]) => method === "say").length, 2);
  await end(here);
});

Deno.test("PageSession lets a page of another version go, and one that does not say hello", async () => {
  const here = stage();
  const firsts: readonly (string | Line)[] = [
    { type: "hello", v: 2 },
    { type: "hello" },
    { ref: 1, type: "rooms" },
    "{broken",
    "[]",
  ];
  for (const first of firsts) {
    const page = new FakePage(here.hub);
    assertEquals(await page.send(first), []);
    assertEquals(page.closed, [4001, "version"], JSON.stringify(first));
  }
  await end(here);
});

Deno.test("PageSession answers what is malformed and goes on", async () => {
  const here = stage();
  const page = new FakePage(here.hub);
  await page.hello();
  for (const text of ["{broken", "7", "null", '"x"', '{"type":7}', "\u0000"]) {
    const [line] = await page.send(text);
    assertEquals([line?.type, typeof line?.message], ["error", "string"], text);
  }
  const [refused] = await page.send({ ref: 1, type: "fly" });
  assertEquals([refused?.ok, refused?.error.code], [false, "bad-command"]);
  assertEquals((await page.send({ ref: 2, type: "who", room: "lobby" }))[0]?.ok, true);
  assertEquals(page.closed, null);
  await end(here);
});

Deno.test("PageSession sends the lines of one turn of the loop as one message", async () => {
  const here = stage();
  const messages: string[] = [];
  const page = here.hub.attach({ send: (text) => messages.push(text), close: () => {} });
  page.text(JSON.stringify({ ref: "h", type: "hello", v: 1 }));
  await settle();
  messages.length = 0;
  here.chat.notify(...Array.from({ length: 100 }, (_, n) => said(`${n}`)));
  await settle();
  assertEquals(messages.join("\n").split("\n").length, 100);
  assert(messages.length < 10, String(messages.length));
  // None is longer than what leaves together and the line that was too much for it.
  messages.length = 0;
  here.chat.notify(...Array.from({ length: 20 }, () => said("x".repeat(16_000))));
  await settle();
  assert(messages.length >= 4 && messages.every((each) => each.length < 128 * 1024));
  await end(here);
});

Deno.test("PageSession writes its sentences in the page's language", async () => {
  await loadCatalogues();
  const here = stage();
  const page = new FakePage(here.hub);
  await page.hello({ lang: "zh" });
  const [line] = await page.send({ ref: 1, type: "command", line: "/topic" });
  assert(/\p{Script=Han}/u.test(line?.data.lines[0]), JSON.stringify(line));
  await page.hello({ lang: "en" });
  const [english] = await page.send({ ref: 2, type: "command", line: "/topic" });
  assert(!/\p{Script=Han}/u.test(english?.data.lines[0]), JSON.stringify(english));
  await end(here);
});

Deno.test("PageSession asks for a name until one was chosen", async () => {
  const here = stage(true);
  here.chat.open.pop();
  const page = new FakePage(here.hub);
  assertEquals((await page.hello()).unnamed, true);
  await page.send({ ref: 1, type: "command", line: "/nick zoe" });
  assertEquals((await new FakePage(here.hub).hello()).unnamed, true);
  await page.send({ ref: 2, type: "join", room: "lobby" });
  assertEquals((await new FakePage(here.hub).hello()).unnamed, false);
  assertEquals(here.chat.calls.filter(([method]) => method === "rename"), [["rename", "zoe"]]);
  await end(here);
});

Deno.test("PageSession asks and sets for how long posts are kept", async () => {
  const here = stage();
  const page = new FakePage(here.hub);
  await page.hello();
  const keep = async (more: Line) => {
    const [line] = await page.send({ ref: 1, type: "keep", ...more });
    return line?.ok ? line.data.days : line?.error.code;
  };
  assertEquals(await keep({}), null);
  assertEquals(await keep({ days: 30 }), 30);
  assertEquals(await keep({}), 30);
  for (const days of [0, -1, 1.5, "7", true, 1e300]) {
    assertEquals(await keep({ days }), "bad-field");
  }
  assertEquals(await keep({ days: null }), null);
  await end(here);
});

Deno.test("PageSession tells who is in charge of a room, and what was announced last", async () => {
  const here = stage();
  const page = new FakePage(here.hub);
  await page.hello();
  const named = (start: string) => ({ peer: peerId(start), name: `name ${start}` });
  const removed = Array.from({ length: 3_000 }, (_, n) => named(`${n}`.padStart(8, "f")));
  here.chat.inCharge = { founder: named("a"), admins: [named("b")], removed };
  const posts = ["old", "new\nsecond line", ""].map((text) => post({ text }));
  here.chat.history.set("lobby", posts);
  here.chat.acts = posts.map(({ id, time }) => ({
    ...{ id, time, act: "announce", by: peerId("b"), byName: "bo", peer: null, name: "" },
  }));
  const [line] = await page.send({ ref: 1, type: "charge", room: "lobby" });
  const { founder, admins, announced } = line?.data;
  assertEquals([founder, admins], [named("a"), [named("b")]]);
  // One that was hidden says nothing any more.
  assertEquals(announced, { id: posts[1]?.id, by: peerId("b"), name: "bo", text: "new…" });
  const told = line?.data.removed;
  assertEquals(told, removed.slice(-told.length), "of too many the last");
  assert(told.length > 1_000 && JSON.stringify(line).length < 128 * 1024);
  const [refused] = await page.send({ ref: 2, type: "charge", room: 7 });
  assertEquals([refused?.ok, refused?.error.code], [false, "bad-field"]);
  await end(here);
});

Deno.test("PageSession tells why links failed in the page's language", async () => {
  const here = stage();
  const page = new FakePage(here.hub);
  await page.hello({ lang: "zh" });
  const errors = [null, "connection refused: nothing listens there", "cut"];
  const link = {
    ...{ peer: peerId("b"), name: "bo", address: "10.0.0.5:9797", direction: "out" as const },
    ...{ state: "waiting" as const, ageMs: null, rttMs: null, queuedBytes: 0, nextTryMs: 5 },
  };
  here.chat.links.push(...errors.map((lastError) => ({ ...link, lastError })));
  const [line] = await page.send({ ref: 1, type: "peers" });
  const told = line?.data.map(({ lastError }: Line) => lastError);
  assertEquals(told, [null, "连接被拒绝：那里没有程序在监听", "连接中断"]);
  const { peer, address, state } = line?.data[0];
  assertEquals([peer, address, state], [link.peer, link.address, link.state]);
  await end(here);
});

Deno.test("PageSession tells how far posts have got, as many as a page shows", async () => {
  const here = stage();
  const page = new FakePage(here.hub);
  await page.hello();
  const [mine, other] = [post({ text: "mine" }), post({ text: "other" })];
  here.chat.history.set("lobby", [mine, other]);
  here.chat.infoMore = { holders: [{ peer: peerId("b"), name: "bo" }], members: 2, state: "held" };
  const gone = "0".repeat(64);
  const [line] = await page.send({ ref: 1, type: "ticks", ids: [mine.id, gone, other.id] });
  const tick = { have: 1, members: 2, state: "held", reason: null };
  assertEquals(line?.data.ticks, [{ id: mine.id, ...tick }, { id: other.id, ...tick }]);
  const [most] = await page.send({ ref: 2, type: "ticks", ids: Array(500).fill(mine.id) });
  assertEquals(most?.data.ticks.length, 500);
  assert(JSON.stringify(most).length < 128 * 1024);
  for (const ids of [[], Array(501).fill(mine.id), [7], ["x"], mine.id, undefined]) {
    const [refused] = await page.send({ ref: 3, type: "ticks", ids });
    assertEquals(refused?.error?.code, "bad-field");
  }
  await end(here);
});

Deno.test("PageSession draws a text in squares, which have the marks of a QR code", async () => {
  const here = stage();
  const page = new FakePage(here.hub);
  await page.hello();
  const [line] = await page.send({ ref: 1, type: "qr", text: "STARLING:1ABC" });
  const rows: string[] = line?.data.rows;
  assertEquals(new Set(rows.map(({ length }) => length)), new Set([rows.length]));
  assert(/^1111111[01]+1111111$/.test(rows[0] ?? ""), rows[0]);
  for (const text of [7, "x".repeat(2_049)]) {
    const [refused] = await page.send({ ref: 2, type: "qr", text });
    assertEquals(refused?.error.code, "bad-field");
  }
  await end(here);
});

Deno.test("PageSession: /quit of a page leaves the page alone, not the peer", async () => {
  const here = stage();
  const page = new FakePage(here.hub);
  await page.hello();
  await page.send({ ref: 1, type: "quit" });
  assertEquals([page.closed, here.chat.closed], [[4000, "logout"], false]);
  await end(here);
});

Deno.test("PageMemory keeps a bounded number of notices, of characters and of answers", () => {
  const memory = new PageMemory({ noticesMax: 4, charactersMax: 100, answersMax: 2 });
  for (let n = 1; n <= 8; n++) assertEquals(memory.add(said("x")), n);
  assertEquals(memory.after(4)?.map(({ number }) => number), [5, 6, 7, 8]);
  assertEquals([memory.after(3), memory.after(9), memory.after(8)], [null, null, []]);
  memory.add(said("y".repeat(200)));
  assert((memory.after(9 - 1)?.length ?? 0) <= 1);
  const none = () => {};
  assertEquals(["a", "b", "c", "a"].map((key) => memory.take(key, none)), [true, true, true, true]);
  assert(memoryLimits.answersMax > 0);
});
