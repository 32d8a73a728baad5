import { infoData } from "../../ui/ndjson_events.ts";
import type { PostInfo } from "../../peer/chat.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ChatError } from "../../peer/errors.ts";
import { screenLimits } from "../../ui/screen_limits.ts";
import { processorMs } from "../processor_ms.ts";
import { noonMs, peerId, post, postId } from "./fake_chat.ts";
import { settle } from "./fake_terminal.ts";
import { running } from "./running_face.ts";

const json = { ui: "json" } as const;

// deno-lint-ignore no-explicit-any -- what a program gets has any shape until it is checked
type Json = any;

function parsed(lines: readonly string[]): Json[] {
  return lines.map((line) => JSON.parse(line));
}

Deno.test("Ndjson writes ready first, then everything that happens, in its exact shape", async () => {
  const bo = { peer: peerId("b"), name: "bo", address: "1.2.3.4:5", direction: "in" } as const;
  const said = post({ text: "你好\n\x1b", reply: postId(7), time: { ms: noonMs, counter: 3 } });
  const run = await running(json, {}, (chat) => {
    chat.notify(
      { type: "message", post: said },
      { type: "peer", event: "up", ...bo, reason: null },
      { type: "peer", event: "down", ...bo, reason: "left" },
      { type: "presence", event: "join", room: "lobby", from: peerId("b"), name: "bo" },
      { type: "receipt", id: postId(1), room: "lobby", have: 1, members: 2 },
      { type: "withdrawn", id: postId(1), room: "lobby", from: peerId("b") },
      { type: "progress", room: "lobby", fetched: 1, total: 2 },
      { type: "renamed", room: "lobby", from: peerId("b"), before: "bo", name: "bob" },
      { type: "notice", room: null, code: "waiting", port: "9797" },
    );
  });
  const id = said.id;
  assertEquals(run.lines(), [
    `{"v":1,"type":"ready","peer":"${run.chat.me}","name":"ann","listen":["127.0.0.1:9797"],"web":null}`,
    `{"v":1,"type":"message","id":"${id}","kind":"text","room":"lobby","from":"${peerId("b")}",` +
    `"name":"bo","text":"你好\\n\\u001b","time":${noonMs},"seq":${said.seq},"origin":"live",` +
    `"private":false,"reply":"${postId(7)}","counter":3}`,
    `{"type":"peer","event":"up","peer":"${bo.peer}","address":"1.2.3.4:5","direction":"in","reason":null}`,
    `{"type":"peer","event":"down","peer":"${bo.peer}","address":"1.2.3.4:5","direction":"in","reason":"left"}`,
    `{"type":"presence","event":"join","room":"lobby","from":"${bo.peer}","name":"bo"}`,
    `{"type":"receipt","id":"${postId(1)}","room":"lobby","have":1,"members":2}`,
    `{"type":"withdrawn","id":"${postId(1)}","room":"lobby","from":"${bo.peer}"}`,
    `{"type":"progress","room":"lobby","fetched":1,"total":2}`,
    `{"type":"notice","code":"renamed","text":"bo is now bob","room":"lobby"}`,
    `{"type":"notice","code":"waiting","text":"waiting for somebody on port 9797","room":null}`,
  ]);
  assertEquals(run.terminal.stderr, "");
  assertEquals(await run.stop(), 0);
});

Deno.test("Ndjson answers every command with its ref", async () => {
  const old = [post({ text: "one" }), post({ text: "two" }), post({ text: "three" })];
  const run = await running(json, {}, (chat) => {
    chat.history.set("lobby", old);
    const link = { peer: peerId("b"), name: "bo", address: "1.2.3.4:5", direction: "out" } as const;
    const up = { rttMs: 2, lastError: null, nextTryMs: null, ageMs: 5_000, queuedBytes: 7 };
    chat.links.push({ ...link, ...up, state: "up" });
  });
  run.lines();
  const reply = postId(3);
  await run.type(
    `{"ref":1,"type":"say","room":"#Lobby","text":"hi"}\n`,
    `{"ref":"two","type":"say","room":"lobby","text":"there","reply":"${reply.toUpperCase()}"}\n`,
    `{"ref":{"a":[null]},"type":"join","room":"#Dev"}\n`,
    `{"type":"part","room":"dev"}\n`,
    `{"ref":5,"type":"connect","address":"1.2.3.4:5"}\n`,
    `{"ref":6,"type":"disconnect","address":"1.2.3.4:5"}\n`,
    `{"ref":7,"type":"disconnect","peer":"${peerId("b")}"}\n`,
    `{"ref":8,"type":"who","room":"lobby"}\n`,
    `{"ref":9,"type":"peers"}\n`,
    `{"ref":10,"type":"history","room":"lobby","limit":2}\n`,
    `{"ref":11,"type":"history","room":"lobby","before":"${old[1]!.id}"}\n`,
    `{"ref":12,"type":"command","line":"/rooms"}\n`,
    `{"ref":13,"type":"command","line":"/last 1"}\n`,
    `{"ref":14,"type":"command","line":"//slash"}\n`,
  );
  const results = parsed(run.lines()).filter(({ type }) => type === "result");
  for (const result of results) {
    assertEquals(Object.keys(result), ["type", "ref", "ok", "error", "data"]);
    assert(result.ok, JSON.stringify(result));
  }
  const data = results.map((result) => result.data);
  assertEquals(
    results.map(({ ref }) => ref),
    [1, "two", { a: [null] }, null, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14],
  );
  assertMatch(data[0].id, /^[0-9a-f]{64}$/);
  assertEquals(data.slice(2, 7), [null, null, null, null, null]);
  assertEquals(data[7], [{ from: run.chat.me, name: "ann", self: true, away: null }]);
  assertEquals(data[8], [{
    peer: peerId("b"),
    name: "bo",
    address: "1.2.3.4:5",
    direction: "out",
    state: "up",
    rttMs: 2,
    lastError: null,
    nextTryMs: null,
  }]);
  assertEquals(data[9].messages.map(({ text }: { text: string }) => text), ["two", "three"]);
  assertEquals(data[9].more, true);
  assertEquals(data[10].messages.map(({ text }: { text: string }) => text), ["one"]);
  assertEquals(data[10].more, false);
  assertEquals(data[11], { lines: ["* #lobby: 1 person"] });
  assertEquals(data[12], { lines: ["12:41\tlobby\tbo\tthree"] });
  assertEquals(data[13], { lines: [] });
  assertEquals(run.chat.calls.filter(([method]) => method !== "timeline"), [
    ["say", "#Lobby", "hi", { reply: null }],
    ["say", "lobby", "there", { reply }],
    ["join", "#Dev"],
    ["leave", "dev"],
    ["connect", "1.2.3.4:5"],
    ["disconnect", "1.2.3.4:5"],
    ["disconnect", peerId("b")],
    ["say", "lobby", "/slash", {}],
  ]);
  await run.stop();
});

Deno.test("Ndjson answers rooms, search and history after a post, and marks a room as read", async () => {
  const old = [post({ text: "one" }), post({ text: "two" }), post({ text: "another one" })];
  const run = await running(json, {}, (chat) => {
    chat.history.set("lobby", old);
    chat.unsearched = 7;
  });
  run.lines();
  const [first, second] = old.map(({ id }) => id);
  await run.type(
    `{"ref":1,"type":"history","room":"lobby","after":"${first}","limit":1}\n`,
    `{"ref":2,"type":"search","query":"one"}\n`,
    `{"ref":3,"type":"search","query":"one","room":"lobby","before":"${second}","limit":1}\n`,
    `{"ref":4,"type":"read","room":"lobby","id":"${second}"}\n`,
    `{"ref":5,"type":"rooms"}\n`,
    `{"ref":6,"type":"command","line":"/search one"}\n`,
    `{"ref":7,"type":"command","line":"/search nowhere to be found"}\n`,
  );
  const all = parsed(run.lines());
  const data = all.filter(({ type }) => type === "result").map((result) => result.data);
  const texts = (messages: readonly { text: string }[]) => messages.map(({ text }) => text);
  assertEquals([texts(data[0].messages), data[0].more], [["two"], true]);
  assertEquals([texts(data[1].messages), data[1].more], [["one", "another one"], false]);
  assertEquals(data[1].unsearched, 7);
  assertEquals([texts(data[2].messages), data[2].more], [["another one"], true]);
  assertEquals(data[3], null);
  assertEquals(all.filter(({ type }) => type === "read"), [
    { type: "read", room: "lobby", upTo: second },
  ]);
  const room = { room: "lobby", topic: "", present: 1, neighbours: 0 };
  assertEquals(data[4], [{ ...room, readUpTo: second, unread: 0 }]);
  const later = "7 posts that came just now could not be looked through yet; search again soon";
  assertEquals(data[5].lines, [later, "12:41\tlobby\tbo\tone", "12:41\tlobby\tbo\tanother one"]);
  assertEquals(data[6].lines, [
    'nothing that was said here holds "nowhere to be found"',
    later,
  ]);
  await run.stop();
});

Deno.test("Ndjson refuses what is wrong with a code, and goes on", async () => {
  const wrong: readonly (readonly [string, string])[] = [
    [`{"type":"say","room":"lobby"}`, "bad-field"],
    [`{"type":"say","room":5,"text":"x"}`, "bad-field"],
    [`{"type":"say","room":"lobby","text":"x","reply":"zz"}`, "bad-field"],
    [`{"type":"say","room":"lobby","text":"a\\u0000"}`, "text-nul"],
    [`{"type":"say","room":"lobby","text":"\\ud800"}`, "text-surrogate"],
    [`{"type":"say","room":"lobby","text":" \\n"}`, "text-empty"],
    [`{"type":"say","room":"elsewhere","text":"x"}`, "not-joined"],
    [`{"type":"join","room":""}`, "room-name-empty"],
    [`{"type":"who","room":"elsewhere"}`, "not-joined"],
    [`{"type":"connect","address":"x"}`, "bad-address"],
    [`{"type":"disconnect"}`, "bad-field"],
    [`{"type":"disconnect","peer":null,"address":5}`, "bad-field"],
    [`{"type":5}`, "bad-command"],
    [`{"text":"no type"}`, "bad-command"],
    [`{"type":"history","room":"lobby","limit":0}`, "bad-field"],
    [`{"type":"history","room":"lobby","limit":1e9}`, "bad-field"],
    [`{"type":"history","room":"lobby","after":5}`, "bad-field"],
    [`{"type":"search"}`, "bad-field"],
    [`{"type":"search","query":"x","room":5}`, "bad-field"],
    [`{"type":"search","query":"x","limit":501}`, "bad-field"],
    [`{"type":"read","room":"lobby"}`, "bad-field"],
    [`{"type":"read","room":"lobby","id":"zz"}`, "bad-field"],
    [`{"type":"command","line":"/search"}`, "bad-command"],
    [`{"type":"command","line":"no slash"}`, "bad-command"],
    [`{"type":"command","line":"/jion x"}`, "bad-command"],
    [`{"type":"command","line":"/join"}`, "bad-command"],
    [`{"type":"direct","to":"x","text":"y"}`, "bad-field"],
    [`{"type":"accept","from":"x"}`, "bad-field"],
    [`{"type":"block","from":"x"}`, "bad-field"],
    [`{"type":"invite","room":"nowhere"}`, "not-joined"],
    [`{"type":"invite"}`, "bad-field"],
    [`{"type":"invite","room":"lobby","count":"3"}`, "bad-field"],
    [`{"type":"invite","room":"lobby","expires":"soon"}`, "bad-field"],
    [`{"type":"invites"}`, "bad-field"],
    [`{"type":"revoke","room":"lobby"}`, "bad-field"],
    [`{"type":"revoke","room":"lobby","id":"zz"}`, "bad-field"],
    [`{"type":"connect","address":"starling:qqqqqqqq"}`, "bad-invite"],
    [`{"type":"sya"}`, "bad-command"],
    [`{"type":"__proto__"}`, "bad-command"],
  ];
  const run = await running(json);
  run.lines();
  for (const [line, code] of wrong) {
    await run.type(`{"ref":1,${line.slice(1)}\n`);
    const [result] = parsed(run.lines());
    assertEquals([result.type, result.ref, result.ok, result.data], ["result", 1, false, null]);
    assertEquals(result.error.code, code, line);
    assertMatch(result.error.message, /^[^\n]+$/);
  }
  await run.stop();
});

Deno.test("Ndjson takes a null for a field of disconnect that is not there, and else names both", async () => {
  const run = await running(json);
  run.lines();
  await run.type(`{"ref":1,"type":"disconnect","peer":null,"address":"h:1"}\n`);
  await run.type(`{"ref":2,"type":"disconnect","address":null}\n`);
  const [taken, refused] = parsed(run.lines());
  assertEquals([taken.ok, run.chat.calls], [true, [["disconnect", "h:1"]]]);
  assertEquals(refused.error, {
    code: "bad-field",
    message: '"address" or "peer" must be a text',
  });
  await run.stop();
});

Deno.test("Ndjson refuses a ref whose numbers it could not give back", async () => {
  const run = await running(json);
  run.lines();
  for (const ref of ["12345678901234567890", "1e400", `{"a":[9007199254740993]}`]) {
    await run.type(`{"ref":${ref},"type":"peers"}\n`);
    const [line] = parsed(run.lines());
    assertEquals([line.type, line.code], ["error", "bad-field"], ref);
  }
  await run.type(`{"ref":9007199254740991,"type":"peers"}\n`);
  assertEquals(parsed(run.lines())[0].ref, Number.MAX_SAFE_INTEGER);
  await run.stop();
});

Deno.test("Ndjson marks a post that was taken back, and no other", async () => {
  const gone = post({ text: "", withdrawn: true });
  const run = await running(json, {}, (chat) => {
    chat.history.set("lobby", [post({ text: "stays" }), gone]);
  });
  run.lines();
  await run.type(`{"ref":1,"type":"history","room":"lobby"}\n`);
  const [{ data }] = parsed(run.lines());
  const marks = data.messages.map((each: object) => Object.entries(each).at(-1));
  assertEquals(marks, [["reply", null], ["withdrawn", true]]);
  await run.stop();
});

Deno.test("Ndjson says the one text of a run in the first room", async () => {
  const run = await running({ ui: "json", message: "hi", rooms: ["lobby", "dev"] });
  await run.code;
  assertEquals(run.chat.calls.filter(([method]) => method === "say"), [
    ["say", "lobby", "hi", { reply: null }],
  ]);
});

Deno.test("Ndjson tells the line of input that is no command", async () => {
  const deep = "[".repeat(60_000);
  const bad: readonly (readonly [string | Uint8Array, string])[] = [
    ["{", "bad-json"],
    ["hello", "bad-json"],
    ["[]", "bad-json"],
    ["null", "bad-json"],
    ["5", "bad-json"],
    [deep, "bad-json"],
    [Uint8Array.of(0x22, 0xff, 0x22), "bad-json"],
    ["{}", "bad-command"],
    [`{"type":5}`, "bad-command"],
    [`{"type":"peers","ref":"${"x".repeat(5_000)}"}`, "bad-field"],
    [`{"type":"peers","ref":${"[".repeat(50_000)}${"]".repeat(50_000)}}`, "bad-field"],
    ["x".repeat(128 * 1024 + 1), "line-too-long"],
    ["x".repeat(10_000_000), "line-too-long"],
  ];
  const run = await running(json);
  run.lines();
  await run.type("\n  \r\n");
  let number = 3;
  for (const [line, code] of bad) {
    await run.type(line, "\n");
    const [error, ...more] = parsed(run.lines());
    assertEquals(more, []);
    assertEquals(Object.keys(error), ["type", "code", "message", "line"]);
    assertEquals([error.type, error.code, error.line], ["error", code, number++], `${line}`);
  }
  await run.type(`{"ref":1,"type":"peers"}\n`);
  assertEquals(run.lines(), ['{"type":"result","ref":1,"ok":true,"error":null,"data":[]}']);
  await run.stop();
});

const session = [
  `{"ref":1,"type":"say","room":"lobby","text":"你好 👍"}\r\n`,
  `nonsense\n\n`,
  `{"ref":2,"type":"join","room":"dev"}\n`,
  `{"ref":3,"type":"say","room":"dev","text":"x"}\n`,
  `{"ref":4,"type":"history","room":"dev"}\n`,
  `${"y".repeat(140_000)}\n`,
  `{"ref":5,"type":"command","line":"/rooms"}\n`,
  `{"ref":6,"type":"quit"}`,
].join("");

/** What comes back: answers in their order, errors in theirs. */
async function answersTo(chunks: readonly Uint8Array[]): Promise<string[]> {
  const run = await running(json);
  for (const chunk of [...chunks, null]) run.terminal.type(chunk);
  assertEquals(await run.code, 0);
  // Ids of the fake are numbered through all tests.
  const lines = run.lines().map((line) => line.replace(/"id":"\w+"/, '"id":"…"'));
  const ofType = (type: string) => lines.filter((line) => line.startsWith(`{"type":"${type}"`));
  return [...ofType("result"), ...ofType("error")];
}

Deno.test("Ndjson understands input the same in every split into chunks", async () => {
  const bytes = new TextEncoder().encode(session);
  const whole = await answersTo([bytes]);
  assertEquals(whole.length, 8);
  assertEquals(await answersTo(Array.from(bytes, (byte) => Uint8Array.of(byte))), whole);
  let seed = 99;
  for (let round = 0; round < 10; round++) {
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < bytes.length;) {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      const next = at + 1 + seed % (round < 5 ? 40 : 30_000);
      chunks.push(bytes.slice(at, next));
      at = next;
    }
    assertEquals(await answersTo(chunks), whole);
  }
});

Deno.test("Ndjson takes 20,000 texts at once, bounded, and answers in their order", async () => {
  const run = await running(json, {}, (chat) => chat.hold = true);
  run.lines();
  const count = 20_000;
  const texts = Array.from({ length: count }, (_, n) => say(n)).join("");
  const start = processorMs();
  await run.type(texts);
  assertEquals(run.chat.held, screenLimits.inFlightMax);
  while (run.chat.held > 0) {
    // Those that were said last are durable first, and still answered last.
    run.chat.release(true);
    await settle();
  }
  assert(processorMs() - start < 5_000);
  assertEquals(run.chat.inFlightMost, screenLimits.inFlightMax);
  const refs = parsed(run.lines()).filter(({ type }) => type === "result").map(({ ref }) => ref);
  assertEquals(refs, Array.from({ length: count }, (_, n) => n));
  await run.stop();
});

function say(n: number): string {
  return `{"ref":${n},"type":"say","room":"lobby","text":"text ${n}"}\n`;
}

Deno.test("Ndjson answers a refused text in its turn, and other commands after the texts before", async () => {
  const run = await running(json, {}, (chat) => chat.hold = true);
  run.lines();
  await run.type(say(0));
  run.chat.nextRefusal = new ChatError("disk-full", "the disk is full");
  await run.type(
    say(1),
    `{"ref":2,"type":"say","room":"lobby"}\n`,
    `{"ref":3,"type":"peers"}\n`,
    say(4),
  );
  assertEquals(run.lines(), []);
  run.chat.release();
  await settle();
  run.chat.release();
  await settle();
  const results = parsed(run.lines()).filter(({ type }) => type === "result");
  assertEquals(results.map(({ ref, ok }) => [ref, ok]), [
    [0, true],
    [1, false],
    [2, false],
    [3, true],
    [4, true],
  ]);
  await run.stop();
});

Deno.test("Ndjson keeps every line within 128 KiB and tells what was cut", async () => {
  const run = await running(json, {}, (chat) => {
    const worst = "\x01".repeat(16_384);
    chat.history.set("lobby", Array.from({ length: 5 }, (_, n) => post({ text: `${worst}${n}` })));
    chat.people.set(
      "lobby",
      Array.from({ length: 4_096 }, (_, n) => ({
        from: peerId(`${n}x`),
        name: "名".repeat(16),
        self: false,
        away: null,
        seenMsAgo: null,
        mark: null,
        blocked: false,
      })),
    );
  });
  run.lines();
  const ref = JSON.stringify("x".repeat(4_000));
  await run.type(
    `{"ref":${ref},"type":"history","room":"lobby"}\n`,
    `{"ref":${ref},"type":"who","room":"lobby"}\n`,
    `{"ref":${ref},"type":"command","line":"/who"}\n`,
  );
  const lines = run.lines();
  for (const line of lines) assert(new TextEncoder().encode(line).length <= 128 * 1024);
  const [history, cut, who, cutAgain, command] = parsed(lines);
  assertEquals(history.data.messages.length, 1);
  assertEquals(history.data.messages[0].text.at(-1), "4");
  assertEquals(history.data.more, true);
  assertEquals([cut.code, cutAgain.code], ["list-cut", "list-cut"]);
  assert(who.data.length > 300 && who.data.length < 4_096);
  assert(command.data.lines.length > 300);
  await run.type(`{"ref":2,"type":"command","line":"/last 5"}\n`);
  const [, last] = parsed(run.lines());
  assert(last.data.lines.length < 5);
  assert(last.data.lines.at(-1).endsWith("4"), "the newest stay");
  await run.stop();
});

Deno.test("Ndjson stops reading while nobody reads what it writes", async () => {
  const stalled = Promise.withResolvers<void>();
  const run = await running(json);
  run.terminal.stalled = stalled.promise;
  const big = post({ text: "x".repeat(16_000) });
  run.chat.notify(
    ...Array.from({ length: 1_000 }, () => ({ type: "message", post: big } as const)),
  );
  await run.type(...Array.from({ length: 2_000 }, (_, n) => `{"ref":${n},"type":"peers"}\n`));
  const unread = run.terminal.unreadChunks;
  assert(unread > 1_900, `${unread} chunks were left unread`);
  stalled.resolve();
  run.terminal.stalled = null;
  for (let turn = 0; turn < 100 && run.terminal.unreadChunks > 0; turn++) await settle();
  await settle();
  assertEquals(run.lines().length, 1 + 1_000 + 2_000);
  await run.stop();
});

Deno.test("infoData() tells of own posts how far they have come, and why no further", () => {
  const about = { post: post({ text: "hi" }), holders: [], members: 2, arrivedMs: noonMs };
  const fields = (info: Pick<PostInfo, "state" | "reason">) =>
    Object.keys(JSON.parse(infoData({ ...about, ...info }, "[]"))).slice(3);
  assertEquals(fields({ state: null, reason: null }), ["arrived"]);
  assertEquals(fields({ state: "undelivered", reason: "alone" }), ["arrived", "state", "reason"]);
});

Deno.test("Ndjson keeps every line within 128 KiB, whatever a refusal repeats and whoever holds a post", async () => {
  const bytes = (line: string) => new TextEncoder().encode(line).length;
  const said = post({ text: "\x01".repeat(16_384) });
  const holders = Array.from({ length: 1_024 }, (_, n) => ({
    peer: peerId(n.toString(16).padStart(4, "0")),
    name: "漢".repeat(16),
  }));
  const run = await running(json, {}, (chat) => {
    chat.info = () => ({ post: said, holders, ...about });
  });
  const about = { members: 1_024, arrivedMs: noonMs, state: null, reason: null };
  run.lines();
  const quotes = '\\"'.repeat(60_000);
  await run.type(
    `{"ref":1,"type":"say","room":"${quotes}","text":"x"}\n`,
    `{"ref":2,"type":"say","room":"${"\\u0001".repeat(20_000)}","text":"x"}\n`,
    `{"ref":3,"type":"command","line":"/x${quotes}"}\n`,
    `{"ref":4,"type":"command","line":"/\\ud800x"}\n`,
    `{"ref":5,"type":"info","id":"${said.id}"}\n`,
    `{"ref":"${quotes}","type":"peers"}\n`,
  );
  const lines = run.lines();
  for (const line of lines) assert(bytes(line) <= 131_072, `${bytes(line)}: ${line.slice(0, 80)}`);
  const [say, controls, unknown, half, cut, info, error] = parsed(lines);
  assertEquals([say.ok, say.error.code, say.error.message.length], [false, "not-joined", 1_001]);
  assertEquals([controls.ok, controls.error.message.length], [false, 1_001]);
  assertEquals([unknown.ok, unknown.error.message.length], [false, 1_001]);
  assertStringIncludes(half.error.message, "no such command: /\ufffdx");
  assertEquals([cut.code, error.code], ["list-cut", "bad-field"]);
  assertEquals([info.data.message.text, info.data.members], [said.text, 1_024]);
  assert(info.data.holders.length > 100 && info.data.holders.length < 1_024);
  await run.stop();
});

Deno.test("Ndjson says of an id that has to be there what it must be", async () => {
  const run = await running(json);
  run.lines();
  const types = ["info", "withdraw", "read", "revoke"];
  await run.type(
    ...types.flatMap((type) => [
      `{"type":"${type}","room":"lobby","id":"x"}\n`,
      `{"type":"${type}","room":"lobby","id":null}\n`,
    ]),
    `{"type":"history","room":"lobby","before":"x"}\n`,
    ...[0, 1_001, 1.5, '"2"'].map((n) => `{"type":"invite","room":"lobby","count":${n}}\n`),
  );
  const messages = parsed(run.lines()).map(({ error }) => error.message);
  assertEquals(messages, [
    ...Array(8).fill('"id" must be 64 hex digits'),
    '"before" must be 64 hex digits or null',
    ...Array(4).fill('"count" must be a whole number from 1 to 1000'),
  ]);
  await run.stop();
});
