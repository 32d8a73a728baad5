/**
 * Under which addresses this machine can be dialled, given what a listener is bound to.
 *
 * Told are those that a friend could type: private IPv4 first (the same home or office),
 * then public IPv4 and IPv6, then the loopback for a second peer on the same machine. Left
 * out are link-local ones, which need a zone, and those of bridges and virtual cables, which
 * lead to containers and nowhere else.
 */

import { formatAddress, normalHost } from "../discovery/address.ts";
import { scopeOf } from "../discovery/scope.ts";

/** What is read of a network interface. */
export type Interface = Pick<Deno.NetworkInterfaceInfo, "name" | "family" | "address">;

/** A listening socket: the address it is bound to (`::` and `0.0.0.0` mean all) and its port. */
export interface Bound {
  readonly host: string;
  readonly port: number;
}

/** Interfaces of containers and virtual machines: Docker, LXC, libvirt, Podman, VMware and kin. */
const virtualInterface =
  /^(br-|bridge\d|cali|cni|docker|flannel|lxc|lxd|podman|vboxnet|veth|virbr|vmnet|vnet|vEthernet)/i;

/**
 * The addresses at which a listener can be reached.
 *
 * @param bound What is listened on.
 * @param interfaces The machine's network interfaces.
 * @returns `host:port` and `[v6]:port`: private IPv4, public IPv4, public IPv6, private IPv6,
 * loopback last; each once.
 */
export function reachableAddresses(bound: Bound, interfaces: readonly Interface[]): string[] {
  const { port } = bound;
  const host = normalHost(bound.host);
  if (host !== "::" && host !== "0.0.0.0") return [formatAddress({ host, port })];
  const ranked: { readonly host: string; readonly rank: number }[] = [];
  for (const { name, family, address } of interfaces) {
    if (virtualInterface.test(name)) continue;
    if (family === "IPv6" && host === "0.0.0.0") continue;
    const scope = scopeOf(normalHost(address));
    if (scope !== "private" && scope !== "public") continue;
    const rank = family === "IPv4" ? (scope === "private" ? 0 : 1) : scope === "public" ? 2 : 3;
    ranked.push({ host: address, rank });
  }
  ranked.sort((a, b) => a.rank - b.rank);
  const hosts = [...ranked.map((entry) => entry.host), "127.0.0.1"];
  return [...new Set(hosts.map((each) => formatAddress({ host: each, port })))];
}

/** The same addresses with those of the same machine first, as programs want them. */
export function loopbackFirst(addresses: readonly string[]): string[] {
  const near = (address: string) => /^(127\.|\[::1\])/.test(address);
  return [...addresses.filter(near), ...addresses.filter((address) => !near(address))];
}

/** The machine's network interfaces; none where asking is not permitted. */
export function networkInterfaces(): readonly Interface[] {
  try {
    return Deno.networkInterfaces();
  } catch {
    return [];
  }
}
