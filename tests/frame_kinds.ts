/**
 * Which kinds of messages a frame may hold, told by the bytes with which they begin: whoever looks
 * on at every frame need not decode those that are none of his business. A frame that seems to hold
 * one may hold none; one that holds one always seems to.
 */

import type { Message } from "../wire/message.ts";
import { encodeMessage } from "../wire/message_encode.ts";

/** The bytes of an array of so many fields and of the message's number. */
function start(sample: Message): Uint8Array {
  const bytes = encodeMessage(sample);
  return bytes.slice(0, bytes[1] === 0x18 ? 3 : 2);
}

/** Looks for messages like these in the plaintext of a frame. */
export function frameFinder(...samples: readonly Message[]): (plaintext: Uint8Array) => boolean {
  const starts = samples.map(start);
  return (plaintext) => starts.some((bytes) => holds(plaintext, bytes));
}

function holds(plaintext: Uint8Array, [first, second, third]: Uint8Array): boolean {
  for (let at = plaintext.indexOf(first!); at >= 0; at = plaintext.indexOf(first!, at + 1)) {
    if (plaintext[at + 1] !== second) continue;
    if (third === undefined || plaintext[at + 2] === third) return true;
  }
  return false;
}
