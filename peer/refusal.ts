/** Refusals that several commands have in common, in one line each. */

import { defaultLimits } from "../wire/limits.ts";
import { normalRoomName } from "../wire/text.ts";
import { ChatError, type ErrorCode } from "./errors.ts";

const reasons = {
  empty: "it says nothing",
  "too-long": "it is too long",
  nul: "it holds a NUL character",
  surrogate: "it holds half a character (a lone surrogate)",
  control: "it holds a control or format character",
  space: "it holds a space",
} as const;

/** Why a text or a name is refused, in one line. */
export function refusal(
  what: "text" | "name" | "room-name",
  problem: keyof typeof reasons,
  seen: string,
): ChatError {
  const begins = what === "room-name" && /^[#@~]/.test(normalRoomName(seen));
  const reason = begins ? "it begins with #, @ or ~" : reasons[problem];
  const shown = seen.length > 60 ? `${seen.slice(0, 60)}…` : seen;
  const bytes = new TextEncoder().encode(seen).length;
  const most = what === "text" ? defaultLimits.textBytesMax : defaultLimits.nameBytesMax;
  const size = problem === "too-long" ? ` (${bytes} bytes, at most ${most})` : "";
  return new ChatError(
    `${what}-${problem}` as ErrorCode,
    `Cannot take the ${what.replace("-", " ")} ${JSON.stringify(shown)}: ${reason}${size}`,
  );
}

/**
 * What is said of a room that a command names and that is not open.
 *
 * @param typed The room as a person would type it: its name, or `~` and its id.
 */
export function notOpen(typed: string): ChatError {
  return new ChatError(
    "not-joined",
    `Room ${JSON.stringify(typed)} is not open; /join it first`,
  );
}
