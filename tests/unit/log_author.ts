/** Somebody who signs posts of one room in logs of its own, at times that a test gives. */

import type { CryptoSuite, KeyPair } from "../../wire/crypto_suite.ts";
import { type LogId, type PeerId, type PostId, type RoomId, toId } from "../../wire/ids.ts";
import type { LogMark } from "../../wire/owned_room.ts";
import { type Post, type PostFields, signPost } from "../../wire/post.ts";

/** When the posts of these tests begin. */
const epochMs = 1_795_651_200_000;

/** What people of owned and of private rooms have in common. */
export class LogAuthor {
  readonly keys: KeyPair;
  readonly peer: PeerId;
  log: LogId;
  /** All that this person has signed, oldest first. */
  readonly posts: Post[] = [];
  #seq = 0;
  #previous: PostId | null = null;

  constructor(
    protected readonly crypto: CryptoSuite,
    public room: RoomId = toId<RoomId>(new Uint8Array(32)),
  ) {
    this.keys = crypto.generateEd25519();
    this.peer = toId<PeerId>(this.keys.publicKey);
    this.log = toId<LogId>(crypto.randomBytes(8));
  }

  /** Goes on in a log that nobody has seen. */
  newLog(): void {
    this.log = toId<LogId>(this.crypto.randomBytes(8));
    this.#seq = 0;
    this.#previous = null;
  }

  /** Up to the last post of the present log. */
  marks(): LogMark[] {
    return this.#previous === null ? [] : [{ log: this.log, seq: this.#seq, id: this.#previous }];
  }

  /** Signs the next post of the log. */
  sign(ms: number, body: Pick<PostFields, "kind" | "body">): Post {
    const fields = {
      ...body,
      room: this.room,
      author: this.peer,
      log: this.log,
      seq: ++this.#seq,
      previous: this.#previous,
      time: { ms: epochMs + ms, counter: 0 },
      heads: [],
    };
    const post = signPost(fields, this.keys.secretKey, this.crypto);
    this.#previous = post.id;
    this.posts.push(post);
    return post;
  }
}
