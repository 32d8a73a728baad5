/**
 * Private rooms of a running peer: loaded when there is one. What was said there rests encrypted
 * and stands in no index, so a search looks through the newest posts one by one.
 */

import type { Engine } from "../peer/engine.ts";
import { EngineInvites } from "../peer/engine_invites.ts";
import { PrivateEngine } from "../peer/engine_private.ts";
import type { RoomId } from "../wire/ids.ts";
import { folded } from "./store/folded.ts";
import { wordsOf } from "./store/search.ts";
import type { SqliteStore } from "./store/sqlite_store.ts";
import type { StoredPost } from "./store/store.ts";

/** Posts of private rooms that a search looks through, the newest; each costs about 30 µs. */
const readMax = 5_000;
const pagePosts = 256;

/** Gives an engine what it needs for private rooms, with those that were kept. */
export function bringPrivate(engine: Engine, store: SqliteStore): void {
  if (engine.hasPrivate) return;
  const records = store.kept.privateRooms();
  engine.usePrivate((state) => new PrivateEngine(state, records));
  engine.useInvites((state, rooms) => new EngineInvites(state, rooms));
}

/**
 * Posts of private rooms that hold every word of a question.
 *
 * @param room Only in this one; `null` for all.
 * @param isBefore Whether a post is old enough.
 * @returns Up to `limit` and one more of each room, and how many were not looked through, at least.
 */
export function searchPrivate(
  { engine, store }: { readonly engine: Engine; readonly store: SqliteStore },
  query: string,
  room: RoomId | null,
  isBefore: (stored: StoredPost) => boolean,
  limit: number,
): { readonly rows: StoredPost[]; readonly unsearched: number } {
  const words = wordsOf(query);
  const rooms = store.kept.privateRooms().map((each) => each.room)
    .filter((each) => room === null || each === room);
  const rows: StoredPost[] = [];
  let unsearched = 0;
  if (words.length === 0) return { rows, unsearched };
  for (const each of rooms) {
    let found = 0;
    let read = 0;
    for (const stored of newestFirst(store, each)) {
      if (read++ >= readMax) {
        unsearched++;
        break;
      }
      if (!isBefore(stored) || stored.withdrawn) continue;
      const body = engine.read(stored.post);
      if (body === null || !("text" in body)) continue;
      const text = folded(body.text);
      if (!words.every((word) => text.includes(word))) continue;
      rows.push(stored);
      if (++found > limit) break;
    }
  }
  return { rows, unsearched };
}

function* newestFirst(store: SqliteStore, room: RoomId): Generator<StoredPost> {
  let page = store.timeline(room, null, pagePosts);
  while (page.rows.length > 0) {
    yield* page.rows.toReversed();
    if (!page.more) return;
    page = store.timeline(room, page.rows[0]!.post.id, pagePosts);
  }
}
