/**
 * All texts for people, in one typed catalogue per language. English is the source: its
 * shape is the type, so a catalogue with a missing key, an unknown one or a wrong argument
 * does not compile. NDJSON fields and error codes are no texts and are never translated.
 *
 * Texts stand in files by subject, each in English (`catalogue_net_en.ts`) and Chinese
 * (`catalogue_net_zh.ts`), whose type is the English one's. A face is given its catalogue by
 * ui/words.ts and looks it up each time, because /lang changes it while it runs. A start loads its
 * own language; what may come to another one loads that before. Long help is loaded when somebody
 * asks for it.
 */

import { english } from "./catalogue_en.ts";
import type { englishHelp } from "./catalogue_help_en.ts";
import type { Language } from "./language.ts";

/** The texts of one language: plain strings, and functions of what they mention. */
export type Catalogue = typeof english;

/** The texts about the command line. */
export type UsageTexts = Catalogue["usage"];

/** The long texts of `--help` and `/help`. */
export type HelpTexts = typeof englishHelp;

const loaded = new Map<Language, Catalogue>([["en", english]]);

/** Loads the texts of languages for `catalogueOf`; by default of all, for whoever may choose. */
export async function loadCatalogues(...languages: readonly Language[]): Promise<void> {
  if (loaded.has("zh") || (languages.length > 0 && !languages.includes("zh"))) return;
  loaded.set("zh", (await import("./catalogue_zh.ts")).chinese);
}

/** The texts of `language`; the English ones if it was not loaded. */
export function catalogueOf(language: Language): Catalogue {
  return loaded.get(language) ?? english;
}

/** The help of `language`. */
export async function helpOf(language: Language): Promise<HelpTexts> {
  if (language === "zh") return (await import("./catalogue_help_zh.ts")).chineseHelp;
  return (await import("./catalogue_help_en.ts")).englishHelp;
}
