/**
 * Messages: what two peers exchange over a secure link.
 *
 * Each is a CBOR array whose first element is its number; a frame holds any number of whole
 * messages, one after the other (RFC 8742). An unknown number is skipped, so that a later
 * version may add some; one that is known has exactly its fields. PROTOCOL.md has the CDDL and the
 * meaning of every field. Types alone: message_encode.ts writes, message_decode.ts reads, and
 * message_entries.ts has the parts.
 */

import type { BriefPost } from "./brief.ts";
import type { LogId, PostId, RoomId } from "./ids.ts";
import type { PostMark } from "./mark.ts";
import type {
  Bucket,
  FloorEntry,
  ForkEntry,
  FrontierEntry,
  RecordEntry,
  RelayedPost,
  WantedRange,
} from "./message_entries.ts";
import type { SignedPost } from "./post.ts";

/** Why a link is ended in good order. */
export type GoodbyeReason = "leaving" | "duplicate" | "full" | "disconnect" | "idle";

/** Why an invite to a private room was not honoured. */
export type InviteRefusal =
  /** The member does not know it; whoever is no member says so, too. */
  | "unknown"
  | "expired"
  | "revoked"
  /** As many have come by it as may. */
  | "used-up"
  /** It is counted, and only who made it can let somebody in by it. */
  | "not-maker"
  /** The guest was removed from the room. */
  | "removed"
  /** The member cannot let anybody in at present: its disk, or a limit. */
  | "later";

/** Everything that two peers say to each other. */
export type Message =
  | LinkMessage
  | GossipMessage
  | HistoryMessage
  | RoomMessage
  | PrivateMessage;

/** Of the link itself. */
type LinkMessage =
  | {
    /** First message of both sides. */
    readonly type: "hello";
    /** The sender's clock, milliseconds since 1970. */
    readonly wallMs: number;
    /** Where the sender can be dialled (wire/address_record.ts); `null` if it cannot. */
    readonly record: SignedPost | null;
    /** The address from which the receiver appears. */
    readonly observed: string;
  }
  | { readonly type: "ping"; readonly nonce: number }
  | { readonly type: "pong"; readonly nonce: number }
  | {
    /** The sender's next frame is under a new key; last message of its frame. */ readonly type:
      "rekey";
  }
  | {
    /** The sender closes the link now. */ readonly type: "goodbye";
    readonly reason: GoodbyeReason;
  };

/** What happens, passed on as it does. */
type GossipMessage =
  | {
    /** New posts of a room, as they happen. */
    readonly type: "posts";
    readonly room: RoomId;
    readonly posts: readonly RelayedPost[];
  }
  | {
    /** New posts of any rooms, without what the other side knows (wire/brief_link.ts). */
    readonly type: "brief";
    /** Forget the logs and posts of this direction first. */
    readonly anew: boolean;
    readonly posts: readonly BriefPost[];
  }
  | {
    /** Asks for the whole of a brief post, which refers to something that is not known. */
    readonly type: "again";
    /** Which of the brief posts of this link, from 0. */
    readonly number: number;
  }
  | {
    /** These posts of the receiver are stored at the sender: sequences of one of its logs. */
    readonly type: "have";
    readonly room: RoomId;
    readonly log: LogId;
    readonly ranges: readonly (readonly [from: number, to: number])[];
  }
  | {
    /** The sender holds these posts and sends them only when asked. */
    readonly type: "ihave";
    readonly room: RoomId;
    readonly marks: readonly PostMark[];
  }
  | {
    /** Asks for announced posts, and for all further ones at once. */
    readonly type: "graft";
    readonly room: RoomId;
    readonly marks: readonly PostMark[];
  }
  | {
    /** Further posts are only to be announced to the sender. */
    readonly type: "prune";
    readonly room: RoomId;
  }
  | {
    /** Presences to take and pass on if newer. */ readonly type: "presence";
    readonly presences: readonly SignedPost[];
  }
  | {
    /** What members hold (wire/receipt.ts), to take and pass on if newer. */
    readonly type: "receipts";
    readonly room: RoomId;
    readonly receipts: readonly SignedPost[];
  };

/** What is held of a room, what is lacking, and what is asked for. */
type HistoryMessage =
  | {
    /** What the sender holds of a room, in hashes; where they differ logs are told of. */
    readonly type: "digest";
    readonly room: RoomId;
    /** Those with a log in them, ascending. */
    readonly buckets: readonly Bucket[];
  }
  | {
    /** What the sender holds of the named logs; `last` ends the first full statement. */
    readonly type: "frontier";
    readonly room: RoomId;
    readonly entries: readonly FrontierEntry[];
    readonly last: boolean;
  }
  | {
    /** Up to where the sender has pruned logs of which the receiver wants more. */
    readonly type: "floors";
    readonly room: RoomId;
    readonly floors: readonly FloorEntry[];
  }
  | {
    /** Where the branches of forked logs end that the sender holds. */
    readonly type: "forks";
    readonly room: RoomId;
    readonly entries: readonly ForkEntry[];
  }
  | {
    /** Asks for posts, newest first within each range. */
    readonly type: "want";
    readonly room: RoomId;
    readonly request: number;
    readonly ranges: readonly WantedRange[];
  }
  | {
    /** Part of the answer to a `want`; `last` ends it. */
    readonly type: "page";
    readonly room: RoomId;
    readonly request: number;
    readonly posts: readonly SignedPost[];
    readonly last: boolean;
  }
  | {
    /** Asks for a post by its id and for those before it, each of which the next one names. */
    readonly type: "seek";
    readonly room: RoomId;
    readonly request: number;
    readonly id: PostId;
    /** How many posts are wanted at most. */
    readonly most: number;
  };

/** Who is in a room, and who is whose neighbour there. */
type RoomMessage =
  | { /** The sender has the room open. */ readonly type: "join"; readonly room: RoomId }
  | { /** The sender has closed the room. */ readonly type: "leave"; readonly room: RoomId }
  | {
    /** The sender wants the receiver as a neighbour of its active view, or has it as one. */
    readonly type: "neighbour";
    readonly room: RoomId;
    /** How many others it has, 3 standing for more: with hardly any it should not be refused. */
    readonly others: number;
  }
  | {
    /** The sender does not have the receiver as a neighbour, or not any longer. */
    readonly type: "rest";
    readonly room: RoomId;
  }
  | {
    /** Somebody has joined: a random walk that ends at a peer which dials the newcomer. */
    readonly type: "walk";
    readonly room: RoomId;
    readonly hopsLeft: number;
    readonly entry: RecordEntry;
  }
  | {
    /** Members that the sender knows; `ask` wants some in return. */
    readonly type: "members";
    readonly room: RoomId;
    readonly entries: readonly RecordEntry[];
    readonly ask: boolean;
  };

/** Of private rooms. */
export type PrivateMessage =
  | {
    /** Asks to be let into a private room (wire/redemption.ts). */
    readonly type: "redeem";
    readonly salt: Uint8Array;
    readonly tag: Uint8Array;
    readonly box: Uint8Array;
  }
  | {
    /** The sender of a request is a member now, and here is the secret of the room. */
    readonly type: "welcome";
    /** That of the request. */
    readonly tag: Uint8Array;
    readonly enc: Uint8Array;
    readonly box: Uint8Array;
  }
  | {
    /** Why the sender of a request was not let in. */
    readonly type: "refused";
    /** That of the request. */
    readonly tag: Uint8Array;
    readonly reason: InviteRefusal;
  }
  | {
    /** What the sender knows of private rooms (wire/private_room.ts): of 16 tags some are real. */
    readonly type: "tags";
    /** Counts the messages with tags in this direction, from 0. */
    readonly round: number;
    /** 16 tags of 16 bytes. */
    readonly tags: Uint8Array;
  }
  | {
    /** Asks for the acts that say who belongs to a private room. */
    readonly type: "acts-wanted";
    readonly room: RoomId;
    /** How many the sender has got of this answer. */
    readonly from: number;
  }
  | {
    /** Acts of a private room, for whoever has shown its tag. */
    readonly type: "acts";
    readonly room: RoomId;
    readonly posts: readonly SignedPost[];
    /** Where to go on asking; 0 if these were the last. */
    readonly next: number;
  };
