/**
 * Presence: a signed word that somebody is in a room now. It is gossiped and never stored.
 *
 * It carries the author's logical time, so that only a newer word replaces an older one and
 * a replayed one is recognised by its age.
 */

import { encodeCbor, MalformedError } from "./cbor.ts";
import type { CryptoSuite } from "./crypto_suite.ts";
import { tagged } from "./domain_tag.ts";
import { fromId, idBytes, lendId, type PeerId, type RoomId, toId } from "./ids.ts";
import { wireLimits } from "./limits_wire.ts";
import { byteString, integer, type LogicalTime, signedFields, type SignedPost } from "./post.ts";
import { isCarried } from "./text.ts";

/** What somebody says of being here. */
export interface Presence {
  readonly room: RoomId;
  readonly author: PeerId;
  readonly time: LogicalTime;
  /** `left` ends it at once instead of after a minute of silence. */
  readonly state: "here" | "away" | "left";
  /** How the author is called. */
  readonly name: string;
  /** Why away; empty if no reason is given. */
  readonly reason: string;
}

/** A decoded presence with the bytes it came in. */
export interface SignedPresence extends Presence, SignedPost {}

const formatVersion = 1;
const states = ["left", "here", "away"] as const;

/** What the signature goes over. */
const signingInput = tagged("starling/1 presence\0");

/**
 * Signs a presence.
 *
 * @param presence What to say.
 * @param secretKey The author's Ed25519 secret key.
 * @param crypto The cryptography to use.
 */
export function signPresence(
  presence: Presence,
  secretKey: Uint8Array,
  crypto: CryptoSuite,
): SignedPresence {
  const signed = encodeCbor([
    formatVersion,
    fromId(presence.room),
    fromId(presence.author),
    presence.time.ms,
    presence.time.counter,
    states.indexOf(presence.state),
    presence.name,
    presence.reason,
  ]);
  return { ...presence, signed, signature: crypto.sign(secretKey, signingInput(signed)) };
}

/**
 * Decodes a presence without verifying its signature.
 *
 * @param envelope The bytes as received.
 * @returns The presence; its `signed` and `signature` are the arrays passed in.
 * @throws {MalformedError} If the bytes are no presence of this format version.
 */
export function decodePresence(envelope: SignedPost): SignedPresence {
  const [room, author, ms, counter, state, name, reason] = signedFields(
    envelope.signed,
    "presence",
    formatVersion,
    7,
  );
  // By bytes alone: tables of characters differ between versions of Unicode, and who passes
  // on a word must not be cut off for it.
  if (typeof name !== "string" || !isCarried(name, wireLimits.nameBytesMax)) {
    throw new MalformedError("name");
  }
  if (typeof reason !== "string" || !isCarried(reason, wireLimits.awayBytesMax)) {
    throw new MalformedError("reason");
  }
  return {
    room: toId<RoomId>(byteString(room, idBytes)),
    author: toId<PeerId>(byteString(author, idBytes)),
    time: { ms: integer(ms, 0, 2 ** 48 - 1), counter: integer(counter, 0, 65_535) },
    state: states[integer(state, 0, 2)]!,
    name,
    reason,
    signed: envelope.signed,
    signature: envelope.signature,
  };
}

/**
 * Whether the author's key made the signature.
 *
 * @param presence A decoded presence.
 * @param crypto The one verifier of the whole network.
 */
export function verifyPresence(presence: SignedPresence, crypto: CryptoSuite): boolean {
  return crypto.verify(lendId(presence.author), signingInput(presence.signed), presence.signature);
}
