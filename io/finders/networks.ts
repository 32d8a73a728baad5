/** The IPv4 networks that this machine is on, and which addresses belong to them. */

import { isIpv4, normalHost } from "../../discovery/address.ts";
import { scopeOf } from "../../discovery/scope.ts";

/** Networks that are searched. A machine has a few; one with a hundred bridges is not served. */
const networksMax = 16;

/** One network as seen from this machine. */
export interface Network {
  /** This machine's IPv4 address there. */
  readonly host: string;
  /** All addresses of this machine there that others there can dial. */
  readonly hosts: readonly string[];
  /** Whether an IPv4 address belongs to it. */
  contains(host: string): boolean;
}

/** What is read of a network interface. */
export type LanInterface = Pick<
  Deno.NetworkInterfaceInfo,
  "name" | "family" | "address" | "netmask"
>;

/**
 * The networks behind interfaces.
 *
 * @param interfaces By default those of this machine.
 * @returns Loopback only if there is nothing else; `null` if asking has failed this time.
 */
export function networksOf(interfaces?: readonly LanInterface[]): readonly Network[] | null {
  let all: readonly LanInterface[];
  try {
    all = interfaces ?? Deno.networkInterfaces();
  } catch {
    return null;
  }
  const own = all.map((each) => ({ ...each, host: normalHost(each.address) }));
  const four = own.filter(({ family, host }) => family === "IPv4" && isIpv4(host));
  const outer = four.filter(({ host }) => scopeOf(host) !== "loopback");
  return (outer.length > 0 ? outer : four).slice(0, networksMax).map(({ name, host, netmask }) => {
    const mask = bits(netmask);
    const net = (bits(host) & mask) >>> 0;
    // A link-local IPv6 address needs a zone, which no record can carry.
    const six = own.filter((each) =>
      each.name === name && each.family === "IPv6" && scopeOf(each.host) !== "link-local"
    );
    return {
      host,
      hosts: [host, ...six.map((each) => each.host)],
      contains: (other) => isIpv4(other) && ((bits(other) & mask) >>> 0) === net,
    };
  });
}

/**
 * Whether an address is for this machine's surroundings: what is heard of others on the local
 * network is never a reason to dial across the internet.
 */
export function isNear(host: string): boolean {
  const scope = scopeOf(host);
  return scope === "private" || scope === "link-local" || scope === "loopback";
}

function bits(address: string): number {
  return address.split(".").reduce((all, part) => (all << 8) | Number(part), 0) >>> 0;
}
