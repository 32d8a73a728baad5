/** Addresses: every form that people type, and their one spelling. */

import { assert, assertEquals, assertLess, assertMatch, assertThrows } from "@std/assert";
import { formatAddress, normalHost, parseAddress } from "../../discovery/address.ts";
import { scopeOf } from "../../discovery/scope.ts";
import { processorMs } from "../processor_ms.ts";
import { randomBelow, seededRng } from "../rng.ts";

Deno.test("parseAddress reads every form, and formatAddress writes it in one spelling", () => {
  const table: [typed: string, host: string, port: number, written: string][] = [
    ["10.0.0.5:9797", "10.0.0.5", 9797, "10.0.0.5:9797"],
    ["0.0.0.0:1", "0.0.0.0", 1, "0.0.0.0:1"],
    ["255.255.255.255:65535", "255.255.255.255", 65_535, "255.255.255.255:65535"],
    ["10.0.0.5:00080", "10.0.0.5", 80, "10.0.0.5:80"],
    ["localhost:9797", "localhost", 9797, "localhost:9797"],
    ["Host.LAN:9797", "host.lan", 9797, "host.lan:9797"],
    ["host.lan.:9797", "host.lan.", 9797, "host.lan.:9797"],
    ["my_host-2:9797", "my_host-2", 9797, "my_host-2:9797"],
    ["3com:9797", "3com", 9797, "3com:9797"],
    ["xn--bcher-kva.example:1", "xn--bcher-kva.example", 1, "xn--bcher-kva.example:1"],
    ["[::1]:9797", "::1", 9797, "[::1]:9797"],
    ["[::]:9797", "::", 9797, "[::]:9797"],
    ["[2001:DB8::1]:9797", "2001:db8::1", 9797, "[2001:db8::1]:9797"],
    ["[2001:0db8:0000:0000:0000:0000:0000:0001]:9797", "2001:db8::1", 9797, "[2001:db8::1]:9797"],
    ["[2001:db8:0:0:1:0:0:1]:1", "2001:db8::1:0:0:1", 1, "[2001:db8::1:0:0:1]:1"],
    ["[1:2:3:4:5:6:7:8]:1", "1:2:3:4:5:6:7:8", 1, "[1:2:3:4:5:6:7:8]:1"],
    ["[::ffff:10.0.0.5]:9797", "10.0.0.5", 9797, "10.0.0.5:9797"],
    ["[::FFFF:0a00:0005]:9797", "10.0.0.5", 9797, "10.0.0.5:9797"],
    ["[0:0:0:0:0:ffff:7f00:1]:9797", "127.0.0.1", 9797, "127.0.0.1:9797"],
    ["[64:ff9b::10.0.0.5]:1", "64:ff9b::a00:5", 1, "[64:ff9b::a00:5]:1"],
    ["[fe80::1]:1", "fe80::1", 1, "[fe80::1]:1"],
  ];
  for (const [typed, host, port, written] of table) {
    assertEquals(parseAddress(typed), { host, port }, typed);
    assertEquals(formatAddress({ host, port }), written);
    assertEquals(formatAddress(parseAddress(written)), written);
  }
});

Deno.test("parseAddress refuses everything else in one line that says why", () => {
  const table: [typed: string, why: string][] = [
    ["", "a port is missing"],
    ["10.0.0.5", "a port is missing"],
    ["localhost", "a port is missing"],
    ["[::1]", "needs brackets and a port"],
    [":9797", "a host is missing"],
    ["10.0.0.5:", 'the port "" is not'],
    ["10.0.0.5:0", 'the port "0" is not'],
    ["10.0.0.5:65536", 'the port "65536" is not'],
    ["10.0.0.5:-1", 'the port "-1" is not'],
    ["10.0.0.5:+80", 'the port "+80" is not'],
    ["10.0.0.5: 80", 'the port " 80" is not'],
    ["10.0.0.5:80 ", 'the port "80 " is not'],
    ["10.0.0.5:0x50", 'the port "0x50" is not'],
    ["10.0.0.5:1e3", 'the port "1e3" is not'],
    ["10.0.0.5:９７９７", "is not a number"],
    ["10.0.0.5:http", 'the port "http" is not'],
    ["10.0.0.5:100000", 'the port "100000" is not'],
    ["10.0.0:80", "is no IPv4 address"],
    ["10.0.0.0.5:80", "is no IPv4 address"],
    ["10.0.0.256:80", "is no IPv4 address"],
    ["10.0.0.05:80", "is no IPv4 address"],
    ["2130706433:80", "is no IPv4 address"],
    ["...:80", "is no IPv4 address"],
    ["::1:9797", "needs brackets and a port"],
    ["2001:db8::1", "needs brackets and a port"],
    ["http://10.0.0.5:80", "needs brackets and a port"],
    ["a:b:c", "needs brackets and a port"],
    ["[]:80", "is no IPv6 address"],
    ["[10.0.0.5]:80", "is no IPv6 address"],
    ["[localhost]:80", "is no IPv6 address"],
    ["[::g]:80", "is no IPv6 address"],
    ["[1:2:3:4:5:6:7:8:9]:80", "is no IPv6 address"],
    ["[1::2::3]:80", "is no IPv6 address"],
    ["[::12345]:80", "is no IPv6 address"],
    ["[fe80::1%eth0]:80", "is no IPv6 address"],
    ["[::1.2.3.4.5]:80", "is no IPv6 address"],
    ["[::1@evil]:80", "is no IPv6 address"],
    ["[::1", "needs brackets and a port"],
    ["::1]:80", "needs brackets and a port"],
    ["host name:80", "is no host name"],
    ["user@host:80", "is no host name"],
    ["host/path:80", "is no host name"],
    ["a..b:80", "is no host name"],
    [".a:80", "is no host name"],
    ["bücher.example:80", "is no host name"],
    ["host\n:80", "is no host name"],
    ["host\0:80", "is no host name"],
    ["\u001b[31m:80", "a port is missing"],
    [`${"x".repeat(254)}:80`, "is no host name"],
  ];
  for (const [typed, why] of table) {
    const { message } = assertThrows(() => parseAddress(typed), RangeError, why, typed);
    assertMatch(message, /^Cannot dial ".*": .*, as in 10\.0\.0\.5:9797$/);
    assert(!message.includes("\n") && !message.includes("\u001b") && !message.includes("\0"));
  }
});

Deno.test("parseAddress shows long input shortened, in whichever part it stands", () => {
  const long = "x".repeat(100_000);
  for (const typed of [long, `${long}:80`, `[${long}]:80`, `host:${long}`, `${long}:${long}:1`]) {
    const { message } = assertThrows(() => parseAddress(typed), RangeError);
    assertLess(message.length, 400);
  }
});

Deno.test("parseAddress takes no time to speak of for hostile input", () => {
  const units = ["a", ".", "a.", "1.", ":", "::", "[", "]", "[]", "[:]:", "-", "a-", "\ud800", " "];
  const started = processorMs();
  for (const unit of units) {
    const long = unit.repeat(100_000);
    for (const typed of [long, `${long}!:1`, `[${long}]:1`, `${long}:1`, `h:${long}`]) {
      assertThrows(() => parseAddress(typed), RangeError);
    }
    normalHost(`${long}%${long}`);
    scopeOf(long);
  }
  assertLess(processorMs() - started, 2_000);
});

Deno.test("parseAddress throws nothing but a RangeError, and what it takes stays as it is", () => {
  const rng = seededRng(71);
  const parts = [
    "[",
    "]",
    ":",
    "::",
    ".",
    "%",
    "1",
    "ff",
    "10.0.0.5",
    "host",
    "9797",
    "é",
    "@",
    "/",
  ];
  let taken = 0;
  for (let i = 0; i < 30_000; i++) {
    const some = Array.from(
      { length: 1 + randomBelow(rng, 5) },
      () => parts[randomBelow(rng, parts.length)]!,
    ).join("");
    const typed = [some, `${some}:9797`, `[${some}]:9797`][randomBelow(rng, 3)]!;
    try {
      const address = parseAddress(typed);
      taken++;
      assertEquals(parseAddress(formatAddress(address)), address, typed);
    } catch (error) {
      assert(error instanceof RangeError, `${error} for ${typed}`);
    }
  }
  assert(taken > 100, `${taken}`);
});

Deno.test("normalHost brings what the system reports to the same spelling as what is typed", () => {
  const table: [string, string][] = [
    ["::ffff:10.0.0.5", "10.0.0.5"],
    ["::FFFF:7F00:0001", "127.0.0.1"],
    ["fe80::1%eth0", "fe80::1"],
    ["FE80::1%25eth0", "fe80::1"],
    ["0:0:0:0:0:0:0:1", "::1"],
    ["10.0.0.5", "10.0.0.5"],
    ["Host.LAN", "host.lan"],
    ["::nonsense", "::nonsense"],
    ["", ""],
  ];
  for (const [given, host] of table) assertEquals(normalHost(given), host);
});
