/** The languages that the catalogues are written in. */

/** A language, as `--lang` and `/lang` name it. */
export type Language = "en" | "zh";

/** All of them. */
export const languages: readonly Language[] = ["en", "zh"];

/** Whether `text` names a language. */
export function isLanguage(text: string): text is Language {
  return (languages as readonly string[]).includes(text);
}
