/** `/invite`, and `/connect` with an invite. */

import { decodeInvite, unbroken } from "../wire/invite.ts";
import { defaultLimits } from "../wire/limits.ts";
import type { Performance } from "./performance.ts";
import { roomLabel } from "./post_line.ts";
import { Refusal } from "./refusal.ts";
import { currentRoom, type Setting } from "./setting.ts";

/** Days that an invite holds. */
export const inviteDays = Math.round(defaultLimits.inviteMs / 86_400_000);

/** The answer of the NDJSON interface to `connect` with an invite. */
export function inviteData(typed: string): string {
  const { room, peer, addresses } = decodeInvite(unbroken(typed));
  return JSON.stringify({ room, peer, addresses });
}

/**
 * Makes an invite to the room that one is in.
 *
 * @param qr Draws it too.
 * @throws {ChatError} If there is no such room, or nobody can dial this peer.
 */
export async function invite(qr: boolean, setting: Setting): Promise<Performance> {
  const { chat, catalogue } = setting;
  const room = currentRoom(setting);
  if (room.startsWith("@")) throw new Refusal("not-available", catalogue.invites.notToChat);
  const expiresMs = Date.now() + defaultLimits.inviteMs;
  const link = await chat.invite(room, { expiresMs });
  const lines = [catalogue.invites.made(roomLabel(room), inviteDays, link)];
  if (!qr) return { lines };
  const { renderUnicodeCompact } = await import("uqr");
  // In capitals it takes the dense alphabet of QR codes, and fewer squares.
  return { lines: [...lines, ...renderUnicodeCompact(link.toUpperCase()).split("\n")] };
}

/**
 * Takes an invite: its room is where one is from now on.
 *
 * @throws {ChatError} If it cannot be taken.
 */
export async function take(typed: string, setting: Setting): Promise<Performance> {
  const { chat, conversation, catalogue } = setting;
  const before = chat.rooms().map(({ room }) => room);
  const room = await chat.connect(typed);
  if (room === null) return { lines: [] };
  conversation.room = room;
  const addresses = decodeInvite(unbroken(typed)).addresses.join(", ");
  const lines = [catalogue.invites.taken(roomLabel(room), addresses)];
  return before.includes(room) ? { lines } : { lines, opened: room };
}
