/** Light and dark: as the system has it, or as the person has chosen. */

import { read, write } from "./storage.ts";

/** What can be chosen. */
export const themes = ["auto", "light", "dark"] as const;

export type Theme = typeof themes[number];

/** What was chosen. */
export function theme(): Theme {
  return themes.find((each) => each === read("theme")) ?? "auto";
}

/** Chooses. */
export function chooseTheme(chosen: Theme): void {
  write("theme", chosen === "auto" ? null : chosen);
  applyTheme();
}

/** Shows the page as was chosen. */
export function applyTheme(): void {
  const chosen = theme();
  if (chosen === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
}
