import { assert, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import type { ChatHandle } from "../../io/chat_handle.ts";
import { DataError } from "../../io/data_error.ts";
import type { ChatOptions } from "../../io/chat_options.ts";
import { openChat, startChat } from "../../io/open_chat.ts";
import type { Chat } from "../../peer/chat.ts";
import { ChatError, type ErrorCode } from "../../peer/errors.ts";
import type { Notice, ShownPost } from "../../peer/notice.ts";
import type { PostId } from "../../wire/ids.ts";
import { within } from "../within.ts";

const local = { host: "127.0.0.1", port: 0 };

function open(options: ChatOptions = {}): Promise<Chat> {
  return openChat({ ephemeral: true, name: "ann", listen: false, debug: true, ...options });
}

/** The first notice that fits. */
async function seen<T extends Notice>(
  chat: Chat,
  fits: (notice: Notice) => notice is T,
): Promise<T> {
  const search = async () => {
    for await (const notice of chat.notices) if (fits(notice)) return notice;
    throw new Error("The notices have ended");
  };
  return await within(search());
}

function says(text: string) {
  return (notice: Notice): notice is Extract<Notice, { type: "message" }> =>
    notice.type === "message" && notice.post.text === text;
}

async function refused(code: ErrorCode, run: () => Promise<unknown>): Promise<string> {
  const error = await assertRejects(() => within(run()), ChatError);
  assertEquals(error.code, code);
  return error.message;
}

const texts = (posts: readonly ShownPost[]) => posts.map((post) => post.text);

Deno.test("openChat lets two peers talk, answer and see who holds what", async () => {
  await using ann = await open({ listen: local });
  await using bo = await open({ name: "bo", peers: ann.listen });
  const first = await ann.say("lobby", "hello");
  const heard = await seen(bo, says("hello"));
  assertEquals([heard.post.name, heard.post.id], ["ann", first]);
  const second = await bo.say("lobby", "hello to you", { reply: first });
  const answer = await seen(ann, says("hello to you"));
  assertEquals(answer.post.reply, first);
  assertEquals(answer.post.origin, "live");
  await seen(
    bo,
    (n): n is Extract<Notice, { type: "receipt" }> => n.type === "receipt" && n.id === second,
  );
  assertEquals(bo.undelivered, 0);
  const { holders, members, post } = bo.info(second);
  assertEquals([holders.map(({ name }) => name), members, post.origin], [["ann"], 1, "own"]);
  assertEquals(texts(ann.timeline("lobby").posts), ["hello", "hello to you"]);
  assertEquals(ann.who("lobby").map(({ name, self }) => [name, self]), [["ann", true], [
    "bo",
    false,
  ]]);
  assertEquals(ann.whois("bo")[0]?.peer, bo.me);
  assertEquals(ann.peers().map(({ state, direction }) => [state, direction]), [["up", "in"]]);
});

Deno.test("Chat.close says goodbye and may be called twice", async () => {
  await using ann = await open({ listen: local });
  const bo = await open({ name: "bo", peers: ann.listen });
  await seen(ann, (n): n is Extract<Notice, { type: "presence" }> => n.type === "presence");
  await within(Promise.all([bo.close(), bo.close()]));
  const down = await seen(
    ann,
    (n): n is Extract<Notice, { type: "peer" }> => n.type === "peer" && n.event === "down",
  );
  assertEquals(down.reason, "left");
  await refused("closed", () => bo.say("lobby", "too late"));
  await refused("closed", () => bo.listenOn(0));
  assertThrows(() => bo.timeline("lobby"), ChatError, "closed");
  for await (const _ of bo.notices) { /* what waited, and then the end */ }
});

Deno.test("Chat answers from memory after close, and says of all else that it is closed", async () => {
  const bo = await open({ name: "bo" });
  const id = await bo.say("lobby", "the last word");
  await bo.close();
  const { me } = bo;
  const memory = [
    () => bo.rooms().map(({ room }) => room),
    () => bo.who("lobby").map(({ name }) => name),
    () => [bo.title("lobby"), bo.name, ...bo.listen],
    () => bo.whois("bo").length,
    () => bo.peers().length,
    () => bo.requests().length,
    () => bo.net().rooms.length,
    () => bo.safetyNumber(me).length,
  ];
  assertEquals(memory.map((read) => read()), [["lobby"], ["bo"], ["lobby", "bo"], 1, 0, 0, 1, 71]);
  const disk = [
    () => bo.subscribe(),
    () => bo.timeline("lobby"),
    () => bo.search("last"),
    () => bo.info(id),
    () => bo.markRead("lobby", id),
    () => bo.roomLog("lobby"),
    () => bo.standing("lobby"),
    () => bo.setting("lang"),
    () => bo.saveSetting("lang", "zh"),
  ];
  const codes = disk.map((read) => assertThrows(read, ChatError).code);
  assertEquals(codes, disk.map(() => "closed"));
  const commands = [
    () => bo.direct(me, "x"),
    () => bo.accept(me),
    () => bo.block(me),
    () => bo.unblock(me),
    () => bo.verify(me, true),
    () => bo.petname(me, "me"),
    () => bo.withdraw(id),
    () => bo.createRoom("new", { kind: "private" }),
    () => bo.announce("lobby", "x"),
    () => bo.join("dev"),
    () => bo.more("lobby"),
    () => bo.leave("lobby"),
    () => bo.rename("bo2"),
    () => bo.away(null),
    () => bo.connect("127.0.0.1:9"),
    () => bo.invite("lobby"),
    () => bo.disconnect("127.0.0.1:9"),
    () => bo.reconnect(),
    () => bo.listenOn(null),
    () => bo.exportTo("/nowhere/x"),
    () => bo.importFrom("/nowhere/x"),
  ];
  for (const command of commands) await refused("closed", command);
});

Deno.test("Chat.timeline gives pages, oldest first", async () => {
  await using ann = await open();
  for (const text of ["a", "b", "c", "d"]) await ann.say("lobby", text);
  const newest = ann.timeline("lobby", { limit: 3 });
  assertEquals([texts(newest.posts), newest.more], [["b", "c", "d"], true]);
  const before = ann.timeline("lobby", { before: newest.posts[0]!.id });
  assertEquals([texts(before.posts), before.more], [["a"], false]);
  assertThrows(() => ann.timeline("elsewhere"), ChatError, "not open");
  assertThrows(() => ann.timeline("lobby", { limit: 0 }), ChatError, "limit");
  const nobodys = "00".repeat(32) as PostId;
  assertThrows(() => ann.timeline("lobby", { before: nobodys }), ChatError, "No post");
  await ann.join("dev");
  const options = { before: newest.posts[0]!.id };
  assertThrows(() => ann.timeline("dev", options), ChatError, 'in the room "dev"');
});

Deno.test("Chat.withdraw hides a text in the timeline", async () => {
  await using ann = await open();
  const id = await ann.say("lobby", "a slip");
  await ann.withdraw(id);
  const [post] = ann.timeline("lobby").posts;
  assertEquals([post?.id, post?.text, post?.withdrawn], [id, "", true]);
  await refused("no-such-post", () => ann.withdraw(id));
});

Deno.test("Chat refuses what programs without types may pass, and goes on", async () => {
  await using ann = await open();
  const loose = ann as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
  await refused("bad-field", () => loose.say!("lobby", 42));
  await refused("bad-field", () => loose.say!("lobby", "x", { reply: "no id" }));
  await refused("bad-field", () => loose.say!("lobby", "x", { kind: "shout" }));
  await refused("bad-field", () => loose.withdraw!(null));
  await refused("bad-field", () => loose.join!(undefined));
  await refused("bad-field", () => loose.join!(Object.create(null)));
  await ann.say("lobby", "still here");
});

Deno.test("a value that Chat refuses is named with its field and what to pass", async () => {
  await using ann = await open();
  const loose = ann as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
  const said = async (name: string, ...args: unknown[]) =>
    (await assertRejects(async () => await loose[name]!(...args), ChatError)).message;
  assertEquals(
    [
      await said("say", "lobby", 42),
      await said("say", "lobby", "x", { kind: "shout" }),
      await said("withdraw", "y".repeat(1_000)),
      await said("timeline", "lobby", { limit: -1 }),
      await said("join", { toString: () => "lobby" }),
      await said("createRoom", "x", { history: null }),
    ],
    [
      "Cannot use 42 as text: give a string",
      'Cannot use "shout" as kind: give "text", "action" or "topic"',
      `Cannot use "${"y".repeat(80)}…" as id: give the id of a post, as say() returns it`,
      "Cannot use -1 as limit: give a whole number from 1",
      "Cannot use the object as room: give a string",
      "Cannot use null as history: give true or false",
    ],
  );
});

Deno.test("Chat.listenOn changes the port, and keeps it if the new one is taken", async () => {
  await using ann = await open({ listen: local });
  await using bo = await open({ listen: local });
  const [before] = ann.listen;
  const taken = Number(bo.listen[0]!.split(":")[1]);
  await refused("port-taken", () => ann.listenOn(taken));
  assertEquals(ann.listen, [before!]);
  await refused("bad-port", () => ann.listenOn(70_000));
  const [after] = await ann.listenOn(0);
  assertNotEquals(after, before);
  assertEquals(await ann.listenOn(null), []);
  assertEquals(ann.listen, []);
  await ann.close();
  const told: string[] = [];
  for await (const notice of ann.notices) {
    if (notice.type !== "notice") continue;
    if (notice.code === "listening") told.push(notice.addresses);
    if (notice.code === "not-listening") told.push("nowhere");
  }
  assertEquals(told, [after, "nowhere"]);
});

Deno.test("openChat refuses a taken port, a bad room and a bad address, and leaves nothing open", async () => {
  await using ann = await open({ listen: local });
  const port = Number(ann.listen[0]!.split(":")[1]);
  await refused("port-taken", () => open({ listen: { ...local, port } }));
  await refused("room-name-space", () => open({ rooms: ["two words"] }));
  await refused("room-name-control", () => open({ rooms: ["##a"] }));
  await refused("bad-address", () => open({ peers: ["nowhere"] }));
  await refused("name-empty", () => open({ name: " " }));
});

Deno.test("openChat leaves its own address out of the peers and says so", async () => {
  const probe = await open({ listen: local });
  const port = Number(probe.listen[0]!.split(":")[1]);
  await probe.close();
  await using ann = await open({ listen: { ...local, port }, peers: [`127.0.0.1:${port}`] });
  const told = await seen(
    ann,
    (n): n is Extract<Notice, { type: "notice" }> =>
      n.type === "notice" && n.code === "dialled-self",
  );
  assertEquals(told.code, "dialled-self");
});

Deno.test("openChat finds name, history and addresses again, one process at a time", async () => {
  const data = await Deno.makeTempDir();
  try {
    await using bo = await open({ name: "bo", listen: local });
    const ann = await open({ ephemeral: false, data, peers: bo.listen });
    await ann.say("lobby", "before");
    await seen(bo, says("before"));
    const second = await assertRejects(() => open({ ephemeral: false, data }), DataError);
    assertEquals(second.code, "in-use");
    await ann.rename("anna");
    await ann.close();
    const started = await startChat({ data, listen: false, debug: true });
    await using again = started.chat;
    assert(!started.fresh);
    assertEquals([again.me, again.name], [ann.me, "anna"]);
    assertEquals(texts(again.timeline("lobby").posts), ["before"]);
    // Nobody was named to it: the address comes from the book.
    await bo.say("lobby", "welcome back");
    await seen(again, says("welcome back"));
  } finally {
    await Deno.remove(data, { recursive: true });
  }
});

Deno.test("openChat asks for a name only if there is none", async () => {
  const data = await Deno.makeTempDir();
  try {
    const options = { data, listen: false, debug: true, askName: () => Promise.resolve("zoë") };
    const first = await openChat(options as ChatOptions);
    assertEquals(first.name, "zoë");
    await first.close();
    await using second = await openChat({ data, listen: false, askName: () => Promise.reject() });
    assertEquals(second.name, "zoë");
  } finally {
    await Deno.remove(data, { recursive: true });
  }
});

Deno.test("Chat waits for a slow reader of notices: nothing is lost and nothing grows", async () => {
  await using ann = await open({ listen: local });
  await using bo = await open({ name: "bo", peers: ann.listen, limits: { noticesMax: 20 } });
  const reader = bo.notices[Symbol.asyncIterator]();
  const count = 1_500;
  await Promise.all(Array.from({ length: count }, (_, i) => ann.say("lobby", `${i}`)));
  const heard = new Set<string>();
  let held = 0;
  while (heard.size < count) {
    const { value: notice } = await within(Promise.resolve(reader.next()));
    if (notice?.type !== "message") continue;
    assert(!heard.has(notice.post.text));
    heard.add(notice.post.text);
    if (heard.size % 100 > 0) continue;
    held = Math.max(held, bo.timeline("lobby", { limit: count }).posts.length - heard.size);
  }
  // What was in one step when the stream became full: a step of 32 KiB has about 150 posts.
  assert(held < 400, `${held} posts waited for the reader`);
});

Deno.test("Chat ends its notices with the reason when it cannot go on, and closes all", async () => {
  const lines: string[] = [];
  const chat = await open({ listen: local, log: (line) => lines.push(line) });
  await using bo = await open({ name: "bo", peers: chat.listen });
  await seen(bo, (n): n is Extract<Notice, { type: "presence" }> => n.type === "presence");
  const reading = assertRejects(() => seen(chat, says("never")), ChatError);
  // A store that cannot be read is found by the engine in the middle of a step.
  (chat as ChatHandle).parts.store.close();
  await refused("closed", () => chat.withdraw("00".repeat(32) as PostId));
  await within(reading);
  await refused("closed", () => chat.say("lobby", "too late"));
  assertThrows(() => chat.timeline("lobby"), ChatError);
  assertEquals(chat.listen, []);
  await seen(
    bo,
    (n): n is Extract<Notice, { type: "peer" }> => n.type === "peer" && n.event === "down",
  );
  await chat.close();
});

Deno.test("Chat.exportTo and importFrom carry history to somebody else, once", async () => {
  const folder = await Deno.makeTempDir();
  const file = `${folder}/history.ndjson`;
  try {
    await using ann = await open({ rooms: ["lobby", "dev"] });
    const id = await ann.say("lobby", "one\ttwo 小明");
    await ann.say("dev", "three");
    const count = await ann.exportTo(file);
    assertEquals(count, 4);
    await refused("file", () => ann.exportTo(file));
    assertEquals(await ann.importFrom(file), { added: 0, known: 4, refused: 0 });

    await using bo = await open({ name: "bo", import: file });
    assertEquals(texts(bo.timeline("lobby").posts), ["one\ttwo 小明"]);
    assertEquals(bo.timeline("lobby").posts[0]?.id, id);
    assertEquals(bo.timeline("lobby").posts[0]?.name, "ann");
    assertEquals(await bo.importFrom(file), { added: 0, known: 4, refused: 0 });
    await bo.join("dev");
    assertEquals(texts(bo.timeline("dev").posts), ["three"]);
    await bo.close();
    const told: string[] = [];
    for await (const notice of bo.notices) if (notice.type === "message") told.push(notice.type);
    assertEquals(told, [], "what a start takes in is no news");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("Chat.importFrom names the bad line and keeps what stood before it", async () => {
  const folder = await Deno.makeTempDir();
  const file = `${folder}/history.ndjson`;
  try {
    await using ann = await open();
    for (const text of ["a", "b", "c"]) await ann.say("lobby", text);
    await ann.exportTo(file);
    const lines = (await Deno.readTextFile(file)).trimEnd().split("\n");
    const spoilt = JSON.parse(lines[2]!);
    spoilt.signature = spoilt.signature.replace(/^./, (c: string) => c === "A" ? "B" : "A");
    lines[2] = JSON.stringify(spoilt);
    await Deno.writeTextFile(file, lines.join("\r\n"));
    await using bo = await open({ name: "bo" });
    const message = await refused("file", () => bo.importFrom(file));
    assert(message.includes("line 3 has a wrong signature; 2 posts were added"), message);
    assertEquals(texts(bo.timeline("lobby").posts), ["a"]);
    await Deno.writeTextFile(file, "{}\n");
    assert((await refused("file", () => bo.importFrom(file))).includes("line 1 is not of"));
    await Deno.writeTextFile(file, "x".repeat(300_000));
    assert((await refused("file", () => bo.importFrom(file))).includes("line 1 is too long"));
    await refused("file", () => bo.importFrom(`${folder}/nothing`));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("Chat.importFrom of own later posts numbers no post twice", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const data = `${folder}/data`;
    const ann = await open({ ephemeral: false, data });
    await ann.say("lobby", "kept");
    await ann.close();
    await Deno.mkdir(`${folder}/old`);
    await Deno.copyFile(`${data}/history.db`, `${folder}/old/history.db`);
    const later = await open({ ephemeral: false, data });
    await later.say("lobby", "lost");
    await later.exportTo(`${folder}/history.ndjson`);
    await later.close();
    // The backup goes over the content of the same file, so that nothing tells it apart.
    await Deno.writeFile(`${data}/history.db`, await Deno.readFile(`${folder}/old/history.db`));
    await using restored = await open({ ephemeral: false, data });
    assertEquals(texts(restored.timeline("lobby").posts), ["kept"]);
    await restored.importFrom(`${folder}/history.ndjson`);
    await restored.say("lobby", "new");
    assertEquals(texts(restored.timeline("lobby").posts), ["kept", "lost", "new"]);
    await restored.exportTo(`${folder}/after.ndjson`);
    const places = (await Deno.readTextFile(`${folder}/after.ndjson`)).trimEnd().split("\n")
      .map((line) => JSON.parse(line)).filter((line) => line.text === "new");
    assertEquals(places.map((line) => line.seq), [1]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
