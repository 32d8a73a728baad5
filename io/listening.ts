/**
 * Whether and where this peer listens now: one listener or none, changed while running, and
 * told to the engine each time.
 */

import { type Bound, loopbackFirst, networkInterfaces, reachableAddresses } from "./addresses.ts";
import { Listener, type ListenPlace } from "./listener.ts";
import type { Shell } from "./shell.ts";

/** The listening half of a peer. */
export class Listening {
  readonly #shell: Shell;
  readonly #host: string | undefined;
  readonly #log: (line: string) => void;
  #listener: Listener | null = null;
  #addresses: readonly string[] = [];
  /** Ports at which this program serves something else: nobody may make it dial them. */
  readonly #otherPorts: number[] = [];

  /**
   * @param shell Takes what is accepted.
   * @param host The address of this machine to listen on; absent for all of them.
   * @param log Takes lines of diagnostics.
   */
  constructor(shell: Shell, host: string | undefined, log: (line: string) => void) {
    this.#shell = shell;
    this.#host = host;
    this.#log = log;
  }

  /** Addresses at which this peer can be dialled, loopback first; empty if nothing listens. */
  get addresses(): readonly string[] {
    return this.#addresses;
  }

  /** The port that is listened on; `null` if none is. */
  get port(): number | null {
    return this.#listener?.port ?? null;
  }

  /** What is listened on; `null` if nothing is. */
  get bound(): Bound | null {
    return this.#listener;
  }

  /**
   * Listens on another port; the one before is left only when this has worked.
   *
   * @param port As in {@linkcode ListenPlace}.
   * @throws {ChatError} `port-taken` or `bad-port`; all stays as it was then.
   */
  open(port: ListenPlace["port"]): void {
    if (this.#listener !== null && this.#listener.port === port) return;
    const listener = Listener.open({ host: this.#host, port }, {
      mayAccept: () => this.#shell.mayAccept,
      accepted: (socket, address) => this.#shell.adopt(socket, "in", address),
      troubled: (reason) => this.#log(`accept: ${reason}; trying again`),
    });
    this.#listener?.close();
    this.#listener = listener;
    this.#tell(listener);
  }

  /** The machine is on another network: tells the engine anew where this peer can be dialled. */
  refresh(): void {
    if (this.#listener !== null) this.#tell(this.#listener);
  }

  /** This program serves something else at a port, such as the page. */
  serves(port: number): void {
    this.#otherPorts.push(port);
    if (this.#listener !== null) this.#tell(this.#listener);
    else this.#shell.listening(null, [], this.#otherPorts);
  }

  #tell(listener: Listener): void {
    const addresses = reachableAddresses(listener, networkInterfaces());
    this.#addresses = loopbackFirst(addresses);
    this.#shell.listening(listener.port, addresses, this.#otherPorts);
  }

  /** Listens no more; links stay. Resolves when the port is free for others. */
  async close(): Promise<void> {
    const listener = this.#listener;
    this.#listener = null;
    this.#addresses = [];
    this.#shell.listening(null, [], this.#otherPorts);
    listener?.close();
    await listener?.closed;
  }

  /** Looks again whether more connections are welcome. */
  poke(): void {
    this.#listener?.poke();
  }
}
