/**
 * Sets of whole numbers kept as ranges: which sequences of a log are held, and which of them
 * a neighbour holds. Ranges are ascending, include both ends, and never touch.
 */

/** Both ends included. */
export type Range = readonly [from: number, to: number];

/** A growing set of sequences. In-order additions cost the same however many there are. */
export class RangeSet {
  readonly #ranges: [number, number][] = [];

  /** The ranges, ascending. */
  get ranges(): readonly Range[] {
    return this.#ranges;
  }

  /** The end of the range that starts at 1; 0 if 1 is not in the set. */
  get top(): number {
    const first = this.#ranges[0];
    return first !== undefined && first[0] === 1 ? first[1] : 0;
  }

  /** The greatest number in the set; 0 if it is empty. */
  get greatest(): number {
    return this.#ranges.at(-1)?.[1] ?? 0;
  }

  /** How many numbers are in the set. */
  get count(): number {
    return this.#ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0);
  }

  /** Whether `n` is in the set. */
  has(n: number): boolean {
    const range = this.#ranges[this.#indexOfEndFrom(n)];
    return range !== undefined && range[0] <= n;
  }

  /** Adds all numbers from `from` to `to`. */
  add(from: number, to: number): void {
    const last = this.#ranges.at(-1);
    if (last !== undefined && last[1] + 1 === from) {
      last[1] = to;
      return;
    }
    const start = this.#indexOfEndFrom(from - 1);
    let end = start;
    let [low, high] = [from, to];
    for (let range; (range = this.#ranges[end]) !== undefined && range[0] <= to + 1; end++) {
      low = Math.min(low, range[0]);
      high = Math.max(high, range[1]);
    }
    if (end === start + 1) this.#ranges[start] = [low, high];
    else this.#ranges.splice(start, end - start, [low, high]);
  }

  /** Takes all numbers from `from` to `to` away. */
  remove(from: number, to: number): void {
    const start = this.#indexOfEndFrom(from);
    let end = start;
    while (end < this.#ranges.length && this.#ranges[end]![0] <= to) end++;
    if (end === start) return;
    const left: [number, number][] = [];
    const [first, last] = [this.#ranges[start]!, this.#ranges[end - 1]!];
    if (first[0] < from) left.push([first[0], from - 1]);
    if (last[1] > to) left.push([to + 1, last[1]]);
    this.#ranges.splice(start, end - start, ...left);
  }

  /** The index of the first range that ends at or after `n`. */
  #indexOfEndFrom(n: number): number {
    let low = 0;
    let high = this.#ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#ranges[middle]![1] < n) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/**
 * What is in `wanted` and not in `held`.
 *
 * @param wanted Ascending ranges that do not overlap.
 * @param held The same.
 */
export function subtract(wanted: readonly Range[], held: readonly Range[]): Range[] {
  const left: Range[] = [];
  let next = 0;
  for (const [from, to] of wanted) {
    let start = from;
    while (next < held.length && held[next]![1] < start) next++;
    for (let i = next; i < held.length && held[i]![0] <= to; i++) {
      const [low, high] = held[i]!;
      if (low > start) left.push([start, low - 1]);
      start = high + 1;
    }
    if (start <= to) left.push([start, to]);
  }
  return left;
}

/**
 * What is in either, in time that grows with their lengths alone.
 *
 * @param some Ascending ranges that do not overlap.
 * @param others The same.
 */
export function unite(some: readonly Range[], others: readonly Range[]): Range[] {
  const all: [number, number][] = [];
  for (let i = 0, j = 0; i < some.length || j < others.length;) {
    const [a, b] = [some[i], others[j]];
    const isFirst = b === undefined || (a !== undefined && a[0] <= b[0]);
    const [from, to] = isFirst ? some[i++]! : others[j++]!;
    const last = all.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else all.push([from, to]);
  }
  return all;
}
