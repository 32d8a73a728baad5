/**
 * What the engine sees of a secure link: bytes of the socket in, plaintext frames out, and
 * back. `wire/noise_channel.ts` is the real one; the simulator has a plain one for runs
 * with many thousands of peers.
 *
 * A handshake turns into a channel: there is no object on which a message could be sent
 * too early.
 */

import type { PeerId } from "./ids.ts";

/** Why a link cannot go on, in a closed list. */
export type LinkErrorCode =
  /** The other side does not speak this protocol; `detail` names what it speaks, if known. */
  | "not-starling"
  /** No protocol version in common; `detail` holds the other side's range. */
  | "version"
  /** A handshake message was altered, cut or replayed. All such causes look alike. */
  | "handshake"
  /** The other side could not show that its link key belongs to its identity. */
  | "binding"
  /** A frame of impossible length, or one that does not decrypt. */
  | "frame";

/** Ends a link. Nothing that a stranger sends makes a channel throw anything else. */
export class LinkError extends Error {
  override readonly name = "LinkError";
  /**
   * @param code Which rule was broken.
   * @param detail What was seen, fit for a log line.
   * @param reply Bytes to write before closing: the clear refusal, or nothing.
   */
  constructor(
    readonly code: LinkErrorCode,
    readonly detail: string,
    readonly reply: Uint8Array = new Uint8Array(0),
  ) {
    super(`${code}: ${detail}`);
  }
}

/** One side of a handshake that has not ended. */
export interface Handshake {
  /** What to write at once: preamble and first message of the initiator, else nothing. */
  readonly opening: Uint8Array;
  /**
   * Takes bytes of the socket, in any split.
   *
   * @param bytes The next bytes.
   * @returns What to write, and the channel as soon as the handshake has ended; bytes after
   * the handshake's last are already in the channel.
   * @throws {LinkError} If the handshake has failed; it is of no use afterwards.
   */
  receive(
    bytes: Uint8Array,
  ): { readonly write: Uint8Array; readonly channel: SecureChannel | null };
}

/** A link whose other end has proved who it is. */
export interface SecureChannel {
  /** The other end's identity. */
  readonly peer: PeerId;
  /** The version of the protocol that both speak. */
  readonly version: number;
  /** Names this handshake and no other, the same on both sides: 32 bytes. */
  readonly handshakeHash: Uint8Array;
  /** Frames sealed under the present sending key. */
  readonly framesSealed: number;

  /**
   * Seals whole messages into one frame.
   *
   * @param messages At most {@linkcode plaintextBytesMax} bytes.
   * @returns The frame with its length, ready to write.
   */
  seal(messages: Uint8Array): Uint8Array;
  /** Renews the sending key; the frame before must end with the message that says so. */
  rekeySending(): void;

  /** Takes bytes of the socket, in any split; {@linkcode SecureChannel.read} gives the frames. */
  push(bytes: Uint8Array): void;
  /**
   * The next whole frame's plaintext, or `null` until more bytes come.
   *
   * @throws {LinkError} If a frame cannot be opened; the channel is of no use afterwards.
   */
  read(): Uint8Array | null;
  /** Renews the receiving key, after the frame that announced it and before the next. */
  rekeyReceiving(): void;
}

/** Opens both kinds of handshakes for one identity. */
export interface ChannelFactory {
  /** The side that dialled. */
  initiate(): Handshake;
  /** The side that was dialled. */
  respond(): Handshake;
}

/** Plaintext bytes that fit one frame: 65,535 less the 16 bytes of the tag. */
export const plaintextBytesMax = 65_535 - 16;
