/**
 * Invites: one word by which somebody finds another and a room, `starling:` and then letters and
 * digits. It says where to dial and which key must answer there; who changes it sends others
 * elsewhere, as who passes on a wrong address does.
 *
 * To a public room that is all, and no secret (version 1). To a private one there is a seed in it,
 * too (version 2): whoever has that may ask to be let in, as a post in the room says that its maker
 * has signed (wire/invite_post.ts, wire/redemption.ts). The secret of the room is in neither.
 *
 * The checksum (wire/bech32m.ts) is checked before anything is read, and stays the same in later
 * versions: damage never looks like a newer version.
 */

import {
  alphabet,
  checksumOf,
  checksumSymbols,
  findDamage,
  fromSymbols,
  isWhole,
  toSymbols,
} from "./bech32m.ts";
import { type CborValue, decodeCbor, encodeCbor, MalformedError } from "./cbor.ts";
import { fromId, idBytes, type PeerId, type RoomId, toId } from "./ids.ts";
import { packAddress, unpackAddress } from "./ip_bytes.ts";
import { wireLimits } from "./limits_wire.ts";
import { byteString, integer } from "./post.ts";
import { checkRoomName } from "./text.ts";

/** What an invite says. */
export interface Invite {
  /** Who made it, and must be there. */
  readonly peer: PeerId;
  /** The name of a public room, or `~` and the id of an owned or private one. */
  readonly room: string;
  /** Where to dial, the most promising first: 1 to 4 of `host:port` and `[v6]:port`. */
  readonly addresses: readonly string[];
  /** Until when it holds, in milliseconds since 1970, by whole minutes; `null`: for ever. */
  readonly expiresMs: number | null;
  /** What opens a private room; `null` for a room that everybody may open. */
  readonly ticket: Ticket | null;
}

/** What lets somebody into a private room. Whoever sees it can use it. */
export interface Ticket {
  /** 16 random bytes: the secret of this one invite. */
  readonly seed: Uint8Array;
  /** Whether what was said before is shown to who comes by it. */
  readonly past: boolean;
}

/** Why a text is no invite. */
export type InviteProblem =
  | {
    readonly code: "damaged";
    /** The first wrong character, counted from 1 in the whole text, and the last; if known. */
    readonly place: readonly [first: number, last: number] | null;
  }
  | {
    /** A later version, or a kind of room that this one does not know. */
    readonly code: "newer";
  };

/** Thrown for a text that is no invite. */
export class InviteError extends Error {
  override readonly name = "InviteError";
  /** @param problem What is wrong. */
  constructor(readonly problem: InviteProblem) {
    super(`invite ${problem.code}`);
  }
}

const scheme = "starling";
const prefix = `${scheme}:`;
const publicVersion = 1, privateVersion = 2;
/** Bytes of a seed: as hard to guess as a key of Ed25519 is to break. */
export const seedBytes = 16;
const minuteMs = 60_000;
const minutesMax = 2 ** 32;
/** Host names, as they stand in an invite where there is no number. */
const named = /^[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?:[1-9]\d{0,4}$/;
/** A host name has at most 253 characters (RFC 1035, section 2.3.4). */
const namedMax = 253 + 6;

/** An invite as it was made, from one that a mail or a narrow screen has broken into lines. */
export function unbroken(text: string): string {
  return text.replace(/\s+/g, "");
}

/**
 * Writes an invite.
 *
 * @param invite Its addresses in the spelling of `formatAddress`; the last ones are left out if
 * there are more than 4, or if it would get longer than `inviteCharactersMax`.
 * @returns One word in lower case; in upper case it says the same, and makes a smaller QR code.
 * @throws {RangeError} If there is no address that fits.
 */
export function encodeInvite(invite: Invite): string {
  const { peer, room, expiresMs, ticket } = invite;
  const { inviteAddressesMax, inviteCharactersMax } = wireLimits;
  const minutes = expiresMs === null ? null : Math.floor(expiresMs / minuteMs);
  for (let count = Math.min(invite.addresses.length, inviteAddressesMax); count > 0; count--) {
    const addresses = invite.addresses.slice(0, count)
      .map((address) => packAddress(address) ?? address);
    const where = room.startsWith("~") ? fromId(room.slice(1) as RoomId) : room;
    const more = ticket === null ? [] : [ticket.seed, ticket.past];
    const body = encodeCbor([fromId(peer), where, addresses, minutes, ...more]);
    const symbols = [ticket === null ? publicVersion : privateVersion, ...toSymbols(body)];
    const all = [...symbols, ...checksumOf(scheme, symbols)];
    const text = prefix + all.map((symbol) => alphabet[symbol]).join("");
    if (text.length <= inviteCharactersMax) return text;
  }
  throw new RangeError("Cannot write an invite without an address");
}

/**
 * Reads an invite. Whether it has expired is for the caller to say.
 *
 * @param text All lower or all upper case, without white space ({@linkcode unbroken}).
 * @throws {InviteError} If it is none.
 */
export function decodeInvite(text: string): Invite {
  const symbols = symbolsOf(text);
  if (!isWhole(scheme, symbols)) {
    const found = findDamage(scheme, symbols);
    const first = prefix.length + 1 + (found?.from ?? 0);
    throw damaged(found === null ? null : [first, first + found.count - 1]);
  }
  const [made, ...rest] = symbols.slice(0, -checksumSymbols);
  if (made !== publicVersion && made !== privateVersion) throw new InviteError({ code: "newer" });
  try {
    const body = fromSymbols(rest);
    return inviteOf(body === null ? null : decodeCbor(body), made === privateVersion);
  } catch (error) {
    if (error instanceof MalformedError) throw damaged(null);
    throw error;
  }
}

function damaged(place: readonly [number, number] | null): InviteError {
  return new InviteError({ code: "damaged", place });
}

/** The symbols behind the prefix. */
function symbolsOf(text: string): number[] {
  const begins = text.slice(0, prefix.length);
  if (begins.toLowerCase() !== prefix || text.length > wireLimits.inviteCharactersMax) {
    throw damaged(null);
  }
  const upper = begins === prefix.toUpperCase();
  if (!upper && begins !== prefix) throw damaged([1, prefix.length]);
  const letters = upper ? alphabet.toUpperCase() : alphabet;
  return Array.from(text.slice(prefix.length), (letter, at) => {
    const symbol = letters.indexOf(letter);
    if (symbol < 0) throw damaged([prefix.length + 1 + at, prefix.length + 1 + at]);
    return symbol;
  });
}

/** What stands behind the last field is for later versions, and changes nothing of this. */
function inviteOf(value: CborValue, isPrivate: boolean): Invite {
  if (!Array.isArray(value) || value.length < 4) throw new MalformedError("invite shape");
  const [peer, room, addresses, minutes, seed, past] = value as readonly CborValue[];
  const { inviteAddressesMax } = wireLimits;
  if (
    !Array.isArray(addresses) || addresses.length < 1 || addresses.length > inviteAddressesMax
  ) {
    throw new MalformedError("invite addresses");
  }
  const until = minutes ?? null;
  return {
    peer: toId<PeerId>(byteString(peer, idBytes)),
    room: roomOf(room),
    addresses: addresses.map(addressOf),
    expiresMs: until === null ? null : integer(until, 0, minutesMax) * minuteMs,
    ticket: isPrivate ? ticketOf(room, seed, past) : null,
  };
}

function ticketOf(
  room: CborValue | undefined,
  seed: CborValue | undefined,
  past: CborValue | undefined,
): Ticket {
  // A private room has no name by which strangers could open it.
  if (!(room instanceof Uint8Array) || typeof past !== "boolean") {
    throw new MalformedError("invite to a private room");
  }
  return { seed: byteString(seed, seedBytes), past };
}

/** A room that everybody can open by its name, or one with a founder, by its id. */
function roomOf(value: CborValue | undefined): string {
  if (value instanceof Uint8Array) {
    if (value.length !== idBytes) throw new InviteError({ code: "newer" });
    return `~${toId<RoomId>(value)}`;
  }
  if (typeof value !== "string" || checkRoomName(value) !== null) throw new MalformedError("room");
  return value;
}

function addressOf(value: CborValue): string {
  if (value instanceof Uint8Array) return unpackAddress(value);
  if (typeof value !== "string" || value.length > namedMax || !named.test(value)) {
    throw new MalformedError("address");
  }
  return value;
}
