/** What a person can choose with `/set`, and the values of each. */

/** Each key with its values; but for `lang`, the first is the default. */
export const preferenceValues = {
  /** The language of all texts. */
  lang: ["en", "zh"],
  /** Colours: on a terminal that has them, always, never. */
  color: ["auto", "always", "never"],
  /** Signs: those of Unicode, or ASCII for terminals that draw ambiguous characters wide. */
  theme: ["unicode", "ascii"],
  /** What a mention or a private message does: nothing, the bell, a notification of the desktop. */
  notify: ["bell", "off", "osc9", "osc777"],
  /** The time before a post. */
  times: ["on", "seconds", "off"],
  /** Who comes and goes: several in one line where the face can, each in a line, not shown. */
  noise: ["fold", "show", "hide"],
} as const;

/** The name of a preference. */
export type PreferenceKey = keyof typeof preferenceValues;

/** A value for each. */
export type PreferenceChoices = {
  readonly [K in PreferenceKey]: typeof preferenceValues[K][number];
};

/** All keys, in the order of `/set`. */
export const preferenceKeys = Object.keys(preferenceValues) as readonly PreferenceKey[];

/** Whether there is such a preference. */
export function isPreferenceKey(key: string): key is PreferenceKey {
  return Object.hasOwn(preferenceValues, key);
}

/** Whether a preference can have a value. */
export function isChoice<K extends PreferenceKey>(
  key: K,
  value: string,
): value is PreferenceChoices[K] {
  return (preferenceValues[key] as readonly string[]).includes(value);
}
