/**
 * How messages are read: their lengths, and the bounds of every field. PROTOCOL.md, "Messages";
 * written by message_encode.ts. What a field means to the receiver is not judged here.
 */

import { briefPost } from "./brief.ts";
import { type CborValue, decodeCborSequence, MalformedError } from "./cbor.ts";
import { idBytes, type LogId, logIdBytes, type PostId, type RoomId, toId } from "./ids.ts";
import { wireLimits } from "./limits_wire.ts";
import { hopsMax, marks } from "./mark.ts";
import type { Message } from "./message.ts";
import { goodbyeReasons, inviteRefusals, messageNumber } from "./message_encode.ts";
import {
  addressText,
  bucketList,
  floorEntry,
  forkEntry,
  frontierEntry,
  linkTagsBytes,
  list,
  ranges,
  recordEntry,
  redeemBytes,
  relayedPost,
  signedPost,
  wantedRange,
  wideFlag,
} from "./message_entries.ts";
import { byteString, integer } from "./post.ts";

/** Elements of each message's array, its number included. */
const elementCounts: ReadonlyMap<number, number> = new Map([
  [messageNumber.hello, 4],
  [messageNumber.join, 2],
  [messageNumber.leave, 2],
  [messageNumber.posts, 3],
  [messageNumber.have, 4],
  [messageNumber.frontier, 4],
  [messageNumber.want, 4],
  [messageNumber.page, 5],
  [messageNumber.presence, 2],
  [messageNumber.ping, 2],
  [messageNumber.pong, 2],
  [messageNumber.rekey, 1],
  [messageNumber.goodbye, 2],
  [messageNumber.neighbour, 3],
  [messageNumber.rest, 2],
  [messageNumber.walk, 4],
  [messageNumber.members, 4],
  [messageNumber.ihave, 3],
  [messageNumber.graft, 3],
  [messageNumber.prune, 2],
  [messageNumber.digest, 3],
  [messageNumber.floors, 3],
  [messageNumber.receipts, 3],
  [messageNumber.seek, 5],
  [messageNumber.forks, 3],
  [messageNumber.redeem, 4],
  [messageNumber.welcome, 4],
  [messageNumber.refused, 3],
  [messageNumber.brief, 3],
  [messageNumber.again, 2],
  [messageNumber.tags, 3],
  [messageNumber["acts-wanted"], 3],
  [messageNumber.acts, 4],
]);

/** An element of a message, if it is there. */
type Item = CborValue | undefined;

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
    case messageNumber.posts:
      return { type: "posts", room: roomId(a), posts: list(b).map(relayedPost) };
    case messageNumber.brief:
      return {
        type: "brief",
        anew: flag(a),
        posts: list(b).map((post) => briefPost(post, hopsMax, wideFlag)),
      };
    case messageNumber.again:
      return { type: "again", number: integer(a, 0, Number.MAX_SAFE_INTEGER) };
    case messageNumber.have:
      return {
        type: "have",
        room: roomId(a),
        log: toId<LogId>(byteString(b, logIdBytes)),
        ranges: ranges(c, 0, wireLimits.wantRangesMax),
      };
    case messageNumber.ihave:
      return { type: "ihave", room: roomId(a), marks: marks(byteString(b)) };
    case messageNumber.graft:
      return { type: "graft", room: roomId(a), marks: marks(byteString(b)) };
    case messageNumber.prune:
      return { type: "prune", room: roomId(a) };
    case messageNumber.presence:
      return { type: "presence", presences: list(a).map(signedPost) };
    case messageNumber.receipts:
      return { type: "receipts", room: roomId(a), receipts: list(b).map(signedPost) };
    case messageNumber.hello:
      return {
        type: "hello",
        wallMs: integer(a, 0, 2 ** 48 - 1),
        record: b === null ? null : signedPost(b),
        observed: addressText(c),
      };
    case messageNumber.ping:
      return { type: "ping", nonce: integer(a, 0, 2 ** 32 - 1) };
    case messageNumber.pong:
      return { type: "pong", nonce: integer(a, 0, 2 ** 32 - 1) };
    case messageNumber.rekey:
      return { type: "rekey" };
    case messageNumber.goodbye:
      return { type: "goodbye", reason: goodbyeReasons[integer(a, 0, goodbyeReasons.length - 1)]! };
    default:
      return roomMessage(kind, a, b, c, d);
  }
}

/** Of one room: who is there, and what is held of it. */
function roomMessage(kind: number, a: Item, b: Item, c: Item, d: Item): Message | null {
  switch (kind) {
    case messageNumber.join:
      return { type: "join", room: roomId(a) };
    case messageNumber.leave:
      return { type: "leave", room: roomId(a) };
    case messageNumber.neighbour:
      return { type: "neighbour", room: roomId(a), others: integer(b, 0, 3) };
    case messageNumber.rest:
      return { type: "rest", room: roomId(a) };
    case messageNumber.walk:
      return {
        type: "walk",
        room: roomId(a),
        hopsLeft: integer(b, 0, wireLimits.walkHops),
        entry: recordEntry(c),
      };
    case messageNumber.members:
      return {
        type: "members",
        room: roomId(a),
        entries: list(b, wireLimits.membersPerMessage).map(recordEntry),
        ask: flag(c),
      };
    case messageNumber.digest:
      return { type: "digest", room: roomId(a), buckets: bucketList(byteString(b)) };
    case messageNumber.frontier:
      return {
        type: "frontier",
        room: roomId(a),
        entries: list(b).map(frontierEntry),
        last: flag(c),
      };
    case messageNumber.floors:
      return {
        type: "floors",
        room: roomId(a),
        floors: list(b, wireLimits.wantRangesMax).map(floorEntry),
      };
    case messageNumber.forks:
      return { type: "forks", room: roomId(a), entries: list(b).map(forkEntry) };
    case messageNumber.want:
      return {
        type: "want",
        room: roomId(a),
        request: integer(b, 0, 2 ** 32 - 1),
        ranges: list(c, wireLimits.wantRangesMax).map(wantedRange),
      };
    case messageNumber.page:
      return {
        type: "page",
        room: roomId(a),
        request: integer(b, 0, 2 ** 32 - 1),
        posts: list(c).map(signedPost),
        last: flag(d),
      };
    case messageNumber.seek:
      return {
        type: "seek",
        room: roomId(a),
        request: integer(b, 0, 2 ** 32 - 1),
        id: toId<PostId>(byteString(c, idBytes)),
        most: integer(d, 1, wireLimits.seekPostsMax),
      };
    default:
      return privateMessage(kind, a, b, c);
  }
}

/** Of private rooms; `null` for a number that is not known. */
function privateMessage(kind: number, a: Item, b: Item, c: Item): Message | null {
  switch (kind) {
    case messageNumber.redeem:
      return {
        type: "redeem",
        salt: byteString(a, redeemBytes.salt),
        tag: byteString(b, redeemBytes.tag),
        box: byteString(c, redeemBytes.box),
      };
    case messageNumber.welcome:
      return {
        type: "welcome",
        tag: byteString(a, redeemBytes.tag),
        enc: byteString(b, idBytes),
        box: welcomeBox(c),
      };
    case messageNumber.refused: {
      const reason = inviteRefusals[integer(b, 0, inviteRefusals.length - 1)]!;
      return { type: "refused", tag: byteString(a, redeemBytes.tag), reason };
    }
    case messageNumber.tags:
      return {
        type: "tags",
        round: integer(a, 0, 2 ** 32 - 1),
        tags: byteString(b, linkTagsBytes),
      };
    case messageNumber["acts-wanted"]:
      return { type: "acts-wanted", room: roomId(a), from: integer(b, 0, 2 ** 32 - 1) };
    case messageNumber.acts:
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
  if (box.length > wireLimits.welcomeBytesMax) throw new MalformedError("welcome too long");
  return box;
}

function flag(value: CborValue | undefined): boolean {
  if (typeof value !== "boolean") throw new MalformedError("boolean expected");
  return value;
}

function roomId(value: CborValue | undefined): RoomId {
  return toId<RoomId>(byteString(value, idBytes));
}
