/**
 * The socket of multicast DNS (RFC 6762): joins the group on every network this machine is on,
 * sends on each of them, and lets in no more than can be read without harm.
 *
 * What comes in is weighed before it is read: only packets of an own network, no large ones, a
 * few per second and source. `multicast-dns` reads and writes the packets; groups and interfaces
 * are handled here, because its own timer would throw where asking for interfaces fails. Left
 * out is IPv6 multicast: whoever has a local network without IPv4 is not found.
 */

import { Buffer } from "node:buffer";
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import multicastDns, { type MulticastDns, type Packet } from "multicast-dns";
import type { browseQuestion, Records } from "./dns_sd.ts";
import { type Network, networksOf } from "./networks.ts";

const group = "224.0.0.251";
const port = 5_353;
/** Bytes of a packet that is read; what fits an Ethernet frame. A hostile one costs 1.5 ms. */
const packetBytesMax = 1_500;
/** Packets read in a second, and of one source: a flood costs at most 15% of a processor. */
const packetsPerSecond = 100;
const packetsPerSourcePerSecond = 20;
/** How long the last words may take. */
const closeMs = 500;

/** What a packet says, and who sent it. */
export interface Arrived {
  readonly packet: Packet;
  /** The IP address that it came from; on the network below, so far as addresses are true. */
  readonly source: string;
  readonly network: Network;
}

/** Who is told of what comes in. */
export interface MulticastEvents {
  arrived(arrived: Arrived): void;
  /** This machine is on another network now. */
  networksChanged(): void;
  log(line: string): void;
}

/** One socket for all of this machine's networks. */
export class Multicast {
  readonly #socket: Socket;
  readonly #dns: MulticastDns;
  readonly #events: MulticastEvents;
  #networks: readonly Network[] = [];
  readonly #joined = new Set<string>();
  /** Packets of each source in the second that began at `#sinceMs`. */
  readonly #counts = new Map<string, number>();
  #sinceMs = -Infinity;
  #total = 0;
  #from: RemoteInfo | null = null;
  /** Ends when everything handed over so far has been sent. */
  #sending: Promise<void> = Promise.resolve();

  private constructor(socket: Socket, dns: MulticastDns, events: MulticastEvents) {
    this.#socket = socket;
    this.#dns = dns;
    this.#events = events;
  }

  /**
   * Opens the socket.
   *
   * @throws {Error} If the port cannot be had, or there is no network with multicast.
   */
  static async open(events: MulticastEvents): Promise<Multicast> {
    await requirePermissions();
    const socket = createSocket({ type: "udp4", reuseAddr: true });
    // Bound to one address it would receive nothing that is sent to the group.
    const dns = multicastDns({ socket, bind: "0.0.0.0", multicast: false });
    const made = new Multicast(socket, dns, events);
    try {
      await new Promise<void>((resolve, reject) => dns.on("ready", resolve).on("error", reject));
      made.#start();
      return made;
    } catch (error) {
      await new Promise<void>((resolve) => dns.destroy(resolve));
      throw error;
    }
  }

  /** The networks that this machine is on. */
  get networks(): readonly Network[] {
    return this.#networks;
  }

  #start(): void {
    this.#socket.setMulticastTTL(255);
    // Deno takes this for the size of the one buffer that each packet gets; with the 64 KiB that
    // it takes otherwise, a flood fills 75 MiB with buffers before they are collected.
    this.#socket.setRecvBufferSize(packetBytesMax);
    this.refresh();
    if (this.#networks.length === 0) throw new Error("this machine's networks cannot be listed");
    if (this.#joined.size === 0) throw new Error("no network with multicast");
    const [read] = this.#socket.listeners("message");
    this.#socket.removeAllListeners("message");
    this.#socket.on("message", (bytes: Uint8Array, from: RemoteInfo) => {
      if (!this.#mayRead(bytes, from)) return;
      this.#from = from;
      read?.(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), from);
    });
    this.#dns.on("packet", (packet) => {
      const source = this.#from?.address ?? "";
      const network = this.#networkOf(source);
      if (network !== undefined) this.#events.arrived({ packet, source, network });
    });
    // A packet that cannot be read is nobody's fault here; noting each would fill the log.
    this.#dns.on("warning", () => {});
  }

  /** Looks at the machine's networks again and joins the group on new ones. */
  refresh(): void {
    const networks = networksOf();
    if (networks === null) return;
    const before = this.#networks.map(({ host }) => host).join();
    this.#networks = networks;
    const hosts = new Set(networks.map(({ host }) => host));
    for (const host of this.#joined) if (!hosts.has(host)) this.#joined.delete(host);
    for (const host of hosts) this.#join(host);
    if (before !== "" && before !== [...hosts].join()) this.#events.networksChanged();
  }

  #join(host: string): void {
    if (this.#joined.has(host)) return;
    try {
      this.#socket.addMembership(group, host);
      this.#joined.add(host);
    } catch (error) {
      this.#note(host, error);
    }
  }

  #note(host: string, error: unknown): void {
    this.#events.log(`lan: ${host}: ${error instanceof Error ? error.message : error}`);
  }

  /** Asks a question on every network. */
  ask(make: typeof browseQuestion): void {
    this.#onEach((_, sent) => this.#dns.query(make(), sent));
  }

  /**
   * Tells something on every network.
   *
   * @param make What to tell on one network; `null` for nothing.
   */
  tell(make: (network: Network) => Records | null): void {
    this.#onEach((network, sent) => {
      const records = make(network);
      if (records === null) sent();
      else this.#dns.respond(records, sent);
    });
  }

  /** Sends what was handed over, for a moment, and closes; resolves when that is done. */
  async close(): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => timer = setTimeout(resolve, closeMs));
    await Promise.race([this.#sending, late]);
    clearTimeout(timer);
    await new Promise<void>((resolve) => this.#dns.destroy(resolve));
  }

  /** One after the other: the interface is a setting of the one socket. */
  #onEach(send: (network: Network, sent: () => void) => void): void {
    const networks = this.#networks;
    this.#sending = this.#sending.then(async () => {
      for (const network of networks) {
        try {
          this.#socket.setMulticastInterface(network.host);
          await new Promise<void>((resolve) => send(network, resolve));
        } catch (error) {
          // A network that has gone; the next refresh sees it.
          this.#note(network.host, error);
        }
      }
    });
  }

  #networkOf(source: string): Network | undefined {
    return this.#networks.find((network) => network.contains(source));
  }

  #mayRead(bytes: Uint8Array, { address }: RemoteInfo): boolean {
    if (bytes.length > packetBytesMax) return false;
    const nowMs = performance.now();
    if (nowMs - this.#sinceMs >= 1_000) {
      this.#counts.clear();
      this.#total = 0;
      this.#sinceMs = nowMs;
    }
    const count = this.#counts.get(address) ?? 0;
    if (this.#total >= packetsPerSecond || count >= packetsPerSourcePerSecond) return false;
    // Only what comes from a network of ours (RFC 6762, section 11).
    if (this.#networkOf(address) === undefined) return false;
    this.#counts.set(address, count + 1);
    this.#total++;
    return true;
  }
}

/** Asked beforehand: the runtime throws what it misses later where nobody can catch it. */
async function requirePermissions(): Promise<void> {
  const wanted: readonly Deno.PermissionDescriptor[] = [
    { name: "sys", kind: "networkInterfaces" },
    { name: "net", host: `0.0.0.0:${port}` },
    { name: "net", host: `${group}:${port}` },
  ];
  for (const permission of wanted) {
    const { state } = await Deno.permissions.request(permission);
    if (state !== "granted") throw new Deno.errors.NotCapable(permission.name);
  }
}
