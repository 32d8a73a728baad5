/**
 * How far an address reaches, and which addresses told by others may be taken in.
 *
 * Who tells of an address decides where this peer knocks. An address is therefore taken in only
 * if it reaches no further into this peer's surroundings than the link it came over: nobody on
 * the internet can send it to a printer at home, and nobody else than a program on this machine
 * to a port of this machine. The ranges are those of the IANA registries of special-purpose
 * addresses (RFC 6890).
 */

import { formatAddress, isIpv4, readAddress } from "./address.ts";

/** From the narrowest to the widest. */
export type Scope = "loopback" | "link-local" | "private" | "public";

/**
 * How far a host reaches.
 *
 * @param host In the spelling of `normalHost`.
 * @returns The scope of an IP address, `name` for a host name, and `null` for what nobody can be
 * reached at or asked by name: unspecified, multicast, broadcast, reserved and documentation
 * addresses, and those of tunnels, which hide another one.
 */
export function scopeOf(host: string): Scope | "name" | null {
  if (isIpv4(host)) return ipv4Scope(host.split(".").map(Number));
  if (host.includes(":")) return ipv6Scope(host);
  return /[a-z_-]/.test(host) ? "name" : null;
}

function ipv4Scope([a = 0, b = 0, c = 0]: readonly number[]): Scope | null {
  if (a === 127) return "loopback";
  if (a === 169 && b === 254) return "link-local";
  if (a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168)) return "private";
  // Carriers' own networks (RFC 6598) and benchmarks (RFC 2544).
  if ((a === 100 && b >= 64 && b < 128) || (a === 198 && (b === 18 || b === 19))) return "private";
  if (a === 0 || a >= 224) return null;
  // Protocol assignments, documentation, and the relays of 6to4.
  if (a === 192 && b === 0 && (c === 0 || c === 2)) return null;
  if (a === 198 && b === 51 && c === 100) return null;
  if (a === 203 && b === 0 && c === 113) return null;
  return a === 192 && b === 88 && c === 99 ? null : "public";
}

function ipv6Scope(host: string): Scope | null {
  if (host === "::1") return "loopback";
  const [first = 0, second = 0] = host.split(":").map((group) => parseInt(group || "0", 16));
  if ((first & 0xffc0) === 0xfe80) return "link-local";
  if ((first & 0xfe00) === 0xfc00) return "private";
  if ((first & 0xe000) !== 0x2000) return null;
  // Protocol assignments with Teredo, documentation, and 6to4.
  if (first === 0x2001 && (second < 0x200 || second === 0xdb8)) return null;
  if (first === 0x3fff && second < 0x1000) return null;
  return first === 0x2002 ? null : "public";
}

/**
 * What one customer of a provider has of the internet: an IPv4 address, or of IPv6 a whole /64,
 * in which to take another address costs nothing.
 *
 * @param host In the spelling of `normalHost`.
 * @returns The host itself, or the first half of a public IPv6 address.
 */
export function holdingOf(host: string): string {
  if (!host.includes(":") || scopeOf(host) !== "public") return host;
  const [head = [], tail = []] = host.split("::")
    .map((part) => part.split(":").filter((group) => group !== ""));
  const zeros = new Array<string>(8 - head.length - tail.length).fill("0");
  return `${[...head, ...zeros, ...tail].slice(0, 4).join(":")}::/64`;
}

/**
 * Whether an address that others told of may be taken in.
 *
 * Loopback addresses come in over loopback links alone, link-local and private ones over all
 * links but public ones, and public ones over any. A host name never does: what it stands for
 * can change after it was judged.
 *
 * @param address As it was told; only the one spelling of `formatAddress` is taken.
 * @param linkAddress The address at the other end of the link that it came over. A host name, of
 * which nothing is known, counts as public; `localhost` is what it says (RFC 6761).
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * assert(mayLearn("10.0.0.5:9797", "10.0.0.7:40000"));
 * assert(!mayLearn("10.0.0.5:9797", "8.8.8.8:40000"));
 * ```
 */
export function mayLearn(address: string, linkAddress: string): boolean {
  const told = readAddress(address);
  if (told === null || formatAddress(told) !== address) return false;
  const scope = scopeOf(told.host);
  if (scope === null || scope === "name") return false;
  const link = readAddress(linkAddress)?.host ?? "";
  const from = link === "localhost" ? "loopback" : scopeOf(link);
  if (scope === "public") return true;
  if (scope === "loopback") return from === "loopback";
  return from === "loopback" || from === "link-local" || from === "private";
}
