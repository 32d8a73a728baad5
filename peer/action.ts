/**
 * What an engine wants done: the actions of `step`, performed in order.
 *
 * At most one `append` stands in a list, and then as its last action. What follows from it
 * (acknowledge, write, notify) comes in the list of the next step, whose first input is
 * `appended`: a post is on disk before anybody hears of it, and a failed append leaves
 * nothing half done, no sealed frame unsent and no nonce lost.
 */

import type { LogId, PeerId, PostId, RoomId } from "../wire/ids.ts";
import type { Post } from "../wire/post.ts";
import type { SignedReceipt } from "../wire/receipt.ts";
import type { ErrorCode } from "./errors.ts";
import type { ConnectionId } from "./input.ts";
import type { Kept, PersonRecord, SealingKey } from "./letter.ts";
import type { Notice } from "./notice.ts";
import type { KeptHolder } from "./ports.ts";
import type { RoomSecret } from "./room_secret.ts";

/** A post to store, and where it came from. */
export interface Arrival {
  readonly post: Post;
  readonly origin: "live" | "history" | "own";
  /** What is stored beside it, for this machine alone. */
  readonly kept?: Kept;
}

/** What has changed of who holds what in a room. */
export interface ReceiptChange {
  /** Words that take the place of older ones of their authors. */
  readonly words: readonly SignedReceipt[];
  /** Authors whose words are kept no longer. */
  readonly gone: readonly PeerId[];
  readonly holders: readonly KeptHolder[];
}

/** The answer to a command. */
export type Outcome =
  | { readonly ok: true; readonly id: PostId | null }
  | { readonly ok: false; readonly code: ErrorCode; readonly message: string };

/** One action. */
export type Action =
  | {
    /**
     * Stores posts in one transaction; synchronous FULL if any is an own one. Without
     * posts it probes whether the disk can be written. Answered by `appended` or `appendFailed`.
     */
    readonly type: "append";
    readonly arrivals: readonly Arrival[];
    /** The log id under which this peer numbers from now on, if it has changed. */
    readonly newLog: LogId | null;
  }
  | { readonly type: "acknowledge"; readonly ref: number; readonly outcome: Outcome }
  | {
    /** Queues bytes behind what was written before; the array is not touched again. */
    readonly type: "write";
    readonly connection: ConnectionId;
    readonly bytes: Uint8Array;
  }
  | {
    /** Closes after what was written has gone, at most a moment later. */
    readonly type: "close";
    readonly connection: ConnectionId;
    readonly reason: string;
  }
  | {
    /** Opens a socket; answered by `connected` or `dialFailed`. */ readonly type: "dial";
    readonly address: string;
  }
  | {
    /** Keeps an address that led to a peer, for the next start. */
    readonly type: "remember";
    readonly address: string;
    readonly peer: PeerId;
  }
  | {
    /** Counts a dial in vain to an address that is kept; nothing if it is none. */
    readonly type: "unreachable";
    readonly address: string;
  }
  | {
    /** Keeps the own name for the next start. */ readonly type: "rememberName";
    readonly name: string;
  }
  | {
    /** Keeps what was decided about somebody. */ readonly type: "rememberPerson";
    readonly peer: PeerId;
    readonly person: PersonRecord;
  }
  | {
    /** Keeps the own sealing keys; those that are not among them any more are gone. */
    readonly type: "rememberKeys";
    readonly keys: readonly SealingKey[];
  }
  | {
    /** Keeps who holds what in a room: what has changed since it was kept last. */
    readonly type: "keepReceipts";
    readonly room: RoomId;
    readonly change: ReceiptChange;
  }
  | {
    /** Keeps the secret of a private room. */ readonly type: "keepRoom";
    readonly room: RoomId;
    readonly secret: RoomSecret;
  }
  | {
    /** Keeps the secret of an epoch of a private room. */ readonly type: "keepEpoch";
    readonly room: RoomId;
    readonly epoch: PostId;
    /** 32 bytes. */
    readonly secret: Uint8Array;
  }
  | {
    /** Forgets an address that the person has disconnected. */ readonly type: "forget";
    readonly address: string;
  }
  | { readonly type: "notify"; readonly notice: Notice };
