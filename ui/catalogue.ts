/**
 * All texts for people, in one typed catalogue per language. English is the source: its
 * shape is the type, so a catalogue with a missing key, an unknown one or a wrong argument
 * does not compile. NDJSON fields and error codes are no texts and are never translated.
 *
 * Long help stands in a catalogue of its own, loaded when somebody asks for it.
 */

import { english } from "./catalogue_en.ts";

/** The languages there are. */
export type Language = "en";

/** The texts of one language: plain strings, and functions of what they mention. */
export type Catalogue = typeof english;

/** The texts about the command line. */
export type UsageTexts = Catalogue["usage"];

/** The texts of `language`. */
export function catalogueOf(language: Language): Catalogue {
  const catalogues: Readonly<Record<Language, Catalogue>> = { en: english };
  return catalogues[language];
}
