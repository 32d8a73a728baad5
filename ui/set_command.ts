/** `/set` and `/lang`: what a person chooses while Starling runs, kept in the profile. */

import { isKeepKey, keepKeys, keepLine, setKeep } from "./keep_command.ts";
import { nearest } from "./nearest.ts";
import {
  isChoice,
  isPreferenceKey,
  type PreferenceKey,
  preferenceKeys,
  preferenceValues,
} from "./preference_table.ts";
import { Refusal } from "./refusal.ts";
import type { Setting } from "./setting.ts";
import { quoted } from "./usage_error.ts";

/**
 * `/set`: all preferences, one, or a new value.
 *
 * @param key As typed; `null`: all.
 * @param value As typed, `default` to choose nothing any more; `null`: show.
 * @returns Sentences.
 * @throws {ChatError} For a key or a value that there is not, or if the disk refuses.
 */
export function setPreference(
  key: string | null,
  value: string | null,
  setting: Setting,
): string[] {
  const { preferences, catalogue } = setting;
  const lineOf = (each: PreferenceKey) =>
    catalogue.set.line(each, preferences.get(each), preferenceValues[each].join(", "));
  if (key === null) {
    return [...preferenceKeys.map(lineOf), ...keepKeys.map((each) => keepLine(each, setting))];
  }
  if (isKeepKey(key)) return setKeep(key, value, setting);
  if (!isPreferenceKey(key)) {
    const all = [...preferenceKeys, ...keepKeys];
    const near = nearest(key, all);
    const known = all.join(", ");
    throw new Refusal("bad-command", catalogue.set.unknownKey(quoted(key), near, known));
  }
  if (value === null) return [lineOf(key)];
  if (value !== "default" && !isChoice(key, value)) {
    const choices = preferenceValues[key].join(", ");
    throw new Refusal("bad-command", catalogue.set.wrongValue(key, quoted(value), choices));
  }
  choose(key, value, setting);
  // The answer is in the language that was chosen.
  return [preferences.words.catalogue.set.isNow(key, preferences.get(key))];
}

/**
 * `/lang`: the same for the language, in fewer words.
 *
 * @param typed A language; `null`: show.
 * @throws {ChatError} As `setPreference`.
 */
export function setLanguage(typed: string | null, setting: Setting): string[] {
  const { preferences, catalogue } = setting;
  if (typed === null) return [catalogue.set.languageIs];
  if (!isChoice("lang", typed)) {
    const choices = preferenceValues.lang.join(", ");
    throw new Refusal("bad-command", catalogue.set.wrongValue("lang", quoted(typed), choices));
  }
  choose("lang", typed, setting);
  return [preferences.words.catalogue.set.languageNow];
}

/** Kept first: what the disk refuses is not chosen either. */
function choose(key: PreferenceKey, value: string, { chat, preferences }: Setting): void {
  const kept = value === "default" ? null : value;
  chat.saveSetting(`set.${key}`, kept);
  preferences.choose(key, kept);
}
