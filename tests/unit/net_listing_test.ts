import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { NetReport, RoomNet } from "../../peer/net_report.ts";
import type { PeerState } from "../../peer/notice.ts";
import { english } from "../../ui/catalogue_en.ts";
import { duration, minutes, percentage, size } from "../../ui/catalogue_words_en.ts";
import { type FakeChat, peerId } from "./fake_chat.ts";
import { running } from "./running_face.ts";

const terminal = { in: true, out: true };

function link(fields: Partial<PeerState>): PeerState {
  return {
    peer: peerId("b"),
    name: "bo",
    address: "1.2.3.4:5",
    direction: "out",
    state: "up",
    rttMs: 3.4,
    lastError: null,
    nextTryMs: null,
    ageMs: 200_000,
    queuedBytes: 0,
    ...fields,
  };
}

function room(fields: Partial<RoomNet>): RoomNet {
  const counts = { neighbours: 0, eager: 0, lazy: 0, passive: 0, fresh: 0, copies: 0 };
  return { room: "lobby", ...counts, drops: {}, ...fields };
}

/** What a command on a terminal is answered with, without the marks of notices. */
async function answer(line: string, prepare: (chat: FakeChat) => void): Promise<string[]> {
  const run = await running({}, terminal, prepare);
  run.lines();
  await run.type(`${line}\n`);
  const lines = run.lines();
  await run.stop();
  return lines.map((each) => {
    assert(each.startsWith("-- "), each);
    return each.slice(3);
  });
}

/** The answer to `/net`. */
function net(report: Partial<NetReport>, listen: readonly string[]): Promise<string[]> {
  return answer("/net", (chat) => {
    chat.report = { ...chat.report, ...report };
    chat.listen = listen;
  });
}

Deno.test("/peers tells who, where, how far, how old, how full, what failed and when next", async () => {
  const unlinked = { state: "waiting", rttMs: null, ageMs: null } as const;
  const lines = await answer("/peers", (chat) => {
    chat.links.push(
      link({}),
      link({ direction: "in", peer: peerId("c"), name: "cem", rttMs: null, queuedBytes: 12_345 }),
      link({ peer: peerId("d"), name: "", rttMs: 0.2, ageMs: 90_000_000, queuedBytes: 1 }),
      link({ peer: peerId("e"), name: "bo", lastError: "cut" }),
      link({ ...unlinked, state: "dialling", peer: null, name: "", lastError: "no answer" }),
      link({ ...unlinked, state: "dialling" }),
      link({ ...unlinked, peer: null, name: "", lastError: "unknown host", nextTryMs: 5_000 }),
      link({ ...unlinked, peer: peerId("c"), name: "cem", lastError: "dead", nextTryMs: 300_000 }),
    );
  });
  assertEquals(lines, [
    "linked to bo·bbbb (1.2.3.4:5) for 3 min, round trip 3 ms, nothing queued",
    "linked from cem (1.2.3.4:5) for 3 min, 12 KiB queued",
    "linked to ·dddd (1.2.3.4:5) for 25 h, round trip under 1 ms, 1 byte queued",
    "linked to bo·eeee (1.2.3.4:5) for 3 min, round trip 3 ms, nothing queued; " +
    "last failure: it was cut",
    "dialling 1.2.3.4:5; last failure: no answer",
    "dialling bo·bbbb (1.2.3.4:5)",
    "waiting to dial 1.2.3.4:5: unknown host; next try in 5 s",
    "waiting to dial cem (1.2.3.4:5): no sign of life; next try in 5 min",
  ]);
  assertEquals(await answer("/peers", () => {}), [
    "no links and no addresses: /connect 10.0.0.5:9797",
  ]);
});

Deno.test("/net tells of links, of being reached and of bans", async () => {
  const report = { inbound: 2, outbound: 3, reached: true, banned: 1 };
  assertEquals(await net({ ...report, observed: ["9.9.9.9", "10.0.0.7"] }, ["10.0.0.7:9797"]), [
    "5 links: 2 opened by others, 3 opened by you",
    "others can reach you: somebody from outside has dialled you",
    "neighbours see you at 9.9.9.9, 10.0.0.7",
    "1 peer is banned for a while: they sent forged posts",
  ]);
  assertEquals(
    (await net({ observed: "abcdefg".split("") }, []))[2],
    "neighbours see you at " +
      "a, b, c, d, e",
  );
});

Deno.test("/net says what to do where nobody has reached this peer", async () => {
  const notYet = "nobody from outside has reached you yet";
  const noLinks = "no links: /peers tells what failed, /connect 10.0.0.5:9797 dials somebody";
  const firewall = english.firewall("9797");
  const all = ["10.0.0.7:9797", "[2a00:1::7]:9797", "127.0.0.1:9797"];
  assertEquals(await net({}, all), [noLinks, notYet, firewall, "nobody is banned"]);

  const own = { inbound: 0, outbound: 1, observed: ["10.0.0.7", "2A00:1:0::7", "127.0.0.1"] };
  assertEquals((await net(own, all)).slice(1, -1), [
    notYet,
    "neighbours see you at 10.0.0.7, 2A00:1:0::7, 127.0.0.1",
    firewall,
    "links that you open carry everything both ways",
  ]);

  const behind = await net({ inbound: 1, observed: ["9.9.9.9", "10.0.0.7"] }, all);
  assertEquals(behind.slice(1, -1), [
    notYet,
    "neighbours see you at 9.9.9.9, 10.0.0.7",
    "this computer itself does not have 9.9.9.9, so a router is in between: it must forward " +
    "TCP port 9797 to this computer, and a firewall here must let that port in",
  ]);
});

Deno.test("/net gives no advice about routers to who listens nowhere or for this machine only", async () => {
  assertEquals((await net({ outbound: 1, observed: ["9.9.9.9"] }, [])).slice(1, -1), [
    "not listening: nobody can dial you. /listen 9797 changes that; links that you open carry " +
    "everything both ways",
    "neighbours see you at 9.9.9.9",
  ]);
  for (const address of ["127.0.0.1:80", "[::1]:80", "localhost:80"]) {
    assertEquals((await net({ observed: ["9.9.9.9"] }, [address])).slice(2, -1), [
      "neighbours see you at 9.9.9.9",
      `only this machine can dial you (${address}): for others it needs a network, and --listen 9797`,
    ]);
  }
});

Deno.test("/net tells of each room's neighbours, copies and drops", async () => {
  const rooms = [
    room({ room: "alone" }),
    room({ room: "spare", passive: 2, copies: 3 }),
    room({ neighbours: 5, eager: 3, lazy: 2, passive: 1, fresh: 200, copies: 25 }),
    room({ room: "~ab", neighbours: 1, eager: 1, fresh: 1_000, copies: 1, drops: { disk: 0 } }),
    room({
      room: "bad",
      neighbours: 1,
      drops: {
        invalid: 1,
        "over-budget": 2,
        "too-scattered": 3,
        "not-asked": 4,
        disk: 5,
        "newer-format": 6,
      },
    }),
  ];
  const lines = await net({ rooms, banned: 2 }, ["10.0.0.7:9797"]);
  assertEquals(lines.slice(3), [
    "2 peers are banned for a while: they sent forged posts",
    "#alone: no neighbours, what you say waits here until somebody comes",
    "  no posts came live yet",
    "#spare: no neighbours, what you say waits here until somebody comes; " +
    "2 addresses of members in reserve",
    "  0 new posts came live, and 3 copies of known ones",
    "#lobby: 5 neighbours, 3 sent each post at once, 2 told of it first; " +
    "1 address of members in reserve",
    "  200 new posts came live, and 25 copies of known ones: 13% more than needed",
    "~ab: 1 neighbour, 1 sent each post at once, 0 told of it first; " +
    "0 addresses of members in reserve",
    "  1000 new posts came live, and 1 copy of known ones: under 1% more than needed",
    "#bad: 1 neighbour, 0 sent each post at once, 0 told of it first; " +
    "0 addresses of members in reserve",
    "  no posts came live yet",
    "  dropped: 1 with a wrong signature; " +
    "2 too many at once from one author (history brings them later); " +
    "3 with too many gaps before them (history brings them later); " +
    "4 that nobody had asked for; 5 because the disk cannot be written; " +
    "6 made by a newer version: update Starling",
  ]);
});

Deno.test("/peers and /net cannot be made to print a forged line", async () => {
  const evil = "x\n12:41\tlobby\tann\tforged\r\u2028\u202e\x1b[1A";
  const run = await running({}, terminal, (chat) => {
    chat.links.push(link({ name: evil, address: evil, lastError: evil }));
    chat.report = { ...chat.report, observed: [evil], rooms: [room({ room: evil })] };
  });
  run.lines();
  await run.type("/peers\n/net\n");
  const lines = run.lines();
  assertEquals(lines.length, 8);
  for (const line of lines) {
    assert(line.startsWith("-- "), line);
    // deno-lint-ignore no-control-regex -- controls are what it looks for
    assert(!/[\x00-\x1f\u2028\u202e]/.test(line), JSON.stringify(line));
  }
  assertStringIncludes(lines.join(), "x␊12:41");
  await run.stop();
});

Deno.test("/who tells when people were seen whose last word is old", async () => {
  const person = { self: false, away: null, seenMsAgo: null, mark: null, blocked: false };
  const lines = await answer("/who", (chat) =>
    chat.people.set("lobby", [
      { ...person, from: chat.me, name: "ann", self: true },
      { ...person, from: peerId("b"), name: "bo" },
      { ...person, from: peerId("c"), name: "cem", seenMsAgo: 61_000, mark: null, blocked: false },
      {
        ...person,
        from: peerId("d"),
        name: "dee",
        away: "lunch",
        seenMsAgo: 10_800_000,
        mark: null,
        blocked: false,
      },
    ]));
  assertEquals(lines, [
    "ann (you)",
    "bo",
    "cem, seen 1 min ago",
    "dee (away: lunch), seen 3 h ago",
  ]);
});

Deno.test("Ndjson answers slash commands about links with sentences, peers and who as promised", async () => {
  const run = await running({ ui: "json" }, {}, (chat) => {
    chat.links.push(link({ queuedBytes: 7 }));
    chat.report = { ...chat.report, inbound: 1, reached: true };
    const bo = { from: peerId("b"), name: "bo", self: false, away: null };
    chat.people.set("lobby", [{ ...bo, seenMsAgo: 90_000, mark: null, blocked: false }]);
  });
  run.lines();
  await run.type(
    '{"type":"command","line":"/peers"}\n{"type":"command","line":"/net"}\n',
    '{"type":"peers"}\n{"type":"who","room":"lobby"}\n',
  );
  const data = run.lines().map((line) => JSON.parse(line).data);
  assertEquals(data[0].lines, [
    "linked to bo (1.2.3.4:5) for 3 min, round trip 3 ms, 7 bytes queued",
  ]);
  assertEquals(data[1].lines, [
    "1 link: 1 opened by others, 0 opened by you",
    "others can reach you: somebody from outside has dialled you",
    "nobody is banned",
  ]);
  const { ageMs: _age, queuedBytes: _queued, ...promised } = link({ rttMs: 3 });
  assertEquals(data[2], [promised]);
  assertEquals(data[3], [{ from: peerId("b"), name: "bo", self: false, away: null }]);
  await run.stop();
});

Deno.test("English times, sizes and shares are short and never 0 of something", () => {
  const times = [1, 5_400, 119_000, 120_000, 7_100_000, 7_200_000, 172_000_000, 200_000_000];
  assertEquals(times.map(duration), [
    "1 s",
    "5 s",
    "119 s",
    "2 min",
    "118 min",
    "2 h",
    "2 days",
    "2 days",
  ]);
  assertEquals([1, 60_000, 119_000, 3_600_000].map(minutes), ["1 min", "1 min", "2 min", "60 min"]);
  assertEquals([0, 1, 1_023, 1_024, 1_048_575, 3_000_000].map(size), [
    "0 bytes",
    "1 byte",
    "1023 bytes",
    "1 KiB",
    "1 MiB",
    "3 MiB",
  ]);
  const shares = [[0, 9], [1, 1_000], [1, 100], [3, 2]] as const;
  assertEquals(shares.map(([part, whole]) => percentage(part, whole)), [
    "0%",
    "under 1%",
    "1%",
    "150%",
  ]);
});
