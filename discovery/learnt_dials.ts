/**
 * Dials to addresses that others told of: one peer wanted, its addresses tried one after the
 * other, slowly, and never often at one host.
 *
 * Whoever signs a record can name any place, so this is built to be useless as a scanner or a
 * hammer: one dial a second in all, two a minute to one host, no port of our own, and a peer that
 * answered nowhere is left alone for longer each time. A dial is a success only if the handshake
 * shows the key that was wanted; {@linkcode LearntDials.onUp} says so.
 */

import type { PeerId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import { readAddress } from "./address.ts";
import { scopeOf } from "./scope.ts";

/** A dial to begin now. */
export interface LearntDial {
  readonly address: string;
  /** Who has to be there. */
  readonly peer: PeerId;
}

/** What a dial came to. */
export interface LearntOutcome {
  /** Who was wanted. */
  readonly peer: PeerId;
  /** The handshake has shown the key that was wanted; if not, the link is to be closed. */
  readonly matched: boolean;
  /** No address of the peer is left, and it will not be tried for a while. */
  readonly exhausted: boolean;
}

/** How the last attempt to reach a peer ended. */
export interface LearntFailure {
  /** What failed last, in plain words. */
  readonly reason: string;
  /** Before this the peer is not tried again, on the monotonic clock. */
  readonly untilMs: number;
}

interface Wanted {
  /** Still to be tried, in order. */
  readonly addresses: string[];
  urgent: boolean;
  /** A link to it has broken: its hosts have tries of their own for that. */
  wasLinked: boolean;
  /** When it was offered. */
  readonly sinceMs: number;
  /** What is being dialled for it. */
  dialling: string | null;
}

interface Failure extends LearntFailure {
  readonly count: number;
}

/** The peers that are to be dialled at addresses of which others told. */
export class LearntDials {
  readonly #limits: Limits;
  readonly #random: () => number;
  readonly #wanted = new Map<PeerId, Wanted>();
  readonly #dialling = new Map<string, PeerId>();
  readonly #failures = new Map<PeerId, Failure>();
  /** When each host was dialled within the last `learntHostMs`; the pace bounds their number. */
  readonly #hosts = new Map<string, number[]>();
  #ownHosts: ReadonlySet<string> = new Set();
  #ownPorts: ReadonlySet<number> = new Set();
  #nextMs = -Infinity;

  /**
   * @param limits The table of limits.
   * @param random Gives numbers from 0 up to but not including 1.
   */
  constructor(limits: Limits, random: () => number) {
    this.#limits = limits;
    this.#random = random;
  }

  /** Peers that wait or are being dialled. */
  get size(): number {
    return this.#wanted.size;
  }

  /** Addresses that are being dialled. */
  get dialling(): number {
    return this.#dialling.size;
  }

  /** Whether an address is being dialled. */
  isDialling(address: string): boolean {
    return this.#dialling.has(address);
  }

  /** Peers whose failures are remembered. */
  get failures(): number {
    return this.#failures.size;
  }

  /**
   * Says where this peer itself is, so that nobody can make it dial its own doors.
   *
   * @param addresses Its own addresses with any port; those of the loopback need not be named.
   * @param ports Ports it listens on, for peers and for browsers.
   */
  setOwn(addresses: readonly string[], ports: readonly number[]): void {
    this.#ownHosts = new Set(addresses.map(hostOf));
    this.#ownPorts = new Set(ports);
  }

  /**
   * Wants a link to a peer. When the queue is full, the peer that has waited longest makes room:
   * it waits because its hosts have been dialled enough.
   *
   * @param peer Who has to be there.
   * @param addresses Where, the likeliest first; taken in before (discovery/scope.ts).
   * @param urgent Before all that are not.
   * @param nowMs The monotonic clock.
   * @returns Whether it waits or is being dialled now; not if it failed a while ago, or if no
   * address is left.
   */
  offer(peer: PeerId, addresses: readonly string[], urgent: boolean, nowMs: number): boolean {
    const known = this.#wanted.get(peer);
    if (known !== undefined) {
      known.urgent ||= urgent;
      return true;
    }
    const failure = this.#failures.get(peer);
    if (failure !== undefined && nowMs < failure.untilMs) return false;
    // One more than a record holds: the address under which somebody saw the peer.
    const some = [...new Set(addresses)].slice(0, this.#limits.addressesMax + 1)
      .filter((address) => readAddress(address) !== null && !this.#isOwn(address));
    if (some.length === 0) return false;
    if (this.#wanted.size >= this.#limits.learntQueueMax && !this.#makeRoom(urgent)) return false;
    this.#wanted.set(peer, {
      addresses: some,
      urgent,
      wasLinked: false,
      sinceMs: nowMs,
      dialling: null,
    });
    return true;
  }

  /**
   * Wants a link to a peer that was linked before, however often it has failed since. Where a
   * network is cut in two, each member of the other side is looked for in vain at once, and their
   * hosts would have had their tries when it heals.
   */
  retry(peer: PeerId, addresses: readonly string[], nowMs: number): void {
    this.#failures.delete(peer);
    this.offer(peer, addresses, true, nowMs);
    const wanted = this.#wanted.get(peer);
    if (wanted !== undefined) wanted.wasLinked = true;
  }

  #makeRoom(urgent: boolean): boolean {
    for (const ask of urgent ? [false, true] : [false]) {
      for (const [peer, wanted] of this.#wanted) {
        if (wanted.dialling === null && wanted.urgent === ask) return this.#wanted.delete(peer);
      }
    }
    return false;
  }

  /**
   * Takes what is to be dialled now: at most one address.
   *
   * @param nowMs The monotonic clock.
   * @param free How many dials may be begun.
   */
  takeDue(nowMs: number, free: number): LearntDial[] {
    if (free <= 0 || nowMs < this.#nextMs) return [];
    if (this.#dialling.size >= this.#limits.learntQueueMax) return [];
    for (const urgent of [true, false]) {
      for (const [peer, wanted] of this.#wanted) {
        if (wanted.urgent !== urgent || wanted.dialling !== null) continue;
        const address = this.#next(wanted);
        if (address === undefined) this.#wanted.delete(peer);
        else if (this.#freeMs(address, wanted) <= nowMs && !this.#dialling.has(address)) {
          return [this.#begin(peer, wanted, address, nowMs)];
        }
      }
    }
    return [];
  }

  /** The next address of a peer; own ones, which may have become so since, are left out. */
  #next({ addresses }: Wanted): string | undefined {
    while (addresses.length > 0 && this.#isOwn(addresses[0]!)) addresses.shift();
    return addresses[0];
  }

  #begin(peer: PeerId, wanted: Wanted, address: string, nowMs: number): LearntDial {
    wanted.addresses.shift();
    wanted.dialling = address;
    this.#dialling.set(address, peer);
    const host = hostOf(address);
    const tries = triesOf(address, wanted);
    // Only who is on this machine can name its loopback, and could dial there itself.
    if (scopeOf(host) !== "loopback") {
      this.#forgetHosts(nowMs);
      this.#hosts.set(tries, [...this.#hosts.get(tries) ?? [], nowMs]);
    }
    this.#nextMs = nowMs + this.#limits.learntDialMs;
    return { address, peer };
  }

  /** When {@linkcode LearntDials.takeDue} may give something, if dials are free. */
  get deadlineMs(): number {
    let earliest = Infinity;
    for (const wanted of this.#wanted.values()) {
      const { addresses: [address = ""], dialling, sinceMs } = wanted;
      if (dialling !== null || this.#dialling.has(address)) continue;
      earliest = Math.min(earliest, Math.max(sinceMs, this.#freeMs(address, wanted)));
    }
    return Math.max(earliest, this.#nextMs);
  }

  /**
   * A dial of {@linkcode LearntDials.takeDue} has led to a peer.
   *
   * @param address As it was given out.
   * @param actual Who the handshake has shown.
   * @param nowMs The monotonic clock.
   * @returns `null` if the address is none of ours.
   */
  onUp(address: string, actual: PeerId, nowMs: number): LearntOutcome | null {
    const peer = this.#dialling.get(address);
    if (peer !== actual) return this.onFailed(address, "somebody else is there", nowMs);
    this.#dialling.delete(address);
    this.onPeerUp(peer);
    return { peer, matched: true, exhausted: false };
  }

  /**
   * A dial of {@linkcode LearntDials.takeDue} or its handshake has failed.
   *
   * @param address As it was given out.
   * @param reason Plain words.
   * @param nowMs The monotonic clock.
   * @returns `null` if the address is none of ours.
   */
  onFailed(address: string, reason: string, nowMs: number): LearntOutcome | null {
    const peer = this.#dialling.get(address);
    if (peer === undefined) return null;
    this.#dialling.delete(address);
    const wanted = this.#wanted.get(peer);
    if (wanted?.dialling !== address) return { peer, matched: false, exhausted: false };
    wanted.dialling = null;
    if (this.#next(wanted) !== undefined) return { peer, matched: false, exhausted: false };
    this.#wanted.delete(peer);
    this.#fail(peer, reason, nowMs);
    return { peer, matched: false, exhausted: true };
  }

  #fail(peer: PeerId, reason: string, nowMs: number): void {
    const { learntBackoffMs: steps, learntFailuresMax } = this.#limits;
    const before = this.#failures.get(peer);
    const longestMs = steps.at(-1) ?? 0;
    // Forgiven if it was left alone for long: it may have come back since.
    const count = before === undefined || nowMs > before.untilMs + longestMs ? 0 : before.count;
    const waitMs = (steps[Math.min(count, steps.length - 1)] ?? 0) * (0.75 + this.#random() / 2);
    this.#failures.delete(peer);
    this.#failures.set(peer, { count: count + 1, reason, untilMs: nowMs + Math.round(waitMs) });
    if (this.#failures.size > learntFailuresMax) {
      this.#failures.delete([...this.#failures.keys()][0]!);
    }
  }

  /** How the last attempt to reach a peer ended; `null` if it did not fail or is forgotten. */
  failureOf(peer: PeerId): LearntFailure | null {
    return this.#failures.get(peer) ?? null;
  }

  /** A peer is linked in whichever way: it is not dialled, and has not failed. */
  onPeerUp(peer: PeerId): void {
    this.#wanted.delete(peer);
    this.#failures.delete(peer);
  }

  /** A peer is not wanted any more; a dial under way ends as one of ours. */
  withdraw(peer: PeerId): void {
    this.#wanted.delete(peer);
  }

  /** Forgets who did not answer: this machine has slept, or is on another network. */
  forgive(): void {
    this.#failures.clear();
  }

  /** When a host may be dialled again. */
  #freeMs(address: string, wanted: Wanted): number {
    const { learntHostTriesMax, learntHostMs } = this.#limits;
    const tries = this.#hosts.get(triesOf(address, wanted)) ?? [];
    const last = tries.at(-learntHostTriesMax);
    return last === undefined ? -Infinity : last + learntHostMs;
  }

  #forgetHosts(nowMs: number): void {
    for (const [host, tries] of this.#hosts) {
      const recent = tries.filter((triedMs) => nowMs < triedMs + this.#limits.learntHostMs);
      if (recent.length === 0) this.#hosts.delete(host);
      else this.#hosts.set(host, recent);
    }
  }

  #isOwn(address: string): boolean {
    const { host, port } = readAddress(address) ?? { host: "", port: 0 };
    if (!this.#ownPorts.has(port)) return false;
    return scopeOf(host) === "loopback" || this.#ownHosts.has(host);
  }
}

/** Whose tries a dial counts to: those of a host, or those of a host with a link that broke. */
function triesOf(address: string, { wasLinked }: Wanted): string {
  return `${wasLinked ? "lost " : ""}${hostOf(address)}`;
}

function hostOf(address: string): string {
  return readAddress(address)?.host ?? "";
}
