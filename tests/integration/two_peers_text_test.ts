/** Two peers over loopback: what one says, the other reads, byte for byte and once. */

import { assert, assertEquals, assertGreaterOrEqual } from "@std/assert";
import { allMeet, ephemeral, type Line, PeerProcess, TempFolder } from "./peer_process.ts";

const texts: readonly string[] = [
  "hello",
  "你好，世界。可以，昨天试过 👍",
  "👩‍👩‍👧‍👦 🇨🇭 🏴󠁧󠁢󠁳󠁣󠁴󠁿 é e\u0301 \u{1F469}\u{1F3FD}\u200D\u{1F680}",
  "\ufeffa byte order mark, a tab\t, two\nlines and a\r\nthird",
  "\x1b[31mred\x07 \u202e\u2066 \u0085 \x7f \u2028",
  "  spaces around  ",
  "/not a command",
  '{"type":"say"}',
  "x".repeat(16_384),
  "漢".repeat(5_461) + "!",
];

/** The text, or its length and sum if a failed test could not show it. */
function brief(text: string): string {
  if (text.length < 100) return text;
  const bytes = new TextEncoder().encode(text);
  return `${bytes.length} bytes of ${text.slice(0, 4)}, sum ${
    bytes.reduce((a, b) => a * 31 + b & 0xffffff, 0)
  }`;
}

Deno.test("say: every kind of text arrives byte for byte, once, and in order", async () => {
  await using ann = await PeerProcess.start(ephemeral("ann"));
  await using bo = await PeerProcess.start(ephemeral("bo", "--peer", ann.address));
  await allMeet(ann, bo);
  const ids: string[] = [];
  for (const text of texts) ids.push(await ann.say(text));
  await bo.hears(texts.at(-1)!);
  const said = texts.map((text, i) => [ids[i], brief(text)]);
  const shown = (peer: PeerProcess) => peer.messages.map(({ id, text }) => [id, brief(text)]);
  assertEquals(shown(bo), said);
  assertEquals(shown(ann), said);
  assertEquals(ann.messages.map(({ origin }) => origin), texts.map(() => "own"));
  assertEquals(bo.messages.map(({ origin }) => origin), texts.map(() => "live"));
  for (const message of bo.messages) {
    assertEquals([message.from, message.name, message.room], [ann.id, "ann", "lobby"]);
    assertEquals([message.kind, message.private, message.reply], ["text", false, null]);
  }
  const stored = await bo.history();
  assertEquals(stored.map(({ id, text }: Line) => [id, brief(text)]), said);
});

Deno.test("say: both directions go over one link at once, and order is the same", async () => {
  await using ann = await PeerProcess.start(ephemeral("ann"));
  await using bo = await PeerProcess.start(ephemeral("bo", "--peer", ann.address));
  await allMeet(ann, bo);
  const numbers = Array.from({ length: 50 }, (_, i) => i);
  await Promise.all([
    ...numbers.map((i) => ann.say(`a${i}`)),
    ...numbers.map((i) => bo.say(`b${i}`)),
  ]);
  await Promise.all([ann.hears("b49"), bo.hears("a49")]);
  const ofAnn = await ann.history();
  assertEquals(ofAnn.length, 100);
  assertEquals((await bo.history()).map(({ id }) => id), ofAnn.map(({ id }) => id));
  for (const [peer, start] of [[ann, "b"], [bo, "a"]] as const) {
    const heard = peer.messages.map(({ text }) => text).filter((text) => text.startsWith(start));
    assertEquals(heard, numbers.map((i) => `${start}${i}`));
  }
});

Deno.test("say: the answer names the post, and a receipt follows once somebody holds it", async () => {
  await using ann = await PeerProcess.start(ephemeral("ann"));
  const alone = await ann.say("nobody is here");
  assertEquals(ann.lines.filter(({ type }) => type === "receipt"), []);
  await using bo = await PeerProcess.start(ephemeral("bo", "--peer", ann.address));
  await allMeet(ann, bo);
  const together = await ann.say("somebody is here");
  for (const id of [alone, together]) {
    const receipt = await ann.until((line) => line.type === "receipt" && line.id === id);
    assertEquals([receipt.room, receipt.have], ["lobby", 1]);
    assertGreaterOrEqual(receipt.members, 1);
  }
  assertEquals((await bo.hears("nobody is here")).origin, "history");
  const [post, , holders] = await ann.command(`/info ${together.slice(0, 12)}`);
  assertEquals(post, `post ${together}`);
  assertEquals(holders, "held by 1 of 1 other: bo");
});

Deno.test("say: a text that cannot be carried is refused with a code, and nothing is sent", async () => {
  await using ann = await PeerProcess.start(ephemeral("ann"));
  await using bo = await PeerProcess.start(ephemeral("bo", "--peer", ann.address));
  await allMeet(ann, bo);
  const refused: readonly (readonly [text: string, code: string])[] = [
    ["", "text-empty"],
    [" \t\n\u3000", "text-empty"],
    ["a\0b", "text-nul"],
    ["half \ud83d a character", "text-surrogate"],
    ["\udc00", "text-surrogate"],
    ["x".repeat(16_385), "text-too-long"],
    ["漢".repeat(5_462), "text-too-long"],
  ];
  for (const [text, code] of refused) {
    const { ok, error, data } = await ann.ask({ type: "say", room: "lobby", text });
    assertEquals([ok, error.code, data], [false, code, null]);
    assert(error.message.length < 200 && !error.message.includes("\n"), error.message);
  }
  await ann.say("after all that");
  await bo.hears("after all that");
  assertEquals(bo.messages.length, 1);
  assertEquals(ann.messages.length, 1);
});

Deno.test("history: the longest texts as JSON make no line longer than 128 KiB", async () => {
  await using ann = await PeerProcess.start(ephemeral("ann"));
  await using bo = await PeerProcess.start(ephemeral("bo", "--peer", ann.address));
  await allMeet(ann, bo);
  const ids: string[] = [];
  for (const text of ["\x01".repeat(16_384), '"\\'.repeat(8_192), "\x7f".repeat(16_384)]) {
    ids.push(await ann.say(text), await ann.say(text));
  }
  ids.push(await ann.say("end"));
  await Promise.all(ids.map((id) => bo.until((line) => line.type === "message" && line.id === id)));
  const stored = await bo.history();
  assertEquals(stored.map(({ text }) => text.length), [...Array(6).fill(16_384), 3]);
  const encoder = new TextEncoder();
  for (const line of bo.program.out.items) {
    assert(
      encoder.encode(line).length <= 131_072,
      `a line of ${encoder.encode(line).length} bytes`,
    );
  }
});

Deno.test("history: pages go back to the beginning, and a start replays nothing", async () => {
  using folder = new TempFolder();
  const args = ["--data", folder.file("ann"), "--listen", "127.0.0.1:0"];
  const texts = Array.from({ length: 25 }, (_, i) => `line ${i}`);
  {
    await using ann = await PeerProcess.start([...args, "--name", "ann"]);
    await Promise.all(texts.map((text) => ann.say(text)));
    assertEquals((await ann.kill("SIGTERM")).code, 0);
  }
  await using ann = await PeerProcess.start(args);
  const page = (before: string | null, limit: number) =>
    ann.get({ type: "history", room: "lobby", before, limit });
  const read: string[] = [];
  let before: string | null = null;
  for (const [size, isMore] of [[10, true], [10, true], [5, false]] as const) {
    const { messages, more } = await page(before, 10);
    assertEquals([messages.length, more], [size, isMore]);
    assertEquals(new Set(messages.map(({ origin }: Line) => origin)), new Set(["own"]));
    read.unshift(...messages.map(({ text }: Line) => text));
    before = messages[0].id;
  }
  assertEquals(read, texts);
  assertEquals(await page(before, 10), { messages: [], more: false });
  assertEquals(ann.messages, []);
});
