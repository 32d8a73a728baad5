/**
 * Notices that this machine is on another network, or has slept: its interfaces and its clock are
 * looked at now and then, because the runtime tells nobody when a cable is pulled, a laptop finds
 * another Wi-Fi or its lid is opened.
 *
 * Addresses of containers and of the loopback, which come and go without anybody having moved,
 * are left out by `reachableAddresses`. Sleep is seen by the wall clock alone, because some
 * systems' monotonic clocks go on in it and some do not.
 */

import type { Limits } from "../wire/limits.ts";
import { type Interface, networkInterfaces, reachableAddresses } from "./addresses.ts";

/** What a watch needs of its owner. */
export interface NetworkWatchEvents {
  /** The machine's own addresses are others than before, or nobody looked at them for long. */
  changed(): void;
}

/** Where a watch looks. */
export interface Surroundings {
  /** The network interfaces. */
  interfaces(): readonly Interface[];
  /** Milliseconds since 1970 as this machine believes. */
  wallMs(): number;
}

const thisMachine: Surroundings = { interfaces: networkInterfaces, wallMs: () => Date.now() };

/** A look at the machine every few seconds; does not keep the process running. */
export class NetworkWatch {
  readonly #latestMs: number;
  readonly #events: NetworkWatchEvents;
  readonly #around: Surroundings;
  readonly #timer: ReturnType<typeof setInterval>;
  #addresses: string;
  #lookedMs: number;

  /**
   * Looks for the first time, and from then on until it is closed. Never asks for a permission:
   * without one it sees no interfaces.
   *
   * @param limits How often it looks, and how late a look is a sign of sleep.
   * @param events Told of a change.
   * @param around By default this machine.
   */
  constructor(
    { networkPollMs, clockJumpMs }: Pick<Limits, "networkPollMs" | "clockJumpMs">,
    events: NetworkWatchEvents,
    around: Surroundings = thisMachine,
  ) {
    this.#latestMs = networkPollMs + clockJumpMs;
    this.#events = events;
    this.#around = around;
    this.#addresses = this.#usable();
    this.#lookedMs = around.wallMs();
    this.#timer = setInterval(() => this.#look(), networkPollMs);
    Deno.unrefTimer(this.#timer);
  }

  /** Looks no more. */
  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const addresses = this.#usable();
    const nowMs = this.#around.wallMs();
    const slept = nowMs - this.#lookedMs > this.#latestMs;
    const moved = addresses !== this.#addresses;
    this.#addresses = addresses;
    this.#lookedMs = nowMs;
    if (slept || moved) this.#events.changed();
  }

  /** The usable addresses, whatever the order in which the system names them. */
  #usable(): string {
    if (!mayLook()) return "";
    // The port is of no account here: the same one stands beside each address.
    const bound = { host: "::", port: 1 };
    return reachableAddresses(bound, this.#around.interfaces()).sort().join(" ");
  }
}

function mayLook(): boolean {
  return Deno.permissions.querySync({ name: "sys", kind: "networkInterfaces" }).state === "granted";
}
