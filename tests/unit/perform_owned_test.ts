/** The slash commands of rooms with a founder: what each asks of the peer and says to a person. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { ChatError } from "../../peer/errors.ts";
import type { RoomAct } from "../../peer/listing.ts";
import type { Notice } from "../../peer/notice.ts";
import { catalogueOf } from "../../ui/catalogue.ts";
import { parseLine } from "../../ui/commands.ts";
import { Conversation } from "../../ui/conversation.ts";
import { noticeText } from "../../ui/notice_text.ts";
import { type CommandLine, perform } from "../../ui/perform.ts";
import type { Setting } from "../../ui/setting.ts";
import { Words } from "../../ui/words.ts";
import { FakeChat, noonMs, peerId, post, postId, somebody } from "./fake_chat.ts";

const room = `~${"c".repeat(64)}`;

function stage() {
  const chat = new FakeChat();
  chat.known.push(somebody("b", "bo", { ownName: "bo" }));
  const conversation = new Conversation(chat.me);
  conversation.names.titles = (name) => chat.title(name);
  const catalogue = catalogueOf("en");
  const setting = { chat, conversation, words: new Words("en"), catalogue } as unknown as Setting;
  const run = async (line: string) =>
    (await perform(parseLine(line) as CommandLine, setting)).lines;
  return { chat, conversation, run, catalogue };
}

Deno.test("/room new founds a room, goes there and says what others type", async () => {
  const { chat, conversation, run } = stage();
  const [line] = await run("/room new club --owned");
  assertEquals(chat.calls.at(-1), ["createRoom", "club", "owned"]);
  assertEquals(conversation.room, room);
  assert(line!.startsWith("~club·cccc is yours") && line!.includes(`/join ${room}`), line);
  assertEquals(await run("/rooms"), [
    "  #lobby: 1 person",
    `* ~club·cccc: 1 person (/join ${room}); yours`,
  ]);
  const [said] = await run("/room new club --private");
  assertEquals(chat.calls.at(-1), ["createRoom", "club", "private"]);
  assert(said!.includes("its members alone carry and read it"), said);
});

Deno.test("what somebody in charge types reaches the room that is open", async () => {
  const { chat, run } = stage();
  await run("/room new club --owned");
  for (
    const line of ["/announce hear", "/admin bo", "/admin bo off", "/remove bo", "/readmit bo"]
  ) {
    assertEquals(await run(line), [], line);
  }
  const [asks] = await run("/close");
  assert(asks!.includes("for good: /close yes"), asks);
  await run("/close yes");
  const bo = peerId("b");
  assertEquals(chat.calls.slice(1), [
    ["announce", room, "hear"],
    ["admin", room, bo, true],
    ["admin", room, bo, false],
    ["remove", room, bo],
    ["readmit", room, bo],
    ["closeRoom", room],
  ]);
  const misused = await assertRejects(() => run("/admin bo on"), ChatError);
  assertEquals(misused.code, "bad-command");
});

Deno.test("a room with a founder is named by ~ and what it is called, where one room fits", async () => {
  const { conversation, run } = stage();
  await run("/room new club --owned");
  for (const typed of ["~club", "~club·cccc", room]) {
    await run("/join lobby");
    assertEquals(await run(`/join ${typed}`), ["now in ~club·cccc"], typed);
    assertEquals(conversation.room, room);
  }
  assertEquals((await run("/part ~club"))[0]!.startsWith("left ~"), true);
});

Deno.test("/log has a line for each act, with date, names and words", async () => {
  const { chat, run } = stage();
  await run("/room new club --owned");
  assertEquals(await run("/log"), ["nothing is known of this room yet"]);
  const act = (what: RoomAct["act"], about = false): RoomAct => ({
    id: postId(1),
    time: { ms: noonMs, counter: 0 },
    act: what,
    by: chat.me,
    byName: "ann",
    peer: about ? peerId("b") : null,
    name: about ? "bo" : "",
  });
  chat.acts = [
    act("found"),
    ...(["admin", "no-admin", "remove", "readmit"] as const).map((what) => act(what, true)),
    act("hide"),
    act("close"),
  ];
  const lines = await run("/log");
  assertEquals(lines.map((line) => line.replace("20 Nov 2026, 12:41:07 ", "")), [
    "ann founded ~club·cccc",
    "ann made bo an admin of ~club·cccc",
    "ann ended that bo is an admin of ~club·cccc",
    "ann removed bo from ~club·cccc",
    "ann admitted bo to ~club·cccc again",
    "ann hid or took back a post",
    "ann closed ~club·cccc: it can be read, nothing more is said there",
  ]);
});

Deno.test("/log shows that words go on which it cuts", async () => {
  const { chat, run } = stage();
  await run("/room new club --owned");
  const about = { byName: "ann", peer: null, name: "", time: { ms: noonMs, counter: 0 } };
  const said = (text: string) => {
    const topic = post({ text, room, kind: "topic" });
    chat.history.set(room, [...chat.history.get(room) ?? [], topic]);
    return { ...about, id: topic.id, act: "topic" as const, by: chat.me };
  };
  chat.acts = [said("x".repeat(40)), said("y".repeat(41)), said("first\nsecond")];
  const lines = await run("/log");
  assertEquals(lines.map((line) => line.split("topic: ")[1]), [
    "x".repeat(40),
    `${"y".repeat(40)}…`,
    "first…",
  ]);
});

Deno.test("what was done in a room is told as what it was", () => {
  const { conversation, catalogue, chat } = stage();
  conversation.names.shown(chat.me, "ann");
  conversation.names.shown(peerId("b"), "bo");
  const [by, byName, peer, name] = [chat.me, "ann", peerId("b"), "bo"] as const;
  const text = (notice: Notice) => noticeText(notice, conversation.names, catalogue);
  const told = (code: "admin-named" | "admin-ended" | "removed" | "readmitted") =>
    text({ type: "notice", room, code, by, byName, peer, name });
  assertEquals(told("admin-named"), "ann made bo an admin of ~club·cccc");
  assertEquals(told("admin-ended"), "ann ended that bo is an admin of ~club·cccc");
  assertEquals(told("removed"), "ann removed bo from ~club·cccc");
  assertEquals(told("readmitted"), "ann admitted bo to ~club·cccc again");
  assertEquals(
    text({ type: "notice", room, code: "room-closed", by, byName }),
    "ann closed ~club·cccc: it can be read, nothing more is said there",
  );
  const withdrawn = { type: "withdrawn", id: postId(1), room, from: peer } as const;
  assertEquals(text({ ...withdrawn, by }), "ann hid a post by bo in ~club·cccc");
  assertEquals(text(withdrawn), "bo took back a post in ~club·cccc");
});
