/**
 * Whether the local network is searched. What that needs is loaded by whoever asks for it alone,
 * and that it cannot be had is told once and ends nothing.
 */

import { describeNetworkError } from "../network_error.ts";
import type { LanFinder, LanPorts } from "./lan.ts";

/** The finder of one peer, if there is one. */
export class LanSearch {
  #finder: LanFinder | null = null;
  #closed = false;

  /**
   * Begins to search.
   *
   * @param ports The peer.
   * @returns What keeps it from searching, in plain words; `null` if nothing does.
   */
  async open(ports: LanPorts): Promise<string | null> {
    try {
      const { LanFinder } = await import("./lan.ts");
      this.#finder = await LanFinder.open(ports);
    } catch (error) {
      return reasonOf(error);
    }
    if (this.#closed) await this.close();
    return null;
  }

  /** This peer listens elsewhere now, or nowhere. */
  announce(): void {
    this.#finder?.announce();
  }

  /** Says goodbye and ends; resolves when that is done. */
  async close(): Promise<void> {
    this.#closed = true;
    const finder = this.#finder;
    this.#finder = null;
    await finder?.close();
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : null;
  if (code === "EADDRINUSE") return "UDP port 5353 is taken by another program";
  if (code === "EACCES" || code === "EPERM") return "UDP port 5353 is not allowed by the system";
  return describeNetworkError(error);
}
