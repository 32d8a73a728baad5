/** `/invite`, and `/connect` with an invite. */

import type { InviteInfo } from "../peer/invites.ts";
import { decodeInvite, unbroken } from "../wire/invite.ts";
import { defaultLimits } from "../wire/limits.ts";
import { normalRoomName } from "../wire/text.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Performance } from "./performance.ts";
import { roomLabel } from "./post_line.ts";
import { Refusal } from "./refusal.ts";
import { currentRoom, ownedRoom, type Setting } from "./setting.ts";

const unitMs = { days: 86_400_000, hours: 3_600_000, minutes: 60_000 } as const;

/** Days that an invite holds if nothing else is said. */
export const inviteDays = Math.round(defaultLimits.inviteMs / unitMs.days);

/** Digits of an invite's id in a list; enough to tell apart what one room has. */
const idDigits = 8;

/** The answer of the NDJSON interface to `connect` with an invite. */
export function inviteData(typed: string): string {
  const { room, peer, addresses, ticket } = decodeInvite(unbroken(typed));
  // A private room is open when somebody has let this peer in, not now.
  return JSON.stringify({ room: ticket === null ? room : null, peer, addresses });
}

/** How long an invite is to hold. */
interface Holding {
  readonly unit: keyof typeof unitMs;
  readonly number: number;
}

/** What was typed after `/invite`. */
type Wish =
  | { readonly type: "list"; readonly room: string | null }
  | { readonly type: "revoke"; readonly id: string }
  | {
    readonly type: "make";
    readonly room: string | null;
    readonly count: number | null;
    /** `null`: for ever. */
    readonly holding: Holding | null;
    readonly qr: boolean;
  };

/**
 * Makes an invite, lists them or takes one back.
 *
 * @param rest What was typed after the command.
 * @throws {ChatError} If there is no such room, or nobody can dial this peer.
 */
export async function invite(rest: string, setting: Setting): Promise<Performance> {
  const { catalogue } = setting;
  const wish = readWish(rest);
  if (wish === null) throw new Refusal("bad-command", catalogue.invites.how);
  switch (wish.type) {
    case "list":
      return { lines: listLines(roomOf(wish.room, setting), setting) };
    case "revoke":
      return { lines: [await takeBack(wish.id, setting)] };
    case "make":
      return await make(wish, setting);
  }
}

function readWish(rest: string): Wish | null {
  const words = rest.split(/\s+/).filter((word) => word !== "");
  if (words[0] === "--list") {
    return words.length > 2 ? null : { type: "list", room: words[1] ?? null };
  }
  if (words[0] === "--revoke") {
    const id = words[1]?.toLowerCase();
    return words.length === 2 && /^[0-9a-f]{4,64}$/.test(id!) ? { type: "revoke", id: id! } : null;
  }
  let room: string | null = null;
  let count: number | null = null;
  let holding: Holding | null | undefined = { unit: "days", number: inviteDays };
  let qr = false;
  while (words.length > 0) {
    const word = words.shift()!;
    if (word === "--qr") qr = true;
    else if (word === "--count") {
      count = countIn(words.shift());
      if (count === null) return null;
    } else if (word === "--expires") {
      holding = holdingIn(words.shift());
      if (holding === undefined) return null;
    } else if (room === null && !word.startsWith("--")) room = word;
    else return null;
  }
  return { type: "make", room, count, holding, qr };
}

function countIn(word: string | undefined): number | null {
  const count = /^[1-9]\d{0,3}$/.test(word ?? "") ? Number(word) : 0;
  return count >= 1 && count <= defaultLimits.inviteCountMax ? count : null;
}

/** `30m`, `12h`, `7d`; `null` for `never`, nothing for anything else. */
function holdingIn(word: string | undefined): Holding | null | undefined {
  if (word === "never") return null;
  const [, digits, letter] = /^([1-9]\d{0,3})([mhd])$/.exec(word ?? "") ?? [];
  if (digits === undefined) return undefined;
  const units = { m: "minutes", h: "hours", d: "days" } as const;
  return { unit: units[letter as keyof typeof units], number: Number(digits) };
}

function roomOf(typed: string | null, setting: Setting): string {
  const room = typed === null ? currentRoom(setting) : normalRoomName(ownedRoom(typed, setting));
  if (room.startsWith("@")) throw new Refusal("not-available", setting.catalogue.invites.notToChat);
  return room;
}

function isPrivate(room: string, { chat }: Setting): boolean {
  return chat.rooms().some((open) => open.room === room && open.kind === "private");
}

async function make(
  { room: typed, count, holding, qr }: Extract<Wish, { readonly type: "make" }>,
  setting: Setting,
): Promise<Performance> {
  const { chat, conversation, catalogue } = setting;
  const room = roomOf(typed, setting);
  const label = roomLabel(room, conversation.names);
  const closed = isPrivate(room, setting);
  if (count !== null && !closed) {
    throw new Refusal("not-available", catalogue.invites.notCounted(label));
  }
  const expiresMs = holding === null ? null : Date.now() + holding.number * unitMs[holding.unit];
  const link = await chat.invite(room, { expiresMs, ...count === null ? {} : { count } });
  const { invites } = catalogue;
  const holds = holding === null ? invites.forEver : invites.holds[holding.unit](holding.number);
  const { ticket } = decodeInvite(link);
  const who = count === null ? invites.byAnybody : invites.byYou(count);
  const reads = ticket?.past ? invites.readsPast : invites.readsOnward;
  const line = ticket === null
    ? invites.made(label, holds, link)
    : invites.madePrivate(label, who, reads, holds, link);
  if (!qr) return { lines: [line] };
  const { renderUnicodeCompact } = await import("uqr");
  // In capitals it takes the dense alphabet of QR codes, and fewer squares.
  return { lines: [line, ...renderUnicodeCompact(link.toUpperCase()).split("\n")] };
}

function madeIn(room: string, setting: Setting): readonly InviteInfo[] {
  if (isPrivate(room, setting)) return setting.chat.invites(room);
  const label = roomLabel(room, setting.conversation.names);
  throw new Refusal("not-available", setting.catalogue.invites.notCounted(label));
}

function listLines(room: string, setting: Setting): string[] {
  const { conversation, catalogue } = setting;
  const all = madeIn(room, setting);
  const label = roomLabel(room, conversation.names);
  if (all.length === 0) return [catalogue.invites.noneMade(label)];
  return all.map((each) => {
    const { id, by, byName, used, count } = each;
    const { invites } = catalogue;
    const use = count === null ? invites.used(used) : invites.usedOf(used, count);
    const name = conversation.names.shown(by, byName);
    return invites.listed(id.slice(0, idDigits), name, use, stateText(each, catalogue));
  });
}

function stateText({ end, expiresMs }: InviteInfo, catalogue: Catalogue): string {
  const { invites } = catalogue;
  if (end !== null) return invites.ended[end];
  return expiresMs === null ? invites.forEver : invites.until(catalogue.dateTime(expiresMs));
}

async function takeBack(start: string, setting: Setting): Promise<string> {
  const { chat, catalogue } = setting;
  const room = roomOf(null, setting);
  const found = madeIn(room, setting).filter(({ id }) => id.startsWith(start));
  const [first] = found;
  if (first === undefined) throw new Refusal("no-such-post", catalogue.invites.noSuch(start));
  if (found.length > 1) throw new Refusal("no-such-post", catalogue.invites.several(start));
  await chat.revokeInvite(room, first.id);
  return catalogue.invites.takenBack(first.id.slice(0, idDigits));
}

/**
 * Takes an invite: its room is where one is from now on; a private one opens later.
 *
 * @throws {ChatError} If it cannot be taken.
 */
export async function take(typed: string, setting: Setting): Promise<Performance> {
  const { chat, conversation, catalogue } = setting;
  const before = chat.rooms().map(({ room }) => room);
  const room = await chat.connect(typed);
  const addresses = decodeInvite(unbroken(typed)).addresses.join(", ");
  if (room === null) return { lines: [catalogue.invites.asking(addresses)] };
  conversation.room = room;
  const lines = [catalogue.invites.taken(roomLabel(room, conversation.names), addresses)];
  return before.includes(room) ? { lines } : { lines, opened: room };
}
