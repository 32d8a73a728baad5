/**
 * Brief posts under fire: varied messages of one direction of a link, one after the other. What is
 * put together is a post of one spelling, or nothing; what is remembered stays within its limits.
 */

import { assert, assertEquals } from "@std/assert";
import { BriefReader, BriefWriter } from "../../wire/brief_link.ts";
import { MalformedError } from "../../wire/cbor.ts";
import { defaultLimits } from "../../wire/limits.ts";
import type { Message } from "../../wire/message.ts";
import { decodeMessages } from "../../wire/message_decode.ts";
import { encodeMessage } from "../../wire/message_encode.ts";
import { assemblePost, decodePost, type Post, verifyPost } from "../../wire/post.ts";
import { randomBelow, seededRng } from "../rng.ts";
import { sampleId, samplePost } from "../samples.ts";
import { seededCrypto } from "../seeded_crypto.ts";
import type { Target } from "./target.ts";

const crypto = seededCrypto(231);
const { briefLogsMax, briefPostsMax } = defaultLimits;

/** Posts of some authors in two rooms, and what a link would make of them. */
function seedMessages(): { readonly messages: Message[]; readonly posts: readonly Post[] } {
  const rng = seededRng(231);
  const authors = Array.from({ length: 5 }, () => crypto.generateEd25519());
  const rooms = [sampleId, sampleId].map((id) => id(rng));
  const logs = authors.map(() => sampleId(rng, 8));
  const posts: Post[] = [];
  for (let i = 0; i < 60; i++) {
    const who = randomBelow(rng, authors.length);
    const room = rooms[randomBelow(rng, 2)]! as Post["room"];
    const log = logs[who]! as Post["log"];
    const seq = 1 + posts.filter((post) => post.log === log && post.room === room).length;
    posts.push(samplePost(rng, authors[who]!, crypto, { room, log, seq }));
  }
  const writer = new BriefWriter();
  const heard = new BriefReader();
  const messages: Message[] = [];
  for (let i = 0; i < posts.length; i += 3) {
    if (i % 15 === 0) writer.restart();
    const anew = writer.takeAnew();
    const some = posts.slice(i, i + 3);
    messages.push({
      type: "brief",
      anew,
      posts: some.map((post) => writer.write({ post, hops: 2, wide: false }, heard)),
    });
  }
  return { messages, posts };
}

const { messages, posts } = seedMessages();
const genuine = new Set(posts.map(({ id }) => id));

/** One end of a link that hears whatever comes. */
class Ear {
  readonly #heard = new BriefReader();
  readonly #sent = new BriefWriter();

  feed(input: Uint8Array): string {
    const words: string[] = [];
    try {
      for (const message of decodeMessages(input)) words.push(this.#hear(message));
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      words.push(error.message);
    }
    const { logs, posts } = this.#heard.sizes;
    assert(logs <= briefLogsMax && posts <= briefPostsMax, "more is kept than may be");
    return words.slice(0, 3).join(" ");
  }

  #hear(message: Message): string {
    if (message.type !== "brief") return message.type;
    if (message.anew) this.#heard.restart();
    let [read, right] = [0, 0];
    for (const brief of message.posts) {
      const { fields } = this.#heard.read(brief, this.#sent);
      if (fields === null) continue;
      const post = assemblePost(fields, brief.signature, crypto);
      const again = decodePost(post, crypto);
      assertEquals([again.id, again.seq, again.previous], [post.id, post.seq, post.previous]);
      this.#heard.name(post.id);
      read++;
      if (!verifyPost(post, crypto)) continue;
      assert(genuine.has(post.id), "nobody has signed it");
      right++;
    }
    return `${read} of ${message.posts.length} read, ${right} right`;
  }
}

export const briefTarget: Target = {
  name: "brief",
  shape: "cbor",
  share: 3,
  inputsPerRun: 300,
  seeds: () => messages.map(encodeMessage),
  open: () => new Ear(),
};
