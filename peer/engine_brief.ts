/**
 * Brief posts on their way in (wire/brief_link.ts): they are put together again and judged like
 * all others. What cannot be read, or does not verify, is asked for whole.
 */

import type { RoomId } from "../wire/ids.ts";
import type { Message } from "../wire/message.ts";
import { assemblePost, type Post } from "../wire/post.ts";
import { foreseeRead } from "./engine_foresee.ts";
import { intake, type Way } from "./engine_intake.ts";
import { askAnew } from "./engine_say.ts";
import type { EngineState, OpenRoom } from "./engine_state.ts";
import type { Now } from "./input.ts";
import type { LinkEvent } from "./link_event.ts";
import type { Session } from "./session.ts";

/** Takes posts that leave out what we know; what cannot be read is asked for whole. */
export function onBrief(
  state: EngineState,
  session: Session,
  message: Extract<Message, { type: "brief" }>,
  now: Now,
): LinkEvent[] {
  const read = readBrief(state, session, message, now);
  const events: LinkEvent[] = [];
  for (const [open, some] of read) {
    const foreseen = foreseeRead(state, session, open, some.map(({ post }) => post), now);
    for (const { post, number, hops, wide } of some) {
      const way: Way = { origin: "live", hops, wide };
      const verdict = intake(state, session, open, post, way, now, foreseen.get(post));
      // It may be what we took for known that is wrong, not what was signed.
      if (verdict === "invalid" && !askWhole(state, session, number, now)) {
        events.push(...state.links.onInvalid(session, now));
      }
      if (state.links.session(session.link.connection) !== session) return events;
    }
  }
  return events;
}

interface ReadPost {
  readonly post: Post;
  readonly number: number;
  readonly hops: number;
  readonly wide: boolean;
}

/** The posts of a message by their rooms; all are read, as each has a number. */
function readBrief(
  state: EngineState,
  session: Session,
  message: Extract<Message, { type: "brief" }>,
  now: Now,
): ReadonlyMap<OpenRoom, ReadPost[]> {
  const { sent, heard } = session.brief;
  const read = new Map<OpenRoom, ReadPost[]>();
  if (message.anew) heard.restart();
  for (const brief of message.posts) {
    const { number, room, fields } = heard.read(brief, sent);
    const open = room === null ? undefined : state.rooms.get(room);
    if (open === undefined && room !== null) continue;
    if (open?.isPrivate && !session.rooms.has(open.room.id)) continue;
    if (open === undefined || fields === null) {
      if (!askWhole(state, session, number, now)) askForAll(state, session, room);
      continue;
    }
    const { signature, hops, wide } = brief;
    const post = assemblePost(fields, signature, state.crypto);
    heard.name(post.id);
    const some = read.get(open) ?? [];
    read.set(open, some);
    some.push({ post, number, hops, wide });
  }
  return read;
}

/** Asks for the whole of a brief post, if that was not asked too often. */
function askWhole(state: EngineState, session: Session, number: number, now: Now): boolean {
  if (!session.quotas.misses.take(1, now.monoMs)) return false;
  session.send({ type: "again", number });
  state.links.touch(session);
  return true;
}

/** Too many in a row could not be read, as one that is missing makes more: history brings them. */
function askForAll(state: EngineState, session: Session, room: RoomId | null): void {
  const { connection } = session.link;
  const rooms = room === null ? [...state.rooms.keys()] : [room];
  for (const each of rooms) {
    if (state.broadcast.isNeighbour(each, connection)) askAnew(state, session, each);
  }
}
