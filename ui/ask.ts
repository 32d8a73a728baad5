/**
 * Questions that are asked before a chat opens: a name, a passphrase, an address. What was
 * read beyond the answer goes back to the terminal, for the face that follows.
 */

import { looksLikeInvite, parseAddress } from "../discovery/address.ts";
import type { Catalogue } from "./catalogue.ts";
import { checkInvite } from "./invite_option.ts";
import { nameProblem } from "./name_check.ts";
import { inertLine } from "./sanitize.ts";
import { screenLimits } from "./screen_limits.ts";
import type { Terminal } from "./terminal.ts";
import { quoted, UsageError } from "./usage_error.ts";

/**
 * Asks for a name until it is a good one. For a terminal only.
 *
 * @param suggestion Taken if the answer is empty; may be empty itself.
 * @returns The name, or `null` if the input ended instead.
 */
export async function askName(
  terminal: Terminal,
  catalogue: Catalogue,
  suggestion: string,
): Promise<string | null> {
  for (;;) {
    await print(terminal, inertLine(catalogue.askName(suggestion)));
    const answer = await readLine(terminal);
    if (answer === null) return null;
    const name = answer.trim() || suggestion;
    const problem = await nameProblem(name, catalogue);
    if (problem === null) return name;
    await print(terminal, `-- ${problem.message}\n`);
  }
}

/**
 * Asks for the passphrase of an identity file: hidden on a terminal, else one line of input.
 *
 * @param which `present`: of a file that is there; `new`: asked twice, to catch a slip.
 * @throws {UsageError} If it is empty, or the two differ.
 */
export async function askPassphrase(
  terminal: Terminal,
  catalogue: Catalogue,
  which: "present" | "new",
): Promise<string> {
  const hidden = terminal.stdinIsTerminal;
  const question = which === "new" ? catalogue.askNewPassphrase : catalogue.askPassphrase;
  const passphrase = hidden ? await terminal.askSecret(question) : await readLine(terminal);
  if (passphrase === null || passphrase === "") throw new UsageError(catalogue.passphraseEmpty);
  if (hidden && which === "new") {
    const again = await terminal.askSecret(catalogue.askPassphraseAgain);
    if (again !== passphrase) throw new UsageError(catalogue.passphrasesDiffer);
  }
  return passphrase;
}

/**
 * Reads the address or invite of `--peer -`: the first line of input, asked for on a terminal.
 *
 * @returns What was typed, checked.
 * @throws {UsageError} If it is neither.
 */
export async function readPeer(terminal: Terminal, catalogue: Catalogue): Promise<string> {
  if (terminal.stdinIsTerminal) await print(terminal, `${catalogue.askPeer} `);
  const text = (await readLine(terminal) ?? "").trim();
  const where = `${catalogue.usage.inOption("peer")} -`;
  if (looksLikeInvite(text)) {
    checkInvite(text, where, catalogue);
    return text;
  }
  try {
    parseAddress(text);
    return text;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const form = catalogue.usage.formAddress;
    throw new UsageError(catalogue.usage.valueWrong(where, quoted(text), form));
  }
}

function print(terminal: Terminal, text: string): Promise<void> {
  return terminal.write(
    terminal.stdoutIsTerminal ? "stdout" : "stderr",
    new TextEncoder().encode(text),
  );
}

/** One line of input without its end, cut at `answerBytesMax`; `null` at the end of input. */
async function readLine(terminal: Terminal): Promise<string | null> {
  const line: number[] = [];
  for (;;) {
    const chunk = await terminal.read();
    if (chunk === null) return line.length === 0 ? null : decode(line);
    const end = chunk.indexOf(10);
    const part = end < 0 ? chunk : chunk.subarray(0, end);
    line.push(...part.subarray(0, screenLimits.answerBytesMax - line.length));
    if (end < 0) continue;
    terminal.linesAnswered++;
    if (end + 1 < chunk.length) terminal.unread(chunk.subarray(end + 1));
    return decode(line);
  }
}

function decode(bytes: readonly number[]): string {
  return new TextDecoder().decode(Uint8Array.from(bytes)).replace(/\r$/, "");
}
