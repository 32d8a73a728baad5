import { assertEquals } from "@std/assert";
import { type Interface, loopbackFirst, reachableAddresses } from "../../io/addresses.ts";

const interfaces: readonly Interface[] = [
  { name: "lo", family: "IPv4", address: "127.0.0.1" },
  { name: "lo", family: "IPv6", address: "::1" },
  { name: "eth1", family: "IPv4", address: "9.9.9.9" },
  { name: "eth0", family: "IPv4", address: "192.168.1.5" },
  { name: "eth0", family: "IPv6", address: "fe80::1" },
  { name: "eth0", family: "IPv6", address: "fd00::2" },
  { name: "eth0", family: "IPv6", address: "2001:470:0:0:0:0:0:7" },
  { name: "docker0", family: "IPv4", address: "172.17.0.1" },
  { name: "br-3f2a", family: "IPv4", address: "172.18.0.1" },
  { name: "veth91", family: "IPv4", address: "10.9.9.9" },
  { name: "tailscale0", family: "IPv4", address: "100.101.102.103" },
  { name: "eth2", family: "IPv4", address: "169.254.7.7" },
  { name: "eth3", family: "IPv4", address: "192.168.1.5" },
];

Deno.test("reachableAddresses puts private IPv4 first and the loopback last", () => {
  assertEquals(reachableAddresses({ host: "::", port: 9797 }, interfaces), [
    "192.168.1.5:9797",
    "100.101.102.103:9797",
    "9.9.9.9:9797",
    "[2001:470::7]:9797",
    "[fd00::2]:9797",
    "127.0.0.1:9797",
  ]);
});

Deno.test("reachableAddresses leaves out IPv6 where only IPv4 is bound", () => {
  assertEquals(reachableAddresses({ host: "0.0.0.0", port: 1 }, interfaces), [
    "192.168.1.5:1",
    "100.101.102.103:1",
    "9.9.9.9:1",
    "127.0.0.1:1",
  ]);
});

Deno.test("reachableAddresses tells only the address that is bound", () => {
  assertEquals(reachableAddresses({ host: "127.0.0.1", port: 1 }, interfaces), ["127.0.0.1:1"]);
  assertEquals(reachableAddresses({ host: "::1", port: 1 }, interfaces), ["[::1]:1"]);
  assertEquals(reachableAddresses({ host: "10.9.9.9", port: 1 }, interfaces), ["10.9.9.9:1"]);
});

Deno.test("reachableAddresses tells the loopback where no interface may be read", () => {
  assertEquals(reachableAddresses({ host: "::", port: 1 }, []), ["127.0.0.1:1"]);
});

Deno.test("loopbackFirst keeps the order of the others", () => {
  assertEquals(loopbackFirst(["10.0.0.1:1", "[2001:470::7]:1", "127.0.0.1:1"]), [
    "127.0.0.1:1",
    "10.0.0.1:1",
    "[2001:470::7]:1",
  ]);
});
