/**
 * Frames of a WebSocket (RFC 6455, section 5), both ways, for the server's side. Pure.
 *
 * Text only, no extension, and so no compression: nothing can grow by being unpacked. A
 * message may come in pieces, as browsers cut long ones, but never exceeds the limit: it is
 * refused by its announced length, before anything of it is kept.
 */

/** What has come. */
export type SocketEvent =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "ping"; readonly payload: Uint8Array }
  | { readonly type: "pong" }
  /** The other side closes, or must be closed with this code (RFC 6455, section 7.4). */
  | { readonly type: "close"; readonly code: number };

const opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** Codes of closing. */
export const closeCode = {
  normal: 1000,
  protocolError: 1002,
  notText: 1003,
  notUtf8: 1007,
  tooBig: 1009,
} as const;

const controlBytesMax = 125;

/** Takes bytes in any portions and gives what they mean. */
export class FrameReader {
  readonly #messageBytesMax: number;
  #buffer = new Uint8Array(0);
  /** The pieces so far of a message that comes in several. */
  #pieces: Uint8Array[] | null = null;
  #piecesBytes = 0;
  #closed = false;

  /** @param messageBytesMax The longest message, all its pieces together. */
  constructor(messageBytesMax: number) {
    this.#messageBytesMax = messageBytesMax;
  }

  /**
   * Takes bytes.
   *
   * @returns What is complete now; nothing after a `close`.
   */
  push(bytes: Uint8Array): SocketEvent[] {
    const events: SocketEvent[] = [];
    if (this.#closed) return events;
    const joined = new Uint8Array(this.#buffer.length + bytes.length);
    joined.set(this.#buffer);
    joined.set(bytes, this.#buffer.length);
    this.#buffer = joined;
    for (let event = this.#next(); event !== null; event = this.#next()) {
      if (event !== "piece") events.push(event);
      if (this.#closed) break;
    }
    // What is left must not keep alive the large array that it came in.
    this.#buffer = this.#buffer.slice();
    return events;
  }

  #next(): SocketEvent | "piece" | null {
    const buffer = this.#buffer;
    if (buffer.length < 2) return null;
    const code = buffer[0]! & 0x0f;
    const isLast = (buffer[0]! & 0x80) !== 0;
    // Bits of extensions that nobody agreed on, or a client that does not mask.
    if ((buffer[0]! & 0x70) !== 0 || (buffer[1]! & 0x80) === 0) {
      return this.#close(closeCode.protocolError);
    }
    const size = announced(buffer);
    if (size === null) return null;
    if (code >= opcode.close && (!isLast || size.bytes > controlBytesMax)) {
      return this.#close(closeCode.protocolError);
    }
    if (size.bytes + this.#piecesBytes > this.#messageBytesMax) {
      return this.#close(closeCode.tooBig);
    }
    const start = size.at + 4;
    if (buffer.length < start + size.bytes) return null;
    const payload = unmasked(buffer, size.at, size.bytes);
    this.#buffer = buffer.subarray(start + size.bytes);
    return this.#take(code, isLast, payload);
  }

  #take(code: number, isLast: boolean, payload: Uint8Array): SocketEvent | "piece" {
    switch (code) {
      case opcode.ping:
        return { type: "ping", payload };
      case opcode.pong:
        return { type: "pong" };
      case opcode.close:
        return this.#close(closeCode.normal);
      case opcode.binary:
        return this.#close(closeCode.notText);
      case opcode.text:
        if (this.#pieces !== null) return this.#close(closeCode.protocolError);
        if (isLast) return this.#text(payload);
        this.#pieces = [payload];
        this.#piecesBytes = payload.length;
        return "piece";
      case opcode.continuation:
        if (this.#pieces === null) return this.#close(closeCode.protocolError);
        // Pieces without bytes would cost memory that the limit does not count.
        if (payload.length > 0) this.#pieces.push(payload);
        this.#piecesBytes += payload.length;
        return isLast ? this.#text(this.#joined()) : "piece";
      default:
        return this.#close(closeCode.protocolError);
    }
  }

  #joined(): Uint8Array {
    const whole = new Uint8Array(this.#piecesBytes);
    let at = 0;
    for (const piece of this.#pieces ?? []) {
      whole.set(piece, at);
      at += piece.length;
    }
    this.#pieces = null;
    this.#piecesBytes = 0;
    return whole;
  }

  #text(payload: Uint8Array): SocketEvent {
    try {
      return {
        type: "text",
        text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(payload),
      };
    } catch {
      return this.#close(closeCode.notUtf8);
    }
  }

  #close(code: number): SocketEvent {
    this.#closed = true;
    this.#buffer = new Uint8Array(0);
    this.#pieces = null;
    return { type: "close", code };
  }
}

/** The length of a payload, and where its mask begins; `null` if that has not come yet. */
function announced(buffer: Uint8Array): { readonly bytes: number; readonly at: number } | null {
  const short = buffer[1]! & 0x7f;
  if (short < 126) return { bytes: short, at: 2 };
  const at = short === 126 ? 4 : 10;
  if (buffer.length < at) return null;
  const view = new DataView(buffer.buffer, buffer.byteOffset);
  const bytes = short === 126 ? view.getUint16(2) : Number(view.getBigUint64(2));
  return { bytes, at };
}

function unmasked(buffer: Uint8Array, maskAt: number, length: number): Uint8Array {
  const payload = buffer.slice(maskAt + 4, maskAt + 4 + length);
  for (let n = 0; n < length; n++) payload[n]! ^= buffer[maskAt + (n & 3)]!;
  return payload;
}

/** A text as one frame. */
export function textFrame(text: string): Uint8Array {
  return frame(opcode.text, new TextEncoder().encode(text));
}

/** A sign of life that the other side must answer. */
export function pingFrame(): Uint8Array {
  return frame(opcode.ping, new Uint8Array(0));
}

/** The answer to a ping. */
export function pongFrame(payload: Uint8Array): Uint8Array {
  return frame(opcode.pong, payload);
}

/**
 * The last frame.
 *
 * @param reason At most 123 bytes.
 */
export function closeFrame(code: number, reason: string): Uint8Array {
  const words = new TextEncoder().encode(reason);
  const payload = new Uint8Array(2 + words.length);
  new DataView(payload.buffer).setUint16(0, code);
  payload.set(words, 2);
  return frame(opcode.close, payload);
}

function frame(code: number, payload: Uint8Array): Uint8Array {
  const { length } = payload;
  const headBytes = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const bytes = new Uint8Array(headBytes + length);
  bytes[0] = 0x80 | code;
  const view = new DataView(bytes.buffer);
  if (headBytes === 2) bytes[1] = length;
  else if (headBytes === 4) {
    bytes[1] = 126;
    view.setUint16(2, length);
  } else {
    bytes[1] = 127;
    view.setBigUint64(2, BigInt(length));
  }
  bytes.set(payload, headBytes);
  return bytes;
}
