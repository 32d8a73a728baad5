/**
 * What may stand in a text, and in the names of persons, rooms and profiles.
 *
 * Texts are carried byte for byte and made inert only where they are shown; refused is only
 * what could not be carried or would say nothing. Names of rooms are brought to one spelling
 * because the name is the key of a public room: NFC, lower case, no leading `#`.
 */

import type { CryptoSuite } from "./crypto_suite.ts";
import { type RoomId, toId } from "./ids.ts";
import { wireLimits } from "./limits_wire.ts";

/** Why a text or name is refused; the words of `error` codes on the NDJSON interface. */
export type TextProblem = "empty" | "too-long" | "nul" | "surrogate" | "control" | "space";

const encoder = new TextEncoder();
/**
 * What needs no look into Unicode's tables. The expressions that do look stand where they are
 * used: to make one takes half a millisecond, and most starts need none.
 */
const printableAscii = /^[\x20-\x7e]*$/;

/**
 * Checks a text.
 *
 * @param text Up to 16,384 bytes of UTF-8.
 * @returns The reason to refuse it, or `null`.
 */
export function checkText(text: string): TextProblem | null {
  if (text.includes("\0")) return "nul";
  if (!text.isWellFormed()) return "surrogate";
  if (text.trim() === "") return "empty";
  const { textBytesMax } = wireLimits;
  // A UTF-16 unit takes at most 3 bytes, so that most texts need no look.
  return text.length * 3 > textBytesMax && utf8Length(text) > textBytesMax ? "too-long" : null;
}

/**
 * Checks a person's name, which stands in one line beside the text.
 *
 * @param name Up to 64 bytes of UTF-8 without control characters.
 * @returns The reason to refuse it, or `null`.
 */
export function checkName(name: string): TextProblem | null {
  if (!name.isWellFormed()) return "surrogate";
  const isPlain = printableAscii.test(name);
  if (isPlain ? name.trim() === "" : isInvisible(name)) return "empty";
  if (!isPlain && /[\p{Cc}\p{Zl}\p{Zp}]/u.test(name)) return "control";
  return utf8Length(name) > wireLimits.nameBytesMax ? "too-long" : null;
}

/** Whether no character takes room on a screen. */
function isInvisible(name: string): boolean {
  return name
    .replace(/[\s\p{Cc}\p{Cf}\p{Mn}\p{Me}\p{Default_Ignorable_Code_Point}\u2800]/gu, "") === "";
}

/**
 * Whether a short text in a presence is carried at all, by its bytes alone.
 *
 * @param text A name or a reason.
 * @param bytesMax How many bytes of UTF-8 it may have.
 */
export function isCarried(text: string, bytesMax: number): boolean {
  // deno-lint-ignore no-control-regex -- controls are what it looks for
  return !/[\x00-\x1f\x7f-\x9f]/.test(text) && utf8Length(text) <= bytesMax;
}

/**
 * Checks a reason for being away.
 *
 * @param reason Up to 256 bytes of UTF-8; may be empty.
 * @returns The reason to refuse it, or `null`.
 */
export function checkReason(reason: string): TextProblem | null {
  if (reason === "") return null;
  return utf8Length(reason) > wireLimits.awayBytesMax ? "too-long" : checkText(reason);
}

/**
 * Brings the name of a public room to its one spelling.
 *
 * @param name As typed, with or without a leading `#`.
 * @returns NFC, lower case, without `#`.
 */
export function normalRoomName(name: string): string {
  return name.normalize("NFC").toLowerCase().normalize("NFC").replace(/^#/, "");
}

/**
 * Checks the name of a public room.
 *
 * @param name In the spelling of {@linkcode normalRoomName}.
 * @returns The reason to refuse it, or `null`.
 */
export function checkRoomName(name: string): TextProblem | null {
  if (!name.isWellFormed()) return "surrogate";
  if (name === "") return "empty";
  if (/\s/u.test(name)) return "space";
  // At the start, `#` is how people write a room, `@` and `~` stand for what is private.
  if (/^[#@~]/.test(name)) return "control";
  if (!printableAscii.test(name) && /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}]/u.test(name)) {
    return "control";
  }
  return utf8Length(name) > wireLimits.roomNameBytesMax ? "too-long" : null;
}

/** Names that Windows takes for devices, with whatever ending. */
const deviceName = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * Whether a profile of one computer can be called so. It never travels; it stands here
 * because the command line and the data folders need the same rule.
 *
 * @param name 1 to 32 letters, digits, dots, hyphens or underscores.
 */
export function isProfileName(name: string): boolean {
  // Letters, digits and `._-` in the middle: nothing that means something to a file system.
  const isSafe = /^[\p{L}\p{N}](?:[\p{L}\p{N}._-]{0,30}[\p{L}\p{N}_-])?$/u.test(name);
  return isSafe && !deviceName.test(name);
}

/**
 * The id of a public room: SHA-256 of a tag, a zero byte and the name.
 *
 * @param name In the spelling of {@linkcode normalRoomName}, and allowed.
 * @param crypto Used for the hash.
 */
export function publicRoomId(name: string, crypto: CryptoSuite): RoomId {
  return toId<RoomId>(crypto.sha256(encoder.encode(`starling/1 public room\0${name}`)));
}

/** The length of `text` in bytes of UTF-8. */
function utf8Length(text: string): number {
  return encoder.encode(text).length;
}
