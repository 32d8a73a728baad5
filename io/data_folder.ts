/**
 * Opens all that one identity has on this machine: its folder with the lock, the key, the
 * history and the log id; or the same in memory for a run that keeps nothing.
 *
 * The key is made before the database, each as a whole file. So a start that was cut off
 * leaves a key without history, and history without a key means that the key was lost.
 */

import type { CryptoSuite } from "../wire/crypto_suite.ts";
import type { LogId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import { DataError, toDataError } from "./data_error.ts";
import type { FolderLock } from "./folder_lock.ts";
import { createIdentity, type Identity } from "./identity.ts";
import {
  identityPath,
  isProtected,
  loadIdentity,
  peerOf,
  protectIdentity,
  saveIdentity,
} from "./identity_file.ts";
import { filePlace, openLog } from "./log_id.ts";
import { join } from "./paths.ts";
import {
  chooseProfile,
  type ChosenFolder,
  newProfile,
  profileFolder,
  profilesHome,
  profilesIn,
  takeFolder,
  takeProfile,
} from "./profiles.ts";
import { writeName } from "./remembered_name.ts";
import { fileInfo } from "./store/database_file.ts";
import { openOrRescue, type Rescue } from "./store/rescue.ts";
import { SqliteStore } from "./store/sqlite_store.ts";

/** Which identity to open. Without `dir`, `profile` and `ephemeral` a profile is chosen. */
export interface DataOptions {
  /** A folder of one identity, made if need be. */
  readonly dir?: string | undefined;
  /** A profile, made if need be. */
  readonly profile?: string | undefined;
  /** Keep nothing on disk. */
  readonly ephemeral?: boolean | undefined;
  /** The name to be called; chooses among profiles, and is kept for the next start. */
  readonly name?: string | undefined;
  /** Who to become in a folder that has no identity; by default somebody new. */
  readonly identity?: Identity | undefined;
  /** The folder of all profiles; by default the platform's. */
  readonly home?: string | undefined;
}

/** An open identity. */
export interface DataFolder {
  /** Who this peer is. */
  readonly identity: Identity;
  /** Its history. */
  readonly store: SqliteStore;
  /** Under which own posts are numbered. */
  readonly log: LogId;
  /** "copied", if the log is new because the folder is a copy. */
  readonly newLogReason: "copied" | null;
  /** The name given, else the one remembered, else `null`. */
  readonly name: string | null;
  /** The profile's name; `null` for a named folder, and in memory. */
  readonly profile: string | null;
  /** The folder's path; `null` in memory. */
  readonly folder: string | null;
  /** No start has come so far as to open a room here. */
  readonly fresh: boolean;
  /** The system has no file modes, so nobody can tell who else reads the key: to be said once. */
  readonly lacksModes: boolean;
  /** What was saved of a database that was found damaged; `null` if it was not. */
  readonly rescue: Rescue | null;
  /** Keeps the own name for the next start; throws `DataError`. */
  rememberName(name: string): void;
  /** Puts the identity under another passphrase, or with `null` under none; throws `DataError`. */
  protect(passphrase: string | null): void;
  /** Closes the database and gives the folder free. May be called twice; throws `StoreError`. */
  close(): void;
}

/** Passphrases of an identity file. */
export interface Passphrases {
  /** What protects the file that is there. */
  readonly present?: string | undefined;
  /** What is to protect a file that is made now. */
  readonly fresh?: string | undefined;
}

/** An identity that is chosen and, if it is on disk, locked, but not open yet. */
export interface TakenData {
  /** Its file, if that is under a passphrase; else `null`. */
  readonly protectedFile: string | null;
  /** Its file, if one is to be made. */
  readonly freshFile: string | null;
  /** Opens it; throws `DataError`, and nothing is locked then. To be called once. */
  open(passphrases?: Passphrases): Promise<DataFolder>;
  /** Gives it free instead. */
  release(): void;
}

/**
 * Chooses and locks an identity, so that its passphrase can be asked for.
 *
 * @param options Which one.
 * @param crypto Makes keys and the log id.
 * @param limits For the store.
 * @throws {DataError} If it cannot be used; nothing is locked then.
 */
export function takeData(options: DataOptions, crypto: CryptoSuite, limits: Limits): TakenData {
  if (options.ephemeral === true) {
    const open = () => openInMemory(options, crypto, limits);
    return { protectedFile: null, freshFile: null, open, release: () => {} };
  }
  const chosen = take(options);
  const path = identityPath(chosen.folder);
  try {
    return {
      protectedFile: isProtected(path) ? path : null,
      freshFile: chosen.fresh ? path : null,
      open: (passphrases = {}) => openTaken(chosen, options, passphrases, crypto, limits),
      release: () => chosen.lock.release(),
    };
  } catch (error) {
    chosen.lock.release();
    throw error;
  }
}

async function openTaken(
  chosen: ChosenFolder,
  options: DataOptions,
  passphrases: Passphrases,
  crypto: CryptoSuite,
  limits: Limits,
): Promise<DataFolder> {
  let store: SqliteStore | null = null;
  try {
    secure(chosen.folder);
    const database = join(chosen.folder, "history.db");
    const key = await openKey(chosen, database, options.identity, passphrases, crypto);
    const { store: opened, rescue } = openOrRescue(database, crypto, limits);
    store = opened;
    const { log, newLogReason } = openLog(opened, filePlace(database), crypto);
    const { folder, lock, profile } = chosen;
    if (options.name !== undefined && options.name !== chosen.name) writeName(folder, options.name);
    return {
      ...key,
      store: opened,
      rescue,
      log,
      newLogReason,
      name: options.name ?? chosen.name,
      profile,
      folder,
      fresh: opened.kept.rooms().every((room) => room.name === null),
      rememberName: (name) => writeName(folder, name),
      protect: (passphrase) =>
        protectIdentity(identityPath(folder), key.identity, crypto, passphrase),
      close: closer(opened, lock),
    };
  } catch (error) {
    store?.close();
    chosen.lock.release();
    throw toDataError(chosen.folder, "open the data folder", error);
  }
}

async function openInMemory(
  options: DataOptions,
  crypto: CryptoSuite,
  limits: Limits,
): Promise<DataFolder> {
  const store = SqliteStore.open(":memory:", crypto, limits);
  return {
    identity: options.identity ?? await createIdentity(crypto),
    store,
    rescue: null,
    ...openLog(store, null, crypto),
    name: options.name ?? null,
    profile: null,
    folder: null,
    fresh: true,
    lacksModes: false,
    rememberName: () => {},
    protect: () => {},
    close: closer(store, null),
  };
}

function take(options: DataOptions): ChosenFolder {
  if (options.dir !== undefined) return takeFolder(options.dir);
  const home = options.home ?? profilesHome(Deno.build.os, (name) => Deno.env.get(name));
  const { identity, profile, name = null } = options;
  if (identity !== undefined) refuseTwin(home, identity, profile);
  if (profile !== undefined) return takeProfile(home, profile);
  return identity === undefined ? chooseProfile(home, name) : newProfile(home);
}

/** Two profiles of one key would number their posts alike, and each take the other for a fork. */
function refuseTwin(home: string, { peer }: Identity, wanted: string | undefined): void {
  for (const profile of profilesIn(home)) {
    const folder = profileFolder(home, profile);
    if (profile === wanted || peerOf(folder) !== peer) continue;
    const message = `Cannot import the identity: you are already here as profile ${profile}. ` +
      `Start that one with --profile ${profile}.`;
    throw new DataError("key-exists", folder, message);
  }
}

/** The identity of a folder, made if the folder is a fresh one. */
async function openKey(
  { folder, fresh }: ChosenFolder,
  database: string,
  given: Identity | undefined,
  { present, fresh: passphrase }: Passphrases,
  crypto: CryptoSuite,
): Promise<{ readonly identity: Identity; readonly lacksModes: boolean }> {
  const path = identityPath(folder);
  if (fresh) {
    if (given === undefined && fileInfo(database) !== null) {
      const message = `Cannot open the data folder "${folder}": its file "identity" is gone, ` +
        "though there is history. Put it back, or take it in with --import-identity, or use " +
        "another folder to start as somebody new.";
      throw new DataError("key-missing", path, message);
    }
    const identity = given ?? await createIdentity(crypto);
    saveIdentity(path, identity, crypto, passphrase);
    return { identity, lacksModes: Deno.statSync(path).mode === null };
  }
  const loaded = await loadIdentity(path, crypto, present);
  if (loaded === null) throw new DataError("key-missing", path, `"${path}" has just gone`);
  if (given !== undefined && given.peer !== loaded.identity.peer) {
    const message = `Cannot import an identity into "${folder}": somebody else is there ` +
      `(${loaded.identity.peer.slice(0, 8)}). Use another folder or profile.`;
    throw new DataError("key-exists", path, message);
  }
  return loaded;
}

/**
 * Sees to it that nobody else can put files into a folder. Its own mode is changed only while
 * it is empty: a person may have named a folder that serves other purposes too.
 */
function secure(folder: string): void {
  const { mode } = Deno.statSync(folder);
  if (mode === null || (mode & 0o077) === 0) return;
  const isEmpty = [...Deno.readDirSync(folder)].every(({ name }) => name === "lock");
  if (isEmpty) return Deno.chmodSync(folder, 0o700);
  if ((mode & 0o022) === 0) return;
  const seen = (mode & 0o7777).toString(8).padStart(4, "0");
  const message = `Cannot use the data folder "${folder}": others can change it (mode ${seen}). ` +
    `Run: chmod 700 "${folder}"; or name another one.`;
  throw new DataError("open-to-others", folder, message);
}

function closer(store: SqliteStore, lock: FolderLock | null): () => void {
  let isOpen = true;
  return () => {
    if (!isOpen) return;
    isOpen = false;
    try {
      store.close();
    } finally {
      lock?.release();
    }
  };
}
