/** What happens to an engine: the inputs of `step`. */

import type { PeerId, PostId, RoomId } from "../wire/ids.ts";
import type { Post } from "../wire/post.ts";
import type { TakenInvite } from "./invites.ts";
import type { Guest, RoomSecret } from "./room_secret.ts";

/** The two clocks at the moment of a step. */
export interface Now {
  /** Never goes back; its zero means nothing. */
  readonly monoMs: number;
  /** Milliseconds since 1970 as this machine believes. */
  readonly wallMs: number;
}

/** A socket, numbered by the shell; never used again after it is closed. */
export type ConnectionId = number;

/** What those in charge of a room do. */
export type PowerDeed =
  | { readonly act: "announce"; readonly text: string }
  | {
    readonly act: "admin" | "no-admin" | "remove" | "readmit";
    readonly peer: PeerId;
  }
  | { readonly act: "close" };

/** What a person or program wants; answered once by an `acknowledge` with the same `ref`. */
export type Command =
  | {
    /** Posts a text. Acknowledged with the post's id when it is durable. */
    readonly type: "say";
    readonly room: string;
    readonly kind: "text" | "action" | "topic";
    readonly text: string;
    readonly reply: PostId | null;
  }
  | {
    /** Writes to one person. Acknowledged with the post's id when it is durable. */
    readonly type: "direct";
    readonly to: PeerId;
    readonly kind: "text" | "action";
    readonly text: string;
    readonly reply: PostId | null;
  }
  | { /** Shows what somebody writes. */ readonly type: "accept"; readonly peer: PeerId }
  | {
    /** The safety numbers were compared, or that is taken back. */ readonly type: "verify";
    readonly peer: PeerId;
    readonly on: boolean;
  }
  | {
    /** A name for somebody that is ours alone; `null` for the person's own. */
    readonly type: "petname";
    readonly peer: PeerId;
    readonly name: string | null;
  }
  | {
    /** Shows nothing of somebody, or all again. */ readonly type: "block";
    readonly peer: PeerId;
    readonly on: boolean;
  }
  | { /** Takes an own post back. */ readonly type: "withdraw"; readonly id: PostId }
  | { readonly type: "join"; readonly room: string }
  | {
    /** Founds a room of one's own; acknowledged with its first post. */ readonly type: "found";
    readonly name: string;
    /** Whether only members carry it and can read it. */
    readonly kind: "owned" | "private";
    /** Whether whoever is added to a private room reads what was said before, too. */
    readonly history: boolean;
  }
  | {
    /** Adds somebody to a private room; acknowledged at once. */ readonly type: "add-member";
    readonly room: RoomId;
    readonly guest: Guest;
  }
  | {
    /** Opens a private room whose secret was given to this person. */ readonly type: "adopt";
    readonly secret: RoomSecret;
  }
  | {
    /** Makes an invite to a private room; acknowledged with its post. */
    readonly type: "make-invite";
    readonly room: RoomId;
    /** The public key of its seed, 32 bytes. */
    readonly key: Uint8Array;
    /** In milliseconds since 1970; `null`: for ever. */
    readonly expiresMs: number | null;
    /** How many people may come by it; `null`: any number. */
    readonly count: number | null;
  }
  | {
    /** Takes an invite to a private room back. */ readonly type: "revoke-invite";
    readonly room: RoomId;
    /** The post that made it. */
    readonly invite: PostId;
  }
  | { readonly type: "power"; readonly room: string; readonly deed: PowerDeed }
  | { readonly type: "leave"; readonly room: string }
  | { /** Asks for what is held back of a room. */ readonly type: "more"; readonly room: string }
  | { /** A new name, in all rooms. */ readonly type: "rename"; readonly name: string }
  | {
    /** Away with a reason, or here again. */ readonly type: "away";
    readonly reason: string | null;
  }
  | {
    /** Dials now and again after each loss. */ readonly type: "connect";
    readonly address: string;
  }
  | {
    /** Dials the addresses of an invite, where its maker must be, who is known from now on. */
    readonly type: "accept-invite";
    readonly peer: PeerId;
    readonly addresses: readonly string[];
    /** Of an invite to a private room: what to show there. */
    readonly ticket: Omit<TakenInvite, "peer"> | null;
  }
  | {
    /** Closes links to a peer id or address and stops dialling it. */
    readonly type: "disconnect";
    readonly target: string;
  }
  | {
    /** Dials at once what is waiting: one peer id or address, or all. */
    readonly type: "reconnect";
    readonly target: string | null;
  }
  | {
    /** Takes in posts of an export, whose signatures have been verified. */
    readonly type: "import";
    readonly posts: readonly Post[];
  }
  | {
    /** Says goodbye to everybody; acknowledged when nothing more is to be written. */ readonly type:
      "quit";
  };

/** One input. */
export type Input =
  | {
    /** Posts of these rooms were removed from the store, which holds their floors now. */
    readonly type: "pruned";
    readonly rooms: readonly RoomId[];
  }
  | { readonly type: "command"; readonly ref: number; readonly command: Command }
  | {
    /** A socket is open. */
    readonly type: "connected";
    readonly connection: ConnectionId;
    readonly direction: "in" | "out";
    /** The other end; for `out` exactly the address of the `dial`. */
    readonly address: string;
    /** The same in numbers, where `address` names a host. */
    readonly remote?: string | undefined;
  }
  | { readonly type: "received"; readonly connection: ConnectionId; readonly bytes: Uint8Array }
  | {
    /**
     * All bytes written to the connection have been taken by the system. Owed whenever at
     * least `writeLowWaterBytes` were written since the last one.
     */
    readonly type: "drained";
    readonly connection: ConnectionId;
  }
  | {
    /** The socket is closed, by the other end or by a failure; never after our own `close`. */
    readonly type: "disconnected";
    readonly connection: ConnectionId;
    readonly reason: string;
  }
  | { readonly type: "dialFailed"; readonly address: string; readonly reason: string }
  | {
    /** Where this peer can be dialled has changed: its port, and its addresses; `null` and none if it cannot. */
    readonly type: "listening";
    readonly port: number | null;
    readonly addresses: readonly string[];
    /** Ports of this machine at which the same program serves something else. */
    readonly otherPorts?: readonly number[];
  }
  | {
    /**
     * The machine's own addresses are others than before, or it has slept: links may be dead
     * without a word, and what could not be reached may be now. A `listening` with the present
     * addresses goes before if this peer listens.
     */
    readonly type: "networkChanged";
  }
  | {
    /** A finder came upon an address. */ readonly type: "found";
    readonly address: string;
    readonly finder: string;
  }
  | { /** The `append` that ended the step before is on disk. */ readonly type: "appended" }
  | {
    /** The `append` that ended the step before left no trace. */
    readonly type: "appendFailed";
    readonly code: "disk-full" | "disk-error";
    readonly detail: string;
  }
  | {
    /** The deadline has come, or any time else: waking early or late is harmless. */ readonly type:
      "wake";
  };
