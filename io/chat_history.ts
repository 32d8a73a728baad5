/**
 * What was said, as faces see it: pages of rooms and chats, what a search finds, what is known of
 * one post, and how far somebody has read. Nothing is shown of whom this person blocks, and nothing
 * that does not count in its room.
 */

import type { FoundPage, PostInfo, TimelinePage } from "../peer/chat.ts";
import { directPeer } from "../peer/engine_direct.ts";
import { ChatError } from "../peer/errors.ts";
import { directRoom, showLetter, type StoredLetter } from "../peer/letter.ts";
import type { OpenRoom, RoomSummary } from "../peer/listing.ts";
import type { ShownPost } from "../peer/notice.ts";
import { showPost } from "../peer/shown.ts";
import type { PeerId, PostId, RoomId } from "../wire/ids.ts";
import { comparePosts, postKind } from "../wire/post.ts";
import { badField, bytesIn, postIdIn, stringIn } from "./chat_input.ts";
import { type ChatLife, type ChatParts, noSuchPost } from "./chat_life.ts";
import type { ChatRooms } from "./chat_rooms.ts";
import type { StoredPost } from "./store/store.ts";

/** Posts of a page if no limit is given. */
const timelineDefault = 50;
/** Posts that do not count, in a row, that are read for a page; with more the program would stop. */
const passedOverMax = 10_000;

/** Reads what is stored, and keeps the read markers. */
export class ChatHistory {
  /**
   * @param parts The store, and the engine that knows what of it counts.
   * @param life Of the handle that this is for.
   * @param openRooms Those that can be read.
   */
  constructor(
    private readonly parts: ChatParts,
    private readonly life: ChatLife,
    private readonly openRooms: ChatRooms,
  ) {}

  /** `Chat.rooms` */
  rooms(): readonly RoomSummary[] {
    return this.parts.engine.rooms().map((room) => ({ ...room, ...this.#readState(room) }));
  }

  /** `Chat.timeline` */
  timeline(
    room: string,
    options: {
      readonly before?: PostId | undefined;
      readonly after?: PostId | undefined;
      readonly limit?: number | undefined;
    } = {},
  ): TimelinePage {
    const { before, after, limit = timelineDefault } = options;
    if (before !== undefined && after !== undefined) {
      throw badField("after", after, "give it or before, not both");
    }
    if (!Number.isSafeInteger(limit) || limit < 1) {
      throw badField("limit", limit, "give a whole number from 1");
    }
    const peer = directPeer(stringIn("room", room));
    if (peer !== null) return this.#letters(peer, { before, after, limit });
    const id = this.openRooms.idOf(room);
    return this.life.guard(() => {
      const { store } = this.parts;
      for (const [field, place] of [["before", before], ["after", after]] as const) {
        if (place === undefined) continue;
        if (store.stored(postIdIn(field, place))?.post.room !== id) throw noSuchPost(place, room);
      }
      return this.#page(id, before, after, limit);
    });
  }

  /** `Chat.search` */
  search(
    query: string,
    options: {
      readonly room?: string | undefined;
      readonly before?: PostId | undefined;
      readonly limit?: number | undefined;
    } = {},
  ): FoundPage {
    const { room, before, limit = timelineDefault } = options;
    const { searchBytesMax, searchPostsMax } = this.parts.limits;
    bytesIn("query", stringIn("query", query), searchBytesMax);
    if (query.trim() === "") throw badField("query", query, "give what to look for");
    if (!Number.isSafeInteger(limit) || limit < 1 || limit > searchPostsMax) {
      throw badField("limit", limit, `give a whole number from 1 to ${searchPostsMax}`);
    }
    const peer = room === undefined ? null : directPeer(stringIn("room", room));
    const id = room === undefined || peer !== null ? null : this.openRooms.idOf(room);
    return this.life.guard(() => {
      const { engine, store } = this.parts;
      if (before !== undefined) {
        const place = postIdIn("before", before);
        if (store.stored(place) === null && store.correspondence.letter(place) === null) {
          throw noSuchPost(before);
        }
      }
      const none = { rows: [], more: false, unsearched: 0 };
      const posts = peer === null ? store.search(query, id, before ?? null, limit) : none;
      const letters = id === null
        ? store.correspondence.searchLetters(query, peer, before ?? null, limit)
        : none;
      const veiled = peer === null ? this.#foundPrivately(query, id, before ?? null, limit) : none;
      const found = [
        ...this.#shownOf([...posts.rows, ...veiled.rows]),
        ...letters.rows.filter((letter) => !engine.isBlocked(letter.peer))
          .map((letter) => this.#showLetter(letter)),
      ].sort(comparePosts);
      return {
        posts: found.slice(-limit),
        more: posts.more || found.length > limit,
        unsearched: posts.unsearched + letters.unsearched + veiled.unsearched,
      };
    });
  }

  /** `Chat.info` */
  info(id: PostId): PostInfo {
    return this.life.guard(() => {
      const { engine, shell, store } = this.parts;
      const stored = store.stored(postIdIn("id", id));
      const post = stored === null ? null : this.#show(stored);
      if (stored === null || post === null) throw noSuchPost(id);
      const receipt = engine.receipt(id, shell.now);
      const holders = (receipt?.holders ?? []).map((peer) => ({ peer, name: engine.nameOf(peer) }));
      const { members = 0, state = null, reason = null } = receipt ?? {};
      return { post, holders, members, state, reason, arrivedMs: stored.arrivedMs };
    });
  }

  /** `Chat.markRead` */
  markRead(room: string, id: PostId): void {
    const peer = directPeer(stringIn("room", room));
    if (peer !== null) return this.#markLetterRead(peer, postIdIn("id", id));
    const open = this.openRooms.idOf(room);
    const upTo = postIdIn("id", id);
    const moved = this.life.guard(() => this.parts.store.markRead(open, upTo));
    if (moved === null) throw noSuchPost(upTo, room);
    const name = this.parts.engine.roomName(open);
    if (moved && name !== null) this.parts.notices.push({ type: "read", room: name, upTo });
  }

  /** What does not count is passed over: behind an empty page nobody could ask for the next. */
  #page(
    room: RoomId,
    before: PostId | undefined,
    after: PostId | undefined,
    limit: number,
  ): TimelinePage {
    const { store } = this.parts;
    let [older, newer] = [before, after];
    for (let passed = 0;;) {
      const { rows, more } = newer === undefined
        ? store.timeline(room, older ?? null, limit)
        : store.timelineAfter(room, newer, limit);
      const posts = this.#shownOf(rows);
      passed += rows.length;
      if (posts.length > 0 || !more || passed > passedOverMax) return { posts, more };
      if (newer === undefined) older = rows[0]!.post.id;
      else newer = rows.at(-1)!.post.id;
    }
  }

  #letters(
    peer: PeerId,
    { before, after, limit }: {
      readonly before: PostId | undefined;
      readonly after: PostId | undefined;
      readonly limit: number;
    },
  ): TimelinePage {
    return this.life.guard(() => {
      const { store, engine } = this.parts;
      for (const [field, place] of [["before", before], ["after", after]] as const) {
        if (place === undefined) continue;
        if (store.correspondence.letter(postIdIn(field, place))?.peer !== peer) {
          throw noSuchPost(place, directRoom(peer));
        }
      }
      if (engine.isBlocked(peer)) return { posts: [], more: false };
      const { rows, more } = after === undefined
        ? store.correspondence.letters(peer, before ?? null, limit)
        : store.correspondence.lettersAfter(peer, after, limit);
      return { posts: rows.map((letter) => this.#showLetter(letter)), more };
    });
  }

  #markLetterRead(peer: PeerId, upTo: PostId): void {
    const room = directRoom(peer);
    const moved = this.life.guard(() => {
      const { store } = this.parts;
      return store.correspondence.letter(upTo)?.peer === peer
        ? store.correspondence.markLetterRead(peer, upTo)
        : null;
    });
    if (moved === null) throw noSuchPost(upTo, room);
    if (moved) this.parts.notices.push({ type: "read", room, upTo });
  }

  /** A list of rooms is worth having even where the disk fails. */
  #readState({ id, room }: OpenRoom): Pick<RoomSummary, "readUpTo" | "unread"> {
    try {
      const { store, limits } = this.parts;
      const peer = directPeer(room);
      return this.life.guard(() =>
        peer === null
          ? {
            readUpTo: store.readUpTo(id),
            unread: store.unread(id, this.parts.me, limits.unreadMax),
          }
          : {
            readUpTo: store.correspondence.letterReadUpTo(peer),
            unread: store.correspondence.unreadLetters(peer, limits.unreadMax),
          }
      );
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      return { readUpTo: null, unread: 0 };
    }
  }

  #foundPrivately(
    query: string,
    room: RoomId | null,
    before: PostId | null,
    limit: number,
  ): { readonly rows: StoredPost[]; readonly unsearched: number } {
    const place = before === null
      ? null
      : this.parts.store.stored(before)?.post ?? this.parts.store.correspondence.letter(before);
    const isBefore = ({ post }: StoredPost) => place === null || comparePosts(post, place) < 0;
    return this.openRooms.searchPrivate?.(this.parts, query, room, isBefore, limit) ??
      { rows: [], unsearched: 0 };
  }

  #shownOf(rows: readonly StoredPost[]): ShownPost[] {
    return rows.map((row) => this.#show(row)).filter((post) => post !== null);
  }

  #show({ post, origin, withdrawn }: StoredPost): ShownPost | null {
    const { engine, shell, store } = this.parts;
    if (post.kind === postKind.sealed) {
      const letter = store.correspondence.letter(post.id);
      return letter === null ? null : this.#showLetter(letter);
    }
    if (engine.isBlocked(post.author)) return null;
    const { counts, hidden } = engine.shownAs(post);
    const body = counts ? engine.read(post) : null;
    if (body === null) return null;
    return showPost(post, body, {
      room: engine.roomName(post.room) ?? store.kept.roomName(post.room) ?? `~${post.room}`,
      name: post.author === this.parts.me ? engine.name : engine.nameOf(post.author),
      origin: origin === "own" ? "own" : "history",
      withdrawn: withdrawn || hidden,
      clockAhead: engine.isClockAhead(post.time, shell.now),
      late: false,
      isPrivate: engine.isPrivate(post.room),
    });
  }

  #showLetter(letter: StoredLetter): ShownPost {
    const { engine, shell } = this.parts;
    return showLetter(letter, this.parts.me, {
      name: letter.isMine ? engine.name : engine.nameOf(letter.peer),
      origin: letter.isMine ? "own" : "history",
      clockAhead: engine.isClockAhead(letter.time, shell.now),
      late: false,
    });
  }
}
