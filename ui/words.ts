/**
 * The language that one run speaks: chosen at its start, changed by /lang. Whoever shows
 * something asks for the catalogue each time and keeps none of its texts.
 */

import { type Catalogue, catalogueOf } from "./catalogue.ts";
import { environmentVariable } from "./environment.ts";
import type { Language } from "./language.ts";

/** The words of one run. */
export class Words {
  #language: Language;

  /**
   * Words of a language.
   *
   * @param language Spoken until `speak` changes it.
   */
  constructor(language: Language) {
    this.#language = language;
  }

  /** The texts of the language that is spoken now. */
  get catalogue(): Catalogue {
    return catalogueOf(this.#language);
  }

  /** Speaks another language from now on. */
  speak(language: Language): void {
    this.#language = language;
  }
}

/**
 * The language that the environment asks for, as POSIX has it: the first of LC_ALL,
 * LC_MESSAGES and LANG that is set decides; without any, what the system says.
 *
 * @param variable Reads a variable; `undefined` where it is not set or may not be read.
 * @param system The tag of the system's language, as in `navigator.language`.
 * @returns Chinese for every kind of it, English for everything else.
 */
export function languageOfEnvironment(
  variable: (name: string) => string | undefined,
  system: string,
): Language {
  const asked = ["LC_ALL", "LC_MESSAGES", "LANG"].map(variable).find((each) => each);
  return /^zh\b|^zh_/i.test(asked ?? system) ? "zh" : "en";
}

/** The same for this process. */
export function environmentLanguage(): Language {
  return languageOfEnvironment(environmentVariable, navigator.language);
}
