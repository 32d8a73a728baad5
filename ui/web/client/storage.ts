/**
 * What the browser keeps: the token of this tab, until it is closed; drafts and choices, for
 * all tabs. A browser that keeps nothing (private windows of some) works too.
 */

/** Reads a text; `null` if there is none. */
export function read(key: string, area: "tab" | "browser" = "browser"): string | null {
  try {
    return areaOf(area).getItem(`starling.${key}`);
  } catch {
    return null;
  }
}

/** Keeps a text, or forgets it with `null`. */
export function write(
  key: string,
  value: string | null,
  area: "tab" | "browser" = "browser",
): void {
  try {
    if (value === null) areaOf(area).removeItem(`starling.${key}`);
    else areaOf(area).setItem(`starling.${key}`, value);
  } catch {
    // Full, or not allowed: it is lost with the tab.
  }
}

function areaOf(area: "tab" | "browser"): Storage {
  return area === "tab" ? sessionStorage : localStorage;
}
