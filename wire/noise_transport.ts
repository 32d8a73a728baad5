/**
 * A link after its handshake: plaintext in, frames out, and back (PROTOCOL.md, "Frames").
 *
 * Each direction has a key of its own and counts its frames, so a frame that is repeated,
 * left out, out of order, sent back or of another link does not open, and ends the link. A
 * key serves a fixed number of frames; when it is renewed is the session's business, that it
 * is renewed in time is checked here, in both directions. An idle link holds two keys and no
 * buffer.
 */

import { LinkError, plaintextBytesMax, type SecureChannel } from "./channel.ts";
import { encodeFrame, type FrameReader } from "./frame.ts";
import type { PeerId } from "./ids.ts";
import { wireLimits } from "./limits_wire.ts";
import type { OtherEnd } from "./link_role.ts";
import type { CipherState } from "./noise/cipher_state.ts";
import type { Transport } from "./noise/handshake_state.ts";
import { NoiseError } from "./noise/primitives.ts";

const noAssociatedData = new Uint8Array(0);

/** The channel that a Noise handshake turns into. */
export class NoiseTransport implements SecureChannel {
  readonly peer: PeerId;
  readonly version: number;
  readonly handshakeHash: Uint8Array;
  readonly #sending: CipherState;
  readonly #frames: FrameReader;
  readonly #framesMax: number;
  /** `null` after a frame that could not be opened: the next must not get a chance. */
  #receiving: CipherState | null;
  #framesSealed = 0;
  #framesOpened = 0;

  /**
   * Takes over where a handshake has ended.
   *
   * @param other The other end.
   * @param transport What the Noise handshake has turned into.
   * @param frames The reader, which may hold bytes that came with the last message.
   * @param framesMax Frames under one key, in each direction.
   */
  constructor(other: OtherEnd, transport: Transport, frames: FrameReader, framesMax: number) {
    this.peer = other.peer;
    this.version = other.version;
    this.handshakeHash = transport.handshakeHash;
    this.#sending = transport.sending;
    this.#receiving = transport.receiving;
    this.#frames = frames;
    this.#framesMax = framesMax;
  }

  get framesSealed(): number {
    return this.#framesSealed;
  }

  /**
   * Seals whole messages into one frame.
   *
   * @throws {RangeError} If they are too long, or the key has sealed all that it may.
   */
  seal(messages: Uint8Array): Uint8Array {
    if (messages.length > plaintextBytesMax) {
      throw new RangeError(
        `Cannot seal ${messages.length} bytes: ${plaintextBytesMax} fit a frame`,
      );
    }
    if (this.#framesSealed >= this.#framesMax) {
      throw new RangeError(`Cannot seal a frame: the key has sealed ${this.#framesMax} already`);
    }
    this.#framesSealed += 1;
    return encodeFrame(this.#sending.encryptWithAd(noAssociatedData, messages));
  }

  rekeySending(): void {
    this.#sending.rekey();
    this.#framesSealed = 0;
  }

  push(bytes: Uint8Array): void {
    this.#frames.push(bytes);
  }

  read(): Uint8Array | null {
    const receiving = this.#receiving;
    if (receiving === null) throw unreadable();
    const message = this.#frames.read(wireLimits.frameBytesMax);
    if (message === null) return null;
    this.#receiving = null;
    if (this.#framesOpened >= this.#framesMax) {
      throw new LinkError("frame", `more than ${this.#framesMax} frames under one key`);
    }
    try {
      const messages = receiving.decryptWithAd(noAssociatedData, message);
      this.#receiving = receiving;
      this.#framesOpened += 1;
      return messages;
    } catch (error) {
      throw error instanceof NoiseError ? unreadable() : error;
    }
  }

  rekeyReceiving(): void {
    this.#receiving?.rekey();
    this.#framesOpened = 0;
  }
}

function unreadable(): LinkError {
  return new LinkError("frame", "it cannot be opened");
}
