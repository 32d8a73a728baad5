/**
 * Which data folder a start uses. Profiles are folders `starling/default`, `starling/2`, …
 * under the platform's data folder; two terminals on one computer get two of them without
 * anybody choosing, and nobody gets a profile that is in use.
 */

import { isProfileName } from "../wire/text.ts";
import { DataError, toDataError } from "./data_error.ts";
import { FolderLock } from "./folder_lock.ts";
import { identityPath } from "./identity_file.ts";
import { isAbsolute, join } from "./paths.ts";
import { readName } from "./remembered_name.ts";

/** A data folder that belongs to this process now. */
export interface ChosenFolder {
  /** Its path. */
  readonly folder: string;
  /** To be released at the end. */
  readonly lock: FolderLock;
  /** The profile's name; `null` for a folder that was named itself. */
  readonly profile: string | null;
  /** The name that its person had last, or `null`. */
  readonly name: string | null;
  /** It has no identity yet. */
  readonly fresh: boolean;
}

const firstProfile = "default";

/** Profiles looked at when a free one is sought; more on one computer are not reached so. */
const profilesMax = 1_000;

/**
 * The folder that holds all profiles.
 *
 * @param os The system, as `Deno.build.os` names it.
 * @param env Reads an environment variable.
 * @throws {DataError} "no-home", if the environment does not say.
 */
export function profilesHome(
  os: typeof Deno.build.os,
  env: (name: string) => string | undefined,
): string {
  const absolute = (name: string): string | null => {
    const value = env(name);
    return value !== undefined && isAbsolute(value) ? value : null;
  };
  const under = (home: string | null, ...parts: string[]): string => {
    if (home !== null) return join(home, ...parts, "starling");
    const variable = os === "windows" ? "LOCALAPPDATA" : "HOME";
    const message =
      `Cannot find the place for profiles: ${variable} is "${env(variable) ?? ""}". ` +
      "Set it, or name a folder with --data.";
    throw new DataError("no-home", variable, message);
  };
  if (os === "windows") return under(absolute("LOCALAPPDATA"));
  if (os === "darwin") return under(absolute("HOME"), "Library", "Application Support");
  const data = absolute("XDG_DATA_HOME");
  return data !== null ? under(data) : under(absolute("HOME"), ".local", "share");
}

/**
 * Takes the named folder, making it if need be.
 *
 * @param dir Any path.
 * @throws {DataError} "in-use" or "unusable".
 */
export function takeFolder(dir: string): ChosenFolder {
  makeFolder(dir);
  return described(dir, FolderLock.take(dir), null);
}

/**
 * Takes the profile that `--profile` names, making it if need be.
 *
 * @param home What {@linkcode profilesHome} gave.
 * @param profile Its name.
 * @throws {DataError} "profile-name", "in-use" or "unusable".
 */
export function takeProfile(home: string, profile: string): ChosenFolder {
  const folder = profileFolder(home, profile);
  makeFolder(folder);
  return described(folder, FolderLock.take(folder), profile);
}

/**
 * The folder of a profile, which need not exist.
 *
 * @param home What {@linkcode profilesHome} gave.
 * @param profile Its name.
 * @throws {DataError} "profile-name".
 */
export function profileFolder(home: string, profile: string): string {
  if (isProfileName(profile)) return join(home, profile);
  const message = `Cannot use the profile ${JSON.stringify(profile)}: a profile's name has 1 ` +
    "to 32 letters, digits, dots, hyphens or underscores, as in --profile work";
  throw new DataError("profile-name", profile, message);
}

/**
 * Takes a profile when none was named: a free one whose remembered name is `name`; without
 * a name the first free one; else a new one.
 *
 * @param home What {@linkcode profilesHome} gave.
 * @param name What `--name` gave, or `null`.
 * @throws {DataError} "unusable".
 */
export function chooseProfile(home: string, name: string | null): ChosenFolder {
  makeFolder(home);
  for (const profile of profilesIn(home)) {
    const folder = join(home, profile);
    if (name !== null && readName(folder) !== name) continue;
    const lock = FolderLock.tryTake(folder);
    if (lock !== null) return described(folder, lock, profile);
  }
  return newProfile(home);
}

/**
 * The profiles that have an identity: default, then 2, 3, …, then those with a name of their own.
 *
 * @param home What {@linkcode profilesHome} gave.
 * @throws {DataError} "unusable".
 */
export function profilesIn(home: string): string[] {
  const place = (profile: string): number =>
    profile === firstProfile ? 1 : /^[1-9]\d{0,8}$/.test(profile) ? Number(profile) : Infinity;
  try {
    return [...Deno.readDirSync(home)]
      .map(({ name }) => name)
      .filter((profile) => isProfileName(profile) && hasIdentity(join(home, profile)))
      .sort((a, b) => {
        const [placeA, placeB] = [place(a), place(b)];
        return placeA === placeB ? (a < b ? -1 : 1) : placeA - placeB;
      })
      .slice(0, profilesMax);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw toDataError(home, "read the profiles in", error);
  }
}

/**
 * Takes the first of default, 2, 3, … that nobody is, or is just becoming.
 *
 * @param home What {@linkcode profilesHome} gave.
 * @throws {DataError} "unusable".
 */
export function newProfile(home: string): ChosenFolder {
  for (let number = 1;; number++) {
    const profile = number === 1 ? firstProfile : String(number);
    const folder = join(home, profile);
    if (hasIdentity(folder)) continue;
    makeFolder(folder);
    const lock = FolderLock.tryTake(folder);
    if (lock === null) continue;
    // Whoever had the lock a moment ago may have become somebody there.
    if (!hasIdentity(folder)) return described(folder, lock, profile);
    lock.release();
  }
}

function described(folder: string, lock: FolderLock, profile: string | null): ChosenFolder {
  return { folder, lock, profile, name: readName(folder), fresh: !hasIdentity(folder) };
}

function hasIdentity(folder: string): boolean {
  try {
    Deno.lstatSync(identityPath(folder));
    return true;
  } catch (error) {
    // Anything else but its absence is for the opening of the folder to tell.
    return !(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory);
  }
}

function makeFolder(folder: string): void {
  try {
    Deno.mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw toDataError(folder, "make the data folder", error);
  }
}
