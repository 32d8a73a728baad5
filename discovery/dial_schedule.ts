/**
 * Which addresses to dial, and when: waiting times that grow with each failure, with jitter
 * so that peers do not dial in step, and reset by a link that lasted.
 *
 * An address is left alone while a link to the peer behind it is up, whichever way and by
 * whichever address it came about.
 *
 * Some addresses are wanted: a person named them, and they are dialled again after each loss for
 * as long as this peer runs. The others are remembered, from the address book or from a finder:
 * they are dialled only while the caller lacks links, those that answered last before those that
 * did not, and given up when they never answer while others do.
 */

import type { PeerId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";

/** An address that is not linked now. */
export interface WaitingAddress {
  readonly address: string;
  /** Who answered there the last time, if anybody. */
  readonly peer: PeerId | null;
  readonly state: "dialling" | "waiting";
  /** A person named it; if not, `nextMs` counts only while links are lacking. */
  readonly wanted: boolean;
  /** What failed last, in plain words. */
  readonly lastError: string | null;
  /** When the next try is due, on the monotonic clock. */
  readonly nextMs: number;
}

interface Target {
  readonly address: string;
  peer: PeerId | null;
  state: "waiting" | "dialling" | "up";
  wanted: boolean;
  quiet: boolean;
  /** Who must be there, from an invite; `null`: whoever it is. */
  expected: PeerId | null;
  /** Dials in a row that came to nothing. */
  missed: number;
  /** Steps of the waiting times: a link that did not last counts too. */
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
    return this.#earliestMs(true);
  }

  /** The same for wanted addresses alone, for a caller that has links enough. */
  get wantedDeadlineMs(): number {
    return this.#earliestMs(false);
  }

  #earliestMs(remembered: boolean): number {
    let earliest = Infinity;
    for (const { state, wanted, nextMs } of this.#targets.values()) {
      if (state === "waiting" && (wanted || remembered)) earliest = Math.min(earliest, nextMs);
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
   * Adds a wanted address, or dials a known one at once, which is wanted from now on.
   *
   * @param address Where.
   * @param nowMs The monotonic clock.
   * @param expected Who must be there; `null`: whoever it is.
   * @param delayMs Time until the first dial, for one of several ways to the same peer.
   * @returns Whether there was room for it; the least promising remembered one makes room.
   */
  add(address: string, nowMs: number, expected: PeerId | null = null, delayMs = 0): boolean {
    if (!this.#targets.has(address)) {
      if (this.#full && !this.#makeRoom()) return false;
      this.#insert(address, true, nowMs);
    }
    const target = this.#targets.get(address)!;
    target.wanted = true;
    target.quiet = false;
    target.expected = expected;
    // From the start, so that all ways to a peer rest as soon as one of them has led there.
    if (expected !== null && target.peer !== expected) {
      // It rested because somebody else was there who is linked in another way.
      if (target.state === "up") target.state = "waiting";
      target.peer = expected;
    }
    this.hurry(address, nowMs + delayMs);
    return true;
  }

  /**
   * Adds a remembered address; those of a book come in its own order, the live ones first. A
   * known one stays as it is.
   *
   * @param address Where.
   * @param nowMs The monotonic clock.
   * @param quiet Nobody need hear of its failures: others on the network can name any number. So
   * of these one that was dialled in vain makes room for another.
   * @returns Whether it is known now.
   */
  remember(address: string, nowMs: number, quiet = false): boolean {
    if (this.#targets.has(address)) return true;
    const inVain = (target: Target) => target.quiet && target.missed > 0;
    if (this.#full && !(quiet && this.#makeRoom(inVain))) return false;
    this.#insert(address, false, nowMs, quiet);
    return true;
  }

  get #full(): boolean {
    return this.#targets.size >= this.#limits.addressBookMax;
  }

  #makeRoom(mayGo: (target: Target) => boolean = () => true): boolean {
    const last = this.#remembered.findLast((each) => each.state === "waiting" && mayGo(each));
    return last !== undefined && this.#targets.delete(last.address);
  }

  #insert(address: string, wanted: boolean, nowMs: number, quiet = false): void {
    this.#targets.set(address, {
      address,
      peer: null,
      state: "waiting",
      wanted,
      quiet,
      expected: null,
      missed: 0,
      failures: 0,
      nextMs: nowMs,
      upSinceMs: -Infinity,
      lastError: null,
    });
  }

  /** Remembered addresses, live ones first: fewest dials in vain, then the newest link. */
  get #remembered(): Target[] {
    return [...this.#targets.values()].filter(({ wanted }) => !wanted).sort((a, b) =>
      a.missed - b.missed || (a.upSinceMs < b.upSinceMs ? 1 : a.upSinceMs > b.upSinceMs ? -1 : 0)
    );
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

  /** Whether nobody need hear of the failures of an address: only a finder came upon it. */
  isQuiet(address: string): boolean {
    return this.#targets.get(address)?.quiet ?? false;
  }

  /** Whether a person has named an address. */
  isWanted(address: string): boolean {
    return this.#targets.get(address)?.wanted ?? false;
  }

  /** Who must be at an address, from an invite; `null`: whoever it is. */
  expectedAt(address: string): PeerId | null {
    return this.#targets.get(address)?.expected ?? null;
  }

  /** Whether an address is being dialled, or its peer is linked. */
  isBusy(address: string): boolean {
    const target = this.#targets.get(address);
    return target !== undefined && target.state !== "waiting";
  }

  /** Whether an address is known. */
  has(address: string): boolean {
    return this.#targets.has(address);
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
      if (target.state === "up") continue;
      // A dial under way may fail of what was before; the next one is to follow soon then, too.
      target.failures = 0;
      target.missed = 0;
      target.nextMs = nowMs;
    }
    return any;
  }

  /**
   * Takes the addresses that are due; each is then being dialled.
   *
   * @param nowMs The monotonic clock.
   * @param count How many at most.
   * @param rememberedCount How many of them at most may be remembered ones: so many links are
   * lacking. Wanted ones come first.
   */
  takeDue(nowMs: number, count: number, rememberedCount = count): string[] {
    const isDue = (target: Target) => target.state === "waiting" && target.nextMs <= nowMs;
    const wanted = [...this.#targets.values()].filter((target) => target.wanted && isDue(target));
    const due = wanted.slice(0, Math.max(0, count));
    const more = Math.min(count - due.length, rememberedCount);
    if (more > 0) due.push(...this.#remembered.filter(isDue).slice(0, more));
    for (const target of due) target.state = "dialling";
    return due.map(({ address }) => address);
  }

  /**
   * A dial or its handshake failed.
   *
   * @returns The time until the next try, or `null` if there is none: the address is none of
   * ours, or a remembered one that has failed too often while others are linked.
   */
  onFailed(address: string, reason: string, nowMs: number): number | null {
    this.#cancelled.delete(address);
    const target = this.#targets.get(address);
    if (target === undefined) return null;
    target.missed++;
    if (target.expected !== null && this.#isUp(target.expected)) {
      target.lastError = reason;
      target.state = "up";
      return null;
    }
    const tooOften = !target.wanted && target.missed >= this.#limits.rememberedFailuresMax;
    if (tooOften && this.#anyUp) {
      this.#targets.delete(address);
      return null;
    }
    return this.#wait(target, reason, nowMs);
  }

  /** Whether another way to a peer has led there. */
  #isUp(peer: PeerId): boolean {
    for (const other of this.#targets.values()) {
      if (other.peer === peer && other.state === "up") return true;
    }
    return false;
  }

  get #anyUp(): boolean {
    for (const { state } of this.#targets.values()) if (state === "up") return true;
    return false;
  }

  /** A dialled link has shown who is there. */
  onUp(address: string, peer: PeerId, nowMs: number): void {
    const target = this.#targets.get(address);
    if (target === undefined) return;
    target.peer = peer;
    target.state = "up";
    target.missed = 0;
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
