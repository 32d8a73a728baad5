/**
 * Listening: one socket for IPv6 and IPv4 at once, IPv4 alone where there is no IPv6.
 *
 * Connections are accepted by hand, because the runtime's iterator over a listener dies for
 * good when the process runs out of file descriptors. Accepting waits while its owner wants
 * no more: the system's own queue then holds the others.
 */

import { formatAddress } from "../discovery/address.ts";
import { ChatError } from "../peer/errors.ts";
import { describeNetworkError } from "./network_error.ts";

/** Where to listen. */
export interface ListenPlace {
  /** An address of this machine; absent for all of them. */
  readonly host?: string | undefined;
  /** 0 for any; `null` for the default port or, if that is taken, the next free one. */
  readonly port: number | null;
}

/** What a listener needs of its owner. */
export interface ListenerEvents {
  /** Whether one more connection is welcome now. */
  mayAccept(): boolean;
  /** A connection came; the address is in normal spelling. */
  accepted(socket: Deno.TcpConn, address: string): void;
  /** Accepting fails and is tried again; told once per spell of failures. */
  troubled(reason: string): void;
}

/** The port of Starling: the one that the README tells people to open in a firewall. */
export const defaultPort = 9797;
/** Ports tried after the default one; more than anybody runs profiles on one machine. */
const defaultPortsTried = 100;
/** First wait after a failed accept, doubled up to the last: relief is noticed within a second. */
const acceptWaitMs = { first: 5, last: 1_000 };

/** An open listening socket with its loop. */
export class Listener {
  /** The address it is bound to: `::` and `0.0.0.0` mean all. */
  readonly host: string;
  readonly port: number;
  /** Resolves when the loop has ended; never rejects. */
  readonly closed: Promise<void>;
  readonly #listener: Deno.TcpListener;
  readonly #events: ListenerEvents;
  #open = true;
  #wake: (() => void) | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  private constructor(listener: Deno.TcpListener, events: ListenerEvents) {
    this.#listener = listener;
    this.#events = events;
    this.host = listener.addr.hostname;
    this.port = listener.addr.port;
    this.closed = this.#acceptAll();
  }

  /**
   * Opens a listening socket and accepts from then on.
   *
   * @param place Where.
   * @param events Told of what comes.
   * @throws {ChatError} `port-taken`, or `bad-port` if the address is none of this machine's
   * or may not be used.
   */
  static open(place: ListenPlace, events: ListenerEvents): Listener {
    const first = place.port ?? defaultPort;
    const tries = place.port === null ? defaultPortsTried : 1;
    for (let port = first; port < first + tries; port++) {
      const listener = bind(place.host, port);
      if (listener !== null) return new Listener(listener, events);
    }
    throw new ChatError(
      "port-taken",
      place.port === null
        ? `Cannot listen: ports ${first} to ${first + tries - 1} are all taken; ` +
          `choose one with --listen PORT, or 0 for any`
        : `Cannot listen on ${shown(place.host, first)}: the port is taken by another program; ` +
          `choose another with --listen PORT, or 0 for any`,
    );
  }

  /** Looks again whether more connections are welcome. */
  poke(): void {
    this.#wake?.();
  }

  /** Accepts no more; connections that were accepted stay. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    try {
      this.#listener.close();
    } catch {
      // It was closed by the runtime after an error.
    }
    this.#wake?.();
  }

  async #acceptAll(): Promise<void> {
    let waitMs = 0;
    while (this.#open) {
      if (!this.#events.mayAccept()) {
        await this.#pause(null);
        continue;
      }
      try {
        const socket = await this.#listener.accept();
        waitMs = 0;
        this.#welcome(socket);
      } catch (error) {
        if (!this.#open) return;
        if (waitMs === 0) this.#events.troubled(describeNetworkError(error));
        waitMs = Math.min(acceptWaitMs.last, Math.max(acceptWaitMs.first, waitMs * 2));
        await this.#pause(waitMs);
      }
    }
  }

  #welcome(socket: Deno.TcpConn): void {
    try {
      const { hostname, port } = socket.remoteAddr;
      this.#events.accepted(socket, formatAddress({ host: hostname, port }));
    } catch {
      // The other side was gone before it was welcomed.
      socket.close();
    }
  }

  /** Waits until poked, and no longer than `ms` if given. */
  async #pause(ms: number | null): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    if (ms !== null) this.#timer = setTimeout(resolve, ms);
    await promise;
    this.#wake = null;
    clearTimeout(this.#timer);
  }
}

/** Binds one port, or gives `null` if it is taken. */
function bind(host: string | undefined, port: number): Deno.TcpListener | null {
  for (const hostname of host === undefined ? ["::", "0.0.0.0"] : [host]) {
    try {
      return Deno.listen({ hostname, port });
    } catch (error) {
      if (error instanceof Deno.errors.AddrInUse) return null;
      // Without IPv6 the system knows no such family or address: IPv4 then.
      if (hostname === "::" && host === undefined) continue;
      throw new ChatError(
        "bad-port",
        `Cannot listen on ${shown(host, port)}: ${describeNetworkError(error)}. ` +
          "Choose another port or address; a port alone is one on all of this machine's.",
      );
    }
  }
  return null;
}

function shown(host: string | undefined, port: number): string {
  return host === undefined ? `port ${port}` : formatAddress({ host, port });
}
