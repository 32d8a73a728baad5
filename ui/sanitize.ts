/**
 * Makes what others wrote inert before a terminal shows it.
 *
 * Texts travel byte for byte; here, and only here, they lose what could act instead of
 * being read: control characters and with them every escape sequence (irssi, weechat and
 * mail readers all fell to those), bidirectional controls that reorder a line, characters
 * nobody sees, and piles of marks that cover the lines around. Letters that merely look
 * like other letters are left: names that collide get a key tag (ui/names.ts).
 *
 * Joiners and variation selectors stay where a script or an emoji needs them, so Persian,
 * Hindi and family emoji read as they were written.
 */

import { screenLimits } from "./screen_limits.ts";

/**
 * Nearly every line passes as it is: most are Latin or Chinese, most others have nothing of these.
 * To read Unicode's tables into an expression takes half a millisecond, so each is made when it is
 * used first, and no start waits for them.
 */
function isHarmless(text: string): boolean {
  if (/^[\x20-\x7e\xa1-\xac\xae-\xff\u3001\u3002\u4e00-\u9fa5\uff01-\uff5e]*$/.test(text)) {
    return true;
  }
  return !/[\p{C}\p{Zl}\p{Zp}\p{Mn}\p{Me}\p{Default_Ignorable_Code_Point}]/u.test(text);
}

const needsJoiners = "[\\p{Script=Arabic}\\p{Script=Syriac}\\p{Script=Nko}\\p{Script=Mongolian}" +
  "\\p{Script=Devanagari}\\p{Script=Bengali}\\p{Script=Gurmukhi}\\p{Script=Gujarati}" +
  "\\p{Script=Oriya}\\p{Script=Tamil}\\p{Script=Telugu}\\p{Script=Kannada}" +
  "\\p{Script=Malayalam}\\p{Script=Sinhala}\\p{Script=Khmer}\\p{Script=Myanmar}" +
  "\\p{Script=Tibetan}]";

/** The invisible that means something where it stands; each alternative is one thing to keep. */
const kept = [
  // England, Scotland, Wales: a black flag, tags, and the tag that ends them.
  "\\u{1F3F4}[\\u{E0030}-\\u{E0039}\\u{E0061}-\\u{E007A}]{1,6}\\u{E007F}",
  // Coloured or plain form of an emoji, a keycap.
  "(?<=[\\p{Extended_Pictographic}#*0-9])[\\uFE0E\\uFE0F]",
  // Variants of one Chinese character.
  "(?<=\\p{Script=Han})[\\uFE00-\\uFE0D\\u{E0100}-\\u{E01EF}]",
  // Several emoji in one: a family, a profession.
  "(?<=\\p{Extended_Pictographic}\\uFE0F?\\p{Emoji_Modifier}?)\\u200D(?=\\p{Extended_Pictographic})",
  // Between letters whose shapes depend on it.
  `(?<=${needsJoiners})[\\u200C\\u200D](?=${needsJoiners})`,
  // Signs of Arabic and Indic scripts that are printed, although of the class "format".
  "[\\u0600-\\u0605\\u06DD\\u070F\\u0890\\u0891\\u08E2\\u{110BD}\\u{110CD}]",
].join("|");
let invisible: RegExp | undefined;

const lineBreaks = /[\u0085\u2028\u2029]/g;
// deno-lint-ignore no-control-regex -- controls are what it looks for
const controls = /[\u0000-\u001F\u007F-\u009F]/g;
let markPiles: RegExp | undefined;

/**
 * A name, a notice or anything else that must stay within one line.
 *
 * @param text Anything, of any length.
 * @returns The same without controls (shown as ␛, ␊ and so on), reordering and piles.
 */
export function inertLine(text: string): string {
  if (isHarmless(text)) return text;
  invisible ??= new RegExp(`(${kept})|[\\p{Cf}\\p{Default_Ignorable_Code_Point}]`, "gu");
  markPiles ??= new RegExp(
    `([\\p{Mn}\\p{Me}]{${screenLimits.marksMax}})[\\p{Mn}\\p{Me}]+`,
    "gu",
  );
  return text
    .toWellFormed()
    .replace(invisible, (_, keep: string | undefined) => keep ?? "")
    .replace(lineBreaks, "\u2424")
    .replace(controls, picture)
    .replace(markPiles, "$1")
    // A mark with nothing before it would sit on whatever the screen printed last.
    .replace(/^[\p{Mn}\p{Me}]/u, "\u25CC$&");
}

/**
 * A text in line mode: a newline goes on in the text's column of the next line, and a TAB
 * is one space, so that no text can look like a line of somebody else.
 *
 * @param text Anything, of any length.
 * @returns One or more lines, without a newline at the end.
 */
export function inertText(text: string): string {
  if (isHarmless(text)) return text;
  return text.split("\n").map((line) => inertLine(line.replaceAll("\t", " "))).join("\n\t\t\t");
}

/** U+2400 and on picture the C0 controls; C1 has no pictures and is written out. */
function picture(control: string): string {
  const code = control.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return "\u2421";
  return `<${code.toString(16).toUpperCase()}>`;
}
