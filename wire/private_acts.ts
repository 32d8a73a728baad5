/**
 * The bodies of the posts that make a private room what it is: who founded it, who was added, and
 * the acts that it has in common with owned rooms (wire/owned_room.ts). They stand in the clear,
 * as nobody carries them who does not know the room's secret; the room's name alone is encrypted.
 * Whose acts count is decided in peer/members.ts.
 */

import { type CborValue, decodeCbor, encodeCbor, MalformedError } from "./cbor.ts";
import type { CryptoSuite } from "./crypto_suite.ts";
import { tagged } from "./domain_tag.ts";
import { fromId, idBytes, lendId, type PeerId, toId } from "./ids.ts";
import {
  type Act,
  actMarks,
  decodeAct,
  encodeAct,
  type LogMark,
  markFields,
} from "./owned_room.ts";
import { byteString, postKind } from "./post.ts";

/** Somebody's sealing key, and proof that it is that person's. */
export interface SealingProof {
  /** X25519, 32 bytes. */
  readonly sealing: Uint8Array;
  /** Ed25519 by the person, 64 bytes, over {@linkcode sealingKeySigned}. */
  readonly signature: Uint8Array;
}

/** The first post of a private room. */
export interface PrivateFounding {
  readonly act: "found-private";
  /** The name, encrypted under the room's secret. */
  readonly nameBox: Uint8Array;
  /** The founder's sealing key; the post itself is its proof. */
  readonly sealing: Uint8Array;
  /** Whoever is added gets the secrets of earlier epochs too. */
  readonly history: boolean;
}

/** Somebody is a member from now on. */
export interface Addition {
  readonly act: "add";
  readonly peer: PeerId;
  /** Of each known log of `peer` the last post, which does not count, nor what is before it. */
  readonly logs: readonly LogMark[];
  /** What every member can seal epochs to. */
  readonly proof: SealingProof;
  /** The public key of the invite that was redeemed; `null` for none. */
  readonly invite: Uint8Array | null;
}

/** What somebody does in a private room. */
export type PrivateAct =
  | PrivateFounding
  | Addition
  | Exclude<Act, { readonly act: "found" | "readmit" }>;

/** Beyond those of owned rooms. */
const number = { found: 6, add: 7 } as const;
const nameBoxMax = 128;

/** What the owner of a sealing key signs, with the domain tag before it. */
const sealingKeySigned: (sealing: Uint8Array) => Uint8Array = tagged(
  "starling/1 sealing key\0",
);

/** Signs one's own sealing key. */
export function proveSealing(
  sealing: Uint8Array,
  secretKey: Uint8Array,
  crypto: CryptoSuite,
): SealingProof {
  return { sealing, signature: crypto.sign(secretKey, sealingKeySigned(sealing)) };
}

/** Whether a sealing key is its owner's. */
export function isProven(
  { sealing, signature }: SealingProof,
  peer: PeerId,
  crypto: CryptoSuite,
): boolean {
  return crypto.verify(lendId(peer), sealingKeySigned(sealing), signature);
}

/**
 * Encodes an act.
 *
 * @returns The kind's number and the bytes for the envelope.
 */
export function encodePrivateAct(act: PrivateAct): { kind: number; body: Uint8Array } {
  if (act.act !== "found-private" && act.act !== "add") return encodeAct(act);
  return { kind: postKind.membership, body: encodeCbor(elements(act)) };
}

function elements(act: PrivateFounding | Addition): CborValue {
  if (act.act === "found-private") return [number.found, act.nameBox, act.sealing, act.history];
  const { sealing, signature } = act.proof;
  return [number.add, fromId(act.peer), markFields(act.logs), sealing, signature, act.invite];
}

/**
 * Decodes an act.
 *
 * @param kind The number in the envelope.
 * @param data The envelope's body.
 * @returns `null` for what is no act that this version knows in a private room.
 * @throws {MalformedError} If it is one of these and its body is not.
 */
export function decodePrivateAct(kind: number, data: Uint8Array): PrivateAct | null {
  const act = decodeAct(kind, data);
  if (act !== null) return act.act === "found" || act.act === "readmit" ? null : act;
  if (kind !== postKind.membership) return null;
  const value = decodeCbor(data);
  if (!Array.isArray(value)) throw new MalformedError("act shape");
  const [which, second, third, fourth, fifth, sixth] = value as readonly CborValue[];
  if (which === number.found) {
    const nameBox = byteString(second);
    if (nameBox.length > nameBoxMax || typeof fourth !== "boolean") {
      throw new MalformedError("founding");
    }
    return {
      act: "found-private",
      nameBox,
      sealing: byteString(third, idBytes),
      history: fourth,
    };
  }
  if (which !== number.add) return null;
  return {
    act: "add",
    peer: toId<PeerId>(byteString(second, idBytes)),
    logs: actMarks(third),
    proof: { sealing: byteString(fourth, idBytes), signature: byteString(fifth, 64) },
    invite: sixth === null ? null : byteString(sixth, idBytes),
  };
}
