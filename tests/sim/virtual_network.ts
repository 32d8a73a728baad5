/** Hosts, paths between them, dials, and what is blocked at the moment. */

import type { Dice } from "./dice.ts";
import type { EventQueue } from "./event_queue.ts";
import type { PipeQuality } from "./pipe.ts";
import { LinkEnd, type LinkOwner, type LinkWorld, type Path } from "./virtual_link.ts";

/** A machine in the network. */
export interface VirtualHost {
  /** Without port. */
  readonly ip: string;
  /** Where it can be dialled. */
  readonly address: string;
  /** `off`: no answer at all; `deaf`: nothing listens; `on`: it accepts. */
  readonly state: "off" | "deaf" | "on";
  /** Takes a connection of another host. */
  accept(end: LinkEnd, from: string): LinkOwner;
}

/** A connection with who is at its ends. */
export interface VirtualLink {
  readonly hosts: readonly [VirtualHost, VirtualHost];
  readonly ends: readonly [LinkEnd, LinkEnd];
}

/** How a dial ends. */
export interface Dialling {
  /** The socket is open; `null` if nobody waits for it any more. */
  opened(end: LinkEnd): LinkOwner | null;
  failed(reason: string): void;
}

/** What is drawn for all paths of a seed. */
export interface NetworkStyle {
  readonly latencyMsMax: number;
  readonly jitterMsMax: number;
  readonly capacityBytesMin: number;
  readonly pieceBytesMin: number;
  readonly dribbles: boolean;
}

/** All hosts and connections. */
export class VirtualNetwork {
  readonly #world: LinkWorld;
  readonly #style: NetworkStyle;
  readonly #dialMs: number;
  readonly #hosts = new Map<string, VirtualHost>();
  readonly #paths = new Map<string, Path>();
  readonly #blocked = new Set<string>();
  #links: VirtualLink[] = [];
  #ports = 0;
  /** Probability that a dial is refused, whoever listens. */
  refusals = 0;

  constructor(world: LinkWorld, style: NetworkStyle, dialMs: number) {
    this.#world = world;
    this.#style = style;
    this.#dialMs = dialMs;
  }

  get #queue(): EventQueue {
    return this.#world.queue;
  }

  get #dice(): Dice {
    return this.#world.dice;
  }

  /** Connections of which at least one end is in use. */
  get links(): readonly VirtualLink[] {
    this.#links = this.#links.filter(({ ends: [a, b] }) => a.isOpen || b.isOpen);
    return this.#links;
  }

  /** Connections to or from a host. */
  linksOf(host: VirtualHost): VirtualLink[] {
    return this.#links.filter(({ hosts }) => hosts.includes(host));
  }

  /** Adds a machine. */
  add(host: VirtualHost): void {
    this.#hosts.set(host.address, host);
  }

  /** Dials an address; what comes of it is told later. */
  dial(from: VirtualHost, address: string, dialling: Dialling): void {
    const to = this.#hosts.get(address);
    const there = this.#path(from, to ?? from);
    const back = this.#path(to ?? from, from);
    const travelMs = there.quality.latencyMs + back.quality.latencyMs;
    if (this.#dice.chance(this.refusals)) {
      return this.#queue.in(travelMs, () => dialling.failed("connection refused"));
    }
    this.#queue.in(there.quality.latencyMs, () => {
      if (to === undefined || to.state === "deaf") {
        return this.#queue.in(
          back.quality.latencyMs,
          () => dialling.failed("connection refused"),
        );
      }
      if (to.state === "off" || there.isBlocked() || back.isBlocked()) {
        return this.#queue.in(this.#dialMs, () => dialling.failed("no answer"));
      }
      this.#open(from, to, dialling);
    });
  }

  #open(from: VirtualHost, to: VirtualHost, dialling: Dialling): void {
    const [there, back] = [this.#path(from, to), this.#path(to, from)];
    const [near, far] = LinkEnd.pair(this.#world, there, back);
    this.#links.push({ hosts: [from, to], ends: [near, far] });
    far.own(to.accept(far, `${from.ip}:${50_000 + this.#ports++ % 10_000}`));
    this.#queue.in(back.quality.latencyMs, () => {
      if (!near.isOpen) return dialling.failed("connection reset");
      const owner = dialling.opened(near);
      if (owner === null) near.abort();
      else near.own(owner);
    });
  }

  /** Blocks what goes from one host to another; what is on the way comes when it is free again. */
  block(from: VirtualHost, to: VirtualHost): void {
    this.#blocked.add(`${from.ip} ${to.ip}`);
  }

  /** Frees all paths. */
  unblockAll(): void {
    this.#blocked.clear();
    for (const { ends } of this.links) for (const end of ends) end.unblock();
  }

  #path(from: VirtualHost, to: VirtualHost): Path {
    const key = `${from.ip} ${to.ip}`;
    let path = this.#paths.get(key);
    if (path === undefined) {
      path = { quality: this.#drawQuality(), isBlocked: () => this.#blocked.has(key) };
      this.#paths.set(key, path);
    }
    return path;
  }

  #drawQuality(): PipeQuality {
    const dice = this.#dice;
    const { latencyMsMax, jitterMsMax, capacityBytesMin, pieceBytesMin, dribbles } = this.#style;
    return {
      latencyMs: dice.between(0.05, latencyMsMax),
      jitterMs: dice.next() * jitterMsMax,
      capacityBytes: Math.round(dice.between(capacityBytesMin, 1_000_000)),
      pieceBytesMax: Math.round(dice.between(pieceBytesMin, 65_536)),
      dribbledBytes: dribbles && dice.chance(0.3) ? 400 : 0,
    };
  }
}
