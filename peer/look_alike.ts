/**
 * Names that look the same: the useful part of the skeletons of UTS 39, section 4. Letters of
 * other scripts that are drawn like Latin ones, digits like letters, and what cannot be seen.
 *
 * Two names with one skeleton are marked, never refused, so that marking one pair too many costs
 * a few characters on a screen. Left out: look-alikes within one script other than Latin, and
 * accents, which a reader can see.
 */

/** Each letter, and what else is drawn like it, before and after lower-casing. */
const drawnLike: readonly (readonly [latin: string, others: string])[] = [
  ["a", "аαɑ"],
  ["b", "ЬΒВƄ"],
  ["c", "сϲᴄⅽ"],
  ["d", "ԁⅾ"],
  ["e", "еҽΕЕ"],
  ["g", "ɡց"],
  ["h", "һհΗН"],
  ["j", "јϳ"],
  ["k", "кκΚКĸ"],
  ["l", "iІіΙιıӀӏ1|ⅼⅰ!ا"],
  ["m", "ΜМⅿ"],
  ["n", "ΝոռП"],
  ["o", "оοо0օσᴏ"],
  ["p", "рρ"],
  ["q", "ԛգ"],
  ["r", "гᴦ"],
  ["s", "ѕꜱ"],
  ["t", "ΤТтτ"],
  ["u", "υսᴜ"],
  ["v", "ѵνⅴᴠ"],
  ["w", "ԝωшᴡ"],
  ["x", "хχⅹ×"],
  ["y", "уγүΥ"],
  ["z", "ΖᴢʐΖ"],
];

const latinOf = new Map(
  drawnLike.flatMap(([latin, others]) => [...others].map((other) => [other, latin] as const)),
);

/** Two letters that together look like one. */
const pairs: readonly (readonly [pair: RegExp, single: string])[] = [
  [/rn/g, "m"],
  [/vv/g, "w"],
];

/**
 * What a name looks like.
 *
 * @param name As somebody gave it.
 * @returns Equal for names that look the same; empty for one that shows nothing.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(skeleton("Раu1"), skeleton("paul")); // the first begins with Cyrillic letters
 * ```
 */
export function skeleton(name: string): string {
  const seen = name.normalize("NFKC").replace(/[\p{C}\p{Default_Ignorable_Code_Point}\s]/gu, "");
  const drawn = replaced(replaced(seen).toLowerCase());
  return pairs.reduce((text, [pair, single]) => text.replace(pair, single), drawn);
}

function replaced(text: string): string {
  return [...text].map((letter) => latinOf.get(letter) ?? letter).join("");
}
