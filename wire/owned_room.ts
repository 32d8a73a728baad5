/**
 * Owned public rooms: the id that commits to its founder, and the bodies of the posts by which
 * somebody in charge does something (PROTOCOL.md, "Owned rooms"). Who is in charge, and whose acts
 * count, is decided from these posts in peer/charge.ts.
 *
 * The id is a hash over the founder's key, the name and random bytes. The founding post gives the
 * last two and is signed by the first, so that it proves itself to whoever knows the id, and nobody
 * else can make one.
 */

import { type CborValue, decodeCbor, encodeCbor, MalformedError } from "./cbor.ts";
import type { CryptoSuite } from "./crypto_suite.ts";
import { fromId, idBytes, type LogId, logIdBytes, type PeerId } from "./ids.ts";
import { type PostId, type RoomId, toId } from "./ids.ts";
import { wireLimits } from "./limits_wire.ts";
import { byteString, integer, postKind } from "./post.ts";
import { checkRoomName } from "./text.ts";

/** Random bytes in the id of an owned room. */
export const saltBytes = 16;

/** A place in a log of somebody: the last post that counts, or the first that does not again. */
export interface LogMark {
  readonly log: LogId;
  readonly seq: number;
  /** The post that stands there. */
  readonly id: PostId;
}

/** What somebody in charge does. */
export type Act =
  | { readonly act: "found"; readonly name: string; readonly salt: Uint8Array }
  | {
    /**
     * Who helps, from now on or no more; who is removed or admitted again. Of each known log of
     * `peer` the last post is named.
     */
    readonly act: "admin" | "no-admin" | "remove" | "readmit";
    readonly peer: PeerId;
    readonly logs: readonly LogMark[];
  }
  | { readonly act: "close" };

const number = { found: 1, admin: 2, "no-admin": 3, remove: 4, readmit: 5 } as const;

const tag = new TextEncoder().encode("starling/1 owned room\0");

/**
 * The id of an owned room.
 *
 * @param founder Who founds it.
 * @param name Its name, as {@linkcode checkRoomName} wants it.
 * @param salt 16 random bytes.
 */
export function ownedRoomId(
  founder: PeerId,
  name: string,
  salt: Uint8Array,
  crypto: CryptoSuite,
): RoomId {
  const bytes = new TextEncoder().encode(name);
  const input = new Uint8Array(tag.length + idBytes + saltBytes + bytes.length);
  input.set(tag);
  input.set(fromId(founder), tag.length);
  input.set(salt, tag.length + idBytes);
  input.set(bytes, tag.length + idBytes + saltBytes);
  return toId<RoomId>(crypto.sha256(input));
}

/**
 * Encodes an act.
 *
 * @returns The kind's number and the bytes for the envelope.
 */
export function encodeAct(act: Act): { kind: number; body: Uint8Array } {
  if (act.act === "close") return { kind: postKind.close, body: encodeCbor([]) };
  return { kind: postKind.membership, body: encodeCbor(elements(act)) };
}

function elements(act: Exclude<Act, { readonly act: "close" }>): CborValue {
  if (act.act === "found") return [number.found, act.name, act.salt];
  return [number[act.act], fromId(act.peer), markFields(act.logs)];
}

/** Marks as they stand in an act. */
export function markFields(logs: readonly LogMark[]): CborValue {
  return logs.map(({ log, seq, id }) => [fromId(log), seq, fromId(id)]);
}

/**
 * Decodes an act.
 *
 * @param kind The number in the envelope.
 * @param data The envelope's body.
 * @returns `null` for what is no act that this version knows.
 * @throws {MalformedError} If it is one of these and its body is not.
 */
export function decodeAct(kind: number, data: Uint8Array): Act | null {
  if (kind === postKind.close) {
    list(decodeCbor(data));
    return { act: "close" };
  }
  if (kind !== postKind.membership) return null;
  const [which, second, third] = list(decodeCbor(data));
  if (which === number.found) {
    if (typeof second !== "string" || checkRoomName(second) !== null) {
      throw new MalformedError("room name");
    }
    return { act: "found", name: second, salt: byteString(third, saltBytes) };
  }
  for (const act of ["admin", "no-admin", "remove", "readmit"] as const) {
    if (which === number[act]) {
      return { act, peer: toId<PeerId>(byteString(second, idBytes)), logs: actMarks(third) };
    }
  }
  return null;
}

/**
 * The inverse of {@linkcode markFields}.
 *
 * @throws {MalformedError} If these are none, or too many.
 */
export function actMarks(value: CborValue | undefined): LogMark[] {
  const logs = list(value);
  if (logs.length > wireLimits.logMarksMax) throw new MalformedError("too many logs");
  return logs.map((each) => {
    const [log, seq, id] = list(each);
    return {
      log: toId<LogId>(byteString(log, logIdBytes)),
      seq: integer(seq, 1, Number.MAX_SAFE_INTEGER),
      id: toId<PostId>(byteString(id, idBytes)),
    };
  });
}

function list(value: CborValue | undefined): readonly CborValue[] {
  if (!Array.isArray(value)) throw new MalformedError("act shape");
  return value as readonly CborValue[];
}
