/**
 * The files of the page, within the module graph: whoever has the program has the page. The
 * script is made from client/ by `deno task bundle` and committed; a test makes it again.
 */

import html from "./page.html" with { type: "text" };
import icon from "./icon.svg" with { type: "text" };
import script from "./page.js" with { type: "text" };
import style from "./page.css" with { type: "text" };

/** Without comments and indentation, which are a sixth of what a browser would load. */
function packed(css: string): string {
  return css.replaceAll(/\/\*.*?\*\//gs, "").replaceAll(/\s+/g, " ")
    .replaceAll(/ ?([{};,]) ?/g, "$1").replaceAll(": ", ":").replaceAll(";}", "}");
}

/** A file of the page. */
export interface PageFile {
  /** With its character set. */
  readonly type: string;
  readonly text: string;
}

/** By what a browser asks for. */
export const pageFiles: ReadonlyMap<string, PageFile> = new Map([
  ["/", { type: "text/html;charset=utf-8", text: html }],
  ["/page.js", { type: "text/javascript;charset=utf-8", text: script }],
  ["/page.css", { type: "text/css;charset=utf-8", text: packed(style) }],
  ["/icon.svg", { type: "image/svg+xml;charset=utf-8", text: icon }],
]);
