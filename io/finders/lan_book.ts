/**
 * What was heard on the local network, and what of it may be dialled next.
 *
 * Anybody there can say anything under any number of names, so nothing heard is believed: it is
 * a place to knock at, slowly. A flood of names must neither fill the memory nor push out who was
 * heard before it, nor keep the one real friend waiting behind it. So the places in the book are
 * shared out by source address, which costs a forger more than a name: a newcomer finds room in
 * a full book only at the cost of a source that has more places, whose newest one is given up,
 * and the source that was served least often is served next.
 *
 * Against somebody who forges hundreds of sources as well, this keeps who was heard before, and
 * no more. No clock here: times come in.
 */

import type { Heard } from "./dns_sd.ts";

/** Instances kept in all. Fewer would leave out peers of a large office, more feed a flood. */
export const instancesMax = 100;
/** Instances of one source: peers of several people may run on one machine. */
const instancesPerSourceMax = 10;
/** Addresses that one instance may ever name: the machine's, and again after a new port. */
const addressesPerInstanceMax = 4;
/** How long an instance is kept that is heard no more: five rounds of questions. */
const keptMs = 5 * 60_000;

interface Entry {
  readonly source: string;
  /** Each once named; `true` as soon as it has been given out. */
  readonly addresses: Map<string, boolean>;
  heardMs: number;
}

/** Instances by their names, in the order in which they were first heard. */
export class LanBook {
  readonly #entries = new Map<string, Entry>();
  /** How many addresses each source that has an entry has had given out. */
  readonly #served = new Map<string, number>();

  /** How many instances are kept. */
  get size(): number {
    return this.#entries.size;
  }

  /**
   * Takes in what was heard.
   *
   * @param heard An instance.
   * @param source The IP address that the packet came from.
   * @param addresses Where it may be dialled, already judged; none for a goodbye.
   * @param nowMs The monotonic clock.
   */
  hear(heard: Heard, source: string, addresses: readonly string[], nowMs: number): void {
    this.#expire(nowMs);
    const known = this.#entries.get(heard.instance);
    // A name belongs to who had it first; nobody else changes or ends it.
    if (known !== undefined && known.source !== source) return;
    if (heard.port === null) return this.#leave(known);
    if (known === undefined && (addresses.length === 0 || !this.#makeRoom(source))) return;
    const entry = known ?? { source, addresses: new Map<string, boolean>(), heardMs: nowMs };
    entry.heardMs = nowMs;
    for (const address of addresses) {
      if (entry.addresses.size >= addressesPerInstanceMax) break;
      if (!entry.addresses.has(address)) entry.addresses.set(address, false);
    }
    this.#entries.set(heard.instance, entry);
  }

  /**
   * The next address to dial; each is given out once per instance that names it.
   *
   * @param nowMs The monotonic clock.
   */
  take(nowMs: number): string | null {
    this.#expire(nowMs);
    const waiting = [...this.#entries.values()].flatMap(({ source, addresses }) =>
      [...addresses].filter(([, given]) => !given).map(([address]) => ({ source, address }))
    );
    const served = (source: string) => this.#served.get(source) ?? 0;
    const [first, ...rest] = waiting;
    if (first === undefined) return null;
    const next = rest.reduce((a, b) => served(b.source) < served(a.source) ? b : a, first);
    // The same place under two names is one place.
    for (const { addresses } of this.#entries.values()) {
      if (addresses.has(next.address)) addresses.set(next.address, true);
    }
    this.#served.set(next.source, served(next.source) + 1);
    return next.address;
  }

  /** Whoever leaves is not dialled; the place stays taken, so that leaving brings no new one. */
  #leave(entry: Entry | undefined): void {
    for (const address of entry?.addresses.keys() ?? []) entry?.addresses.set(address, true);
  }

  #makeRoom(source: string): boolean {
    const counts = new Map<string, number>();
    for (const entry of this.#entries.values()) {
      counts.set(entry.source, (counts.get(entry.source) ?? 0) + 1);
    }
    const own = counts.get(source) ?? 0;
    if (own >= instancesPerSourceMax) return false;
    if (this.#entries.size < instancesMax) return true;
    const [largest = "", most = 0] = [...counts].reduce((a, b) => b[1] > a[1] ? b : a);
    if (most < own + 2) return false;
    const [victim] = [...this.#entries].findLast(([, entry]) => entry.source === largest)!;
    this.#entries.delete(victim);
    return true;
  }

  #expire(nowMs: number): void {
    let any = false;
    for (const [instance, { heardMs }] of this.#entries) {
      if (nowMs - heardMs < keptMs) continue;
      this.#entries.delete(instance);
      any = true;
    }
    if (!any) return;
    const sources = new Set([...this.#entries.values()].map(({ source }) => source));
    for (const source of this.#served.keys()) {
      if (!sources.has(source)) this.#served.delete(source);
    }
  }
}
