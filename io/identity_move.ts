/** Moves an identity to another machine: out of a data folder into one file, and back. */

import { defaultLimits } from "../wire/limits.ts";
import { nodeCrypto } from "./crypto.ts";
import { openData } from "./data_folder.ts";
import type { Identity } from "./identity.ts";
import { exportIdentity, importIdentity } from "./identity_file.ts";

/** Whose identity is meant, as in `ChatOptions`. */
export interface WhoseIdentity {
  readonly data: string | null;
  readonly profile: string | null;
  readonly name: string | null;
}

/**
 * Writes the identity of a data folder to a file.
 *
 * @param path A file that does not exist yet.
 * @param whose Which folder or profile; one that has no identity gets one.
 * @param passphrase What opens the file again.
 * @returns The identity.
 * @throws {DataError} If the folder cannot be used or the file not be written.
 */
export function writeIdentity(path: string, whose: WhoseIdentity, passphrase: string): Identity {
  const crypto = nodeCrypto();
  const options = {
    dir: whose.data ?? undefined,
    profile: whose.profile ?? undefined,
    name: whose.name ?? undefined,
  };
  const data = openData(options, crypto, defaultLimits);
  try {
    exportIdentity(path, data.identity, passphrase, crypto);
    return data.identity;
  } finally {
    data.close();
  }
}

/**
 * Reads an identity from a file; it takes effect with `ChatOptions.identity`.
 *
 * @param path What {@linkcode writeIdentity} wrote.
 * @param passphrase What it was written with.
 * @throws {DataError} If it is none, or the passphrase is wrong.
 */
export function readIdentity(path: string, passphrase: string): Identity {
  return importIdentity(path, passphrase, nodeCrypto());
}
