/**
 * What `/set` can say about how much history stays on the disk: numbers, kept in the profile
 * under their own names, which the peer itself heeds (io/retention.ts).
 */

import { Refusal } from "./refusal.ts";
import { quoted } from "./usage_error.ts";
import type { Setting } from "./setting.ts";

/** The names of these settings. `keep-days` and `room-mib` may be followed by `:room`. */
export const keepKeys: readonly string[] = ["keep-days", "room-mib", "folder-mib"];

/** Whether `key` is one of them. */
export function isKeepKey(key: string): boolean {
  return keepKeys.includes(key) || /^(keep-days|room-mib):\S/.test(key);
}

/**
 * What one of them is.
 *
 * @param key From {@linkcode isKeepKey}.
 */
export function keepLine(key: string, { chat, catalogue }: Setting): string {
  return catalogue.set.keeps(key, chat.setting(key));
}

/**
 * Shows or sets one of them.
 *
 * @param key From {@linkcode isKeepKey}.
 * @param value A number, `default`, or `null` to show it.
 * @throws {Refusal} If the value is none.
 */
export function setKeep(key: string, value: string | null, setting: Setting): string[] {
  const { chat, catalogue } = setting;
  if (value !== null) {
    if (value !== "default" && !/^[1-9]\d{0,8}$/.test(value)) {
      const { wrongValue, wholeNumber } = catalogue.set;
      throw new Refusal("bad-command", wrongValue(key, quoted(value), wholeNumber));
    }
    chat.saveSetting(key, value === "default" ? null : value);
  }
  return [keepLine(key, setting)];
}
