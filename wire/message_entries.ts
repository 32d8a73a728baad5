/**
 * The parts of messages: what each is, how it is written, and how it is read within its limits.
 * What is said with them is in message.ts; brief posts are in brief.ts.
 */

import { type CborValue, MalformedError } from "./cbor.ts";
import { fromId, idBytes, type LogId, logIdBytes, type PeerId, type PostId, toId } from "./ids.ts";
import { wireLimits } from "./limits_wire.ts";
import { hopsMax } from "./mark.ts";
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

/** Sizes of the fields of `redeem` (wire/redemption.ts). */
export const redeemBytes = { salt: 16, tag: 16, box: 64 + 32 + 64 + 16 } as const;

/** Bytes of a tag of a private room (wire/private_room.ts). */
export const tagBytes = 16;
/** Of the 16 tags that go over each link, whether or not any room is behind them. */
export const linkTagsBytes = 16 * tagBytes;

/** Added to the hops of a post that goes to all neighbours. */
export const wideFlag = 128;

/** A post as it was signed. */
export function envelope(post: SignedPost): CborValue {
  return [post.signed, post.signature];
}

/** Bytes that {@linkcode envelope} takes in a message, at most: the post's, and 8 of framing. */
export function envelopeBytes({ signed, signature }: SignedPost): number {
  return signed.length + signature.length + 8;
}

/** Reads what {@linkcode envelope} wrote. */
export function signedPost(value: CborValue | undefined): SignedPost {
  const [signed, signature] = list(value, 2);
  return { signed: byteString(signed), signature: byteString(signature, 64) };
}

/** A post with its way. */
export function relayFields({ signed, signature, hops, wide }: RelayedPost): CborValue {
  return [signed, signature, wide === true ? hops + wideFlag : hops];
}

/** Reads what {@linkcode relayFields} wrote. */
export function relayedPost(value: CborValue): RelayedPost {
  const [signed, signature, hops] = list(value, 3);
  const way = integer(hops, 0, hopsMax + wideFlag);
  const post = { signed: byteString(signed), signature: byteString(signature, 64) };
  return way < wideFlag ? { ...post, hops: way } : { ...post, hops: way - wideFlag, wide: true };
}

/** A record with its hint. */
export function recordFields({ signed, signature, hint }: RecordEntry): CborValue {
  return [signed, signature, hint];
}

/** Reads what {@linkcode recordFields} wrote. */
export function recordEntry(value: CborValue | undefined): RecordEntry {
  const [signed, signature, hint] = list(value, 3);
  return {
    signed: byteString(signed),
    signature: byteString(signature, 64),
    hint: hint === null ? null : addressText(hint),
  };
}

/** The text of an address, whether it is one or not. */
export function addressText(value: CborValue | undefined): string {
  if (typeof value !== "string" || value.length > 300) throw new MalformedError("address");
  return value;
}

/** An entry of a frontier. */
export function frontierFields(entry: FrontierEntry): CborValue {
  return [
    fromId(entry.author),
    fromId(entry.log),
    entry.top,
    entry.topId === null ? null : fromId(entry.topId),
    entry.above,
  ];
}

/** Reads what {@linkcode frontierFields} wrote. */
export function frontierEntry(value: CborValue): FrontierEntry {
  const [author, log, top, topId, above] = list(value, 5);
  const contiguous = integer(top, 0, Number.MAX_SAFE_INTEGER);
  return {
    author: toId<PeerId>(byteString(author, idBytes)),
    log: toId<LogId>(byteString(log, logIdBytes)),
    top: contiguous,
    topId: topId === null ? null : toId<PostId>(byteString(topId, idBytes)),
    above: ranges(above, contiguous, wireLimits.rangesAboveMax),
  };
}

/** A floor. */
export function floorFields({ author, log, seq, id, kept }: FloorEntry): CborValue {
  return [fromId(author), fromId(log), seq, fromId(id), kept];
}

/** Reads what {@linkcode floorFields} wrote. */
export function floorEntry(value: CborValue): FloorEntry {
  const [author, log, seq, id, kept] = list(value, 5);
  const floor = integer(seq, 1, Number.MAX_SAFE_INTEGER);
  const below = ranges(kept, 0, wireLimits.rangesAboveMax);
  if ((below.at(-1)?.[1] ?? 0) > floor) throw new MalformedError("range above the floor");
  return {
    author: toId<PeerId>(byteString(author, idBytes)),
    log: toId<LogId>(byteString(log, logIdBytes)),
    seq: floor,
    id: toId<PostId>(byteString(id, idBytes)),
    kept: below,
  };
}

/** A range of a log. */
export function wantedFields({ author, log, from, to }: WantedRange): CborValue {
  return [fromId(author), fromId(log), from, to];
}

/** Reads what {@linkcode wantedFields} wrote. */
export function wantedRange(value: CborValue): WantedRange {
  const [author, log, from, to] = list(value, 4);
  const first = integer(from, 1, Number.MAX_SAFE_INTEGER);
  return {
    author: toId<PeerId>(byteString(author, idBytes)),
    log: toId<LogId>(byteString(log, logIdBytes)),
    from: first,
    to: integer(to, first, Number.MAX_SAFE_INTEGER),
  };
}

/** Bytes of one bucket: its number and its hash. */
const bucketSize = 9;

/** Buckets one after the other. */
export function bucketBytes(buckets: readonly Bucket[]): Uint8Array {
  const bytes = new Uint8Array(bucketSize * buckets.length);
  for (const [i, { bucket, hash }] of buckets.entries()) {
    bytes[bucketSize * i] = bucket;
    bytes.set(Uint8Array.fromHex(hash), bucketSize * i + 1);
  }
  return bytes;
}

/** Reads what {@linkcode bucketBytes} wrote. */
export function bucketList(bytes: Uint8Array): Bucket[] {
  if (bytes.length % bucketSize !== 0) throw new MalformedError("digest length");
  const buckets: Bucket[] = [];
  for (let i = 0; i < bytes.length; i += bucketSize) {
    const bucket = bytes[i]!;
    if (bucket <= (buckets.at(-1)?.bucket ?? -1)) throw new MalformedError("digest order");
    buckets.push({ bucket, hash: bytes.subarray(i + 1, i + bucketSize).toHex() });
  }
  return buckets;
}

/** The ends of a forked log. */
export function forkFields({ author, log, ends }: ForkEntry): CborValue {
  return [fromId(author), fromId(log), ends.map(({ seq, id }) => [seq, fromId(id)])];
}

/** Reads what {@linkcode forkFields} wrote. */
export function forkEntry(value: CborValue): ForkEntry {
  const [author, log, ends] = list(value, 3);
  return {
    author: toId<PeerId>(byteString(author, idBytes)),
    log: toId<LogId>(byteString(log, logIdBytes)),
    ends: list(ends, wireLimits.forkEndsMax).map((end) => {
      const [seq, id] = list(end, 2);
      return {
        seq: integer(seq, 1, Number.MAX_SAFE_INTEGER),
        id: toId<PostId>(byteString(id, idBytes)),
      };
    }),
  };
}

/** Ascending ranges above `floor` that do not overlap. */
export function ranges(
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

/** An array, of so many elements at most. */
export function list(value: CborValue | undefined, lengthMax = Infinity): readonly CborValue[] {
  if (!Array.isArray(value) || value.length > lengthMax) {
    throw new MalformedError("array expected");
  }
  return value as readonly CborValue[];
}
