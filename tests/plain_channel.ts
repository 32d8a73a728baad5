/**
 * Links without cryptography, for transcripts that can be read and for seeds of the simulator
 * that spend their time elsewhere. Three flights as in Noise XX, then frames in the clear; who
 * is at the other end is believed. Each frame names the key it would be under, so that a
 * renewal at the wrong place ends the link here as it would with real keys.
 */

import {
  type ChannelFactory,
  type Handshake,
  LinkError,
  plaintextBytesMax,
  type SecureChannel,
} from "../wire/channel.ts";
import { fromId, idBytes, type PeerId, toId } from "../wire/ids.ts";

const nonceBytes = 16;
const greetingBytes = nonceBytes + idBytes;
const headBytes = 3;
const nothing = new Uint8Array(0);
const confirmation = Uint8Array.of(1);

/**
 * Opens links in the clear.
 *
 * @param peer Who this side says it is.
 * @param randomBytes Makes handshakes differ from one another.
 */
export function plainChannels(
  peer: PeerId,
  randomBytes: (length: number) => Uint8Array,
): ChannelFactory {
  const greeting = () => concatenate(randomBytes(nonceBytes), fromId(peer));
  return {
    initiate: () => new PlainHandshake(greeting(), true),
    respond: () => new PlainHandshake(greeting(), false),
  };
}

/** Greeting, greeting, confirmation: the side that dialled begins. */
class PlainHandshake implements Handshake {
  readonly opening: Uint8Array;
  readonly #own: Uint8Array;
  readonly #initiator: boolean;
  #received: Uint8Array = nothing;
  #answered = false;

  constructor(own: Uint8Array, initiator: boolean) {
    this.#own = own;
    this.#initiator = initiator;
    this.opening = initiator ? own : nothing;
  }

  receive(bytes: Uint8Array): { write: Uint8Array; channel: SecureChannel | null } {
    this.#received = concatenate(this.#received, bytes);
    if (this.#received.length < greetingBytes) return { write: nothing, channel: null };
    if (this.#initiator) return { write: confirmation, channel: this.#channel(greetingBytes) };
    const write = this.#answered ? nothing : this.#own;
    this.#answered = true;
    if (this.#received.length === greetingBytes) return { write, channel: null };
    if (this.#received[greetingBytes] !== confirmation[0]) {
      throw new LinkError("handshake", "a message was altered, cut, replayed or out of place");
    }
    return { write, channel: this.#channel(greetingBytes + confirmation.length) };
  }

  #channel(start: number): SecureChannel {
    const other = this.#received.subarray(0, greetingBytes);
    const [first, second] = this.#initiator ? [this.#own, other] : [other, this.#own];
    const hash = concatenate(first.subarray(0, nonceBytes), second.subarray(0, nonceBytes));
    const channel = new PlainChannel(toId<PeerId>(other.slice(nonceBytes)), hash);
    channel.push(this.#received.subarray(start));
    return channel;
  }
}

/** Frames of a length, the number of the key, and the messages as they are. */
class PlainChannel implements SecureChannel {
  readonly version = 1;
  framesSealed = 0;
  #received: Uint8Array = nothing;
  #sendingKey = 0;
  #receivingKey = 0;

  constructor(readonly peer: PeerId, readonly handshakeHash: Uint8Array) {}

  seal(messages: Uint8Array): Uint8Array {
    const length = messages.length + 1;
    if (messages.length > plaintextBytesMax) throw new RangeError("Cannot seal: too long");
    this.framesSealed++;
    const frame = new Uint8Array(headBytes + messages.length);
    frame.set([length >> 8, length & 0xff, this.#sendingKey]);
    frame.set(messages, headBytes);
    return frame;
  }

  rekeySending(): void {
    this.#sendingKey = (this.#sendingKey + 1) % 256;
    this.framesSealed = 0;
  }

  push(bytes: Uint8Array): void {
    this.#received = this.#received.length === 0 ? bytes : concatenate(this.#received, bytes);
  }

  read(): Uint8Array | null {
    const [high, low, key] = this.#received;
    if (high === undefined || low === undefined || key === undefined) return null;
    const end = headBytes - 1 + (high << 8 | low);
    if (this.#received.length < end) return null;
    if (key !== this.#receivingKey) throw new LinkError("frame", "a frame does not open");
    const messages = this.#received.slice(headBytes, end);
    this.#received = this.#received.subarray(end);
    return messages;
  }

  rekeyReceiving(): void {
    this.#receivingKey = (this.#receivingKey + 1) % 256;
  }
}

function concatenate(first: Uint8Array, second: Uint8Array): Uint8Array {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}
