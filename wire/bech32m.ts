/**
 * The checksum and alphabet of Bech32m (BIP-350), for texts that people copy: over GF(32) it finds
 * every wrong character and every two neighbours that were swapped, in any text that is sent here,
 * and all but one in 2^30 of other damages. Because the code is linear, one wrong character or one
 * swap can also be found by place. The limit of 90 characters and the separator `1` of the BIP are
 * left out: they belong to payment addresses.
 */

/** 32 characters: no two look alike when written by hand. */
export const alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
/** Characters of the checksum. */
export const checksumSymbols = 6;
/** The code repeats itself after so many symbols: in a longer text it would miss a swap. */
const codeSymbolsMax = 1_023;

const finalConstant = 0x2bc830a3;
const generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3] as const;

/** One step of the code: a symbol moves one place to the left. */
function shift(checksum: number): number {
  const top = checksum >>> 25;
  let next = (checksum & 0x1ffffff) << 5;
  for (const [bit, value] of generator.entries()) if ((top >>> bit) & 1) next ^= value;
  return next;
}

/** What is left of the prefix and the symbols; 0 if the checksum at their end is right. */
function remainder(prefix: string, symbols: readonly number[]): number {
  const letters = Array.from(prefix, (letter) => letter.charCodeAt(0));
  const all = [...letters.map((c) => c >> 5), 0, ...letters.map((c) => c & 31), ...symbols];
  return all.reduce((checksum, symbol) => shift(checksum) ^ symbol, 1) ^ finalConstant;
}

/**
 * The checksum of a text.
 *
 * @param prefix Lower-case ASCII that stands in front, covered too.
 * @param symbols Numbers from 0 to 31.
 * @returns Six more of them.
 */
export function checksumOf(prefix: string, symbols: readonly number[]): number[] {
  const rest = remainder(prefix, [...symbols, ...Array<number>(checksumSymbols).fill(0)]);
  return Array.from({ length: checksumSymbols }, (_, i) => (rest >>> (5 * (5 - i))) & 31);
}

/** Whether the last six symbols are the checksum of what is before them. */
export function isWhole(prefix: string, symbols: readonly number[]): boolean {
  return symbols.length >= checksumSymbols && remainder(prefix, symbols) === 0;
}

/**
 * Where a damaged text is wrong, if one character is, or two neighbours were swapped.
 *
 * @returns The first wrong place, from 0, and how many; `null` if the damage is another one.
 */
export function findDamage(
  prefix: string,
  symbols: readonly number[],
): { readonly from: number; readonly count: 1 | 2 } | null {
  if (symbols.length < checksumSymbols || symbols.length > codeSymbolsMax) return null;
  const rest = remainder(prefix, symbols);
  for (let wrong = 1; wrong < 32; wrong++) {
    // What a symbol that is off by `wrong` does to the remainder, from the last place on.
    let effect = wrong;
    for (let place = symbols.length - 1; place >= 0; place--) {
      if (effect === rest) return { from: place, count: 1 };
      const before = shift(effect);
      const swapped = place > 0 && (symbols[place - 1]! ^ symbols[place]!) === wrong;
      if (swapped && (effect ^ before) === rest) return { from: place - 1, count: 2 };
      effect = before;
    }
  }
  return null;
}

/** Bytes as symbols of five bits, the last filled up with zeros. */
export function toSymbols(bytes: Uint8Array): number[] {
  const symbols: number[] = [];
  let bits = 0, held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 5;) symbols.push((held >>> (bits -= 5)) & 31);
    held &= 31;
  }
  if (bits > 0) symbols.push((held << (5 - bits)) & 31);
  return symbols;
}

/** The bytes of such symbols; `null` if what fills up the last one is not zeros or is too long. */
export function fromSymbols(symbols: readonly number[]): Uint8Array | null {
  const bytes: number[] = [];
  let bits = 0, held = 0;
  for (const symbol of symbols) {
    held = ((held << 5) | symbol) & 0xfff;
    if ((bits += 5) >= 8) bytes.push((held >>> (bits -= 8)) & 255);
  }
  return bits < 5 && (held & ((1 << bits) - 1)) === 0 ? Uint8Array.from(bytes) : null;
}
