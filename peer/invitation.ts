/**
 * Invites as commands meet them: the reasons why one is not taken, each in one line, and what one
 * is made of.
 */

import { readAddress } from "../discovery/address.ts";
import { scopeOf } from "../discovery/scope.ts";
import type { PeerId } from "../wire/ids.ts";
import {
  decodeInvite,
  type Invite,
  InviteError,
  type InviteProblem,
  unbroken,
} from "../wire/invite.ts";
import { ChatError } from "./errors.ts";

/**
 * Reads an invite that is to be taken.
 *
 * @param text As it was typed or pasted, perhaps broken into lines.
 * @param me Who takes it; `null` where that is not known yet.
 * @param wallMs The wall clock.
 * @throws {ChatError} With one line for a person, if it cannot be taken.
 */
export function readInvite(text: string, me: PeerId | null, wallMs: number): Invite {
  let invite: Invite;
  try {
    invite = decodeInvite(unbroken(text));
  } catch (error) {
    if (!(error instanceof InviteError)) throw error;
    throw refusedFor(error.problem);
  }
  if (invite.peer === me) {
    throw new ChatError("own-invite", "The invite is your own: give it to others");
  }
  if (invite.expiresMs !== null && invite.expiresMs < wallMs) {
    const hours = Math.ceil((wallMs - invite.expiresMs) / 3_600_000);
    throw new ChatError(
      "expired-invite",
      `The invite expired within the last ${hours} h: ask for a new one, or set the clock right`,
    );
  }
  return invite;
}

function refusedFor(problem: InviteProblem): ChatError {
  if (problem.code === "newer") {
    return new ChatError(
      "newer-invite",
      "The invite is of a newer Starling: update this one, or ask for an address",
    );
  }
  const { place } = problem;
  if (place === null) {
    return new ChatError(
      "bad-invite",
      "The invite is damaged: copy all of it, from starling: to its end, or ask for it again",
    );
  }
  const [first, last] = place;
  const where = first === last
    ? `character ${first} is wrong`
    : `characters ${first} to ${last} are wrong`;
  return new ChatError(
    "bad-invite",
    `The invite is damaged: ${where}; compare it with the one you were sent, or ask for it again`,
  );
}

/**
 * The addresses to put into an invite: those of this machine alone only where there are no others,
 * since on another machine they lead elsewhere.
 *
 * @param addresses As {@linkcode Chat.listen} has them.
 * @throws {ChatError} If there are none.
 */
export function invitable(addresses: readonly string[]): readonly string[] {
  const isNear = (address: string) => {
    const host = readAddress(address)?.host ?? "";
    return host === "localhost" || scopeOf(host) === "loopback";
  };
  const far = addresses.filter((address) => !isNear(address));
  const all = far.length > 0 ? far : addresses;
  if (all.length === 0) {
    throw new ChatError(
      "not-listening",
      "Nobody can reach this peer, which listens nowhere: /listen opens a port",
    );
  }
  return all;
}
