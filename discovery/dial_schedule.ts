/**
 * Which addresses to dial, and when: waiting times that grow with each failure, with jitter
 * so that peers do not dial in step, and reset by a link that lasted.
 *
 * An address is left alone while a link to the peer behind it is up, whichever way and by
 * whichever address it came about.
 */

import type { PeerId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";

/** An address that is not linked now. */
export interface WaitingAddress {
  readonly address: string;
  /** Who answered there the last time, if anybody. */
  readonly peer: PeerId | null;
  readonly state: "dialling" | "waiting";
  /** What failed last, in plain words. */
  readonly lastError: string | null;
  /** When the next try is due, on the monotonic clock. */
  readonly nextMs: number;
}

interface Target {
  readonly address: string;
  peer: PeerId | null;
  state: "waiting" | "dialling" | "up";
  failures: number;
  nextMs: number;
  upSinceMs: number;
  lastError: string | null;
}

/** The addresses of one peer's address book and what became of them. */
export class DialSchedule {
  readonly #limits: Limits;
  readonly #random: () => number;
  readonly #targets = new Map<string, Target>();
  /** Addresses that were removed while they were being dialled. */
  readonly #cancelled = new Set<string>();

  /**
   * @param limits The table of limits.
   * @param random Gives numbers from 0 up to but not including 1.
   */
  constructor(limits: Limits, random: () => number) {
    this.#limits = limits;
    this.#random = random;
  }

  /** When the next address is due on the monotonic clock; `Infinity` if none is. */
  get deadlineMs(): number {
    let earliest = Infinity;
    for (const target of this.#targets.values()) {
      if (target.state === "waiting") earliest = Math.min(earliest, target.nextMs);
    }
    return earliest;
  }

  /** How many addresses are known. */
  get size(): number {
    return this.#targets.size;
  }

  /** How many addresses are being dialled. */
  get dialling(): number {
    let count = 0;
    for (const target of this.#targets.values()) if (target.state === "dialling") count++;
    return count;
  }

  /** All addresses without a link, in the order in which they were added. */
  get waiting(): WaitingAddress[] {
    return [...this.#targets.values()].flatMap((target) =>
      target.state === "up" ? [] : [{ ...target, state: target.state }]
    );
  }

  /**
   * Adds an address, or dials a known one at once.
   *
   * @returns Whether there was room for it.
   */
  add(address: string, nowMs: number): boolean {
    const known = this.#targets.get(address);
    if (known === undefined && this.#targets.size >= this.#limits.addressBookMax) return false;
    if (known === undefined) {
      this.#targets.set(address, {
        address,
        peer: null,
        state: "waiting",
        failures: 0,
        nextMs: nowMs,
        upSinceMs: 0,
        lastError: null,
      });
    } else {
      this.hurry(address, nowMs);
    }
    return true;
  }

  /** Never dials the address again. */
  remove(address: string): boolean {
    if (this.#targets.get(address)?.state === "dialling") this.#cancelled.add(address);
    return this.#targets.delete(address);
  }

  /** Whether a dial that is under way was for an address that is not wanted any more. */
  takeCancelled(address: string): boolean {
    return this.#cancelled.delete(address) && !this.#targets.has(address);
  }

  /** The addresses at which a peer has answered. */
  addressesOf(peer: PeerId): string[] {
    return [...this.#targets.values()].filter((t) => t.peer === peer).map((t) => t.address);
  }

  /** Makes a waiting address due now, or all of them; says whether there was any. */
  hurry(address: string | null, nowMs: number): boolean {
    let any = false;
    for (const target of this.#targets.values()) {
      if (address !== null && target.address !== address) continue;
      any = true;
      if (target.state !== "waiting") continue;
      target.failures = 0;
      target.nextMs = nowMs;
    }
    return any;
  }

  /** Takes the addresses that are due, at most `count`; each is then being dialled. */
  takeDue(nowMs: number, count: number): string[] {
    const due: string[] = [];
    for (const target of this.#targets.values()) {
      if (due.length >= count) break;
      if (target.state !== "waiting" || target.nextMs > nowMs) continue;
      target.state = "dialling";
      due.push(target.address);
    }
    return due;
  }

  /**
   * A dial or its handshake failed.
   *
   * @returns The time until the next try, or `null` if the address is none of ours.
   */
  onFailed(address: string, reason: string, nowMs: number): number | null {
    this.#cancelled.delete(address);
    const target = this.#targets.get(address);
    return target === undefined ? null : this.#wait(target, reason, nowMs);
  }

  /** A dialled link has shown who is there. */
  onUp(address: string, peer: PeerId, nowMs: number): void {
    const target = this.#targets.get(address);
    if (target === undefined) return;
    target.peer = peer;
    target.state = "up";
    target.upSinceMs = nowMs;
    target.lastError = null;
  }

  /** A peer is linked in whichever way: its addresses rest. */
  onPeerUp(peer: PeerId, nowMs: number): void {
    for (const target of this.#targets.values()) {
      if (target.peer !== peer || target.state !== "waiting") continue;
      target.state = "up";
      target.upSinceMs = nowMs;
    }
  }

  /** The last link to a peer is gone: its addresses are dialled again. */
  onPeerDown(peer: PeerId, reason: string, nowMs: number): void {
    for (const target of this.#targets.values()) {
      if (target.peer !== peer || target.state !== "up") continue;
      if (nowMs - target.upSinceMs >= this.#limits.goodLinkMs) target.failures = 0;
      this.#wait(target, reason, nowMs);
    }
  }

  #wait(target: Target, reason: string, nowMs: number): number {
    const steps = this.#limits.dialBackoffMs;
    const step = steps[Math.min(target.failures, steps.length - 1)] ?? 1_000;
    const waitMs = Math.round(step * (0.75 + this.#random() / 2));
    target.failures++;
    target.state = "waiting";
    target.lastError = reason;
    target.nextMs = nowMs + waitMs;
    return waitMs;
  }
}
