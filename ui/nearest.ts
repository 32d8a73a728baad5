/**
 * What somebody probably meant: the nearest of a few known words.
 *
 * Distance counts insertions, deletions, changes and swaps of neighbours (optimal string
 * alignment), because a swap is the commonest slip. The standard library's
 * `levenshteinDistance` does not know swaps and takes a table of 4.4 MB for it.
 */

/**
 * Finds the known word that is nearest to a mistyped one.
 *
 * @param word What was typed.
 * @param known What there is.
 * @returns The nearest, or `null` if none is near enough to be meant.
 */
export function nearest(word: string, known: readonly string[]): string | null {
  if (word.length < 1 || word.length > 40) return null;
  const wanted = word.toLowerCase();
  let best: string | null = null;
  // One slip in a short word, one in three letters of a longer one.
  let bestDistance = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of known) {
    const each = candidate.toLowerCase();
    const distance = wanted.length > 1 && each.startsWith(wanted) ? 0.5 : slips(wanted, each);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

function slips(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + changed);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, before[j - 2]! + 1);
      }
      row.push(cost);
    }
    [before, last] = [last, row];
  }
  return last[b.length]!;
}
