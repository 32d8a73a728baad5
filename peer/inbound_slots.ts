/**
 * Whether one more link may come in. Some places are for known keys alone, and no single
 * address takes all that are for strangers: who opens many links must have many addresses.
 */

import { readAddress } from "../discovery/address.ts";
import { scopeOf } from "../discovery/scope.ts";
import type { PeerId } from "../wire/ids.ts";
import type { Limits } from "../wire/limits.ts";
import type { Link, Session } from "./session.ts";

/** The limits that count here. */
export type SlotLimits = Pick<
  Limits,
  "connectionsInMax" | "knownSlotsPart" | "linksPerPublicHost" | "linksPerPrivateHost"
>;

/**
 * Whether a stranger may have a place.
 *
 * @param link Of the stranger, with its address.
 * @param sessions All that are up.
 * @param isKnown Whether a person has named a key.
 */
export function hasSlot(
  link: Link,
  sessions: Iterable<Session>,
  isKnown: (peer: PeerId) => boolean,
  limits: SlotLimits,
): boolean {
  const { connectionsInMax, knownSlotsPart, linksPerPublicHost, linksPerPrivateHost } = limits;
  const host = readAddress(link.address)?.host ?? link.address;
  const scope = scopeOf(host);
  let strangers = 0;
  let neighbours = 0;
  for (const session of sessions) {
    if (session.link.direction === "out" || isKnown(session.peer)) continue;
    strangers++;
    if (readAddress(session.link.address)?.host === host) neighbours++;
  }
  if (strangers >= connectionsInMax - Math.floor(connectionsInMax * knownSlotsPart)) return false;
  if (scope === "loopback") return true;
  return neighbours < (scope === "public" ? linksPerPublicHost : linksPerPrivateHost);
}
