/**
 * What an engine asks of private rooms. peer/engine_private.ts answers; it is loaded only where
 * there is such a room, because most peers are in none and each module costs every start.
 */

import type { PeerId, PostId, RoomId } from "../wire/ids.ts";
import type { Message } from "../wire/message.ts";
import type { Post } from "../wire/post.ts";
import type { PostHead } from "../wire/sealed.ts";
import type { Arrival } from "./action.ts";
import type { ConnectionId, Now } from "./input.ts";
import type { LinkEvent } from "./link_event.ts";
import type { Guest, RoomSecret } from "./room_secret.ts";
import type { Ruler, Ruling } from "./ruling.ts";
import type { Session } from "./session.ts";

/** Messages of which private rooms consist beside those of all rooms. */
export type PrivateMessage = Extract<
  Message,
  { readonly type: "tags" | "acts-wanted" | "acts" | "join" | "leave" }
>;

/** The private rooms of one engine. */
export interface PrivateRooms {
  /** When {@linkcode PrivateRooms.onTime} has something to do, on the monotonic clock. */
  readonly deadlineMs: number;
  /** How full its collections are. */
  readonly sizes: {
    readonly open: number;
    readonly kept: number;
    readonly epochs: number;
  };
  /** Whether a room is private, open or not. */
  has(room: RoomId): boolean;
  /** The secret of a room; `null` if it is not known here. */
  secretOf(room: RoomId): RoomSecret | null;
  /** What counts in a room; `null` if it is none of these. */
  rulerOf(room: RoomId): Ruler | null;

  /** Founds a room and opens it. */
  create(name: string, history: boolean, ref: number, now: Now): void;
  /** Opens a room whose secret was given to this person. */
  adopt(secret: RoomSecret, now: Now): RoomId;
  /** Adds somebody, or seals the present epoch anew to somebody who is a member already. */
  addMember(room: RoomId, guest: Guest, now: Now): void;
  /** Leaves for good, or admits again somebody who was removed. */
  power(room: RoomId, act: "leave" | "readmit", peer: PeerId, ref: number, now: Now): void;

  /** The body of a post as it was before it was encrypted; `null` if no secret here opens it. */
  bodyOf(post: Post): Uint8Array | null;
  /**
   * Makes sure that there is an epoch for a post of a kind.
   *
   * @throws {ChatError} If this person is no member.
   */
  prepare(room: RoomId, kind: number, now: Now): void;
  /** Encrypts a body as its kind wants it; owed {@linkcode PrivateRooms.prepare} before. */
  veil(head: PostHead, plain: Uint8Array): Uint8Array;
  /** Whether a post of ours could be encrypted now. */
  mayWrite(room: RoomId): boolean;

  /** Tags for a link: a new one, or after a room was opened or closed. */
  tagsFor(session: Session, round: number): Uint8Array[];
  /** Refuses one more open room than there are tags. */
  needPlace(): void;
  /** A room is open; neighbours are told by tags. */
  onOpened(room: RoomId, now: Now): void;
  /** A room is to be closed: its neighbours are told. */
  onClosed(room: RoomId, now: Now): void;
  /** Takes what only concerns private rooms. */
  onMessage(session: Session, message: PrivateMessage, now: Now): LinkEvent[];
  /** A link is gone. */
  onLinkLost(connection: ConnectionId): void;
  /**
   * Whether a post is by somebody whom an act names as a member, and so is to be stored.
   *
   * @param officers Whom the acts name; without them those of the open room.
   */
  isByMember(post: Post, officers?: ReadonlySet<PeerId>): boolean;
  /** Posts are on disk. */
  onStored(arrivals: readonly Arrival[], now: Now): void;
  /**
   * Who belongs to a room, or is in charge, has changed.
   *
   * @param arrived What has come with that, and is shown as it is stored.
   */
  onRuling(
    room: RoomId,
    before: Ruling | null,
    after: Ruling,
    arrived: ReadonlySet<PostId>,
    now: Now,
  ): void;
  /** A room has been read from the store anew. */
  onReloaded(room: RoomId): void;
  /** Makes and seals epochs where that is due. */
  onTime(now: Now): void;
}
