/**
 * Posts of kind `invite`: by one a member of a private room says that whoever has the seed of an
 * invite may be let in, until when and how often, or takes that back (PROTOCOL.md, "Invites to
 * private rooms"). They stand in the clear, like posts about membership: nobody but members
 * carries what is posted in a private room. Which of them hold is decided in peer/invites.ts.
 */

import { type CborValue, decodeCbor, encodeCbor, MalformedError } from "./cbor.ts";
import { fromId, idBytes, type PostId, toId } from "./ids.ts";
import { wireLimits } from "./limits_wire.ts";
import { byteString, integer } from "./post.ts";

/** What a post of kind `invite` does. */
export type InviteDeed =
  | {
    readonly deed: "make";
    /** The public key of the seed, 32 bytes. */
    readonly key: Uint8Array;
    /** Until when it holds, in milliseconds since 1970, by whole minutes; `null`: for ever. */
    readonly expiresMs: number | null;
    /** How many people may come by it; `null`: any number. */
    readonly count: number | null;
  }
  | {
    readonly deed: "revoke";
    /** The post that made it. */
    readonly invite: PostId;
  };

const number = { make: 1, revoke: 2 } as const;
const minuteMs = 60_000;
const minutesMax = 2 ** 32;

/** Encodes the body of a post of kind `invite`. */
export function encodeInviteDeed(deed: InviteDeed): Uint8Array {
  if (deed.deed === "revoke") return encodeCbor([number.revoke, fromId(deed.invite)]);
  const { key, expiresMs, count } = deed;
  const minutes = expiresMs === null ? null : Math.floor(expiresMs / minuteMs);
  return encodeCbor([number.make, key, minutes, count]);
}

/**
 * Decodes the body of a post of kind `invite`. What stands behind the known elements is ignored.
 *
 * @returns `null` for a deed of a later version.
 * @throws {MalformedError} If it is none.
 */
export function decodeInviteDeed(data: Uint8Array): InviteDeed | null {
  const value = decodeCbor(data);
  if (!Array.isArray(value)) throw new MalformedError("invite post shape");
  const [which, first, minutes, count] = value as readonly CborValue[];
  switch (which) {
    case number.make:
      return {
        deed: "make",
        key: byteString(first, idBytes),
        expiresMs: minutes === null ? null : integer(minutes, 0, minutesMax) * minuteMs,
        count: count === null ? null : integer(count, 1, wireLimits.inviteCountMax),
      };
    case number.revoke:
      return { deed: "revoke", invite: toId<PostId>(byteString(first, idBytes)) };
    default:
      return null;
  }
}
