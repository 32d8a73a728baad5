/**
 * Chinese: counts, times and sizes. A space stands between Chinese and digits or Latin
 * letters; nouns have no plural, so a count is the number, the measure word and the noun.
 */

/** Chinese in front of a text of the catalogue, with a space where that begins in Latin. */
export function before(words: string, text: string): string {
  return `${words}${/^[\x21-\x7e]/.test(text) ? " " : ""}${text}`;
}

/** `5 秒`, `3 分钟`, `7 小时`, `4 天`. */
export function duration(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1_000));
  return seconds < 120 ? `${seconds} 秒` : minutes(ms);
}

/** The same, of at least a minute. */
export function minutes(ms: number): string {
  const whole = Math.max(1, Math.round(ms / 60_000));
  if (whole < 120) return `${whole} 分钟`;
  const hours = Math.round(whole / 60);
  return hours < 48 ? `${hours} 小时` : `${Math.round(hours / 24)} 天`;
}

/** `900 字节`, `12 KiB`, `3 MiB`. */
export function size(bytes: number): string {
  if (bytes < 1_024) return `${bytes} 字节`;
  const kib = Math.round(bytes / 1_024);
  return kib < 1_024 ? `${kib} KiB` : `${Math.round(kib / 1_024)} MiB`;
}

/** `12%` of a whole that is not 0, and never `0%` of something. */
export function percentage(part: number, whole: number): string {
  const hundredths = Math.round(100 * part / whole);
  return part > 0 && hundredths === 0 ? "不到 1%" : `${hundredths}%`;
}
