/**
 * What this person decides about others, and what follows from it: nobody takes over the name of
 * somebody who was verified. A new key under such a name is somebody else until the two have
 * compared again, or the person at this keyboard says to write anyway.
 */

import type { PeerId } from "../wire/ids.ts";
import { checkName } from "../wire/text.ts";
import type { EngineState } from "./engine_state.ts";
import { ChatError } from "./errors.ts";
import type { PersonRecord } from "./letter.ts";
import { skeleton } from "./look_alike.ts";
import { refusal } from "./refusal.ts";

/** What is decided about somebody, kept at once. */
export function decide(state: EngineState, peer: PeerId, change: Partial<PersonRecord>): void {
  const before = state.decided.of(peer);
  const person = state.decided.decide(peer, change);
  if (person === null) {
    const { peopleDecidedMax } = state.limits;
    throw new ChatError("too-many-people", `${peopleDecidedMax} decisions are kept, and no more`);
  }
  if (person.accepted || person.verified) state.know(peer);
  const changed = Object.entries(person).some(([name, value]) =>
    before[name as keyof PersonRecord] !== value
  );
  if (changed) state.act({ type: "rememberPerson", peer, person });
}

/** Shows what somebody writes from now on. */
export function accept(state: EngineState, peer: PeerId): void {
  decide(state, peer, { accepted: true, blocked: false });
}

/** How messages about somebody name the person. */
export function called(state: EngineState, peer: PeerId): string {
  const name = state.nameOf(peer);
  return name === "" ? peer.slice(0, 8) : JSON.stringify(name);
}

/** The safety numbers of the two were compared, or that is taken back. */
export function verify(state: EngineState, peer: PeerId, on: boolean): void {
  needOther(state, peer);
  const verifiedName = on ? state.nameOf(peer) : null;
  decide(state, peer, {
    verified: on,
    verifiedName,
    ...on ? { accepted: true, blocked: false } : {},
  });
}

/** Calls somebody by a name that is ours alone. */
export function nameForUs(state: EngineState, peer: PeerId, name: string | null): void {
  needOther(state, peer);
  const problem = name === null ? null : checkName(name);
  if (problem !== null) throw refusal("name", problem, name ?? "");
  decide(state, peer, { petname: name });
}

function needOther(state: EngineState, peer: PeerId): void {
  if (peer === state.me) throw new ChatError("no-such-peer", "That is you");
}

/** Somebody who was verified under a name that looks like that of another key; `null` if nobody. */
function ownerOfName(state: EngineState, peer: PeerId): PeerId | null {
  if (state.decided.of(peer).verified) return null;
  const looks = [state.nameOf(peer), state.people.nameOf(peer)].map(skeleton)
    .filter((look) => look !== "");
  for (const [other, { verified, verifiedName, petname }] of state.decided.all) {
    if (!verified || other === peer) continue;
    const names = [verifiedName ?? "", petname ?? "", state.people.nameOf(other)];
    if (names.some((name) => looks.includes(skeleton(name)))) return other;
  }
  return null;
}

/** Refuses to write to somebody under another's verified name, unless this was agreed to before. */
export function needOwnName(state: EngineState, to: PeerId): void {
  if (state.decided.of(to).accepted) return;
  const owner = ownerOfName(state, to);
  if (owner === null) return;
  throw new ChatError(
    "verified-name",
    `${called(state, to)} with the key ${
      to.slice(0, 8)
    } is not the one you have verified, whose key ` +
      `is ${owner.slice(0, 8)}: somebody else, or a new key. Compare again (/verify), or /accept ` +
      `${to.slice(0, 8)} to write anyway; nothing was sent`,
  );
}

/** Tells that somebody who writes has the name of another who was verified. */
export function warnOfName(state: EngineState, peer: PeerId): void {
  const verified = ownerOfName(state, peer);
  if (verified === null) return;
  const name = state.nameOf(peer);
  state.notify({ type: "notice", room: null, code: "verified-name", peer, name, verified });
}
