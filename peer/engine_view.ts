/** What can be asked of an engine at any time: answers for screens, without effect. */

import { readAddress } from "../discovery/address.ts";
import type { PeerId, RoomId } from "../wire/ids.ts";
import type { SignedPresence } from "../wire/presence.ts";
import { normalRoomName } from "../wire/text.ts";
import type { Charge } from "./charge.ts";
import type { Acquaintance } from "./chat.ts";
import { directPeer } from "./engine_direct.ts";
import { reasonOf } from "./engine_presence.ts";
import { openRoom } from "./engine_rooms.ts";
import type { EngineState, OpenRoom as EngineRoom } from "./engine_state.ts";
import { ChatError } from "./errors.ts";
import type { Now } from "./input.ts";
import { directRoom } from "./letter.ts";
import type { OpenRoom, PeerState, Person, RoomAct, RoomStanding } from "./listing.ts";
import type { NetReport } from "./net_report.ts";
import type { MessageRequest } from "./notice.ts";
import type { Ruling } from "./ruling.ts";

/** Links, then addresses that are dialled or wait. */
export function peers(state: EngineState, now: Now): PeerState[] {
  const linked = [...state.links.sessions].map((session): PeerState => ({
    peer: session.peer,
    name: state.nameOf(session.peer),
    address: session.link.address,
    direction: session.link.direction,
    state: "up",
    rttMs: session.rttMs,
    lastError: null,
    nextTryMs: null,
    ageMs: now.monoMs - session.upSinceMs,
    queuedBytes: session.queuedBytes,
  }));
  const waiting = state.links.dials.schedule.waiting.map((target): PeerState => ({
    peer: target.peer,
    name: target.peer === null ? "" : state.nameOf(target.peer),
    address: target.address,
    direction: "out",
    state: target.state,
    rttMs: null,
    lastError: target.lastError,
    nextTryMs: target.state === "waiting" && (target.wanted || state.links.dials.lacking > 0)
      ? Math.max(0, target.nextMs - now.monoMs)
      : null,
    ageMs: null,
    queuedBytes: 0,
  }));
  return [...linked, ...waiting];
}

/** Who is in an open room: this peer first, then by name. */
export function who(state: EngineState, typed: string, now: Now): Person[] {
  const peer = directPeer(typed);
  if (peer !== null) return pair(state, peer, now);
  const { presence } = openRoom(state, typed);
  const others = presence.heard(now.monoMs).map(({ word, heardMsAgo }) =>
    person(state, word, heardMsAgo)
  );
  others.sort((a, b) => a.name < b.name ? -1 : a.name > b.name ? 1 : a.from < b.from ? -1 : 1);
  return [self(state), ...others];
}

/** The two of a direct chat, the other one if he is here in any room. */
function pair(state: EngineState, peer: PeerId, now: Now): Person[] {
  for (const { presence } of state.rooms.values()) {
    const heard = presence.heard(now.monoMs).find(({ word }) => word.author === peer);
    if (heard !== undefined) return [self(state), person(state, heard.word, heard.heardMsAgo)];
  }
  return [self(state)];
}

function self(state: EngineState): Person {
  return {
    from: state.me,
    name: state.name,
    self: true,
    away: state.away,
    seenMsAgo: null,
    mark: null,
    blocked: false,
  };
}

function person(state: EngineState, word: SignedPresence, heardMsAgo: number): Person {
  return {
    from: word.author,
    name: state.nameOf(word.author),
    self: false,
    away: reasonOf(word),
    seenMsAgo: heardMsAgo > state.limits.presenceMaxAgeMs ? heardMsAgo : null,
    mark: markOf(state, word.author),
    blocked: state.decided.of(word.author).blocked,
  };
}

function markOf(state: EngineState, peer: PeerId): Person["mark"] {
  const { accepted, verified } = state.decided.of(peer);
  return verified ? "verified" : accepted ? "known" : null;
}

/** Those who have written and wait, with the names they have now. */
export function requests(state: EngineState): MessageRequest[] {
  return state.decided.requests.map((request) => ({
    ...request,
    name: state.nameOf(request.from),
  }));
}

/** Direct chats, the latest last, then open rooms in the order of joining. */
export function rooms(state: EngineState): OpenRoom[] {
  const open = [...state.rooms.values()];
  const chats = [...state.direct?.chats ?? []].map((peer): OpenRoom => ({
    id: peer as string as RoomId,
    kind: "direct",
    room: directRoom(peer),
    title: state.nameOf(peer),
    topic: "",
    present: open.some(({ presence }) => presence.has(peer)) ? 2 : 1,
    neighbours: state.links.sessionOf(peer) === undefined ? 0 : 1,
  }));
  const rooms = open.map(({ room, presence, charge, isPrivate }): OpenRoom => ({
    id: room.id,
    kind: isPrivate ? "private" : charge === null ? "public" : "owned",
    room: room.name,
    title: charge === null ? room.name : charge.ruling?.name ?? "",
    ...charge === null ? {} : placeIn(state, charge.ruling),
    ...isPrivate ? { members: charge?.ruling?.membership?.members.size ?? 0 } : {},
    topic: room.topic,
    present: presence.count + 1,
    neighbours: state.broadcast.targets(room.id, null).length,
  }));
  return [...chats, ...rooms];
}

/** How an open room is called by people. */
export function title(state: EngineState, typed: string): string {
  const id = roomId(state, typed);
  const open = id === null ? undefined : state.rooms.get(id);
  return open?.charge === null ? open.room.name : open?.charge?.ruling?.name ?? "";
}

/** This person's place in an owned room. */
function placeIn(state: EngineState, ruling: Ruling | null): Pick<OpenRoom, "closed" | "role"> {
  if (ruling === null) return { closed: false, role: null };
  const rank = ruling.rank(state.me);
  const isStranger = ruling.membership?.known.has(state.me) === false;
  const role = isStranger
    ? "stranger"
    : !ruling.isIn(state.me)
    ? "removed"
    : rank === 0
    ? "founder"
    : rank < Infinity
    ? "admin"
    : null;
  return { closed: ruling.closed !== null, role };
}

/** What was done in an owned room and counts, oldest first. */
export function roomLog(state: EngineState, typed: string): RoomAct[] {
  return (chargeOf(state, typed).ruling?.acts ?? []).map(({ id, author, time, deed }) => {
    const about = "peer" in deed ? deed.peer : null;
    const { act } = deed;
    return {
      id,
      time,
      act: act === "found-private" ? "found" : act === "remove" && about === author ? "leave" : act,
      by: author,
      byName: state.nameOf(author),
      peer: about,
      name: about === null ? "" : state.nameOf(about),
    };
  });
}

/** Who is in charge of an owned room, and who was removed from it. */
export function standing(state: EngineState, typed: string): RoomStanding {
  const { ruling } = chargeOf(state, typed);
  if (ruling === null) return { founder: null, admins: [], removed: [] };
  const named = (peer: PeerId) => ({ peer, name: state.nameOf(peer) });
  const about = (
    act: "admin" | "remove",
  ) => [...new Set(ruling.acts.flatMap(({ deed }) => deed.act === act ? [deed.peer] : []))];
  const admins = about("admin").filter((peer) => ruling.rank(peer) < Infinity);
  return {
    founder: named(ruling.founder),
    admins: admins.filter((peer) => ruling.isIn(peer)).map(named),
    removed: about("remove").filter((peer) => !ruling.isIn(peer)).map(named),
  };
}

function chargeOf(state: EngineState, typed: string): Charge {
  const { charge, room } = openRoom(state, typed);
  if (charge !== null) return charge;
  throw new ChatError(
    "nobody-in-charge",
    `Nobody is in charge of the room ${JSON.stringify(room.name)}: it is everybody's`,
  );
}

/** How this peer is connected. */
export function net(state: EngineState): NetReport {
  const { links, broadcast } = state;
  return {
    inbound: links.inbound,
    outbound: links.outbound,
    reached: links.reached,
    observed: observedHosts(state),
    banned: links.bans,
    rooms: [...state.rooms.values()].map((open) => {
      const { room, members, drops } = open;
      const tree = broadcast.tree(room.id);
      const { neighbours, eager } = tree.counts;
      return {
        room: room.name,
        neighbours,
        eager,
        lazy: neighbours - eager,
        passive: members.passive.size,
        fresh: tree.fresh,
        copies: tree.copies,
        ...open.isPrivate ? { unheard: unheard(state, open) } : {},
        drops: Object.fromEntries(drops),
      };
    }),
  };
}

/** Members of a private room of whom no word comes. */
function unheard(
  state: EngineState,
  { charge, presence }: EngineRoom,
): { readonly peer: PeerId; readonly name: string }[] {
  return [...charge?.ruling?.membership?.members ?? []]
    .filter((peer) => peer !== state.me && !presence.has(peer))
    .map((peer) => ({ peer, name: state.nameOf(peer) }));
}

/** From where neighbours see this peer, most often named first. */
function observedHosts(state: EngineState): string[] {
  const counts = new Map<string, number>();
  for (const { observed } of state.links.sessions) {
    const address = observed === null ? null : readAddress(observed);
    if (address !== null) counts.set(address.host, (counts.get(address.host) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1]).map(([host]) => host);
}

/** People by name in any case, by key, or by at least 4 digits from the start of a key. */
export function whois(state: EngineState, query: string): Acquaintance[] {
  const spelled = (name: string) => name.normalize("NFC").toLowerCase();
  const wanted = spelled(query);
  const named = new Map<PeerId, string>([[state.me, state.name]]);
  for (const [peer, { name }] of state.people.all) if (peer !== state.me) named.set(peer, name);
  for (const [peer] of state.decided.all) if (!named.has(peer)) named.set(peer, "");
  const found = [...named].filter(([peer, ownName]) =>
    spelled(ownName) === wanted || spelled(state.nameOf(peer)) === wanted ||
    (/^[0-9a-f]{4,64}$/.test(wanted) && peer.startsWith(wanted))
  );
  return found.map(([peer, ownName]) => ({
    peer,
    name: state.nameOf(peer),
    ownName,
    mark: markOf(state, peer),
    blocked: state.decided.of(peer).blocked,
    rooms: [...state.rooms.values()]
      .filter(({ presence }) => peer === state.me || presence.has(peer))
      .map(({ room }) => room.name),
    address: state.links.sessionOf(peer)?.link.address ?? null,
    forked: [...state.rooms.values()].some(({ forks }) => forks.hasForked(peer)),
  }));
}

/** The id of an open room; `null` if it is not open. */
export function roomId(state: EngineState, typed: string): RoomId | null {
  const name = normalRoomName(typed);
  for (const { room } of state.rooms.values()) {
    if (room.name === name || `~${room.id}` === typed) return room.id;
  }
  return null;
}
