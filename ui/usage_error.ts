/**
 * What is wrong with a command line or a configuration file, and how a value from there is
 * quoted.
 */

import { inertLine } from "./sanitize.ts";

/** A wrong option, key or value. The message is one line: where, value seen, form wanted. */
export class UsageError extends Error {
  /** Tells it apart from faults of the program. */
  override readonly name = "UsageError";
}

/** A value as it stands in a message: one inert line of at most 80 characters. */
export function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return inertLine(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
