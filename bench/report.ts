/** Medians and the table that `deno task bench` prints. */

/** One ratio, measured in one run of this machine. */
export interface Row {
  readonly name: string;
  readonly value: number;
  /** The worst that is accepted. */
  readonly floor: number;
  /** What is aimed for. */
  readonly goal: number;
  /** Whether more is better. */
  readonly higher: boolean;
  /** The absolute figures behind the ratio. */
  readonly detail: string;
}

/** The middle value; of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? NaN)) / 2;
}

/** Whether a row reaches its goal, its floor, or neither. */
export function verdict({ value, floor, goal, higher }: Row): "goal" | "floor" | "MISSED" {
  const reaches = (mark: number) => higher ? value >= mark : value <= mark;
  return reaches(goal) ? "goal" : reaches(floor) ? "floor" : "MISSED";
}

/** One row as a line of text. */
export function line(row: Row): string {
  const marks = `floor ${row.floor}, goal ${row.goal}`;
  return `${row.name}: ${row.value.toFixed(2)} (${marks}: ${verdict(row)}) — ${row.detail}`;
}
