/** Makes invites for a running peer; loaded when somebody asks for one. */

import type { Engine } from "../peer/engine.ts";
import { ChatError } from "../peer/errors.ts";
import { invitable } from "../peer/invitation.ts";
import type { CryptoSuite } from "../wire/crypto_suite.ts";
import type { PeerId, RoomId } from "../wire/ids.ts";
import { encodeInvite, seedBytes } from "../wire/invite.ts";
import type { Limits } from "../wire/limits.ts";
import { inviteKeys } from "../wire/redemption.ts";
import { badField } from "./chat_input.ts";
import type { Listening } from "./listening.ts";
import type { Shell } from "./shell.ts";

/** What was asked for, as `Chat.invite` has it. */
export interface InviteOptions {
  readonly expiresMs?: number | null | undefined;
  readonly count?: number | undefined;
}

/** What of a peer makes invites. */
export interface InviteParts {
  readonly me: PeerId;
  readonly engine: Engine;
  readonly shell: Shell;
  readonly listening: Listening;
  readonly crypto: CryptoSuite;
  readonly limits: Limits;
}

/**
 * Makes an invite to an open room.
 *
 * @throws {ChatError} If nobody can dial this peer, or something was asked for that cannot be.
 */
export async function makeInvite(
  parts: InviteParts,
  id: RoomId,
  { expiresMs, count }: InviteOptions,
): Promise<string> {
  const { engine, limits, shell, me } = parts;
  const { wallMs } = shell.now;
  const until = expiresMs === undefined ? wallMs + limits.inviteMs : expiresMs;
  if (until !== null && !Number.isSafeInteger(until)) {
    throw badField("expiresMs", until, "give milliseconds since 1970, or null for never");
  }
  if (until !== null && until < wallMs) {
    throw new ChatError(
      "bad-field",
      `Cannot make an invite that expires at ${until}: that is past; ` +
        "give milliseconds since 1970, later than now",
    );
  }
  const addresses = invitable(parts.listening.addresses);
  const invite = { peer: me, room: engine.roomName(id) ?? `~${id}`, addresses, expiresMs: until };
  const past = engine.showsPast(id);
  if (past !== null) {
    const seed = await postInvite(parts, id, until, count ?? null);
    return encodeInvite({ ...invite, ticket: { seed, past } });
  }
  if (count !== undefined) {
    throw new ChatError(
      "not-available",
      "Whoever knows a public room can open it: nobody counts who comes",
    );
  }
  return encodeInvite({ ...invite, ticket: null });
}

/** Says in a private room that whoever has a fresh seed may come; the seed is kept nowhere. */
async function postInvite(
  { crypto, limits, shell }: InviteParts,
  room: RoomId,
  expiresMs: number | null,
  count: number | null,
): Promise<Uint8Array> {
  const isRight = count === null ||
    (Number.isSafeInteger(count) && count >= 1 && count <= limits.inviteCountMax);
  if (!isRight) {
    const remedy = `give a whole number from 1 to ${limits.inviteCountMax}, or null for any number`;
    throw badField("count", count, remedy);
  }
  const seed = crypto.randomBytes(seedBytes);
  const key = inviteKeys(seed, crypto).publicKey;
  await shell.command({ type: "make-invite", room, key, expiresMs, count });
  return seed;
}
