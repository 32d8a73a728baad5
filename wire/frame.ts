/**
 * Frames: how Noise messages are told apart in a stream of bytes (PROTOCOL.md, "Frames").
 *
 * A frame is a length of 2 bytes, big-endian, and one Noise message of that length. The
 * reader takes bytes in any split. It does not know what is in a message, and it does not
 * wait for one that is longer than its caller allows or too short to be one at all.
 */

import { LinkError } from "./channel.ts";
import { messageBytesMax, tagBytes } from "./noise/primitives.ts";

/** Bytes of the length before each Noise message. */
const frameHeadBytes = 2;

/** The first room for an incomplete frame; a sender of single bytes makes it double. */
const partialBytesMin = 64;
const nothing = new Uint8Array(0);

/**
 * Puts the length before a Noise message.
 *
 * @param message 16 to 65,535 bytes.
 * @returns A fresh array, ready to write.
 * @throws {RangeError} If no Noise message has that length.
 */
export function encodeFrame(message: Uint8Array): Uint8Array {
  const length = message.length;
  if (length < tagBytes || length > messageBytesMax) {
    throw new RangeError(`Cannot frame ${length} bytes: a Noise message has 16 to 65,535`);
  }
  const frame = new Uint8Array(frameHeadBytes + length);
  frame[0] = length >> 8;
  frame[1] = length & 0xff;
  frame.set(message, frameHeadBytes);
  return frame;
}

/**
 * Cuts a stream of bytes into Noise messages.
 *
 * A message that lies whole in one pushed array is handed out as a view of it. Only an
 * incomplete one is copied, into room that grows with what has really come, so that a length
 * alone costs nobody any memory; after a `null` no pushed array is held any more.
 */
export class FrameReader {
  /** Pushed and not looked at yet. */
  #chunks: Uint8Array[] = [];
  /** The first of them that still counts, and how much of it is used up. */
  #chunk = 0;
  #used = 0;
  /** The beginning of a frame whose end has not come. */
  #partial: Uint8Array = nothing;
  #filled = 0;

  /** Bytes of memory held: pushed arrays not used up, and room for an incomplete frame. */
  get bytesHeld(): number {
    let held = this.#partial.length;
    for (let i = this.#chunk; i < this.#chunks.length; i++) held += this.#chunks[i]!.length;
    return held;
  }

  /** Takes the next bytes of the stream; the array must not be changed afterwards. */
  push(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#chunks.push(bytes);
  }

  /**
   * The next whole Noise message, or `null` until more bytes come.
   *
   * @param bytesMax The longest message that may come here.
   * @throws {LinkError} With code `frame`, as soon as a length below 16 or above `bytesMax`
   * is seen; the stream is of no use afterwards.
   */
  read(bytesMax: number): Uint8Array | null {
    if (this.#filled === 0) {
      const whole = this.#readWhole(bytesMax);
      if (whole !== null) return whole;
    }
    if (!this.#fill(frameHeadBytes, frameHeadBytes)) return null;
    const end = frameHeadBytes + messageLength(this.#partial, 0, bytesMax);
    if (!this.#fill(end, end)) return null;
    const message = this.#partial.subarray(frameHeadBytes, end);
    this.#partial = nothing;
    this.#filled = 0;
    return message;
  }

  /** A message of which the first chunk holds all. */
  #readWhole(bytesMax: number): Uint8Array | null {
    const chunk = this.#chunks[this.#chunk];
    if (chunk === undefined || chunk.length - this.#used < frameHeadBytes) return null;
    const start = this.#used + frameHeadBytes;
    const end = start + messageLength(chunk, this.#used, bytesMax);
    if (end > chunk.length) return null;
    this.#use(end - this.#used);
    return chunk.subarray(start, end);
  }

  /** Moves bytes from the chunks into the partial frame until it has `wanted`. */
  #fill(wanted: number, frameBytes: number): boolean {
    while (this.#filled < wanted) {
      const chunk = this.#chunks[this.#chunk];
      if (chunk === undefined) return false;
      const count = Math.min(wanted - this.#filled, chunk.length - this.#used);
      this.#makeRoom(this.#filled + count, frameBytes);
      this.#partial.set(chunk.subarray(this.#used, this.#used + count), this.#filled);
      this.#filled += count;
      this.#use(count);
    }
    return true;
  }

  /** Doubling keeps the copies linear in the bytes; the frame's own length is the end of it. */
  #makeRoom(needed: number, frameBytes: number): void {
    if (needed <= this.#partial.length) return;
    const doubled = Math.max(partialBytesMin, 2 * this.#partial.length);
    const room = new Uint8Array(Math.max(needed, Math.min(doubled, frameBytes)));
    room.set(this.#partial.subarray(0, this.#filled));
    this.#partial = room;
  }

  #use(count: number): void {
    this.#used += count;
    if (this.#used < this.#chunks[this.#chunk]!.length) return;
    this.#used = 0;
    this.#chunk += 1;
    if (this.#chunk < this.#chunks.length) return;
    this.#chunk = 0;
    this.#chunks = [];
  }
}

function messageLength(bytes: Uint8Array, start: number, bytesMax: number): number {
  const length = bytes[start]! << 8 | bytes[start + 1]!;
  if (length < tagBytes || length > bytesMax) {
    throw new LinkError(
      "frame",
      `a length of ${length}, where ${tagBytes} to ${bytesMax} may come`,
    );
  }
  return length;
}
