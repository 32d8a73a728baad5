/** What a handle gives its faces to read, and keeps for them: pages, finds, markers, settings. */

import { assertEquals, assertThrows } from "@std/assert";
import type { ChatOptions } from "../../io/chat_options.ts";
import { openChat } from "../../io/open_chat.ts";
import type { Chat } from "../../peer/chat.ts";
import { ChatError } from "../../peer/errors.ts";
import type { Notice } from "../../peer/notice.ts";
import type { PostId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { within } from "../within.ts";

function open(options: ChatOptions = {}): Promise<Chat> {
  return openChat({ ephemeral: true, name: "ann", listen: false, debug: true, ...options });
}

function refused(run: () => unknown): string {
  const error = assertThrows(run, ChatError);
  assertEquals(error.message.includes("\n"), false);
  return error.code;
}

const unknown = "0".repeat(64) as PostId;
const wrong = 5 as unknown as string;

Deno.test("Chat.timeline goes on after a post, and refuses two ways at once", async () => {
  await using ann = await open();
  const ids: PostId[] = [];
  for (const text of ["one", "two", "three"]) ids.push(await ann.say("lobby", text));
  const page = (options: Parameters<Chat["timeline"]>[1]) => {
    const { posts, more } = ann.timeline("lobby", options);
    return [posts.map(({ text }) => text), more];
  };
  assertEquals(page({ after: ids[0]!, limit: 1 }), [["two"], true]);
  assertEquals(page({ after: ids[0]! }), [["two", "three"], false]);
  assertEquals(page({ after: ids[2]! }), [[], false]);
  assertEquals(refused(() => page({ after: ids[0]!, before: ids[2]! })), "bad-field");
  assertEquals(refused(() => page({ after: unknown })), "no-such-post");
  assertEquals(refused(() => page({ after: wrong as PostId })), "bad-field");
});

Deno.test("Chat.timeline: posts of somebody blocked, however many, hide nothing behind them", async () => {
  const local = { host: "127.0.0.1", port: 0 };
  await using ann = await open({ listen: local });
  await using bo = await open({ name: "bo", peers: ann.listen });
  const first = await ann.say("lobby", "first");
  // Whatever the way and the order in which they come.
  const arrived = async () => {
    const texts = new Set<string>();
    for await (const notice of ann.notices) {
      if (notice.type === "message") texts.add(notice.post.text);
      if (texts.size === 31) return;
    }
  };
  const heard = async () => {
    for await (const notice of bo.notices) if (notice.type === "message") return;
  };
  await within(heard());
  const all = within(arrived());
  for (let n = 0; n < 30; n++) await bo.say("lobby", `spam ${n}`);
  await all;
  await ann.block(bo.me);
  const page = (options: Parameters<Chat["timeline"]>[1]) => {
    const { posts, more } = ann.timeline("lobby", { limit: 5, ...options });
    return [posts.map(({ text }) => text), more];
  };
  assertEquals(page({}), [["first"], false]);
  const last = await ann.say("lobby", "last");
  assertEquals(page({ before: last }), [["first"], false]);
  assertEquals(page({ after: first }), [["last"], false]);
  await ann.unblock(bo.me);
  assertEquals(page({ after: first, limit: 1 }), [["spam 0"], true]);
});

Deno.test("Chat.timeline: posts that count no more, however many, hide nothing behind them", async () => {
  const local = { host: "127.0.0.1", port: 0 };
  await using ann = await open({ listen: local });
  await using bo = await open({ name: "bo", peers: ann.listen });
  const told = async (chat: Chat, is: (notice: Notice) => boolean) => {
    for await (const notice of chat.subscribe()) if (is(notice)) return;
  };
  const comes = (of: string) => (notice: Notice) =>
    notice.type === "message" && notice.post.text === of;
  const club = await ann.createRoom("club");
  const first = within(told(bo, comes("first")));
  await bo.join(club);
  await ann.say(club, "first");
  await first;
  const apart = within(told(ann, (notice) => notice.type === "peer" && notice.event === "down"));
  await bo.disconnect(ann.me);
  await apart;
  for (let n = 0; n < 30; n++) await bo.say(club, `lost ${n}`);
  // What nobody had got by then counts as never said.
  await ann.remove(club, bo.me);
  const removed = within(
    told(bo, (notice) => notice.type === "notice" && notice.code === "removed"),
  );
  await bo.connect(ann.listen[0]!);
  await removed;
  const { posts, more } = bo.timeline(club, { limit: 5 });
  assertEquals([posts.map(({ text }) => text), more], [["first"], false]);
});

Deno.test("Chat.search looks through all rooms or one, and says what it cannot take", async () => {
  await using ann = await open({ rooms: ["lobby", "dev"] });
  await ann.say("lobby", "the red fox");
  const there = await ann.say("dev", "a red hen");
  await ann.say("lobby", "red again");
  const found = (query: string, options?: Parameters<Chat["search"]>[1]) =>
    ann.search(query, options).posts.map(({ room, text }) => `${room}: ${text}`);
  assertEquals(found("RED"), ["lobby: the red fox", "dev: a red hen", "lobby: red again"]);
  assertEquals(found("red", { room: "#dev" }), ["dev: a red hen"]);
  assertEquals(found("red", { before: there }), ["lobby: the red fox"]);
  assertEquals(ann.search("red", { limit: 2 }).more, true);
  await ann.leave("dev");
  assertEquals(found("hen"), ["dev: a red hen"]);
  const { searchBytesMax, searchPostsMax } = defaultLimits;
  assertEquals(found("x".repeat(searchBytesMax), { limit: searchPostsMax }), []);
  for (
    const run of [
      () => found("x".repeat(searchBytesMax + 1)),
      () => found("red", { limit: searchPostsMax + 1 }),
      () => found("red", { limit: 0 }),
      () => found(" \n"),
      () => found(wrong),
      () => found("red", { before: wrong as PostId }),
    ]
  ) assertEquals(refused(run), "bad-field");
  assertEquals(refused(() => found("red", { room: "dev" })), "not-joined");
  assertEquals(refused(() => found("red", { before: unknown })), "no-such-post");
});

Deno.test("Chat.markRead moves one marker for all faces, tells of it once, and survives a restart", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    const ids: PostId[] = [];
    {
      await using ann = await open({ ephemeral: false, data: folder });
      ids.push(await ann.say("lobby", "one"), await ann.say("lobby", "two"));
      assertEquals([ann.rooms()[0]!.readUpTo, ann.rooms()[0]!.unread], [null, 0]);
      ann.markRead("#lobby", ids[1]!);
      ann.markRead("lobby", ids[0]!);
      ann.markRead("lobby", ids[1]!);
      assertEquals(refused(() => ann.markRead("lobby", unknown)), "no-such-post");
      assertEquals(refused(() => ann.markRead("dev", ids[0]!)), "not-joined");
      assertEquals(refused(() => ann.markRead("lobby", wrong as PostId)), "bad-field");
      await within(ann.close());
      const read = [];
      for await (const notice of ann.notices) if (notice.type === "read") read.push(notice);
      assertEquals(read, [{ type: "read", room: "lobby", upTo: ids[1]! }]);
      assertEquals(refused(() => ann.markRead("lobby", ids[1]!)), "closed");
    }
    await using again = await open({ ephemeral: false, data: folder });
    assertEquals(again.rooms()[0]!.readUpTo, ids[1]);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("Chat.rooms counts what others said since the marker, among as many posts as the limit says", async () => {
  const local = { host: "127.0.0.1", port: 0 };
  await using ann = await open({ listen: local });
  await using bo = await open({ name: "bo", peers: ann.listen, limits: { unreadMax: 3 } });
  const first = await ann.say("lobby", "one");
  for (const text of ["two", "three", "four"]) await ann.say("lobby", text);
  const arrived = async () => {
    for await (const notice of bo.notices) {
      if (notice.type === "message" && notice.post.text === "four") return;
    }
  };
  await within(arrived());
  await bo.say("lobby", "mine");
  assertEquals(defaultLimits.unreadMax, 1_000);
  assertEquals(bo.rooms()[0]!.unread, 2);
  bo.markRead("lobby", first);
  assertEquals(bo.rooms()[0]!.unread, 2);
  bo.markRead("lobby", bo.timeline("lobby").posts[2]!.id);
  assertEquals(bo.rooms()[0]!.unread, 1);
});

Deno.test("Chat.saveSetting keeps bounded texts, also where nothing is kept on disk", async () => {
  const limits = { settingKeyBytesMax: 8, settingBytesMax: 40, settingsBytesMax: 60 };
  await using ann = await open({ limits });
  assertEquals(ann.setting("a"), null);
  ann.saveSetting("a", "x".repeat(40));
  assertEquals(ann.setting("a"), "x".repeat(40));
  for (
    const run of [
      () => ann.saveSetting("a", "x".repeat(41)),
      () => ann.saveSetting("b", "x".repeat(19)),
      () => ann.saveSetting("k".repeat(9), "x"),
      () => ann.saveSetting("", "x"),
      () => ann.saveSetting("\ud800", "x"),
      () => ann.saveSetting("b", "\ud800"),
      () => ann.saveSetting(wrong, "x"),
      () => ann.saveSetting("b", wrong),
      () => ann.setting(wrong),
    ]
  ) assertEquals(refused(run), "bad-field");
  ann.saveSetting("b", "x".repeat(18));
  ann.saveSetting("a", null);
  ann.saveSetting("k".repeat(8), "x".repeat(30));
  assertEquals([ann.setting("a"), ann.setting("b")?.length], [null, 18]);
});
