/**
 * Safety numbers: 60 digits that two people compare to know that nobody stands between them.
 * They follow from both keys, so both see the same ones.
 *
 * 60 digits of a hash are 199 bits. To find two keys whose numbers with two honest people are
 * equal takes about 2^99 tries, so that no slow hash is needed.
 */

import type { CryptoSuite } from "../wire/crypto_suite.ts";
import { fromId, type PeerId } from "../wire/ids.ts";

const tag = new TextEncoder().encode("starling/1 safety number\0");
const groupCount = 12, groupDigits = 5, groupBytes = 5;
const hashBytes = 32;

/**
 * The number of two people.
 *
 * @param a One of them.
 * @param b The other.
 * @param crypto For the hash.
 * @returns 12 groups of 5 digits with spaces between.
 */
export function safetyNumber(a: PeerId, b: PeerId, crypto: CryptoSuite): string {
  const peers = [a, b].toSorted().map(fromId);
  const hashOf = (counter: number) => {
    const input = new Uint8Array(tag.length + 2 * hashBytes + 1);
    input.set(tag);
    input.set(peers[0]!, tag.length);
    input.set(peers[1]!, tag.length + hashBytes);
    input[input.length - 1] = counter;
    return crypto.sha256(input);
  };
  const bytes = new Uint8Array([...hashOf(0), ...hashOf(1)]);
  const groups = Array.from({ length: groupCount }, (_, group) => {
    const part = bytes.subarray(group * groupBytes, (group + 1) * groupBytes);
    const number = part.reduce((sum, byte) => sum * 256 + byte, 0);
    return String(number % 10 ** groupDigits).padStart(groupDigits, "0");
  });
  return groups.join(" ");
}
