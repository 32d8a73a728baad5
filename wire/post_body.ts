/**
 * The bodies of posts, by kind. A body is a CBOR array of its own inside the envelope's
 * byte string; a reader takes the elements it knows and ignores further ones, so that a
 * later version may add some.
 */

import { type CborValue, decodeCbor, encodeCbor, MalformedError } from "./cbor.ts";
import { fromId, idBytes, type PostId, toId } from "./ids.ts";
import { byteString, postKind } from "./post.ts";
import type { SealingKeys } from "./sealed.ts";
import { checkName, checkText } from "./text.ts";

/** What a post says, for the kinds that this version reads. */
export type PostBody =
  | {
    /** Words, an act of the author ("/me"), or words of somebody in charge. */
    readonly kind: "text" | "action" | "announcement";
    readonly text: string;
    /** The post it answers. */
    readonly reply: PostId | null;
  }
  | { /** What the room is about. */ readonly kind: "topic"; readonly text: string }
  | {
    /** How the author is called. */
    readonly kind: "profile";
    readonly name: string;
    /** With what others seal to the author; none for one that takes no direct messages. */
    readonly keys?: SealingKeys | undefined;
  }
  | { /** Hides the text of a post. */ readonly kind: "tombstone"; readonly target: PostId };

/**
 * Encodes a body.
 *
 * @param body What the post says.
 * @returns The kind's number and the bytes for the envelope.
 */
export function encodeBody(body: PostBody): { kind: number; body: Uint8Array } {
  return { kind: postKind[body.kind], body: encodeCbor(elements(body)) };
}

function elements(body: PostBody): CborValue {
  switch (body.kind) {
    case "text":
    case "action":
    case "announcement":
      return [body.text, body.reply === null ? null : fromId(body.reply)];
    case "topic":
      return [body.text];
    case "profile":
      return body.keys === undefined ? [body.name] : [body.name, body.keys.sealing, body.keys.hint];
    case "tombstone":
      return [fromId(body.target)];
  }
}

/**
 * Decodes a body.
 *
 * @param kind The number in the envelope.
 * @param data The envelope's body.
 * @returns What the post says, or `null` if this version does not know the kind.
 * @throws {MalformedError} If the kind is known and the body is not one.
 */
export function decodeBody(kind: number, data: Uint8Array): PostBody | null {
  switch (kind) {
    case postKind.text:
      return { kind: "text", ...words(data) };
    case postKind.action:
      return { kind: "action", ...words(data) };
    case postKind.announcement:
      return { kind: "announcement", ...words(data) };
    case postKind.topic: {
      const [text] = list(data);
      if (typeof text !== "string" || (text !== "" && checkText(text) !== null)) {
        throw new MalformedError("topic");
      }
      return { kind: "topic", text };
    }
    case postKind.profile: {
      const [name, sealing, hint] = list(data);
      if (typeof name !== "string" || checkName(name) !== null) throw new MalformedError("name");
      if (sealing === undefined) return { kind: "profile", name };
      const keys = { sealing: byteString(sealing, idBytes), hint: byteString(hint, idBytes) };
      return { kind: "profile", name, keys };
    }
    case postKind.tombstone:
      return { kind: "tombstone", target: toId<PostId>(byteString(list(data)[0], idBytes)) };
    default:
      return null;
  }
}

function words(data: Uint8Array): { text: string; reply: PostId | null } {
  const [text, reply] = list(data);
  if (typeof text !== "string" || checkText(text) !== null) throw new MalformedError("text");
  return { text, reply: reply === null ? null : toId<PostId>(byteString(reply, idBytes)) };
}

function list(data: Uint8Array): readonly CborValue[] {
  const value = decodeCbor(data);
  if (!Array.isArray(value)) throw new MalformedError("body shape");
  return value as readonly CborValue[];
}
