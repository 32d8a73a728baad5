/**
 * What must be true of a private room: at every moment, that nothing of it goes to somebody who
 * was never let in, nothing that is later than a removal to who was removed by it, as soon as the
 * sender knows, and the key of nothing that was said before he came to a newcomer; and some time
 * after all faults have ended, that members who reach one another through members agree on who
 * belongs to it, hold the same posts, show the same of them and can read what was said last, if it
 * is for them (private_words.ts).
 */

import type { Arrival } from "../../peer/action.ts";
import { Charge } from "../../peer/charge.ts";
import type { Ruling } from "../../peer/ruling.ts";
import type { Engine } from "../../peer/engine.ts";
import type { Now } from "../../peer/input.ts";
import { privateRuler } from "../../peer/members.ts";
import type { PostReader } from "../../peer/ports.ts";
import type { CryptoSuite } from "../../wire/crypto_suite.ts";
import type { PeerId, RoomId } from "../../wire/ids.ts";
import { defaultLimits } from "../../wire/limits.ts";
import type { Message } from "../../wire/message.ts";
import { compareTimes, decodePost, type Post, postKind } from "../../wire/post.ts";
import { decodePrivateAct } from "../../wire/private_acts.ts";
import { isWord, PrivateWords } from "./private_words.ts";

/** What is looked at of somebody. */
export interface Watched {
  readonly id: PeerId;
  readonly name: string;
  readonly store: Pick<PostReader, "newest"> & { readonly writes: number };
  /** The program, while it runs. */
  readonly run: {
    readonly engine: Pick<Engine, "roomName" | "peers" | "shownAs" | "read">;
    readonly now: Now;
  } | null;
  secretOf(room: RoomId): Uint8Array | null;
}

type Running<P extends Watched> = P & { readonly run: NonNullable<P["run"]> };

/** What is said of a room without being in it: nothing. */
const namesRoom = (message: Message, room: RoomId) =>
  ("room" in message && message.room === room) ||
  (message.type === "brief" &&
    message.posts.some(({ log }) => typeof log === "object" && log.room === room));

/** Looks on at one private room. */
export class PrivateChecks<P extends Watched> {
  readonly #crypto: CryptoSuite;
  readonly #peers: readonly P[];
  readonly #words = new PrivateWords();
  /** Everybody whom somebody has added, or named an admin, at any time. */
  readonly #everIn = new Set<PeerId>();
  readonly #rulings = new Map<
    P,
    { readonly store: unknown; readonly writes: number; readonly ruling: Ruling | null }
  >();

  constructor(peers: readonly P[], crypto: CryptoSuite) {
    this.#peers = peers;
    this.#crypto = crypto;
  }

  /** Posts are on somebody's disk, all at once; why that must not be; `null` if it may. */
  stored(peer: P, arrivals: readonly Arrival[]): string | null {
    for (const { post, origin } of arrivals) {
      if (origin !== "own" || peer.secretOf(post.room) === null) continue;
      if (post.kind === postKind.membership) this.#takeAct(post);
      if (!isWord(post) && post.kind !== postKind.epoch) continue;
      // What comes to the disk together with it was not known when it was made.
      const fresh = new Set(arrivals.map((each) => each.post.id));
      const held = postsOf(peer, post.room, this.#crypto).filter(({ id }) => !fresh.has(id));
      const ruling = rulingOf(post.room, peer, held, this.#crypto);
      if (isWord(post)) this.#words.said(post, ruling);
      else if (ruling !== null) {
        const late = this.#words.givenLate(post, held, ruling);
        if (late !== null) {
          return `gives ${nameIn(this.#peers, late.to)} the key of what was said before he came: ` +
            this.#called(late.word);
        }
      }
    }
    return null;
  }

  #takeAct({ author, kind, body }: Post): void {
    const act = decodePrivateAct(kind, body);
    if (act?.act === "found-private") this.#everIn.add(author);
    // Who is named an admin belongs to the room.
    if (act?.act === "add" || act?.act === "admin") this.#everIn.add(act.peer);
  }

  #called({ author, seq }: Post): string {
    return `${nameIn(this.#peers, author)}#${seq}`;
  }

  /** Why a message must not go to somebody; `null` if it may. */
  leak(from: P, to: PeerId, message: Message, room: RoomId | null): string | null {
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
    return `sends ${this.#called(after)} of the private room to one who was removed before`;
  }

  /** What somebody knows of the members, computed again when something was stored. */
  #ruling(peer: P, room: RoomId): Ruling | null {
    const known = this.#rulings.get(peer);
    if (known?.store === peer.store && known.writes === peer.store.writes) return known.ruling;
    const ruling = rulingOf(room, peer, postsOf(peer, room, this.#crypto), this.#crypto);
    this.#rulings.set(peer, { store: peer.store, writes: peer.store.writes, ruling });
    return ruling;
  }

  /** What is not right yet. */
  problems(room: RoomId): string[] {
    return groupsOf(this.#members(room)).flatMap((group) => this.#groupProblems(room, group));
  }

  /** Those whose words in the room reach nobody: who reaches no member, or is none any more. */
  alone(room: RoomId): ReadonlySet<P> {
    const members = this.#members(room);
    const grouped = groupsOf(members).filter((group) => group.length > 1).flat();
    return new Set(
      this.#peers.filter((peer) =>
        peer.run?.engine.roomName(room) != null && !grouped.some((each) => each === peer)
      ),
    );
  }

  #members(room: RoomId): Running<P>[] {
    return this.#peers.filter((peer): peer is Running<P> =>
      peer.run !== null && peer.run.engine.roomName(room) !== null &&
      (this.#ruling(peer, room)?.isIn(peer.id) ?? false)
    );
  }

  #groupProblems(room: RoomId, group: readonly Running<P>[]): string[] {
    const all = group.map((peer) => ({ peer, ...this.#seen(room, peer) }));
    const [first, ...others] = all;
    const found: string[] = [];
    for (const other of others) {
      for (const what of ["members", "held", "shown"] as const) {
        if (other[what] === first![what]) continue;
        found.push(
          `${other.peer.name} and ${first!.peer.name} differ in the private room: ${what}`,
        );
      }
    }
    for (const { peer, unread } of all) {
      if (unread.length > 0) found.push(`${peer.name} cannot read ${unread.join(", ")}`);
    }
    return found;
  }

  #seen(room: RoomId, peer: Running<P>) {
    const { engine } = peer.run;
    const posts = postsOf(peer, room, this.#crypto);
    const ruling = this.#ruling(peer, room)!;
    const members = [...ruling.membership?.members ?? []].sort();
    const shown = posts.filter((post) => engine.shownAs(post).counts);
    const last = shown.filter((post) => isWord(post) && this.#words.isFor(post, peer.id, ruling));
    return {
      members: members.map((id) => nameIn(this.#peers, id)).join(),
      held: posts.map(({ id }) => id).join(),
      shown: shown.map(({ id }) => id).join(),
      unread: last.filter((post) => this.#isLast(post) && engine.read(post) === null)
        .map((post) => this.#called(post)),
    };
  }

  /** Whether a word is one of those that were said when all was calm. */
  #isLast(post: Post): boolean {
    const author = this.#peers.find(({ id }) => id === post.author);
    const body = author?.run?.engine.read(post) ?? null;
    return body !== null && "text" in body && body.text.startsWith("last of ");
  }
}

/** Members in groups of those who reach one another over links among them. */
function groupsOf<P extends Watched>(members: readonly Running<P>[]): Running<P>[][] {
  const links = new Map(members.map((peer) => [
    peer,
    peer.run.engine.peers(peer.run.now).flatMap((link) =>
      link.state === "up" && link.peer !== null ? [link.peer] : []
    ),
  ]));
  const left = new Set(members);
  const groups: Running<P>[][] = [];
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

function postsOf({ store }: Watched, room: RoomId, crypto: CryptoSuite): Post[] {
  return store.newest(room, Infinity).map((each) => decodePost(each, crypto));
}

/** Who belongs to the room, by some posts alone. */
function rulingOf(
  room: RoomId,
  peer: Watched,
  posts: readonly Post[],
  crypto: CryptoSuite,
): Ruling | null {
  const secret = peer.secretOf(room);
  if (secret === null) return null;
  const charge = new Charge(room, crypto, defaultLimits, privateRuler(room, secret, crypto));
  const authors = new Set(posts.map(({ author }) => author));
  // What an admin did counts once it is known that he is one.
  for (let round = 0; round < 2; round++) {
    for (const post of posts) charge.take(post, authors);
  }
  return charge.ruling;
}

function nameIn(peers: readonly Watched[], id: PeerId): string {
  return peers.find((peer) => peer.id === id)?.name ?? id.slice(0, 6);
}
