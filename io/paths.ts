/**
 * Paths of the few files that a peer has. `node:path` has all of this, and loading it takes 6 ms
 * of a start, for what it loads of Node (ARCHITECTURE.md, "Where a start went").
 */

const isWindows = Deno.build.os === "windows";

/** What stands between the names of a path. */
const separator = isWindows ? "\\" : "/";

/** A path of a file or folder inside a folder. */
export function join(folder: string, ...names: readonly string[]): string {
  const isClosed = folder === "" || lastSeparator(folder) === folder.length - 1;
  return (isClosed ? folder : folder + separator) + names.join(separator);
}

/** The folder that a file or folder is in; "." for a name alone. */
export function dirname(path: string): string {
  const end = lastSeparator(path);
  if (end < 0) return ".";
  const folder = path.slice(0, end);
  // Without what closes it the root would be another folder, or none.
  return folder === "" || folder.endsWith(":") ? path.slice(0, end + 1) : folder;
}

/** The name of a file, without the folder. */
export function basename(path: string): string {
  return path.slice(lastSeparator(path) + 1);
}

/** Whether a path does not depend on the folder in which a program runs. */
export function isAbsolute(path: string): boolean {
  return isWindows ? /^([a-z]:)?[\\/]/i.test(path) : path.startsWith("/");
}

function lastSeparator(path: string): number {
  return Math.max(path.lastIndexOf("/"), isWindows ? path.lastIndexOf("\\") : -1);
}
