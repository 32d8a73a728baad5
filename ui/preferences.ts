/**
 * What a person can choose and change while Starling runs. A choice of this run goes before
 * an option, an option before a configuration file, the file before what was saved, and that
 * before the environment.
 */

import type { Language } from "./language.ts";
import { type ColorChoice, wantsColours } from "./theme.ts";
import { languageOfEnvironment, Words } from "./words.ts";

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

/** What is asked for when a run starts. */
export interface GivenChoices {
  /** Of `--lang`. */
  readonly lang: Language | null;
  /** Of `--color`. */
  readonly color: ColorChoice | null;
}

/** What the system says. */
export interface Surroundings {
  /** Reads a variable of the environment. */
  readonly variable: (name: string) => string | undefined;
  /** The tag of the system's language, as in `navigator.language`. */
  readonly language: string;
}

/** The preferences of one run. */
export class Preferences {
  /** The language; changed through `choose` like all others. */
  readonly words: Words;
  readonly #chosen = new Map<PreferenceKey, string>();
  readonly #noColor: string | undefined;
  readonly #term: string | undefined;

  /**
   * What is asked for, and what the environment says.
   *
   * @param given By options and a configuration file.
   * @param surroundings The environment.
   */
  constructor(given: GivenChoices, { variable, language }: Surroundings) {
    this.#noColor = variable("NO_COLOR");
    this.#term = variable("TERM");
    this.words = new Words(given.lang ?? languageOfEnvironment(variable, language));
    if (given.color !== null) this.#chosen.set("color", given.color);
  }

  /** What holds now. */
  get<K extends PreferenceKey>(key: K): PreferenceChoices[K] {
    const chosen = key === "lang" ? this.words.catalogue.language : this.#chosen.get(key);
    return (chosen ?? preferenceValues[key][0]) as PreferenceChoices[K];
  }

  /** Chooses from now on. */
  choose<K extends PreferenceKey>(key: K, value: PreferenceChoices[K]): void {
    if (key === "lang") this.words.speak(value as Language);
    else this.#chosen.set(key, value);
  }

  /** Whether to use colours in what goes to a stream that is a terminal, or is none. */
  colours(isTerminal: boolean): boolean {
    const [noColor, term] = [this.#noColor, this.#term];
    return wantsColours(this.get("color"), { isTerminal, noColor, term });
  }
}
