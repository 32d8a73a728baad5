/**
 * Notices: what the engine tells a screen. The full-screen terminal, line mode, NDJSON and
 * the page all show this one stream.
 */

import type { PeerId, PostId } from "../wire/ids.ts";
import type { LogicalTime } from "../wire/post.ts";
import type { InviteFailure } from "./invites.ts";

/**
 * How a room is called on the NDJSON interface: a public name without `#`, `~` and its id, or for
 * a direct chat `@` and the other's key.
 */
export type RoomName = string;

/** A post as a person reads it. */
export interface ShownPost {
  /** Names the post everywhere. */
  readonly id: PostId;
  /** Words, an act ("/me"), words of somebody in charge, or what the room is about. */
  readonly kind: "text" | "action" | "announcement" | "topic";
  /** The room it stands in. */
  readonly room: RoomName;
  /** The author's key. */
  readonly from: PeerId;
  /** The author's newest known name; empty if none is known. */
  readonly name: string;
  /** As it was written; made inert only where it is shown. */
  readonly text: string;
  /** When, by the author's clock: the order of every screen. */
  readonly time: LogicalTime;
  /** Counts the author's posts in this room and log, from 1. */
  readonly seq: number;
  /** `live`: just said; `history`: said before and fetched or stored; `own`: by this peer. */
  readonly origin: "live" | "history" | "own";
  /** The post that it answers. */
  readonly reply: PostId | null;
  /** The author has taken it back; `text` is empty then. */
  readonly withdrawn: boolean;
  /** Its time is more than 5 minutes ahead of our clock. */
  readonly clockAhead: boolean;
  /** Only those who were meant can read it: a direct message, or one in a private room. */
  readonly private: boolean;
  /** It came only now and stands above what was seen before: it slips into its place. */
  readonly late: boolean;
}

/**
 * How far an own post has come: on this disk alone; given to a neighbour that has not confirmed
 * it; known to be held by at least one other; or waiting for that for longer than it should.
 */
export type DeliveryState = "stored" | "handed" | "held" | "undelivered";

/** Why nobody has a post yet: nobody is there, or those that got it do not say that they have it. */
export type UndeliveredReason = "alone" | "unconfirmed";

/** The first direct message of somebody who is not accepted. */
export interface MessageRequest {
  /** Whose it is. */
  readonly from: PeerId;
  /** The newest known name; empty if none is known. */
  readonly name: string;
  /** What it says. */
  readonly text: string;
  /** The post. */
  readonly id: PostId;
}

/** What somebody in charge of a room did about somebody. */
export interface ActOnPerson {
  /** Who did it. */
  readonly by: PeerId;
  /** The newest known name of who did it. */
  readonly byName: string;
  /** About whom. */
  readonly peer: PeerId;
  /** The newest known name there. */
  readonly name: string;
}

/** Codes of {@linkcode Notice} `notice`, each with the values that its sentence needs. */
export type NoticeCode =
  | { readonly code: "waiting"; readonly port: string }
  | {
    readonly code: "dial-failed";
    readonly address: string;
    readonly reason: string;
    readonly retryMs: number;
  }
  | { readonly code: "dialled-self"; readonly address: string }
  | {
    /** Not who made the invite is at one of its addresses: no link was made. */
    readonly code: "not-inviter";
    readonly address: string;
  }
  | { /** An invite that was to be taken is this peer's own. */ readonly code: "own-invite" }
  | {
    /** Somebody has let this person into a private room, which is open now. */
    readonly code: "let-in";
    readonly peer: PeerId;
    readonly name: string;
  }
  | {
    /** An invite to a private room was not honoured. */
    readonly code: "not-let-in";
    readonly peer: PeerId;
    readonly name: string;
    readonly reason: InviteFailure;
    /** It was who made the invite; otherwise it is still waited for that one. */
    readonly byMaker: boolean;
  }
  | { readonly code: "refused-link"; readonly address: string; readonly reason: string }
  | { readonly code: "version-mismatch"; readonly address: string; readonly range: string }
  | { readonly code: "disk-trouble"; readonly detail: string }
  | { readonly code: "disk-recovered" }
  | { /** Own posts come too fast for gossip and go out by history. */ readonly code: "paced" }
  | {
    /** Own posts of this run, in all rooms, that nobody else is known to hold after a while. */
    readonly code: "undelivered";
    readonly posts: number;
    readonly reason: UndeliveredReason;
  }
  | {
    /** Posts of somebody that are to be had and exceed what history brings in a day. */
    readonly code: "held-back";
    readonly posts: number;
    /** The author's name. */
    readonly from: string;
  }
  | { readonly code: "clock-corrected"; readonly offsetMs: number }
  | { readonly code: "new-log"; readonly reason: "copied" | "restored" | "clock" }
  | {
    /** The history was damaged; it is kept as `aside`, and `posts` could be read. */
    readonly code: "history-damaged";
    readonly aside: string;
    readonly posts: number;
  }
  | { readonly code: "banned"; readonly peer: PeerId; readonly minutes: number }
  | {
    /** Somebody else is called like a person who was verified, or that person has a new key. */
    readonly code: "verified-name";
    readonly peer: PeerId;
    readonly name: string;
    readonly verified: PeerId;
  }
  | {
    /** A direct message that no key of ours opens; `asked`: it will come again. */
    readonly code: "unreadable";
    readonly peer: PeerId;
    readonly name: string;
    readonly asked: boolean;
  }
  | { /** The founder has named an admin. */ readonly code: "admin-named" } & ActOnPerson
  | { readonly code: "admin-ended" } & ActOnPerson
  | { /** Removed from an owned room. */ readonly code: "removed" } & ActOnPerson
  | { readonly code: "readmitted" } & ActOnPerson
  | { /** Somebody belongs to a private room now. */ readonly code: "member-added" } & ActOnPerson
  | { /** Somebody has left a private room for good. */ readonly code: "member-left" } & ActOnPerson
  | {
    /** An owned room is closed for good. */
    readonly code: "room-closed";
    readonly by: PeerId;
    readonly byName: string;
  }
  | { readonly code: "listening"; readonly addresses: string }
  | { readonly code: "not-listening" }
  | { readonly code: "lan-failed"; readonly reason: string };

/** One thing that happened. */
export type Notice =
  | { readonly type: "message"; readonly post: ShownPost }
  | {
    readonly type: "peer";
    readonly event: "up" | "down";
    readonly peer: PeerId;
    readonly name: string;
    readonly address: string;
    readonly direction: "in" | "out";
    /** Why it went down: "left", "cut", "dead", "stalled", "duplicate", …; `null` for up. */
    readonly reason: string | null;
  }
  | {
    readonly type: "presence";
    readonly event: "join" | "leave";
    readonly room: RoomName;
    readonly from: PeerId;
    readonly name: string;
  }
  | {
    /** Somebody who is here, or this person, is away now, or here again, or away otherwise. */
    readonly type: "away";
    readonly room: RoomName;
    readonly from: PeerId;
    readonly name: string;
    /** As in {@linkcode Person.away}. */
    readonly reason: string | null;
  }
  | {
    /**
     * Who is in charge of a room with a founder, who was removed, or what it is called, is
     * different now: it was done just now, or has become known.
     */
    readonly type: "charge";
    readonly room: RoomName;
  }
  | {
    /** Somebody is called otherwise now. */
    readonly type: "renamed";
    readonly room: RoomName;
    readonly from: PeerId;
    readonly before: string;
    readonly name: string;
  }
  | {
    /** `have` of the `members` others that are known hold the own post. */
    readonly type: "receipt";
    readonly id: PostId;
    readonly room: RoomName;
    readonly have: number;
    readonly members: number;
  }
  | {
    /** An own post of this run has come as far as that; how many hold it comes as `receipt`. */
    readonly type: "delivery";
    readonly id: PostId;
    readonly room: RoomName;
    readonly state: DeliveryState;
    /** For `undelivered`: a reason of the closed list, for the catalogue. */
    readonly reason: UndeliveredReason | null;
  }
  | {
    readonly type: "withdrawn";
    readonly id: PostId;
    readonly room: RoomName;
    readonly from: PeerId;
    /** Somebody in charge who has done it, where it was not the author. */
    readonly by?: PeerId | undefined;
  }
  | {
    /** Posts of somebody are missing between those that are here, and were for some seconds. */
    readonly type: "gap";
    readonly room: RoomName;
    readonly from: PeerId;
    readonly name: string;
    /** How many; 0 once all have come. */
    readonly missing: number;
    /** The name of the neighbour that is asked for them; empty if none is. */
    readonly asking: string;
  }
  | {
    /** Two posts by one key stand in one place: it is used twice at once, or was stolen. */
    readonly type: "fork";
    readonly room: RoomName;
    readonly from: PeerId;
    readonly name: string;
    readonly seq: number;
    readonly ids: readonly [PostId, PostId];
  }
  | {
    /** History of a room that comes in: `fetched` of `total` posts. */
    readonly type: "progress";
    readonly room: RoomName;
    readonly fetched: number;
    readonly total: number;
  }
  | {
    /** A room has been read up to a post, on whichever screen. */
    readonly type: "read";
    readonly room: RoomName;
    readonly upTo: PostId;
  }
  | {
    /** A room was opened or closed while this peer runs, by whichever face. */
    readonly type: "room";
    readonly event: "open" | "close";
    readonly room: RoomName;
  }
  | { /** Somebody unknown writes: accept or block. */ readonly type: "request" } & MessageRequest
  | { readonly type: "notice"; readonly room: RoomName | null } & NoticeCode;
