/** What a program may write by mistake: each gets one answer, and the peer goes on. */

import { assert, assertEquals, assertLess, assertStringIncludes } from "@std/assert";
import { allMeet, ephemeral, type Line, PeerProcess } from "./peer_process.ts";
import { patient, Program } from "./program.ts";

const encoder = new TextEncoder();
const bytes = (...parts: readonly (string | readonly number[])[]) =>
  Uint8Array.from(parts.flatMap((p) => typeof p === "string" ? [...encoder.encode(p)] : p));

/** A line that is no command, and the code and words of its `error`. */
const malformed: readonly (readonly [line: Uint8Array, code: string, words: string])[] = [
  [bytes("hello"), "bad-json", "not a JSON object"],
  [bytes('{"type":"say"'), "bad-json", "not a JSON object"],
  [bytes("[]"), "bad-json", "an array"],
  [bytes("null"), "bad-json", "null"],
  [bytes("17"), "bad-json", "a number"],
  [bytes("{}"), "bad-command", '"type"'],
  [bytes('{"type":7}'), "bad-command", '"type"'],
  [bytes('{"type":"say","text":"', [0xff, 0xfe], '"}'), "bad-json", "not UTF-8"],
  [bytes([0xed, 0xa0, 0x80]), "bad-json", "not UTF-8"],
  [bytes([0xc0, 0x80]), "bad-json", "not UTF-8"],
  [bytes(`{"type":"say","text":"${"x".repeat(131_072)}"}`), "line-too-long", "131072"],
  [bytes("x".repeat(1_000_000)), "line-too-long", "131072"],
  [bytes(`{"ref":"${"x".repeat(5_000)}","type":"peers"}`), "bad-field", '"ref"'],
  [bytes("[".repeat(50_000)), "bad-json", "not a JSON object"],
];

/** A command that is refused, and the code and words of its `result`. */
const refused: readonly (readonly [command: Line, code: string, words: string])[] = [
  [{ type: "shout" }, "bad-command", "shout"],
  [{ type: "sya" }, "bad-command", "did you mean say"],
  [{ type: "say" }, "bad-field", '"room"'],
  [{ type: "say", room: 1, text: "x" }, "bad-field", '"room"'],
  [{ type: "say", room: "lobby", text: null }, "bad-field", '"text"'],
  [{ type: "say", room: "lobby", text: "x", reply: "12" }, "bad-field", '"reply"'],
  [{ type: "say", room: "nowhere", text: "x" }, "not-joined", "nowhere"],
  [{ type: "join", room: "" }, "room-name-empty", ""],
  [{ type: "join", room: "a b" }, "room-name-space", "a b"],
  [{ type: "join", room: "x".repeat(65) }, "room-name-too-long", "65"],
  [{ type: "join", room: "\ud800" }, "room-name-surrogate", ""],
  [{ type: "join", room: "a\x07" }, "room-name-control", ""],
  [{ type: "part", room: "nowhere" }, "not-joined", "nowhere"],
  [{ type: "who", room: "nowhere" }, "not-joined", "nowhere"],
  [{ type: "history", room: "nowhere" }, "not-joined", "nowhere"],
  [{ type: "history", room: "lobby", limit: 0 }, "bad-field", '"limit"'],
  [{ type: "history", room: "lobby", limit: 1e9 }, "bad-field", '"limit"'],
  [{ type: "history", room: "lobby", before: "0".repeat(64) }, "no-such-post", "00000000"],
  [{ type: "connect", address: "10.0.0.5" }, "bad-address", "a port is missing"],
  [{ type: "connect", address: "10.0.0.5:99999" }, "bad-address", "99999"],
  [{ type: "connect", address: "no host:1" }, "bad-address", "no host"],
  [{ type: "disconnect", peer: "0".repeat(64) }, "no-such-peer", "00000000"],
  [{ type: "command", line: "hello" }, "bad-command", "slash command"],
  [{ type: "command", line: "/shrug" }, "bad-command", "/shrug"],
  [{ type: "command", line: "/nick" }, "bad-command", "use: /nick"],
  [{ type: "command", line: "/reply 7 x" }, "no-such-post", "7"],
  [{ type: "command", line: "/info zz" }, "no-such-post", "zz"],
  [{ type: "command", line: "/search" }, "bad-command", "use: /search"],
  [{ type: "direct", to: "bo", text: "x" }, "bad-field", "to"],
];

Deno.test("NDJSON: a line that is no command gets an error with its number, and no more", async () => {
  await using ann = await PeerProcess.start(ephemeral("ann"));
  for (const [line] of malformed) {
    await ann.write(line);
    await ann.write("\n");
  }
  assertEquals((await ann.ask({ type: "peers" })).ok, true);
  const errors = ann.lines.filter(({ type }) => type === "error");
  assertEquals(errors.length, malformed.length);
  for (const [i, [, code, words]] of malformed.entries()) {
    const { message, line } = errors[i]!;
    assertEquals([errors[i]!.code, line], [code, i + 1], message);
    assertStringIncludes(message, words);
    assertLess(message.length, 200);
    assert(!/[\r\n]/.test(message), message);
  }
});

Deno.test("NDJSON: a wrong command is answered with a code, and what is right goes on", async () => {
  await using ann = await PeerProcess.start(ephemeral("ann"));
  await using bo = await PeerProcess.start(ephemeral("bo", "--peer", ann.address));
  await allMeet(ann, bo);
  for (const [command, code, words] of refused) {
    const { ok, error, data } = await ann.ask(command);
    assertEquals([ok, error?.code, data], [false, code, null], JSON.stringify([command, error]));
    assertStringIncludes(error.message, words);
    assertLess(error.message.length, 300);
    assert(!/[\r\n]/.test(error.message), error.message);
  }
  await ann.say("still here");
  await bo.hears("still here");
  assertEquals([ann.messages.length, bo.messages.length], [1, 1]);
  assertEquals(ann.lines.filter(({ type }) => type === "error"), []);
});

Deno.test("NDJSON: CRLF, a byte order mark, empty lines, any ref and a last line without end", async () => {
  await using ann = new PeerProcess(ephemeral("ann", "--linger", "0.1"));
  const refs = [null, 0, "x", 1.5, [1, { a: "二" }], { deep: { er: [] } }, true];
  const lines = refs.map((ref) => JSON.stringify({ ref, type: "say", room: "lobby", text: "x" }));
  await ann.write("\ufeff" + lines.slice(0, -1).join("\r\n") + "\r\n\r\n  \n" + lines.at(-1));
  const { code } = await ann.end();
  assertEquals(code, 3);
  const results = ann.lines.filter(({ type }) => type === "result");
  assertEquals(results.map(({ ref, ok }) => [ref, ok]), refs.map((ref) => [ref, true]));
  assertEquals(ann.lines.filter(({ type }) => type === "error"), []);
});

Deno.test("line mode: input that is not UTF-8, or too long, is refused by its number, the rest is sent", async () => {
  await using bo = await PeerProcess.start(ephemeral("bo"));
  const args = ["--ephemeral", "--name", "ann", "--no-listen", "--peer", bo.address, ...patient];
  const input = bytes(
    "first\n",
    [0xff, 0xfe, 0x0a],
    "caf\u00e9\r\n",
    [0x63, 0x61, 0x66, 0xe9, 0x0a],
    "a\0b\n",
    " \t \n",
    "x".repeat(16_385) + "\n",
    "y".repeat(200_000) + "\n",
    "/nikc x\n",
    "last, without an end",
  );
  const { code, stdout, stderr } = await Program.run(args, input);
  assertEquals([code, stdout], [0, ""]);
  const right = ["first", "caf\u00e9", "last, without an end"];
  await Promise.all(right.map((text) => bo.hears(text)));
  assertEquals((await bo.history()).map(({ text }) => text), right);
  const notes = stderr.split("\n").filter((line) => /not sent|no such/.test(line));
  assertEquals(notes.toSorted(), [
    "-- line 2 not sent: it is not UTF-8",
    "-- line 4 not sent: it is not UTF-8",
    `-- line 5 not sent: Cannot take the text "a\\u0000b": it holds a NUL character`,
    `-- line 6 not sent: Cannot take the text " \\t ": it says nothing`,
    `-- line 7 not sent: Cannot take the text "${"x".repeat(60)}…": it is too long ` +
    "(16385 bytes, at most 16384)",
    "-- line 8 not sent: it is longer than 131072 bytes",
    "-- no such command: /nikc. Did you mean /nick? // sends a line that starts with a slash",
  ]);
});
