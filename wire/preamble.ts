/**
 * What is said in the clear before a handshake (PROTOCOL.md, "Preamble").
 *
 * The side that dials sends 12 bytes: `starling`, and the lowest and highest version of the
 * protocol that it speaks, 2 bytes each, big-endian. They are the prologue of the Noise
 * handshake, so altering them fails it. The other side answers in the clear only if no
 * version is common: `starl-no` and its own range. Anyone on the path can forge that answer,
 * as anyone there can cut the connection; it makes nobody speak an older version.
 */

import { LinkError } from "./channel.ts";
import { foreignProtocol } from "./foreign_protocol.ts";

/** Versions of the protocol, both ends included. */
export interface VersionRange {
  /** From 0 to 65,535. */
  readonly lowest: number;
  /** From `lowest` to 65,535. */
  readonly highest: number;
}

/** What this program speaks. */
export const spokenVersions: VersionRange = { lowest: 1, highest: 1 };

/** Bytes in a preamble, and in a refusal. */
export const preambleBytes = 12;

const encoder = new TextEncoder();
const preambleMagic = encoder.encode("starling");
const refusalMagic = encoder.encode("starl-no");

/** The 12 bytes that the dialling side sends first. */
export function encodePreamble(versions: VersionRange): Uint8Array {
  return encode(preambleMagic, versions);
}

/** The 12 bytes that say that no version is common. */
export function encodeRefusal(versions: VersionRange): Uint8Array {
  return encode(refusalMagic, versions);
}

/**
 * Reads the preamble.
 *
 * @param bytes The first bytes of the connection, as many as have come; 12 are looked at.
 * @returns What the other side speaks, or `null` until 12 bytes have come.
 * @throws {LinkError} With code `not-starling`, at the first byte that cannot be one.
 */
export function decodePreamble(bytes: Uint8Array): VersionRange | null {
  return decode(preambleMagic, bytes);
}

/**
 * Reads the refusal. Parameters, result and errors are those of {@linkcode decodePreamble}.
 *
 * @param bytes The first bytes of the connection, as many as have come; 12 are looked at.
 */
export function decodeRefusal(bytes: Uint8Array): VersionRange | null {
  return decode(refusalMagic, bytes);
}

/**
 * The version to speak: the highest that both sides know.
 *
 * @returns The version, or `null` if there is none.
 */
export function commonVersion(own: VersionRange, offered: VersionRange): number | null {
  const version = Math.min(own.highest, offered.highest);
  return version >= Math.max(own.lowest, offered.lowest) ? version : null;
}

/** How a range is put into words for the one who is told that no version is common. */
export function describeVersions(versions: VersionRange): string {
  return `speaks versions ${versions.lowest} to ${versions.highest}`;
}

function encode(magic: Uint8Array, versions: VersionRange): Uint8Array {
  const { lowest, highest } = versions;
  if (!(lowest >= 0 && lowest <= highest && highest <= 0xffff)) {
    throw new RangeError(`Cannot offer versions ${lowest} to ${highest}: not a range of 16 bits`);
  }
  const bytes = new Uint8Array(preambleBytes);
  bytes.set(magic);
  bytes.set([lowest >> 8, lowest & 0xff, highest >> 8, highest & 0xff], magic.length);
  return bytes;
}

function decode(magic: Uint8Array, bytes: Uint8Array): VersionRange | null {
  const count = Math.min(magic.length, bytes.length);
  for (let i = 0; i < count; i++) {
    // Not waiting for the rest: who speaks something else may be waiting for us.
    if (bytes[i] !== magic[i]) throw new LinkError("not-starling", foreignProtocol(bytes));
  }
  if (bytes.length < preambleBytes) return null;
  const at = magic.length;
  return {
    lowest: bytes[at]! << 8 | bytes[at + 1]!,
    highest: bytes[at + 2]! << 8 | bytes[at + 3]!,
  };
}
