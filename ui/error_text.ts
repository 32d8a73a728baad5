/**
 * What a person reads of an error. The engine and the machine say theirs in English, the
 * source of all texts, with a code; another language has a sentence for each code and takes
 * out of the English one what was seen and why.
 */

import type { Catalogue } from "./catalogue.ts";
import { Refusal } from "./refusal.ts";

/** An error with a code: `ChatError`, or a `DataError` of a data folder. */
export type CodedError = Error & { readonly code: string };

/**
 * The sentence for a person.
 *
 * @param error What was thrown.
 * @param catalogue The language.
 * @returns One line that may still hold what others wrote. An error whose code the catalogue
 * does not know stays in English.
 */
export function errorText(error: CodedError, { errors, reason: reasonText }: Catalogue): string {
  if (errors === null || error instanceof Refusal) return error.message;
  const sentence = Object.hasOwn(errors, error.code) ? errors[error.code] : undefined;
  if (sentence === undefined) return error.message;
  const { seen, reason } = partsOf(error.message);
  return sentence(seen, reasonText(reason));
}

/**
 * What an English sentence of ours mentions, by the form that all of them have: the value in
 * quotes (else an id, else the first number), and what the system said behind its colon.
 */
function partsOf(message: string): { readonly seen: string; readonly reason: string } {
  const quoted = /"(?:[^"\\]|\\.)*"/.exec(message);
  const [seen = ""] = quoted ?? /\b[0-9a-f]{64}\b/.exec(message) ?? /\d+/.exec(message) ?? [];
  const rest = quoted === null ? message : message.slice(quoted.index + seen.length);
  const [, reason = ""] = /: ([^]*?)(?:\. [A-Z]|\.?$)/.exec(rest) ?? [];
  return { seen, reason };
}
