/**
 * What a store keeps beside posts and letters: rooms and their secrets, addresses, the settings of
 * faces, facts about the database. Errors have the one form of the store; the tables are in
 * address_book.ts, room_secrets.ts, settings.ts and meta.ts.
 */

import type { PrivateRecord, RoomSecret } from "../../peer/room_secret.ts";
import type { PeerId, PostId, RoomId } from "../../wire/ids.ts";
import type { AddressBook, KnownRoom, RememberedAddress } from "./address_book.ts";
import type { Meta, MetaKey } from "./meta.ts";
import type { RoomSecrets } from "./room_secrets.ts";
import type { Settings } from "./settings.ts";
import { guarded } from "./store_error.ts";
import type { Transactions } from "./transaction.ts";

/** Keeps what the next start begins with. Every method may throw `StoreError`. */
export class Kept {
  /**
   * @param path The database file, for messages.
   * @param transactions Of the store.
   * @param book Rooms and addresses.
   * @param secrets Of private rooms, and which rooms are open.
   * @param settings Of faces.
   * @param facts About the database.
   */
  constructor(
    private readonly path: string,
    private readonly transactions: Transactions,
    private readonly book: AddressBook,
    private readonly secrets: RoomSecrets,
    private readonly settings: Settings,
    private readonly facts: Meta,
  ) {}

  /** All rooms that are known, in the order in which they became so. */
  rooms(): KnownRoom[] {
    return guarded(this.path, () => this.book.rooms());
  }

  /** The name of a public room that was joined here, or `null`. */
  roomName(id: RoomId): string | null {
    return guarded(this.path, () => this.book.roomName(id));
  }

  /** Keeps the name of a public room. */
  rememberRoom(id: RoomId, name: string): void {
    guarded(this.path, () => this.book.rememberRoom(id, name));
  }

  /** Rooms with a founder that are to be open at a start. */
  openRooms(): RoomId[] {
    return guarded(this.path, () => this.secrets.openRooms());
  }

  /** Says whether a room is to be open at the next start. */
  setOpen(room: RoomId, isOpen: boolean): void {
    guarded(
      this.path,
      () => this.transactions.run("written", () => this.secrets.setOpen(room, isOpen)),
    );
  }

  /** What is kept of private rooms. */
  privateRooms(): PrivateRecord[] {
    return guarded(this.path, () => this.secrets.records());
  }

  /** Keeps the secret of a private room; when it returns it is on the disk. */
  keepRoom(room: RoomId, secret: RoomSecret): void {
    guarded(
      this.path,
      () =>
        this.transactions.run("synced", () => {
          this.secrets.addRoom(room, secret);
          this.secrets.setOpen(room, true);
        }),
    );
  }

  /** Keeps the secret of an epoch; when it returns it is on the disk. */
  keepEpoch(room: RoomId, epoch: PostId, secret: Uint8Array): void {
    guarded(
      this.path,
      () => this.transactions.run("synced", () => this.secrets.addEpoch(room, epoch, secret)),
    );
  }

  /**
   * Keeps an address that has led to a peer. Beyond the limit those with the most failures are
   * dropped first, then those with the oldest success; not those known longest.
   */
  rememberAddress(address: string, peer: PeerId, wallMs: number): void {
    guarded(this.path, () => this.book.rememberAddress(address, peer, wallMs));
  }

  /** Counts a dial in vain to an address, if it is one that is kept. */
  failedAddress(address: string): void {
    guarded(this.path, () => this.book.failedAddress(address));
  }

  /** Forgets an address. */
  forgetAddress(address: string): void {
    guarded(this.path, () => this.book.forgetAddress(address));
  }

  /** The addresses kept, live ones first: fewest failures, then the newest success. */
  addresses(): RememberedAddress[] {
    return guarded(this.path, () => this.book.addresses());
  }

  /** A small text of the faces, or `null`. */
  setting(key: string): string | null {
    return guarded(this.path, () => this.settings.get(key));
  }

  /** Keeps a small text of the faces; `null` forgets it. */
  saveSetting(key: string, value: string | null): void {
    guarded(this.path, () => this.settings.set(key, value));
  }

  /** Bytes of all such texts and their keys, but for one key. */
  settingsBytesBeside(key: string): number {
    return guarded(this.path, () => this.settings.bytesBeside(key));
  }

  /** A fact about the database, or `null`. */
  meta(key: MetaKey): string | null {
    return guarded(this.path, () => this.facts.get(key));
  }

  /** Keeps facts about the database, all or none of them. */
  setMeta(values: Readonly<Partial<Record<MetaKey, string>>>): void {
    guarded(this.path, () =>
      this.transactions.run("written", () => {
        for (const [key, value] of Object.entries(values)) this.facts.set(key as MetaKey, value);
      }));
  }
}
