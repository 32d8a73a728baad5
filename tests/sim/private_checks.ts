/**
 * What must be true of a private room: at every moment, that nothing of it goes to somebody who
 * was never let in, and nothing that is later than a removal to who was removed by it, as soon as
 * the sender knows; and some time after all faults have ended, that members who reach one another
 * through members agree on who belongs to it, hold the same posts, show the same of them and can
 * read what was said last.
 */

import { Charge, type Ruling } from "../../peer/charge.ts";
import { privateRuler } from "../../peer/members.ts";
import type { CryptoSuite } from "../../wire/crypto_suite.ts";
import type { PeerId, RoomId } from "../../wire/ids.ts";
import type { Message } from "../../wire/message.ts";
import { defaultLimits } from "../../wire/limits.ts";
import { compareTimes, decodePost, type Post, postKind } from "../../wire/post.ts";
import { decodePrivateAct } from "../../wire/private_acts.ts";
import type { VirtualPeer } from "./virtual_peer.ts";

type Running = VirtualPeer & { readonly run: NonNullable<VirtualPeer["run"]> };

/** What is said of a room without being in it: nothing. */
const namesRoom = (message: Message, room: RoomId) =>
  ("room" in message && message.room === room) ||
  (message.type === "brief" &&
    message.posts.some(({ log }) => typeof log === "object" && log.room === room));

/** Looks on at one private room. */
export class PrivateChecks {
  readonly #crypto: CryptoSuite;
  readonly #peers: readonly VirtualPeer[];
  /** Everybody whom somebody has added, or named an admin, at any time. */
  readonly #everIn = new Set<PeerId>();
  readonly #rulings = new Map<
    VirtualPeer,
    { readonly store: unknown; readonly writes: number; readonly ruling: Ruling | null }
  >();

  constructor(peers: readonly VirtualPeer[], crypto: CryptoSuite) {
    this.#peers = peers;
    this.#crypto = crypto;
  }

  /** Own posts of somebody are on disk. */
  stored({ author, kind, body }: Post): void {
    if (kind !== postKind.membership) return;
    const act = decodePrivateAct(kind, body);
    if (act?.act === "found-private") this.#everIn.add(author);
    // Who is named an admin belongs to the room.
    if (act?.act === "add" || act?.act === "admin") this.#everIn.add(act.peer);
  }

  /** Why a message must not go to somebody; `null` if it may. */
  leak(from: VirtualPeer, to: PeerId, message: Message, room: RoomId | null): string | null {
    if (room === null || !namesRoom(message, room)) return null;
    if (!this.#everIn.has(to)) {
      return `tells of the private room to one who was never in it: ${message.type}`;
    }
    if (message.type !== "posts" && message.type !== "page") return null;
    const ruling = this.#ruling(from, room);
    if (ruling === null || ruling.isIn(to)) return null;
    const removal = ruling.membership?.removalOf(to) ?? null;
    // What waited for the link was written before.
    const after = message.posts.map((each) => decodePost(each, this.#crypto))
      .find((post) => removal !== null && compareTimes(post.time, removal.time) > 0);
    if (after === undefined) return null;
    return `sends ${nameIn(this.#peers, after.author)}#${after.seq} of the private room to one ` +
      "who was removed before";
  }

  /** What somebody knows of the members, computed again when something was stored. */
  #ruling(peer: VirtualPeer, room: RoomId): Ruling | null {
    const known = this.#rulings.get(peer);
    if (known?.store === peer.store && known.writes === peer.store.writes) return known.ruling;
    const ruling = rulingOf(room, peer, this.#crypto);
    this.#rulings.set(peer, { store: peer.store, writes: peer.store.writes, ruling });
    return ruling;
  }

  /** What is not right yet. */
  problems(room: RoomId): string[] {
    return groupsOf(this.#members(room)).flatMap((group) => this.#groupProblems(room, group));
  }

  /** Those whose words in the room reach nobody: who reaches no member, or is none any more. */
  alone(room: RoomId): ReadonlySet<VirtualPeer> {
    const members = this.#members(room);
    const grouped = groupsOf(members).filter((group) => group.length > 1).flat();
    return new Set(
      this.#peers.filter((peer) =>
        peer.run?.engine.roomName(room) != null && !grouped.some((each) => each === peer)
      ),
    );
  }

  #members(room: RoomId): Running[] {
    return this.#peers.filter((peer): peer is Running =>
      peer.run !== null && peer.run.engine.roomName(room) !== null &&
      (this.#ruling(peer, room)?.isIn(peer.id) ?? false)
    );
  }

  #groupProblems(room: RoomId, group: readonly Running[]): string[] {
    const [first, ...others] = group.map((peer) => ({ peer, ...this.#seen(room, peer) }));
    const found: string[] = [];
    for (const other of others) {
      for (const what of ["members", "held", "shown"] as const) {
        if (other[what] === first![what]) continue;
        found.push(
          `${other.peer.name} and ${first!.peer.name} differ in the private room: ${what}`,
        );
      }
      const { unread } = other;
      if (unread.length > 0) found.push(`${other.peer.name} cannot read ${unread.join(", ")}`);
    }
    return found;
  }

  #seen(room: RoomId, peer: Running) {
    const { engine } = peer.run;
    const posts = peer.store.newest(room, Infinity).map((each) => decodePost(each, this.#crypto));
    const members = [...this.#ruling(peer, room)?.membership?.members ?? []].sort();
    const shown = posts.filter((post) => engine.shownAs(post).counts);
    const last = shown.filter(({ kind }) => kind === postKind.text);
    return {
      members: members.map((id) => nameIn(this.#peers, id)).join(),
      held: posts.map(({ id }) => id).join(),
      shown: shown.map(({ id }) => id).join(),
      unread: last.filter((post) => this.#mustRead(post) && engine.read(post) === null)
        .map(({ author, seq }) => `${nameIn(this.#peers, author)}#${seq}`),
    };
  }

  /** Whether a post is one of those that were said when all was calm. */
  #mustRead(post: Post): boolean {
    const author = this.#peers.find(({ id }) => id === post.author);
    const body = author?.run?.engine.read(post) ?? null;
    return body !== null && "text" in body && body.text.startsWith("last of ");
  }
}

/** Members in groups of those who reach one another over links among them. */
function groupsOf(members: readonly Running[]): Running[][] {
  const links = new Map(members.map((peer) => [
    peer,
    peer.run.engine.peers(peer.run.now).flatMap((link) =>
      link.state === "up" && link.peer !== null ? [link.peer] : []
    ),
  ]));
  const left = new Set(members);
  const groups: Running[][] = [];
  for (const first of left) {
    left.delete(first);
    const group = [first];
    for (const peer of group) {
      for (const other of left) {
        if (links.get(peer)!.includes(other.id) && left.delete(other)) group.push(other);
      }
    }
    groups.push(group);
  }
  return groups;
}

/** Who belongs to the room, by what is on somebody's disk alone. */
function rulingOf(room: RoomId, peer: VirtualPeer, crypto: CryptoSuite): Ruling | null {
  const secret = peer.secretOf(room);
  if (secret === null) return null;
  const charge = new Charge(room, crypto, defaultLimits, privateRuler(room, secret, crypto));
  const posts = peer.store.newest(room, Infinity).map((each) => decodePost(each, crypto));
  const authors = new Set(posts.map(({ author }) => author));
  // What an admin did counts once it is known that he is one.
  for (let round = 0; round < 2; round++) {
    for (const post of posts) charge.take(post, authors);
  }
  return charge.ruling;
}

function nameIn(peers: readonly VirtualPeer[], id: PeerId): string {
  return peers.find((peer) => peer.id === id)?.name ?? id.slice(0, 6);
}
