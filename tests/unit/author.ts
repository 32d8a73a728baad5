/** Somebody who signs posts in tests: whatever fields a test does not name are the usual ones. */

import type { Arrival } from "../../peer/action.ts";
import type { CryptoSuite, KeyPair } from "../../wire/crypto_suite.ts";
import { type LogId, type PeerId, type RoomId, toId } from "../../wire/ids.ts";
import { type Post, type PostFields, signPost } from "../../wire/post.ts";
import { encodeBody, type PostBody } from "../../wire/post_body.ts";
import { publicRoomId } from "../../wire/text.ts";

/** When the posts of tests begin, in milliseconds since 1970. */
export const testEpochMs = 1_700_000_000_000;

/** Signs posts. */
export class Author {
  readonly #crypto: CryptoSuite;
  readonly #keys: KeyPair;
  readonly peer: PeerId;
  readonly log: LogId;
  readonly room: RoomId;

  constructor(crypto: CryptoSuite) {
    this.#crypto = crypto;
    this.#keys = crypto.generateEd25519();
    this.peer = toId<PeerId>(this.#keys.publicKey);
    this.log = toId<LogId>(crypto.randomBytes(8));
    this.room = publicRoomId("lobby", crypto);
  }

  /** A post of any kind, said `seq` milliseconds after the epoch, in the lobby, in the own log. */
  post(seq: number, body: PostBody, fields: Partial<PostFields> = {}): Post {
    return signPost(
      {
        ...encodeBody(body),
        room: this.room,
        author: this.peer,
        log: this.log,
        seq,
        previous: seq === 1 ? null : toId(this.#crypto.sha256(Uint8Array.of(seq))),
        time: { ms: testEpochMs + seq, counter: 0 },
        heads: [],
        ...fields,
      },
      this.#keys.secretKey,
      this.#crypto,
    );
  }

  /** A text. */
  text(seq: number, text = `post ${seq}`, fields: Partial<PostFields> = {}): Post {
    return this.post(seq, { kind: "text", text, reply: null }, fields);
  }

  /** Texts with these sequences. */
  texts(...sequences: number[]): Post[] {
    return sequences.map((seq) => this.text(seq));
  }
}

/** The posts as they come from a neighbour. */
export function arrivals(posts: readonly Post[], origin: Arrival["origin"] = "live"): Arrival[] {
  return posts.map((post) => ({ post, origin }));
}

/** The whole numbers from one to the other, ascending or descending. */
export function count(from: number, to: number): number[] {
  const step = from <= to ? 1 : -1;
  return Array.from({ length: Math.abs(to - from) + 1 }, (_, index) => from + index * step);
}
