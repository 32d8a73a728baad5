/**
 * Epochs of a private room: posts that give members a secret under which to write. An epoch is
 * named by the id of the post that begins it; that one commits to the secret, and further posts
 * seal it to more people. Which epoch is written under is decided in peer/epochs.ts.
 *
 * A seal is HPKE in base mode (RFC 9180) to a member's sealing key, bound to the room, to both
 * people, to the commitment, and to all that its author signs before the body.
 */

import { type CborValue, decodeCbor, encodeCbor, MalformedError } from "./cbor.ts";
import { concat } from "./concat.ts";
import type { CryptoSuite, KeyPair } from "./crypto_suite.ts";
import { openBase, sealBase } from "./hpke/hpke.ts";
import { fromId, idBytes, type PeerId, type PostId, type RoomId, toId } from "./ids.ts";
import { wireLimits } from "./limits_wire.ts";
import { byteString, type PostFields, signedHead } from "./post.ts";

/** A secret sealed to somebody. */
export interface Seal {
  /** To whom. */
  readonly to: PeerId;
  /** The epoch; `null` for the one that the post itself begins. */
  readonly epoch: PostId | null;
  /** `enc` of HPKE. */
  readonly enc: Uint8Array;
  /** Ciphertext and tag. */
  readonly box: Uint8Array;
}

/** The body of a post of kind `epoch`. */
export interface EpochBody {
  /** What a secret must hash to, where the post begins an epoch; `null` if it only seals. */
  readonly commitment: Uint8Array | null;
  readonly seals: readonly Seal[];
}

type PostHead = Omit<PostFields, "body">;

const boxBytes = 48;
const encoder = new TextEncoder();
const commitTag = encoder.encode("starling/1 epoch commitment\0");
const infoTag = encoder.encode("starling/1 epoch seal\0");

/** What an epoch's first post says of its secret. */
export function commitmentOf(room: RoomId, secret: Uint8Array, crypto: CryptoSuite): Uint8Array {
  return crypto.sha256(concat(commitTag, fromId(room), secret));
}

/**
 * Seals an epoch's secret to somebody.
 *
 * @param head All that is signed before the body of the post that it will stand in.
 * @param to The member, with its sealing key.
 * @param epoch The epoch's id; `null` for the one that this post begins.
 * @returns `null` if the key is a point of small order.
 */
export function sealEpoch(
  head: PostHead,
  to: { readonly peer: PeerId; readonly sealing: Uint8Array },
  epoch: PostId | null,
  secret: Uint8Array,
  crypto: CryptoSuite,
): Seal | null {
  const commitment = commitmentOf(head.room, secret, crypto);
  const sealed = sealBase(
    to.sealing,
    infoOf(head, to.peer, to.sealing),
    associatedData(head, commitment),
    secret,
    crypto,
  );
  if (sealed === null) return null;
  return { to: to.peer, epoch, enc: sealed.enc, box: sealed.ciphertext };
}

/**
 * Opens a seal.
 *
 * @param head The post it stands in, up to its body.
 * @param commitment What the epoch's first post says.
 * @param keys Own sealing keys, the newest last.
 * @returns The secret; `null` if no key opens it, or it is not the epoch's.
 */
export function openSeal(
  head: PostHead,
  { to, enc, box }: Seal,
  commitment: Uint8Array,
  keys: readonly KeyPair[],
  crypto: CryptoSuite,
): Uint8Array | null {
  for (const key of keys.toReversed()) {
    const info = infoOf(head, to, key.publicKey);
    const secret = openBase(enc, key, info, associatedData(head, commitment), box, crypto);
    if (secret === null) continue;
    const right = commitmentOf(head.room, secret, crypto).toHex() === commitment.toHex();
    return right ? secret : null;
  }
  return null;
}

function infoOf({ room, author }: PostHead, to: PeerId, sealing: Uint8Array): Uint8Array {
  return concat(infoTag, fromId(room), fromId(author), fromId(to), sealing);
}

/** The commitment has a fixed length, so that no two pairs give the same bytes. */
function associatedData(head: PostHead, commitment: Uint8Array): Uint8Array {
  return concat(commitment, signedHead(head));
}

/** Encodes the body of an epoch post. */
export function encodeEpoch({ commitment, seals }: EpochBody): Uint8Array {
  const fields = seals.map(({ to, epoch, enc, box }) => [
    fromId(to),
    epoch === null ? null : fromId(epoch),
    enc,
    box,
  ]);
  return encodeCbor([commitment, fields]);
}

/**
 * Decodes the body of an epoch post.
 *
 * @throws {MalformedError} If it is none.
 */
export function decodeEpoch(data: Uint8Array): EpochBody {
  const [first, second] = list(decodeCbor(data));
  const commitment = first === null ? null : byteString(first, idBytes);
  const seals = list(second);
  if (seals.length > wireLimits.sealsMax) throw new MalformedError("too many seals");
  return {
    commitment,
    seals: seals.map((each) => {
      const [to, epoch, enc, box] = list(each);
      if (commitment === null && epoch === null) throw new MalformedError("seal of no epoch");
      return {
        to: toId<PeerId>(byteString(to, idBytes)),
        epoch: epoch === null ? null : toId<PostId>(byteString(epoch, idBytes)),
        enc: byteString(enc, idBytes),
        box: byteString(box, boxBytes),
      };
    }),
  };
}

function list(value: CborValue | undefined): readonly CborValue[] {
  if (!Array.isArray(value)) throw new MalformedError("epoch shape");
  return value as readonly CborValue[];
}
