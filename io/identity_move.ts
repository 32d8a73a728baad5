/** Moves an identity to another machine: out of a data folder into one file, and back. */

import { nodeCrypto } from "./crypto.ts";
import { DataError } from "./data_error.ts";
import type { Identity } from "./identity.ts";
import {
  exportIdentity,
  identityPath,
  importIdentity,
  isProtected,
  loadIdentity,
} from "./identity_file.ts";
import { join } from "./paths.ts";
import { profileFolder, profilesHome, profilesIn } from "./profiles.ts";
import { readName } from "./remembered_name.ts";

/** Whose identity is meant, as in `ChatOptions`. */
export interface WhoseIdentity {
  readonly data: string | null;
  readonly profile: string | null;
  /** The name remembered of it. */
  readonly name: string | null;
}

/** An identity that is kept on this machine. */
export interface KeptIdentity {
  readonly identity: Identity;
  /** The name remembered of it, or `null`. */
  readonly name: string | null;
  /** The profile's name; `null` for a named folder. */
  readonly profile: string | null;
}

/**
 * Finds the one identity that is meant. Nothing is made and nothing locked: an identity file
 * never changes, so that of a running peer is read as well.
 *
 * @param whose Which folder or profile; with neither, the only one that fits.
 * @param passphrase What opens it, if it is under one; asked before by {@linkcode protectedFile}.
 * @param home The folder of all profiles; by default the platform's.
 * @throws {DataError} "no-identity" if there is none, or more than one; otherwise why it
 * cannot be read.
 */
export async function findIdentity(
  whose: WhoseIdentity,
  passphrase?: string,
  home?: string,
): Promise<KeptIdentity> {
  const { folder, name, profile } = onePlace(whose, home);
  const loaded = await loadIdentity(identityPath(folder), nodeCrypto(), passphrase);
  if (loaded === null) throw noIdentity(folder, null);
  return { identity: loaded.identity, name, profile };
}

/**
 * The file of the one identity that is meant, if it is under a passphrase; else `null`.
 *
 * @param whose As for {@linkcode findIdentity}, whose errors it throws.
 */
export function protectedFile(whose: WhoseIdentity, home?: string): string | null {
  const path = identityPath(onePlace(whose, home).folder);
  return isProtected(path) ? path : null;
}

function onePlace(whose: WhoseIdentity, home: string | undefined): Place {
  const places = placesOf(whose, home);
  const fitting = places.found.filter(({ name }) => whose.name === null || name === whose.name);
  const [place, ...others] = fitting;
  if (place === undefined) throw noIdentity(places.where, whose.name);
  if (others.length > 0) {
    const all = fitting.map(({ profile, name }) => `${profile} (${name ?? "no name yet"})`);
    const message = `Cannot tell which identity is meant: there are the profiles ` +
      `${all.join(", ")}. Choose one with --profile.`;
    throw new DataError("no-identity", places.where, message);
  }
  return place;
}

/** Where an identity may be, without a look whether it is. */
interface Place {
  readonly folder: string;
  readonly name: string | null;
  readonly profile: string | null;
}

function placesOf(
  { data, profile }: WhoseIdentity,
  given: string | undefined,
): { readonly where: string; readonly found: readonly Place[] } {
  const place = (folder: string, profile: string | null): Place => ({
    folder,
    name: readName(folder),
    profile,
  });
  if (data !== null) return { where: data, found: [place(data, null)] };
  const home = given ?? profilesHome(Deno.build.os, (name) => Deno.env.get(name));
  if (profile !== null) {
    const folder = profileFolder(home, profile);
    return { where: folder, found: [place(folder, profile)] };
  }
  return { where: home, found: profilesIn(home).map((each) => place(join(home, each), each)) };
}

function noIdentity(where: string, name: string | null): DataError {
  const called = name === null ? "" : ` called ${JSON.stringify(name)}`;
  const message = `Cannot export an identity: there is no identity${called} in "${where}". ` +
    "Name another place with --profile or --data.";
  return new DataError("no-identity", where, message);
}

/**
 * Writes an identity to a file.
 *
 * @param path A file that does not exist yet.
 * @param identity From {@linkcode findIdentity}.
 * @param passphrase What opens the file again.
 * @throws {DataError} If the file cannot be written.
 */
export function writeIdentity(path: string, identity: Identity, passphrase: string): void {
  exportIdentity(path, identity, passphrase, nodeCrypto());
}

/**
 * Reads an identity from a file; it takes effect with `ChatOptions.identity`.
 *
 * @param path What {@linkcode writeIdentity} wrote.
 * @param passphrase What it was written with.
 * @throws {DataError} If it is none, or the passphrase is wrong.
 */
export async function readIdentity(path: string, passphrase: string): Promise<Identity> {
  return await importIdentity(path, passphrase, nodeCrypto());
}
