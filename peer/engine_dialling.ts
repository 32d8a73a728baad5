/** Commands about links: addresses that are dialled from now on, or no more, and invites taken. */

import { formatAddress, parseAddress } from "../discovery/address.ts";
import type { PeerId } from "../wire/ids.ts";
import { needInvites } from "./engine_rooms.ts";
import type { EngineState } from "./engine_state.ts";
import { ChatError } from "./errors.ts";
import type { Command, Now } from "./input.ts";
import type { LinkEvent } from "./link_event.ts";
import type { Session } from "./session.ts";

/** Dials an address as long as it takes. */
export function connect(state: EngineState, typed: string, now: Now): void {
  const { schedule } = state.links.dials;
  if (!schedule.add(dialable(state, typed), now.monoMs)) throw tooManyAddresses(state);
}

function tooManyAddresses(state: EngineState): ChatError {
  const { addressBookMax } = state.limits;
  return new ChatError(
    "too-many-addresses",
    `${addressBookMax} addresses are known already; /disconnect one first`,
  );
}

/** Dials where an invite says, and asks to be let in if it has a ticket. */
export function acceptInvite(
  state: EngineState,
  { peer, addresses, ticket }: Extract<Command, { type: "accept-invite" }>,
  now: Now,
): void {
  const { schedule } = state.links.dials;
  if (ticket !== null) needInvites(state).take({ peer, ...ticket }, now);
  state.know(peer);
  let tried = 0;
  for (const typed of addresses) {
    const address = spelled(typed);
    const [other] = matching(state, address);
    // The same numbers on two networks: they lead to us, or to somebody who is linked already.
    const elsewhere = state.addresses.includes(address) ||
      (other !== undefined && other.peer !== peer);
    if (elsewhere) state.notify({ type: "notice", room: null, code: "not-inviter", address });
    else if (schedule.add(address, now.monoMs, peer, tried * state.limits.inviteStaggerMs)) tried++;
    else if (tried === 0) throw tooManyAddresses(state);
  }
  if (state.links.sessionOf(peer) !== undefined) schedule.onPeerUp(peer, now.monoMs);
}

/** Ends the links to a peer or an address, which is dialled no more. */
export function disconnect(state: EngineState, typed: string, now: Now): LinkEvent[] {
  const sessions = matching(state, typed);
  const addresses = new Set(
    sessions.flatMap((session) => [
      session.link.address,
      ...state.links.dials.schedule.addressesOf(session.peer),
    ]),
  );
  addresses.add(spelled(typed));
  let known = sessions.length > 0;
  for (const address of addresses) {
    if (!state.links.dials.schedule.remove(address)) continue;
    known = true;
    state.act({ type: "forget", address });
  }
  if (!known) {
    throw new ChatError(
      "no-such-peer",
      `No link or address ${JSON.stringify(typed)}; /peers lists them`,
    );
  }
  return sessions.map((session) => state.links.end(session, "disconnect", now));
}

/** Dials at once what waits, one address or all. */
export function reconnect(state: EngineState, typed: string | null, now: Now): void {
  const { schedule } = state.links.dials;
  if (typed === null) return void schedule.hurry(null, now.monoMs);
  const addresses = [spelled(typed), ...schedule.addressesOf(typed as PeerId)];
  const found = addresses.map((address) => schedule.hurry(address, now.monoMs));
  if (!found.includes(true) && matching(state, typed).length === 0) {
    throw new ChatError("no-such-peer", `No address ${JSON.stringify(typed)} is known`);
  }
}

/** Sessions that a peer id or an address names. */
function matching(state: EngineState, typed: string): Session[] {
  const address = spelled(typed);
  return [...state.links.sessions].filter((session) =>
    session.peer === typed || session.link.address === address
  );
}

function spelled(typed: string): string {
  try {
    return formatAddress(parseAddress(typed));
  } catch {
    return typed;
  }
}

function dialable(state: EngineState, typed: string): string {
  let address: string;
  try {
    address = formatAddress(parseAddress(typed));
  } catch (error) {
    throw new ChatError("bad-address", error instanceof Error ? error.message : typed);
  }
  if (state.addresses.includes(address)) {
    throw new ChatError("own-address", `${address} is this peer itself; give another's address`);
  }
  return address;
}
