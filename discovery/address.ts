/**
 * Addresses as people type them: `10.0.0.5:9797`, `[2001:db8::1]:9797`, `host.lan:9797`.
 *
 * An address is where somebody may be reached, never who somebody is. IPv6 addresses are
 * brought to their one spelling (RFC 5952, by the URL parser's rules) and IPv4 addresses
 * that arrive inside IPv6 (`::ffff:10.0.0.5`) to plain IPv4, so that equal places compare
 * equal as strings. No name is looked up here.
 */

/** A host and a port, both checked. */
export interface Address {
  /** An IPv4 address, an IPv6 address without brackets, or a host name. */
  readonly host: string;
  /** 1 to 65,535. */
  readonly port: number;
}

/**
 * Reads an address.
 *
 * @param text `host:port`, with brackets around an IPv6 address.
 * @returns Its parts, normalised.
 * @throws {RangeError} With one line that names the text, what is wrong and the form wanted.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(parseAddress("[::1]:9797"), { host: "::1", port: 9797 });
 * ```
 */
export function parseAddress(text: string): Address {
  const refuse = (why: string) =>
    new RangeError(`Cannot dial ${quote(text)}: ${why}, as in 10.0.0.5:9797`);
  const parts = /^(?:\[([^\]]*)\]|([^:\[\]]*)):([^:]*)$/.exec(text);
  if (parts === null) {
    if (text.split(":").length > 2) {
      throw refuse("an IPv6 address needs brackets and a port ([::1]:9797)");
    }
    throw refuse("a port is missing");
  }
  const [, six, other, digits = ""] = parts;
  const port = /^\d{1,5}$/.test(digits) ? Number(digits) : NaN;
  if (!(port >= 1 && port <= 65_535)) {
    throw refuse(`the port ${quote(digits)} is not a number from 1 to 65535`);
  }
  if (six !== undefined) {
    const host = normalIpv6(six);
    if (host === null) throw refuse(`${quote(six)} is no IPv6 address`);
    return { host, port };
  }
  const host = (other ?? "").toLowerCase();
  if (host === "") throw refuse("a host is missing");
  if (/^[\d.]+$/.test(host)) {
    if (!isIpv4(host)) throw refuse(`${quote(host)} is no IPv4 address`);
  } else if (host.length > 253 || !/^[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?$/.test(host)) {
    throw refuse(`${quote(host)} is no host name`);
  }
  return { host, port };
}

/** Reads an address like {@linkcode parseAddress}; `null` for what is none. */
export function readAddress(text: string): Address | null {
  try {
    return parseAddress(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return null;
  }
}

/** What was typed, short enough for one line. */
function quote(typed: string): string {
  return JSON.stringify(typed.length > 80 ? `${typed.slice(0, 80)}…` : typed);
}

/**
 * Writes an address the way {@linkcode parseAddress} reads it.
 *
 * @param address Its parts; a host in any spelling.
 */
export function formatAddress(address: Address): string {
  const host = normalHost(address.host);
  return host.includes(":") ? `[${host}]:${address.port}` : `${host}:${address.port}`;
}

/**
 * Brings a host to its one spelling: IPv4 inside IPv6 becomes IPv4, the zone is dropped.
 *
 * @param host As the system or a person gave it.
 */
export function normalHost(host: string): string {
  if (!host.includes(":")) return host.toLowerCase();
  return normalIpv6(host.replace(/%.*$/, "")) ?? host.toLowerCase();
}

/** Whether a text is an IPv4 address in its one spelling. */
export function isIpv4(text: string): boolean {
  const numbers = text.split(".");
  return numbers.length === 4 && numbers.every((n) => /^(0|[1-9]\d{0,2})$/.test(n) && +n <= 255);
}

function normalIpv6(text: string): string | null {
  if (!/^[0-9a-f:.]+$/i.test(text) || !text.includes(":")) return null;
  const url = URL.parse(`http://[${text}]/`);
  if (url === null) return null;
  const host = url.hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(host);
  if (mapped === null) return host;
  const [high, low] = [parseInt(mapped[1]!, 16), parseInt(mapped[2]!, 16)];
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}

/** Whether a text was meant to be an invite (wire/invite.ts) and no address, whole or not. */
export function looksLikeInvite(text: string): boolean {
  return text.slice(0, 9).toLowerCase() === "starling:";
}
