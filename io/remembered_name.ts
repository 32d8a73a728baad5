/**
 * The name that a person had last, beside the database: a second start on the same computer
 * finds the profile of a name without opening, or waiting for, anybody's history.
 */

import { checkName } from "../wire/text.ts";
import { replaceFile } from "./atomic_file.ts";
import { toDataError } from "./data_error.ts";
import { join } from "./paths.ts";

/**
 * Reads the name kept in a data folder.
 *
 * @returns `null` if there is none, or none that a person could have.
 */
export function readName(folder: string): string | null {
  try {
    const name = Deno.readTextFileSync(namePath(folder)).replace(/\n$/, "");
    return checkName(name) === null ? name : null;
  } catch {
    // Whatever is wrong with it, the name is asked for again; the key is what counts.
    return null;
  }
}

/**
 * Keeps a name in a data folder.
 *
 * @param name A name that `checkName` allows.
 * @throws {DataError} "unusable", if the file system refuses.
 */
export function writeName(folder: string, name: string): void {
  try {
    replaceFile(namePath(folder), `${name}\n`);
  } catch (error) {
    throw toDataError(namePath(folder), "keep the name in", error);
  }
}

function namePath(folder: string): string {
  return join(folder, "name");
}
