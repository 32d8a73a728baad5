/** `/invite` and what is said about invites: what each asks of the peer and says to a person. */

import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { ChatError } from "../../peer/errors.ts";
import type { InviteFailure, InviteInfo } from "../../peer/invites.ts";
import type { Notice } from "../../peer/notice.ts";
import { catalogueOf, loadCatalogues } from "../../ui/catalogue.ts";
import { parseLine } from "../../ui/commands.ts";
import { Conversation } from "../../ui/conversation.ts";
import { noticeText } from "../../ui/notice_text.ts";
import { type CommandLine, perform } from "../../ui/perform.ts";
import type { Setting } from "../../ui/setting.ts";
import { Words } from "../../ui/words.ts";
import type { PostId } from "../../wire/ids.ts";
import { decodeInvite, encodeInvite } from "../../wire/invite.ts";
import { FakeChat, peerId } from "./fake_chat.ts";

const room = `~${"c".repeat(64)}`;

function stage(language: "en" | "zh" = "en") {
  const chat = new FakeChat();
  chat.open.push(room);
  chat.privateRooms.add(room);
  const conversation = new Conversation(chat.me);
  conversation.room = room;
  const catalogue = catalogueOf(language);
  const words = new Words(language);
  const setting = { chat, conversation, words, catalogue } as unknown as Setting;
  const run = async (line: string) =>
    (await perform(parseLine(line) as CommandLine, setting)).lines;
  const refused = async (line: string) => {
    const error = await assertRejects(() => run(line), ChatError);
    return [error.code, error.message];
  };
  return { chat, conversation, run, refused, catalogue };
}

/** The options of the last call of `invite`. */
function wishes(chat: FakeChat): { expiresMs: number | null; count?: number } {
  return chat.calls.findLast(([method]) => method === "invite")![2] as { expiresMs: number | null };
}

function made(start: string, more: Partial<InviteInfo> = {}): InviteInfo {
  return {
    id: start.padEnd(64, "0") as PostId,
    by: peerId("b"),
    byName: "bo",
    time: { ms: 0, counter: 0 },
    expiresMs: null,
    count: null,
    used: 0,
    end: null,
    ...more,
  };
}

Deno.test("/invite in a private room says for how many, by whom and until when", async () => {
  const { chat, run } = stage();
  const hour = 3_600_000;
  const cases: readonly (readonly [string, number | null, number | undefined, string[]])[] = [
    ["/invite", 7 * 24 * hour, undefined, ["by any member", "holds for 7 days"]],
    ["/invite --count 1", 7 * 24 * hour, 1, ["by you alone", "one person"]],
    ["/invite --count 20 --expires 90m", 1.5 * hour, 20, ["20 people", "holds for 90 minutes"]],
    ["/invite --expires 1h", hour, undefined, ["holds for 1 hour;"]],
    ["/invite --expires never --count 2", null, 2, ["2 people", "holds for ever"]],
  ];
  for (const [line, forMs, count, words] of cases) {
    const before = Date.now();
    const [text] = await run(line);
    for (const word of words) assertStringIncludes(text!, word, line);
    assertStringIncludes(text!, "from then on");
    const asked = wishes(chat);
    assertEquals(asked.count, count, line);
    if (forMs === null) assertEquals(asked.expiresMs, null);
    else assert(asked.expiresMs! >= before + forMs && asked.expiresMs! <= Date.now() + forMs, line);
    assert(decodeInvite(text!.slice(text!.lastIndexOf("starling:"))).ticket !== null);
  }
});

Deno.test("/invite takes a room, and draws what it made", async () => {
  const { chat, run } = stage();
  const lines = await run("/invite lobby --qr");
  assertEquals(chat.calls.at(-1)?.slice(0, 2), ["invite", "lobby"]);
  assertStringIncludes(lines[0]!, "it leads to #lobby and to you alone");
  assert(lines.length > 15 && lines.slice(1).every((line) => /^[█▀▄ ]+$/.test(line)));
});

Deno.test("/invite that cannot be: one line that says how it is meant", async () => {
  const { chat, refused } = stage();
  for (
    const line of [
      "/invite --count",
      "/invite --count 0",
      "/invite --count 1001",
      "/invite --count x",
      "/invite --expires",
      "/invite --expires 5",
      "/invite --expires 0h",
      "/invite --nothing",
      "/invite lobby dev",
      "/invite --list lobby dev",
      "/invite --revoke",
      "/invite --revoke abc",
      "/invite --revoke abcd more",
    ]
  ) {
    const [code, message] = await refused(line);
    assertEquals(code, "bad-command", line);
    assertStringIncludes(message!, "--expires 30m|12h|7d|never");
  }
  const [code, message] = await refused("/invite lobby --count 3");
  assertEquals(code, "not-available");
  assertStringIncludes(message!, "#lobby is a public room");
  for (const line of ["/invite --list lobby", "/invite @x"]) await refused(line);
  assertEquals(chat.calls.filter(([method]) => method === "invite"), []);
});

Deno.test("/invite --list tells of all, and --revoke takes one back", async () => {
  const { chat, run, refused } = stage();
  assertStringIncludes((await run("/invite --list"))[0]!, "no invite to ~cccc");
  chat.made.push(
    made("abcd1111"),
    made("abcd2222", { count: 3, used: 1, expiresMs: 1_800_000_000_000 }),
    made("eeee", { end: "removal", by: chat.me }),
    made("ffff", { end: "used-up", count: 1, used: 1 }),
  );
  const lines = await run(`/invite --list ${room}`);
  assertEquals(lines[0], "abcd1111 by bo: 0 came by it; holds for ever");
  assertMatch(lines[1]!, /^abcd2222 by bo: 1 of 3 came by it; holds until .*2027/);
  assertStringIncludes(lines[2]!, "ended, because somebody was removed");
  assertStringIncludes(lines[3]!, "1 of 1 came by it; used up");
  assertEquals((await refused("/invite --revoke abcd"))[0], "no-such-post");
  assertEquals((await refused("/invite --revoke 1234"))[0], "no-such-post");
  const [line] = await run("/invite --revoke ABCD2");
  assertStringIncludes(line!, "abcd2222");
  assertEquals(chat.calls.at(-1), ["revokeInvite", room, made("abcd2222").id]);
});

Deno.test("/connect with an invite to a private room says that it asks, and stays where one is", async () => {
  const { conversation, run, chat } = stage();
  conversation.room = "lobby";
  const invite = encodeInvite({
    peer: peerId("b"),
    room: `~${"d".repeat(64)}`,
    addresses: ["10.0.0.5:9797"],
    expiresMs: null,
    ticket: { seed: new Uint8Array(16), past: true },
  });
  const [line] = await run(`/connect ${invite}`);
  assertStringIncludes(line!, "asking to be let into a private room; dialling 10.0.0.5:9797");
  assertEquals([conversation.room, chat.calls.at(-1)?.[0]], ["lobby", "connect"]);
});

Deno.test("each reason why somebody was not let in has a sentence of its own, in both languages", async () => {
  await loadCatalogues();
  const reasons: readonly InviteFailure[] = [
    "unknown",
    "expired",
    "revoked",
    "used-up",
    "not-maker",
    "removed",
    "later",
    "no-answer",
  ];
  for (const language of ["en", "zh"] as const) {
    const { conversation, catalogue } = stage(language);
    const text = (reason: InviteFailure, byMaker: boolean) => {
      const who = { peer: peerId("b"), name: "bo", reason, byMaker };
      const notice: Notice = { type: "notice", room: null, code: "not-let-in", ...who };
      return noticeText(notice, conversation.names, catalogue)!;
    };
    const all = reasons.map((reason) => text(reason, true));
    assertEquals(new Set(all).size, reasons.length);
    assert(all.every((line) => line.includes("bo") && !line.includes("\n")));
    assert(text("revoked", false).endsWith(catalogue.invites.stillAsking));
    const notice: Notice = { type: "notice", room, code: "let-in", peer: peerId("b"), name: "bo" };
    assertStringIncludes(noticeText(notice, conversation.names, catalogue)!, "~cccc");
  }
});
