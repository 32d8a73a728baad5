/** Addresses of 6 or 18 bytes: an IP address and a port, for where each character counts. */

import { MalformedError } from "./cbor.ts";

/**
 * Packs an address.
 *
 * @param address `10.0.0.5:9797` or `[2001:db8::1]:9797`, in their one spelling.
 * @returns 4 or 16 bytes and 2 of the port, big-endian; `null` if it is no such address.
 */
export function packAddress(address: string): Uint8Array | null {
  const [, four, six, digits = ""] = /^(?:([\d.]+)|\[([\da-f:]+)\]):(\d{1,5})$/.exec(address) ?? [];
  const host = four === undefined ? six === undefined ? null : groups(six) : four.split(".");
  const port = Number(digits);
  if (host === null || port < 1 || port > 65_535) return null;
  const packed = Uint8Array.from([...host.map(Number), port >> 8, port & 255]);
  // Whatever it was: only what comes out again as it went in is packed.
  return (packed.length === 6 || packed.length === 18) && unpackAddress(packed) === address
    ? packed
    : null;
}

/** The bytes of an IPv6 address. */
function groups(six: string): number[] {
  const [before = "", after] = six.split("::");
  const read = (part: string) => part === "" ? [] : part.split(":").map((hex) => parseInt(hex, 16));
  const [head, tail] = [read(before), read(after ?? "")];
  const zeros = Array<number>(Math.max(0, after === undefined ? 0 : 8 - head.length - tail.length));
  return [...head, ...zeros.fill(0), ...tail].flatMap((group) => [group >> 8, group & 255]);
}

/**
 * Unpacks an address.
 *
 * @param packed 6 or 18 bytes.
 * @throws {MalformedError} If there are more or fewer, or the port is 0.
 */
export function unpackAddress(packed: Uint8Array): string {
  const host = packed.subarray(0, -2);
  const port = (packed.at(-2) ?? 0) << 8 | (packed.at(-1) ?? 0);
  if (port === 0) throw new MalformedError("port 0");
  if (host.length === 4) return `${host.join(".")}:${port}`;
  if (host.length !== 16) throw new MalformedError("address length");
  const hex = Array.from({ length: 8 }, (_, i) => (host[2 * i]! << 8 | host[2 * i + 1]!));
  const text = hex.map((group) => group.toString(16)).join(":");
  // The URL parser gives the one spelling of RFC 5952.
  const { hostname } = new URL(`http://[${text}]/`);
  return `${hostname}:${port}`;
}
