/**
 * A peer as a DNS-SD service (RFC 6763) `_starling._tcp.local`: the records that tell of it, the
 * questions it answers, and what is read of the records of others.
 *
 * An instance has a name of chance that is new at each start, and a host name of its own: neither
 * the person, nor the key, nor the machine's name is told to whoever listens. Left out are
 * probing for conflicts of names (64 bits of chance have none), subtypes, and asking for records
 * that an answer left out: a Starling sends all of them together.
 */

import type { DnsRecord, Packet } from "multicast-dns";
import { isIpv4, normalHost } from "../../discovery/address.ts";

/** What a browser of services asks for. */
export const service = "_starling._tcp.local";
/** What a browser of all kinds of services asks for (RFC 6763, section 9). */
const allServices = "_services._dns-sd._udp.local";

/** How long others keep our records, in seconds; RFC 6762, section 10, has it for host names. */
const ttlSeconds = 120;
/** Bytes of a name: what DNS allows. */
const nameBytesMax = 255;
/** Records of one packet that are looked at, and instances taken from it: a peer sends 6 and 1. */
const recordsMax = 64;
const instancesMax = 8;
/** Addresses taken of one instance; a machine has few on one link. */
const hostsMax = 3;

/** Somebody's service as it was heard. */
export interface Heard {
  /** The whole name of the instance, in lower case. */
  readonly instance: string;
  /** 1 to 65,535; `null` if the instance says goodbye. */
  readonly port: number | null;
  /** IP addresses that it names. They may be anybody's. */
  readonly hosts: readonly string[];
}

/** The whole name of an instance. */
export function instanceName(label: string): string {
  return `${label}.${service}`;
}

/** What a response holds. */
export interface Records {
  readonly answers: DnsRecord[];
  readonly additionals: DnsRecord[];
}

/** What one peer says of itself on one link. */
export interface Told {
  /** Of chance; names the instance and its host. */
  readonly label: string;
  readonly port: number;
  /** The addresses of this machine on that link. */
  readonly hosts: readonly string[];
}

/**
 * The records that tell of a peer: an announcement, and the answer to any question about it.
 *
 * @param told Who and where.
 */
export function recordsOf({ label, port, hosts }: Told): Records {
  const name = instanceName(label);
  const target = `${label}.local`;
  const ttl = ttlSeconds;
  // What stands under this name alone takes the place of older records; pointers are shared.
  const own = { ttl, flush: true };
  return {
    answers: [
      { name: service, type: "PTR", ttl, data: name },
      { name: allServices, type: "PTR", ttl, data: service },
    ],
    additionals: [
      { name, type: "SRV", ...own, data: { priority: 0, weight: 0, port, target } },
      { name, type: "TXT", ...own, data: ["txtvers=1"] },
      ...hosts.map((data) => ({ name: target, type: isIpv4(data) ? "A" : "AAAA", ...own, data })),
    ],
  };
}

/** The records that make others forget a peer. */
export function goodbyeOf(label: string): Records {
  const answers = [{ name: service, type: "PTR", ttl: 0, data: instanceName(label) }];
  return { answers, additionals: [] };
}

/** The question who is there. */
export function browseQuestion(): { readonly questions: DnsRecord[] } {
  return { questions: [{ name: service, type: "PTR" }] };
}

/**
 * Whether a question is about us and not answered by what its sender knows already.
 *
 * @param packet A query.
 * @param label Ours.
 */
export function asksFor(packet: Packet, label: string): boolean {
  const own = instanceName(label);
  const wanted: Readonly<{ [name: string]: readonly string[] }> = {
    [service]: ["PTR", "ANY"],
    [allServices]: ["PTR", "ANY"],
    [own]: ["SRV", "TXT", "ANY"],
    [`${label}.local`]: ["A", "AAAA", "ANY"],
  };
  const asked = firstOf(packet.questions).map(({ name, type }) => ({ name: nameOf(name), type }))
    .filter(({ name, type }) => Object.hasOwn(wanted, name) && wanted[name]!.includes(type));
  if (asked.length === 0) return false;
  if (asked.some(({ name }) => name !== service)) return true;
  return !firstOf(packet.answers).some(({ name, type, ttl, data }) =>
    type === "PTR" && nameOf(name) === service && nameOf(data) === own &&
    (ttl ?? 0) >= ttlSeconds / 2
  );
}

/**
 * What a response says of services; whatever is wrong in it is left out.
 *
 * @param packet A response.
 */
export function readServices(packet: Packet): Heard[] {
  const records = [...firstOf(packet.answers), ...firstOf(packet.additionals)];
  const heard = new Map<string, Heard>();
  for (const { name, type, ttl, data } of records) {
    if (heard.size >= instancesMax) break;
    if (type !== "PTR" || nameOf(name) !== service) continue;
    const instance = nameOf(data);
    if (!instance.endsWith(`.${service}`) || heard.has(instance)) continue;
    if (ttl === 0) heard.set(instance, { instance, port: null, hosts: [] });
    else addPlace(heard, instance, records);
  }
  return [...heard.values()];
}

function addPlace(
  heard: Map<string, Heard>,
  instance: string,
  records: readonly DnsRecord[],
): void {
  for (const { name, type, data } of records) {
    if (type !== "SRV" || nameOf(name) !== instance || !isPlace(data)) continue;
    const target = nameOf(data.target);
    const hosts = records.filter((record) =>
      (record.type === "A" || record.type === "AAAA") && nameOf(record.name) === target &&
      typeof record.data === "string"
    ).slice(0, hostsMax).map((record) => normalHost(record.data as string));
    heard.set(instance, { instance, port: data.port, hosts });
    return;
  }
}

function isPlace(data: unknown): data is { readonly port: number; readonly target: string } {
  if (typeof data !== "object" || data === null) return false;
  const { port, target } = data as { readonly port?: unknown; readonly target?: unknown };
  return typeof port === "number" && port >= 1 && port <= 65_535 && typeof target === "string";
}

/** The first records of a list; those of a kind that the package does not know have no name. */
function firstOf(records: readonly DnsRecord[] | undefined): readonly DnsRecord[] {
  return (records ?? []).slice(0, recordsMax);
}

/** A name in lower case (RFC 6762, section 16); empty for what is none. */
function nameOf(name: unknown): string {
  if (typeof name !== "string" || name.length > nameBytesMax) return "";
  const lower = name.toLowerCase();
  return new TextEncoder().encode(lower).length > nameBytesMax ? "" : lower;
}
