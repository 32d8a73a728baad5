/**
 * The slow twin of wire/cbor.ts: a decoder of the same subset, written for clearness alone. It
 * shares nothing with the real one.
 */

import { type CborValue, MalformedError } from "../wire/cbor.ts";
import { defaultLimits } from "../wire/limits.ts";

/**
 * Decodes exactly one item.
 *
 * @throws {MalformedError} Exactly where `decodeCbor` must.
 */
export function slowDecode(data: Uint8Array): CborValue {
  let at = 0;
  const byte = () => {
    const next = data[at++];
    if (next === undefined) throw new MalformedError("cut off");
    return next;
  };
  let items = 0;
  const item = (depth: number): CborValue => {
    if (++items > defaultLimits.cborItemsMax) throw new MalformedError("items");
    const head = byte(), major = head >> 5, info = head & 31;
    if (head === 0xf4 || head === 0xf5) return head === 0xf5;
    if (head === 0xf6) return null;
    if (![0, 2, 3, 4].includes(major) || info > 27) throw new MalformedError("type");
    let value = BigInt(info);
    if (info >= 24) {
      value = 0n;
      for (let i = 0; i < 2 ** (info - 24); i++) value = value << 8n | BigInt(byte());
      const least = [24n, 0x100n, 0x10000n, 0x100000000n][info - 24]!;
      if (value < least || value > 2n ** 53n - 1n) throw new MalformedError("head");
    }
    if (major === 0) return Number(value);
    if (major === 4) {
      if (depth === defaultLimits.cborDepthMax) throw new MalformedError("deep");
      const values: CborValue[] = [];
      while (BigInt(values.length) < value) values.push(item(depth + 1));
      return values;
    }
    if (value > BigInt(data.length - at)) throw new MalformedError("cut off");
    const bytes = data.slice(at, at += Number(value));
    if (major === 2) return bytes;
    // Overlong forms, surrogates and everything above U+10FFFF have no way back.
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    if (new TextEncoder().encode(text).toHex() !== bytes.toHex()) throw new MalformedError("utf-8");
    return text;
  };
  const value = item(0);
  if (at !== data.length) throw new MalformedError("rest");
  return value;
}
