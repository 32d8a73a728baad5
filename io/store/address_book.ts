/**
 * Addresses that led to a peer, and names of rooms that were joined: what a start begins with.
 *
 * Half of the places belong to the addresses that are known longest. Whoever signs records for one
 * machine under ever new keys has this peer dial it twice a minute, and every dial that is answered
 * is the newest success: within a few hours nobody else would be left in the book, and the next
 * start would reach nobody else. Longer known than a friend he cannot become.
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { fromId, type PeerId, type RoomId, toId } from "../../wire/ids.ts";
import type { Transactions } from "./transaction.ts";

/** An address that has led to a peer. */
export interface RememberedAddress {
  /** As it was dialled. */
  readonly address: string;
  /** Who answered there last. */
  readonly peer: PeerId;
  /** When somebody first did, in milliseconds since 1970. */
  readonly firstMs: number;
  /** When somebody last did. */
  readonly succeededMs: number;
  /** How often the address has led to a peer. */
  readonly successes: number;
  /** How often it has not since the last success. */
  readonly failures: number;
}

/** A room that this machine has heard of. */
export interface KnownRoom {
  /** Its id. */
  readonly id: RoomId;
  /** The name of a public room that was joined here; `null` if only the id is known. */
  readonly name: string | null;
}

/** Dials in vain after which an address is not kept for being known long. */
const deadFailures = 64;

/** The tables `address` and `room`. */
export class AddressBook {
  readonly #transactions: Transactions;
  readonly #addressesMax: number;
  readonly #add: StatementSync;
  readonly #fail: StatementSync;
  readonly #trim: StatementSync;
  readonly #drop: StatementSync;
  readonly #all: StatementSync;
  readonly #nameRoom: StatementSync;
  readonly #roomName: StatementSync;
  readonly #rooms: StatementSync;

  /**
   * Prepares its statements.
   *
   * @param db The open database with its tables.
   * @param transactions On the same database.
   * @param addressesMax Addresses kept: those known longest, and the newest successes.
   */
  constructor(db: DatabaseSync, transactions: Transactions, addressesMax: number) {
    this.#transactions = transactions;
    this.#addressesMax = addressesMax;
    this.#add = db.prepare(
      `INSERT INTO address (address, peer, first_ms, succeeded_ms) VALUES (?1, ?2, ?3, ?3)
       ON CONFLICT DO UPDATE SET peer = excluded.peer, succeeded_ms = excluded.succeeded_ms,
         successes = successes + 1, failures = 0`,
    );
    this.#fail = db.prepare("UPDATE address SET failures = failures + 1 WHERE address = ?");
    const liveFirst = "ORDER BY failures, succeeded_ms DESC, address";
    const longest = `SELECT address FROM address
      ORDER BY failures >= ${deadFailures}, first_ms, address LIMIT ?2`;
    this.#trim = db.prepare(
      `DELETE FROM address WHERE address IN (
         SELECT address FROM address WHERE address NOT IN (${longest})
         ${liveFirst} LIMIT -1 OFFSET ?1)`,
    );
    this.#drop = db.prepare("DELETE FROM address WHERE address = ?");
    this.#all = db.prepare(`SELECT * FROM address ${liveFirst}`);
    this.#nameRoom = db.prepare(
      "INSERT INTO room (key, name) VALUES (?, ?) ON CONFLICT DO UPDATE SET name = excluded.name",
    );
    this.#roomName = db.prepare("SELECT name FROM room WHERE key = ?");
    this.#rooms = db.prepare("SELECT key, name FROM room ORDER BY id");
  }

  /** `SqliteStore.rememberAddress` */
  rememberAddress(address: string, peer: PeerId, wallMs: number): void {
    this.#transactions.run("written", () => {
      this.#add.run(address, fromId(peer), wallMs);
      const longest = this.#addressesMax >> 1;
      this.#trim.run(this.#addressesMax - longest, longest);
    });
  }

  /** `SqliteStore.failedAddress` */
  failedAddress(address: string): void {
    this.#transactions.run("written", () => void this.#fail.run(address));
  }

  /** `SqliteStore.forgetAddress` */
  forgetAddress(address: string): void {
    this.#transactions.run("written", () => void this.#drop.run(address));
  }

  /** `SqliteStore.addresses` */
  addresses(): RememberedAddress[] {
    const rows = this.#all.all() as unknown as {
      address: string;
      peer: Uint8Array;
      first_ms: number;
      succeeded_ms: number;
      successes: number;
      failures: number;
    }[];
    const book = rows.map(({ address, peer, first_ms, succeeded_ms, successes, failures }) => ({
      address,
      peer: toId<PeerId>(peer),
      firstMs: first_ms,
      succeededMs: succeeded_ms,
      successes,
      failures,
    }));
    return inTurn(book);
  }

  /** `SqliteStore.rememberRoom` */
  rememberRoom(id: RoomId, name: string): void {
    this.#transactions.run("written", () => void this.#nameRoom.run(fromId(id), name));
  }

  /** `SqliteStore.roomName` */
  roomName(id: RoomId): string | null {
    const row = this.#roomName.get(fromId(id)) as unknown as { name: string | null } | undefined;
    return row?.name ?? null;
  }

  /** `SqliteStore.rooms` */
  rooms(): KnownRoom[] {
    const rows = this.#rooms.all() as unknown as { key: Uint8Array; name: string | null }[];
    return rows.map(({ key, name }) => ({ id: toId<RoomId>(key), name }));
  }
}

/** The likeliest, and the one known longest, in turn: most of the likeliest may be one person's. */
function inTurn(book: readonly RememberedAddress[]): RememberedAddress[] {
  const dead = ({ failures }: RememberedAddress) => failures >= deadFailures;
  const longest = book.filter((each) => !dead(each)).sort((a, b) => a.firstMs - b.firstMs);
  return [...new Set(book.flatMap((each, index) => [each, longest[index] ?? each]))];
}
