/**
 * Who on which link may hear of which private room.
 *
 * A room is named on no link before its other side has shown the room's tag. Then a member is told
 * that the room is open, and once both have told one another the link carries the room like any
 * other. Whoever has shown the tag and is no member, as far as is known here, gets nothing but the
 * acts that say who belongs to the room, and may bring such: one of the two may not have heard of
 * an addition or a removal yet. Who was removed gets those up to the removal.
 */

import type { PeerId, RoomId } from "../wire/ids.ts";
import { envelopeBytes, tagBytes } from "../wire/message_entries.ts";
import type { SignedPost } from "../wire/post.ts";
import { roomTag } from "../wire/private_room.ts";
import { sendTags } from "./engine_hello.ts";
import { intake, type Way } from "./engine_intake.ts";
import { onShared, onUnshared } from "./engine_overlay.ts";
import type { EngineState, OpenRoom } from "./engine_state.ts";
import type { ConnectionId, Now } from "./input.ts";
import type { LinkEvent } from "./link_event.ts";
import { actsFor, credibleActs } from "./membership_acts.ts";
import type { PrivateMessage } from "./private_rooms.ts";
import type { Ruling } from "./ruling.ts";
import type { Session } from "./session.ts";
import type { Vault } from "./vault.ts";

/** How a link stands to a room whose tag was shown over it. */
interface Shown {
  /** The other side regards us as a member and has the room open. */
  joined: boolean;
  /** We have told it the same. */
  told: boolean;
  /** It was asked for acts and has not answered. */
  isAsked: boolean;
  /** When it is asked for acts, on the monotonic clock. */
  askMs: number;
  /** How long to wait after that. */
  waitMs: number;
}

const askFirstMs = 1_000, askMsMax = 300_000;

/** The links of all open private rooms. */
export class PrivateLinks {
  readonly #state: EngineState;
  readonly #vault: Vault;
  readonly #rooms = new Map<RoomId, Map<ConnectionId, Shown>>();
  /** Links whose last tags nobody has looked at yet, and when that is due. */
  readonly #unseen = new Set<ConnectionId>();
  #lookMs = Infinity;

  constructor(state: EngineState, vault: Vault) {
    this.#state = state;
    this.#vault = vault;
  }

  /** Private rooms that are open. */
  get size(): number {
    return this.#rooms.size;
  }

  /** When somebody is to be asked, on the monotonic clock. */
  get deadlineMs(): number {
    let earliest = this.#lookMs;
    for (const links of this.#rooms.values()) {
      for (const { askMs } of links.values()) earliest = Math.min(earliest, askMs);
    }
    return earliest;
  }

  /** The real tags for a link. */
  tagsFor({ channel }: Session, round: number): Uint8Array[] {
    const { me, crypto } = this.#state;
    return [...this.#rooms.keys()].flatMap((room) => {
      const secret = this.#vault.secretOf(room)?.secret;
      return secret === undefined
        ? []
        : [roomTag(secret, channel.handshakeHash, round, me, crypto)];
    });
  }

  /** A room is open. */
  onOpened(room: RoomId, now: Now): void {
    this.#rooms.set(room, new Map());
    for (const session of this.#state.links.sessions) {
      // What was said of it before proves nothing.
      session.rooms.delete(room);
      sendTags(this.#state, session);
      this.#recognise(session, room, now);
    }
  }

  /** A room is to be closed. */
  onClosed(room: RoomId, now: Now): void {
    for (const connection of this.#rooms.get(room)?.keys() ?? []) {
      const session = this.#state.links.session(connection);
      if (session !== undefined) this.#part(room, session, now);
    }
    this.#rooms.delete(room);
    for (const session of this.#state.links.sessions) sendTags(this.#state, session);
  }

  /** A link is gone. */
  onLinkLost(connection: ConnectionId): void {
    for (const links of this.#rooms.values()) links.delete(connection);
    this.#unseen.delete(connection);
  }

  /** Takes a message that only private rooms have, or a room's `join` or `leave`. */
  onMessage(session: Session, message: PrivateMessage, now: Now): LinkEvent[] {
    if (message.type === "tags") {
      this.#unseen.add(session.link.connection);
      this.#lookAtTags(now);
      return [];
    }
    const { room } = message;
    const open = this.#state.rooms.get(room);
    const shown = this.#rooms.get(room)?.get(session.link.connection);
    if (open === undefined || shown === undefined) return [];
    switch (message.type) {
      case "join":
        shown.joined = true;
        this.#sync(open, session, shown, now);
        if (!this.#isShared(open, session.peer)) this.#ask(room, session, shown, now);
        return [];
      case "leave":
        shown.joined = false;
        if (session.rooms.delete(room)) onUnshared(this.#state, session, room, false, now);
        return [];
      case "acts-wanted":
        this.#answer(open, session, message.from, now);
        // No sooner than by itself: of two who differ for good, as after a removal, each would
        // hurry the other for ever.
        if (!session.rooms.has(room)) {
          shown.askMs = Math.min(shown.askMs, now.monoMs + shown.waitMs);
        }
        return [];
      case "acts":
        return this.#onActs(open, session, shown, message, now);
    }
  }

  /** Looks at the last tags of links; who sends many of them waits. */
  #lookAtTags(now: Now): void {
    for (const connection of this.#unseen) {
      const session = this.#state.links.session(connection);
      if (session?.quotas.acts.take(1, now.monoMs) === false) continue;
      this.#unseen.delete(connection);
      if (session === undefined) continue;
      for (const room of this.#rooms.keys()) this.#recognise(session, room, now);
    }
    this.#lookMs = this.#unseen.size === 0 ? Infinity : now.monoMs + askFirstMs;
  }

  /** Looks whether the tags of a link are those of a room. */
  #recognise(session: Session, room: RoomId, now: Now): void {
    const links = this.#rooms.get(room);
    const open = this.#state.rooms.get(room);
    const secret = this.#vault.secretOf(room)?.secret;
    if (links === undefined || open === undefined || secret === undefined) return;
    const { connection } = session.link;
    const known = links.get(connection);
    if (!this.#hasShown(session, secret)) {
      if (known === undefined) return;
      this.#part(room, session, now);
      links.delete(connection);
    } else if (known === undefined) {
      const shown = {
        joined: false,
        told: false,
        isAsked: false,
        askMs: Infinity,
        waitMs: askFirstMs,
      };
      links.set(connection, shown);
      this.#sync(open, session, shown, now);
      if (!this.#isShared(open, session.peer)) this.#ask(room, session, shown, now);
    }
  }

  #hasShown({ tags, channel, peer }: Session, secret: Uint8Array): boolean {
    if (tags === null) return false;
    const { crypto } = this.#state;
    const tag = roomTag(secret, channel.handshakeHash, tags.round, peer, crypto).toHex();
    for (let i = 0; i < tags.bytes.length; i += tagBytes) {
      if (tags.bytes.subarray(i, i + tagBytes).toHex() === tag) return true;
    }
    return false;
  }

  /** Both are members, as far as is known here. */
  #isShared({ charge }: OpenRoom, peer: PeerId): boolean {
    const ruling = charge?.ruling ?? null;
    return ruling !== null && ruling.isIn(this.#state.me) && ruling.isIn(peer);
  }

  /** Who belongs to a room has changed. */
  onRuling(open: OpenRoom, before: Ruling | null, after: Ruling, now: Now): void {
    for (const [connection, shown] of this.#rooms.get(open.room.id) ?? []) {
      const session = this.#state.links.session(connection);
      if (session === undefined) continue;
      // Nobody else would tell him; and whoever leaves is not heard any more a moment later.
      const wasIn = before?.isIn(session.peer) ?? false;
      for (const peer of wasIn ? [session.peer, this.#state.me] : []) {
        if (before?.isIn(peer) && !after.isIn(peer)) {
          this.#tellRemoval(open, session, after, peer);
        }
      }
      this.#sync(open, session, shown, now);
    }
  }

  #tellRemoval(open: OpenRoom, session: Session, ruling: Ruling, peer: PeerId): void {
    const removal = ruling.membership?.removalOf(peer) ?? null;
    const stored = removal === null ? null : this.#state.reader.get(removal.id);
    if (stored === null) return;
    session.send({ type: "acts", room: open.room.id, posts: [stored], next: 0 });
    this.#state.links.touch(session);
  }

  #sync(open: OpenRoom, session: Session, shown: Shown, now: Now): void {
    const room = open.room.id;
    if (!this.#isShared(open, session.peer)) this.#unshare(room, session, shown, now);
    else {
      if (!shown.told) session.send({ type: "join", room });
      shown.told = true;
      if (shown.joined && !session.rooms.has(room)) {
        session.rooms.add(room);
        onShared(this.#state, session, room, now);
      }
    }
    if (session.rooms.has(room)) [shown.askMs, shown.waitMs] = [Infinity, askFirstMs];
    else shown.askMs = Math.min(shown.askMs, now.monoMs + shown.waitMs);
    this.#state.links.touch(session);
  }

  #unshare(room: RoomId, session: Session, shown: Shown, now: Now): void {
    if (shown.told) session.send({ type: "leave", room });
    shown.told = false;
    if (session.rooms.delete(room)) onUnshared(this.#state, session, room, false, now);
  }

  #part(room: RoomId, session: Session, now: Now): void {
    const shown = this.#rooms.get(room)?.get(session.link.connection);
    if (shown !== undefined) this.#unshare(room, session, shown, now);
    this.#state.links.touch(session);
  }

  #ask(room: RoomId, session: Session, shown: Shown, now: Now, from = 0): void {
    shown.isAsked = true;
    shown.askMs = now.monoMs + shown.waitMs;
    shown.waitMs = Math.min(2 * shown.waitMs, askMsMax);
    session.send({ type: "acts-wanted", room, from });
    this.#state.links.touch(session);
  }

  /** Asks again those whose view differs from ours. */
  onTime(now: Now): void {
    if (this.#lookMs <= now.monoMs) this.#lookAtTags(now);
    for (const [room, links] of this.#rooms) {
      for (const [connection, shown] of links) {
        if (shown.askMs > now.monoMs) continue;
        const session = this.#state.links.session(connection);
        if (session === undefined) links.delete(connection);
        else this.#ask(room, session, shown, now);
      }
    }
  }

  /** Without an answer it asks again later. */
  #answer(open: OpenRoom, session: Session, from: number, now: Now): void {
    const ruling = open.charge?.ruling ?? null;
    if (ruling === null || !session.wantsPage || !session.quotas.acts.take(1, now.monoMs)) return;
    const { limits, reader } = this.#state;
    const posts: SignedPost[] = [];
    const acts = actsFor(session.peer, ruling);
    let next = Math.min(from, acts.length);
    for (let bytes = 0; next < acts.length; next++) {
      const stored = reader.get(acts[next]!.id);
      if (stored === null) continue;
      bytes += envelopeBytes(stored);
      if (bytes > limits.pageBytesMax && posts.length > 0) break;
      posts.push(stored);
    }
    next = next < acts.length ? next : 0;
    session.sendPage({ type: "acts", room: open.room.id, posts, next });
    this.#state.links.touch(session);
  }

  #onActs(
    open: OpenRoom,
    session: Session,
    shown: Shown,
    message: Extract<PrivateMessage, { readonly type: "acts" }>,
    now: Now,
  ): LinkEvent[] {
    const state = this.#state;
    if (!session.quotas.acts.take(1, now.monoMs)) return [];
    const events: LinkEvent[] = [];
    // What nobody has asked for has just happened.
    const way: Way = shown.isAsked
      ? { origin: "history", request: null }
      : { origin: "live", hops: 1, wide: false };
    shown.isAsked &&= message.next > 0;
    const founder = this.#vault.secretOf(open.room.id)?.founder;
    const ruling = open.charge?.ruling ?? null;
    for (
      const { envelope, author } of credibleActs(message.posts, founder, ruling, state.crypto)
    ) {
      const isKnown = state.known.has(author);
      if (!state.budgets.allowsHistory(open.room.id, author, isKnown, now.monoMs)) continue;
      const verdict = intake(state, session, open, envelope, way, now);
      if (verdict === "invalid") events.push(...state.links.onInvalid(session, now));
      if (state.links.session(session.link.connection) !== session) return events;
    }
    if (message.next > 0 && !session.rooms.has(open.room.id)) {
      this.#ask(open.room.id, session, shown, now, message.next);
    }
    return events;
  }
}
