/** Where lines of diagnostics go: a file that grows, or standard error. */

import { fileError } from "./file_error.ts";

/**
 * Opens a place for diagnostics.
 *
 * @param path A file, made if need be and added to; `null` for standard error.
 * @returns Takes one line without its end. It never throws: what cannot be noted is lost.
 * @throws {ChatError} `file`, if the file cannot be written.
 */
export function openDiagnostics(path: string | null): (line: string) => void {
  const encoder = new TextEncoder();
  let target: { writeSync(bytes: Uint8Array): number } = Deno.stderr;
  if (path !== null) {
    try {
      target = Deno.openSync(path, { append: true, create: true, mode: 0o600 });
    } catch (error) {
      throw fileError("write the log", path, error);
    }
  }
  return (line) => {
    try {
      target.writeSync(encoder.encode(`${new Date().toISOString()} ${line}\n`));
    } catch {
      // A full disk or a closed standard error must not end the chat.
    }
  };
}
