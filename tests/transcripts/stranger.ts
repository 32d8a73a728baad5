/**
 * Somebody in a transcript who has no engine: says over a proper link what an engine never
 * would. What is said is given in words; the list is at the end of the file.
 */

import type { SecureChannel } from "../../wire/channel.ts";
import type { CryptoSuite } from "../../wire/crypto_suite.ts";
import {
  type LogId,
  logIdBytes,
  type PeerId,
  type PostId,
  type RoomId,
  toId,
} from "../../wire/ids.ts";
import type { Message } from "../../wire/message.ts";
import { encodeMessage } from "../../wire/message_encode.ts";
import { type Post, type SignedPost, signPost } from "../../wire/post.ts";
import { encodeBody } from "../../wire/post_body.ts";
import { publicRoomId } from "../../wire/text.ts";
import { newIdentity, type TestIdentity } from "../link_peers.ts";
import { plainChannels } from "../plain_channel.ts";
import { relayed } from "../samples.ts";
import { seededCrypto } from "../seeded_crypto.ts";
import { watchedChannels } from "../watched_channel.ts";
import type { End } from "./ends.ts";
import type { Stage } from "./stage.ts";

/** 2026-11-26, as on the stage. */
const writtenMs = 1_795_651_200_000;

/** A stranger with links to some of those on the stage. */
export class Stranger {
  readonly #name: string;
  readonly #stage: Stage;
  readonly #crypto: CryptoSuite = seededCrypto(666);
  readonly #me: TestIdentity;
  readonly #log: LogId;
  readonly #room: RoomId;
  readonly #links = new Map<string, { readonly end: End; readonly channel: SecureChannel }>();

  /**
   * @param stage Where to dial.
   * @param name What to be called.
   * @param room The one room that it opens.
   */
  constructor(stage: Stage, name: string, room: string) {
    this.#name = name;
    this.#stage = stage;
    this.#me = newIdentity(this.#crypto);
    this.#log = toId<LogId>(this.#crypto.randomBytes(logIdBytes));
    this.#room = publicRoomId(room, this.#crypto);
    stage.words.call(this.#me.peer, name);
  }

  /** Opens a link and says what everybody says first. */
  dial(target: string): void {
    const link = this.#stage.connect(this.#name, target);
    if (link === null) throw new Error(`${target} does not run`);
    const { end } = link;
    const below = plainChannels(this.#me.peer, (length) => this.#crypto.randomBytes(length));
    const handshake = watchedChannels(below, this.#stage.words.watcher).initiate();
    end.write(handshake.opening);
    let channel: SecureChannel | null = null;
    end.own({
      received: (bytes) => {
        if (channel !== null) return;
        const result = handshake.receive(bytes);
        end.write(result.write);
        channel = result.channel;
        if (channel === null) return;
        this.#links.set(target, { end, channel });
        this.#send(target, {
          type: "hello",
          wallMs: writtenMs,
          record: null,
          observed: `${target}:9797`,
        });
        this.#send(target, { type: "join", room: this.#room });
        this.#send(target, { type: "neighbour", room: this.#room, others: 0 });
      },
      drained: () => {},
      disconnected: () => this.#links.delete(target),
    });
  }

  /** Says something by its name. */
  say(target: string, what: string): void {
    const make = this.#things[what];
    if (make === undefined) {
      throw new Error(
        `No ${JSON.stringify(what)}; there are ${Object.keys(this.#things).join(", ")}`,
      );
    }
    const message = make();
    if (message instanceof Uint8Array) this.#sendBytes(target, message);
    else this.#send(target, message);
  }

  #send(target: string, message: Message): void {
    this.#sendBytes(target, encodeMessage(message));
  }

  #sendBytes(target: string, messages: Uint8Array): void {
    const link = this.#links.get(target);
    if (link === undefined) throw new Error(`${this.#name} has no link to ${target}`);
    link.end.write(link.channel.seal(messages));
  }

  readonly #things: Readonly<Record<string, () => Message | Uint8Array>> = {
    "a good post": () => this.#posts([this.#sign(1, this.#me.peer, null)]),
    "a post in the name of ann": () => {
      const ann = this.#stage.actor("ann").id;
      return this.#posts([this.#sign(2, ann, toId<PostId>(this.#crypto.randomBytes(32)))]);
    },
    "its good post with another signature": () => {
      const { signed, signature } = this.#sign(1, this.#me.peer, null);
      const bent = signature.slice();
      bent[0]! ^= 1;
      return this.#posts([{ signed, signature: bent }]);
    },
    "a post of another room": () => {
      const post = this.#sign(1, this.#me.peer, null, publicRoomId("den", this.#crypto));
      return this.#posts([post]);
    },
    "a page that nobody asked for": () => ({
      type: "page",
      room: this.#room,
      request: 1,
      posts: [this.#sign(7, this.#me.peer, toId<PostId>(this.#crypto.randomBytes(32)))],
      last: true,
    }),
    "bytes that are no message": () => Uint8Array.of(0xff, 0x00),
    "a message of tomorrow": () => Uint8Array.of(0x82, 0x18, 0x63, 0x01),
  };

  #posts(posts: readonly SignedPost[]): Message {
    return { type: "posts", room: this.#room, posts: posts.map((post) => relayed(post)) };
  }

  #sign(seq: number, author: PeerId, previous: PostId | null, room = this.#room): Post {
    return signPost(
      {
        ...encodeBody({ kind: "text", text: "bait", reply: null }),
        room,
        author,
        log: this.#log,
        seq,
        previous,
        time: { ms: writtenMs, counter: 0 },
        heads: [],
      },
      this.#me.identity.secretKey,
      this.#crypto,
    );
  }
}
