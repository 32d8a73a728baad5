/**
 * What must be true some time after all faults have ended: everybody in a room has the same
 * posts in the same order, sees who is there and nobody else, and is linked once to each
 * neighbour.
 */

import type { PeerId, RoomId } from "../../wire/ids.ts";
import type { VirtualPeer } from "./virtual_peer.ts";

/** A peer whose program runs. */
type Running = VirtualPeer & { readonly run: NonNullable<VirtualPeer["run"]> };

/**
 * What is not right yet.
 *
 * @param peers All peers, running or not.
 * @param clocksAgree Whether all clocks have always been within seconds of each other. If not, a
 * presence that others pass on may count as too old, and only a link of one's own shows who is
 * there and how they are called.
 * @param alone Those who have a private room open in which they reach nobody.
 * @returns One sentence each; none if all is right.
 */
export function problems(
  peers: readonly VirtualPeer[],
  clocksAgree: boolean,
  alone: ReadonlySet<VirtualPeer> = new Set(),
): string[] {
  const running = peers.filter((peer): peer is Running => peer.run !== null);
  const byId = new Map(running.map((peer) => [peer.id, peer]));
  const links = new Map(running.map((peer) => [peer, linkedTo(peer)]));
  const found = [
    ...running.flatMap((peer) => linkProblems(peer, running, links)),
    ...running.flatMap((peer) =>
      peer.unanswered.map((command) => `${peer.name}: ${command.type} is not answered`)
    ),
  ];
  const lonely = new Set<VirtualPeer>(alone);
  if (found.length > 0) return found;
  const rooms = new Set(
    running.flatMap((peer) =>
      peer.run.engine.rooms().filter(({ kind }) => kind === "public").map(({ id }) => id)
    ),
  );
  for (const room of rooms) {
    for (const members of components(running, room, links, byId)) {
      if (members.length === 1) lonely.add(members[0]!);
      found.push(...roomProblems(room, members, clocksAgree, links));
    }
  }
  for (const peer of running) {
    const { undelivered } = peer.run.engine;
    if (!lonely.has(peer) && undelivered > 0) {
      found.push(`${peer.name}: ${undelivered} own posts count as undelivered`);
    }
  }
  return found;
}

function linkedTo(peer: Running): PeerId[] {
  return peer.run.engine.peers(peer.run.now)
    .flatMap((link) => link.state === "up" && link.peer !== null ? [link.peer] : []);
}

function linkProblems(
  peer: Running,
  running: readonly Running[],
  links: ReadonlyMap<Running, readonly PeerId[]>,
): string[] {
  const own = links.get(peer)!;
  const found: string[] = [];
  if (new Set(own).size < own.length) found.push(`${peer.name}: two links to one peer`);
  for (const other of running) {
    if (other === peer) continue;
    const expected = peer.wanted.has(other.address);
    const there = own.includes(other.id);
    if (expected && !there) found.push(`${peer.name}: no link to ${other.name}`);
    // Who has dialled is linked one message before the other.
    const isShaking = other.run.engine.handshakes > 0;
    if (there && !isShaking && !links.get(other)!.includes(peer.id)) {
      found.push(`${peer.name}: ${other.name} knows nothing of their link`);
    }
  }
  const known = new Set(running.map(({ id }) => id));
  for (const id of own) if (!known.has(id)) found.push(`${peer.name}: a link to nobody, ${id}`);
  return found;
}

/** The members of a room, in groups of those who reach one another through members. */
function components(
  running: readonly Running[],
  room: RoomId,
  links: ReadonlyMap<Running, readonly PeerId[]>,
  byId: ReadonlyMap<PeerId, Running>,
): Running[][] {
  const left = new Set(running.filter((peer) => peer.run.engine.roomName(room) !== null));
  const groups: Running[][] = [];
  for (const first of left) {
    left.delete(first);
    const group = [first];
    for (const peer of group) {
      for (const id of links.get(peer)!) {
        const other = byId.get(id);
        if (other !== undefined && left.delete(other)) group.push(other);
      }
    }
    groups.push(group);
  }
  return groups;
}

function roomProblems(
  room: RoomId,
  members: readonly Running[],
  clocksAgree: boolean,
  links: ReadonlyMap<Running, readonly PeerId[]>,
): string[] {
  const found: string[] = [];
  const first = members[0]!;
  const ids = members.map(({ id }) => id).sort();
  const held = heldIn(room, first);
  const topic = topicOf(room, first);
  for (const peer of members) {
    const where = `${peer.name} in #${peer.run.engine.roomName(room)}`;
    if (heldIn(room, peer) !== held) {
      found.push(
        `${where} holds ${countIn(room, peer)} posts, ${first.name} ${countIn(room, first)}`,
      );
    }
    if (topicOf(room, peer) !== topic) {
      found.push(`${where} sees topic "${topicOf(room, peer)}", ${first.name} "${topic}"`);
    }
    const seen = peer.run.engine.who(peer.run.engine.roomName(room)!, peer.run.now).map((
      { from },
    ) => from);
    const known = new Set([peer.id, ...clocksAgree ? ids : links.get(peer)!]);
    const missing = ids.filter((id) => known.has(id) && !seen.includes(id));
    const ghosts = seen.filter((id) => !ids.includes(id));
    const named = (list: PeerId[]) =>
      list.map((id) => peer.run.engine.nameOf(id) || id.slice(0, 6));
    if (missing.length > 0) found.push(`${where} does not see ${named(missing)}`);
    if (ghosts.length > 0) found.push(`${where} sees ${named(ghosts)}, who are not there`);
    if (!clocksAgree) continue;
    for (const other of members) {
      const name = peer.run.engine.nameOf(other.id);
      if (name !== other.run.engine.name) {
        found.push(`${where} calls ${other.run.engine.name} ${JSON.stringify(name)}`);
      }
    }
  }
  return found;
}

/** Which posts are held, in the order of every screen. */
function heldIn(room: RoomId, peer: Running): string {
  return peer.store.newest(room, Infinity).map(({ signature }) => signature.toHex()).join();
}

function countIn(room: RoomId, peer: Running): number {
  return peer.store.newest(room, Infinity).length;
}

function topicOf(room: RoomId, peer: Running): string {
  return peer.run.engine.rooms().find(({ id }) => id === room)!.topic;
}
