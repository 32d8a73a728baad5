/**
 * What a hostile peer says: messages that are framed as they should be and wrong in one way
 * each. None of it may be stored, shown or passed on, apart from {@linkcode Forger.honest}.
 */

import type { CryptoSuite } from "../../wire/crypto_suite.ts";
import { type LogId, logIdBytes, type PeerId, type RoomId, toId } from "../../wire/ids.ts";
import { hopsMax } from "../../wire/mark.ts";
import type { Message } from "../../wire/message.ts";
import { encodeMessage } from "../../wire/message_encode.ts";
import { decodePost, type Post, type SignedPost, signPost } from "../../wire/post.ts";
import { encodeBody } from "../../wire/post_body.ts";
import { decodePresence, signPresence } from "../../wire/presence.ts";
import type { TestIdentity } from "../link_peers.ts";
import { relayed } from "../samples.ts";
import type { Dice } from "./dice.ts";

/** Makes what one identity says. */
export class Forger {
  readonly #me: TestIdentity;
  readonly #crypto: CryptoSuite;
  readonly #dice: Dice;
  readonly #rooms: readonly RoomId[];
  readonly #log: LogId;
  readonly #last = new Map<RoomId, Post>();
  /** What has been heard of others, to be bent. */
  readonly #heardPosts: SignedPost[] = [];
  readonly #heardWords: SignedPost[] = [];

  constructor(me: TestIdentity, crypto: CryptoSuite, dice: Dice, rooms: readonly RoomId[]) {
    this.#me = me;
    this.#crypto = crypto;
    this.#dice = dice;
    this.#rooms = rooms;
    this.#log = toId<LogId>(crypto.randomBytes(logIdBytes));
  }

  /** Whether there is something to bend yet. */
  get hasHeard(): boolean {
    return this.#heardPosts.length > 0;
  }

  /** Takes notice of what others say. */
  hear(message: Message): void {
    if (message.type === "posts" || message.type === "page") {
      this.#heardPosts.push(...message.posts);
    } else if (message.type === "presence") {
      this.#heardWords.push(...message.presences);
    }
  }

  /** A post of our own that nobody has a reason to refuse. */
  honest(): { readonly post: Post; readonly message: Uint8Array } {
    const room = this.#dice.pick(this.#rooms);
    const last = this.#last.get(room) ?? null;
    const post = this.#sign(room, this.#me.peer, (last?.seq ?? 0) + 1, last);
    this.#last.set(room, post);
    this.#heardPosts.push(post);
    return { post, message: encodeMessage({ type: "posts", room, posts: [relayed(post)] }) };
  }

  /** An answer to a request that has nothing to do with what was asked for. */
  answer(want: Extract<Message, { type: "want" }>): Uint8Array {
    const { room, request, ranges } = want;
    const seq = ranges[0]?.from ?? 1;
    const posts = [
      this.#sign(room, this.#me.peer, 1_000_000 + seq, null),
      this.#bent(this.#heard()),
    ].slice(this.#dice.below(2));
    return encodeMessage({ type: "page", room, request, posts, last: this.#dice.chance(0.7) });
  }

  /** Something that must have no effect. */
  forgery(wallMs: number): { readonly what: string; readonly message: Uint8Array } {
    const [what, make] = this.#dice.pick(this.#kinds);
    const message = make(wallMs);
    return { what, message: message instanceof Uint8Array ? message : encodeMessage(message) };
  }

  readonly #kinds: readonly (readonly [string, (wallMs: number) => Message | Uint8Array])[] = [
    ["a spoilt signature", () => this.#posts([this.#bent(this.#heard())])],
    ["altered bytes under a good signature", () => {
      const { signed, signature } = this.#heard();
      return this.#posts([{ signed: this.#flipped(signed), signature }]);
    }],
    ["a post in the name of another", () => {
      const victim = decodePost(this.#heard(), this.#crypto);
      const { room, author, seq } = victim;
      if (author === this.#me.peer) return { type: "leave", room };
      return this.#posts([this.#sign(room, author, seq + 1, victim)]);
    }],
    ["a post of another room", () => {
      const post = this.#sign(toId<RoomId>(this.#crypto.randomBytes(32)), this.#me.peer, 1, null);
      return { type: "posts", room: this.#dice.pick(this.#rooms), posts: [relayed(post)] };
    }],
    ["an old post again", () => this.#posts([this.#heard()])],
    ["a page that nobody asked for", () => {
      const post = this.#sign(this.#dice.pick(this.#rooms), this.#me.peer, 1_000_000, null);
      return { type: "page", room: post.room, request: 1, posts: [post], last: true };
    }],
    ["a frontier of posts that are nowhere", () => {
      const { room, author, log } = decodePost(this.#heard(), this.#crypto);
      const topId = toId<Post["id"]>(this.#crypto.randomBytes(32));
      const entry = { author, log, top: 1_000_000_000, topId, above: [] };
      return { type: "frontier", room, entries: [entry], last: true };
    }],
    ["a want of everything", () => {
      const { room, author, log } = decodePost(this.#heard(), this.#crypto);
      const ranges = [{ author, log, from: 1, to: Number.MAX_SAFE_INTEGER }];
      return { type: "want", room, request: this.#dice.below(9), ranges };
    }],
    ["receipts for logs that are nobody's", () => ({
      type: "have",
      room: this.#dice.pick(this.#rooms),
      log: toId<LogId>(this.#crypto.randomBytes(logIdBytes)),
      ranges: [[1, 1_000_000_000]],
    })],
    ["a presence in the name of another", (wallMs) => this.#presence(wallMs)],
    ["a presence with a spoilt signature", () => {
      const word = this.#dice.pick(this.#heardWords) ?? this.#presence(0).presences[0]!;
      const signature = this.#flipped(word.signature);
      return { type: "presence", presences: [{ signed: word.signed, signature }] };
    }],
    ["noise in a good frame", () => this.#crypto.randomBytes(1 + this.#dice.below(200))],
  ];

  /** A post of somebody, or one of our own that was in order. */
  #heard(): SignedPost {
    return this.#dice.pick(this.#heardPosts);
  }

  #posts(posts: readonly SignedPost[]): Message {
    const hops = this.#dice.below(hopsMax + 1);
    const wide = this.#dice.chance(0.5);
    return {
      type: "posts",
      room: this.#roomOf(posts[0]!),
      posts: posts.map((post) => relayed(post, hops, wide)),
    };
  }

  #roomOf(envelope: SignedPost): RoomId {
    try {
      return decodePost(envelope, this.#crypto).room;
    } catch {
      return this.#dice.pick(this.#rooms);
    }
  }

  #sign(room: RoomId, author: PeerId, seq: number, previous: Post | null): Post {
    const text = `bait ${seq}`;
    const id = previous?.id ?? (seq === 1 ? null : toId<Post["id"]>(this.#crypto.randomBytes(32)));
    return signPost(
      {
        ...encodeBody({ kind: "text", text, reply: null }),
        room,
        author,
        log: previous?.log ?? this.#log,
        seq,
        previous: id,
        time: previous === null
          ? { ms: 1_795_651_200_000, counter: 0 }
          : { ms: previous.time.ms + 1, counter: 0 },
        heads: [],
      },
      this.#me.identity.secretKey,
      this.#crypto,
    );
  }

  #presence(wallMs: number): Extract<Message, { type: "presence" }> {
    const word = this.#dice.pick(this.#heardWords);
    const { room, author } = word === undefined
      ? { room: this.#dice.pick(this.#rooms), author: toId<PeerId>(this.#crypto.randomBytes(32)) }
      : decodePresence(word);
    const time = { ms: wallMs, counter: 60_000 };
    const fields = { room, author, time, state: "left", name: "bait", reason: "" } as const;
    return {
      type: "presence",
      presences: [signPresence(fields, this.#me.identity.secretKey, this.#crypto)],
    };
  }

  #bent({ signed, signature }: SignedPost): SignedPost {
    return { signed, signature: this.#flipped(signature) };
  }

  #flipped(bytes: Uint8Array): Uint8Array {
    const bent = bytes.slice();
    bent[this.#dice.below(bent.length)]! ^= 1 << this.#dice.below(8);
    return bent;
  }
}
