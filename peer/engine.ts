/**
 * One peer's decisions: `step(inputs, now)` takes what has happened and returns what to do.
 *
 * Synchronous, deterministic and free of I/O: equal state and inputs give equal actions, so
 * a simulator can run thousands of peers and replay any failure. A step takes all inputs of
 * one turn of the loop, so that what belongs together goes to disk in one transaction and to
 * each neighbour in one frame.
 *
 * The rules of the actions stand in action.ts; `order_check.ts` asserts them.
 */

import type { PeerId, PostId, RoomId } from "../wire/ids.ts";
import type { LogicalTime, Post } from "../wire/post.ts";
import type { PostBody } from "../wire/post_body.ts";
import type { Action } from "./action.ts";
import type { Acquaintance } from "./chat.ts";
import { type ShownAs, shownAs } from "./engine_charge.ts";
import { onCommand, takeName } from "./engine_commands.ts";
import { onAppended, onAppendFailed, reloadRoom } from "./engine_commit.ts";
import { onDeliveryTime, type ReceiptReport, receiptReport } from "./engine_deliveries.ts";
import { onDirectTime, reloadLetters } from "./engine_direct.ts";
import { onGapTime } from "./engine_forks.ts";
import { onProgressTime, onSeekTime, serveNeighbours } from "./engine_history.ts";
import { onLinkEvents } from "./engine_links.ts";
import { onOverlayTime } from "./engine_overlay.ts";
import { sayAgain, tellLeave } from "./engine_presence.ts";
import { onReceiptTime, receiptDeadlineMs } from "./engine_receipts.ts";
import { endSilence, introduce } from "./engine_rooms.ts";
import { type Sizes, sizes } from "./engine_sizes.ts";
import { type EngineOptions, EngineState } from "./engine_state.ts";
import { onSilence, onTreeTime } from "./engine_tree.ts";
import * as view from "./engine_view.ts";
import type { Input, Now } from "./input.ts";
import type { InviteDesk } from "./invite_desk.ts";
import type { InviteInfo } from "./invites.ts";
import type { OpenRoom, PeerState, Person, RoomAct, RoomStanding } from "./listing.ts";
import type { NetReport } from "./net_report.ts";
import type { MessageRequest, RoomName } from "./notice.ts";
import type { PrivateRooms } from "./private_rooms.ts";

export type { EngineOptions } from "./engine_state.ts";

/** Links beyond which deadlines are not looked through at every step. */
const manyLinks = 64;
/** How long the deadline of many links may be out of date. */
const staleMs = 250;

/** One peer. */
export class Engine {
  readonly #state: EngineState;
  #awaiting = false;
  #deadlineMs = Infinity;
  #lookedMs = -Infinity;
  /** The wall clock less the monotonic one at the last step. */
  #wallAheadMs = NaN;

  constructor(options: EngineOptions) {
    this.#state = new EngineState(options);
    reloadLetters(this.#state);
  }

  /** When the next `wake` is wanted, on the monotonic clock; `Infinity` if none is. */
  get deadlineMs(): number {
    return this.#deadlineMs;
  }

  /** Links of others whose handshake has not ended. */
  get handshakes(): number {
    return this.#state.links.handshakesIn;
  }

  /** Links that others opened. */
  get inbound(): number {
    return this.#state.links.inbound;
  }

  /** How full the fullest collection is that each limit bounds; for tests. */
  get sizes(): Sizes {
    return sizes(this.#state);
  }

  /** Own posts of this run that nobody else is known to hold. */
  get undelivered(): number {
    return this.#state.receipts.undelivered;
  }

  /** This peer's name. */
  get name(): string {
    return this.#state.name;
  }

  /** The newest known name of a peer; empty if there is none. */
  nameOf(peer: PeerId): string {
    return this.#state.nameOf(peer);
  }

  /** Whether this peer knows somebody's key from elsewhere than a room full of strangers. */
  isKnown(peer: PeerId): boolean {
    return this.#state.known.has(peer);
  }

  /** Links, then addresses that are dialled or wait. */
  peers(now: Now): PeerState[] {
    return view.peers(this.#state, now);
  }

  /** How this peer is connected. */
  net(): NetReport {
    return view.net(this.#state);
  }

  /** Who is in an open room. */
  who(room: RoomName, now: Now): Person[] {
    return view.who(this.#state, room, now);
  }

  /** Open rooms in the order of joining. */
  rooms(): OpenRoom[] {
    return view.rooms(this.#state);
  }

  /** What was done in an owned room. */
  roomLog(room: RoomName): RoomAct[] {
    return view.roomLog(this.#state, room);
  }

  /** Brings in private rooms, once there is one. */
  usePrivate(make: (state: EngineState) => PrivateRooms): void {
    this.#state.private ??= make(this.#state);
  }

  /** Brings in invites to private rooms, once those were brought in. */
  useInvites(make: (state: EngineState, rooms: PrivateRooms) => InviteDesk): void {
    const { private: rooms } = this.#state;
    if (rooms !== null) this.#state.invites ??= make(this.#state, rooms);
  }

  /** Invites that were made in an open private room, oldest first. */
  invites(room: RoomId, now: Now): InviteInfo[] {
    return this.#state.invites?.list(room, now) ?? [];
  }

  /** Whether those who come to a private room see what was said before; `null` of other rooms. */
  showsPast(room: RoomId): boolean | null {
    return this.#state.private?.secretOf(room)?.history ?? null;
  }

  /** Whether private rooms were brought in. */
  get hasPrivate(): boolean {
    return this.#state.private !== null;
  }

  /** What a post says, decrypted if need be; `null` if that cannot be read here. */
  read(post: Post): PostBody | null {
    return this.#state.read(post);
  }

  /** Whether a room is a private one, open or not. */
  isPrivate(room: RoomId): boolean {
    return this.#state.private?.has(room) ?? false;
  }

  /** Who is in charge of an owned room, and who was removed from it. */
  standing(room: RoomName): RoomStanding {
    return view.standing(this.#state, room);
  }

  /** Whether a stored post counts as said, and whether somebody in charge has hidden it. */
  shownAs(post: Post): ShownAs {
    return shownAs(this.#state, post);
  }

  /** Those who have written and wait for accept or block. */
  requests(): readonly MessageRequest[] {
    return view.requests(this.#state);
  }

  /** Whether the chat with somebody is open. */
  isChatting(peer: PeerId): boolean {
    return this.#state.direct?.chats.has(peer) ?? false;
  }

  /** Whether somebody is blocked, so that nothing of this person is shown. */
  isBlocked(peer: PeerId): boolean {
    return this.#state.decided.of(peer).blocked;
  }

  /** People by name, key or start of a key. */
  whois(query: string): Acquaintance[] {
    return view.whois(this.#state, query);
  }

  /** How an open room is called by people; empty if that is not known. */
  title(room: RoomName): string {
    return view.title(this.#state, room);
  }

  /** The id of an open room; `null` if it is not open. */
  roomId(name: RoomName): RoomId | null {
    return view.roomId(this.#state, name);
  }

  /** The name of an open room; `null` if it is not open. */
  roomName(id: RoomId): RoomName | null {
    return this.#state.rooms.get(id)?.room.name ?? null;
  }

  /** How far an own post has come, who is known to hold it, of how many; `null` if it is none of ours. */
  receipt(id: PostId, now: Now): ReceiptReport | null {
    return receiptReport(this.#state, id, now);
  }

  /** Whether a post is marked "clock ahead". */
  isClockAhead(time: LogicalTime, now: Now): boolean {
    return this.#state.clock.isAhead(time, now.wallMs);
  }

  /**
   * Takes what has happened since the last step.
   *
   * @param inputs In the order in which it happened. After a list that ended with `append`,
   * the first is `appended` or `appendFailed`.
   * @param now Both clocks; the monotonic one must not go back.
   * @returns What to do, in order; at most one `append`, and that last.
   */
  step(inputs: readonly Input[], now: Now): Action[] {
    const state = this.#state;
    state.actions = [];
    // What is stamped in this step must not be corrected by how things were before.
    const jumped = this.#hasJumped(now);
    if (jumped) state.clock.onJump();
    for (const input of inputs) {
      const answer = input.type === "appended" || input.type === "appendFailed";
      if (answer !== this.#awaiting) {
        throw new Error(
          `${input.type} ${answer ? "without" : "in place of the answer to"} an append`,
        );
      }
      this.#awaiting = false;
      this.#onInput(input, now);
    }
    if (jumped) onLinkEvents(state, state.links.onJump(now), now);
    if (now.monoMs >= state.silentUntilMs || state.links.size > 0) endSilence(state, now);
    if (now.monoMs >= this.#deadlineMs) {
      this.#deadlineMs = Infinity;
      this.#onTime(now);
    }
    state.links.dials.dialDue(now);
    serveNeighbours(state, now);
    onLinkEvents(state, state.links.flush(now), now);
    this.#append(now);
    this.#lookForDeadline(now);
    return state.actions;
  }

  #onInput(input: Input, now: Now): void {
    const state = this.#state;
    switch (input.type) {
      case "command":
        return onLinkEvents(state, onCommand(state, input.ref, input.command, now), now);
      case "connected": {
        const { connection, direction, address, remote = address } = input;
        if (state.quitting) return state.act({ type: "close", connection, reason: "leaving" });
        return onLinkEvents(
          state,
          state.links.onConnected({ connection, direction, address, remote }, now),
          now,
        );
      }
      case "received":
        return onLinkEvents(state, state.links.onReceived(input.connection, input.bytes, now), now);
      case "drained":
        return state.links.onDrained(input.connection, now);
      case "disconnected":
        return onLinkEvents(
          state,
          state.links.onDisconnected(input.connection, input.reason, now),
          now,
        );
      case "dialFailed":
        return onLinkEvents(
          state,
          state.links.dials.onDialFailed(input.address, input.reason, now),
          now,
        );
      case "listening":
        state.port = input.port;
        state.addresses = input.addresses;
        state.links.dials.learnt.setOwn(input.addresses, [
          ...input.port === null ? [] : [input.port],
          ...input.otherPorts ?? [],
        ]);
        return;
      case "found":
        if (!state.addresses.includes(input.address)) {
          state.links.dials.schedule.remember(input.address, now.monoMs, input.finder === "lan");
        }
        return;
      case "appended":
        state.fetch.onSettled();
        return this.#onAppended(now);
      case "appendFailed":
        state.fetch.onSettled();
        return onAppendFailed(state, input.code, input.detail, now);
      case "pruned":
        for (const id of input.rooms) {
          const open = state.rooms.get(id);
          if (open !== undefined) reloadRoom(state, open);
        }
        return;
      case "networkChanged":
        return state.links.onNetworkChanged(now);
      case "wake":
        return;
    }
  }

  #onAppended(now: Now): void {
    const state = this.#state;
    const { newName } = state.batch;
    const recovered = state.probeMs !== null;
    onAppended(state, now);
    if (newName !== null) takeName(state, newName, now);
    if (!recovered) return;
    for (const open of state.rooms.values()) introduce(state, open, now);
  }

  /** Whether the wall clock has gone otherwise than the monotonic one since the last step. */
  #hasJumped(now: Now): boolean {
    const aheadMs = now.wallMs - now.monoMs;
    const jumpMs = Math.abs(aheadMs - this.#wallAheadMs);
    this.#wallAheadMs = aheadMs;
    return jumpMs > this.#state.limits.clockJumpMs;
  }

  #onTime(now: Now): void {
    const state = this.#state;
    onLinkEvents(state, state.links.onTime(now), now);
    for (const { connection, room } of state.fetch.onTime(now.monoMs)) {
      onSilence(state, connection, room, now);
    }
    onOverlayTime(state, now);
    onLinkEvents(
      state,
      state.links.endIdle(
        ({ link }) =>
          [...state.rooms.values()].some(({ members }) => members.isSaid(link.connection)),
        now,
      ),
      now,
    );
    onTreeTime(state, now);
    onDeliveryTime(state, now);
    onReceiptTime(state, now);
    onGapTime(state, now);
    onProgressTime(state, now);
    onSeekTime(state, now);
    onDirectTime(state, now);
    state.private?.onTime(now);
    state.invites?.onTime(now);
    for (const open of state.rooms.values()) {
      for (const gone of open.presence.onTime(now.monoMs)) tellLeave(state, open.room.name, gone);
      if (open.ownDueMs <= now.monoMs) sayAgain(state, open, now);
    }
    for (const session of state.links.sessions) state.links.touch(session);
  }

  #append(now: Now): void {
    const { batch, probeMs } = this.#state;
    const probe = probeMs !== null && now.monoMs >= probeMs;
    if (probeMs !== null ? !probe : batch.arrivals.length === 0 && batch.newLog === null) return;
    this.#state.act({ type: "append", arrivals: batch.arrivals, newLog: batch.newLog });
    this.#awaiting = true;
  }

  #lookForDeadline(now: Now): void {
    const state = this.#state;
    if (state.links.size > manyLinks && now.monoMs < this.#lookedMs + staleMs) {
      this.#deadlineMs = Math.min(this.#deadlineMs, this.#lookedMs + staleMs);
      return;
    }
    this.#lookedMs = now.monoMs;
    let earliest = Math.min(
      state.links.deadlineMs,
      state.fetch.deadlineMs,
      state.tell.deadlineMs((connection) => state.links.session(connection)?.wantsPage ?? false),
      state.probeMs ?? Infinity,
      receiptDeadlineMs(state),
      // Nobody is asked for anything while it could not be stored.
      state.probeMs === null ? state.seek.deadlineMs : Infinity,
      state.direct?.deadlineMs ?? Infinity,
      state.private?.deadlineMs ?? Infinity,
      state.invites?.deadlineMs ?? Infinity,
    );
    for (const { room, presence, members, gaps, progress, ownDueMs } of state.rooms.values()) {
      const tree = state.broadcast.tree(room.id);
      earliest = Math.min(
        earliest,
        presence.deadlineMs,
        ownDueMs,
        gaps.dueMs,
        progress.dueMs,
        members.deadlineMs,
        tree.deadlineMs,
      );
    }
    this.#deadlineMs = earliest;
  }
}
