/**
 * The finder of the local network: says by multicast DNS that a peer is here, listens for others
 * who say so, and hands their addresses to the engine.
 *
 * An address that was heard is a place to knock at and nothing more: who is there, the handshake
 * shows. Only places on the network that the packet came from are taken, never own ones, and at
 * most one per second (io/finders/lan_book.ts). Everything sent here can be read by everybody on
 * that network, and says no more than that a Starling runs at this address and port.
 */

import type { Packet } from "multicast-dns";
import { formatAddress } from "../../discovery/address.ts";
import {
  asksFor,
  browseQuestion,
  goodbyeOf,
  type Heard,
  instanceName,
  readServices,
  recordsOf,
} from "./dns_sd.ts";
import { LanBook } from "./lan_book.ts";
import { type Arrived, Multicast } from "./multicast.ts";
import { isNear, type Network } from "./networks.ts";

/** How long after the start, and after the question before, one is asked; the last repeats. */
const askMs = [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000];
/** An announcement may get lost, so it is made twice (RFC 6762, section 8.3). */
const announceAgainMs = 1_000;
/** Nothing is multicast twice within a second (section 6), so questions cannot make us a flood. */
const answerMs = 1_000;
/** All who answer a question wait a little, so that they do not answer at once (section 6). */
const answerDelayMs = { least: 20, most: 120 };
/** Between two new addresses: a forger shall not make this peer knock everywhere at once. */
const addressMs = 1_000;
/** How often the machine's networks are looked at. */
const refreshMs = 5_000;

/** What the finder needs of the peer. */
export interface LanPorts {
  /** Where the peer listens: an address of this machine, `::` or `0.0.0.0` for all of them. */
  readonly bound: () => { readonly host: string; readonly port: number } | null;
  /** Takes an address. */
  found(address: string): void;
  /** Takes a line of diagnostics. */
  log(line: string): void;
}

/** A running finder. */
export class LanFinder {
  readonly #ports: LanPorts;
  readonly #book = new LanBook();
  /** Of chance and new at each start: two starts cannot be told to be of the same person. */
  readonly #label = crypto.getRandomValues(new Uint8Array(8)).toHex();
  #multicast: Multicast | null = null;
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #askTimer: ReturnType<typeof setTimeout> | undefined;
  #toldMs = -Infinity;
  /** Others may have records of this peer that a goodbye ends. */
  #isTold = false;
  #answering = false;
  #taking = false;

  private constructor(ports: LanPorts) {
    this.#ports = ports;
  }

  /**
   * Begins to look and to be seen.
   *
   * @param ports The peer.
   * @throws {Error} If multicast cannot be had.
   */
  static async open(ports: LanPorts): Promise<LanFinder> {
    const finder = new LanFinder(ports);
    finder.#multicast = await Multicast.open({
      arrived: (arrived) => finder.#onArrived(arrived),
      networksChanged: () => finder.#begin(),
      log: (line) => ports.log(line),
    });
    finder.#begin();
    finder.#refreshLater();
    return finder;
  }

  /** How many instances of others are kept. */
  get size(): number {
    return this.#book.size;
  }

  /** Tells others where this peer listens now, or that it does no more. */
  announce(): void {
    this.#tell();
    this.#after(announceAgainMs, () => this.#tell());
  }

  /** Says goodbye and ends; resolves when the socket is closed. */
  async close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    const multicast = this.#multicast;
    this.#multicast = null;
    if (this.#isTold) multicast?.tell(() => goodbyeOf(this.#label));
    await multicast?.close();
  }

  #begin(): void {
    this.announce();
    this.#ask(0);
  }

  #ask(round: number): void {
    this.#multicast?.ask(browseQuestion);
    const nextMs = askMs[Math.min(round, askMs.length - 1)]!;
    this.#cancel(this.#askTimer);
    this.#askTimer = this.#after(nextMs, () => this.#ask(round + 1));
  }

  #tell(): void {
    const bound = this.#ports.bound();
    if (bound === null && !this.#isTold) return;
    this.#toldMs = performance.now();
    this.#isTold = bound !== null;
    const label = this.#label;
    this.#multicast?.tell(({ hosts }) => {
      if (bound === null) return goodbyeOf(label);
      const served = hosts.filter((host) => isServed(bound.host, host));
      return served.length === 0 ? null : recordsOf({ label, port: bound.port, hosts: served });
    });
  }

  #onArrived({ packet, source, network }: Arrived): void {
    if (packet.type === "query") return this.#onQuery(packet);
    for (const heard of readServices(packet)) {
      if (heard.instance === instanceName(this.#label)) continue;
      const addresses = this.#addressesOf(heard, source, network);
      this.#book.hear(heard, source, addresses, performance.now());
    }
    this.#take();
  }

  #onQuery(packet: Packet): void {
    if (this.#answering || this.#ports.bound() === null || !asksFor(packet, this.#label)) return;
    this.#answering = true;
    const { least, most } = answerDelayMs;
    const delayMs = least + Math.random() * (most - least);
    const earliestMs = this.#toldMs + answerMs - performance.now();
    this.#after(Math.max(delayMs, earliestMs), () => {
      this.#answering = false;
      this.#tell();
    });
  }

  /** Where an instance may be dialled: at its sender, and at what it names on the same network. */
  #addressesOf({ port, hosts }: Heard, source: string, network: Network): string[] {
    if (port === null) return [];
    const own = this.#ports.bound()?.port === port ? ownHosts(this.#multicast) : new Set<string>();
    const near = hosts.filter((host) => network.contains(host));
    return [...new Set([source, ...near])].filter((host) => isNear(host) && !own.has(host))
      .map((host) => formatAddress({ host, port }));
  }

  /** Hands over what waits, one at a time. */
  #take(): void {
    if (this.#taking) return;
    const address = this.#book.take(performance.now());
    if (address === null) return;
    this.#ports.found(address);
    this.#taking = true;
    this.#after(addressMs, () => {
      this.#taking = false;
      this.#take();
    });
  }

  #refreshLater(): void {
    this.#after(refreshMs, () => {
      this.#multicast?.refresh();
      this.#refreshLater();
    });
  }

  #after(delayMs: number, act: () => void): ReturnType<typeof setTimeout> {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, delayMs);
    this.#timers.add(timer);
    return timer;
  }

  #cancel(timer: ReturnType<typeof setTimeout> | undefined): void {
    clearTimeout(timer);
    if (timer !== undefined) this.#timers.delete(timer);
  }
}

/** Whether a listener that is bound to an address is reached under another one. */
function isServed(bound: string, host: string): boolean {
  return bound === "::" || bound === host || (bound === "0.0.0.0" && !host.includes(":"));
}

function ownHosts(multicast: Multicast | null): Set<string> {
  return new Set(multicast?.networks.flatMap(({ hosts }) => hosts));
}
