/** What the system says about files that a person named, in one line. */

import { ChatError } from "../peer/errors.ts";

/** What the system says in words: without its numbers, the path and the name of the call. */
export function systemWords(error: Error): string {
  return error.message.replace(/ \(os error \d+\).*$/s, "").replaceAll(/\s+/g, " ")
    .replace(/\.$/, "").replace(/^./, (first) => first.toLowerCase());
}

/**
 * The error for a command whose file cannot be used.
 *
 * @param purpose What failed, as in "export to".
 * @param path The file as it was named.
 * @param error What was thrown, or what is wrong in words.
 * @returns `file`, unless it is a `ChatError` already.
 */
export function fileError(purpose: string, path: string, error: unknown): ChatError {
  if (error instanceof ChatError) return error;
  const reason = error instanceof Deno.errors.AlreadyExists
    ? "the file exists; choose another name"
    : error instanceof Error
    ? systemWords(error)
    : String(error);
  return new ChatError("file", `Cannot ${purpose} ${JSON.stringify(path)}: ${reason}`);
}
