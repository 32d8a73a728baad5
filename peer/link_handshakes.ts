/**
 * Handshakes of one peer: from an open socket to a channel whose other end is known, or to the
 * reason why there is none. Who may come in is judged here, before anything of a link is kept.
 */

import {
  type ChannelFactory,
  type Handshake,
  LinkError,
  type SecureChannel,
} from "../wire/channel.ts";
import type { PeerId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import type { Action } from "./action.ts";
import type { ConnectionId, Now } from "./input.ts";
import type { Dials } from "./link_dials.ts";
import type { LinkEvent } from "./link_event.ts";
import type { Link } from "./session.ts";

interface Handshaking {
  readonly link: Link;
  readonly handshake: Handshake;
  readonly sinceMs: number;
}

/** A link whose handshake has ended well. */
export interface OpenLink {
  readonly link: Link;
  readonly channel: SecureChannel;
}

/** Who may come in. */
export interface Door {
  /** Whether as many sessions are up as others may open. */
  isFull(): boolean;
  /** Whether a peer is kept out for what it has sent. */
  isBanned(peer: PeerId, now: Now): boolean;
  /** Whether there is a place for a peer that has come by itself. */
  hasSlot(link: Link, peer: PeerId): boolean;
}

/** All links of one peer that are not sessions yet. */
export class Handshakes {
  readonly #me: PeerId;
  readonly #channels: ChannelFactory;
  readonly #limits: Limits;
  readonly #dials: Dials;
  readonly #door: Door;
  readonly #act: (action: Action) => void;
  readonly #pending = new Map<ConnectionId, Handshaking>();
  #outbound = 0;

  /**
   * @param me This peer.
   * @param channels Opens handshakes.
   * @param limits The table of limits.
   * @param dials Where outgoing links come from.
   * @param door Says who may come in.
   * @param act Takes the actions, in order.
   */
  constructor(
    me: PeerId,
    channels: ChannelFactory,
    limits: Limits,
    dials: Dials,
    door: Door,
    act: (action: Action) => void,
  ) {
    this.#me = me;
    this.#channels = channels;
    this.#limits = limits;
    this.#dials = dials;
    this.#door = door;
    this.#act = act;
  }

  /** How many there are. */
  get size(): number {
    return this.#pending.size;
  }

  /** Those that others opened. */
  get inbound(): number {
    let count = 0;
    for (const { link } of this.#pending.values()) if (link.direction === "in") count++;
    return count;
  }

  /** Those that we opened. */
  get outbound(): number {
    return this.#outbound;
  }

  /** When {@linkcode Handshakes.onTime} has something to do, on the monotonic clock. */
  get deadlineMs(): number {
    let earliest = Infinity;
    const crowded = this.#crowded;
    for (const { link, sinceMs } of this.#pending.values()) {
      earliest = Math.min(earliest, sinceMs + this.#patienceMs(link, crowded));
    }
    return earliest;
  }

  /** Whether no place is left for the handshake of one more link that others open. */
  get #crowded(): boolean {
    return this.inbound >= this.#limits.handshakesMax;
  }

  #patienceMs(link: Link, crowded: boolean): number {
    const { handshakeMs, handshakeGraceMs } = this.#limits;
    return crowded && link.direction === "in" ? handshakeGraceMs : handshakeMs;
  }

  /** A socket is open: the handshake begins. */
  onConnected(link: Link, now: Now): LinkEvent[] {
    const out = link.direction === "out";
    if (out && this.#dials.schedule.takeCancelled(link.address)) {
      this.#act({ type: "close", connection: link.connection, reason: "disconnected" });
      return this.#dials.learntFailed(link, "disconnected", now);
    }
    if (out) this.#outbound++;
    if (!out && this.#door.isFull()) {
      this.#act({ type: "close", connection: link.connection, reason: "full" });
      return [{ type: "refused", link, code: "full", detail: "too many links", retryMs: null }];
    }
    const handshake = out ? this.#channels.initiate() : this.#channels.respond();
    this.#pending.set(link.connection, { link, handshake, sinceMs: now.monoMs });
    this.#write(link.connection, handshake.opening);
    return [];
  }

  /**
   * Bytes have come.
   *
   * @returns The open link, or what has happened to it; nothing if more bytes have to come.
   */
  onReceived(connection: ConnectionId, bytes: Uint8Array, now: Now): OpenLink | LinkEvent[] {
    const pending = this.#pending.get(connection);
    if (pending === undefined) return [];
    const { link } = pending;
    let channel: SecureChannel | null;
    try {
      const result = pending.handshake.receive(bytes);
      this.#write(link.connection, result.write);
      channel = result.channel;
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      this.#write(link.connection, error.reply);
      return this.#refuse(link, error.code, error.detail, now);
    }
    if (channel === null) return [];
    if (link.direction === "out" && this.#dials.schedule.takeCancelled(link.address)) {
      this.#forget(link);
      this.#act({ type: "close", connection: link.connection, reason: "disconnected" });
      return this.#dials.learntFailed(link, "disconnected", now);
    }
    if (channel.peer === this.#me) return this.#onSelf(link, now);
    if (this.#door.isBanned(channel.peer, now)) {
      return this.#refuse(link, "banned", "banned for wrong signatures", now);
    }
    const expected = link.direction === "out"
      ? this.#dials.schedule.expectedAt(link.address)
      : null;
    if (expected !== null && expected !== channel.peer) return this.#onStranger(link, now);
    const misled = this.#dials.misled(link, channel.peer, now);
    if (misled !== null) {
      this.#forget(link);
      this.#act({ type: "close", connection: link.connection, reason: "somebody else is there" });
      return misled;
    }
    if (link.direction === "in" && !this.#door.hasSlot(link, channel.peer)) {
      return this.#refuse(link, "full", "too many links", now);
    }
    this.#forget(link);
    return { link, channel };
  }

  #onSelf(link: Link, now: Now): LinkEvent[] {
    this.#forget(link);
    this.#act({ type: "close", connection: link.connection, reason: "self" });
    const events = this.#dials.learntFailed(link, "own address", now);
    if (link.direction === "in" || !this.#dials.schedule.has(link.address)) return events;
    this.#dials.schedule.remove(link.address);
    this.#act({ type: "forget", address: link.address });
    const detail = "own address";
    return [...events, { type: "refused", link, code: "self", detail, retryMs: null }];
  }

  /** An invite has led to somebody else than who made it: no link, and no further try. */
  #onStranger(link: Link, now: Now): LinkEvent[] {
    this.#forget(link);
    this.#dials.schedule.remove(link.address);
    // This dial is over: nothing is left to be called off.
    this.#dials.schedule.takeCancelled(link.address);
    this.#act({ type: "close", connection: link.connection, reason: "somebody else is there" });
    this.#act({ type: "forget", address: link.address });
    const events = this.#dials.learntFailed(link, "somebody else is there", now);
    const detail = "somebody else is there";
    return [...events, { type: "refused", link, code: "stranger", detail, retryMs: null }];
  }

  /** A socket is gone. */
  onDisconnected(connection: ConnectionId, reason: string, now: Now): LinkEvent[] {
    const pending = this.#pending.get(connection);
    if (pending === undefined) return [];
    this.#forget(pending.link);
    return this.#dials.report(pending.link, "closed", reason, now);
  }

  /** Ends handshakes that took too long. */
  onTime(now: Now): LinkEvent[] {
    const events: LinkEvent[] = [];
    for (const { link, sinceMs } of this.#pending.values()) {
      if (now.monoMs - sinceMs < this.#patienceMs(link, this.#crowded)) continue;
      events.push(...this.#refuse(link, "timeout", "no handshake in time", now));
    }
    return events;
  }

  /**
   * Lets nobody in who still shakes hands: they would be told by a newer word that who has just
   * said goodbye is here.
   */
  end(): void {
    for (const { link } of this.#pending.values()) {
      this.#forget(link);
      this.#act({ type: "close", connection: link.connection, reason: "leaving" });
    }
  }

  #refuse(link: Link, code: string, detail: string, now: Now): LinkEvent[] {
    this.#forget(link);
    this.#act({ type: "close", connection: link.connection, reason: detail });
    return this.#dials.report(link, code, detail, now);
  }

  #forget(link: Link): void {
    if (this.#pending.delete(link.connection) && link.direction === "out") this.#outbound--;
  }

  #write(connection: ConnectionId, bytes: Uint8Array): void {
    if (bytes.length > 0) this.#act({ type: "write", connection, bytes });
  }
}
