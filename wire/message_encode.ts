/**
 * How messages are written, and their numbers. PROTOCOL.md, "Messages"; read by message_decode.ts.
 */

import { briefFields } from "./brief.ts";
import { type CborInput, encodeCbor } from "./cbor.ts";
import { fromId } from "./ids.ts";
import { markBytes } from "./mark.ts";
import type { GoodbyeReason, InviteRefusal, Message, PrivateMessage } from "./message.ts";
import {
  bucketBytes,
  envelope,
  floorFields,
  forkFields,
  frontierFields,
  recordFields,
  relayFields,
  wantedFields,
  wideFlag,
} from "./message_entries.ts";

/** The first element of each message. */
export const messageNumber = {
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

/** Why a link is ended, each by its place. */
export const goodbyeReasons: readonly GoodbyeReason[] = [
  "leaving",
  "duplicate",
  "full",
  "disconnect",
  "idle",
];

/** Why an invite was not honoured, each by its place. */
export const inviteRefusals: readonly InviteRefusal[] = [
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
  return encodeCbor([messageNumber[message.type], ...fields(message)]);
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
      return [fromId(message.room), message.entries.map(frontierFields), message.last];
    case "want":
      return [fromId(message.room), message.request, message.ranges.map(wantedFields)];
    case "page":
      return [fromId(message.room), message.request, message.posts.map(envelope), message.last];
    case "floors":
      return [fromId(message.room), message.floors.map(floorFields)];
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
    case "ping":
    case "pong":
      return [message.nonce];
    case "rekey":
      return [];
    case "goodbye":
      return [goodbyeReasons.indexOf(message.reason)];
    default:
      return privateFields(message);
  }
}

function privateFields(message: PrivateMessage): CborInput[] {
  switch (message.type) {
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
  }
}
