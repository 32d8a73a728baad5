/** A colour for a person, by key: the same on every screen of this page, whatever the name. */

/** As many as page.css has classes for. */
const colours = 12;

/** The class of a key's colour. */
export function colourOf(key: string): string {
  return `c${parseInt(key.slice(0, 8), 16) % colours}`;
}
