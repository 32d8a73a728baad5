import { assertEquals } from "@std/assert";
import type { DnsRecord, Packet } from "multicast-dns";
import {
  asksFor,
  browseQuestion,
  goodbyeOf,
  instanceName,
  readServices,
  recordsOf,
  service,
} from "../../io/finders/dns_sd.ts";

const label = "0123456789abcdef";
const instance = `${label}.${service}`;
const told = { label, port: 9_797, hosts: ["10.0.0.5", "fd00::5"] };

function response(answers: readonly DnsRecord[], additionals: readonly DnsRecord[] = []): Packet {
  return { type: "response", answers, additionals };
}

function query(questions: readonly DnsRecord[], answers: readonly DnsRecord[] = []): Packet {
  return { type: "query", questions, answers };
}

Deno.test("recordsOf() tells port and addresses, and nothing of the person", () => {
  const { answers, additionals } = recordsOf(told);
  assertEquals(
    [...answers, ...additionals].map(({ name, type, ttl, data }) => [name, type, ttl, data]),
    [
      [service, "PTR", 120, instance],
      ["_services._dns-sd._udp.local", "PTR", 120, service],
      [instance, "SRV", 120, { priority: 0, weight: 0, port: 9_797, target: `${label}.local` }],
      [instance, "TXT", 120, ["txtvers=1"]],
      [`${label}.local`, "A", 120, "10.0.0.5"],
      [`${label}.local`, "AAAA", 120, "fd00::5"],
    ],
  );
});

Deno.test("readServices() reads what recordsOf() makes, in any case and order", () => {
  const { answers, additionals } = recordsOf(told);
  const wanted = [{ instance, port: 9_797, hosts: ["10.0.0.5", "fd00::5"] }];
  assertEquals(readServices(response(answers, additionals)), wanted);
  const all = [...answers, ...additionals].toReversed();
  assertEquals(readServices(response(all)), [{
    ...wanted[0]!,
    hosts: wanted[0]!.hosts.toReversed(),
  }]);
  const loud = all.map((record) => ({ ...record, name: record.name.toUpperCase() }));
  assertEquals(readServices(response([], loud)).length, 1);
});

Deno.test("readServices() reads a goodbye", () => {
  const { answers, additionals } = goodbyeOf(label);
  assertEquals(readServices(response(answers, additionals)), [{ instance, port: null, hosts: [] }]);
});

Deno.test("readServices() leaves out whatever is wrong", () => {
  const pointer = { name: service, type: "PTR", ttl: 120, data: instance };
  const srv = (data: unknown, name = instance) => ({ name, type: "SRV", ttl: 120, data });
  const target = `${label}.local`;
  const wrong: readonly (readonly DnsRecord[])[] = [
    [],
    [pointer],
    [srv({ port: 1, target })],
    [{ ...pointer, data: 7 }, srv({ port: 1, target })],
    [{ ...pointer, data: null }, srv({ port: 1, target })],
    [{ ...pointer, data: `x.local` }, srv({ port: 1, target }, "x.local")],
    [{ ...pointer, name: "_other._tcp.local" }, srv({ port: 1, target })],
    [{ ...pointer, type: "TXT" }, srv({ port: 1, target })],
    ...[0, -1, 65_536, "1", null, NaN].map((port) => [pointer, srv({ port, target })]),
    [pointer, srv({ port: 1 })],
    [pointer, srv(null)],
    [pointer, srv("host:1")],
    [pointer, srv({ port: 1, target }, "other.local")],
  ];
  for (const answers of wrong) assertEquals(readServices(response(answers)), []);
  // A record of a kind that the package does not know has none of the fields.
  assertEquals(readServices({ type: "response", answers: [{} as DnsRecord] }), []);
  assertEquals(readServices({ type: "response" }), []);
});

Deno.test("readServices() takes names of at most 255 bytes, 8 instances and 3 addresses", () => {
  const services = (name: string): DnsRecord[] => [
    { name: service, type: "PTR", ttl: 120, data: `${name}.${service}` },
    { name: `${name}.${service}`, type: "SRV", ttl: 120, data: { port: 1, target: "h.local" } },
  ];
  const heard = (records: DnsRecord[]) => readServices(response(records));
  const most = "x".repeat(255 - service.length - 1);
  assertEquals(heard(services(most)).length, 1);
  assertEquals(heard(services(`${most}x`)).length, 0);
  assertEquals(heard(services("é".repeat(most.length / 2 + 1))).length, 0);
  const many = Array.from({ length: 20 }, (_, i) => services(`n${i}`)).flat();
  assertEquals(heard(many).length, 8);
  const hosts = Array.from({ length: 9 }, (_, i) => (
    { name: "h.local", type: "A", ttl: 120, data: `10.0.0.${i}` }
  ));
  assertEquals(heard([...services("a"), ...hosts])[0]!.hosts, ["10.0.0.0", "10.0.0.1", "10.0.0.2"]);
  const padding = Array.from({ length: 64 }, () => ({ name: "x.local", type: "A", data: "x" }));
  assertEquals(heard([...padding, ...services("a")]), []);
});

Deno.test("asksFor() knows the questions about us", () => {
  const ours: readonly (readonly [name: string, type: string])[] = [
    [service, "PTR"],
    [service, "ANY"],
    [service.toUpperCase(), "PTR"],
    ["_services._dns-sd._udp.local", "PTR"],
    [instanceName(label), "SRV"],
    [instanceName(label), "TXT"],
    [`${label}.local`, "A"],
    [`${label}.local`, "AAAA"],
  ];
  for (const [name, type] of ours) {
    assertEquals(asksFor(query([{ name, type }]), label), true, name);
  }
  const others: readonly (readonly [name: string, type: string])[] = [
    [service, "A"],
    ["_ipp._tcp.local", "PTR"],
    [instanceName("f".repeat(16)), "SRV"],
    ["constructor", "PTR"],
    ["", "ANY"],
  ];
  for (const [name, type] of others) {
    assertEquals(asksFor(query([{ name, type }]), label), false, name);
  }
  assertEquals(asksFor({ type: "query" }, label), false);
});

Deno.test("asksFor() lets rest who knows the answer for half of its time still", () => {
  const { questions } = browseQuestion();
  const known = (ttl: number, data = instance) =>
    query(questions, [{ name: service, type: "PTR", ttl, data }]);
  assertEquals(asksFor(known(60), label), false);
  assertEquals(asksFor(known(59), label), true);
  assertEquals(asksFor(known(60, instanceName("f".repeat(16))), label), true);
});
