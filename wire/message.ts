/**
 * Messages: what two peers exchange over a secure link.
 *
 * Each is a CBOR array whose first element is its number; a frame holds any number of whole
 * messages, one after the other (RFC 8742). An unknown number is skipped, so that a later
 * version may add some; one that is known has exactly its fields. PROTOCOL.md has the CDDL and the meaning of every field.
 */

import { briefFields, type BriefPost, briefPost } from "./brief.ts";
import {
  type CborInput,
  type CborValue,
  decodeCborSequence,
  encodeCbor,
  MalformedError,
} from "./cbor.ts";
import { fromId, idBytes, type LogId, logIdBytes, type PeerId, toId } from "./ids.ts";
import type { PostId, RoomId } from "./ids.ts";
import { defaultLimits } from "./limits.ts";
import { hopsMax, markBytes, marks, type PostMark } from "./mark.ts";
import { byteString, integer, type SignedPost } from "./post.ts";

/** One entry of a frontier: what its sender holds of one log. */
export interface FrontierEntry {
  readonly author: PeerId;
  readonly log: LogId;
  /** All of 1 to `top` are held. */
  readonly top: number;
  /** The id of the post with sequence `top`; `null` if `top` is 0. */
  readonly topId: PostId | null;
  /** Ranges held above `top`, ascending, ends included. */
  readonly above: readonly (readonly [from: number, to: number])[];
}

/** The hash of what is held of some logs of a room (peer/digest.ts). */
export interface Bucket {
  /** Which logs: the first byte of their marks. */
  readonly bucket: number;
  /** 8 bytes, as 16 hex digits. */
  readonly hash: string;
}

/** The ends of the branches of a log that has forked. */
export interface ForkEntry {
  readonly author: PeerId;
  readonly log: LogId;
  /** Posts at forked places that no other held post follows, the newest first. */
  readonly ends: readonly { readonly seq: number; readonly id: PostId }[];
}

/** A range of one log that is wanted, ends included. */
export interface WantedRange {
  readonly author: PeerId;
  readonly log: LogId;
  readonly from: number;
  readonly to: number;
}

/** A post on its way through the room. */
export interface RelayedPost extends SignedPost {
  /** Links it has come over, the one to the receiver included; 127 stands for more. */
  readonly hops: number;
  /** It goes to all neighbours, whether eager or not, so that the tree grows anew along its way. */
  readonly wide?: true | undefined;
}

/** Where somebody can be dialled, and what a neighbour of that peer has seen of it. */
export interface RecordEntry extends SignedPost {
  /** The address from which a neighbour saw the owner, with the owner's port; not signed. */
  readonly hint: string | null;
}

/** Why a link is ended in good order. */
export type GoodbyeReason = "leaving" | "duplicate" | "full" | "disconnect" | "idle";

/** Sizes of the fields of `redeem` (wire/redemption.ts). */
export const redeemBytes = { salt: 16, tag: 16, box: 64 + 32 + 64 + 16 } as const;

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
  | { /** The sender has the room open. */ readonly type: "join"; readonly room: RoomId }
  | { /** The sender has closed the room. */ readonly type: "leave"; readonly room: RoomId }
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
    /** What the sender holds of the named logs; `last` ends the first full statement. */
    readonly type: "frontier";
    readonly room: RoomId;
    readonly entries: readonly FrontierEntry[];
    readonly last: boolean;
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
    /** Up to where the sender has pruned logs of which the receiver wants more. */
    readonly type: "floors";
    readonly room: RoomId;
    readonly floors: readonly FloorEntry[];
  }
  | {
    /** Presences to take and pass on if newer. */ readonly type: "presence";
    readonly presences: readonly SignedPost[];
  }
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
    /** What the sender holds of a room, in hashes; where they differ logs are told of. */
    readonly type: "digest";
    readonly room: RoomId;
    /** Those with a log in them, ascending. */
    readonly buckets: readonly Bucket[];
  }
  | {
    /** Asks for a post by its id and for those before it, each of which the next one names. */
    readonly type: "seek";
    readonly room: RoomId;
    readonly request: number;
    readonly id: PostId;
    /** How many posts are wanted at most. */
    readonly most: number;
  }
  | {
    /** Where the branches of forked logs end that the sender holds. */
    readonly type: "forks";
    readonly room: RoomId;
    readonly entries: readonly ForkEntry[];
  }
  | {
    /** What members hold (wire/receipt.ts), to take and pass on if newer. */
    readonly type: "receipts";
    readonly room: RoomId;
    readonly receipts: readonly SignedPost[];
  }
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

/** Up to where a log was pruned. */
export interface FloorEntry {
  readonly author: PeerId;
  readonly log: LogId;
  /** All posts up to this sequence are gone but for those in `kept`. */
  readonly seq: number;
  /** The id of the post that stood there. */
  readonly id: PostId;
  /** Ascending ranges at or below `seq`. */
  readonly kept: readonly (readonly [from: number, to: number])[];
}

const number = {
  hello: 1,
  join: 2,
  leave: 3,
  posts: 4,
  have: 5,
  frontier: 6,
  want: 7,
  page: 8,
  presence: 9,
  ping: 10,
  pong: 11,
  rekey: 12,
  goodbye: 13,
  neighbour: 14,
  rest: 15,
  walk: 16,
  members: 17,
  ihave: 18,
  graft: 19,
  prune: 20,
  digest: 21,
  receipts: 22,
  floors: 23,
  seek: 24,
  forks: 25,
  redeem: 26,
  welcome: 27,
  refused: 28,
  brief: 30,
  again: 31,
  tags: 32,
  "acts-wanted": 33,
  acts: 34,
} as const satisfies Record<Message["type"], number>;

/** Elements of each message's array, its number included. */
const elementCounts: ReadonlyMap<number, number> = new Map([
  [number.hello, 4],
  [number.join, 2],
  [number.leave, 2],
  [number.posts, 3],
  [number.have, 4],
  [number.frontier, 4],
  [number.want, 4],
  [number.page, 5],
  [number.presence, 2],
  [number.ping, 2],
  [number.pong, 2],
  [number.rekey, 1],
  [number.goodbye, 2],
  [number.neighbour, 3],
  [number.rest, 2],
  [number.walk, 4],
  [number.members, 4],
  [number.ihave, 3],
  [number.graft, 3],
  [number.prune, 2],
  [number.digest, 3],
  [number.floors, 3],
  [number.receipts, 3],
  [number.seek, 5],
  [number.forks, 3],
  [number.redeem, 4],
  [number.welcome, 4],
  [number.refused, 3],
  [number.brief, 3],
  [number.again, 2],
  [number.tags, 3],
  [number["acts-wanted"], 3],
  [number.acts, 4],
]);

/** 16 tags of 16 bytes. */
export const linkTagsBytes = 256;

/** Added to the hops of a post that goes to all neighbours. */
const wideFlag = 128;

const goodbyeReasons: readonly GoodbyeReason[] = [
  "leaving",
  "duplicate",
  "full",
  "disconnect",
  "idle",
];

const inviteRefusals: readonly InviteRefusal[] = [
  "unknown",
  "expired",
  "revoked",
  "used-up",
  "not-maker",
  "removed",
  "later",
];

/**
 * Encodes a message.
 *
 * @param message What to say.
 * @returns Its bytes; several may be put one after the other into one frame.
 */
export function encodeMessage(message: Message): Uint8Array {
  return encodeCbor([number[message.type], ...fields(message)]);
}

function fields(message: Message): CborInput[] {
  switch (message.type) {
    case "hello":
      return [
        message.wallMs,
        message.record === null ? null : envelope(message.record),
        message.observed,
      ];
    case "join":
    case "leave":
    case "rest":
    case "prune":
      return [fromId(message.room)];
    case "posts":
      return [fromId(message.room), message.posts.map(relayFields)];
    case "brief":
      return [message.anew, message.posts.map((post) => briefFields(post, wideFlag))];
    case "again":
      return [message.number];
    case "have":
      return [fromId(message.room), fromId(message.log), message.ranges];
    case "frontier":
      return [fromId(message.room), message.entries.map(entryFields), message.last];
    case "want":
      return [
        fromId(message.room),
        message.request,
        message.ranges.map((r) => [fromId(r.author), fromId(r.log), r.from, r.to]),
      ];
    case "page":
      return [fromId(message.room), message.request, message.posts.map(envelope), message.last];
    case "floors":
      return [
        fromId(message.room),
        message.floors.map((f) => [fromId(f.author), fromId(f.log), f.seq, fromId(f.id), f.kept]),
      ];
    case "presence":
      return [message.presences.map(envelope)];
    case "digest":
      return [fromId(message.room), bucketBytes(message.buckets)];
    case "seek":
      return [fromId(message.room), message.request, fromId(message.id), message.most];
    case "forks":
      return [fromId(message.room), message.entries.map(forkFields)];
    case "receipts":
      return [fromId(message.room), message.receipts.map(envelope)];
    case "neighbour":
      return [fromId(message.room), message.others];
    case "walk":
      return [fromId(message.room), message.hopsLeft, recordFields(message.entry)];
    case "members":
      return [fromId(message.room), message.entries.map(recordFields), message.ask];
    case "ihave":
    case "graft":
      return [fromId(message.room), markBytes(message.marks)];
    case "redeem":
      return [message.salt, message.tag, message.box];
    case "welcome":
      return [message.tag, message.enc, message.box];
    case "refused":
      return [message.tag, inviteRefusals.indexOf(message.reason)];
    case "tags":
      return [message.round, message.tags];
    case "acts-wanted":
      return [fromId(message.room), message.from];
    case "acts":
      return [fromId(message.room), message.posts.map(envelope), message.next];
    case "ping":
    case "pong":
      return [message.nonce];
    case "rekey":
      return [];
    case "goodbye":
      return [goodbyeReasons.indexOf(message.reason)];
  }
}

function envelope(post: SignedPost): CborValue {
  return [post.signed, post.signature];
}

function relayFields({ signed, signature, hops, wide }: RelayedPost): CborValue {
  return [signed, signature, wide === true ? hops + wideFlag : hops];
}

function recordFields({ signed, signature, hint }: RecordEntry): CborValue {
  return [signed, signature, hint];
}

function entryFields(entry: FrontierEntry): CborValue {
  return [
    fromId(entry.author),
    fromId(entry.log),
    entry.top,
    entry.topId === null ? null : fromId(entry.topId),
    entry.above,
  ];
}

/** Bytes of one bucket: its number and its hash. */
const bucketSize = 9;

function bucketBytes(buckets: readonly Bucket[]): Uint8Array {
  const bytes = new Uint8Array(bucketSize * buckets.length);
  for (const [i, { bucket, hash }] of buckets.entries()) {
    bytes[bucketSize * i] = bucket;
    bytes.set(Uint8Array.fromHex(hash), bucketSize * i + 1);
  }
  return bytes;
}

function forkFields({ author, log, ends }: ForkEntry): CborValue {
  return [fromId(author), fromId(log), ends.map(({ seq, id }) => [seq, fromId(id)])];
}

/**
 * Decodes the messages of one frame.
 *
 * @param data The frame's plaintext.
 * @returns The messages in order, without those of unknown numbers.
 * @throws {MalformedError} If anything in the frame is out of form.
 */
export function decodeMessages(data: Uint8Array): Message[] {
  const messages: Message[] = [];
  for (const value of decodeCborSequence(data)) {
    const message = toMessage(list(value));
    if (message !== null) messages.push(message);
  }
  return messages;
}

function toMessage(value: readonly CborValue[]): Message | null {
  const [type, a, b, c, d] = value;
  const kind = integer(type, 0, 65_535);
  if (value.length !== (elementCounts.get(kind) ?? value.length)) {
    throw new MalformedError("message of wrong length");
  }
  switch (kind) {
    case number.hello:
      return {
        type: "hello",
        wallMs: integer(a, 0, 2 ** 48 - 1),
        record: b === null ? null : signedPost(b),
        observed: addressText(c),
      };
    case number.join:
      return { type: "join", room: roomId(a) };
    case number.leave:
      return { type: "leave", room: roomId(a) };
    case number.posts:
      return { type: "posts", room: roomId(a), posts: list(b).map(relayedPost) };
    case number.brief:
      return {
        type: "brief",
        anew: flag(a),
        posts: list(b).map((post) => briefPost(post, hopsMax, wideFlag)),
      };
    case number.again:
      return { type: "again", number: integer(a, 0, Number.MAX_SAFE_INTEGER) };
    case number.have:
      return {
        type: "have",
        room: roomId(a),
        log: toId<LogId>(byteString(b, logIdBytes)),
        ranges: ranges(c, 0, defaultLimits.wantRangesMax),
      };
    case number.frontier:
      return {
        type: "frontier",
        room: roomId(a),
        entries: list(b).map(frontierEntry),
        last: flag(c),
      };
    case number.want:
      return {
        type: "want",
        room: roomId(a),
        request: integer(b, 0, 2 ** 32 - 1),
        ranges: list(c, defaultLimits.wantRangesMax).map(wantedRange),
      };
    case number.page:
      return {
        type: "page",
        room: roomId(a),
        request: integer(b, 0, 2 ** 32 - 1),
        posts: list(c).map(signedPost),
        last: flag(d),
      };
    case number.presence:
      return { type: "presence", presences: list(a).map(signedPost) };
    case number.ping:
      return { type: "ping", nonce: integer(a, 0, 2 ** 32 - 1) };
    case number.pong:
      return { type: "pong", nonce: integer(a, 0, 2 ** 32 - 1) };
    case number.rekey:
      return { type: "rekey" };
    case number.goodbye:
      return { type: "goodbye", reason: goodbyeReasons[integer(a, 0, 4)]! };
    case number.neighbour:
      return { type: "neighbour", room: roomId(a), others: integer(b, 0, 3) };
    case number.rest:
      return { type: "rest", room: roomId(a) };
    case number.walk:
      return {
        type: "walk",
        room: roomId(a),
        hopsLeft: integer(b, 0, defaultLimits.walkHops),
        entry: recordEntry(c),
      };
    case number.members:
      return {
        type: "members",
        room: roomId(a),
        entries: list(b, defaultLimits.membersPerMessage).map(recordEntry),
        ask: flag(c),
      };
    case number.ihave:
      return { type: "ihave", room: roomId(a), marks: marks(byteString(b)) };
    case number.graft:
      return { type: "graft", room: roomId(a), marks: marks(byteString(b)) };
    case number.floors:
      return {
        type: "floors",
        room: roomId(a),
        floors: list(b, defaultLimits.wantRangesMax).map(floorEntry),
      };
    case number.prune:
      return { type: "prune", room: roomId(a) };
    case number.seek:
      return {
        type: "seek",
        room: roomId(a),
        request: integer(b, 0, 2 ** 32 - 1),
        id: toId<PostId>(byteString(c, idBytes)),
        most: integer(d, 1, defaultLimits.seekPostsMax),
      };
    case number.digest:
      return { type: "digest", room: roomId(a), buckets: bucketList(byteString(b)) };
    case number.forks:
      return { type: "forks", room: roomId(a), entries: list(b).map(forkEntry) };
    case number.receipts:
      return { type: "receipts", room: roomId(a), receipts: list(b).map(signedPost) };
    case number.redeem:
      return {
        type: "redeem",
        salt: byteString(a, redeemBytes.salt),
        tag: byteString(b, redeemBytes.tag),
        box: byteString(c, redeemBytes.box),
      };
    case number.welcome:
      return {
        type: "welcome",
        tag: byteString(a, redeemBytes.tag),
        enc: byteString(b, idBytes),
        box: welcomeBox(c),
      };
    case number.refused: {
      const reason = inviteRefusals[integer(b, 0, inviteRefusals.length - 1)]!;
      return { type: "refused", tag: byteString(a, redeemBytes.tag), reason };
    }
    case number.tags:
      return {
        type: "tags",
        round: integer(a, 0, 2 ** 32 - 1),
        tags: byteString(b, linkTagsBytes),
      };
    case number["acts-wanted"]:
      return { type: "acts-wanted", room: roomId(a), from: integer(b, 0, 2 ** 32 - 1) };
    case number.acts:
      return {
        type: "acts",
        room: roomId(a),
        posts: list(b).map(signedPost),
        next: integer(c, 0, 2 ** 32 - 1),
      };
    default:
      return null;
  }
}

function welcomeBox(value: CborValue | undefined): Uint8Array {
  const box = byteString(value);
  if (box.length > defaultLimits.welcomeBytesMax) throw new MalformedError("welcome too long");
  return box;
}

function list(value: CborValue | undefined, lengthMax = Infinity): readonly CborValue[] {
  if (!Array.isArray(value) || value.length > lengthMax) {
    throw new MalformedError("array expected");
  }
  return value as readonly CborValue[];
}

function flag(value: CborValue | undefined): boolean {
  if (typeof value !== "boolean") throw new MalformedError("boolean expected");
  return value;
}

function addressText(value: CborValue | undefined): string {
  if (typeof value !== "string" || value.length > 300) throw new MalformedError("address");
  return value;
}

function roomId(value: CborValue | undefined): RoomId {
  return toId<RoomId>(byteString(value, idBytes));
}

function relayedPost(value: CborValue): RelayedPost {
  const [signed, signature, hops] = list(value, 3);
  const way = integer(hops, 0, hopsMax + wideFlag);
  const post = { signed: byteString(signed), signature: byteString(signature, 64) };
  return way < wideFlag ? { ...post, hops: way } : { ...post, hops: way - wideFlag, wide: true };
}

function recordEntry(value: CborValue | undefined): RecordEntry {
  const [signed, signature, hint] = list(value, 3);
  return {
    signed: byteString(signed),
    signature: byteString(signature, 64),
    hint: hint === null ? null : addressText(hint),
  };
}

function signedPost(value: CborValue | undefined): SignedPost {
  const [signed, signature] = list(value, 2);
  return { signed: byteString(signed), signature: byteString(signature, 64) };
}

function frontierEntry(value: CborValue): FrontierEntry {
  const [author, log, top, topId, above] = list(value, 5);
  const contiguous = integer(top, 0, Number.MAX_SAFE_INTEGER);
  return {
    author: toId<PeerId>(byteString(author, idBytes)),
    log: toId<LogId>(byteString(log, logIdBytes)),
    top: contiguous,
    topId: topId === null ? null : toId<PostId>(byteString(topId, idBytes)),
    above: ranges(above, contiguous, defaultLimits.rangesAboveMax),
  };
}

function floorEntry(value: CborValue): FloorEntry {
  const [author, log, seq, id, kept] = list(value, 5);
  const floor = integer(seq, 1, Number.MAX_SAFE_INTEGER);
  const below = ranges(kept, 0, defaultLimits.rangesAboveMax);
  if ((below.at(-1)?.[1] ?? 0) > floor) throw new MalformedError("range above the floor");
  return {
    author: toId<PeerId>(byteString(author, idBytes)),
    log: toId<LogId>(byteString(log, logIdBytes)),
    seq: floor,
    id: toId<PostId>(byteString(id, idBytes)),
    kept: below,
  };
}

function bucketList(bytes: Uint8Array): Bucket[] {
  if (bytes.length % bucketSize !== 0) throw new MalformedError("digest length");
  const buckets: Bucket[] = [];
  for (let i = 0; i < bytes.length; i += bucketSize) {
    const bucket = bytes[i]!;
    if (bucket <= (buckets.at(-1)?.bucket ?? -1)) throw new MalformedError("digest order");
    buckets.push({ bucket, hash: bytes.subarray(i + 1, i + bucketSize).toHex() });
  }
  return buckets;
}

function forkEntry(value: CborValue): ForkEntry {
  const [author, log, ends] = list(value, 3);
  return {
    author: toId<PeerId>(byteString(author, idBytes)),
    log: toId<LogId>(byteString(log, logIdBytes)),
    ends: list(ends, defaultLimits.forkEndsMax).map((end) => {
      const [seq, id] = list(end, 2);
      return {
        seq: integer(seq, 1, Number.MAX_SAFE_INTEGER),
        id: toId<PostId>(byteString(id, idBytes)),
      };
    }),
  };
}

/** Ascending ranges above `floor` that do not overlap. */
function ranges(
  value: CborValue | undefined,
  floor: number,
  lengthMax: number,
): (readonly [from: number, to: number])[] {
  return list(value, lengthMax).map((range) => {
    const [from, to] = list(range, 2);
    const first = integer(from, floor + 1, Number.MAX_SAFE_INTEGER);
    floor = integer(to, first, Number.MAX_SAFE_INTEGER);
    return [first, floor] as const;
  });
}

function wantedRange(value: CborValue): WantedRange {
  const [author, log, from, to] = list(value, 4);
  const first = integer(from, 1, Number.MAX_SAFE_INTEGER);
  return {
    author: toId<PeerId>(byteString(author, idBytes)),
    log: toId<LogId>(byteString(log, logIdBytes)),
    from: first,
    to: integer(to, first, Number.MAX_SAFE_INTEGER),
  };
}
