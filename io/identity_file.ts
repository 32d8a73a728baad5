/**
 * The identity on disk: one file of mode 0600, made as a whole, and replaced only to put it
 * under a passphrase, under another, or under none. A file that is damaged, of a newer version
 * or readable by others is refused and left as it is, since nothing can bring a lost key back.
 * An export under a passphrase moves a person to another machine; two machines must not use one
 * identity at a time.
 */

import type { CryptoSuite } from "../wire/crypto_suite.ts";
import { createFile, FileExistsError, replaceFile } from "./atomic_file.ts";
import { DataError, toDataError } from "./data_error.ts";
import type { Identity } from "./identity.ts";
import {
  formatIdentity,
  formatSealedIdentity,
  IdentityTextError,
  isSealedText,
  parseIdentity,
  parseSealedIdentity,
  type TextProblem,
} from "./identity_text.ts";
import { join } from "./paths.ts";

/** Longest identity file; both forms have under 2 KiB. */
const fileBytesMax = 16 * 1024;

/** Where a data folder keeps its identity. */
export function identityPath(folder: string): string {
  return join(folder, "identity");
}

/**
 * Writes a new identity file.
 *
 * @param path Where; nothing may be there yet.
 * @param passphrase What protects it; without one, file modes alone do.
 * @throws {DataError} "key-exists" or "unusable".
 */
export function saveIdentity(
  path: string,
  identity: Identity,
  crypto: CryptoSuite,
  passphrase?: string,
): void {
  create(path, formatted(identity, crypto, passphrase ?? null));
}

/**
 * Writes an identity file anew, under another passphrase or none. What stood there before is
 * gone for whoever reads the folder, but not from backups, snapshots or freed blocks.
 *
 * @param path An identity file.
 * @param passphrase `null`: file modes alone protect it.
 * @throws {DataError} "unusable"; the file is as it was then.
 */
export function protectIdentity(
  path: string,
  identity: Identity,
  crypto: CryptoSuite,
  passphrase: string | null,
): void {
  try {
    replaceFile(path, formatted(identity, crypto, passphrase));
  } catch (error) {
    throw toDataError(path, "write the identity to", error);
  }
}

function formatted(identity: Identity, crypto: CryptoSuite, passphrase: string | null): string {
  return passphrase === null
    ? formatIdentity(identity, crypto)
    : formatSealedIdentity(identity, passphrase, crypto);
}

/**
 * Whether an identity file is under a passphrase.
 *
 * @param path A file that need not exist.
 * @throws {DataError} "key-damaged" or "unusable".
 */
export function isProtected(path: string): boolean {
  return isSealedText(readText(path)?.text ?? "");
}

/**
 * Reads the identity file of a data folder.
 *
 * @param path The file.
 * @param crypto For the keys that follow from it.
 * @param passphrase For a protected file; no other needs one.
 * @returns The identity, and whether the system has no file modes, so that nobody could
 * check who else reads the file; `null` if there is no such file.
 * @throws {DataError} "open-to-others", "key-damaged", "key-newer" or "unusable";
 * "passphrase-wanted" if the file is protected and none is given, "passphrase" if it is wrong.
 */
export async function loadIdentity(
  path: string,
  crypto: CryptoSuite,
  passphrase?: string,
): Promise<{ readonly identity: Identity; readonly lacksModes: boolean } | null> {
  const file = readText(path);
  if (file === null) return null;
  const { text, mode } = file;
  if (mode !== null && (mode & 0o077) !== 0) {
    const seen = (mode & 0o777).toString(8).padStart(4, "0");
    const message = `Cannot use the identity in "${path}": others can read it (mode ${seen}). ` +
      `If nobody has, run: chmod 600 "${path}"`;
    throw new DataError("open-to-others", path, message);
  }
  const lacksModes = mode === null;
  if (!isSealedText(text)) {
    return { identity: await parsed(path, () => parseIdentity(text, crypto)), lacksModes };
  }
  if (passphrase === undefined) {
    const message = `Cannot open the identity in "${path}": it is under a passphrase. Start on a ` +
      "terminal, or with --passphrase and the passphrase as the first line of input.";
    throw new DataError("passphrase-wanted", path, message);
  }
  const identity = await parsed(path, () => parseSealedIdentity(text, passphrase, crypto));
  return { identity, lacksModes };
}

/** Whose identity a data folder says it holds, unchecked; `null` if it cannot be told. */
export function peerOf(folder: string): string | null {
  try {
    return /^peer ([0-9a-f]{64})$/m.exec(Deno.readTextFileSync(identityPath(folder)))?.[1] ?? null;
  } catch {
    // Whatever is wrong with that folder is told when somebody opens it.
    return null;
  }
}

/**
 * Writes an identity under a passphrase. Takes about half a second.
 *
 * @param path Where; nothing may be there yet.
 * @param passphrase What opens it again.
 * @throws {DataError} "passphrase" if it is empty; "key-exists" or "unusable".
 */
export function exportIdentity(
  path: string,
  identity: Identity,
  passphrase: string,
  crypto: CryptoSuite,
): void {
  if (passphrase === "") {
    const message = `Cannot export the identity to "${path}": the passphrase is empty`;
    throw new DataError("passphrase", path, message);
  }
  create(path, formatSealedIdentity(identity, passphrase, crypto));
}

/**
 * Reads an exported identity; it is not saved anywhere by this. Takes about half a second.
 *
 * @param path The file of {@linkcode exportIdentity}.
 * @param passphrase What it was exported with.
 * @throws {DataError} "passphrase", "key-damaged", "key-newer" or "unusable".
 */
export async function importIdentity(
  path: string,
  passphrase: string,
  crypto: CryptoSuite,
): Promise<Identity> {
  const file = readText(path);
  if (file === null) {
    const message = `Cannot import an identity from "${path}": no such file or directory`;
    throw new DataError("unusable", path, message);
  }
  try {
    return await parsed(path, () => parseSealedIdentity(file.text, passphrase, crypto));
  } catch (error) {
    if (!(error instanceof DataError && error.code === "key-damaged")) throw error;
    const message = `Cannot import an identity from "${path}": it is damaged, or not what ` +
      "--export-identity wrote. The file is left as it is.";
    throw new DataError("key-damaged", path, message, { cause: error });
  }
}

function create(path: string, text: string): void {
  try {
    createFile(path, text);
  } catch (error) {
    if (error instanceof FileExistsError) {
      const message = `Cannot write the identity to "${path}": the file exists already. ` +
        "Name another one, or move it away.";
      throw new DataError("key-exists", path, message);
    }
    throw toDataError(path, "write the identity to", error);
  }
}

/** A file's text and mode (`null` where the system has none); `null` if there is no file. */
function readText(path: string): { readonly text: string; readonly mode: number | null } | null {
  try {
    using file = Deno.openSync(path);
    const { mode, size, isFile } = file.statSync();
    if (!isFile || size > fileBytesMax) throw damaged(path, "it is no identity file");
    return { text: Deno.readTextFileSync(path), mode };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw toDataError(path, "read the identity in", error);
  }
}

const problems: Readonly<Record<Exclude<TextProblem, "newer" | "passphrase">, string>> = {
  damaged: "it is damaged, its sum does not fit",
  "other-form": "it is of the wrong form: an exported identity is read by --import-identity, " +
    "and only that",
};

async function parsed(path: string, parse: () => Promise<Identity>): Promise<Identity> {
  try {
    return await parse();
  } catch (error) {
    if (!(error instanceof IdentityTextError)) throw error;
    switch (error.problem) {
      case "newer": {
        const message = `Cannot use the identity in "${path}": a newer Starling wrote it. ` +
          "Use that one.";
        throw new DataError("key-newer", path, message);
      }
      case "passphrase": {
        const message = `Cannot open the identity in "${path}": the passphrase is another one`;
        throw new DataError("passphrase", path, message);
      }
      default:
        throw damaged(path, problems[error.problem]);
    }
  }
}

function damaged(path: string, detail: string): DataError {
  const message = `Cannot use the identity in "${path}": ${detail}. The file is left as it is. ` +
    "Put a backup in its place, or use another folder to start as somebody new.";
  return new DataError("key-damaged", path, message);
}
