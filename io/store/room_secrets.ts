/**
 * The secrets of private rooms and of their epochs, and which rooms with a founder are to be open
 * at the next start. What was said there rests encrypted in `post`; the keys to it lie beside it.
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { PrivateRecord, RoomSecret } from "../../peer/room_secret.ts";
import { fromId, type PeerId, type PostId, type RoomId, toId } from "../../wire/ids.ts";

/**
 * The tables, as a rung of the ladder in schema.ts.
 *
 * - `room_secret`: of private rooms that were founded or joined here.
 * - `epoch_secret`: what opens posts of them; never deleted, so that history stays readable.
 * - `open_room`: rooms with a founder that were not closed by their person.
 */
export const roomSecretTables: string = `
  CREATE TABLE room_secret (
    room BLOB PRIMARY KEY,
    secret BLOB NOT NULL,
    founder BLOB NOT NULL,
    history INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE epoch_secret (
    id INTEGER PRIMARY KEY,
    room BLOB NOT NULL,
    epoch BLOB NOT NULL,
    secret BLOB NOT NULL,
    UNIQUE (room, epoch)
  ) STRICT;
  CREATE TABLE open_room (room BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
  INSERT INTO open_room SELECT key FROM room WHERE name LIKE '~%';
  `;

interface SecretRow {
  readonly room: Uint8Array;
  readonly secret: Uint8Array;
  readonly founder: Uint8Array;
  readonly history: number;
}

/** The tables of this file. */
export class RoomSecrets {
  readonly #addRoom: StatementSync;
  readonly #addEpoch: StatementSync;
  readonly #rooms: StatementSync;
  readonly #epochs: StatementSync;
  readonly #open: StatementSync;
  readonly #setOpen: StatementSync;
  readonly #setClosed: StatementSync;

  /**
   * Prepares its statements.
   *
   * @param db The open database with its tables.
   */
  constructor(db: DatabaseSync) {
    this.#addRoom = db.prepare(
      "INSERT INTO room_secret (room, secret, founder, history) VALUES (?, ?, ?, ?) " +
        "ON CONFLICT DO NOTHING",
    );
    this.#addEpoch = db.prepare(
      "INSERT INTO epoch_secret (room, epoch, secret) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
    );
    this.#rooms = db.prepare("SELECT * FROM room_secret");
    this.#epochs = db.prepare("SELECT epoch, secret FROM epoch_secret WHERE room = ? ORDER BY id");
    this.#open = db.prepare("SELECT room FROM open_room");
    this.#setOpen = db.prepare("INSERT INTO open_room VALUES (?) ON CONFLICT DO NOTHING");
    this.#setClosed = db.prepare("DELETE FROM open_room WHERE room = ?");
  }

  /** Keeps the secret of a room, in the transaction that is open. */
  addRoom(room: RoomId, { secret, founder, history }: RoomSecret): void {
    this.#addRoom.run(fromId(room), secret, fromId(founder), Number(history));
  }

  /** Keeps the secret of an epoch, in the transaction that is open. */
  addEpoch(room: RoomId, epoch: PostId, secret: Uint8Array): void {
    this.#addEpoch.run(fromId(room), fromId(epoch), secret);
  }

  /** All that is kept of private rooms; epochs in the order in which they were learnt. */
  records(): PrivateRecord[] {
    return (this.#rooms.all() as unknown as SecretRow[]).map((row) => ({
      room: toId<RoomId>(row.room),
      secret: row.secret,
      founder: toId<PeerId>(row.founder),
      history: row.history === 1,
      epochs: (this.#epochs.all(row.room) as unknown as {
        epoch: Uint8Array;
        secret: Uint8Array;
      }[]).map(({ epoch, secret }) => ({ id: toId<PostId>(epoch), secret })),
    }));
  }

  /** Rooms that are to be open at a start. */
  openRooms(): RoomId[] {
    return (this.#open.all() as unknown as { room: Uint8Array }[])
      .map(({ room }) => toId<RoomId>(room));
  }

  /** Says whether a room is to be open at the next start, in the transaction that is open. */
  setOpen(room: RoomId, isOpen: boolean): void {
    (isOpen ? this.#setOpen : this.#setClosed).run(fromId(room));
  }
}
