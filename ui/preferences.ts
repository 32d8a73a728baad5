/**
 * What a person can choose and change while Starling runs. A choice of this run goes before
 * an option, an option before a configuration file, the file before what was saved, and that
 * before the environment.
 */

import type { Language } from "./language.ts";
import {
  isChoice,
  type PreferenceChoices,
  type PreferenceKey,
  preferenceKeys,
  preferenceValues,
} from "./preference_table.ts";
import { type ColorChoice, wantsColours } from "./theme.ts";
import { languageOfEnvironment, Words } from "./words.ts";

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
  readonly #base: ReadonlyMap<PreferenceKey, string>;
  readonly #given: ReadonlyMap<PreferenceKey, string>;
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
    this.#base = new Map([["lang", languageOfEnvironment(variable, language)]]);
    const asked = new Map<PreferenceKey, string>();
    if (given.lang !== null) asked.set("lang", given.lang);
    if (given.color !== null) asked.set("color", given.color);
    this.#given = asked;
    this.words = new Words(this.get("lang"));
  }

  /**
   * Takes over what was saved, where nothing else was asked for.
   *
   * @param saved Reads what was saved for a key; a value that there is not counts as nothing.
   */
  load(saved: (key: PreferenceKey) => string | null): void {
    for (const key of preferenceKeys) {
      const value = saved(key);
      if (value !== null && isChoice(key, value) && !this.#given.has(key)) this.choose(key, value);
    }
  }

  /** What holds now. */
  get<K extends PreferenceKey>(key: K): PreferenceChoices[K] {
    const value = this.#chosen.get(key) ?? this.#given.get(key) ?? this.#base.get(key);
    return (value ?? preferenceValues[key][0]) as PreferenceChoices[K];
  }

  /** Chooses from now on; `null`: nothing any more, so that what was asked for holds again. */
  choose(key: PreferenceKey, value: string | null): void {
    if (value === null) this.#chosen.delete(key);
    else if (isChoice(key, value)) this.#chosen.set(key, value);
    this.words.speak(this.get("lang"));
  }

  /** Whether the terminal does nothing but print: no sequence may go there. */
  get isDumb(): boolean {
    return this.#term === "dumb";
  }

  /** Whether to use colours in what goes to a stream that is a terminal, or is none. */
  colours(isTerminal: boolean): boolean {
    const [noColor, term] = [this.#noColor, this.#term];
    return wantsColours(this.get("color"), { isTerminal, noColor, term });
  }
}
