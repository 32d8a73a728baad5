/**
 * Guesses what speaks at the other end when it is not Starling, so that a person who dialled
 * a web server, or pointed a browser at us, is told so. A guess from the first bytes: it
 * decides nothing, and it never repeats what was sent other than as hex digits.
 */

/** What is known by the text it begins with. */
const byText: readonly (readonly [start: RegExp, words: string])[] = [
  [/^(?:GET|HEAD|POST|PUT|DELETE|OPTIONS|CONNECT|PATCH|TRACE) /, "an HTTP request"],
  [/^PRI \*/, "an HTTP/2 request"],
  [/^HTTP\//, "an HTTP response"],
  [/^SSH-/, "SSH"],
  [/^220[ -]/, "a mail or file server"],
  [/^starling/, "another Starling that dials too"],
  [/^starl-no/, "a Starling's refusal"],
];

/** What is known by the bytes it begins with, in hex. */
const byBytes: readonly (readonly [start: RegExp, words: string])[] = [
  [/^1[4-7]030[0-4]/, "TLS"],
  [/^13426974546f7272656e74/, "BitTorrent"],
  [/^132f6d756c746973747265616d/, "libp2p"],
  [/^0[45]0[1-3]/, "SOCKS"],
  [/^00[2-9a-f]/, "a Noise handshake without a preamble"],
];

const looked = 16;
const shown = 8;

/**
 * What `bytes` look like.
 *
 * @param bytes The first bytes that came, at least one.
 * @returns A few words fit for a log line and a person.
 */
export function foreignProtocol(bytes: Uint8Array): string {
  const first = bytes.subarray(0, looked);
  const text = String.fromCharCode(...first);
  const hex = first.toHex();
  const words = byText.find(([start]) => start.test(text))?.[1] ??
    byBytes.find(([start]) => start.test(hex))?.[1];
  return words === undefined
    ? `it begins with the bytes ${hex.slice(0, 2 * shown)}`
    : `it looks like ${words}`;
}
