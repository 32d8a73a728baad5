/** English: counts, times and sizes, as all English catalogues write them. */

let rules: Intl.PluralRules | undefined;

/** `1 post`, `2 posts`. */
export function count(n: number, one: string, many = `${one}s`): string {
  rules ??= new Intl.PluralRules("en");
  return `${n} ${rules.select(n) === "one" ? one : many}`;
}

/** `5 s`, `3 min`, `7 h`, `4 days`. */
export function duration(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1_000));
  return seconds < 120 ? `${seconds} s` : minutes(ms);
}

/** The same, of at least a minute: `1 min` instead of `70 s`. */
export function minutes(ms: number): string {
  const whole = Math.max(1, Math.round(ms / 60_000));
  if (whole < 120) return `${whole} min`;
  const hours = Math.round(whole / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}

/** `900 bytes`, `12 KiB`, `3 MiB`. */
export function size(bytes: number): string {
  if (bytes < 1_024) return count(bytes, "byte");
  const kib = Math.round(bytes / 1_024);
  return kib < 1_024 ? `${kib} KiB` : `${Math.round(kib / 1_024)} MiB`;
}

/** `12%` of a whole that is not 0, and never `0%` of something. */
export function percentage(part: number, whole: number): string {
  const hundredths = Math.round(100 * part / whole);
  return part > 0 && hundredths === 0 ? "under 1%" : `${hundredths}%`;
}
