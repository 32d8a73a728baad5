import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Notice, ShownPost } from "../../peer/notice.ts";
import { noonMs, peerId, post } from "./fake_chat.ts";
import { FakeScreen } from "./fake_screen.ts";

const said = (text: string, fields: Partial<ShownPost> = {}) => post({ text, ...fields });

Deno.test("FullScreen: the screen as the contract draws it", async () => {
  const screen = new FakeScreen({ columns: 80, rows: 10 });
  screen.chat.topic = "release on Friday";
  screen.chat.people.set("lobby", [
    {
      from: peerId("a"),
      name: "ann",
      self: true,
      away: null,
      seenMsAgo: null,
      mark: null,
      blocked: false,
    },
    {
      from: peerId("b"),
      name: "bo",
      self: false,
      away: null,
      seenMsAgo: null,
      mark: "verified",
      blocked: false,
    },
    {
      from: peerId("c"),
      name: "Zoë",
      self: false,
      away: "",
      seenMsAgo: null,
      mark: "verified",
      blocked: false,
    },
  ]);
  screen.chat.history.set("lobby", [
    said("does the new build start?", { name: "bob" }),
    said("可以，昨天试过 👍", {
      name: "小明",
      from: peerId("c"),
      time: { ms: noonMs + 60_000, counter: 0 },
    }),
    said("and today", {
      name: "小明",
      from: peerId("c"),
      time: { ms: noonMs + 61_000, counter: 0 },
    }),
  ]);
  await screen.start();
  assertEquals(screen.lines, [
    " #lobby — topic: release on Friday                           3 here, 2 verified",
    "───────────────────── Friday 20 November 2026 ──────────────────────│●ann",
    "12:41       bob │ does the new build start?                         │◆bo",
    "12:42      小明 │ 可以，昨天试过 👍                                 │◇Zoë (away)",
    "12:42           │ and today                                         │",
    "                                                                    │",
    "                                                                    │",
    "                                                                    │",
    " [12:41] 1:#lobby │ ○ alone │ en",
    "[#lobby]",
  ]);
});

Deno.test("FullScreen: what is typed is said, and its tick changes in place", async () => {
  const screen = await new FakeScreen().start();
  await screen.type("hello 你好\r");
  const says = screen.chat.calls.filter(([method]) => method === "say");
  assertEquals(says, [["say", "lobby", "hello 你好", {}]]);
  const line = () => screen.body.find((row) => row.includes("hello"))?.slice(12);
  assertEquals(line(), "ann │ hello 你好 …");
  const id = screen.chat.lastSaid!;
  screen.face.notice({ type: "receipt", id, room: "lobby", have: 1, members: 2 });
  await screen.settle();
  assertEquals(line(), "ann │ hello 你好 ✓");
  screen.face.notice({ type: "receipt", id, room: "lobby", have: 2, members: 2 });
  await screen.settle();
  assertEquals(line(), "ann │ hello 你好 ✓✓");
});

Deno.test("FullScreen: nothing that arrives touches the draft, and keys are drawn at once", async () => {
  const screen = await new FakeScreen().start();
  await screen.type("draft");
  for (let i = 0; i < 30; i++) screen.face.notice({ type: "message", post: said(`line ${i}`) });
  const frames = screen.writes.length;
  screen.face.keys(new TextEncoder().encode("s"));
  assertEquals(screen.writes.length, frames + 1);
  assertEquals(screen.input, "[#lobby] drafts");
  await screen.settle();
  assert(screen.body.at(-1)?.endsWith("│ line 29"), screen.lines.join("\n"));
});

Deno.test("FullScreen: while a frame is being written the next one gathers all that changes", async () => {
  const screen = await new FakeScreen().start();
  const stall = Promise.withResolvers<void>();
  screen.stalled = stall.promise;
  await screen.type("a");
  const frames = screen.writes.length;
  for (const letter of "bcdef") await screen.type(letter);
  assertEquals(screen.writes.length, frames);
  screen.stalled = null;
  stall.resolve();
  await screen.settle();
  assertEquals(screen.writes.length, frames + 1);
  assertEquals(screen.input, "[#lobby] abcdef");
});

Deno.test("FullScreen: a frame is one write between synchronized-update marks, of changed rows only", async () => {
  const screen = await new FakeScreen().start("welcome");
  await screen.type("x");
  const write = screen.writes.at(-1)!;
  assert(write.startsWith("\x1b[?2026h") && write.endsWith("\x1b[?2026l"), JSON.stringify(write));
  // deno-lint-ignore no-control-regex -- row addresses
  assertEquals([...write.matchAll(/\x1b\[(\d+);1H/g)].map(([, row]) => row), ["12"]);
  const frames = screen.writes.length;
  // Nothing to move, nothing to draw.
  await screen.type("\x1b[C");
  assertEquals(screen.writes.length, frames);
});

Deno.test("FullScreen: a mention rings once and counts in the title until a key is pressed", async () => {
  const screen = await new FakeScreen().start();
  assertEquals(screen.grid.titles, ["lobby"]);
  screen.face.notice({ type: "message", post: said("Ann, are you there?") });
  screen.face.notice({ type: "message", post: said("annual report") });
  screen.face.notice({ type: "message", post: said("ann in history", { origin: "history" }) });
  await screen.settle();
  assertEquals(screen.grid.bells, 1);
  assertEquals(screen.grid.titles.at(-1), "(1) lobby");
  await screen.type("y");
  assertEquals(screen.grid.titles.at(-1), "lobby");
});

Deno.test("FullScreen: rooms have drafts of their own, and what comes elsewhere is counted", async () => {
  const screen = new FakeScreen();
  screen.chat.open.push("dev", "ops");
  await screen.start();
  await screen.type("for lobby");
  screen.face.notice({ type: "message", post: said("one", { room: "ops" }) });
  screen.face.notice({ type: "message", post: said("ann!", { room: "ops" }) });
  screen.face.notice({ type: "message", post: said("quiet", { room: "dev" }) });
  await screen.settle();
  assertMatch(screen.status, /^ \[12:41\] 1:#lobby 2:#dev\(1\) 3:#ops\(1!\) │/);
  await screen.type("\x1ba");
  assertEquals(screen.input, "[#ops]");
  await screen.type("for ops\x1b1");
  assertEquals(screen.input, "[#lobby] for lobby");
  await screen.type("\x1b[1;3D");
  assertEquals(screen.input, "[#ops] for ops");
  assertMatch(screen.status, /^ \[12:41\] 1:#lobby 2:#dev\(1\) 3:#ops │/);
});

Deno.test("FullScreen: comings and goings fold into one line", async () => {
  const screen = await new FakeScreen().start();
  const presence = (event: "join" | "leave", digit: string, name: string) =>
    screen.face.notice({ type: "presence", event, room: "lobby", from: peerId(digit), name });
  presence("join", "b", "bo");
  presence("join", "c", "cy");
  presence("leave", "b", "bo");
  await screen.settle();
  assertEquals(screen.body.filter((row) => row !== "").at(-1), "12:41 -- cy came; bo left");
});

Deno.test("FullScreen: whoever speaks after an act or a topic of their own is named", async () => {
  const screen = await new FakeScreen().start();
  for (const kind of ["action", "topic"] as const) {
    screen.face.notice({ type: "message", post: said("waves", { kind }) });
    screen.face.notice({ type: "message", post: said("hello") });
    screen.face.notice({ type: "message", post: said("all") });
  }
  await screen.settle();
  assertEquals(screen.body.filter((row) => row.includes("│")).map((row) => row.slice(6)), [
    "          │ * bo waves",
    "       bo │ hello",
    "          │ all",
    "          │ bo set the topic of #lobby: waves",
    "       bo │ hello",
    "          │ all",
  ]);
});

Deno.test("FullScreen: the question before many lines are sent is whole, and the draft stays as wide", async () => {
  const draft = ["one", "two", "three", "four"];
  for (const columns of [80, 60, 24]) {
    const screen = await new FakeScreen({ columns, rows: 12 }).start();
    await screen.type(`\x1b[200~${draft.join("\n")}\x1b[201~\r`);
    const asked = columns < 60 ? "send 4 lines? y, or" : "y, or any other key to go on writing";
    assert(screen.lines.at(-5)!.includes(asked), screen.lines.join("\n"));
    assertEquals(screen.lines.slice(-4).map((line) => line.replace("[#lobby]", "").trim()), draft);
    await screen.type("x");
    assert(!screen.lines.join().includes("send 4"));
    await screen.type("\ry");
    const says = screen.chat.calls.filter(([method]) => method === "say");
    assertEquals(says, [["say", "lobby", draft.join("\n"), {}]]);
  }
});

Deno.test("FullScreen: an invite in many rows is taken without a question", async () => {
  const screen = await new FakeScreen().start();
  await screen.type("/connect \x1b[200~starling:p\nq\nr\ns\nt\x1b[201~\r");
  assertEquals(screen.input, "[#lobby]");
  assert(!screen.status.includes("send"), screen.status);
});

Deno.test("FullScreen: Tab after a command about people knows those of other rooms and who waits", async () => {
  const screen = new FakeScreen();
  const { chat } = screen;
  const person = (digit: string, name: string) => ({
    ...{ from: peerId(digit), name, self: digit === "a", away: null, seenMsAgo: null },
    ...{ mark: null, blocked: false },
  });
  chat.open.push("dev");
  chat.people.set("lobby", [person("a", "ann"), person("b", "bo")]);
  chat.people.set("dev", [person("a", "ann"), person("c", "Zoë Li")]);
  chat.waiting.push({ from: peerId("d"), name: "dee", text: "hi", id: said("hi").id });
  await screen.start();
  const completed = async (typed: string) => {
    await screen.type(`\x15${typed}`);
    return screen.input.replace("[#lobby] ", "");
  };
  assertEquals(await completed("/accept \t"), "/accept dee");
  assertEquals(await completed("/accept \t\t"), "/accept bo");
  assertEquals(await completed("/msg zo\t"), "/msg Zoë Li");
  assertEquals(await completed("/msg zoë l\t"), "/msg Zoë Li");
  // What is said in a room is said to those in it.
  assertEquals(await completed("/me greets zo\t"), "/me greets zo");
  assertEquals(await completed("/me greets \t"), "/me greets");
});

Deno.test("FullScreen: a room that a command opens is shown, whenever the notice of it comes", async () => {
  for (let turns = 0; turns < 12; turns++) {
    const screen = await new FakeScreen().start();
    const { chat, face } = screen;
    const create = chat.createRoom.bind(chat);
    chat.createRoom = async (name, given) => {
      const room = await create(name, given);
      const later = async () => {
        for (let turn = 0; turn < turns; turn++) await Promise.resolve();
        face.notice({ type: "room", event: "open", room });
      };
      later();
      return room;
    };
    await screen.type("/room new club --private\r");
    await screen.type("hello\r");
    const says = chat.calls.filter(([method]) => method === "say").map(([, room]) => room);
    assertEquals([turns, ...says], [turns, `~${"c".repeat(64)}`]);
    assertMatch(screen.input, /^\[~/);
  }
});

Deno.test("FullScreen: a refused text is explained, a withdrawn one says so", async () => {
  const screen = await new FakeScreen().start();
  await screen.type("/join nowhere\r");
  await screen.type("x\0\r");
  const hello = said("to be taken back");
  screen.face.notice({ type: "message", post: hello });
  screen.face.notice({ type: "withdrawn", id: hello.id, room: "lobby", from: hello.from });
  await screen.type("\x1b1");
  assertMatch(screen.body.join("\n"), /bo │ \(taken back\)/);
});

Deno.test("FullScreen: Ctrl+C asks twice, Ctrl+D leaves on an empty line, Ctrl+Z suspends", async () => {
  const screen = await new FakeScreen().start();
  await screen.type("text\x03");
  assertEquals([screen.input, screen.quits], ["[#lobby]", 0]);
  await screen.type("\x03");
  assertMatch(screen.status, /Ctrl\+C once more leaves/);
  assertEquals(screen.quits, 0);
  await screen.type("\x03");
  assertEquals(screen.quits, 1);
  await screen.type("ab\x01\x04");
  assertEquals([screen.input, screen.quits], ["[#lobby] b", 1]);
  await screen.type("\x04\x04");
  assertEquals(screen.quits, 2);
  await screen.type("\x1a");
  assertEquals(screen.suspends, 1);
});

Deno.test("FullScreen: a gap is one line for each author, and goes when it has healed", async () => {
  const screen = await new FakeScreen().start();
  const gap = (missing: number, digit: string, name: string) =>
    screen.face.notice({
      ...{ type: "gap", room: "lobby", from: peerId(digit), name, missing, asking: "cy" } as const,
    });
  const gaps = () => screen.body.filter((row) => row.includes(" -- ")).map((row) => row.slice(9));
  gap(2, "b", "bo");
  gap(7, "d", "dee");
  gap(1, "b", "bo");
  await screen.settle();
  assertEquals(gaps().length, 2);
  assertMatch(gaps()[0]!, /1 .*bo/);
  gap(0, "b", "bo");
  await screen.settle();
  assertMatch(gaps().join(), /^[^,]*7 .*dee[^,]*(, [^,]*)?$/);
  gap(0, "d", "dee");
  await screen.settle();
  assertEquals(gaps(), []);
});

Deno.test("FullScreen: what slips in stands in its place and is marked as late", async () => {
  const screen = await new FakeScreen().start();
  const at = (ms: number) => ({ time: { ms: noonMs + ms, counter: 0 } });
  const arrives = async (post: ShownPost) => {
    screen.face.notice({ type: "message", post });
    await screen.settle();
  };
  await arrives(said("said live", at(60_000)));
  await arrives(said("old", { origin: "history", ...at(-3_600_000) }));
  await arrives(said("slipped in", { origin: "history", late: true, ...at(30_000) }));
  await arrives(said("newer", { origin: "history", ...at(90_000) }));
  const texts = screen.body.flatMap((row) => /│ (.+)$/.exec(row)?.[1] ?? []);
  assertEquals(texts, ["old", "slipped in (late)", "said live", "newer"]);
  assertEquals(screen.grid.bells, 0);
});

Deno.test("FullScreen: an answer has the start of what it answers above it", async () => {
  const screen = new FakeScreen();
  const asked = said("does the new build start, and what of the one that came before it?");
  screen.chat.history.set("lobby", [
    asked,
    said("it does", { reply: asked.id, from: peerId("c"), name: "cy" }),
  ]);
  await screen.start();
  const rows = screen.body.filter((row) => row.includes("│")).map((row) => row.split("│ ")[1]);
  assertEquals(rows.slice(-2), ["> bo: does the new build start, and what of th…", "it does"]);
});

Deno.test("FullScreen: a room opens below the line of what was read, and marks what is seen", async () => {
  const screen = new FakeScreen();
  const [read, fresh] = [
    said("read before"),
    said("not read", { time: { ms: noonMs + 1, counter: 0 } }),
  ];
  screen.chat.history.set("lobby", [read, fresh]);
  const rooms = screen.chat.rooms();
  screen.chat.rooms = () => rooms.map((room) => ({ ...room, readUpTo: read.id, unread: 1 }));
  await screen.start();
  const rows = screen.body.filter((row) => row !== "");
  assertMatch(rows[1]!, /│ read before/);
  assertMatch(rows[2]!, /^─+ new \(1\) ─+$/);
  assertMatch(rows[3]!, /│ not read/);
  assertEquals(screen.chat.calls.filter(([method]) => method === "markRead"), [
    ["markRead", "lobby", fresh.id],
  ]);
});

Deno.test("FullScreen: what a search finds can be walked through, to its place in the history", async () => {
  const screen = new FakeScreen({ columns: 100, rows: 12 });
  const all = Array.from(
    { length: 500 },
    (_, i) =>
      said(i % 100 === 50 ? `the needle ${i}` : `hay ${i}`, {
        time: { ms: noonMs + i, counter: 0 },
      }),
  );
  screen.chat.history.set("lobby", all);
  const needles = all.filter(({ text }) => text.includes("needle"));
  screen.chat.search = () => ({ posts: needles, more: false, unsearched: 0 });
  await screen.start();
  await screen.type("a draft\x15/search needle\r");
  assertMatch(screen.status, /5 found: Up and Down choose/);
  assertEquals(screen.body.filter((row) => row !== "").map((row) => row.slice(-10)), [
    ...["needle 450", "needle 350", "needle 250", "needle 150", " needle 50"],
  ]);
  screen.chat.search = () => ({ posts: all.slice(-2), more: true, unsearched: 0 });
  await screen.type("/search hay\r");
  assertMatch(screen.status, /│ the last 2 found: Up and Down choose/);
  screen.chat.search = () => ({ posts: needles, more: false, unsearched: 0 });
  await screen.type("/search needle\r");
  await screen.type("\x1b[B\x1b[B\x1b[A\r");
  const texts = screen.body.flatMap((row) => /│ (.+)$/.exec(row)?.[1] ?? []);
  assert(texts.includes("the needle 350") && texts.includes("hay 351"), texts.join());
  assert(texts.includes("hay 349"), texts.join());
  // On from there, to both sides, and back to the newest.
  await screen.type("\x1b[6~".repeat(60));
  assert(screen.body.at(-1)!.endsWith("hay 499"), screen.lines.join("\n"));
  assertEquals(screen.input, "[#lobby]");
});

Deno.test("FullScreen: a window that scrolls lets go of its other end and fetches it again", async () => {
  const screen = new FakeScreen({ columns: 80, rows: 30 });
  const all = Array.from(
    { length: 6_000 },
    (_, i) => said(`entry ${i};`, { time: { ms: noonMs + i, counter: 0 } }),
  );
  screen.chat.history.set("lobby", all);
  await screen.start();
  const first = () => Number(/entry (\d+);/.exec(screen.lines.join())?.[1]);
  for (let before = Infinity; first() < before;) {
    before = first();
    await screen.type("\x1b[5~".repeat(10));
  }
  assertEquals(first(), 0);
  screen.face.notice({
    type: "message",
    post: said("said meanwhile", { time: { ms: noonMs + 7_000, counter: 0 } }),
  });
  all.push(said("said meanwhile", { time: { ms: noonMs + 7_000, counter: 0 } }));
  for (let before = -1; first() > before;) {
    before = first();
    await screen.type("\x1b[6~".repeat(10));
  }
  assert(screen.lines.join().includes("entry 5999;"), screen.lines.join("\n"));
});

Deno.test("FullScreen: lines of a clock that is ahead are folded into the last, and ring no bell", async () => {
  const screen = await new FakeScreen().start();
  for (let i = 1; i <= 5; i++) {
    const time = { ms: noonMs + 3_600_000 + i, counter: 0 };
    screen.face.notice({
      type: "message",
      post: said(`ann, ${i} ahead`, { clockAhead: true, time }),
    });
  }
  screen.face.notice({ type: "message", post: said("on time", { from: peerId("c"), name: "cy" }) });
  await screen.settle();
  const texts = screen.body.flatMap((row) => /│ (.+)$/.exec(row)?.[1] ?? []);
  assertEquals(texts, ["on time", "ann, 5 ahead (clock ahead; 4 before it folded)"]);
  assertEquals(screen.grid.bells, 0);
});

Deno.test("FullScreen: the first link is told, others only count; a link that was cut is told", async () => {
  const screen = await new FakeScreen().start();
  const link = (event: "up" | "down", digit: string, reason: string | null = null) => {
    const peer = peerId(digit);
    const address = `10.0.0.${digit}:9797`;
    if (event === "up") {
      screen.chat.links.push({
        ...{ peer, name: "", address, direction: "in", state: "up", rttMs: null, lastError: null },
        ...{ nextTryMs: null, ageMs: 1, queuedBytes: 0 },
      });
    }
    const direction = "in" as const;
    screen.face.notice({ type: "peer", event, peer, name: "", address, direction, reason });
    return screen.settle();
  };
  await link("up", "2");
  await link("up", "3");
  assertMatch(screen.status, /● 2 peers/);
  await link("down", "3", "left");
  await link("down", "2", "cut");
  const told = screen.body.filter((row) => row.includes(" -- ")).map((row) => row.slice(9, 30));
  assertEquals(told, ["linked from ·2222 (10", "the link to ·2222 (10"]);
});

Deno.test("FullScreen: an address that cannot be reached has one line, until it is reached", async () => {
  const screen = new FakeScreen();
  screen.chat.open.push("dev");
  await screen.start();
  const fails = (address: string, retryMs: number) => {
    const [code, reason] = ["dial-failed", "refused"] as const;
    screen.face.notice({ type: "notice", room: null, code, address, reason, retryMs });
    return screen.settle();
  };
  const told = () =>
    screen.body.flatMap((row) => /-- cannot reach (\S+):.*in (.*)/.exec(row)?.slice(1) ?? []);
  await fails("10.0.0.1:1", 1_000);
  await fails("10.0.0.2:1", 1_000);
  await fails("10.0.0.1:1", 5_000);
  assertEquals(told(), ["10.0.0.2:1", "1 s", "10.0.0.1:1", "5 s"]);
  await screen.type("\x1b2");
  await fails("10.0.0.1:1", 15_000);
  assertEquals(told(), ["10.0.0.1:1", "15 s"]);
  await screen.type("\x1b1");
  assertEquals(told(), ["10.0.0.2:1", "1 s"]);
  const link = { type: "peer", event: "up", peer: peerId("b"), name: "bo" } as const;
  screen.face.notice({ ...link, address: "10.0.0.2:1", direction: "out", reason: null });
  await screen.settle();
  assertEquals(told(), []);
});

Deno.test("FullScreen: whoever is let into a private room hears of it where they are", async () => {
  const screen = await new FakeScreen().start();
  const room = `~${"c".repeat(64)}`;
  const letIn = { room, code: "let-in", peer: peerId("b"), name: "bo" } as const;
  screen.chat.open.push(room);
  screen.face.notice({ type: "room", event: "open", room });
  screen.face.notice({ type: "notice", ...letIn });
  await screen.settle();
  assertMatch(screen.body.join("\n"), /-- bo let you in: ~\S+ is open/);
  await screen.type("\x1b2");
  assertMatch(screen.body.join("\n"), /-- bo let you in: ~\S+ is open/);
});

Deno.test("FullScreen: chats for two stand behind the rooms, and the title has their person's name", async () => {
  const screen = new FakeScreen();
  await screen.start();
  const room = `@${peerId("b")}`;
  screen.chat.open.splice(0, 1, room, "lobby", "dev");
  screen.face.notice({ type: "room", event: "open", room });
  await screen.settle();
  assertMatch(screen.status, /^ \[12:41\] 1:#lobby 2:#dev 3:@peer bbbb /);
  await screen.type("\x1b3");
  await screen.settle();
  assertEquals(screen.grid.titles.at(-1), "@peer bbbb");
});

Deno.test("FullScreen: a link stands in one row, beside nobody, if the screen is wide enough", async () => {
  const link = `http://127.0.0.1:9780/#token=${"x".repeat(43)}`;
  const screen = await new FakeScreen().start(`the page, for you alone: ${link}`);
  const row = screen.lines.findIndex((line) => line.trimEnd() === link);
  assertMatch(screen.lines[row - 1]!, /-- the page, for you alone: +│/);
});

Deno.test("FullScreen: a link wider than the screen takes whole rows: copied, it has nothing between", async () => {
  const invite = `starling:${"x".repeat(150)}`;
  for (const columns of [80, 40, 20]) {
    const screen = await new FakeScreen({ columns, rows: 24 }).start(`holds for 7 days: ${invite}`);
    const first = screen.lines.findIndex((line) => line.startsWith("starling:"));
    const rows = screen.lines.slice(first, first + Math.ceil(invite.length / columns));
    assertEquals(rows.join("").trimEnd(), invite, screen.lines.join("\n"));
  }
});

Deno.test("FullScreen: a QR code is wrapped nowhere", async () => {
  const rows = ["█▀▀ ▀██ █ ▀█ ▄ ▀██ ▀ ▄▄█▀ ▀▀▀ ▀▀█ █", "█ ▄ ▀██ ▀ ▄▄█▀ ▀▀▀ ▀▀█ █▀▀ ▀██ █ ▀█"];
  const shown = async (columns: number) => {
    const screen = await new FakeScreen({ columns, rows: 12 }).start(...rows);
    return screen.lines.filter((line) => line.includes("█ ")).map((line) => line.trimEnd());
  };
  assertEquals(await shown(60), rows.map((row) => `12:41 -- ${row}`));
  assertEquals(await shown(40), rows);
  assertEquals(await shown(30), rows.map((row) => `${row.slice(0, 29)}…`));
});

Deno.test("FullScreen: who has a post of an earlier run is looked up again when somebody has come", async () => {
  const screen = new FakeScreen();
  const { chat } = screen;
  const own = said("from before", { from: chat.me, name: "ann", origin: "own" });
  chat.history.set("lobby", [own]);
  const about = { post: own, members: 1, reason: null, arrivedMs: noonMs };
  chat.info = () => ({ ...about, holders: [], state: "stored" });
  await screen.start();
  await screen.type("x");
  assertEquals(screen.body.some((row) => row.includes("from before …")), true);
  chat.info = () => ({ ...about, holders: [{ peer: peerId("b"), name: "bo" }], state: "held" });
  const came = { type: "presence", event: "join", room: "lobby", from: peerId("b"), name: "bo" };
  screen.face.notice(came as Notice);
  await screen.settle();
  assertEquals(screen.body.some((row) => row.includes("from before …")), true);
  for (const { delayMs, action } of screen.timers) if (delayMs === 3_000) action();
  await screen.settle();
  assertEquals(screen.body.some((row) => row.includes("from before ✓✓")), true);
});

Deno.test("FullScreen: what comes after it was closed starts nothing", async () => {
  const screen = await new FakeScreen().start();
  screen.face.close();
  const waiting = screen.timers.length;
  const came = { type: "presence", event: "join", room: "lobby", from: peerId("b"), name: "bo" };
  screen.face.notice(came as Notice);
  assertEquals(screen.timers.length, waiting);
});

Deno.test("FullScreen: /last says where the posts are, which stand on the screen already", async () => {
  const screen = new FakeScreen();
  screen.chat.history.set("lobby", [said("one"), said("two")]);
  await screen.start();
  await screen.type("/last 1\r");
  await screen.settle();
  assertEquals(screen.body.filter((row) => row.includes("PgUp")).length, 1);
});

Deno.test("FullScreen: newlines at the end of a paste are neither said nor counted", async () => {
  const screen = await new FakeScreen().start();
  const said = () =>
    screen.chat.calls.filter(([method]) => method === "say").map((call) => call[2]);
  await screen.type("\x1b[200~just one\r\n\x1b[201~");
  await screen.type("\r");
  // Three lines ask nothing; what is typed behind the newline keeps it.
  await screen.type("\x1b[200~a\n\nb\n\n\x1b[201~\r");
  await screen.type("\x1b[200~a\n\x1b[201~b\r");
  assertEquals(said(), ["just one", "a\n\nb", "a\nb"]);
});

Deno.test("FullScreen: /peers fits beside the people, and on a narrow screen", async () => {
  const link = {
    peer: peerId("b"),
    name: "小明",
    address: "[2001:db8::7]:9797",
    direction: "out",
    state: "up",
    rttMs: 3,
    lastError: null,
    nextTryMs: null,
    ageMs: 200_000,
    queuedBytes: 0,
  } as const;
  for (
    const [columns, expected] of [
      [80, [
        "-- name  address             link    for    round trip",
        "-- 小明  [2001:db8::7]:9797  by you  3 min  3 ms",
      ]],
      [64, ["-- 小明  [2001:db8::7]:9797", "--   link by you, for 3 min, round trip 3 ms"]],
      [40, ["-- 小明  [2001:db8::7]:9797", "--   link by you, for 3 min", "--   round trip 3 ms"]],
    ] as const
  ) {
    const screen = new FakeScreen({ columns, rows: 12 });
    screen.chat.links.push(link);
    await screen.start();
    await screen.type("/peers\r");
    await screen.settle();
    const notes = screen.body.map((row) => row.slice(6).split("│")[0]!.trimEnd());
    assertEquals(notes.filter((row) => row.startsWith("--")), [...expected]);
  }
});

Deno.test("FullScreen: who leaves before the terminal has answered waits for it, but not for long", async () => {
  const answers = [2, 5, 3, 3, 2].map((column) => `\x1b[1;${column}R`);
  for (const isAnswered of [true, false]) {
    const screen = await new FakeScreen().start();
    const feed = async (text: string) => {
      screen.face.keys(new TextEncoder().encode(text));
      await Promise.resolve();
    };
    let hasParted = false;
    screen.face.part().then(() => hasParted = true);
    await feed(`${answers.slice(0, 4).join("")}x\r`);
    assertEquals([hasParted, screen.chat.calls.some(([method]) => method === "say")], [
      false,
      false,
    ]);
    if (isAnswered) await feed(answers[4]!);
    else await screen.settle();
    assert(hasParted);
  }
  const settled = await new FakeScreen().start();
  await settled.type(answers.join(""));
  await settled.face.part();
});
