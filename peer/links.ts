/**
 * Connections of one peer: one session per person, bans, and the sealing of what the sessions
 * have queued. Handshakes are in link_handshakes.ts, dials in link_dials.ts.
 *
 * It knows nothing of rooms and posts; what it hears it hands up as events.
 */

import type { ChannelFactory } from "../wire/channel.ts";
import type { PeerId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import type { GoodbyeReason } from "../wire/message.ts";
import type { Action } from "./action.ts";
import { Bans, hasSlot, isElsewhere } from "./door.ts";
import type { ConnectionId, Now } from "./input.ts";
import { Dials } from "./link_dials.ts";
import type { LinkEvent } from "./link_event.ts";
import { Handshakes } from "./link_handshakes.ts";
import { type Link, Session } from "./session.ts";

/** All links of one peer. */
export class Links {
  readonly dials: Dials;
  readonly #me: PeerId;
  readonly #limits: Limits;
  readonly #isKnown: (peer: PeerId) => boolean;
  readonly #act: (action: Action) => void;
  readonly #handshakes: Handshakes;
  readonly #sessions = new Map<ConnectionId, Session>();
  readonly #byPeer = new Map<PeerId, Session>();
  readonly #bans: Bans;
  readonly #touched = new Set<Session>();
  /** Sessions that we opened. */
  #outbound = 0;
  #reached = false;

  /**
   * @param me This peer.
   * @param channels Opens handshakes.
   * @param limits The table of limits.
   * @param random For the jitter of dials.
   * @param isKnown Whether a person has named a key.
   * @param act Takes the actions, in order.
   */
  constructor(
    me: PeerId,
    channels: ChannelFactory,
    limits: Limits,
    random: () => number,
    isKnown: (peer: PeerId) => boolean,
    act: (action: Action) => void,
  ) {
    this.#me = me;
    this.#limits = limits;
    this.#bans = new Bans(limits);
    this.#isKnown = isKnown;
    this.#act = act;
    this.dials = new Dials(limits, random, {
      size: () => this.#sessions.size,
      // A dial that shakes hands already is one of the schedule's, and one of the links.
      outbound: () => this.#outbound,
      has: (peer) => this.#byPeer.has(peer),
    }, act);
    this.#handshakes = new Handshakes(me, channels, limits, this.dials, {
      isFull: () => this.#sessions.size - this.#outbound >= limits.connectionsInMax,
      isBanned: (peer, now) => this.#bans.has(peer, now.monoMs),
      hasSlot: (link, peer) => this.#hasSlot(link, peer),
    }, act);
  }

  /** Links whose handshake has not ended, opened by others. */
  get handshakesIn(): number {
    return this.#handshakes.inbound;
  }

  /** Links that others opened. */
  get inbound(): number {
    return this.size - this.outbound;
  }

  /** Links that we opened. */
  get outbound(): number {
    return this.#handshakes.outbound + this.#outbound;
  }

  /** Whether anybody has come in from another machine since the start. */
  get reached(): boolean {
    return this.#reached;
  }

  /** How many bans are remembered. */
  get bans(): number {
    return this.#bans.size;
  }

  /** How many links there are, in all states. */
  get size(): number {
    return this.#handshakes.size + this.#sessions.size;
  }

  /** All sessions, oldest first. */
  get sessions(): Iterable<Session> {
    return this.#sessions.values();
  }

  /** The session of a connection. */
  session(connection: ConnectionId): Session | undefined {
    return this.#sessions.get(connection);
  }

  /** The session with a peer. */
  sessionOf(peer: PeerId): Session | undefined {
    return this.#byPeer.get(peer);
  }

  /** When {@linkcode Links.onTime} has something to do, on the monotonic clock. */
  get deadlineMs(): number {
    let earliest = Math.min(this.dials.deadlineMs, this.#handshakes.deadlineMs);
    for (const session of this.#sessions.values()) {
      earliest = Math.min(earliest, session.deadlineMs);
    }
    return earliest;
  }

  /** A socket is open: the handshake begins. */
  onConnected(link: Link, now: Now): LinkEvent[] {
    return this.#handshakes.onConnected(link, now);
  }

  /** Bytes have come. */
  onReceived(connection: ConnectionId, bytes: Uint8Array, now: Now): LinkEvent[] {
    const session = this.#sessions.get(connection);
    if (session !== undefined) return this.#onMessages(session, bytes, now);
    const outcome = this.#handshakes.onReceived(connection, bytes, now);
    if (!("channel" in outcome)) return outcome;
    const opened = new Session(outcome.link, outcome.channel, this.#limits, now.monoMs);
    return [...this.#establish(opened, now), ...this.#onMessages(opened, nothing, now)];
  }

  #hasSlot(link: Link, peer: PeerId): boolean {
    return this.#isKnown(peer) || this.#byPeer.has(peer) ||
      hasSlot(link, this.#sessions.values(), this.#isKnown, this.#limits);
  }

  /** Keeps exactly one link to each peer; both ends choose the same one. */
  #establish(session: Session, now: Now): LinkEvent[] {
    this.#sessions.set(session.link.connection, session);
    this.#reached ||= session.link.direction === "in" && isElsewhere(session.link);
    if (session.link.direction === "out") {
      this.#outbound++;
      this.dials.schedule.onUp(session.link.address, session.peer, now.monoMs);
    }
    const other = this.#byPeer.get(session.peer);
    if (other === undefined) {
      this.#byPeer.set(session.peer, session);
      session.returns = this.dials.onPeerUp(session.peer, now);
      return [{ type: "up", session }];
    }
    const loser = this.#loser(other, session, now);
    const keeper = loser === other ? session : other;
    this.#byPeer.set(session.peer, keeper);
    this.#end(loser, "duplicate", now);
    const down: LinkEvent = {
      type: "down",
      session: loser,
      reason: "duplicate",
      replaced: true,
      broken: false,
    };
    return loser === other ? [down, { type: "up", session }] : [];
  }

  #loser(old: Session, fresh: Session, now: Now): Session {
    if (now.monoMs - old.upSinceMs >= this.#limits.crossingMs) return old;
    if (old.link.direction !== fresh.link.direction) {
      const keep = this.#me < old.peer ? "out" : "in";
      return old.link.direction === keep ? fresh : old;
    }
    return old.channel.handshakeHash.toHex() < fresh.channel.handshakeHash.toHex() ? fresh : old;
  }

  #onMessages(session: Session, bytes: Uint8Array, now: Now): LinkEvent[] {
    if (this.#sessions.get(session.link.connection) !== session) return [];
    this.#touched.add(session);
    const { messages, failure } = session.onReceived(bytes, now.monoMs);
    const events: LinkEvent[] = [];
    for (const message of messages) {
      if (message.type === "goodbye") {
        return [...events, { type: "failed", session, reason: goodbyeReason(message.reason) }];
      }
      events.push({ type: "message", session, message });
    }
    return failure === null ? events : [...events, { type: "failed", session, reason: failure }];
  }

  /** A neighbour has broken the protocol. */
  onFailed(session: Session, reason: string, now: Now): LinkEvent[] {
    return this.#lose(session, reason, now);
  }

  /** The system has taken all bytes of a connection. */
  onDrained(connection: ConnectionId, now: Now): void {
    const session = this.#sessions.get(connection);
    session?.onDrained(now.monoMs);
    if (session !== undefined) this.#touched.add(session);
  }

  /** A socket is gone. */
  onDisconnected(connection: ConnectionId, reason: string, now: Now): LinkEvent[] {
    const session = this.#sessions.get(connection);
    if (session === undefined) return this.#handshakes.onDisconnected(connection, reason, now);
    this.#release(session, reason, now);
    return [{ type: "down", session, reason, replaced: false, broken: true }];
  }

  /**
   * This machine is on another network: old sockets may be dead without a word, and what could
   * not be reached may be now.
   */
  onNetworkChanged(now: Now): void {
    for (const session of this.#sessions.values()) {
      session.ping(now.monoMs);
      this.#touched.add(session);
    }
    this.dials.hurry(now);
  }

  /**
   * Ends links that were opened for a room and are needed by none, as long as enough are left.
   *
   * @param isNeeded Whether a room needs a link, or the other end has just come up.
   */
  endIdle(isNeeded: (session: Session) => boolean, now: Now): LinkEvent[] {
    const events: LinkEvent[] = [];
    for (const session of [...this.#sessions.values()]) {
      if (this.outbound <= this.#limits.linksKept) break;
      if (session.link.direction === "in" || this.dials.schedule.has(session.link.address)) {
        continue;
      }
      if (now.monoMs - session.upSinceMs < this.#limits.idleLinkMs || isNeeded(session)) continue;
      events.push(this.end(session, "idle", now));
    }
    return events;
  }

  /** Does what is due: handshakes that took too long, silent links. */
  onTime(now: Now): LinkEvent[] {
    const events = this.#handshakes.onTime(now);
    for (const session of this.#sessions.values()) {
      const reason = session.onTime(now.monoMs);
      if (reason !== null) events.push(...this.#lose(session, reason, now, true));
      else this.#touched.add(session);
    }
    return events;
  }

  /**
   * The wall clock was set, or the machine has slept: sockets may be dead without a word, and
   * how others' clocks compare has to be heard anew. All links are made again.
   */
  onJump(now: Now): LinkEvent[] {
    const events = [...this.#sessions.values()].flatMap((session) =>
      this.#lose(session, "clock jump", now, true)
    );
    this.dials.hurry(now);
    return events;
  }

  /** Dials nothing more, and lets nobody in who still shakes hands. */
  rest(): void {
    this.dials.rest();
    this.#handshakes.end();
  }

  /** Ends a session in good order. */
  end(session: Session, reason: GoodbyeReason, now: Now): LinkEvent {
    this.#end(session, reason, now);
    if (this.#byPeer.get(session.peer) === session) this.#byPeer.delete(session.peer);
    this.dials.schedule.onPeerDown(session.peer, "disconnected", now.monoMs);
    return { type: "down", session, reason, replaced: false, broken: false };
  }

  /** A peer has sent something with a wrong signature; too often, and it is banned. */
  onInvalid(session: Session, now: Now): LinkEvent[] {
    if (this.#sessions.get(session.link.connection) !== session) return [];
    if (++session.invalid < this.#limits.invalidMax) return [];
    const ms = this.#bans.add(session.peer, now.monoMs);
    return [
      { type: "banned", peer: session.peer, ms },
      ...this.#lose(session, "wrong signatures", now),
    ];
  }

  /** Marks a session as having something to send. */
  touch(session: Session): void {
    this.#touched.add(session);
  }

  /** Sessions that have something to send or room for more. */
  get touched(): Iterable<Session> {
    return this.#touched;
  }

  /** Seals and writes what the touched sessions have queued. */
  flush(now: Now): LinkEvent[] {
    const events: LinkEvent[] = [];
    for (const session of this.#touched) {
      if (this.#sessions.get(session.link.connection) !== session) continue;
      if (session.overflowed) events.push(...this.#lose(session, "does not read", now));
      else this.#flushOne(session, now);
    }
    this.#touched.clear();
    return events;
  }

  #flushOne(session: Session, now: Now): void {
    for (const frame of session.flush(now.monoMs)) this.#write(session.link.connection, frame);
  }

  /** Says goodbye and closes, without touching the address book. */
  #end(session: Session, reason: GoodbyeReason, now: Now): void {
    // A goodbye overtakes gossip, and nothing is heard behind it.
    this.#flushOne(session, now);
    session.send({ type: "goodbye", reason });
    this.#flushOne(session, now);
    this.#forget(session.link);
    this.#act({ type: "close", connection: session.link.connection, reason });
  }

  /** Closes without a word. */
  #lose(session: Session, reason: string, now: Now, broken = false): LinkEvent[] {
    if (this.#sessions.get(session.link.connection) !== session) return [];
    this.#act({ type: "close", connection: session.link.connection, reason });
    this.#release(session, reason, now);
    return [{ type: "down", session, reason, replaced: false, broken }];
  }

  #release(session: Session, reason: string, now: Now): void {
    this.#forget(session.link);
    if (this.#byPeer.get(session.peer) !== session) return;
    this.#byPeer.delete(session.peer);
    this.dials.schedule.onPeerDown(session.peer, reason, now.monoMs);
  }

  #forget(link: Link): void {
    if (this.#sessions.delete(link.connection) && link.direction === "out") this.#outbound--;
  }

  #write(connection: ConnectionId, bytes: Uint8Array): void {
    if (bytes.length > 0) this.#act({ type: "write", connection, bytes });
  }
}

const nothing = new Uint8Array(0);

function goodbyeReason(reason: GoodbyeReason): string {
  return reason === "leaving" ? "left" : reason === "disconnect" ? "disconnected" : reason;
}
