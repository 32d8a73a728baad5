/**
 * Dialling: opens sockets to addresses within a time, and says in plain words why not.
 *
 * A host name may stand for several addresses, of which the runtime would try the first
 * alone; here each gets its share of the time.
 */

import { formatAddress, parseAddress } from "../discovery/address.ts";
import type { Limits } from "../wire/limits.ts";
import { describeNetworkError } from "./network_error.ts";

/** What became of a dial. */
export type Dialled =
  | {
    readonly ok: true;
    readonly socket: Deno.TcpConn;
    /** Where it leads, with the address that a host name stood for. */
    readonly remote: string;
  }
  /** `null`: the dialler was closed meanwhile. */
  | { readonly ok: false; readonly reason: string | null };

/** Addresses of one host name that are tried; more would leave each too little time. */
const addressesTriedMax = 4;

/** Opens outgoing sockets. */
export class Dialer {
  readonly #limits: Limits;
  readonly #underWay = new Set<AbortController>();
  #open = true;

  /** @param limits For the time of one dial. */
  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /**
   * Opens a socket.
   *
   * @param address As `parseAddress` reads it.
   * @returns The socket, or why there is none; never rejects.
   */
  async dial(address: string): Promise<Dialled> {
    const endMs = performance.now() + this.#limits.dialMs;
    let reason = `no answer within ${this.#limits.dialMs / 1_000} s`;
    try {
      const { host, port } = parseAddress(address);
      const hosts = await this.#within(this.#limits.dialMs, () => addressesOf(host));
      for (const [index, hostname] of hosts.entries()) {
        const shareMs = (endMs - performance.now()) / (hosts.length - index);
        try {
          const socket = await this.#within(
            shareMs,
            (signal) => Deno.connect({ hostname, port, signal }),
          );
          if (this.#open) {
            return { ok: true, socket, remote: formatAddress({ host: hostname, port }) };
          }
          socket.close();
        } catch (error) {
          if (error !== givenUp) reason = describeNetworkError(error);
        }
      }
    } catch (error) {
      if (error !== givenUp) reason = describeNetworkError(error);
    }
    return { ok: false, reason: this.#open ? reason : null };
  }

  /** Ends the dials under way and refuses further ones. */
  close(): void {
    this.#open = false;
    for (const controller of this.#underWay) controller.abort();
  }

  /** Runs a job; throws {@linkcode givenUp} after `ms` or when the dialler closes. */
  async #within<T>(ms: number, job: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (!this.#open) throw givenUp;
    const controller = new AbortController();
    const { signal } = controller;
    // A name lookup cannot be interrupted, so the wait is, whatever the job does.
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    signal.addEventListener("abort", () => reject(givenUp));
    const timer = setTimeout(() => controller.abort(), ms);
    this.#underWay.add(controller);
    try {
      return await Promise.race([job(signal), aborted]);
    } catch (error) {
      throw signal.aborted ? givenUp : error;
    } finally {
      clearTimeout(timer);
      this.#underWay.delete(controller);
    }
  }
}

/** Thrown when the time is over. */
const givenUp = new Error("given up");

/** The addresses of a host in the system's order, or the host itself if it is one. */
async function addressesOf(host: string): Promise<readonly string[]> {
  if (host.includes(":") || /^[\d.]+$/.test(host)) return [host];
  const { lookup } = await import("node:dns/promises");
  const found = await lookup(host, { all: true });
  return found.slice(0, addressesTriedMax).map((entry) => entry.address);
}
