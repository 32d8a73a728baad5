/**
 * What an engine asks of invites to private rooms. peer/engine_invites.ts answers; it is loaded
 * with private rooms, because most peers are in none.
 */

import type { PostId, RoomId } from "../wire/ids.ts";
import type { Message } from "../wire/message.ts";
import type { Arrival } from "./action.ts";
import type { ConnectionId, Now } from "./input.ts";
import type { InviteInfo, TakenInvite } from "./invites.ts";
import type { Session } from "./session.ts";

/** What is said over a link about an invite. */
export type InviteMessage = Extract<
  Message,
  { readonly type: "redeem" | "welcome" | "refused" }
>;

/** Invites of one engine, those made here and those to be taken. */
export interface InviteDesk {
  /** When {@linkcode InviteDesk.onTime} has something to do, on the monotonic clock. */
  readonly deadlineMs: number;
  /** How full its collections are. */
  readonly sizes: {
    /** Invites that are being taken. */
    readonly taking: number;
    /** Posts about invites that are in mind, of the room with the most. */
    readonly known: number;
    /** Guests whose additions are not stored yet. */
    readonly waiting: number;
  };
  /** Makes an invite of a public key; acknowledged with its post. */
  make(
    room: RoomId,
    wishes: {
      readonly key: Uint8Array;
      readonly expiresMs: number | null;
      readonly count: number | null;
    },
    ref: number,
    now: Now,
  ): void;
  /** Takes an invite back; acknowledged with the post that says so. */
  revoke(room: RoomId, invite: PostId, ref: number, now: Now): void;
  /** Invites that were made in a room, oldest first. */
  list(room: RoomId, now: Now): InviteInfo[];
  /** Asks to be let in, over each link, until somebody does. */
  take(invite: TakenInvite, now: Now): void;
  /** A link is up. */
  onUp(session: Session, now: Now): void;
  /** A link is gone. */
  onLinkLost(connection: ConnectionId): void;
  /** Takes what is said about an invite. */
  onMessage(session: Session, message: InviteMessage, now: Now): void;
  /** Posts are on disk. */
  onStored(arrivals: readonly Arrival[]): void;
  /** They are not, and nothing of them was said. */
  onAppendFailed(): void;
  /** Asks again, and gives up what has expired. */
  onTime(now: Now): void;
}
