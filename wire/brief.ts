/**
 * Brief posts: posts on a link without what its other side knows, and how they are written down.
 *
 * A post of a few words has more than three hundred bytes of envelope. On a link most of it has
 * been said before: whose log it is, which post came before it, which posts its author had seen.
 * A brief post names these by small numbers, and what it says is enough to write the signed bytes
 * again, byte for byte. What the numbers mean is in brief_link.ts. PROTOCOL.md, "Brief posts".
 */

import { type CborInput, type CborValue, MalformedError } from "./cbor.ts";
import { idBytes, type LogId, logIdBytes, type PeerId, type PostId, toId } from "./ids.ts";
import type { RoomId } from "./ids.ts";
import { wireLimits } from "./limits_wire.ts";
import { byteString, integer } from "./post.ts";

/** A log that is named on a link for the first time; it gets the next place. */
export interface BriefLog {
  /** The room, or the place of a log that is in the same room. */
  readonly room: RoomId | number;
  readonly author: PeerId;
  readonly log: LogId;
}

/**
 * A post by its id, or by a number that stands for one: 2n for the post that came n + 1 brief
 * posts before this one over the same link in the same direction, 2n + 1 for the nth (from 0)
 * that has gone in the other direction.
 */
export type BriefReference = PostId | number;

/** One post; fields that are missing here are the same as in the post before in its log. */
export interface BriefPost {
  /** The place of its log, or the log. */
  readonly log: BriefLog | number;
  readonly kind: number;
  /** By so much `seq` is higher than in the last brief post of the log; of a new log all of it. */
  readonly step: number;
  /** `null`: the last brief post of the log, or none if this is the first post of all. */
  readonly previous: BriefReference | null;
  /** By so much its time is later than that of the last brief post of the log, or all of it. */
  readonly ms: number;
  readonly counter: number;
  readonly heads: readonly BriefReference[];
  readonly body: Uint8Array;
  /** 64 bytes of Ed25519, over the signed bytes as they were before. */
  readonly signature: Uint8Array;
  /** Links it has come over, the one to the receiver included. */
  readonly hops: number;
  /** It goes to all neighbours. */
  readonly wide: boolean;
}

const elements = 10;
const timeMsMax = 2 ** 48 - 1;
const signatureBytes = 64;

/**
 * The elements of a brief post.
 *
 * @param post The post.
 * @param wideFlag What is added to the hops of a wide post.
 */
export function briefFields(post: BriefPost, wideFlag: number): CborInput {
  const { log, kind, step, previous, ms, counter, heads, body, signature, hops, wide } = post;
  return [
    typeof log === "number" ? log : [reference(log.room), { hex: log.author }, { hex: log.log }],
    kind,
    step,
    previous === null ? null : reference(previous),
    ms,
    counter,
    heads.map(reference),
    body,
    signature,
    wide ? hops + wideFlag : hops,
  ];
}

function reference(named: RoomId | PostId | number): CborInput {
  return typeof named === "number" ? named : { hex: named };
}

/**
 * Reads what {@linkcode briefFields} wrote.
 *
 * @param value One decoded item.
 * @param hopsMax The most hops that are counted.
 * @param wideFlag What is added to the hops of a wide post.
 * @throws {MalformedError} If it is none.
 */
export function briefPost(value: CborValue, hopsMax: number, wideFlag: number): BriefPost {
  if (!Array.isArray(value) || value.length !== elements) throw new MalformedError("brief post");
  const [log, kind, step, previous, ms, counter, heads, body, signature, way] =
    value as readonly CborValue[];
  if (!Array.isArray(heads) || heads.length > wireLimits.headsMax) {
    throw new MalformedError("brief heads");
  }
  const hops = integer(way, 0, hopsMax + wideFlag);
  return {
    log: typeof log === "number" ? place(log) : briefLog(log),
    kind: integer(kind, 1, 65_535),
    step: integer(step, 1, Number.MAX_SAFE_INTEGER),
    previous: previous === null ? null : referenceOf(previous),
    ms: integer(ms, 0, timeMsMax),
    counter: integer(counter, 0, 65_535),
    heads: heads.map(referenceOf),
    body: byteString(body),
    signature: byteString(signature, signatureBytes),
    hops: hops < wideFlag ? hops : hops - wideFlag,
    wide: hops >= wideFlag,
  };
}

function place(value: CborValue | undefined): number {
  return integer(value, 0, wireLimits.briefLogsMax - 1);
}

function briefLog(value: CborValue | undefined): BriefLog {
  if (!Array.isArray(value) || value.length !== 3) throw new MalformedError("brief log");
  const [room, author, log] = value as readonly CborValue[];
  return {
    room: typeof room === "number" ? place(room) : toId<RoomId>(byteString(room, idBytes)),
    author: toId<PeerId>(byteString(author, idBytes)),
    log: toId<LogId>(byteString(log, logIdBytes)),
  };
}

function referenceOf(value: CborValue | undefined): BriefReference {
  return typeof value === "number" ? value : toId<PostId>(byteString(value, idBytes));
}
