import { assert, assertEquals } from "@std/assert";
import { instancesMax, LanBook } from "../../io/finders/lan_book.ts";
import { isNear, type LanInterface, networksOf } from "../../io/finders/networks.ts";

/** Hears an instance at one address. */
function hear(book: LanBook, instance: string, source: string, nowMs = 0, port = 1): void {
  book.hear({ instance, port, hosts: [] }, source, [`${source}:${port}`], nowMs);
}

/** All that is given out at a time. */
function all(book: LanBook, nowMs = 0): string[] {
  const taken: string[] = [];
  for (let next = book.take(nowMs); next !== null; next = book.take(nowMs)) taken.push(next);
  return taken;
}

Deno.test("LanBook: an address is given out once, however often it is heard", () => {
  const book = new LanBook();
  hear(book, "a", "10.0.0.1");
  hear(book, "a", "10.0.0.1", 1_000);
  assertEquals(all(book, 1_000), ["10.0.0.1:1"]);
  hear(book, "a", "10.0.0.1", 2_000);
  assertEquals(all(book, 2_000), []);
  hear(book, "a", "10.0.0.1", 3_000, 2);
  assertEquals(all(book, 3_000), ["10.0.0.1:2"]);
});

Deno.test("LanBook: one instance names at most 4 addresses, whatever it says", () => {
  const book = new LanBook();
  for (let port = 1; port <= 50; port++) hear(book, "a", "10.0.0.1", port, port);
  assertEquals(all(book).length, 4);
});

Deno.test("LanBook: a name belongs to the source that had it first", () => {
  const book = new LanBook();
  hear(book, "a", "10.0.0.1");
  hear(book, "a", "10.0.0.9");
  book.hear({ instance: "a", port: null, hosts: [] }, "10.0.0.9", [], 0);
  assertEquals(all(book), ["10.0.0.1:1"]);
});

Deno.test("LanBook: who leaves is not given out, and frees no place by leaving", () => {
  const book = new LanBook();
  for (let i = 0; i < 1_000; i++) {
    hear(book, `n${i}`, "10.0.0.9", 0, i + 1);
    book.hear({ instance: `n${i}`, port: null, hosts: [] }, "10.0.0.9", [], 0);
  }
  assertEquals([book.size, all(book)], [10, []]);
  book.hear({ instance: "stranger", port: null, hosts: [] }, "10.0.0.8", [], 0);
  assertEquals(book.size, 10);
});

Deno.test("LanBook: 10,000 names of one source take 10 places and hold up nobody", () => {
  const book = new LanBook();
  hear(book, "before", "10.0.0.1");
  for (let i = 0; i < 10_000; i++) hear(book, `n${i}`, "10.0.0.9", 0, i + 1);
  hear(book, "after", "10.0.0.2");
  assertEquals(book.size, 12);
  // Whoever was served least comes first: the friends wait for one forged address at most.
  const first = all(book).slice(0, 3);
  assert(first.includes("10.0.0.1:1") && first.includes("10.0.0.2:1"), `${first}`);
});

Deno.test("LanBook: 10,000 names of many sources take 100 places, and push out no friend", () => {
  const book = new LanBook();
  hear(book, "before", "10.0.0.1");
  for (let i = 0; i < 10_000; i++) hear(book, `n${i}`, `10.0.1.${i % 50}`, 0, i % 60_000 + 1);
  assertEquals(book.size, instancesMax);
  hear(book, "after", "10.0.0.2");
  assertEquals(book.size, instancesMax);
  const given = all(book);
  assert(given.includes("10.0.0.1:1") && given.includes("10.0.0.2:1"));
  assertEquals(given.length, instancesMax);
});

Deno.test("LanBook: as many forged sources as places keep out whoever comes later, no more", () => {
  const book = new LanBook();
  hear(book, "before", "10.0.0.1");
  for (let i = 0; i < 10_000; i++) hear(book, `n${i}`, `10.${i >> 8}.${i & 255}.9`, 0);
  hear(book, "after", "10.0.0.2");
  const given = all(book);
  assertEquals([book.size, given[0], given.includes("10.0.0.2:1")], [100, "10.0.0.1:1", false]);
  // And when they are silent, there is room again.
  hear(book, "after", "10.0.0.2", 5 * 60_000);
  assertEquals([book.size, all(book, 5 * 60_000)], [1, ["10.0.0.2:1"]]);
});

const home: LanInterface[] = [
  { name: "lo", family: "IPv4", address: "127.0.0.1", netmask: "255.0.0.0" },
  { name: "lo", family: "IPv6", address: "::1", netmask: "ffff::" },
  { name: "eth0", family: "IPv4", address: "192.168.1.7", netmask: "255.255.255.0" },
  { name: "eth0", family: "IPv6", address: "fe80::7", netmask: "ffff:ffff:ffff:ffff::" },
  { name: "eth0", family: "IPv6", address: "fd00::7", netmask: "ffff:ffff:ffff:ffff::" },
  { name: "tun0", family: "IPv4", address: "10.8.0.2", netmask: "255.255.255.254" },
];

Deno.test("networksOf() keeps each network's addresses to itself", () => {
  const networks = networksOf(home) ?? [];
  assertEquals(networks.map(({ host, hosts }) => [host, ...hosts]), [
    ["192.168.1.7", "192.168.1.7", "fd00::7"],
    ["10.8.0.2", "10.8.0.2"],
  ]);
  const [wifi, tunnel] = networks;
  const belongs = ["192.168.1.200", "192.168.2.1", "10.8.0.3", "10.8.0.4", "fd00::9", "x", ""];
  assertEquals(belongs.filter((host) => wifi!.contains(host)), ["192.168.1.200"]);
  assertEquals(belongs.filter((host) => tunnel!.contains(host)), ["10.8.0.3"]);
});

Deno.test("networksOf() takes loopback where there is nothing else", () => {
  const [only, ...rest] = networksOf(home.slice(0, 2)) ?? [];
  assertEquals([only?.host, rest], ["127.0.0.1", []]);
  assertEquals(networksOf([]), []);
});

Deno.test("isNear() knows what is worth dialling on a local network", () => {
  const hosts = ["10.0.0.1", "169.254.3.4", "127.0.0.1", "198.18.0.1", "fd00::1"];
  for (const host of hosts) assert(isNear(host), host);
  for (const host of ["8.8.8.8", "224.0.0.251", "0.0.0.0", "2a00::1", "a.local", ""]) {
    assert(!isNear(host), host);
  }
});
