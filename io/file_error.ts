/** What the system says about files that a person named, in one line. */

import { ChatError } from "../peer/errors.ts";

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
    ? error.message.replace(/ \(os error \d+\).*$/s, "").replace(/^./, (c) => c.toLowerCase())
    : String(error);
  return new ChatError("file", `Cannot ${purpose} ${JSON.stringify(path)}: ${reason}`);
}
