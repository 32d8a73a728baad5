/**
 * What a person reads of an error. The engine and the machine say theirs in English, the
 * source of all texts, with a code; another language has a sentence for each code and takes
 * out of the English one what was seen and why.
 */

import type { Catalogue } from "./catalogue.ts";
import { Refusal } from "./refusal.ts";

/** Something in quotes, an id, `host:port` or `[v6]:port`. */
const value = /"(?:[^"\\]|\\.)*"|\b[0-9a-f]{64}\b|(?:\[[^\]\s]+\]|[\w.-]+):\d+/;

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
  const key = Object.hasOwn(errors, error.message) ? error.message : error.code;
  const sentence = Object.hasOwn(errors, key) ? errors[key] : undefined;
  if (sentence === undefined) return error.message;
  const { seen, reason } = partsOf(error.message);
  return sentence(seen, reasonText(reason));
}

/**
 * What the system says of a stream or a file, as a reason within a sentence: without its numbers
 * and the name of the call, in the language as far as the words are known.
 */
export function systemReason(error: unknown, { reason }: Catalogue): string {
  const words = error instanceof Error ? error.message : String(error);
  return reason(
    words.replace(/ \(os error \d+\).*$/s, "").replaceAll(/\s+/g, " ")
      .replace(/^./, (first) => first.toLowerCase()),
  );
}

/**
 * What an English sentence of ours mentions, by the form that all of them have: the first value
 * in quotes, id or address (else the first number), and what the system said behind its colon.
 */
function partsOf(message: string): { readonly seen: string; readonly reason: string } {
  const named = value.exec(message);
  const [seen = ""] = named ?? /\d+/.exec(message) ?? [];
  const isQuoted = seen.startsWith('"');
  const rest = message.slice(isQuoted ? named!.index + seen.length : 0);
  const [, reason = ""] = /: ([^]*?)(?:\. [A-Z]|\.?$)/.exec(rest) ?? [];
  return { seen, reason };
}
