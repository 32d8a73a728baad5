/** Invites that are given before a chat opens: they are checked like every option. */

import { ChatError } from "../peer/errors.ts";
import { readInvite } from "../peer/invitation.ts";
import { decodeInvite, unbroken } from "../wire/invite.ts";
import type { Catalogue } from "./catalogue.ts";
import { errorText } from "./error_text.ts";
import { UsageError } from "./usage_error.ts";

/**
 * Checks an invite. Whether it is this peer's own is seen when that has opened.
 *
 * @param where The option, for the message.
 * @throws {UsageError} If it cannot be taken.
 */
export function checkInvite(text: string, where: string, catalogue: Catalogue): void {
  try {
    readInvite(text, null, Date.now());
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    throw new UsageError(`${where}: ${errorText(error, catalogue)}`);
  }
}

/** The room to open for a checked invite; `null` for a private one, which others must open. */
export function roomOfInvite(text: string): string | null {
  const { room, ticket } = decodeInvite(unbroken(text));
  return ticket === null ? room : null;
}
