/**
 * Takes a text apart into words and links. A link is only what says so itself, `http` or
 * `https`, and it is shown as what it leads to: nobody hides one address behind another.
 */

import { inertLine } from "../../sanitize.ts";

/** A piece of a text; with `href` if it is a link. */
export interface TextPart {
  readonly text: string;
  readonly href: string | null;
}

const links = /https?:\/\/[^\s<>"'`\u3000-\u303f\uff00-\uff60]+/gi;

/** The pieces of a text, made inert. */
export function textParts(text: string): TextPart[] {
  const inert = text.split("\n").map((line) => inertLine(line.replaceAll("\t", "  "))).join("\n");
  const parts: TextPart[] = [];
  let at = 0;
  for (const match of inert.matchAll(links)) {
    const url = match[0].replace(/[.,;:!?)\]}]+$/, "");
    const href = webAddress(url);
    if (href === null) continue;
    if (match.index > at) parts.push({ text: inert.slice(at, match.index), href: null });
    // A host in other letters is shown as it is looked up: letters that look alike differ there.
    // deno-lint-ignore no-control-regex -- whatever is not plain ASCII
    parts.push({ text: /^[\x00-\x7f]*$/.test(url) ? url : href, href });
    at = match.index + url.length;
  }
  if (at < inert.length) parts.push({ text: inert.slice(at), href: null });
  return parts;
}

/** A text without links, made inert: where it is itself a way to somewhere. */
export function plainText(text: string): string {
  return textParts(text).map((part) => part.text).join("");
}

function webAddress(text: string): string | null {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return null;
  // "https://bank.example@evil.example" leads elsewhere than it seems to.
  return url.username === "" && url.password === "" ? url.href : null;
}
