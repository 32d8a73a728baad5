/** What a chat answers when it is asked who and what is there: links, people, rooms. */

import type { PeerId, PostId, RoomId } from "../wire/ids.ts";
import type { LogicalTime } from "../wire/post.ts";
import type { RoomName } from "./notice.ts";

/** A link as `/peers` shows it. */
export interface PeerState {
  /** Who is at the other end, as soon as it is known. */
  readonly peer: PeerId | null;
  /** The newest known name there; empty if none is known. */
  readonly name: string;
  /** ip:port or [v6]:port or host:port. */
  readonly address: string;
  /** Who dialled: the other side (`in`) or this one (`out`). */
  readonly direction: "in" | "out";
  /** `waiting`: for the next try. */
  readonly state: "up" | "dialling" | "waiting";
  /** Round trip of the last ping. */
  readonly rttMs: number | null;
  /** What failed last, in plain words. */
  readonly lastError: string | null;
  /** Time until the next try, for `waiting`. */
  readonly nextTryMs: number | null;
  /** How long the link has been up; `null` for those that are not. */
  readonly ageMs: number | null;
  /** Bytes that wait for the link to take them. */
  readonly queuedBytes: number;
}

/** Somebody in a room. */
export interface Person {
  /** The person's key. */
  readonly from: PeerId;
  /** The newest known name; empty if none is known. */
  readonly name: string;
  /** It is this peer. */
  readonly self: boolean;
  /** The reason for being away, empty if none was given; `null` if here. */
  readonly away: string | null;
  /** How long ago the last word of this person came, where that is more than a minute. */
  readonly seenMsAgo: number | null;
  /** `verified`: the safety numbers were compared; `known`: accepted, or written to. */
  readonly mark: "verified" | "known" | null;
  /** Nothing of this person is shown. */
  readonly blocked: boolean;
}

/** What somebody in charge of a room has done, as `/log` shows it. */
export interface RoomAct {
  /** The post that says so. */
  readonly id: PostId;
  /** When, by the clock of who did it. */
  readonly time: LogicalTime;
  /** What was done. */
  readonly act:
    | "found"
    | "admin"
    | "no-admin"
    | "remove"
    | "readmit"
    | "add"
    | "leave"
    | "close"
    | "topic"
    | "announce"
    | "hide";
  /** Who did it. */
  readonly by: PeerId;
  /** The newest known name of who did it. */
  readonly byName: string;
  /** About whom; `null` if about nobody. */
  readonly peer: PeerId | null;
  /** The newest known name there; empty if about nobody. */
  readonly name: string;
}

/** Somebody, with the newest known name (empty if none is known). */
export interface NamedPeer {
  /** The person's key. */
  readonly peer: PeerId;
  /** The newest known name. */
  readonly name: string;
}

/** Who is in charge of a room that somebody has founded. */
export interface RoomStanding {
  /** Whose room it is; `null` until that is known. */
  readonly founder: NamedPeer | null;
  /** Named by the founder, in the order of the first naming. */
  readonly admins: readonly NamedPeer[];
  /** Removed, and not admitted again. */
  readonly removed: readonly NamedPeer[];
}

/** A room that is open, as `/rooms` shows it. */
export interface RoomSummary extends OpenRoom {
  /** The post up to which it has been read, which may be gone; `null` if that was never said. */
  readonly readUpTo: PostId | null;
  /** Posts of others shown after that one, 1,000 at most; all of them if it is `null`. */
  readonly unread: number;
}

/** What the engine knows of a room that is open. */
export interface OpenRoom {
  /** Names the room everywhere; for a direct chat the other's key. */
  readonly id: RoomId;
  /** A room for everybody, one with a founder, one for its members, or a chat with one person. */
  readonly kind: "public" | "owned" | "private" | "direct";
  /** For an owned or private room: whether it is closed for good. */
  readonly closed?: boolean | undefined;
  /**
   * For an owned or private room: this person's place; `removed` from it, or neither of these. In
   * a private room `stranger`: not known to be a member yet.
   */
  readonly role?: "founder" | "admin" | "removed" | "stranger" | null | undefined;
  /** For a private room: who belongs to it, this person included. */
  readonly members?: number | undefined;
  /** How it is called here. */
  readonly room: RoomName;
  /** What to call it for people: the name of a room, or of a person (empty if not known). */
  readonly title: string;
  /** What it is about; empty if nobody has said. */
  readonly topic: string;
  /** People here, this peer included. */
  readonly present: number;
  /** Neighbours that have the room open too. */
  readonly neighbours: number;
}
