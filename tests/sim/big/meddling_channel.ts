/**
 * Links of a stranger: an engine that keeps all of the protocol's manners, and below it
 * something that changes what it says. It speaks only when the engine does.
 */

import { type ChannelFactory, type Handshake, plaintextBytesMax } from "../../../wire/channel.ts";
import type { SecureChannel } from "../../../wire/channel.ts";
import type { PeerId } from "../../../wire/ids.ts";
import { BriefEars } from "../../brief_ears.ts";
import type { Message } from "../../../wire/message.ts";
import { decodeMessages } from "../../../wire/message_decode.ts";
import { encodeMessage } from "../../../wire/message_encode.ts";

/** Changes what is said. */
export interface Meddler {
  /**
   * Messages are about to leave.
   *
   * @returns What leaves in their place, each a message's bytes.
   */
  say(to: PeerId, messages: readonly Message[]): Uint8Array[];
  /** Messages have come. */
  hear(messages: readonly Message[]): void;
}

/** The same links, meddled with. */
export function meddlingChannels(below: ChannelFactory, meddler: Meddler): ChannelFactory {
  return {
    initiate: () => meddlingHandshake(below.initiate(), meddler),
    respond: () => meddlingHandshake(below.respond(), meddler),
  };
}

function meddlingHandshake(below: Handshake, meddler: Meddler): Handshake {
  return {
    opening: below.opening,
    receive: (bytes) => {
      const { write, channel } = below.receive(bytes);
      return { write, channel: channel === null ? null : meddlingChannel(channel, meddler) };
    },
  };
}

function meddlingChannel(below: SecureChannel, meddler: Meddler): SecureChannel {
  const ears = new BriefEars();
  return {
    peer: below.peer,
    version: below.version,
    handshakeHash: below.handshakeHash,
    get framesSealed() {
      return below.framesSealed;
    },
    seal: (messages) => below.seal(joined(meddler.say(below.peer, decodeMessages(messages)))),
    rekeySending: () => below.rekeySending(),
    push: (bytes) => below.push(bytes),
    read: () => {
      const messages = below.read();
      if (messages !== null) meddler.hear(decodedOrNone(ears.heardBytes(messages)));
      return messages;
    },
    rekeyReceiving: () => below.rekeyReceiving(),
  };
}

/** As much as one frame takes; what the engine would never say may be lost. */
function joined(messages: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(plaintextBytesMax);
  let length = 0;
  for (const message of messages) {
    if (length + message.length > whole.length) break;
    whole.set(message, length);
    length += message.length;
  }
  return whole.slice(0, length);
}

function decodedOrNone(messages: Uint8Array): Message[] {
  try {
    return decodeMessages(messages);
  } catch {
    // Another stranger's noise.
    return [];
  }
}

/** What the engine says, as it says it. */
export function plainly(messages: readonly Message[]): Uint8Array[] {
  return messages.map(encodeMessage);
}
