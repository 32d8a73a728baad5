/**
 * A member of a private room under fire from somebody who knows the room's secret and is no
 * member: nothing is thrown, nothing is stored that its author has not signed in earnest, the
 * liar gets no post but acts, and the other member reads on.
 */

import { assert, assertEquals } from "@std/assert";
import { MalformedError } from "../../wire/cbor.ts";
import { plaintextBytesMax } from "../../wire/channel.ts";
import type { Message } from "../../wire/message.ts";
import { decodeMessages } from "../../wire/message_decode.ts";
import { encodeMessage } from "../../wire/message_encode.ts";
import { postKind, verifyPost } from "../../wire/post.ts";
import { seededRng } from "../rng.ts";
import { relayed, sampleMessages } from "../samples.ts";
import { PrivateNetwork, PrivatePeer } from "../unit/private_network.ts";
import type { Target } from "./target.ts";

const inputsPerPause = 16;

/** A room of two, and somebody who was removed from it. */
class Besieged {
  readonly network = new PrivateNetwork(307, ["ann", "bo", "mal"]);
  readonly room;
  readonly #seen = new Set<string>();
  #liar: PrivatePeer;
  #inputs = 0;

  constructor() {
    const [ann, bo, mal] = this.network.peers as [PrivatePeer, PrivatePeer, PrivatePeer];
    this.network.link(ann, bo);
    this.network.link(mal, ann);
    this.room = ann.found("club");
    for (const guest of [bo, mal]) assert(ann.invite(this.room, guest).ok);
    this.network.pass(3_000);
    assert(mal.say(this.room, "while it lasted").ok);
    assert(bo.say(this.room, "yes").ok);
    this.network.pass(1_000);
    assert(ann.power(this.room, "remove", mal).ok);
    assert(ann.say(this.room, "without mal").ok);
    this.network.pass(1_000);
    this.#liar = mal;
    for (const { id } of ann.posts(this.room)) this.#seen.add(id);
  }

  get ann(): PrivatePeer {
    return this.network.peers[0]!;
  }

  feed(plaintext: Uint8Array): string {
    const { ann, network, room } = this;
    const before = this.#liar.heard.length;
    this.#liar.forgeBytes(ann, plaintext.slice(0, plaintextBytesMax));
    network.settle();
    if (++this.#inputs % inputsPerPause === 0) network.pass(2_000, 1_000);
    const words = new Set<string>();
    for (const { message } of this.#liar.heard.slice(before)) {
      words.add(message.type);
      if (!("room" in message) || message.room !== room) continue;
      assert(["acts", "acts-wanted"].includes(message.type), `told the liar ${message.type}`);
    }
    for (const post of ann.posts(room)) {
      if (this.#seen.has(post.id)) continue;
      this.#seen.add(post.id);
      assert(verifyPost(post, network.crypto), "forged");
      words.add(`stored a post of kind ${post.kind}`);
    }
    assertEquals(ann.members(room), 2, "nobody came in");
    if (!this.#liar.isLinkedTo(ann)) this.#relink();
    return [...words].sort().join(", ");
  }

  /** Under another name, for the last one may be banned; the secret is what it was. */
  #relink(): void {
    const secret = this.ann.records[0]!.secret;
    this.#liar = new PrivatePeer(this.network, "mal", {});
    this.#liar.command({ type: "adopt", secret });
    this.network.link(this.#liar, this.ann);
  }
}

function seeds(): Uint8Array[] {
  const { ann, network, room } = new Besieged();
  const posts = ann.posts(room);
  const acts = posts.filter(({ kind }) => kind === postKind.membership);
  const bare = (some: typeof posts) => some.map(({ signed, signature }) => ({ signed, signature }));
  const messages: Message[] = [
    ...sampleMessages(seededRng(307), ann.keys, network.crypto, room),
    { type: "acts", room, posts: bare(acts), next: 0 },
    { type: "acts", room, posts: bare(posts), next: 7 },
    { type: "acts-wanted", room, from: 0 },
    { type: "acts-wanted", room, from: 2 },
    { type: "tags", round: 9, tags: new Uint8Array(256) },
    { type: "join", room },
    { type: "leave", room },
    { type: "posts", room, posts: posts.map((post) => relayed(post, 1)) },
    { type: "page", room, request: 1, posts: bare(posts), last: true },
    { type: "neighbour", room, others: 0 },
    { type: "digest", room, buckets: [] },
  ];
  return messages.map(encodeMessage);
}

export const privateEngineTarget: Target = {
  name: "private-engine",
  shape: "cbor",
  share: 1,
  inputsPerRun: 400,
  seeds,
  open: () => {
    const besieged = new Besieged();
    return { feed: (input) => `${kinds(input)}: ${besieged.feed(input)}` };
  },
};

function kinds(input: Uint8Array): string {
  try {
    return decodeMessages(input).map(({ type }) => type).slice(0, 3).join(" ");
  } catch (error) {
    if (error instanceof MalformedError) return error.message;
    throw error;
  }
}
