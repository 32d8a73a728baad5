import { typedPath } from "../../ui/environment.ts";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ChatError } from "../../peer/errors.ts";
import type { Notice } from "../../peer/notice.ts";
import { decodeInvite, encodeInvite } from "../../wire/invite.ts";
import { screenLimits } from "../../ui/screen_limits.ts";
import { noonMs, peerId, post, postId, somebody } from "./fake_chat.ts";
import { settle } from "./fake_terminal.ts";
import { running } from "./running_face.ts";

const terminal = { in: true, out: true };

Deno.test("LineMode prints time, room, name and text of others, and not its own lines", async () => {
  const run = await running();
  await run.type("mine\n");
  run.chat.notify(
    { type: "message", post: post({ text: "可以，昨天试过 👍" }) },
    { type: "message", post: post({ text: "two\nlines\tand\x1b[2J" }) },
    { type: "message", post: post({ text: "waves", kind: "action", room: "dev" }) },
    { type: "message", post: post({ text: "release", kind: "topic" }) },
    { type: "message", post: post({ text: "", withdrawn: true }) },
    { type: "message", post: post({ text: "old", origin: "history" }) },
  );
  await settle();
  assertEquals(run.lines(), [
    "12:41\tlobby\tbo\t可以，昨天试过 👍",
    "12:41\tlobby\tbo\ttwo",
    "\t\t\tlines and␛[2J",
    "12:41\tdev\tbo\t* bo waves",
    "12:41\tlobby\tbo\tbo set the topic of #lobby: release",
    "12:41\tlobby\tbo\t(taken back)",
    "12:41\tlobby\tbo\told",
  ]);
  assertEquals(run.terminal.stderr, "");
  assertEquals(await run.stop(), 0);
});

Deno.test("LineMode cannot be made to print a forged line by a name, a text or a room", async () => {
  const run = await running();
  const evil = "x\n12:41\tlobby\tann\tforged\r\u2028\u0085-- notice\x1b[1A";
  run.chat.notify(
    { type: "message", post: post({ text: evil, name: evil, room: evil }) },
    { type: "presence", event: "join", room: evil, from: peerId("c"), name: evil },
    { type: "notice", room: null, code: "dial-failed", address: evil, reason: evil, retryMs: 1 },
  );
  await settle();
  const [first = "", second = "", ...more] = run.lines();
  assertEquals(more, []);
  assertEquals(first.split("\t").length, 4);
  assert(second.startsWith("\t\t\t12:41 lobby ann forged"), second);
  for (const line of run.terminal.stderr.split("\n").slice(0, -1)) {
    assert(line.startsWith("-- "), line);
  }
  await run.stop();
});

Deno.test("LineMode begins on a terminal with the last 20 posts and the end of history", async () => {
  const old = Array.from({ length: 30 }, (_, n) => post({ text: `t${n}`, origin: "history" }));
  const run = await running({ welcome: ["you are ann"] }, terminal, (chat) => {
    chat.history.set("lobby", old);
    // What was stored during the start may come as a notice too.
    chat.notify({ type: "message", post: old[29]! });
  });
  const lines = run.lines();
  assertEquals(lines.length, 22);
  assertEquals(lines[0], "-- you are ann");
  assertEquals(lines[1], "12:41\tlobby\tbo\tt10");
  assertEquals(lines[20], "12:41\tlobby\tbo\tt29");
  assertEquals(lines[21], "-- end of history --");
  assertEquals(run.terminal.stderr, "");
  await run.stop();
});

Deno.test("LineMode prints no history when piped, and notices to standard error", async () => {
  const run = await running({ welcome: ["you are ann"] }, {}, (chat) => {
    chat.history.set("lobby", [post({ text: "old" })]);
    chat.notify({ type: "presence", event: "join", room: "lobby", from: peerId("b"), name: "bo" });
  });
  assertEquals(run.lines(), []);
  assertEquals(run.terminal.stderr, "-- you are ann\n-- bo is here (#lobby)\n");
  await run.stop();
});

Deno.test("LineMode sends lines whatever their ends and chunks", async () => {
  const text = "one\r\n\ntwo 你\n  three\t\n//slash\nexit\nlast";
  const bytes = new TextEncoder().encode(text);
  const splits: Uint8Array[][] = [[bytes], [...bytes].map((byte) => Uint8Array.of(byte))];
  for (const chunks of splits) {
    const run = await running();
    await run.type(...chunks, null);
    assertEquals(
      run.chat.calls.filter(([method]) => method === "say").map(([, , said]) => said),
      ["one", "two 你", "  three\t", "/slash", "exit", "last"],
    );
    assertEquals(run.lines(), []);
    assertEquals(await run.code, 0);
  }
});

Deno.test("LineMode asks back when somebody types exit on a terminal", async () => {
  const run = await running({}, terminal);
  run.lines();
  await run.type("exit\n");
  assertEquals(run.lines(), ["-- leave? /quit"]);
  assertEquals(run.chat.calls.some(([method]) => method === "say"), false);
  await run.type("/quit\n");
  assertEquals(await run.code, 0);
});

Deno.test("LineMode refuses lines that are not UTF-8, too long or refused, and goes on", async () => {
  const run = await running();
  await run.type("good\n", Uint8Array.of(0xff, 0xfe, 10), "x".repeat(200_000), "\n   \nagain\n");
  assertEquals(run.terminal.stderr.split("\n"), [
    "-- line 2 not sent: it is not UTF-8",
    "-- line 3 not sent: it is longer than 131072 bytes",
    "-- line 4 not sent: text: empty",
    "",
  ]);
  const said = run.chat.calls.filter(([method]) => method === "say").map(([, , text]) => text);
  assertEquals(said, ["good", "   ", "again"]);
  await run.stop();
});

Deno.test("LineMode takes texts ahead of the disk, up to a bound", async () => {
  const run = await running({}, {}, (chat) => chat.hold = true);
  const { inFlightMax } = screenLimits;
  await run.type("line\n".repeat(3 * inFlightMax));
  assertEquals(run.chat.held, inFlightMax);
  run.chat.release();
  await settle();
  assert(run.chat.held > 0 && run.chat.held <= inFlightMax, `${run.chat.held}`);
  run.chat.hold = false;
  run.chat.release();
  await run.type(null);
  assertEquals(await run.code, 0);
  assertEquals(run.chat.calls.filter(([method]) => method === "say").length, 3 * inFlightMax);
});

Deno.test("LineMode performs the commands of rooms", async () => {
  const run = await running({}, terminal, (chat) => {
    chat.history.set("dev", [post({ text: "in dev", room: "dev" })]);
  });
  run.lines();
  await run.type("/join #Dev\nhello\n/rooms\n/join lobby\n/part dev\n/part\nnobody hears\n");
  assertEquals(run.lines(), [
    "-- joined #dev",
    "12:41\tdev\tbo\tin dev",
    "-- end of history --",
    "--   #lobby: 1 person",
    "-- * #dev: 1 person",
    "-- now in #lobby",
    "-- left #dev; what was said in it stays on this computer",
    "-- left #lobby; what was said in it stays on this computer",
    "-- no room is open: /join lobby",
    "-- not sent: no room is open: /join lobby",
  ]);
  const said = run.chat.calls.filter(([method]) => method === "say");
  assertEquals(said, [["say", "dev", "hello", {}]]);
  await run.stop();
});

Deno.test("LineMode refers to posts by number and id", async () => {
  const run = await running({}, terminal);
  run.lines();
  await run.type("/info 1\n/reply 2 no\n");
  assertEquals(run.lines(), [
    "-- there is no post 1: none was shown here yet",
    "-- there is no post 2: none was shown here yet",
  ]);
  const [first, second] = [post({ text: "first" }), post({ text: "second" })];
  run.chat.history.set("lobby", [first, second]);
  run.chat.notify({ type: "message", post: first }, { type: "message", post: second });
  await settle();
  run.lines();
  await run.type("/reply yes\n", `/reply 2 no\n`);
  const replies = run.chat.calls.filter(([method]) => method === "say").map(([, , , o]) => o);
  assertEquals(replies, [{ reply: second.id }, { reply: second.id }]);
  await run.type(`/info ${first.id.slice(0, 8)}\n/info 999\n/info zz\n/delete\n/delete 4\n`);
  assertEquals(run.lines(), [
    `-- post ${first.id}`,
    `-- by bo in #lobby, number ${first.seq}, said 20 Nov 2026, 12:41:07, stored here 20 Nov 2026, 12:41:07`,
    "-- no post 999 was shown yet: 1 is the last one, 2 the one before it",
    "-- zz: no post shown here has an id that starts so",
  ]);
  const deleted = run.chat.calls.filter(([method]) => method === "withdraw");
  assertEquals(deleted.length, 2);
  assertEquals(deleted[1], ["withdraw", first.id]);
  run.chat.notify({ type: "message", post: post({ text: "so", reply: first.id }) });
  await settle();
  assertEquals(run.lines(), ["12:41\tlobby\tbo\t> bo: first", "\t\t\tso"]);
  await run.stop();
});

Deno.test("LineMode performs the commands about people and links", async () => {
  const run = await running({}, terminal, (chat) => {
    chat.people.set("lobby", [
      {
        from: chat.me,
        name: "ann",
        self: true,
        away: null,
        seenMsAgo: null,
        mark: null,
        blocked: false,
      },
      {
        from: peerId("3f2a"),
        name: "bo",
        self: false,
        away: "lunch",
        seenMsAgo: null,
        mark: null,
        blocked: false,
      },
      {
        from: peerId("9c"),
        name: "bo",
        self: false,
        away: "",
        seenMsAgo: 180_000,
        mark: null,
        blocked: false,
      },
    ]);
    chat.known.push(somebody("3f2a", "bo", { rooms: ["lobby"], address: "1.2.3.4:5" }));
    const link = { peer: peerId("3f2a"), name: "bo", address: "1.2.3.4:5", direction: "out" };
    const open = { rttMs: 3.4, lastError: null, nextTryMs: null, ageMs: 9_000, queuedBytes: 0 };
    const fails = { lastError: "refused", nextTryMs: 5_000, ageMs: null, queuedBytes: 0 };
    const shut = { rttMs: null, ...fails };
    chat.links.push({ ...link, ...open, direction: "out", state: "up" });
    chat.links.push({ ...link, ...shut, direction: "out", state: "waiting", peer: null });
  });
  run.lines();
  await run.type("/who\n/whois bo\n/whois nobody\n/peers\n/nick \u200b\n/nick bob\n");
  await run.type("/away lunch\n/away\n/topic\n/topic new\n/me waves\n/last\n");
  await run.type("/connect 1.2.3.4:5\n/connect x\n/connect starling:abc\n/disconnect 1.2.3.4:5\n");
  await run.type("/reconnect\n/listen\n/listen 80\n/listen off\n/export f\n");
  assertEquals(
    run.lines(),
    [
      "-- ann (you)",
      "-- bo·3f2a (away: lunch)",
      "-- bo·9c00 (away), seen 3 min ago",
      `-- bo·3f2a: key ${peerId("3f2a")}, in #lobby, linked at 1.2.3.4:5`,
      "-- nobody known is called nobody",
      "-- name     address    link          for  round trip  last failure",
      "-- bo·3f2a  1.2.3.4:5  by you        9 s  3 ms",
      "--          1.2.3.4:5  tries in 5 s                   refused",
      '-- the name "\\u200b" shows nothing: take one that can be seen',
      "-- you are bob now",
      "-- you are away: lunch",
      "-- you are here again",
      "-- #lobby has no topic",
      "-- nothing was said in #lobby yet",
      "-- linked to bo·3f2a (1.2.3.4:5) already",
      "-- a port is missing",
      "-- The invite is damaged: character 11 is wrong; compare it with the one you were sent, or ask for it again",
      "-- not linked to 1.2.3.4:5 any more, and not dialling it",
      "-- dialling what waited",
      "-- listening on 127.0.0.1:9797",
      "-- listening on 127.0.0.1:80",
      "-- not listening",
      "-- wrote 3 posts to f",
    ],
  );
  assertEquals(run.chat.calls.filter(([method]) => method === "say"), [
    ["say", "lobby", "new", { kind: "topic" }],
    ["say", "lobby", "waves", { kind: "action" }],
  ]);
  await run.stop();
});

Deno.test("LineMode makes invites, and goes to the room of one that it takes", async () => {
  const run = await running({}, terminal);
  run.lines();
  await run.type("/invite\n/invite --me\n");
  const [made, misused] = run.lines();
  const invite = made!.slice(made!.indexOf("starling:"));
  assertEquals(
    made!.slice(0, -invite.length),
    "-- for a friend, to type after --peer or /connect; it leads to #lobby and to you alone, and " +
      "holds for 7 days: ",
  );
  assertEquals(decodeInvite(invite).peer, run.chat.me);
  assertStringIncludes(misused!, "use: /invite [room] [--count N]");
  const other = encodeInvite({ ...decodeInvite(invite), peer: peerId("b"), room: "dev" });
  await run.type(`/connect ${invite}\n/connect ${other}\nhello\n`);
  assertEquals(run.lines().slice(0, 2), [
    "-- The invite is your own: give it to others",
    "-- took the invite to #dev; dialling 10.0.0.5:9797, where only who made it will do",
  ]);
  assertEquals(run.chat.calls.at(-1)?.slice(0, 3), ["say", "dev", "hello"]);
  await run.stop();
});

Deno.test("LineMode helps, and never sends a mistyped command", async () => {
  const run = await running({}, terminal);
  run.lines();
  await run.type("/help who\n/help hepl\n/jion x\n/join\n/clear\n");
  assertEquals(run.lines(), [
    "-- /who [room]          who is here",
    "-- no such command: /hepl. Did you mean /help? // sends a line that starts with a slash",
    "-- no such command: /jion. Did you mean /join? // sends a line that starts with a slash",
    "-- use: /join room (open a room, or go to an open one)",
  ]);
  assert(run.terminal.stdout.endsWith("\x1b[2J\x1b[H"));
  assertEquals(run.chat.calls.some(([method]) => method === "say"), false);
  run.terminal.stdout = "";
  await run.type("/help\n");
  for (const line of run.terminal.stdout.split("\n")) assert(line.length <= 80, line);
  await run.stop();
});

Deno.test("LineMode takes back the last own post that is not taken back yet", async () => {
  const run = await running({}, terminal);
  const own = (text: string) => post({ text, from: run.chat.me, origin: "own" });
  const [first, second] = [own("first"), own("second")];
  for (const each of [first, second]) run.chat.notify({ type: "message", post: each });
  await settle();
  await run.type("/delete\n/delete\n/delete\n");
  const withdrawn = run.chat.calls.filter(([method]) => method === "withdraw");
  assertEquals(withdrawn, [["withdraw", second.id], ["withdraw", first.id]]);
  assertEquals(run.lines().at(-1), "-- no such post was shown here yet");
  await run.stop();
});

Deno.test("LineMode tells that a post was taken back if its words stood there", async () => {
  const run = await running({}, terminal);
  const [seen, unseen] = [post({ text: "oops" }), post({ text: "", withdrawn: true })];
  for (const each of [seen, unseen]) run.chat.notify({ type: "message", post: each });
  await settle();
  run.lines();
  for (const { id, room, from } of [seen, unseen]) {
    run.chat.notify({ type: "withdrawn", room, from, id });
  }
  await settle();
  assertEquals(run.lines(), ["-- bo took back a post in #lobby"]);
  // Own ones are told of: it is the answer to /delete.
  const own = post({ text: "mine", from: run.chat.me, origin: "own" });
  run.chat.notify({ type: "message", post: own });
  await settle();
  await run.type("/delete\n");
  run.lines();
  run.chat.notify({ type: "withdrawn", room: "lobby", from: run.chat.me, id: own.id });
  await settle();
  assertEquals(run.lines().length, 1);
  await run.stop();
});

Deno.test("LineMode does not echo what /msg says, which others say it does", async () => {
  const run = await running({}, terminal, (chat) => {
    chat.known.push(somebody("b", "bo li"));
  });
  run.lines();
  await run.type("/msg bo li see you\n");
  const said = { from: run.chat.me, room: `@${peerId("b")}`, origin: "own" } as const;
  const fromHere = post({ ...said, text: "see you" });
  const fromPage = post({ ...said, text: "you" });
  for (const each of [fromHere, fromPage]) run.chat.notify({ type: "message", post: each });
  await settle();
  assertEquals(run.lines().map((line) => line.split("\t")[3]), ["you"]);
  await run.stop();
});

Deno.test("LineMode waits for the people to whom a script writes, once and not for ever", async () => {
  const bo = somebody("b", "bo");
  const cameIn = (peer: string, name: string) =>
    ({ type: "presence", event: "join", room: "lobby", from: peerId(peer), name }) as const;
  const run = await running({ lingerMs: 900 });
  await run.type("/msg bo psst\nthen\n");
  const said = () => run.chat.calls.filter(([method]) => method === "say" || method === "direct");
  run.chat.notify(cameIn("c", "cem"));
  await settle();
  assertEquals([said(), run.terminal.timers.map(({ delayMs }) => delayMs)], [[], [900]]);
  run.chat.known.push(bo);
  run.chat.notify(cameIn("b", "bo"));
  await settle();
  assertEquals(said().map(([method, to, text]) => [method, to, text]), [
    ["direct", peerId("b"), "psst"],
    ["say", "lobby", "then"],
  ]);
  const noticed = run.terminal.stderr;
  await run.type("/msg eve psst\n");
  assertEquals(run.terminal.stderr, noticed);
  run.terminal.expire();
  await settle();
  // It is over for all that follow.
  await run.type("/msg dee psst\n");
  const told = run.terminal.stderr.slice(noticed.length).split("\n");
  assertEquals(told.map((line) => line.slice(0, 33)), [
    "-- nobody known is called eve: ty",
    "-- nobody known is called dee: ty",
    "",
  ]);
  await run.stop();

  const typed = await running({}, terminal);
  typed.lines();
  await typed.type("/msg bo psst\n");
  assertEquals(typed.lines().length, 1, "who types is told at once");
  await typed.stop();
});

Deno.test("LineMode says that a link is there instead of dialling it", async () => {
  const run = await running({}, terminal, (chat) => {
    chat.links.push({
      peer: peerId("b"),
      name: "bo",
      address: "1.2.3.4:5",
      direction: "out",
      state: "up",
      rttMs: null,
      lastError: null,
      nextTryMs: null,
      ageMs: null,
      queuedBytes: 0,
    });
  });
  run.lines();
  await run.type("/connect 1.2.3.4:5\n/connect 1.2.3.4:6\n");
  assertEquals(run.lines(), ["-- linked to bo (1.2.3.4:5) already", "-- dialling 1.2.3.4:6"]);
  await run.stop();
});

Deno.test("LineMode writes to the home folder what is typed with ~/", async () => {
  const run = await running({}, terminal);
  run.lines();
  await run.type("/export ~/history.ndjson\n");
  const path = `${Deno.env.get("HOME")}/history.ndjson`;
  assertEquals(run.chat.calls.at(-1), ["exportTo", path]);
  assertEquals(run.lines(), [`-- wrote 3 posts to ${path}`]);
  await run.stop();
});

Deno.test("typedPath: ~ is the home folder at the start alone, where that is known", () => {
  const home = (name: string) => ({ HOME: "/home/ann" })[name];
  const windows = (name: string) => ({ USERPROFILE: "C:\\Users\\ann" })[name];
  assertEquals(
    ["~", "~/a b", "~bo/x", "a~/x", "/~/x", ""].map((path) => typedPath(path, home)),
    ["/home/ann", "/home/ann/a b", "~bo/x", "a~/x", "/~/x", ""],
  );
  assertEquals(typedPath("~\\x", windows), "C:\\Users\\ann\\x");
  assertEquals(typedPath("~/x", () => undefined), "~/x");
});

Deno.test("LineMode ends being away in no room too", async () => {
  const run = await running({}, terminal);
  await run.type("/part\n/away\n/away\n/away\n");
  const calls = run.chat.calls.filter(([method]) => method === "away");
  assertEquals(calls, [["away", ""], ["away", null], ["away", ""]]);
  await run.stop();
});

Deno.test("LineMode closes the link to a name that one person has", async () => {
  const run = await running({}, terminal, (chat) => {
    const address = "1.2.3.4:5";
    chat.known.push(somebody("b", "bo", { address }), somebody("c", "cem", { address }));
    chat.known.push(somebody("d", "cem", { address }), somebody("e", "zoe"));
    const disconnect = chat.disconnect.bind(chat);
    chat.disconnect = async (target) => {
      await disconnect(target);
      if (target !== peerId("b")) throw new ChatError("no-such-peer", `no link ${target}`);
    };
  });
  run.lines();
  await run.type("/disconnect bo\n/disconnect cem\n/disconnect zoe\n");
  assertEquals(run.lines(), [
    "-- not linked to bo any more, and not dialling it",
    "-- several people called cem are linked: give a key or an address, as /peers and /whois show",
    "-- no link zoe",
  ]);
  await run.stop();
});

Deno.test("LineMode says once where it listens", async () => {
  const run = await running({}, terminal);
  run.lines();
  const addresses = "127.0.0.1:80";
  run.chat.notify({ type: "notice", room: null, code: "listening", addresses });
  run.chat.notify({ type: "notice", room: null, code: "not-listening" });
  await run.type("/listen 80\n");
  assertEquals(run.lines(), ["-- listening on 127.0.0.1:80"]);
  await run.stop();
});

Deno.test("LineMode tells what happens to links, people and posts", async () => {
  const run = await running({}, terminal);
  run.lines();
  const bo = { peer: peerId("b"), name: "bo", address: "1.2.3.4:5" };
  run.chat.notify(
    { type: "notice", room: null, code: "waiting", port: "9797" },
    { type: "peer", event: "up", ...bo, direction: "out", reason: null },
    { type: "peer", event: "down", ...bo, direction: "out", reason: "duplicate" },
    { type: "peer", event: "down", ...bo, direction: "out", reason: "leaving" },
    { type: "peer", event: "up", ...bo, direction: "in", reason: null },
    { type: "peer", event: "down", ...bo, direction: "in", reason: "dead" },
    { type: "presence", event: "leave", room: "lobby", from: peerId("b"), name: "bo" },
    { type: "renamed", room: "lobby", from: peerId("b"), before: "bo", name: "bob" },
    { type: "withdrawn", room: "lobby", from: peerId("b"), id: postId(1) },
    { type: "progress", room: "lobby", fetched: 1, total: 5 },
    { type: "progress", room: "lobby", fetched: 5, total: 5 },
    { type: "receipt", room: "lobby", id: postId(1), have: 1, members: 1 },
    { type: "message", post: post({ text: "x", clockAhead: true }) },
    {
      type: "message",
      post: post({ text: "y", clockAhead: true, time: { ms: noonMs, counter: 1 } }),
    },
  );
  await settle();
  assertEquals(run.lines(), [
    "-- waiting for somebody on port 9797",
    "-- linked to bo (1.2.3.4:5)",
    "-- linked from bo (1.2.3.4:5)",
    "-- the link to bo (1.2.3.4:5) ended: no sign of life",
    "-- bo is gone (#lobby)",
    "-- bo is now bob",
    "-- bob took back a post in #lobby",
    "-- fetching history of #lobby: 1 of 5",
    "-- 5 older posts of #lobby came in",
    "12:41\tlobby\tbo\tx",
    "-- the clock of bo is ahead: the times of these lines are wrong",
    "12:41\tlobby\tbo\ty",
  ]);
  await run.stop();
});

Deno.test("LineMode: whoever comes and goes under one key after the other fills no screen", async () => {
  const { linkLinesMax, peopleLinesMax } = screenLimits;
  const run = await running({}, terminal);
  run.lines();
  const key = (i: number) => peerId(i.toString(16).padStart(4, "0"));
  const told = async (notices: readonly Notice[]) => {
    run.chat.notify(...notices);
    await settle();
    return run.lines().length;
  };
  const many = Array.from({ length: 400 }, (_, i) => i);
  const link = { type: "peer", event: "up", address: "1.2.3.4:5", reason: null } as const;
  const links = (direction: "in" | "out") =>
    many.map((i) => ({ ...link, direction, peer: key(i), name: `n${i}` }));
  assertEquals(await told(links("in")), linkLinesMax);
  assertEquals(await told(links("out").slice(0, 50)), 50, "what we dial is told");
  const person = { room: "lobby", event: "join" } as const;
  const came = many.map((i) => ({
    ...{ type: "presence", ...person } as const,
    from: key(i),
    name: `n${i}`,
  }));
  assertEquals(await told(came), peopleLinesMax);
  const renamed = { type: "renamed", room: "lobby", from: key(1), before: "a", name: "b" } as const;
  assertEquals(await told(new Array<Notice>(50).fill(renamed)), 0);
  assertEquals(await told([{ type: "message", post: post({ text: "hello" }) }]), 1);
  await run.stop();
});

Deno.test("LineMode tells why a text was refused by the disk", async () => {
  const run = await running({}, terminal);
  run.lines();
  run.chat.nextRefusal = new ChatError("disk-full", "the disk is full");
  await run.type("hello\n");
  assertEquals(run.lines(), ["-- not sent: the disk is full"]);
  await run.stop();
});

Deno.test("line mode shows what this person says on the page, and not what was typed here", async () => {
  const line = await running({}, { in: true, out: true });
  line.lines();
  await line.type("typed\n", "/me waves\n");
  line.chat.notify({
    type: "message",
    post: post({ text: "from the page", from: line.chat.me, name: "ann", origin: "own" }),
  });
  await settle();
  assertEquals(line.lines().filter((each) => each.includes("\t")), [
    "12:41\tlobby\tann\tfrom the page",
  ]);
  assertEquals(await line.stop(), 0);
});

Deno.test("line mode writes into the room that was opened on the page, if it has none", async () => {
  const line = await running({ rooms: [] }, { in: true, out: true }, (chat) => chat.open.pop());
  await line.type("too early\n");
  line.chat.open.push("dev");
  line.chat.notify({ type: "room", event: "open", room: "dev" });
  await line.type("now\n");
  assertEquals(line.chat.calls.filter(([method]) => method === "say").map(([, room]) => room), [
    "dev",
  ]);
  assertEquals(await line.stop(), 0);
});

Deno.test("LineMode tells how far a long history has come in, in tenths", async () => {
  const run = await running({}, terminal);
  run.lines();
  for (const fetched of [40, 60, 120, 1_000]) {
    run.chat.notify({ type: "progress", room: "lobby", fetched, total: 1_000 });
  }
  await settle();
  assertEquals(run.lines().map((line) => line.replace(/^.*?-- /, "")), [
    "fetching history of #lobby: 40 of 1,000",
    "fetching history of #lobby: 120 of 1,000",
    "1000 older posts of #lobby came in",
  ]);
  await run.stop();
});

Deno.test("LineMode marks as read what stood there when a person types, and nothing for a script", async () => {
  const run = await running({}, terminal, (chat) => {
    chat.history.set("lobby", [post({ id: postId(1), text: "old" })]);
  });
  run.chat.notify({ type: "message", post: post({ id: postId(3), text: "new" }) });
  await settle();
  assertEquals(run.chat.readUpTo.get("lobby"), undefined);
  await run.type("hello\n");
  assertEquals(run.chat.readUpTo.get("lobby"), postId(3));
  await run.stop();
  const script = await running({});
  script.chat.notify({ type: "message", post: post({ text: "new" }) });
  await script.type("hello\n");
  assertEquals(script.chat.readUpTo.size, 0);
  await script.stop();
});
