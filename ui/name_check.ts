/**
 * Whether a name may be taken, with the reason if not. What travels is checked in bytes by
 * wire/text.ts; here its width on a screen is added, because a wide name pushes the text off
 * a small one.
 */

import type { ErrorCode } from "../peer/errors.ts";
import { defaultLimits } from "../wire/limits.ts";
import { checkName } from "../wire/text.ts";
import type { Catalogue } from "./catalogue.ts";
import { quoted } from "./usage_error.ts";

/** Why a name is refused, and what to change in one line. */
export interface NameProblem {
  /** For programs. */
  readonly code: Extract<ErrorCode, `name-${string}`>;
  /** For people. */
  readonly message: string;
}

/**
 * Checks a name that somebody wants to have.
 *
 * @param name As typed.
 * @param catalogue For the reason.
 * @returns `null` if the name is good.
 */
export async function nameProblem(
  name: string,
  catalogue: Catalogue,
): Promise<NameProblem | null> {
  const { nameBytesMax, nameCellsMax } = defaultLimits;
  switch (checkName(name)) {
    case null:
      break;
    case "empty":
      return { code: "name-empty", message: catalogue.nameEmpty(quoted(name)) };
    case "too-long": {
      const message = catalogue.nameTooLong(nameBytesMax, nameCellsMax);
      return { code: "name-too-long", message };
    }
    case "surrogate":
      return { code: "name-surrogate", message: catalogue.nameSurrogate };
    default:
      return { code: "name-control", message: catalogue.nameControl(quoted(name)) };
  }
  const cells = await widthOf(name);
  if (cells <= nameCellsMax) return null;
  const message = catalogue.nameTooWide(cells, nameCellsMax, nameBytesMax);
  return { code: "name-too-long", message };
}

/** Columns on a terminal. The library takes 20 ms to load, so plain names go without it. */
async function widthOf(text: string): Promise<number> {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  const { default: stringWidth } = await import("string-width");
  return stringWidth(text);
}
