/** Whether a text speaks to somebody: the name as a whole word, in any case. */

/** Scripts that write words without spaces: a name stands anywhere in a sentence. */
const withoutSpaces = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

/**
 * Makes the question for a name.
 *
 * @param name As the person gave it.
 */
export function mentionOf(name: string): (text: string) => boolean {
  const folded = fold(name.trim());
  if (folded === "") return () => false;
  const literal = folded.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  const before = withoutSpaces.test([...folded][0]!) ? "" : "(?<![\\p{L}\\p{N}_])";
  const after = withoutSpaces.test([...folded].at(-1)!) ? "" : "(?![\\p{L}\\p{N}_])";
  const pattern = new RegExp(`${before}${literal}${after}`, "u");
  return (text) => pattern.test(fold(text));
}

function fold(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}
