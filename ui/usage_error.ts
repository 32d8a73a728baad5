/**
 * What is wrong with a command line or a configuration file, and how a value from there is
 * quoted.
 */

import { inertLine } from "./sanitize.ts";

/** A wrong option, key or value. The message is one line: where, value seen, form wanted. */
export class UsageError extends Error {
  /** Tells it apart from faults of the program. */
  override readonly name = "UsageError";

  /** @param message May hold paths and words as they were typed: they are made inert here. */
  constructor(message: string) {
    super(inertLine(message));
  }
}

/**
 * A value as it stands in a message: one inert line of at most 80 characters, and what cannot be
 * seen written out.
 */
export function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  const short = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  const inert = inertLine(short);
  return inert === short ? short : inertLine(short.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, codeOf));
}

/** As in JSON, `\\u202e`; beyond its four digits `\\u{e0001}`. */
function codeOf(character: string): string {
  const code = character.codePointAt(0)!.toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
}
