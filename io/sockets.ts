/**
 * All open sockets of one peer: what they bring goes into the inbox, what the engine writes
 * goes out through them, and a socket that is ahead of the engine is not read for a while.
 */

import type { ConnectionId } from "../peer/input.ts";
import type { Limits } from "../wire/limits.ts";
import { Connection, type Socket } from "./connection.ts";
import type { Inbox } from "./inbox.ts";

/** What the sockets need of their owner. */
export interface SocketsOwner {
  /** Whether nothing should be read now, because notices wait for their reader. */
  holds(): boolean;
  /** Something was put into the inbox. */
  stirred(): void;
}

/** The open sockets, and those that are closing. */
export class Sockets {
  readonly #inbox: Inbox;
  readonly #limits: Limits;
  readonly #owner: SocketsOwner;
  readonly #open = new Map<ConnectionId, Connection>();
  readonly #closing = new Set<Connection>();
  /** Open ones that are not read now. */
  readonly #held = new Set<ConnectionId>();
  #nextId: ConnectionId = 1;

  /**
   * @param inbox Takes what happens.
   * @param limits The table of limits.
   * @param owner Is told that something has happened.
   */
  constructor(inbox: Inbox, limits: Limits, owner: SocketsOwner) {
    this.#inbox = inbox;
    this.#limits = limits;
    this.#owner = owner;
  }

  /** Takes over a socket. */
  adopt(socket: Socket, direction: "in" | "out", address: string, remote: string): void {
    const id = this.#nextId++;
    const connection = new Connection(id, socket, this.#events, this.#limits);
    this.#open.set(id, connection);
    this.#inbox.connected({ type: "connected", connection: id, direction, address, remote });
    this.#hold(connection);
    this.#owner.stirred();
  }

  /** Queues bytes on a socket; nothing happens if it is closed. */
  write(id: ConnectionId, bytes: Uint8Array): void {
    this.#open.get(id)?.write(bytes);
  }

  /** Closes a socket after what was written; nothing of it comes into the inbox any more. */
  close(id: ConnectionId): void {
    const connection = this.#open.get(id);
    this.#inbox.forget(id);
    if (connection === undefined) return;
    this.#open.delete(id);
    this.#held.delete(id);
    this.#closing.add(connection);
    connection.closed.then(() => this.#closing.delete(connection));
    connection.close();
  }

  /** Closes all; resolves when they are. */
  async closeAll(): Promise<void> {
    for (const id of [...this.#open.keys()]) this.close(id);
    await Promise.all([...this.#closing].map((connection) => connection.closed));
  }

  /** Closes all at once, whatever waits. */
  abortAll(): void {
    for (const connection of [...this.#open.values(), ...this.#closing]) connection.abort();
    this.#open.clear();
    this.#held.clear();
  }

  /** Reads on from those that were held back, as far as there is room again. */
  readOn(): void {
    for (const id of this.#held) {
      if (this.#owner.holds()) return;
      if (this.#inbox.bytesOf(id) > this.#limits.readAheadBytesMax / 2) continue;
      this.#held.delete(id);
      this.#open.get(id)?.resume();
    }
  }

  readonly #events = {
    received: (id: ConnectionId, bytes: Uint8Array): void => {
      this.#inbox.received(id, bytes);
      const connection = this.#open.get(id);
      if (connection !== undefined) this.#hold(connection);
      this.#owner.stirred();
    },
    drained: (id: ConnectionId): void => {
      this.#inbox.drained(id);
      this.#owner.stirred();
    },
    disconnected: (id: ConnectionId, reason: string): void => {
      this.#open.delete(id);
      this.#held.delete(id);
      this.#inbox.disconnected({ type: "disconnected", connection: id, reason });
      this.#owner.stirred();
    },
  };

  /** Stops reading a socket that is ahead of the engine, or any while notices wait. */
  #hold(connection: Connection): void {
    const ahead = this.#inbox.bytesOf(connection.id) >= this.#limits.readAheadBytesMax;
    if (!ahead && !this.#owner.holds()) return;
    connection.pause();
    this.#held.add(connection.id);
  }
}
