/**
 * How people are called on a screen: their own name, made inert, and a short key tag where
 * two people have one that looks the same (`bo·3f2a`). Nobody is refused for a name, and nobody can pass for
 * another by taking it.
 */

import { skeleton } from "../peer/look_alike.ts";
import type { RoomName } from "../peer/notice.ts";
import type { PeerId } from "../wire/ids.ts";
import { inertLine } from "./sanitize.ts";
import { screenLimits } from "./screen_limits.ts";

/** A name that itself ends like a tag must not pass for a tagged one. */
const looksTagged = /·[0-9a-f]{2,}$/i;

/** Names seen in this run, and whose they are. */
export class Names {
  /** The newest name of each key; the longest unseen leaves first. */
  readonly #byKey = new Map<PeerId, { readonly name: string; readonly folded: string }>();
  readonly #keysByFolded = new Map<string, Set<PeerId>>();
  #version = 0;

  /**
   * No names seen yet.
   *
   * @param own Whose name is never forgotten, so that nobody takes it over unmarked.
   */
  constructor(private readonly own: PeerId) {}

  /**
   * The name to show.
   *
   * @param peer Whose it is; remembered, for telling people of one name apart.
   * @param name As the person gave it; empty if not known.
   * @returns One line without controls; with a key tag if the name is shared or unknown.
   */
  shown(peer: PeerId, name: string): string {
    const folded = this.#remember(peer, name);
    const inert = inertLine(name);
    const sharing = this.#keysByFolded.get(folded);
    if (folded !== "" && (sharing?.size ?? 0) < 2 && !looksTagged.test(inert)) return inert;
    return `${folded === "" ? "" : inert}·${tag(peer, sharing ?? [])}`;
  }

  /** How rooms with a founder are called, as far as that is known. */
  titles: (room: RoomName) => string = () => "";

  /** Grows whenever a name that was shown would be shown otherwise now. */
  get version(): number {
    return this.#version;
  }

  /** The name to show for a key, as far as it was seen before; otherwise as it was once called. */
  known(peer: PeerId, once = ""): string {
    return this.shown(peer, this.#byKey.get(peer)?.name ?? once);
  }

  #remember(peer: PeerId, name: string): string {
    const before = this.#byKey.get(peer);
    // Taken out and put in again, it moves to the end of those who leave.
    this.#byKey.delete(peer);
    if (before?.name === name) {
      this.#byKey.set(peer, before);
      return before.folded;
    }
    if (before !== undefined) this.#release(peer, before.folded);
    const folded = skeleton(name);
    this.#byKey.set(peer, { name, folded });
    const keys = this.#keysByFolded.get(folded);
    if (keys === undefined) this.#keysByFolded.set(folded, new Set([peer]));
    else {
      keys.add(peer);
      this.#version++;
    }
    if (this.#byKey.size > screenLimits.namesKnownMax) this.#forgetOldest();
    return folded;
  }

  #forgetOldest(): void {
    for (const [peer, { folded }] of this.#byKey) {
      if (peer === this.own) continue;
      this.#byKey.delete(peer);
      return this.#release(peer, folded);
    }
  }

  #release(peer: PeerId, folded: string): void {
    const keys = this.#keysByFolded.get(folded);
    if (keys?.delete(peer) && keys.size > 0) this.#version++;
    if (keys?.size === 0) this.#keysByFolded.delete(folded);
  }
}

/** The first digits of a key, as many as tell it from the others. */
function tag(peer: PeerId, others: Iterable<PeerId>): string {
  let digits: number = screenLimits.keyTagDigits;
  for (const other of others) {
    if (other === peer) continue;
    while (digits < peer.length && other.startsWith(peer.slice(0, digits))) digits++;
  }
  return peer.slice(0, digits);
}

/** The key tag of somebody, for messages that show it beside a name. */
export function keyTag(peer: PeerId): string {
  return tag(peer, []);
}
