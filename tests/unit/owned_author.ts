/** People of an owned room in tests: each signs posts in one log, at times that the test gives. */

import type { CryptoSuite, KeyPair } from "../../wire/crypto_suite.ts";
import { type LogId, type PeerId, type PostId, type RoomId, toId } from "../../wire/ids.ts";
import { type Act, encodeAct, type LogMark, ownedRoomId } from "../../wire/owned_room.ts";
import { type Post, signPost } from "../../wire/post.ts";
import { encodeBody, type PostBody } from "../../wire/post_body.ts";

/** When the posts of these tests begin. */
const epochMs = 1_795_651_200_000;

/** Somebody who posts in one room. */
export class OwnedAuthor {
  readonly keys: KeyPair;
  readonly peer: PeerId;
  log: LogId;
  /** All that this person has signed, oldest first. */
  readonly posts: Post[] = [];
  readonly #crypto: CryptoSuite;
  #seq = 0;
  #previous: PostId | null = null;

  constructor(crypto: CryptoSuite, public room: RoomId = toId<RoomId>(new Uint8Array(32))) {
    this.#crypto = crypto;
    this.keys = crypto.generateEd25519();
    this.peer = toId<PeerId>(this.keys.publicKey);
    this.log = toId<LogId>(crypto.randomBytes(8));
  }

  /** Founds the room; its first post. */
  found(name: string): Post {
    const salt = this.#crypto.randomBytes(16);
    this.room = ownedRoomId(this.peer, name, salt, this.#crypto);
    return this.act(0, { act: "found", name, salt });
  }

  /** Goes on in a log that nobody has seen. */
  newLog(): void {
    this.log = toId<LogId>(this.#crypto.randomBytes(8));
    this.#seq = 0;
    this.#previous = null;
  }

  act(ms: number, act: Act): Post {
    return this.#sign(ms, encodeAct(act));
  }

  say(ms: number, text: string, kind: "text" | "announcement" = "text"): Post {
    return this.post(ms, { kind, text, reply: null });
  }

  post(ms: number, body: PostBody): Post {
    return this.#sign(ms, encodeBody(body));
  }

  /** Up to the last post of the present log. */
  marks(): LogMark[] {
    return this.#previous === null ? [] : [{ log: this.log, seq: this.#seq, id: this.#previous }];
  }

  /** Another post for the place of one. */
  twin(of: Post, text: string): Post {
    const { room, author, log, seq, previous, time, heads } = of;
    const place = { room, author, log, seq, previous, time, heads };
    const body = encodeBody({ kind: "text", text, reply: null });
    return signPost({ ...place, ...body }, this.keys.secretKey, this.#crypto);
  }

  #sign(ms: number, body: { kind: number; body: Uint8Array }): Post {
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
    const post = signPost(fields, this.keys.secretKey, this.#crypto);
    this.#previous = post.id;
    this.posts.push(post);
    return post;
  }
}
