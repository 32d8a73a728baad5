/** How far addresses reach, and which of them are taken in over which link. */

import { assert, assertEquals } from "@std/assert";
import { holdingOf, mayLearn, scopeOf } from "../../discovery/scope.ts";

Deno.test("scopeOf tells loopback, link-local, private, public and names apart, and nowhere", () => {
  const table: [ReturnType<typeof scopeOf>, ...string[]][] = [
    ["loopback", "127.0.0.1", "127.255.255.254", "::1"],
    ["link-local", "169.254.1.1", "fe80::1", "febf::1"],
    ["private", "10.0.0.5", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1"],
    ["private", "100.127.255.255", "198.18.0.1", "198.19.255.255", "fc00::1", "fdff::1"],
    ["public", "8.8.8.8", "172.15.0.1", "172.32.0.1", "192.167.1.1", "100.63.0.1", "100.128.0.1"],
    ["public", "1.0.0.1", "169.253.1.1", "223.255.255.255", "198.17.0.1", "198.20.0.1"],
    ["public", "192.0.1.1", "192.0.3.1", "198.51.99.1", "203.0.112.1", "192.88.98.1"],
    ["public", "2001:470::1", "2001:200::1", "2a00::1", "3fff:1000::1", "2003::1"],
    ["name", "localhost", "host.lan", "3com", "a_b", "xn--bcher-kva.example."],
    [null, "0.0.0.0", "0.1.2.3", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"],
    [null, "192.0.0.1", "192.0.2.1", "198.51.100.1", "203.0.113.1", "192.88.99.1"],
    [null, "::", "ff02::1", "4000::1", "64:ff9b::1", "fec0::1", "100::1", "::7f00:1"],
    [null, "2001:db8::1", "3fff::1", "2001::1", "2001:10::1", "2002:7f00:1::"],
    [null, "", "1.2.3", "1.2.3.4.5", "256.0.0.1", "..."],
  ];
  for (const [scope, ...hosts] of table) {
    for (const host of hosts) assertEquals(scopeOf(host), scope, host);
  }
});

Deno.test("holdingOf takes the addresses of one /64 together, and no others", () => {
  const same = ["2a01:4f8:1:2::1", "2a01:4f8:1:2:ffff:ffff:ffff:ffff", "2a01:4f8:1:2:3:4:5:6"];
  assertEquals(new Set(same.map(holdingOf)), new Set(["2a01:4f8:1:2::/64"]));
  assertEquals(["2a01::1", "2a01::", "2a01:0:0:0:9::1"].map((host) => holdingOf(host)), [
    "2a01:0:0:0::/64",
    "2a01:0:0:0::/64",
    "2a01:0:0:0::/64",
  ]);
  const apart = [
    "2a01:4f8:1:3::1",
    "8.8.8.8",
    "10.0.0.5",
    "::1",
    "fe80::1",
    "fd00::1",
    "a.example",
  ];
  assertEquals(apart.slice(1).map(holdingOf), apart.slice(1));
  assertEquals(holdingOf(apart[0]!), "2a01:4f8:1:3::/64");
});

const links = {
  loopback: ["127.0.0.1:40000", "[::1]:9797", "localhost:9797"],
  "link-local": ["169.254.7.7:40000", "[fe80::1]:40000"],
  private: ["10.0.0.7:40000", "192.168.1.9:1", "100.64.0.1:1", "198.18.0.1:1", "[fd00::1]:40000"],
  public: ["8.8.8.8:40000", "[2a00::1]:40000"],
  unknown: ["friend.example:9797", "", "?", "10.0.0.7", "[fe80::1%eth0]:1"],
};
const learnable: readonly [address: string, ...from: (keyof typeof links)[]][] = [
  ["127.0.0.1:9797", "loopback"],
  ["[::1]:9797", "loopback"],
  ["169.254.1.1:9797", "loopback", "link-local", "private"],
  ["[fe80::2]:9797", "loopback", "link-local", "private"],
  ["10.0.0.5:9797", "loopback", "link-local", "private"],
  ["[fd00::5]:9797", "loopback", "link-local", "private"],
  ["9.9.9.9:9797", "loopback", "link-local", "private", "public", "unknown"],
  ["[2a00::5]:9797", "loopback", "link-local", "private", "public", "unknown"],
];

Deno.test("mayLearn takes an address over the links that reach as far, and over no other", () => {
  for (const [address, ...from] of learnable) {
    for (const [kind, addresses] of Object.entries(links)) {
      const may = from.includes(kind as keyof typeof links);
      for (const link of addresses) {
        assertEquals(mayLearn(address, link), may, `${address} over ${link}`);
      }
    }
  }
});

Deno.test("mayLearn never takes names, nowhere, port 0, other spellings or nonsense", () => {
  const never = [
    "localhost:9797",
    "printer.lan:80",
    "0.0.0.0:9797",
    "[::]:9797",
    "224.0.0.251:5353",
    "[ff02::fb]:5353",
    "255.255.255.255:9797",
    "192.0.2.1:9797",
    "[2001:db8::1]:9797",
    "10.0.0.5:0",
    "10.0.0.5:65536",
    "10.0.0.5:0080",
    "10.0.0.5",
    "[::ffff:10.0.0.5]:9797",
    "[::ffff:7f00:1]:9797",
    "[FD00::5]:9797",
    "[fd00:0::5]:9797",
    "010.0.0.5:9797",
    "2130706433:80",
    "0x7f000001:80",
    "",
    "\u001b[31m",
  ];
  for (const address of never) {
    for (const link of Object.values(links).flat()) {
      assert(!mayLearn(address, link), `${address} over ${link}`);
    }
  }
});
