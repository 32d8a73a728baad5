/**
 * From the bytes of a terminal to keys: UTF-8 split anywhere, the escape sequences of xterm
 * and its kin for cursor and function keys with modifiers, Alt as a leading ESC, bracketed
 * paste. What is no known key is dropped; nothing unfinished grows.
 *
 * A lone ESC can be the Esc key or the start of a sequence. Whoever reads calls `flush`
 * when nothing has followed for a moment.
 */

import { screenLimits } from "../screen_limits.ts";

/** Keys with a name. `interrupt` and so on stand for themselves as `ctrl` and a letter. */
export type KeyName =
  | "enter"
  | "tab"
  | "backtab"
  | "backspace"
  | "delete"
  | "escape"
  | "up"
  | "down"
  | "left"
  | "right"
  | "home"
  | "end"
  | "pageup"
  | "pagedown";

/** What a person did at the keyboard. */
export type Key =
  /** Typed characters, one or more, without controls. */
  | { readonly type: "text"; readonly text: string }
  /** `alt`, `ctrl`, `shift` as far as the terminal tells. */
  | { readonly type: "key"; readonly key: KeyName; readonly modifiers: string }
  /** A character with Ctrl or Alt: `ctrl+w`, `alt+1`. */
  | { readonly type: "chord"; readonly chord: string }
  /** A paste, its line ends made `\n`. */
  | { readonly type: "paste"; readonly text: string }
  /** The terminal says where its cursor stands, counted from 1. */
  | { readonly type: "cursor"; readonly column: number };

const pasteStart = "\x1b[200~";
const pasteEnd = "\x1b[201~";

const finals: Readonly<Record<string, KeyName>> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  H: "home",
  F: "end",
  Z: "backtab",
  M: "enter",
};
const numbers: Readonly<Record<string, KeyName>> = {
  1: "home",
  7: "home",
  4: "end",
  8: "end",
  3: "delete",
  5: "pageup",
  6: "pagedown",
};
// deno-lint-ignore no-control-regex -- controls are what it looks for
const sequence = /^\x1b(?:\[([0-9;:<=>?]*)([ -/]*)([@-~])|O([ -~])|\[\[([A-E]))/;
// deno-lint-ignore no-control-regex -- controls are what it looks for
const unfinished = /^\x1b(?:\[[0-9;:<=>?]*[ -/]*|O|\[\[)?$/;
// deno-lint-ignore no-control-regex -- controls are what it looks for
const printable = /^[^\x00-\x1f\x7f\x80-\x9f]+/;

/** A resumable decoder. */
export class KeyDecoder {
  readonly #utf8 = new TextDecoder();
  /** The start of a sequence that has not ended yet. */
  #rest = "";
  /** The paste under way; `null` outside of one. */
  #paste: string[] | null = null;
  #pasteLength = 0;

  /** Whether an ESC waits for what follows it. */
  get waits(): boolean {
    return this.#paste === null && this.#rest.startsWith("\x1b");
  }

  /** Takes in bytes as they came. */
  push(bytes: Uint8Array): Key[] {
    this.#rest += this.#utf8.decode(bytes, { stream: true });
    const keys: Key[] = [];
    while (this.#rest !== "" && this.#step(keys));
    return keys;
  }

  /** Nothing followed: an ESC that waits was the key of that name. */
  flush(): Key[] {
    if (!this.waits) return [];
    const only = this.#rest === "\x1b";
    const rest = this.#rest.slice(1);
    this.#rest = "";
    // Alt and a letter that also begins a sequence.
    if (!only && rest.length === 1) return [{ type: "chord", chord: `alt+${rest.toLowerCase()}` }];
    return only ? [{ type: "key", key: "escape", modifiers: "" }] : [];
  }

  /** Takes one thing off the front; false if more input is needed. */
  #step(keys: Key[]): boolean {
    if (this.#paste !== null) return this.#stepInPaste(keys, this.#paste);
    const text = printable.exec(this.#rest)?.[0];
    if (text !== undefined) {
      this.#rest = this.#rest.slice(text.length);
      keys.push({ type: "text", text });
      return true;
    }
    if (this.#rest.startsWith("\x1b")) return this.#stepAfterEscape(keys);
    const key = controlKey(this.#rest[0]!);
    this.#rest = this.#rest.slice(1);
    if (key !== null) keys.push(key);
    return true;
  }

  #stepAfterEscape(keys: Key[]): boolean {
    if (this.#rest.startsWith(pasteStart)) {
      this.#rest = this.#rest.slice(pasteStart.length);
      this.#paste = [];
      this.#pasteLength = 0;
      return true;
    }
    if (unfinished.test(this.#rest)) {
      if (this.#rest.length <= screenLimits.escapeCharactersMax) return false;
      this.#rest = "";
      return false;
    }
    const found = sequence.exec(this.#rest);
    if (found !== null) {
      this.#rest = this.#rest.slice(found[0].length);
      const key = sequenceKey(found);
      if (key !== null) keys.push(key);
      return true;
    }
    // Two ESC: the first was the key, the second begins something.
    if (this.#rest.startsWith("\x1b\x1b")) {
      this.#rest = this.#rest.slice(1);
      keys.push({ type: "key", key: "escape", modifiers: "" });
      return true;
    }
    const [, character = ""] = Array.from(this.#rest.slice(0, 3));
    this.#rest = this.#rest.slice(1 + character.length);
    const alt = altKey(character);
    if (alt !== null) keys.push(alt);
    return true;
  }

  #stepInPaste(keys: Key[], parts: string[]): boolean {
    const end = this.#rest.indexOf(pasteEnd);
    // What may be the start of the end mark stays.
    const kept = end >= 0 ? 0 : overlap(this.#rest, pasteEnd);
    const part = this.#rest.slice(0, end >= 0 ? end : this.#rest.length - kept);
    this.#rest = end >= 0
      ? this.#rest.slice(end + pasteEnd.length)
      : this.#rest.slice(-kept || Infinity);
    // One character beyond the limit shows that it was reached.
    const room = screenLimits.draftCharactersMax + 1 - this.#pasteLength;
    if (part !== "" && room > 0) {
      parts.push(part.slice(0, room));
      this.#pasteLength += Math.min(part.length, room);
    }
    if (end < 0) return false;
    this.#paste = null;
    keys.push({ type: "paste", text: parts.join("").replace(/\r\n?/g, "\n") });
    return true;
  }
}

/** How many last characters of `text` could be the start of `mark`. */
function overlap(text: string, mark: string): number {
  for (let n = Math.min(text.length, mark.length - 1); n > 0; n--) {
    if (mark.startsWith(text.slice(-n))) return n;
  }
  return 0;
}

function named(key: KeyName, modifiers = ""): Key {
  return { type: "key", key, modifiers };
}

function controlKey(character: string): Key | null {
  const code = character.charCodeAt(0);
  if (code === 13) return named("enter");
  if (code === 9) return named("tab");
  if (code === 127 || code === 8) return named("backspace");
  // Ctrl+J is a new line by contract, so LF is no Enter.
  if (code >= 1 && code <= 26) return { type: "chord", chord: `ctrl+${letter(code)}` };
  return null;
}

function letter(code: number): string {
  return String.fromCharCode(code + 96);
}

function altKey(character: string): Key | null {
  const code = character.charCodeAt(0);
  if (code === 13 || code === 10) return named("enter", "alt");
  if (code === 127 || code === 8) return named("backspace", "alt");
  if (character === "" || !printable.test(character)) return null;
  return { type: "chord", chord: `alt+${character.toLowerCase()}` };
}

function sequenceKey(found: RegExpExecArray): Key | null {
  const [, parameters = "", , final = "", ss3] = found;
  if (ss3 !== undefined) {
    const key = finals[ss3];
    return key === undefined ? null : named(key);
  }
  const [first = "", second = ""] = parameters.split(";");
  if (final === "R" && second !== "") return { type: "cursor", column: Number(second) };
  const key = final === "~" ? numbers[first] : finals[final];
  if (key === undefined || (final === "M" && parameters !== "")) return null;
  return named(key, modifiersOf(second));
}

/** xterm: 1 + shift 1 + alt 2 + ctrl 4. */
function modifiersOf(parameter: string): string {
  const bits = Number(parameter.split(":")[0] || "1") - 1;
  const names = [[2, "alt"], [4, "ctrl"], [1, "shift"]] as const;
  return names.filter(([bit]) => (bits & bit) !== 0).map(([, name]) => name).join("+");
}
