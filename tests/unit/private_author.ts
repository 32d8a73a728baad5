/** People of a private room in tests: each signs acts in logs of its own, at times that the test gives. */

import type { CryptoSuite, KeyPair } from "../../wire/crypto_suite.ts";
import { type LogId, type PeerId, type PostId, type RoomId, toId } from "../../wire/ids.ts";
import type { LogMark } from "../../wire/owned_room.ts";
import { type Post, type PostFields, signPost } from "../../wire/post.ts";
import {
  encodePrivateAct,
  type PrivateAct,
  proveSealing,
  type SealingProof,
} from "../../wire/private_acts.ts";
import { privateRoomId, veilName } from "../../wire/private_room.ts";

const epochMs = 1_795_651_200_000;

/** Somebody who posts in one private room. */
export class PrivateAuthor {
  readonly keys: KeyPair;
  readonly peer: PeerId;
  readonly proof: SealingProof;
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
    this.proof = proveSealing(crypto.randomBytes(32), this.keys.secretKey, crypto);
  }

  /** Founds the room; its first post. */
  found(name: string, secret: Uint8Array): Post {
    this.room = privateRoomId(this.peer, secret, this.#crypto);
    const nameBox = veilName(name, this.peer, secret, this.#crypto);
    const { sealing } = this.proof;
    return this.act(0, { act: "found-private", nameBox, sealing, history: false });
  }

  /** Goes on in a log that nobody has seen. */
  newLog(): void {
    this.log = toId<LogId>(this.#crypto.randomBytes(8));
    this.#seq = 0;
    this.#previous = null;
  }

  act(ms: number, act: PrivateAct): Post {
    return this.post(ms, encodePrivateAct(act));
  }

  add(ms: number, guest: PrivateAuthor, logs: readonly LogMark[] = []): Post {
    return this.act(ms, { act: "add", peer: guest.peer, logs, proof: guest.proof, invite: null });
  }

  remove(ms: number, other: PrivateAuthor, logs: readonly LogMark[] = other.marks()): Post {
    return this.act(ms, { act: "remove", peer: other.peer, logs });
  }

  /** Something in the room, of whatever it consists. */
  say(ms: number): Post {
    return this.post(ms, { kind: 1, body: new Uint8Array(8) });
  }

  post(ms: number, body: Pick<PostFields, "kind" | "body">): Post {
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

  /** Up to the last post of the present log. */
  marks(): LogMark[] {
    return this.#previous === null ? [] : [{ log: this.log, seq: this.#seq, id: this.#previous }];
  }
}
