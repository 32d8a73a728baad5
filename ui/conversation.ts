/**
 * What a face remembers while it runs: the current room, the posts lately shown (they can
 * be named by number or by the start of their id) and people's names.
 */

import { parseId, type PostId } from "../wire/ids.ts";
import type { PeerId } from "../wire/ids.ts";
import type { RoomName, ShownPost } from "../peer/notice.ts";
import { Names } from "./names.ts";
import { screenLimits } from "./screen_limits.ts";

/** A post that was shown. */
export interface RecentPost {
  /** Which. */
  readonly id: PostId;
  /** Where. */
  readonly room: RoomName;
  /** Whose. */
  readonly from: PeerId;
  /** Taken back by its author; it keeps its number, since it stands on the screen. */
  readonly withdrawn: boolean;
  /** What it said was never shown. */
  readonly neverSeen: boolean;
}

/** Why a post could not be told from what was typed. */
export type PostProblem =
  | "none-shown"
  | "none-at-all"
  | "no-such-number"
  | "no-such-id"
  | "ambiguous-id";

/** A post that was meant, or why none was found. */
export type PostChoice =
  | { readonly id: PostId; readonly room: RoomName | null }
  | { readonly problem: PostProblem };

/** State of one face; pure. */
export class Conversation {
  /** Where texts go: the room last joined or opened; `null` if none is open. */
  room: RoomName | null = null;
  /** Whether this person has said to be away. */
  away = false;
  /** Rooms that call nobody. */
  muted: ReadonlySet<RoomName> = new Set();
  /** How people are called. */
  readonly names: Names;
  /** Oldest first. */
  #recent: RecentPost[] = [];

  /**
   * Nothing shown yet.
   *
   * @param me The own key.
   */
  constructor(me: PeerId) {
    this.names = new Names(me);
  }

  /** Notes a post that was shown, or an own one that was said. */
  shown(post: ShownPost): void {
    const { id, room, from, withdrawn } = post;
    this.#recent.push({ id, room, from, withdrawn, neverSeen: withdrawn });
    // Cut in halves: taking one off the front of an array each time would cost its length.
    if (this.#recent.length >= 2 * screenLimits.recentPostsMax) {
      this.#recent = this.#recent.slice(-screenLimits.recentPostsMax);
    }
  }

  /** The posts that stand on the screen, oldest first: what numbers count from the end of. */
  showing(posts: readonly ShownPost[]): void {
    this.#recent = posts.map(({ id, room, from, withdrawn }) => ({
      id,
      room,
      from,
      withdrawn,
      neverSeen: withdrawn,
    }));
  }

  /** Whether a post has stood here as one that was taken back, and never otherwise. */
  wasNeverSeen(id: PostId): boolean {
    return this.#recent.some((post) => post.id === id && post.neverSeen);
  }

  /** Notes that a post was taken back. */
  withdrawn(id: PostId): void {
    this.#recent = this.#recent.map((post) => post.id === id ? { ...post, withdrawn: true } : post);
  }

  /**
   * The post that is meant by a number or an id.
   *
   * @param target `n`, the n-th last post shown, or 4 to 64 digits that an id begins with.
   */
  find(target: string): PostChoice {
    if (/^\d{1,3}$/.test(target)) {
      if (this.#recent.length === 0) return { problem: "none-at-all" };
      const post = this.#recent.at(-Number(target));
      return Number(target) > 0 && post !== undefined ? post : { problem: "no-such-number" };
    }
    const start = target.toLowerCase();
    if (!/^[0-9a-f]{4,64}$/.test(start)) return { problem: "no-such-id" };
    const found = this.#recent.filter(({ id }) => id.startsWith(start));
    const [first] = found;
    if (first !== undefined) {
      return found.every(({ id }) => id === first.id) ? first : { problem: "ambiguous-id" };
    }
    // A whole id may name a post that was never shown here.
    const id = parseId<PostId>(start);
    return id === null ? { problem: "no-such-id" } : { id, room: null };
  }

  /** The last post shown in the current room, not taken back, that `wanted` accepts. */
  last(wanted: (post: RecentPost) => boolean): PostChoice {
    const post = this.#recent.findLast((each) =>
      each.room === this.room && !each.withdrawn && wanted(each)
    );
    return post ?? { problem: "none-shown" };
  }
}
