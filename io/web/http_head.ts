/**
 * The head of an HTTP/1.1 request (RFC 9112), and answers to it. Pure.
 *
 * Strict on purpose: the page is asked for by browsers, which all write clean heads. What a
 * browser never sends (folded headers, bare line feeds, a body with the request) is refused
 * instead of understood in one of several ways.
 */

/** A request without its body. */
export interface RequestHead {
  readonly method: string;
  /** As sent, as in `/page.js`. */
  readonly target: string;
  /** By name in lower case. */
  readonly headers: ReadonlyMap<string, string>;
}

/** Headers that decide who gets in: twice the same one is an attempt to be two things. */
const single = new Set([
  "host",
  "origin",
  "connection",
  "upgrade",
  "content-length",
  "transfer-encoding",
  "sec-websocket-key",
  "sec-websocket-version",
  "sec-websocket-protocol",
]);

/**
 * Where a head ends.
 *
 * @param bytes What has come so far.
 * @returns The offset behind the empty line, or -1 if it has not come yet.
 */
export function headEnd(bytes: Uint8Array): number {
  for (let at = bytes.indexOf(13); at >= 0; at = bytes.indexOf(13, at + 1)) {
    if (bytes[at + 1] === 10 && bytes[at + 2] === 13 && bytes[at + 3] === 10) return at + 4;
  }
  return -1;
}

/**
 * Reads a head.
 *
 * @param bytes Up to and with the empty line.
 * @returns `null` if it is none that a browser would send.
 */
export function parseHead(bytes: Uint8Array): RequestHead | null {
  if (bytes.some((byte) => byte > 0x7e || (byte < 0x20 && !/[\t\r\n]/.test(char(byte))))) {
    return null;
  }
  const [first = "", ...lines] = new TextDecoder().decode(bytes).split("\r\n");
  const [, method, target] = /^([A-Z]{1,16}) (\/[!-~]*) HTTP\/1\.1$/.exec(first) ?? [];
  if (method === undefined || target === undefined) return null;
  const headers = new Map<string, string>();
  // The last two are what follows the last line end and the empty line.
  for (const line of lines.slice(0, -2)) {
    const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n]*?)[ \t]*$/.exec(line) ??
      [];
    if (name === undefined || value === undefined) return null;
    const key = name.toLowerCase();
    const before = headers.get(key);
    if (before !== undefined && single.has(key)) return null;
    headers.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  return { method, target, headers };
}

function char(byte: number): string {
  return String.fromCharCode(byte);
}

/** The statuses in use, with their phrases. */
const phrases = {
  101: "Switching Protocols",
  200: "OK",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  408: "Request Timeout",
  413: "Content Too Large",
  421: "Misdirected Request",
  426: "Upgrade Required",
  431: "Request Header Fields Too Large",
  503: "Service Unavailable",
} as const;

/** A status that this server answers with. */
export type Status = keyof typeof phrases;

/** A status as a person reads it, as in `404 Not Found`. */
export function statusLine(status: Status): string {
  return `${status} ${phrases[status]}`;
}

/**
 * Writes the head of an answer.
 *
 * @param headers In the order given.
 */
export function answerHead(status: Status, headers: Readonly<Record<string, string>>): Uint8Array {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return new TextEncoder().encode(`HTTP/1.1 ${statusLine(status)}\r\n${lines.join("")}\r\n`);
}
