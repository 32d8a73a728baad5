/** Somebody who signs posts by hand: right ones, and whatever a test wants to be wrong. */

import { nodeCrypto } from "../../io/crypto.ts";
import { type LogId, logIdBytes, type PostId, type RoomId, toId } from "../../wire/ids.ts";
import type { Message } from "../../wire/message.ts";
import { type Post, signPost } from "../../wire/post.ts";
import { encodeBody } from "../../wire/post_body.ts";
import { publicRoomId } from "../../wire/text.ts";
import { relayed } from "../samples.ts";
import type { RawIdentity } from "./raw_link.ts";

const crypto = nodeCrypto();

/** The room that is open by default. */
export const lobby: RoomId = publicRoomId("lobby", crypto);

/** An author with one log in one room. */
export class RawAuthor {
  readonly identity: RawIdentity;
  readonly room: RoomId;
  readonly #log: LogId;
  #seq = 0;
  #previous: PostId | null = null;

  constructor(
    identity: RawIdentity,
    room: RoomId = lobby,
    log: LogId = toId<LogId>(crypto.randomBytes(logIdBytes)),
  ) {
    this.identity = identity;
    this.room = room;
    this.#log = log;
  }

  /** Signs a text as the next post. */
  post(text: string): Post {
    const post = signPost(
      {
        ...encodeBody({ kind: "text", text, reply: null }),
        room: this.room,
        author: this.identity.peer,
        log: this.#log,
        seq: ++this.#seq,
        previous: this.#previous,
        time: { ms: Date.now(), counter: 0 },
        heads: [],
      },
      this.identity.secretKey,
      crypto,
    );
    this.#previous = post.id;
    return post;
  }
}

/** A post as gossip of a room. */
export function gossip(post: Post, room: RoomId = post.room): Message {
  return { type: "posts", room, posts: [relayed(post)] };
}

/** The post with one bit of its signature flipped. */
export function forged(post: Post): Post {
  const signature = post.signature.slice();
  signature[10]! ^= 1;
  return { ...post, signature };
}
