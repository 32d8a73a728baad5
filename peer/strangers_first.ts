/**
 * Who is forgotten where people are too many: keys cost nothing, so strangers make room before
 * those whose keys a person has named.
 */

import type { PeerId } from "../wire/ids.ts";

/**
 * The first stranger, or if there is none, whoever is first.
 *
 * @param peers At least one, heard of longest ago first.
 * @param isKnown Whether a person has named a key.
 */
export function firstToForget(
  peers: Iterable<PeerId>,
  isKnown: (peer: PeerId) => boolean,
): PeerId {
  let first: PeerId | null = null;
  for (const peer of peers) {
    if (!isKnown(peer)) return peer;
    first ??= peer;
  }
  return first!;
}
