/**
 * One process at a time on one data folder. The lock is the system's, on a file that stays:
 * it ends with the process, however that ends, and is never left behind. The file holds the
 * number of the process that has or had the lock, for the message to the second one.
 */

import { DataError, toDataError } from "./data_error.ts";
import { join } from "./paths.ts";

/** Holds a data folder until it is released. */
export class FolderLock implements Disposable {
  readonly #file: Deno.FsFile;
  #released = false;

  private constructor(file: Deno.FsFile) {
    this.#file = file;
  }

  /**
   * Takes the lock of a folder if nobody has it.
   *
   * @param folder An existing folder.
   * @returns The lock, or `null` if another process has it (or this one, a second time).
   * @throws {DataError} "unusable", if the lock file cannot be made or the file system has no locks.
   */
  static tryTake(folder: string): FolderLock | null {
    try {
      const file = Deno.openSync(lockPath(folder), {
        read: true,
        write: true,
        create: true,
        mode: 0o600,
      });
      try {
        if (!file.tryLockSync(true)) {
          file.close();
          return null;
        }
        needOwn(folder, file);
        file.truncateSync();
        file.writeSync(new TextEncoder().encode(`${Deno.pid}\n`));
      } catch (error) {
        file.close();
        throw error;
      }
      return new FolderLock(file);
    } catch (error) {
      throw toDataError(folder, "lock the data folder", error);
    }
  }

  /**
   * Takes the lock of a folder.
   *
   * @param folder An existing folder.
   * @throws {DataError} "in-use" if another process has it; "unusable".
   */
  static take(folder: string): FolderLock {
    const lock = FolderLock.tryTake(folder);
    if (lock !== null) return lock;
    const message = `Cannot use the data folder "${folder}": another Starling` +
      `${holder(folder)} has it open. Close that one, or use another folder (--data) or profile ` +
      "(--profile).";
    throw new DataError("in-use", folder, message);
  }

  /** Gives the folder free. May be called twice. */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    // A process that is just being started shares the file until it runs its program, and would
    // hold the lock for so long.
    this.#file.unlockSync();
    this.#file.close();
  }

  /** {@linkcode FolderLock.release} */
  [Symbol.dispose](): void {
    this.release();
  }
}

/**
 * In a folder that others can change the name may be a link to a file of ours that is no lock, and
 * would be emptied.
 */
function needOwn(folder: string, file: Deno.FsFile): void {
  const path = lockPath(folder);
  const [named, opened] = [Deno.lstatSync(path), file.statSync()];
  if (!named.isSymlink && named.ino === opened.ino && named.dev === opened.dev) return;
  const message = `Cannot use the data folder "${folder}": its file "lock" is a link to another ` +
    "file. Remove it, or name another folder.";
  throw new DataError("unusable", path, message);
}

function lockPath(folder: string): string {
  return join(folder, "lock");
}

/** " (process 1234)", or nothing where a locked file cannot be read. */
function holder(folder: string): string {
  try {
    const [, pid] = /^(\d{1,10})\n$/.exec(Deno.readTextFileSync(lockPath(folder))) ?? [];
    return pid === undefined ? "" : ` (process ${pid})`;
  } catch {
    return "";
  }
}
