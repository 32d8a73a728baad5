/**
 * What goes over one link, with brief posts written out: tests and lookers-on read them as
 * `posts`. What refers to something that was not seen here is left out.
 */

import { nodeCrypto } from "../io/crypto.ts";
import { BriefReader } from "../wire/brief_link.ts";
import { MalformedError } from "../wire/cbor.ts";
import type { RoomId } from "../wire/ids.ts";
import { concat } from "../wire/concat.ts";
import type { Message } from "../wire/message.ts";
import { decodeMessages } from "../wire/message_decode.ts";
import { encodeMessage } from "../wire/message_encode.ts";
import type { RelayedPost } from "../wire/message_entries.ts";
import { assemblePost } from "../wire/post.ts";
import { frameFinder } from "./frame_kinds.ts";
import { relayed } from "./samples.ts";

const crypto = nodeCrypto();
const holdsBrief = frameFinder({ type: "brief", anew: false, posts: [] });

/** One end of a link. */
export class BriefEars {
  readonly #out = new BriefReader();
  readonly #in = new BriefReader();

  /** Messages that this end has sent. */
  said(messages: readonly Message[]): Message[] {
    return messages.flatMap((message) => whole(message, this.#out, this.#in));
  }

  /** Messages that have come. */
  heard(messages: readonly Message[]): Message[] {
    return messages.flatMap((message) => whole(message, this.#in, this.#out));
  }

  /** The plaintext of a frame that this end has sent; what is malformed stays as it is. */
  saidBytes(plaintext: Uint8Array): Uint8Array {
    return rewritten(plaintext, (messages) => this.said(messages));
  }

  /** The plaintext of a frame that has come. */
  heardBytes(plaintext: Uint8Array): Uint8Array {
    return rewritten(plaintext, (messages) => this.heard(messages));
  }
}

function rewritten(
  plaintext: Uint8Array,
  write: (messages: readonly Message[]) => readonly Message[],
): Uint8Array {
  if (!holdsBrief(plaintext)) return plaintext;
  try {
    const messages = decodeMessages(plaintext);
    if (!messages.some(({ type }) => type === "brief")) return plaintext;
    return concat(...write(messages).map(encodeMessage));
  } catch (error) {
    if (error instanceof MalformedError) return plaintext;
    throw error;
  }
}

function whole(message: Message, reader: BriefReader, past: BriefReader): Message[] {
  if (message.type !== "brief") return [message];
  if (message.anew) reader.restart();
  const said: { readonly room: RoomId; readonly posts: RelayedPost[] }[] = [];
  for (const brief of message.posts) {
    const { fields } = reader.read(brief, past);
    if (fields === null) continue;
    const post = assemblePost(fields, brief.signature, crypto);
    reader.name(post.id);
    if (said.at(-1)?.room !== post.room) said.push({ room: post.room, posts: [] });
    said.at(-1)!.posts.push(relayed(post, brief.hops, brief.wide));
  }
  return said.map(({ room, posts }) => ({ type: "posts", room, posts }));
}
