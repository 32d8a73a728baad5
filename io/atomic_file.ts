/**
 * Small files that are either there as a whole or not at all, whatever happens meanwhile:
 * written under another name in the same folder, synced, and moved into place.
 */

import { dirname } from "./paths.ts";

/** A file of this name exists already and was left alone. */
export class FileExistsError extends Error {
  /** The name of this class. */
  override readonly name = "FileExistsError";
}

/**
 * Writes a file that does not exist yet, readable by its owner only.
 *
 * @param path Where; the folder exists.
 * @param text What, as UTF-8.
 * @throws {FileExistsError} If there is one, even if it came at the last moment.
 * @throws {Error} The runtime's own error if the file system refuses.
 */
export function createFile(path: string, text: string): void {
  const draft = writeDraft(path, text);
  try {
    moveToFreePlace(draft, path);
  } finally {
    removeIfThere(draft);
  }
  syncFolder(dirname(path));
}

/**
 * Writes a file in place of what may be there, readable by its owner only.
 *
 * @param path Where; the folder exists.
 * @param text What, as UTF-8.
 * @throws {Error} The runtime's own error if the file system refuses; then what was there still is.
 */
export function replaceFile(path: string, text: string): void {
  const draft = writeDraft(path, text);
  try {
    Deno.renameSync(draft, path);
  } catch (error) {
    removeIfThere(draft);
    throw error;
  }
  syncFolder(dirname(path));
}

/** Makes what a file holds durable, whoever wrote it. */
export function syncFile(path: string): void {
  // Windows syncs only what may be written to.
  using handle = Deno.openSync(path, { write: true });
  handle.syncSync();
}

/**
 * Makes the names in a folder durable. Where folders cannot be opened (Windows) the system
 * does so itself.
 */
export function syncFolder(folder: string): void {
  if (Deno.build.os === "windows") return;
  using handle = Deno.openSync(folder);
  handle.syncSync();
}

function writeDraft(path: string, text: string): string {
  const draft = `${path}.${crypto.randomUUID()}.new`;
  const bytes = new TextEncoder().encode(text);
  using file = Deno.openSync(draft, { write: true, createNew: true, mode: 0o600 });
  try {
    for (let done = 0; done < bytes.length;) done += file.writeSync(bytes.subarray(done));
    file.syncSync();
  } catch (error) {
    removeIfThere(draft);
    throw error;
  }
  return draft;
}

/** A hard link fails if the name is taken, where a rename would replace what is there. */
function moveToFreePlace(draft: string, path: string): void {
  try {
    Deno.linkSync(draft, path);
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists || exists(path)) {
      throw new FileExistsError(`"${path}" exists already`);
    }
    // File systems without hard links (FAT): the check just made has to do.
    Deno.renameSync(draft, path);
  }
}

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
