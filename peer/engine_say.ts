/** How the parts of an engine say something to a neighbour. */

import type { RoomId } from "../wire/ids.ts";
import type { Message } from "../wire/message.ts";
import { envelopeBytes } from "../wire/message_entries.ts";
import type { SignedPost } from "../wire/post.ts";
import type { EngineState } from "./engine_state.ts";
import type { ConnectionId } from "./input.ts";
import type { Session } from "./session.ts";

/** Queues a control message for a link, if it is still there. */
export function say(state: EngineState, connection: ConnectionId, message: Message): void {
  const session = state.links.session(connection);
  if (session === undefined) return;
  session.send(message);
  state.links.touch(session);
}

/** Marks a link as having something to send. */
export function touch(state: EngineState, connection: ConnectionId): void {
  const session = state.links.session(connection);
  if (session !== undefined) state.links.touch(session);
}

/** Makes a neighbour state anew what it holds of a room: some of it was not taken. */
export function askAnew(state: EngineState, session: Session, room: RoomId): void {
  // Where our digest differs from what it holds, it states that.
  state.tell.onNews(session.link.connection, room, "all");
  state.links.touch(session);
}

/** Splits posts so that each portion fits one message. */
export function portions<T extends SignedPost>(
  posts: readonly T[],
  bytesMax: number,
): Generator<T[]>;
/** The same for things that have a post each. */
export function portions<T>(
  things: readonly T[],
  bytesMax: number,
  postOf: (thing: T) => SignedPost,
): Generator<T[]>;
export function* portions<T>(
  things: readonly T[],
  bytesMax: number,
  postOf = (thing: T) => thing as SignedPost,
): Generator<T[]> {
  let portion: T[] = [];
  let bytes = 0;
  for (const thing of things) {
    const size = envelopeBytes(postOf(thing));
    if (bytes + size > bytesMax && portion.length > 0) {
      yield portion;
      portion = [];
      bytes = 0;
    }
    portion.push(thing);
    bytes += size;
  }
  if (portion.length > 0) yield portion;
}
