/**
 * Why a data folder cannot be opened or a file of it not be used: one class with a closed
 * list of codes, whose message says in one line what failed, the value seen and what to do.
 */

import { systemWords } from "./file_error.ts";
import { StoreError, type StoreErrorCode } from "./store/store_error.ts";

/** Every reason. */
export type DataErrorCode =
  /** Another Starling has the folder open. */
  | "in-use"
  /** The folder or a file in it cannot be made, read or written. */
  | "unusable"
  /** Others on this computer may read the key or change the folder. */
  | "open-to-others"
  /** The identity file is not what was written. */
  | "key-damaged"
  /** A later version wrote the identity file. */
  | "key-newer"
  /** There is no identity to be exported, or more than one. */
  | "no-identity"
  /** There is history, and the identity file is gone. */
  | "key-missing"
  /** Another identity is there already, the same one is elsewhere here, or the file exists. */
  | "key-exists"
  /** The passphrase does not open the identity, or is empty. */
  | "passphrase"
  /** The identity is under a passphrase, and none was given. */
  | "passphrase-wanted"
  /** The name cannot be that of a profile. */
  | "profile-name"
  /** The system does not say where data belongs. */
  | "no-home"
  /** The database cannot be used. */
  | `database-${StoreErrorCode}`;

/** A data folder, or a file of it, cannot be used. Nothing was changed in what was there. */
export class DataError extends Error {
  /** The name of this class. */
  override readonly name = "DataError";
  /**
   * Names the reason.
   *
   * @param code What a caller may act upon.
   * @param path The folder or file; or the value that was to name one.
   * @param message One line for a person.
   * @param options The error behind it, if there is one.
   */
  constructor(
    readonly code: DataErrorCode,
    readonly path: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * Gives an error of the file system or the store the form of this module.
 *
 * @param path What was to be used.
 * @param purpose What failed, as in "open the data folder".
 * @param error What was thrown.
 * @returns A {@linkcode DataError}; the error itself if it is one, or if it is a mistake of
 * this program's own making (`TypeError`, `RangeError`).
 */
export function toDataError(path: string, purpose: string, error: unknown): unknown {
  if (error instanceof DataError || error instanceof TypeError || error instanceof RangeError) {
    return error;
  }
  if (error instanceof StoreError) {
    return new DataError(`database-${error.code}`, error.path, error.message, { cause: error });
  }
  if (!(error instanceof Error)) return error;
  const message = `Cannot ${purpose} "${path}": ${systemWords(error)}. ` +
    "Check that it exists and belongs to you, or name another place.";
  return new DataError("unusable", path, message, { cause: error });
}
