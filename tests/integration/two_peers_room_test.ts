/** Two peers in rooms: who is here, names, topics, answers, and taking something back. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { allMeet, ephemeral, type Line, PeerProcess } from "./peer_process.ts";

async function annAndBo(): Promise<
  { ann: PeerProcess; bo: PeerProcess; [Symbol.asyncDispose](): Promise<void> }
> {
  await using started = new AsyncDisposableStack();
  const ann = started.use(await PeerProcess.start(ephemeral("ann")));
  const bo = started.use(await PeerProcess.start(ephemeral("bo", "--peer", ann.address)));
  await allMeet(ann, bo);
  const kept = started.move();
  return { ann, bo, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

Deno.test("ready: names the peer and the loopback address at which it can be dialled", async () => {
  await using ann = await PeerProcess.start(ephemeral("ann"));
  const { v, type, peer, name, listen, web } = ann.lines[0]!;
  assertEquals([v, type, name, web], [1, "ready", "ann", null]);
  assertMatch(peer, /^[0-9a-f]{64}$/);
  assertEquals(listen.length, 1);
  assertMatch(listen[0], /^127\.0\.0\.1:[1-9]\d*$/);
  await using bo = await PeerProcess.start(["--ephemeral", "--name", "bo", "--no-listen"]);
  assertEquals(bo.lines[0]!.listen, []);
});

Deno.test("peers, who: both ends of a link know each other", async () => {
  await using both = await annAndBo();
  const { ann, bo } = both;
  const [ofAnn] = await ann.get({ type: "peers" });
  const [ofBo, ...others] = await bo.get({ type: "peers" });
  assertEquals(others, []);
  assertEquals([ofAnn.peer, ofAnn.name, ofAnn.direction, ofAnn.state], [bo.id, "bo", "in", "up"]);
  assertEquals([ofBo.peer, ofBo.name, ofBo.direction, ofBo.state], [ann.id, "ann", "out", "up"]);
  assertEquals(ofBo.address, ann.address);
  for (const { rttMs, lastError, nextTryMs } of [ofAnn, ofBo]) {
    assert(rttMs === null || (rttMs >= 0 && rttMs < 5_000));
    assertEquals([lastError, nextTryMs], [null, null]);
  }
  const who: Line[] = await ann.get({ type: "who", room: "lobby" });
  assertEquals(who.map(({ from, name, self, away }) => [from, name, self, away]), [
    [ann.id, "ann", true, null],
    [bo.id, "bo", false, null],
  ]);
});

Deno.test("join, part: a room is shared while both have it open, and its name has one spelling", async () => {
  await using both = await annAndBo();
  const { ann, bo } = both;
  await ann.get({ type: "join", room: "#Küche" });
  await bo.get({ type: "join", room: "KU\u0308CHE" });
  await Promise.all([ann.meets(bo.id, "küche"), bo.meets(ann.id, "küche")]);
  await ann.say("soup", "küche");
  assertEquals((await bo.hears("soup")).room, "küche");
  await bo.get({ type: "part", room: "küche" });
  const gone = await ann.until((line) => line.type === "presence" && line.event === "leave");
  assertEquals([gone.room, gone.from, gone.name], ["küche", bo.id, "bo"]);
  await ann.say("is somebody here?", "küche");
  await ann.say("in the lobby", "lobby");
  await bo.hears("in the lobby");
  assertEquals(bo.count("is somebody here?"), 0);
  const { ok, error } = await bo.ask({ type: "say", room: "küche", text: "no" });
  assertEquals([ok, error.code], [false, "not-joined"]);
  await bo.get({ type: "join", room: "küche" });
  assertEquals((await bo.hears("is somebody here?")).origin, "history");
});

Deno.test("command: /nick tells everybody, and /away stands beside the name", async () => {
  await using both = await annAndBo();
  const { ann, bo } = both;
  assertEquals(await ann.command("/nick 小明 👍"), ["you are 小明 👍 now"]);
  await bo.until((line) => line.code === "renamed" && line.text === "ann is now 小明 👍");
  await ann.say("how am I called?");
  assertEquals((await bo.hears("how am I called?")).name, "小明 👍");
  assertEquals(await ann.command("/away lunch until one"), ["you are away: lunch until one"]);
  const isAway = async () => {
    const who: Line[] = await bo.get({ type: "who", room: "lobby" });
    return who.find(({ from }) => from === ann.id)?.away;
  };
  // What is said after it has come by the same link, so the word has come, too.
  await ann.say("gone");
  await bo.hears("gone");
  assertEquals(await isAway(), "lunch until one");
  assertEquals(await ann.command("/away"), ["you are here again"]);
  await ann.say("back");
  await bo.hears("back");
  assertEquals(await isAway(), null);
  for (const bad of ["\u200b\u200b", "x".repeat(65), "漢".repeat(17), "a\x1bb"]) {
    const { ok, error } = await ann.ask({ type: "command", line: `/nick ${bad}` });
    assert(!ok && /^name-/.test(error.code), `${JSON.stringify(bad)}: ${JSON.stringify(error)}`);
  }
});

Deno.test("command: /me, /topic and /reply arrive as what they are", async () => {
  await using both = await annAndBo();
  const { ann, bo } = both;
  await ann.command("/me waves");
  assertEquals((await bo.hears("waves")).kind, "action");
  await bo.command("/topic release on Friday");
  assertEquals((await ann.hears("release on Friday")).kind, "topic");
  assertEquals(await ann.command("/topic"), ["topic of #lobby: release on Friday"]);
  const id = await ann.say("does the new build start?");
  await bo.hears("does the new build start?");
  await bo.command("/reply it does");
  assertEquals((await ann.hears("it does")).reply, id);
  await ann.get({ type: "say", room: "lobby", text: "by field", reply: id });
  assertEquals((await bo.hears("by field")).reply, id);
  await bo.command("//shrug");
  assertEquals((await ann.hears("/shrug")).kind, "text");
  const { ok, error } = await ann.ask({ type: "command", line: "/tpoic x" });
  assertEquals([ok, error.code], [false, "bad-command"]);
  assertMatch(error.message, /Did you mean \/topic\?/);
});

Deno.test("command: /delete withdraws an own post at both sides, and nobody else's", async () => {
  await using both = await annAndBo();
  const { ann, bo } = both;
  const id = await ann.say("a secret by mistake");
  await bo.hears("a secret by mistake");
  const refused = await bo.ask({ type: "command", line: `/delete ${id.slice(0, 16)}` });
  assertEquals([refused.ok, refused.error.code], [false, "not-the-author"]);
  await ann.command("/delete");
  for (const peer of [ann, bo]) {
    const line = await peer.until(({ type }) => type === "withdrawn");
    assertEquals([line.id, line.room, line.from], [id, "lobby", ann.id]);
    const [message, ...others] = await peer.history();
    assertEquals([message?.id, message?.text, others], [id, "", []]);
  }
});
