import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { PeerState } from "../../peer/listing.ts";
import type { NetReport, RoomNet } from "../../peer/net_report.ts";
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
async function answer(
  line: string,
  prepare: (chat: FakeChat) => void,
  width: number | null = null,
): Promise<string[]> {
  const run = await running({}, terminal, (chat, device) => {
    device.width = width;
    prepare(chat);
  });
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
  assertEquals(
    lines,
    [
      "name     address    link            for    round trip  queued  last failure",
      "bo·bbbb  1.2.3.4:5  by you          3 min  3 ms",
      "cem      1.2.3.4:5  by them         3 min              12 KiB",
      "·dddd    1.2.3.4:5  by you          25 h   under 1 ms  1 byte",
      "bo·eeee  1.2.3.4:5  by you          3 min  3 ms                it was cut",
      "         1.2.3.4:5  dialling                                   no answer",
      "bo·bbbb  1.2.3.4:5  dialling",
      "         1.2.3.4:5  tries in 5 s                               unknown host",
      "cem      1.2.3.4:5  tries in 5 min                             no sign of life",
    ],
  );
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
    "room    neighbours  at once  told first  reserve  new posts  copies",
    "#alone  0           0        0           0        0          0",
    "#spare  0           0        0           2        0          3",
    "#lobby  5           3        2           1        200        25 (13%)",
    "~ab     1           1        0           0        1000       1 (under 1%)",
    "#bad    1           0        0           0        0          0",
    "#alone: no neighbours, what you say waits here until somebody comes",
    "#spare: no neighbours, what you say waits here until somebody comes",
    "#bad: dropped 1 with a wrong signature; " +
    "2 too many at once from one author (history brings them later); " +
    "3 with too many gaps before them (history brings them later); " +
    "4 that nobody had asked for; 5 because the disk cannot be written; " +
    "6 made by a newer version: update Starling",
  ]);
});

Deno.test("/peers lines its columns up below Chinese heads and names, and leaves empty ones out", async () => {
  const lines = await answer("/lang zh\n/peers", (chat) => {
    chat.links.push(
      link({ name: "小明", rttMs: null }),
      link({ peer: peerId("c"), name: "cem", rttMs: null }),
    );
  });
  assertEquals(lines.slice(1), [
    "名字  地址       连接    已连",
    "小明  1.2.3.4:5  你发起  3 分钟",
    "cem   1.2.3.4:5  你发起  3 分钟",
  ]);
});

/** Links of whom one has a wide name, one no name and one a long address. */
function threeLinks(chat: FakeChat): void {
  chat.links.push(
    link({ name: "小明", rttMs: 0.2 }),
    link({ peer: peerId("c"), name: "cem", address: "[2001:db8:1:2:3:4:5:6]:9797" }),
    link({
      peer: null,
      name: "",
      state: "waiting",
      rttMs: null,
      ageMs: null,
      lastError: "unknown host",
      nextTryMs: 5_000,
    }),
  );
}

Deno.test("/peers takes lines about each link where the terminal is too narrow for a table", async () => {
  const narrow = [
    "小明  1.2.3.4:5",
    "  link by you, for 3 min",
    "  round trip under 1 ms",
    "cem  [2001:db8:1:2:3:4:5:6]:9797",
    "  link by you, for 3 min",
    "  round trip 3 ms",
    "1.2.3.4:5",
    "  link tries in 5 s",
    "  last failure unknown host",
  ];
  assertEquals(await answer("/peers", threeLinks, 35), narrow);
  const table = await answer("/peers", threeLinks);
  assertEquals(table.length, 4);
  const { default: widthOf } = await import("string-width");
  const needed = Math.max(...table.map((line) => widthOf(line))) + "-- ".length;
  assertEquals(await answer("/peers", threeLinks, needed), table);
  for (let width = 40; width < needed; width++) {
    const lines = await answer("/peers", threeLinks, width);
    assertEquals(lines.filter((line) => !line.startsWith(" ")).length, 3, lines.join("\n"));
    for (const line of lines) assert(widthOf(`-- ${line}`) <= width, `${width}: ${line}`);
  }
  assertEquals((await answer("/lang zh\n/peers", threeLinks, 33)).slice(1, 4), [
    "小明  1.2.3.4:5",
    "  连接 你发起，已连 3 分钟",
    "  往返 不到 1 毫秒",
  ]);
});

Deno.test("/net takes lines about each room where the terminal is too narrow for a table", async () => {
  const rooms = [
    room({ room: "会议室", neighbours: 1, eager: 1 }),
    room({ neighbours: 5, eager: 3, lazy: 2, passive: 1, fresh: 200, copies: 25 }),
  ];
  const lines = await answer("/net", (chat) => void (chat.report = { ...chat.report, rooms }), 50);
  assertEquals(lines.slice(-6), [
    "#会议室",
    "  neighbours 1, at once 1, told first 0",
    "  reserve 0, new posts 0, copies 0",
    "#lobby",
    "  neighbours 5, at once 3, told first 2",
    "  reserve 1, new posts 200, copies 25 (13%)",
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
  assertEquals(lines.length, 10);
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
    "name  address    link    for    round trip  queued",
    "bo    1.2.3.4:5  by you  3 min  3 ms        7 bytes",
  ]);
  assertEquals(data[1].lines, [
    "1 link: 1 opened by others, 0 opened by you",
    "others can reach you: somebody from outside has dialled you",
    "nobody is banned",
  ]);
  const { ageMs: _age, queuedBytes: _queued, ...promised } = link({ rttMs: 3 });
  assertEquals(data[2], [promised]);
  const bo = { from: peerId("b"), name: "bo", self: false, away: null, seenMsAgo: 90_000 };
  assertEquals(data[3], [bo]);
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
